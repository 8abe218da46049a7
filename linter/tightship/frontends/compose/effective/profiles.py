"""Profiles: the services of a run.

A service without profiles is always part of it, the others if one of their profiles
is active; ``*`` makes all active (Compose Specification, profiles).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from tightship.frontends.compose.effective.value import Effective


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
