"""A configuration as ``docker compose config`` prints it, and where its values are from.

Compose leaves out what is false, zero or empty, but not everywhere: the tables say
where it stays (compose-go, types).
"""

from __future__ import annotations

from tightship.compose.effective.value import Effective
from tightship.compose.loading.tree import Leaf
from tightship.compose.specification.keys import FILE
from tightship.compose.specification.shape import FREE, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.text import Span

    Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
    Path = tuple[str, ...]

_SERVICE = ("services", "*")
_ROLLOUT = ("update_config", "rollback_config")
_RATES = tuple(
    f"device_{way}_{unit}" for way in ("read", "write") for unit in ("bps", "iops")
)
# A scalar stays here although it is false, zero or empty.
_KEPT: frozenset[Path] = frozenset(
    (
        *((*_SERVICE, key) for key in ("attach", "init", "scale", "stop_grace_period")),
        *(
            (*_SERVICE, "healthcheck", key)
            for key in (
                "interval",
                "retries",
                "start_interval",
                "start_period",
                "timeout",
            )
        ),
        (*_SERVICE, "depends_on", "*", "required"),
        (*_SERVICE, "env_file", "*", "required"),
        (*_SERVICE, "develop", "watch", "*", "path"),
        (*_SERVICE, "develop", "watch", "*", "action"),
        (*_SERVICE, "deploy", "replicas"),
        *((*_SERVICE, "deploy", key, "parallelism") for key in _ROLLOUT),
        *(
            (*_SERVICE, "deploy", "restart_policy", key)
            for key in ("delay", "max_attempts", "window")
        ),
        *((*_SERVICE, key, "*", "mode") for key in ("configs", "secrets")),
        (*_SERVICE, "build", "secrets", "*", "mode"),
        *((*_SERVICE, "ulimits", "*", key) for key in ("soft", "hard")),
        *((*_SERVICE, "build", "ulimits", "*", key) for key in ("soft", "hard")),
        *((*_SERVICE, "blkio_config", key, "*", "path") for key in _RATES),
        *((*_SERVICE, "blkio_config", key, "*", "rate") for key in _RATES),
        *(
            (*_SERVICE, "blkio_config", "weight_device", "*", k)
            for k in ("path", "weight")
        ),
        *(("networks", "*", key) for key in ("enable_ipv4", "enable_ipv6")),
    )
)
# A list that stays although it is empty: it clears what the image has.
_KEPT_LISTS: frozenset[Path] = frozenset(
    (
        (*_SERVICE, "command"),
        (*_SERVICE, "entrypoint"),
        *((*_SERVICE, key, "*", "command") for key in ("post_start", "pre_stop")),
    )
)
# A mapping that goes if nothing in it is left, as all do whose keys are the user's.
_DROPPED: frozenset[Path] = frozenset(
    (
        (*_SERVICE, "deploy", "resources"),
        (*_SERVICE, "deploy", "placement"),
        (*_SERVICE, "develop", "watch", "*", "exec"),
        ("networks", "*", "ipam"),
    )
)
# What JSON has although it is empty, with what it has then.
_JSON: dict[Path, dict[str, dict[str, None] | None]] = {
    _SERVICE: {"command": None, "entrypoint": None},
    (*_SERVICE, "post_start", "*"): {"command": None},
    (*_SERVICE, "pre_stop", "*"): {"command": None},
    (*_SERVICE, "develop", "watch", "*"): {"exec": {"command": None}},
    (*_SERVICE, "develop", "watch", "*", "exec"): {"command": None},
    (*_SERVICE, "deploy"): {"resources": {}, "placement": {}},
    ("networks", "*"): {"ipam": {}},
}
_USED = {
    "networks": (),
    "volumes": (("volumes", "*"),),
    "secrets": (("secrets", "*"), ("build", "secrets", "*")),
    "configs": (("configs", "*"),),
}


def used(project: Effective) -> Effective:
    """Return a configuration without networks, volumes and so on that nobody uses."""
    services = project.get("services")
    entries = dict(project.entries)
    for section, patterns in _USED.items():
        resources = entries.get(section)
        if resources is None:
            continue
        names: set[str] = set()
        for service in services.entries.values() if services else ():
            networks = service.get("networks")
            if section == "networks" and networks is not None:
                names |= networks.entries.keys()
            for pattern in patterns:
                names |= {
                    source.text
                    for item in service.at(pattern)
                    if (source := item.get("source")) is not None
                    and (section != "volumes" or _text(item, "type") == "volume")
                }
        kept = {n: r for n, r in resources.entries.items() if n in names}
        entries[section] = Effective(kept, resources.source)
    return Effective(entries, project.source)


