"""Hardening: settings that isolate a container better than Docker's defaults."""

from __future__ import annotations

from tightship.isolation.host_path import HostPath
from tightship.isolation.namespaces import KEYS
from tightship.isolation.security import UNCONFINED_TYPES, boundary
from tightship.isolation.user import is_surely_root
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue, ScalarValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.isolation.container import Container
    from tightship.model.setting import Setting
    from tightship.model.value import Value
    from tightship.text import Span

    Kept = Callable[[Container], bool]

_FLAGS = (("privileged", False), ("read_only", True), ("oom_kill_disable", False))
# Limits by attribute, in words, and the keys that set them.
_LIMITS = (
    ("memory", "memory limit", ("mem_limit", "deploy")),
    ("cpu", "CPU limit", ("cpus", "cpu_quota", "cpuset", "deploy")),
    ("processes", "process limit", ("pids_limit", "deploy")),
)
# Mounts of these are harmless, writable or not.
_HARMLESS = frozenset((HostPath.OTHER, HostPath.WORLD_TEMP, HostPath.TIME_AND_CERTIFICATES))
_LOOSE = ("unconfined", "disable", *UNCONFINED_TYPES)


class Hardening(Record):
    """A setting that isolates a container better than its absence would.

    ``name`` tells it from the others of a container, ``what`` describes it in words,
    and ``keys`` are the keys of a service that may set it, by default the name.
    ``kept`` tells whether another container may have it, or one that is as good.
    ``item`` is its text where it is an item of ``security_opt`` or ``cap_drop``.
    """

    name: str
    what: str
    span: Span
    kept: Kept
    keys: tuple[str, ...] = ()
    item: str = ""


def hardenings(container: Container) -> Iterator[Hardening]:
    """Yield the decided hardening of a container."""
    yield from _flags(container)
    yield from _user(container)
    yield from _namespaces(container)
    yield from _sandbox(container)
    yield from _options(container)
    yield from _drops(container)
    yield from _limits(container)
    yield from _ulimits(container)
    yield from _logging(container)
    yield from _mounts(container)


def _flags(container: Container) -> Iterator[Hardening]:
    for key, safe in _FLAGS:
        written = container.flag(key)
        if not written.is_surely(safe):
            continue

        def kept(other: Container, key: str = key, safe: bool = safe) -> bool:
            flag = other.flag(key)
            # Without the key, all of them are false.
            return flag.could_be(safe) or (not safe and flag.surely_absent)

        what = f"`{key}: {'true' if safe else 'false'}`"
        yield Hardening(key, what, written.span, kept)


def _user(container: Container) -> Iterator[Hardening]:
    user = container.user
    if not user.value or is_surely_root(user):
        return

    def kept(other: Container) -> bool:
        return not other.user.surely_absent and not is_surely_root(other.user)

    yield Hardening("user", f"`user: {user.value}`", user.span, kept)


def _namespaces(container: Container) -> Iterator[Hardening]:
    for kind, key in KEYS.items():
        written = container.text(key)
        value = written.value
        if not value or value == "host" or ":" in value:
            continue

        def kept(other: Container, kind: str = kind, value: str = value) -> bool:
            owner = other.namespace(kind).owner
            if (kind, value) == ("network", "none"):
                return owner in ("none", "unknown")
            return owner != "host"

        yield Hardening(key, f"`{key}: {value}`", written.span, kept)


def _sandbox(container: Container) -> Iterator[Hardening]:
    written = container.text("runtime")
    if boundary(written.value or "") is None:
        return

    def kept(other: Container) -> bool:
        runtime = other.text("runtime")
        return not runtime.decided or boundary(runtime.value or "") is not None

    yield Hardening("runtime", f"`runtime: {written.value}`", written.span, kept)


