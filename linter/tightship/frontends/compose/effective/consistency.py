"""Faults in a project as a whole, once everything is merged.

Undefined names, settings that exclude one another, and cycles of dependencies
(compose-go, validation and loader/validate.go; verified with docker-compose 2.26.1).
"""

from __future__ import annotations

from itertools import pairwise

from tightship.findings import Related
from tightship.frontends.compose.effective.implied import RESOURCES
from tightship.frontends.compose.loading.fault import Fault
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue, ScalarValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.frontends.compose.effective.value import Effective
    from tightship.frontends.compose.loading.fault import Kind
    from tightship.text import Span

    Path = tuple[str, ...]


_DEVICES = (("deploy", "resources", "reservations", "devices", "*"), ("gpus", "*"))
# Each setting of a service, and the one of `deploy` that must be equal.
_SAME = (
    ("cpus", ("limits", "cpus")),
    ("mem_limit", ("limits", "memory")),
    ("mem_reservation", ("reservations", "memory")),
    ("pids_limit", ("limits", "pids")),
)


def check(project: Effective, inactive: Mapping[str, Effective] | None = None) -> Iterator[Fault]:
    """Yield the faults in a configuration in canonical form.

    ``inactive`` holds the services that are not part of the run for their profiles.
    """
    inactive = inactive or {}
    for name, service in project.entries_of("services").items():
        yield from _Service(project, name, service, inactive).faults()
    for name, service in inactive.items():
        yield from _Service(project, name, service, inactive).own()
    yield from of_resources(project)
    yield from cycles(project)


