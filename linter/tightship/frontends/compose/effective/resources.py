"""Faults in networks, volumes, configs and secrets by themselves."""

from __future__ import annotations

from tightship.findings import Related
from tightship.frontends.compose.effective.implied import RESOURCES
from tightship.frontends.compose.loading.fault import Fault
from tightship.model.value import MappingValue, ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.effective.value import Effective

    Path = tuple[str, ...]

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
