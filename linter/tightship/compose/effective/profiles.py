"""Profiles: which services a run has.

A service without profiles is always part of it, the others if one of their profiles
is active; ``*`` makes all active (Compose Specification, profiles).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from tightship.compose.effective.value import Effective


def is_active(service: Effective, profiles: Collection[str]) -> bool:
    """Tell whether a service is part of a run with these profiles."""
    own = service.get("profiles")
    return (
        own is None
        or not own.items
        or "*" in profiles
        or any(profile.text in profiles for profile in own.items)
    )


def without_inactive(
    project: Effective, profiles: Collection[str]
) -> dict[str, Effective]:
    """Take out the services that no active profile asks for, and return them."""
    services = project.get("services")
    if services is None:
        return {}
    inactive = {
        name: service
        for name, service in services.entries.items()
        if not is_active(service, profiles)
    }
    for name in inactive:
        del services.entries[name]
    return inactive
