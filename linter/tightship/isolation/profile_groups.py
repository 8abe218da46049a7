"""Which services some profile surely runs together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from tightship.model.container_settings import ContainerSettings

# Groups that are no address and no profile.
ALL, ANY = "*", ""


class Groups:
    """The groups that something is in, and those in which it meets all others."""

    def __init__(self, own: Iterable[str], meets: Iterable[str]) -> None:
        self.own: Final = tuple(own)
        self.meets: Final = tuple(meets)


def profile_groups(service: ContainerSettings) -> Groups:
    """Return the groups of services that some profile surely runs together.

    A service without profiles always runs. Two with different ones are alternatives, and
    only a run that asks for both has both.
    """
    items = service.texts("profiles").items
    if not items:
        return Groups((ALL, ANY), (ALL,))
    names = {f"={item.value}" for item in items if item.value is not None}
    return Groups((ALL, *names), (ANY, *names))
