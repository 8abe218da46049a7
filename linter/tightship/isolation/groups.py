"""The groups of a container's processes that have power over the host."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.setting import Setting
    from tightship.isolation.container import Container

_POWERS = {
    "root": "use files of root's group",
    "docker": "command the Docker daemon through its socket",
    "disk": "read and write the raw disks",
    "shadow": "read the password hashes",
    "kvm": "use hardware virtualisation",
    "adm": "read the logs",
    "systemd-journal": "read the journal",
}
# Numbers that are the same on the usual distributions (Debian, base-passwd; Fedora,
# setup; Alpine, alpine-baselayout). Fedora has no group 42.
_NUMBERS = {"0": "root", "4": "adm", "6": "disk", "42": "shadow"}


class PowerfulGroup:
    """A group of ``group_add`` that has power over the host.

    ``name`` is that of the group, even if the file has its number; ``power`` describes
    the rights of its members; ``setting`` is the item.
    """

    __slots__ = ("name", "power", "setting")

    def __init__(self, setting: Setting[str], name: str) -> None:
        self.setting = setting
        self.name = name
        self.power = _POWERS[name]

    @property
    def title(self) -> str:
        """Return the group as it is written, with its name where that is a number."""
        written = self.setting.value or ""
        return self.name if written == self.name else f"{written} ({self.name})"


def powerful_groups(container: Container) -> Iterator[PowerfulGroup]:
    """Yield each group with power over the host that a container surely joins."""
    for item in container.service.texts("group_add").items:
        written = item.value or ""
        name = _NUMBERS.get(written.lstrip("0") or written[:1], written)
        if name in _POWERS:
            yield PowerfulGroup(item, name)
