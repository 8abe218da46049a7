"""The configuration that Compose would run, with where each value comes from."""

from __future__ import annotations

from tightship.report.terminal import HIDDEN, brief, columns
from tightship.syntax.yaml.layout import Style, Text, scalar
from tightship.values.secret import is_placeholder_or_reference, is_secret_name, looks_like_secret
from tightship.values.secret_text import secrets_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.report.json import Json
    from tightship.report.terminal import Paint


# Comments are aligned up to this column.
_WIDEST = 60
_STYLE = Style()

# The text before a word of a command that says what the word is.
_BEFORE = 200
_FROM_VARIABLE = ("variable", "default", "environment")


def explanation(config: Json, origins: Json, paint: Paint) -> str:
    """Render a configuration, or a part of it, with the origins of its values.

    Args:
        config: plain data, as ``docker compose config`` has it.
        origins: data of the same shape, with ``file``, ``line`` and ``way`` instead of
            each value.
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
                yield f"{indent}{key}: {_scalar(value)}".rstrip(), _comment(origin)
    elif isinstance(config, list):
        listed = origins if isinstance(origins, list) else [None] * len(config)
        for value, origin in zip(config, listed, strict=True):
            if isinstance(value, (dict, list)) and value:
                dash = "- "
                for text, comment in _lines(value, origin, 0):
                    yield f"{indent}{dash}{text}", comment
                    dash = "  "
            else:
                yield f"{indent}- {_scalar(value)}".rstrip(), _comment(origin)
    else:
        yield f"{indent}{_scalar(config)}", _comment(origins)


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


def _comment(origin: Json) -> str:
    """Return the origin of a value, in one line."""
    if not isinstance(origin, dict) or "way" not in origin:
        return ""
    way = origin["way"] if isinstance(origin["way"], list) else []
    steps = [step for step in way if isinstance(step, dict)]
    place = f"{origin['file']}:{origin['line']}" if origin.get("file") else ""
    added = next((str(step["kind"]) for step in steps if "file" not in step), "")
    if added:
        place = f"{_ADDED.get(added, added)}{f', for {place}' if place else ''}"
    taken = [_step(step) for step in steps if "file" in step]
    return brief(", ".join(filter(None, [place, *taken])), 400)


_ADDED = {"default": "Compose's default", "implied": "implied"}
_STEPS = {
    "alias": "through *{name} at {place}",
    "merge": "through <<: *{name} at {place}",
    "extends": "through extends: {name} at {place}",
    "include": "through include at {place}",
    "default": "the default of ${{{name}}}",
    "variable": "${{{name}}} from {place}",
    "environment": "${{{name}}} from the environment",
    "unset": "${{{name}}} is not set",
    "override": "over {place}",
}


def _step(step: dict[str, Json]) -> str:
    shape = _STEPS.get(str(step["kind"]), "")
    place = f"{step.get('file')}:{step.get('line')}"
    return shape.format(name=step.get("name"), place=place)


def without_secrets(config: Json, origins: Json, name: str = "") -> Json:
    """Return a configuration in which :data:`HIDDEN` replaces each secret.

    Args:
        config: plain data, as ``docker compose config`` has it, with ``$$`` for ``$``.
        origins: data of the same shape, with the origin of each value.
        name: the key of the data.

    """
    if isinstance(config, dict):
        below = origins if isinstance(origins, dict) else {}
        return {key: without_secrets(value, below.get(key), key) for key, value in config.items()}
    if isinstance(config, list):
        listed = origins if isinstance(origins, list) else [None] * len(config)
        return [
            _hidden(item, origin, "", _text_before(config, index))
            if isinstance(item, str)
            else without_secrets(item, origin)
            for index, (item, origin) in enumerate(zip(config, listed, strict=True))
        ]
    if isinstance(config, str):
        return _hidden(config, origins, name)
    if config is not None and not isinstance(config, bool):
        return HIDDEN if looks_like_secret(name, str(config)) else config
    return config


def _text_before(items: list[Json], index: int) -> str:
    """Return the words of a command before one of them, as far as they matter."""
    found, at = "", index - 1
    while at >= 0 and len(found) < _BEFORE:
        found, at = f"{items[at]} {found}", at - 1
    return found[-_BEFORE:]


def _hidden(written: str, origin: Json, name: str, before: str = "") -> str:
    """Return a value without its secrets, with ``$$`` for ``$`` as before."""
    text = written.replace("$$", "$")
    shown = value_without_secrets(text, name, _variables(origin), before)
    return shown.replace("$", "$$") if shown != text else written


def value_without_secrets(text: str, name: str, variables: Iterable[str], before: str = "") -> str:
    """Return a value in which :data:`HIDDEN` replaces each secret.

    Args:
        text: the value.
        name: its key.
        variables: the names of the variables that it is made of.
        before: the words before a word of a command.

    """
    if looks_like_secret(name, text):
        return HIDDEN
    places = secrets_in(before + text)
    shown = _without(text, ((a - len(before), b - len(before)) for a, b in places))
    is_of_secret = any(map(is_secret_name, variables))
    if shown == text and is_of_secret and not is_placeholder_or_reference(text):
        return HIDDEN
    return shown


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    done = 0
    pieces: list[str] = []
    for start, end in sorted(places):
        start = max(start, done)
        if end > start:
            pieces += text[done:start], HIDDEN
            done = end
    return "".join(pieces) + text[done:]


def _variables(origin: Json) -> Iterator[str]:
    """Yield the names of the variables that provide a value."""
    way = origin.get("way") if isinstance(origin, dict) else None
    for step in way if isinstance(way, list) else ():
        if isinstance(step, dict) and step.get("kind") in _FROM_VARIABLE:
            yield str(step.get("name"))
