"""The groups of a container's processes that have power over the host."""

from __future__ import annotations

from tightship.model.value import ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.setting import Setting
    from tightship.text import Span

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
    """A group of a container that has power over the host.

    ``written`` is how the file names it, and ``name`` its name, even if that is a number;
    ``power`` describes the rights of its members; ``setting`` is the item, or the
    ``user`` whose first group it is.
    """

    __slots__ = ("name", "power", "setting", "written")

    def __init__(self, setting: Setting[str], written: str, name: str) -> None:
        self.setting = setting
        self.written = written
        self.name = name
        self.power = _POWERS[name]

    @property
    def title(self) -> str:
        """Return the group as it is written, with its name where that is a number."""
        same = self.written == self.name
        return self.name if same else f"{self.written} ({self.name})"


def powerful_groups(container: Container) -> Iterator[PowerfulGroup]:
    """Yield each group with power over the host that a container surely joins."""
    for item in container.texts("group_add").items:
        written = item.value or ""
        if (name := _name(written)) in _POWERS:
            yield PowerfulGroup(item, written, name)
    first = (container.user.value or "").partition(":")[2]
    # A user of group 0 is usual: what root owns is seldom open to its group.
    if (name := _name(first)) in _POWERS and name != "root":
        yield PowerfulGroup(container.user, first, name)


def open_group(container: Container) -> Span | None:
    """Return the place of a group that only a run knows, if there is one."""
    added = container.texts("group_add")
    if not added.all_decided:
        return added.span
    user = container.user
    source = user.source
    is_open = not user.decided and isinstance(source, ScalarValue) and ":" in source.text
    return user.span if is_open else None


def _name(written: str) -> str:
    return _NUMBERS.get(written.lstrip("0") or written[:1], written)
