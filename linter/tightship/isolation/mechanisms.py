"""The mechanisms that isolate a container, with the state and the place of each."""

from __future__ import annotations

from tightship.isolation import weakness
from tightship.isolation.base_image import WORKERS_ONLY, runs_as_root
from tightship.isolation.capabilities import TAKEOVER
from tightship.isolation.first_user import (
    has_id_of_image,
    has_unknown_id,
    is_named_like_root,
    user_name,
)
from tightship.isolation.host_access import device_rows, group_rows, hook_rows, mount_rows
from tightship.isolation.namespaces import own_users
from tightship.isolation.seccomp_profile import RejectedProfile, is_named_default
from tightship.isolation.security import UNCONFINED_TYPES, sandbox_rows
from tightship.isolation.user import (
    image_user,
    is_surely_another,
    is_surely_root,
    name_of,
    names_root,
)
from tightship.isolation.weakness import BY_PRIVILEGE, MechanismState, undecided
from tightship.lazy import TYPE_CHECKING, Record
from tightship.values.capability import DEFAULT_CAPABILITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.capability_holders import Hold
    from tightship.isolation.container import Container
    from tightship.isolation.limits import Limit
    from tightship.isolation.weakness import Mark, Weakness
    from tightship.model.setting import Setting
    from tightship.text import Span


# The namespaces, and the weakness of having that of the host.
_OF_HOST = {
    "pid": weakness.HOST_PID,
    "network": weakness.HOST_NETWORK,
    "ipc": weakness.HOST_IPC,
    "uts": weakness.HOST_UTS,
    "user": weakness.HOST_USER,
    "cgroup": weakness.HOST_CGROUP,
}


class ByHold(Record):
    """The weaknesses of capabilities, by who in the container has them."""

    privileged: Weakness
    takeover: Weakness
    more: Weakness
    default: Weakness


_BY_HOLD: dict[Hold, ByHold] = {
    "held": ByHold(
        weakness.PRIVILEGED,
        weakness.TAKEOVER_CAPABILITY,
        weakness.MORE_CAPABILITIES,
        weakness.DEFAULT_CAPABILITIES,
    ),
    # A setuid program is in nearly every image, and nothing else confines it there.
    "obtainable": ByHold(
        weakness.PRIVILEGED,
        weakness.OBTAINABLE_TAKEOVER,
        weakness.MORE_CAPABILITIES,
        weakness.DEFAULT_CAPABILITIES,
    ),
    "unobtainable": ByHold(*(weakness.UNUSED_CAPABILITIES,) * 4),
}
_MOST_NAMED = 6
# Who has the capabilities that a row counts, after their number.
_HOLDERS: dict[Hold, str] = {
    "held": "",
    "obtainable": ", for setuid programs only",
    "unobtainable": ", which no process has",
}
_UNLIMITED = {
    "memory": weakness.NO_MEMORY_LIMIT,
    "CPU": weakness.NO_CPU_LIMIT,
    "processes": weakness.NO_PROCESS_LIMIT,
}


def table(container: Container) -> list[MechanismState]:
    """Return the mechanisms that isolate a container, in a fixed order.

    Each one that ``privileged`` switches off is weak by itself, so that nothing looks
    better for it.
    """
    return [
        _capabilities(container),
        *_confinement(container),
        _setuid_programs(container),
        _kernel_files(container),
        *_control_groups(container),
        _root_filesystem(container),
        *_user(container),
        *group_rows(container),
        *_namespaces(container),
        *sandbox_rows(container),
        _limits(container),
        *mount_rows(container),
        *device_rows(container),
        *hook_rows(container),
    ]


def _place(setting: Setting[bool] | Setting[str] | Setting[float]) -> Span | None:
    return setting.span if setting.is_set else None


def _root_filesystem(container: Container) -> MechanismState:
    words = ("root file system", "read-only", "writable")
    return _switch(container.read_only, *words, weakness.WRITABLE_ROOT)