def _text(value: Effective, key: str) -> str:
    found = value.get(key)
    return found.text if found else ""


class Printed:
    """A configuration as plain data, and the origins of its values.

    ``origins`` has the same shape as ``config``, with ``file``, ``line``, ``column``
    and ``way`` in place of each value.
    """

    __slots__ = ("config", "origins")

    def __init__(self, project: Effective) -> None:
        self.config, self.origins = _table(used(project), FILE, ())
        self.config.setdefault("services", {})
        self.origins.setdefault("services", {})

    @property
    def as_json(self) -> dict[str, Plain]:
        """Return the configuration as ``config --format json`` has it.

        That is the same but for ``x-`` keys below the top level, which are left out,
        and for a few empty values, which are there.
        """
        found = _json(self.config, FILE, ())
        assert isinstance(found, dict)
        return found


def _table(
    value: Effective, shape: Shape, path: Path
) -> tuple[dict[str, Plain], dict[str, Plain]]:
    config: dict[str, Plain] = {}
    origins: dict[str, Plain] = {}
    for name, entry in value.entries.items():
        below = shape.below(name) or FREE
        key = name if shape.keys is not None else "*"
        inner = (*path, key)
        data, origin = _value(entry, below, inner)
        if (
            shape.keys is not None
            and below is not FREE
            and _is_left_out(data, below, inner)
        ):
            continue
        config[_escaped(name)], origins[_escaped(name)] = data, origin
    return config, origins


def _value(value: Effective, shape: Shape, path: Path) -> tuple[Plain, Plain]:
    if shape.form == "" and shape.canonical == "pairs" and path[-1] == "ssh":
        return _ssh(value)
    if isinstance(value.content, dict):
        return _table(value, shape, path)
    if isinstance(value.content, list):
        inner = (*path, "*")
        pairs = [_value(i, shape.items or FREE, inner) for i in value.content]
        return [data for data, _ in pairs], [origin for _, origin in pairs]
    content = value.content
    return _escaped(content) if isinstance(content, str) else content, _origin(value)


def _ssh(value: Effective) -> tuple[Plain, Plain]:
    keys = [
        (f"{name}: {key.text}" if key.text else name, _origin(key))
        for name, key in value.entries.items()
    ]
    return [_escaped(key) for key, _ in keys], [origin for _, origin in keys]


def _is_left_out(data: Plain, shape: Shape, path: Path) -> bool:
    if data is None:
        return True
    if isinstance(data, dict):
        return not data and (shape.each is not None or path in _DROPPED)
    if (shape.form, data) in (("size", "0"), ("duration", "0s")):
        return path not in _KEPT
    if isinstance(data, list):
        return not data and path not in _KEPT_LISTS
    return not data and path not in _KEPT


def _escaped(text: str) -> str:
    """Double the dollars, so that what is printed can be read again."""
    return text.replace("$", "$$")


def _origin(value: Effective) -> Plain:
    span = value.span
    way: list[Plain] = list(_way(value))
    if span is None:
        return {"file": None, "line": None, "column": None, "way": way}
    line, column = span.source.point(span.start)
    return {
        "file": span.source.name,
        "line": line + 1,
        "column": column + 1,
        "way": way,
    }


def _way(value: Effective) -> Iterator[Plain]:
    if value.put:
        yield {"kind": value.put}
    source = value.source
    if source is None:
        return
    for step in source.provenance:
        yield _step(step.kind, step.name, step.span)
    if isinstance(source, Leaf):
        yield from _unset(source)
    for lost in source.overridden:
        yield _step("override", "", lost.span)


def _unset(leaf: Leaf) -> Iterator[Plain]:
    for name in leaf.unset:
        yield _step("unset", name, leaf.span)


def _step(kind: str, name: str, span: Span) -> Plain:
    line, _ = span.source.point(span.start)
    return {"kind": kind, "name": name, "file": span.source.name, "line": line + 1}


def _json(data: Plain, shape: Shape, path: Path) -> Plain:
    if isinstance(data, list):
        return [_json(item, shape.items or FREE, (*path, "*")) for item in data]
    if not isinstance(data, dict):
        return data
    entries: dict[str, Plain] = {}
    for name, value in data.items():
        if path and shape.keys is not None and name.startswith("x-"):
            continue
        key = name if shape.keys is not None else "*"
        entries[name] = _json(value, shape.below(name) or FREE, (*path, key))
    if shape is not FREE:
        for name, empty in _JSON.get(path, {}).items():
            entries.setdefault(name, dict(empty) if empty is not None else None)
    return entries