def _options(container: Container) -> Iterator[Hardening]:
    def option(name: str, setting: Setting[str] | Setting[bool], kept: Kept) -> Hardening:
        text, keys = _text(setting), ("security_opt",)
        return Hardening(name, f"`{text}`", setting.span, kept, keys, item=text)

    def grown(other: Container) -> bool:
        return other.security.no_new_privileges.could_be(True)

    security = container.security
    if security.no_new_privileges.is_surely(True):
        yield option("no-new-privileges", security.no_new_privileges, grown)
    for name in ("seccomp", "apparmor", "selinux"):

        def confined(other: Container, name: str = name) -> bool:
            found: Setting[str] = getattr(other.security, name)
            return not found.decided or found.value not in (None, *_LOOSE)

        profile: Setting[str] = getattr(security, name)
        if profile.value and confined(container):
            yield option(name, profile, confined)


def _drops(container: Container) -> Iterator[Hardening]:
    for name, item in container.capabilities.dropped_items:

        def kept(other: Container, name: str = name) -> bool:
            held = other.capabilities
            return held.could_drop_all or name in held.dropped_names

        what = f"`cap_drop: {name}`"
        yield Hardening(f"drop {name}", what, item.span, kept, ("cap_drop",), item=name)


def _limits(container: Container) -> Iterator[Hardening]:
    for attribute, what, keys in _LIMITS:
        setting: Setting[float] = getattr(container.limits, attribute).setting
        if setting.value is None:
            continue

        def kept(other: Container, attribute: str = attribute) -> bool:
            limit: Setting[float] = getattr(other.limits, attribute).setting
            return not limit.surely_absent

        text = f"{what} of `{_text(setting)}`"
        yield Hardening(what, f"the {text}", setting.span, kept, keys)


def _ulimits(container: Container) -> Iterator[Hardening]:
    written = container.value("ulimits")
    if not isinstance(written, MappingValue):
        return
    for name, entry in written.entries.items():
        if not _bounds(entry.value):
            continue

        def kept(other: Container, name: str = name) -> bool:
            found = other.value("ulimits", name)
            return found is not None and _bounds(found, undecided=True)

        what, span = f"`ulimits.{name}`", entry.value.span
        yield Hardening(f"ulimit {name}", what, span, kept, ("ulimits",))


def _bounds(value: Value, *, undecided: bool = False) -> bool:
    """Return whether an entry of ``ulimits`` sets a limit: a number that is not -1."""
    hard = value.get("hard") if isinstance(value, MappingValue) else value
    if not isinstance(hard, ScalarValue):
        return False
    return undecided if not hard.decided else (hard.content or "").isdecimal()


def _logging(container: Container) -> Iterator[Hardening]:
    size = container.text("logging", "options", "max-size")
    driver = container.text("logging", "driver")

    def sized(other: Container) -> bool:
        logger = other.container.text("logging", "driver")
        if not logger.surely_absent and not logger.is_surely("json-file"):
            return True
        return not other.container.text("logging", "options", "max-size").surely_absent

    if size.value:
        what = f"`max-size: {size.value}` of the log"
        yield Hardening("max-size", what, size.span, sized, ("logging",))
    if driver.value and driver.value != "none":

        def logs(other: Container) -> bool:
            return not other.container.text("logging", "driver").is_surely("none")

        what = f"the logging driver `{driver.value}`"
        yield Hardening("logging", what, driver.span, logs)


def _mounts(container: Container) -> Iterator[Hardening]:
    for mount in container.mounts:
        if not mount.read_only or mount.volume is None:
            continue

        def kept(other: Container, target: str = mount.target) -> bool:
            return not any(
                one.target == target and one.writable and one.host not in _HARMLESS
                for one in other.mounts
            )

        what = f"the read-only mount at `{mount.target}`"
        name = f"mount {mount.target}"
        yield Hardening(name, what, mount.span, kept, ("volumes",))


def _text(setting: Setting[str] | Setting[bool] | Setting[float]) -> str:
    return setting.source.text if isinstance(setting.source, ScalarValue) else ""