def _switch(
    setting: Setting[bool], name: str, strong: str, weak: str, lost: Weakness
) -> MechanismState:
    """Return the row of a setting that takes a weakness away where it is true."""
    if setting.is_surely(True):
        return MechanismState(name, "strong", strong, setting.span)
    if setting.could_be(True):
        return undecided(name, _place(setting), lost)
    return MechanismState(name, "weak", weak, _place(setting), lost)


def _capabilities(container: Container) -> MechanismState:
    held, name, hold = (container.capabilities, "capabilities", container.capability_hold)
    privileged, by_hold = container.privileged, _BY_HOLD[hold]
    if privileged.is_surely(True):
        state = f"all, {BY_PRIVILEGE}{_HOLDERS[hold]}"
        return MechanismState(name, "weak", state, privileged.span, by_hold.privileged)
    beyond = sorted(held.bounding - DEFAULT_CAPABILITIES)
    span = held.added.span if beyond or not held.dropped.is_set else held.dropped.span
    place = span if held.dropped.is_set or held.added.is_set else None
    decided = held.dropped.all_decided and held.added.all_decided
    if not beyond and not (decided and privileged.decided):
        possible = [by_hold.more]
        if not privileged.decided:
            possible.append(by_hold.privileged)
        if not held.added.all_decided:
            possible.append(by_hold.takeover)
        certain: tuple[Weakness, ...] = ()
        if held.dropped.all_decided and held.kept_unasked:
            certain = (by_hold.default,)
        return undecided(name, place, *possible, certain=certain)
    # Those beyond the default come first.
    every = [*beyond, *sorted(held.bounding & DEFAULT_CAPABILITIES)]
    if not every:
        return MechanismState(name, "strong", "none", place)
    shown = ", ".join(every[:_MOST_NAMED])
    more = len(every) - _MOST_NAMED
    state = f"{len(every)}{_HOLDERS[hold]}: {shown}{f' and {more} more' if more > 0 else ''}"
    weak = list(_powers(held.bounding, by_hold))
    if held.kept_unasked or held.bounding >= held.default:
        weak.append(by_hold.default)
    # What is weak for sure may be weaker still.
    worse: list[Weakness] = []
    if weak and not held.added.all_decided:
        worse.append(by_hold.takeover)
    if weak and privileged.could_be(True):
        worse.append(by_hold.privileged)
    mark: Mark = "weak" if weak else "strong"
    return MechanismState(name, mark, state, place, *dict.fromkeys(weak), possible=tuple(worse))


def _powers(bounding: frozenset[str], by_hold: ByHold) -> Iterator[Weakness]:
    if bounding & TAKEOVER:
        yield by_hold.takeover
    if bounding - DEFAULT_CAPABILITIES:
        yield by_hold.more


def _confinement(container: Container) -> Iterator[MechanismState]:
    """Yield what filters system calls and access.

    A privileged container keeps the AppArmor profile that is named for it, but never an
    SELinux label (moby 26.1.5, daemon/oci_linux.go, container/container_unix.go). The
    seccomp profile that is named for it was seen to be off on Engine 26.1.5; moby#47500
    keeps it in later ones.
    """
    security, privileged = container.security, container.privileged
    for name, setting, open_, survives, weak in (
        ("seccomp", security.seccomp, ("unconfined",), True, weakness.NO_SECCOMP),
        ("AppArmor", security.apparmor, ("unconfined",), True, weakness.NO_APPARMOR),
        ("SELinux", security.selinux, ("disable", *UNCONFINED_TYPES), False, weakness.NO_SELINUX),
    ):
        replaced = privileged if setting.value is None or not survives else None
        by_version = name == "seccomp" and privileged.could_be(True)
        if name == "seccomp" and is_named_default(container):
            yield MechanismState(name, "strong", "Docker's default", setting.span)
        elif setting.value in open_:
            yield MechanismState(name, "weak", "off", setting.span, weak)
        elif replaced and replaced.is_surely(True) and (setting.decided or not survives):
            yield MechanismState(name, "weak", f"off, {BY_PRIVILEGE}", replaced.span, weak)
        elif not setting.decided or (replaced and replaced.could_be(True)):
            yield undecided(name, _place(setting), weak)
        elif setting.value is not None and by_version:
            state = f"off, {BY_PRIVILEGE}, unless the engine has moby#47500"
            yield MechanismState(name, "unknown", state, setting.span, possible=(weak,))
        elif name == "seccomp" and setting.value is not None:
            yield _seccomp(container, setting.value, setting.span)
        elif setting.value is not None:
            yield MechanismState(name, "strong", setting.value, setting.span)
        else:
            engine = container.settings.engine
            yield MechanismState(name, "strong", f"{engine}'s default, if the host has it")