class _Service(Record):
    """The checks of one service."""

    project: Effective
    name: str
    service: Effective
    inactive: Mapping[str, Effective]

    def faults(self) -> Iterator[Fault]:
        yield from self.own()
        yield from self.image()
        yield from self.build()
        yield from self.network()
        yield from self.dependencies()
        yield from self.references()
        yield from self.limits()
        yield from self.scale()
        yield from self.watch()

    def own(self) -> Iterator[Fault]:
        """Yield the faults that count even where the service is not part of the run."""
        for mount in self.service.at(("volumes", "*")):
            if mount.text_of("type") == "bind" and mount.get("source") is None:
                yield self.fault("incomplete", mount, "a bind mount needs a `source`", "volumes")
        for device in self.service.at(("devices", "*")):
            if device.get("target") is None:
                yield self.fault("incomplete", device, "a device needs a `target`", "devices")
        for pattern in _DEVICES:
            for request in self.service.at(pattern):
                count, ids = request.get("count"), request.get("device_ids")
                if count is not None and count.put != "default" and ids is not None:
                    message = "a request for devices has either `count` or `device_ids`"
                    path = pattern[:-1]
                    yield self.fault("exclusive", count, message, *path, other=ids)

    def image(self) -> Iterator[Fault]:
        image = self.service.get("image")
        # Newer releases than 2.26.1 let a program provide what a service stands for.
        if self.service.get("provider") is not None:
            return
        if not self.service.get("build") and not (image and image.text):
            yield Fault(
                "incomplete",
                self.key(),
                f"service `{self.name}` has neither `image` nor `build`",
                path=("services", self.name),
                value=self.service.source,
                missing=("services", self.name),
                decided=image is None or image.decided,
            )

    def build(self) -> Iterator[Fault]:
        build = self.service.get("build")
        if build is None:
            return
        inline, file = build.get("dockerfile_inline"), build.get("dockerfile")
        if inline and inline.text and file and file.text:
            message = "a build has either `dockerfile` or `dockerfile_inline`"
            yield self.exclusive(inline, file, "build", message)
        for context in build.entries_of("additional_contexts").values():
            target = context.text.removeprefix("service:")
            if target == context.text:
                continue
            other = self.project.get("services", target)
            if other is None or other.get("build") is None:
                why = "is not defined" if other is None else "is not built here"
                message = f"`{self.name}` builds with service `{target}`, which {why}"
                missing = ("services", target)
                yield self.fault("undefined", context, message, "build", missing=missing)
        platform, platforms = self.service.get("platform"), build.get("platforms")
        if not platform or not platform.text or not platforms or not platforms.items:
            return
        if platform.text not in [item.text for item in platforms.items]:
            message = f"`{platform.text}` is not among the platforms that it is built for"
            yield self.exclusive(platform, platforms, "platform", message)

    def network(self) -> Iterator[Fault]:
        mode, networks = self.service.get("network_mode"), self.service.get("networks")
        if mode is not None and mode.text and networks and networks.entries:
            message = (
                f"service `{self.name}` has `network_mode` and `networks`: Compose accepts only one"
            )
            yield self.exclusive(mode, networks, "network_mode", message)

    def dependencies(self) -> Iterator[Fault]:
        for name, dependency in self.service.entries_of("depends_on").items():
            if self.project.get("services", name) is not None:
                continue
            required = dependency.get("required")
            optional = required is not None and required.content is False
            kind: Kind = "disabled" if name in self.inactive else "undefined"
            if kind == "disabled" and optional:
                continue
            how = "needs" if kind == "undefined" and dependency.put else "depends on"
            why = {
                "disabled": "only runs with a profile that is not active",
                "undefined": "is not defined",
            }[kind]
            message = f"service `{self.name}` {how} `{name}`, which {why}"
            span = _key(self.service.get("depends_on"), name)
            missing = ("services", name) if kind == "undefined" else None
            path = ("depends_on", name)
            yield self.fault(kind, dependency, message, *path, span=span, missing=missing)

    def references(self) -> Iterator[Fault]:
        for what in ("network", "model"):
            for name, value in self.service.entries_of(f"{what}s").items():
                if self.project.get(f"{what}s", name) is None:
                    span = _key(self.service.get(f"{what}s"), name)
                    yield self.undefined(what, name, value, f"{what}s", span=span)
        for mount in self.service.at(("volumes", "*")):
            source = mount.get("source")
            if mount.text_of("type") != "volume" or source is None or not source.text:
                continue
            if self.project.get("volumes", source.text) is None:
                yield self.undefined("volume", source.text, source, "volumes")
        for what, pattern in (
            ("config", ("configs", "*", "source")),
            ("secret", ("secrets", "*", "source")),
            ("secret", ("build", "secrets", "*", "source")),
        ):
            for source in self.service.at(pattern):
                if self.project.get(f"{what}s", source.text) is None:
                    yield self.undefined(what, source.text, source, pattern[-3])

    def limits(self) -> Iterator[Fault]:
        for key, path in _SAME:
            own = self.service.get(key)
            resources = self.service.get("deploy", "resources", path[0])
            if own is None or not own.number:
                continue
            if resources is None or resources.content is None:
                continue
            other = resources.get(path[1])
            if (other.number if other else 0) != own.number:
                message = (
                    f"`{key}` differs from `deploy.resources.{'.'.join(path)}`: Compose"
                    " rejects that"
                )
                yield self.exclusive(own, other or resources, key, message)

    def scale(self) -> Iterator[Fault]:
        scale = self.service.get("scale")
        replicas = self.service.get("deploy", "replicas")
        name = self.service.get("container_name")
        counts = [c for c in (scale, replicas) if c is not None and c.content is not None]
        if len(counts) == 2 and counts[0].number != counts[1].number:
            message = "`scale` differs from `deploy.replicas`: Compose rejects that"
            yield self.exclusive(counts[0], counts[1], "scale", message)
        if counts and counts[0].number > 1 and name is not None and name.text:
            count = int(counts[0].number)
            message = f"only one of {count} containers can be called `{name.text}`"
            yield self.exclusive(name, counts[0], "container_name", message)

    def watch(self) -> Iterator[Fault]:
        for rule in self.service.at(("develop", "watch", "*")):
            path, target = rule.get("path"), rule.text_of("target")
            if path is not None and not path.text:
                yield self.fault("incomplete", path, "`path` is empty", "develop")
            action = rule.text_of("action")
            if not target and action not in ("rebuild", "restart"):
                message = f"`{action}` needs a `target`"
                yield self.fault("incomplete", rule, message, "develop")

    def undefined(
        self, what: str, name: str, value: Effective, key: str, *, span: Span | None = None
    ) -> Fault:
        message = f"service `{self.name}` uses {what} `{name}`, which is not defined"
        missing = (f"{what}s", name)
        return self.fault("undefined", value, message, key, span=span, missing=missing)

    def exclusive(self, value: Effective, other: Effective, key: str, message: str) -> Fault:
        return self.fault("exclusive", value, message, key, other=other)

    def fault(
        self,
        kind: Kind,
        value: Effective,
        message: str,
        *path: str,
        other: Effective | None = None,
        span: Span | None = None,
        missing: tuple[str, str] | None = None,
    ) -> Fault:
        because: tuple[Related, ...] = ()
        if other is not None and other.span is not None:
            because = (Related(other.span, "the other one"),)
        return Fault(
            kind,
            span or value.span or self.key(),
            message,
            path=("services", self.name, *path),
            value=value.source,
            lost=other.source if other else None,
            because=because,
            missing=missing,
            decided=value.decided and (other is None or other.decided),
        )

    def key(self) -> Span:
        span = _key(self.project.get("services"), self.name)
        assert self.service.source is not None
        return span or self.service.source.span


