"""The effective configuration as YAML, with the origin of each value as a comment."""

from __future__ import annotations

from tightship.report.terminal import brief, columns
from tightship.syntax.yaml.render import Style, Text, scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.report.json import Json
    from tightship.report.terminal import Paint

# Further right, a comment does not follow the others.
_WIDEST = 60
_STYLE = Style()


def explanation(config: Json, origins: Json, paint: Paint) -> str:
    """Render a configuration, or a part of it, with the origins of its values.

    Args:
        config: plain data, as ``docker compose config`` has it.
        origins: data of the same shape, with ``file``, ``line`` and ``way`` in place
            of each value.
        paint: colours the comments.

    """
    lines = list(_lines(config, origins, 0))
    margin = max((columns(text) for text, _ in lines if text), default=0)
    margin = min(margin, _WIDEST)
    out: list[str] = []
    for text, origin in lines:
        gap = " " * max(margin - columns(text), 0)
        comment = f"{gap}  {paint('dim', '# ' + origin)}" if origin else ""
        out.append(f"{text}{comment}\n")
    return "".join(out)


def _lines(config: Json, origins: Json, depth: int) -> Iterator[tuple[str, str]]:
    """Yield each line of YAML, and the origin of the value on it."""
    indent = "  " * depth
    if isinstance(config, dict):
        below = origins if isinstance(origins, dict) else {}
        for name, value in config.items():
            key = brief(scalar(Text(name), _STYLE, flow=False), 200)
            origin = below.get(name)
            if isinstance(value, (dict, list)) and value:
                yield f"{indent}{key}:", ""
                yield from _lines(value, origin, depth + 1)
            else:
                yield f"{indent}{key}: {_scalar(value)}".rstrip(), _said(origin)
    elif isinstance(config, list):
        listed = origins if isinstance(origins, list) else [None] * len(config)
        for value, origin in zip(config, listed, strict=True):
            if isinstance(value, (dict, list)) and value:
                for number, (text, said) in enumerate(_lines(value, origin, 0)):
                    dash = "- " if number == 0 else "  "
                    yield f"{indent}{dash}{text}", said
            else:
                yield f"{indent}- {_scalar(value)}".rstrip(), _said(origin)
    else:
        yield f"{indent}{_scalar(config)}", _said(origins)


def _scalar(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return brief(scalar(Text(value), _STYLE, flow=False), 2000)
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    return str(value)


def _said(origin: Json) -> str:
    """Say where a value comes from, in one line."""
    if not isinstance(origin, dict) or "way" not in origin:
        return ""
    steps = origin["way"] if isinstance(origin["way"], list) else []
    said = [_step(step) for step in steps if isinstance(step, dict)]
    place = f"{origin['file']}:{origin['line']}" if origin.get("file") else ""
    put = next(
        (s["kind"] for s in steps if isinstance(s, dict) and "file" not in s), ""
    )
    if put:
        place = f"{_PUT.get(str(put), put)}{f', for {place}' if place else ''}"
    return brief(", ".join(filter(None, [place, *said])), 400)


_PUT = {"default": "Compose's default", "implied": "implied"}
_STEPS = {
    "alias": "through *{name} at {place}",
    "merge": "through <<: *{name} at {place}",
    "extends": "through extends: {name} at {place}",
    "include": "through include at {place}",
    "default": "the default of ${{{name}}}",
    "variable": "${{{name}}} from {place}",
    "unset": "${{{name}}} is not set",
    "override": "over {place}",
}


def _step(step: dict[str, Json]) -> str:
    shape = _STEPS.get(str(step["kind"]), "")
    place = f"{step.get('file')}:{step.get('line')}"
    return shape.format(name=step.get("name"), place=place)
