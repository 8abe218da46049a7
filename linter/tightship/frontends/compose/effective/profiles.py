"""Profiles: the services of a run.

A service without profiles is always part of it, the others if one of their profiles
is active; ``*`` makes all active (Compose Specification, profiles).
"""

from __future__ import annotations

from tightship.frontends.compose.loading.fault import Fault
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values.scalar import as_bool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tightship.frontends.compose.effective.value import Effective
    from tightship.model.value import Value
    from tightship.text import Span


def _is_active(service: Effective, profiles: Collection[str]) -> bool:
    """Return whether a service is part of a run with these profiles."""
    own = service.get("profiles")
    return (
        own is None
        or not own.items
        or "*" in profiles
        or any(profile.text in profiles for profile in own.items)
    )


def without_inactive(project: Effective, profiles: Collection[str]) -> dict[str, Effective]:
    """Remove the services that no active profile asks for, and return them."""
    services = project.entries_of("services")
    return {
        name: services.pop(name)
        for name, service in list(services.items())
        if not _is_active(service, profiles)
    }


def disabled_dependencies(root: MappingValue, active: Collection[str]) -> Iterator[Fault]:
    """Yield the dependencies for which Compose rejects a run without more profiles.

    A service without profiles is part of each run, and takes what it depends on with it
    only if that is part of the run, too. ``active`` are the profiles that `.env` names.
    """
    services = root.get("services")
    tables = {
        name: entry.value
        for name, entry in (services.entries if isinstance(services, MappingValue) else {}).items()
        if isinstance(entry.value, MappingValue)
    }
    profiles = {name: _profiles(table) for name, table in tables.items()}
    if not any(profiles.values()) or "*" in active:
        return
    for name, table in tables.items():
        if profiles[name] != ():
            continue
        for other, span in _required(table.get("depends_on")):
            asked = profiles.get(other)
            if not asked or not {*asked}.isdisjoint(active):
                continue
            words = " or ".join(f"`{one}`" for one in asked)
            message = (
                f"service `{name}` depends on `{other}`, which only runs with the profile"
                f" {words}: Compose rejects a run without it"
            )
            yield Fault("disabled", span, message, path=("services", name, "depends_on"))


def _profiles(service: MappingValue) -> tuple[str, ...] | None:
    """Return the profiles of a service, or None if a variable decides."""
    found = service.get("profiles")
    leaves = found.items if isinstance(found, SequenceValue) else ()
    if service.get("extends") is not None:
        return None
    names = [one for one in leaves if isinstance(one, ScalarValue) and one.decided]
    return tuple(one.text for one in names) if len(names) == len(leaves) else None


def _required(value: Value | None) -> Iterator[tuple[str, Span]]:
    """Yield the names of the services that one cannot be without."""
    for item in value.items if isinstance(value, SequenceValue) else ():
        if isinstance(item, ScalarValue) and item.decided:
            yield item.text, item.span
    for name, entry in value.entries.items() if isinstance(value, MappingValue) else ():
        required = entry.value.get("required") if isinstance(entry.value, MappingValue) else None
        if required is None or (
            isinstance(required, ScalarValue) and required.decided and as_bool(required.text)
        ):
            yield name, entry.key.span