def _key(table: Effective | None, name: str) -> Span | None:
    """Return the place of a key, where the files have it."""
    source = table.source if table is not None else None
    entry = source.entries.get(name) if isinstance(source, MappingValue) else None
    return entry.key.span if entry else None


# The most services of a cycle that a message shows, and the most cycles that are
# reported: more cost more to read than to break.
_SHOWN = 7
_MOST = 100


def cycles(project: Effective) -> Iterator[Fault]:
    """Yield a fault for each dependency that closes a cycle."""
    services = project.entries_of("services")
    edges = {name: one.entries_of("depends_on") for name, one in services.items()}
    done: set[str] = set()
    found = 0
    for start in edges:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leave = stack.pop()
            if leave:
                path.pop()
                del on_path[name]
                done.add(name)
                continue
            if name in done or name in on_path:
                continue
            on_path[name] = len(path)
            path.append(name)
            stack.append((name, True))
            for other, dependency in edges[name].items():
                if other in on_path and found < _MOST:
                    found += 1
                    yield _fault(path, on_path[other], edges, dependency)
                elif other in edges and other not in done:
                    stack.append((other, False))


def _fault(
    path: list[str], start: int, edges: dict[str, dict[str, Effective]], last: Effective
) -> Fault:
    cycle = path[start : start + _SHOWN]
    rest = ["…", f"`{path[-1]}`"] if len(path) - start > _SHOWN else []
    names = " → ".join([*(f"`{name}`" for name in cycle), *rest, f"`{cycle[0]}`"])
    because = [
        Related(span, f"`{name}` needs `{after}`")
        for name, after in pairwise(cycle)
        if (span := edges[name][after].span) is not None
    ]
    assert last.span is not None
    return Fault(
        "cycle",
        last.span,
        f"these services depend on one another: {names}",
        path=("services", path[-1], "depends_on", cycle[0]),
        value=last.source,
        decided=last.decided,
        because=tuple(because),
    )


_SOURCES = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}


def of_resources(project: Effective) -> Iterator[Fault]:
    """Yield the faults in the resources of a project in canonical form."""
    for section in _SOURCES:
        for name, resource in project.entries_of(section).items():
            yield from _file_object(resource, section, name)
    for section in RESOURCES:
        for name, resource in project.entries_of(section).items():
            yield from _named_twice(resource, (section, name))
    for name, volume in project.entries_of("volumes").items():
        yield from _external(volume, ("volumes", name))


def _file_object(resource: Effective, section: str, name: str) -> Iterator[Fault]:
    keys = _SOURCES[section]
    there = [resource.entries[key] for key in keys if resource.get(key) is not None]
    # A config's content may come from the variable that it names.
    written = [value for value in there if value.put == ""]
    kind = section.removesuffix("s")
    choice = ", ".join(f"`{key}`" for key in keys[:-1]) + f" or `{keys[-1]}`"
    span = resource.span
    if span is None:
        return
    if len(written) > 1:
        first, second = written[:2]
        yield Fault(
            "exclusive",
            second.span or span,
            f"{kind} `{name}` has more than one of {choice}",
            path=(section, name),
            value=second.source,
            because=(Related(first.span, "the other one"),) if first.span else (),
        )
    elif not there and not resource.get("driver") and not resource.get("external"):
        yield Fault(
            "incomplete",
            span,
            f"{kind} `{name}` has neither {choice.replace(' or ', ' nor ')}",
            path=(section, name),
            value=resource.source,
            missing=(section, name),
        )


def _external(resource: Effective, path: Path) -> Iterator[Fault]:
    external = resource.get("external")
    if external is None or external.content is not True or external.span is None:
        return
    for key, value in resource.entries.items():
        if key in ("name", "external") or key.startswith("x-") or value.span is None:
            continue
        yield Fault(
            "exclusive",
            value.span,
            f"volume `{path[-1]}` is external, so `{key}` cannot be set here",
            path=(*path, key),
            value=value.source,
            because=(Related(external.span, "it is external"),),
        )


def _named_twice(resource: Effective, path: Path) -> Iterator[Fault]:
    external, name = resource.get("external"), resource.get("name")
    source = external.source if external else None
    outer = source.get("name") if isinstance(source, MappingValue) else None
    if not isinstance(outer, ScalarValue) or name is None or name.span is None:
        return
    if outer.as_compose != name.text:
        yield Fault(
            "exclusive",
            name.span,
            f"`{path[-1]}` has two names: this one, and that below `external`",
            path=(*path, "name"),
            value=name.source,
            lost=outer,
            because=(Related(outer.span, "the other one"),),
            decided=outer.decided and name.decided,
        )
