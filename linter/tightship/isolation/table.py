"""What isolates a container, mechanism by mechanism, with where each state comes from."""

from __future__ import annotations

from tightship.isolation.base_image import runs_as_root
from tightship.isolation.user import image_user, is_surely_another, is_surely_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.compose.field import Field
    from tightship.isolation.container import Container
    from tightship.isolation.limits import Limit
    from tightship.text import Span

    Mark = Literal["strong", "weak", "unknown"]

_NAMESPACES = ("pid", "network", "ipc", "uts", "user", "cgroup")
_MOST_NAMED = 6


class Row:
    """One mechanism of a container's isolation.

    ``state`` says in a few words how it is. It is ``weak`` where the file could make
    it stronger, and ``unknown`` where only a run can tell. ``place`` is where it is
    set, and absent where it is Docker's default.
    """

    __slots__ = ("mark", "mechanism", "place", "state")

    def __init__(
        self, mechanism: str, mark: Mark, state: str, place: Span | None = None
    ) -> None:
        """Hold a row."""
        self.mechanism = mechanism
        self.mark: Mark = mark
        self.state = state
        self.place = place

    def __repr__(self) -> str:
        return f"Row({self.mechanism}: {self.mark}, {self.state})"


def table(container: Container) -> list[Row]:
    """Return what isolates a container, in a fixed order."""
    if container.privileged.is_surely(True):
        place = container.privileged.span
        bare = Row("privileged", "weak", "all but its namespaces is open", place)
        return [bare, *_rest(container)]
    return [_capabilities(container), *_confinement(container), *_rest(container)]


def _rest(container: Container) -> Iterator[Row]:
    yield _root_filesystem(container)
    yield from _user(container)
    yield from _namespaces(container)
    yield _limits(container)
    yield from _mounts(container)


def _place(field: Field[bool] | Field[str] | Field[float]) -> Span | None:
    return field.span if field.written else None


def _root_filesystem(container: Container) -> Row:
    field, name = container.read_only, "root file system"
    if field.is_surely(True):
        return Row(name, "strong", "read-only", field.span)
    if field.could_be(True):
        return Row(name, "unknown", "only a run can tell", _place(field))
    return Row(name, "weak", "writable", _place(field))


def _capabilities(container: Container) -> Row:
    held, name = container.capabilities, "capabilities"
    effective = sorted(held.effective)
    span = held.dropped.span if held.dropped.written else held.added.span
    place = span if held.dropped.written or held.added.written else None
    if not (held.dropped.all_decided and held.added.all_decided):
        return Row(name, "unknown", "only a run can tell", place)
    if not effective:
        return Row(name, "strong", "none", place)
    shown = ", ".join(effective[:_MOST_NAMED])
    more = len(effective) - _MOST_NAMED
    state = f"{len(effective)}: {shown}{f' and {more} more' if more > 0 else ''}"
    return Row(name, "weak" if held.kept_unasked else "strong", state, place)


def _confinement(container: Container) -> Iterator[Row]:
    security = container.security
    for name, field, open_ in (
        ("seccomp", security.seccomp, "unconfined"),
        ("AppArmor", security.apparmor, "unconfined"),
        ("SELinux", security.selinux, "disable"),
    ):
        if field.is_surely(open_):
            yield Row(name, "weak", "off", field.span)
        elif not field.decided:
            yield Row(name, "unknown", "only a run can tell", _place(field))
        elif field.value is not None:
            yield Row(name, "strong", field.value, field.span)
        else:
            yield Row(name, "strong", "Docker's default, where the host has it")
    grows, name = security.no_new_privileges, "setuid programs"
    if grows.is_surely(True):
        yield Row(name, "strong", "gain nothing", grows.span)
    elif grows.could_be(True):
        yield Row(name, "unknown", "only a run can tell", _place(grows))
    else:
        yield Row(name, "weak", "can gain privileges", _place(grows))


def _user(container: Container) -> Iterator[Row]:
    field = container.user
    if is_surely_root(field):
        yield Row("user", "weak", "root", field.span)
    elif is_surely_another(field):
        yield Row("user", "strong", field.value or "another than root", field.span)
    elif field.written and not field.decided:
        yield Row("user", "unknown", "only a run can tell", field.span)
    elif container.stage is None:
        known = runs_as_root(container.image) if container.image is not None else ""
        if known:
            yield Row("user", "weak", "root, as the image is made")
        else:
            yield Row("user", "unknown", "what the image says")
    else:
        found = image_user(container.stage)
        if found.is_root is None:
            yield Row("user", "unknown", "what the base image says", found.span)
        elif found.is_root:
            yield Row("user", "weak", "root, as the image says", found.span)
        else:
            name = found.value.text if found.value is not None else "another than root"
            yield Row("user", "strong", f"{name}, as the image says", found.span)


def _namespaces(container: Container) -> Iterator[Row]:
    """Yield the namespaces that are not simply its own, and one row for the others."""
    own = list[str]()
    for kind in _NAMESPACES:
        found = container.namespace(kind)
        place = _place(found.field)
        if kind == "user" and place is None:
            state = "the host's, unless the daemon maps users"
            yield Row("user namespace", "unknown", state)
        elif found.is_host:
            yield Row(f"{kind} namespace", "weak", "the host's", place)
        elif found.owner == "unknown":
            yield Row(f"{kind} namespace", "unknown", "only a run can tell", place)
        elif found.container is not None:
            state = f"that of the container `{found.container}`"
            yield Row(f"{kind} namespace", "weak", state, place)
        else:
            own.append(kind)
    if own:
        yield Row("own namespaces", "strong", ", ".join(own))


def _limits(container: Container) -> Row:
    limits = container.limits
    every = (limits.memory, limits.cpu, limits.processes)
    missing = [one.name for one in every if one.field.surely_absent]
    place = next((_place(one.field) for one in every if one.field.written), None)
    if missing:
        return Row("limits", "weak", f"none on {_listed(missing)}", place)
    if not all(map(_is_set, every)):
        return Row("limits", "unknown", "only a run can tell", place)
    return Row("limits", "strong", "on memory, CPU and processes", place)


def _is_set(limit: Limit) -> bool:
    return limit.field.decided and limit.field.value is not None


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else words[0]


def _mounts(container: Container) -> Iterator[Row]:
    """Yield the mounts of the host that can be written."""
    for mount in container.mounts:
        if mount.writable:
            yield Row("host path", "weak", f"{mount.path} is writable", mount.span)
    for device in container.devices:
        yield Row("host device", "weak", device.path, device.span)