def _seccomp(container: Container, path: str, place: Span) -> MechanismState:
    """Return the row of a seccomp profile, which is compared with Docker's default."""
    profile, name = container.seccomp_profile, "seccomp"
    no_filter, weaker = weakness.NO_SECCOMP, weakness.WEAK_SECCOMP
    if profile is None:
        state = f"{path}, a file that is not read"
        return MechanismState(name, "unknown", state, place, possible=(no_filter,))
    if isinstance(profile, RejectedProfile):
        return MechanismState(name, "unknown", f"{path}, which {profile.by} rejects", place)
    if profile.allows_everything:
        return MechanismState(name, "weak", profile.state, place, no_filter)
    if profile.opened:
        return MechanismState(name, "weak", profile.state, place, weaker)
    if profile.perhaps or profile.newer:
        return MechanismState(name, "unknown", profile.state, place, possible=(weaker,))
    return MechanismState(name, "strong", profile.state, place)


def _setuid_programs(container: Container) -> MechanismState:
    words = ("setuid programs", "gain nothing", "can gain privileges")
    return _switch(container.security.no_new_privileges, *words, weakness.SETUID)


def _kernel_files(container: Container) -> MechanismState:
    setting, privileged = container.security.system_paths, container.privileged
    name, weak = "masks over /proc and /sys", weakness.UNMASKED_KERNEL_FILES
    if setting.is_surely("unconfined"):
        return MechanismState(name, "weak", "off", setting.span, weak)
    if privileged.is_surely(True):
        return MechanismState(name, "weak", f"off, {BY_PRIVILEGE}", privileged.span, weak)
    if not setting.decided or privileged.could_be(True):
        return undecided(name, _place(setting), weak)
    return MechanismState(name, "strong", f"{container.settings.engine}'s default")


def _control_groups(container: Container) -> Iterator[MechanismState]:
    """Yield the control groups where the container can write to them."""
    writable = container.security.writable_cgroups
    if writable.is_surely(True):
        weak = weakness.WRITABLE_CGROUPS
        yield MechanismState("control groups", "weak", "writable", writable.span, weak)


def _user(container: Container) -> Iterator[MechanismState]:
    setting = container.user

    def row(mark: Mark, state: str, place: Span | None = None) -> MechanismState:
        if mark == "strong":
            return MechanismState("user", mark, state, place)
        if mark == "unknown":
            return MechanismState("user", mark, state, place, possible=(weakness.ROOT,))
        return MechanismState("user", mark, state, place, weakness.ROOT)

    users = own_users(container.settings)
    if users is not None:
        yield row("strong", "root at most of its own user namespace", users)
    elif is_surely_root(setting) or is_named_like_root(container):
        yield row("weak", "root", setting.span)
    elif is_surely_another(setting):
        state = setting.value or "another than root"
        name = user_name(container)
        if has_id_of_image(container, name):
            yield row("unknown", _by_image(name), setting.span)
        else:
            yield row("strong", state, setting.span)
    elif not setting.decided:
        yield row("unknown", "known only at run time", setting.span)
    elif container.stage is None:
        yield row(*_user_of_known_image(container))
    else:
        yield _user_of_image(container.stage, row)


