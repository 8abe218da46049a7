"""The paths that a service may write because its own settings name them.

The facts about an image say where it writes as it is published. A command, a variable or
a configuration file may name other places: a log in ``/var/log``, a socket in ``/tmp``.
With a read-only root file system the service does not start, or loses its log.
"""

from __future__ import annotations

import posixpath

from tightship.images.facts import Source, Write, derived
from tightship.images.written_settings import ANYWHERE, settings_of
from tightship.isolation.writable_paths import clean, covers, mount_targets
from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.images.needs import Needs
    from tightship.images.written_settings import WrittenSettings
    from tightship.isolation.container import Container
    from tightship.isolation.own_settings import OwnSetting
    from tightship.text import Span

# Absolute paths, also behind `unix:`. What follows a name or a slash is a URL.
_PATH = regex(
    r"""(?:(?:unix|file|sqlite[\w+]*):/{2,3}(?=/)|unix[/@]|(?<![\w.)}\]*@~/$-]))(/[\w.@%$+~][^\s"'`,;:|()\[\]<>{}\\]*)"""
)
_FIRST = regex(r"""[ \t]*["']?([^\s"';]+)""")
# Only the first argument of these is a path that is made; they also name keys.
_FIRST_ONLY = ("bind", "listen")
# A relative value of these is an address.
_ADDRESSES = ("admin", "bind", "listen", "listener", "mutex", "sslsessioncache")
# A setting of this name holds a part of a URL.
_URL_NAME = regex(r"url|uri|prefix|route|endpoint|health|location|redirect|origin|link")
# Programs read there, or the kernel provides what is there.
_READ = (*("/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/boot"), *("/proc", "/sys", "/dev"))
# Scratch by its meaning (Filesystem Hierarchy Standard): a restart may empty it.
_SCRATCH = ("/tmp", "/var/tmp")
_SCRATCH_NAMES = (".sock", ".socket", ".pid", ".lock")


class Unwritable:
    """A setting that may need a path which a patch would leave unwritable.

    ``why`` is a clause with the place.
    """

    __slots__ = ("place", "why")

    def __init__(self, why: str, place: Span) -> None:
        self.place = place
        line, _ = place.source.point(place.start)
        self.why = f"{why} ({place.source.name}:{line + 1})" if place.source.name else why


class OwnPaths(Record):
    """What the settings of a service ask for, with a read-only root file system.

    ``writes`` are scratch paths that a ``tmpfs`` brings, ``unwritable`` is what no patch
    brings, and ``sources`` are the settings that say so.
    """

    writes: Sequence[Write]
    unwritable: Unwritable | None
    sources: Sequence[Source]


def own_paths(container: Container, needs: Needs) -> OwnPaths:
    """Return what the settings of a service ask for."""
    # The user of an image that the project builds writes nowhere else, whatever it runs.
    if not needs.family.names:
        return OwnPaths((), None, ())
    known = settings_of(needs.family.programs)
    writable = _Writable(container, needs)
    writes: dict[str, Write] = {}
    files: dict[str, Source] = {}
    for setting in container.own_settings:
        if setting.in_file:
            name = setting.place.source.name
            files.setdefault(name, derived(f"{name}, which the service reads"))
        if setting.value is None:
            why = f"{setting.written} is not read, and may name other places to write to"
            return OwnPaths((), Unwritable(why, setting.place), ())
        if setting.name in known.includes and writable.includes_unread(setting, known):
            why = f"what {setting.written} loads is not read, and may name other places"
            return OwnPaths((), Unwritable(why, setting.place), ())
        for path, is_scratch in _named(setting, known):
            if path and writable.has(path, is_scratch=is_scratch):
                continue
            folder = _scratch_folder(path) if is_scratch else None
            if folder is None or writable.may_hold(folder):
                return OwnPaths((), _unwritable(setting, path, known), ())
            why = f"{setting.written} names `{path}`"
            source = derived(f"{setting.place.source.name}, {setting.written}")
            writes.setdefault(folder, Write(source, (), folder, why))
    sources = [*files.values(), *(write.source for write in writes.values())]
    return OwnPaths(list(writes.values()), None, sources)


def _unwritable(setting: OwnSetting, path: str, known: WrittenSettings) -> Unwritable:
    name = setting.written
    if not path:
        why = f"{name} may write to any place"
    elif known.is_complete or setting.name in known.writes:
        why = f"{name} writes to `{path}`: mount a volume there"
    else:
        why = f"{name} names `{path}`, which it may write: mount a volume there if it does"
    return Unwritable(why, setting.place)


