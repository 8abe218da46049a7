"""A configuration as ``docker compose config`` prints it, and the origins of its values.

Compose leaves out values that are false, zero or empty, but not everywhere: the tables
hold the exceptions (compose-go, types).
"""

from __future__ import annotations

from tightship.frontends.compose.effective.value import Effective
from tightship.frontends.compose.specification.keys import FILE
from tightship.frontends.compose.specification.shape import FREE, Shape
from tightship.model.value import ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.text import Span

    Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
    Path = tuple[str, ...]


def _paths(text: str) -> frozenset[Path]:
    """Read dotted paths, in which ``~`` is a service."""
    words = text.replace("~", "services.*").split()
    return frozenset(tuple(word.split(".")) for word in words)


# A scalar stays here although it is false, zero or empty.
_KEPT = _paths(
    """
    ~.attach ~.init ~.scale ~.stop_grace_period
    ~.healthcheck.interval ~.healthcheck.retries ~.healthcheck.start_interval
    ~.healthcheck.start_period ~.healthcheck.timeout
    ~.depends_on.*.required ~.env_file.*.required
    ~.develop.watch.*.path ~.develop.watch.*.action
    ~.deploy.replicas
    ~.deploy.update_config.parallelism ~.deploy.rollback_config.parallelism
    ~.deploy.restart_policy.delay ~.deploy.restart_policy.max_attempts
    ~.deploy.restart_policy.window
    ~.configs.*.mode ~.secrets.*.mode ~.build.secrets.*.mode
    ~.ulimits.*.soft ~.ulimits.*.hard ~.build.ulimits.*.soft ~.build.ulimits.*.hard
    ~.blkio_config.device_read_bps.*.path ~.blkio_config.device_read_bps.*.rate
    ~.blkio_config.device_read_iops.*.path ~.blkio_config.device_read_iops.*.rate
    ~.blkio_config.device_write_bps.*.path ~.blkio_config.device_write_bps.*.rate
    ~.blkio_config.device_write_iops.*.path ~.blkio_config.device_write_iops.*.rate
    ~.blkio_config.weight_device.*.path ~.blkio_config.weight_device.*.weight
    networks.*.enable_ipv4 networks.*.enable_ipv6
    """
)
# A list that stays although it is empty: it clears that of the image.
_KEPT_LISTS = _paths("~.command ~.entrypoint ~.post_start.*.command ~.pre_stop.*.command")
# A mapping that goes if nothing in it is left, as all do whose keys are the user's.
_DROPPED = _paths("~.deploy.resources ~.deploy.placement ~.develop.watch.*.exec networks.*.ipam")
_SERVICE = ("services", "*")
# Keys that JSON has although they are empty, with their values.
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


def _used(project: Effective) -> Effective:
    """Return a configuration without unused networks, volumes, secrets and configs."""
    entries = dict(project.entries)
    for section, patterns in _USED.items():
        resources = entries.get(section)
        if resources is None:
            continue
        names: set[str] = set()
        for service in project.entries_of("services").values():
            if section == "networks":
                names |= service.entries_of("networks").keys()
            for pattern in patterns:
                names |= {
                    source.text
                    for item in service.at(pattern)
                    if (source := item.get("source")) is not None
                    and (section != "volumes" or item.text_of("type") == "volume")
                }
        kept = {n: r for n, r in resources.entries.items() if n in names}
        entries[section] = Effective(kept, resources.source)
    return Effective(entries, project.source)


class Printed:
    """A configuration as plain data, and the origins of its values.

    ``origins`` has the same shape as ``config``, with ``file``, ``line``, ``column``
    and ``way`` in place of each value.
    """

    def __init__(self, project: Effective) -> None:
        self.config, self.origins = _table(_used(project), FILE, ())
        self.config.setdefault("services", {})
        self.origins.setdefault("services", {})

    @property
    def as_json(self) -> dict[str, Plain]:
        """Return the configuration as ``config --format json`` has it.

        That is the same except for ``x-`` keys below the top level, which are left out,
        and for a few empty values, which are there.
        """
        found = _json(self.config, FILE, ())
        assert isinstance(found, dict)
        return found


def _table(value: Effective, shape: Shape, path: Path) -> tuple[dict[str, Plain], dict[str, Plain]]:
    config: dict[str, Plain] = {}
    origins: dict[str, Plain] = {}
    for name, entry in value.entries.items():
        below = shape.below(name) or FREE
        key = name if shape.keys is not None else "*"
        inner = (*path, key)
        data, origin = _value(entry, below, inner)
        if shape.keys is not None and below is not FREE and _is_left_out(data, below, inner):
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
    steps: list[Plain] = list(_steps(value))
    if span is None:
        return {"file": None, "line": None, "column": None, "way": steps}
    line, column = span.source.point(span.start)
    place: dict[str, Plain] = {"line": line + 1, "column": column + 1, "way": steps}
    return {"file": span.source.name, **place}


def _steps(value: Effective) -> Iterator[Plain]:
    if value.put:
        yield {"kind": value.put}
    source = value.source
    if source is None:
        return
    for step in source.provenance:
        yield _step(step.kind, step.name, step.span)
    for name in source.from_environment if isinstance(source, ScalarValue) else ():
        yield _step("environment", name, source.span)
    for name in source.unset if isinstance(source, ScalarValue) else ():
        yield _step("unset", name, source.span)
    for lost in source.overridden:
        yield _step("override", "", lost.span)


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