def _user_of_known_image(container: Container) -> tuple[Mark, str]:
    """Return the mark and the state of the user of an image that is pulled."""
    if container.image is not None and runs_as_root(container.image):
        return "weak", "root, the default of the image"
    needs = container.image_needs
    if needs is not None and needs.user is not None:
        step, account = needs.step_down, needs.account
        if not names_root(needs.user.name):
            return "strong", f"{needs.user.name}, the default of the image"
        if step is not None and step.by in WORKERS_ONLY:
            return "weak", "root, the default of the image"
        if step is not None and account is not None:
            return "strong", f"{account.name}, to which it switches by {step.by}"
        if needs.runs_the_image and needs.family.steps_down == ():
            return "weak", "root, the default of the image"
    return "unknown", "set by the image"


def _user_of_image(stage: Stage, row: Callable[..., MechanismState]) -> MechanismState:
    found = image_user(stage)
    if found.is_root is None:
        return row("unknown", "set by the base image", found.span)
    if found.is_root:
        return row("weak", "root, set by the image", found.span)
    state = found.value.text if found.value is not None else "another than root"
    name = name_of(found.value) if found.value is not None else ""
    if has_unknown_id(stage, name):
        return row("unknown", _by_image(name), found.span)
    return row("strong", f"{state}, set by the image", found.span)


def _by_image(name: str) -> str:
    return f"`{name}`, with the ID that the image gives it"


def _namespaces(container: Container) -> Iterator[MechanismState]:
    """Yield a row for each shared namespace, and one for all of its own."""
    shared = weakness.SHARED_NAMESPACE
    own: list[str] = []
    for kind in _OF_HOST:
        found = container.namespace(kind)
        place = _place(found.setting)
        is_podman = container.settings.engine == "Podman"
        if kind == "user" and is_podman and (place is None or found.is_host):
            state = "the host's if root runs Podman, or else that of its user"
            yield MechanismState("user namespace", "unknown", state, place)
        elif kind == "user" and place is None:
            state = "the host's, unless the daemon maps users"
            yield MechanismState("user namespace", "unknown", state)
        elif kind == "cgroup" and found.setting.surely_absent:
            state = "its own under cgroup v2, the host's under v1"
            yield MechanismState("cgroup namespace", "unknown", state)
        elif found.is_host:
            weak = [_OF_HOST[kind]]
            if kind == "pid" and "SYS_PTRACE" in container.held_capabilities:
                weak.append(weakness.HOST_PROCESSES)
            yield MechanismState(f"{kind} namespace", "weak", "the host's", place, *weak)
        elif found.owner == "unknown":
            yield undecided(f"{kind} namespace", place, _OF_HOST[kind])
        elif found.container is not None:
            state = f"that of the container `{found.container}`"
            yield MechanismState(f"{kind} namespace", "weak", state, place, shared)
        elif found.service is not None:
            state = f"that of the {container.project.title_of(found.service)}"
            yield MechanismState(f"{kind} namespace", "weak", state, place, shared)
        else:
            own.append(kind)
    if own:
        yield MechanismState("own namespaces", "strong", ", ".join(own))


def _limits(container: Container) -> MechanismState:
    limits = container.limits
    every = (limits.memory, limits.cpu, limits.processes)
    missing = [one.name for one in every if one.setting.surely_absent]
    # The place of a value that sets no limit comes first.
    at = sorted(every, key=lambda one: not one.setting.surely_absent)
    place = next((_place(one.setting) for one in at if one.setting.is_set), None)
    weak = [_UNLIMITED[one.name] for one in every if not _is_set(one)]
    if missing:
        weak = [_UNLIMITED[name] for name in missing]
        return MechanismState("limits", "weak", f"none on {_listed(missing)}", place, *weak)
    if weak:
        return undecided("limits", place, *weak)
    return MechanismState("limits", "strong", "on memory, CPU and processes", place)


def _is_set(limit: Limit) -> bool:
    return limit.setting.decided and limit.setting.value is not None


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}" if len(words) > 1 else words[0]