def _named(setting: OwnSetting, known: WrittenSettings) -> Iterator[tuple[str, bool]]:
    """Yield the paths that a setting may write, and whether they are scratch.

    An empty path is any.
    """
    name, value = setting.name, setting.value or ""
    found = _FIRST.match(value)
    first = found[1] if found is not None else ""
    second = f"{name}-{first.lower().replace('_', '-')}"
    last = name.rpartition(".")[2]
    what = next((known.writes[n] for n in (second, name, last) if n in known.writes), None)
    if what is None and not setting.in_file:
        what = "data" if name == "made" else ANYWHERE.get(name)
    paths = paths_in(first if name in _FIRST_ONLY else value)
    if what is not None and (paths or second not in known.writes):
        yield from ((path, what == "run") for path in paths)
        if not paths and name not in _ADDRESSES:
            yield from _relative(first, known, is_scratch=what == "run")
        return
    if known.code and name.startswith(known.code):
        if first.lower() not in ("off", "none"):
            yield "", False
        return
    if known.is_complete or name in known.reads or _URL_NAME.search(name):
        return
    if name.endswith("-file") and not setting.in_file:
        return  # the convention of official images for secrets, which are read
    for path in paths:
        if not any(covers(one, clean(path)) for one in _READ):
            yield path, path.endswith(_SCRATCH_NAMES)


def paths_in(text: str) -> list[str]:
    """Return the absolute paths that a text names."""
    if "/" not in text:
        return []
    return [found[1].rstrip(".") for found in _PATH.finditer(text)]


def _relative(
    first: str, known: WrittenSettings, *, is_scratch: bool
) -> Iterator[tuple[str, bool]]:
    """Yield the path that a relative one means; with a variable, it is any path."""
    if first.startswith("$"):
        yield "", False
        return
    is_file = ":" not in first and ("/" in first or "." in first)
    if known.prefix and is_file and not first.isdecimal():
        yield posixpath.join(known.prefix, first), is_scratch


def _scratch_folder(path: str) -> str | None:
    """Return the scratch folder that a path is, or in which it lies directly."""
    path = clean(path)
    return next((one for one in _SCRATCH if path == one or _parent(path) == one), None)


def _parent(path: str) -> str:
    return posixpath.dirname(path.rstrip("/"))


class _Writable:
    """The paths that stay writable with a patch, and what is mounted."""

    def __init__(self, container: Container, needs: Needs) -> None:
        self._mounted = [clean(target) for target in mount_targets(container)]
        self._targets = [*self._mounted]
        self._targets += [clean(volume.path) for volume in needs.volumes or ()]
        self._stage = container.stage
        writes = [write for write in needs.writes or () if not write.optional]
        self._targets += [clean(write.path) for write in writes if write.kind == "data"]
        self._tmpfs = [clean(write.path) for write in writes if write.kind != "data"]

    def has(self, path: str, *, is_scratch: bool) -> bool:
        """Return whether a path is as writable with the patch as it is without.

        A folder of the image below a ``tmpfs`` would be missing, and what grows there
        takes memory and is gone with a restart.
        """
        path = clean(path)
        if path.startswith(("/dev/", "/proc/")):
            return True
        known = [target.partition("\0") for target in self._targets]
        if any(covers(t, path) if not hole else path.startswith(t) for t, hole, _ in known):
            return True
        return is_scratch and any(one in (path, _parent(path)) for one in self._tmpfs)

    def includes_unread(self, setting: OwnSetting, known: WrittenSettings) -> bool:
        """Return whether a setting loads files of the project that are not read here.

        Those in the folders of the program are read, and so is each file by itself.
        """
        paths = paths_in(setting.value or "")
        if known.files and not paths:
            return True  # a relative one, or a part of the same file
        for path in map(clean, paths):
            if not known.files and any(covers(one, path) for one in known.folders):
                continue
            if any(covers(one, path) and one != path for one in self._mounted):
                return True
            if self._stage is not None and self.may_hold(_parent(path)):
                return True
        return False

    def may_hold(self, folder: str) -> bool:
        """Return whether the build may add something to a folder."""
        if self._stage is None:
            return False
        from tightship.isolation.added_files import added_paths

        added = added_paths(self._stage)
        return added is None or any(
            covers(folder, path) or covers(path, folder) for path in map(clean, added)
        )
