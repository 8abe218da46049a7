"""What a failure says of the right that is missing: by its signal, and by the lines of the log."""

from __future__ import annotations

import posixpath

from tightship.lazy import regex
from tightship_annexes.trial.hardening import OF_SYSTEM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship_annexes.trial.agreement import Difference
    from tightship_annexes.trial.hardening import Hardening

# What a line of a log says, and the capabilities for it (capabilities(7)).
_CAPABILITIES = tuple(
    (regex(pattern), names)
    for pattern, names in (
        (r"chown|owner", ("CHOWN",)),
        (r"chmod|utime|change mode|changing permissions|sticky", ("FOWNER",)),
        (
            r"set(e|re|res|fs)?[ug]ids?\b|setgroups|initgroups|(switch|chang\w*|set|drop)\w*"
            r" (to )?(the )?(user|group|uid|gid|privileges)|su-exec|gosu|setpriv|spawn",
            ("SETGID", "SETUID"),
        ),
        (r"chroot", ("SYS_CHROOT",)),
        (r"mknod", ("MKNOD",)),
        (r"raw socket|icmp|socket", ("NET_RAW",)),
        (r"bind|listen|exec", ("NET_BIND_SERVICE",)),
        (r"\bkill|signal", ("KILL",)),
        (r"capset|cap_set|capabilit|bounding|prctl", ("SETPCAP",)),
        (r"setcap|security\.capability", ("SETFCAP",)),
        (r"audit|authentication token", ("AUDIT_WRITE",)),
        (r"permission ?denied|permissionerror|cannot open|can't open|eacces", ("DAC_OVERRIDE",)),
    )
)
_READ_ONLY = regex(r"(?i)read-only file ?system|erofs")
_MADE = regex(r"(?i)mk_?dir|makedirs|create_?dir|creat\w* (the )?(director|folder)")
_MISSING = regex(r"(?i)no such file or directory|cannot find|not found|no space left|enospc")
_NOT_RUN = regex(r"(?i)failed to map segment|noexec|unsatisfiedlink|\.so\b")
_NO_PROCESS = regex(r"(?i)resource temporarily unavailable|can't start new thread|fork")
_PATH = regex(r"/[\w.@%+~-]+(?:/[\w.@%+~-]+)*")
_MORE_MEMORY = 4


def hinted(
    tried: Hardening,
    found: Iterable[Difference],
    had: frozenset[str],
    folder: str,
    brings: Callable[[str], bool],
) -> Hardening:
    """Return a hardening with what its failure names; the same if that names nothing.

    Nothing is added that the service did not have.

    Args:
        tried: what failed.
        found: what differed from the plain run.
        had: the capabilities of the plain service.
        folder: where its processes start, for paths without one.
        brings: tells whether the image has files below a path.

    """
    for given in found:
        one = given.replaced(text=" | ".join((given.text, *given.words[-3:])))
        if tried.capabilities is not None:
            names = frozenset(_named(one)) & had
            tried = tried.replaced(capabilities=tried.capabilities | names)
        if tried.read_only:
            tried = _writable(tried, one.text, folder, brings)
        if one.signal == "memory" or "cannot allocate memory" in one.text.lower():
            memory = tried.memory
            tried = tried.replaced(memory=None if memory is None else memory * _MORE_MEMORY)
        if _NO_PROCESS.search(one.text):
            tried = tried.replaced(processes=None)
    return tried


def tells(line: str, capability: str) -> bool:
    """Return whether a line of a log is about what a capability is for."""
    text = line.lower()
    about = (names for pattern, names in _CAPABILITIES if pattern.search(text))
    return "permi" in text and capability in next(about, ())


def _named(one: Difference) -> Iterator[str]:
    if one.signal == "stop":
        yield "KILL"
    if one.signal == "users":
        yield from ("SETGID", "SETUID")
    text = one.text.lower()
    if "permi" in text or one.signal in ("end", "exit code"):
        for pattern, names in _CAPABILITIES:
            if pattern.search(text):
                yield from names


def _writable(tried: Hardening, text: str, folder: str, brings: Callable[[str], bool]) -> Hardening:
    """Return it with paths writable that a line names, or with the image's folders in them."""
    paths = _PATH.findall(text)
    if _READ_ONLY.search(text):
        named = {_place(path, is_made=bool(_MADE.search(text))) for path in paths} or {folder}
        new = {p for p in named if not _covers(tried, p) and not brings(p)} - OF_SYSTEM
        tried = tried.replaced(data=tuple(sorted({*tried.data, *new})))
    if _MISSING.search(text):
        hidden = {
            item
            for item in tried.scratch
            if any(path.startswith(f"{item.partition(':')[0]}/") for path in paths)
        }
        kept = tuple(item for item in tried.scratch if item not in hidden)
        moved = {path for item in hidden if not brings(path := item.partition(":")[0])}
        tried = tried.replaced(scratch=kept, data=tuple(sorted({*tried.data, *moved})))
    if _NOT_RUN.search(text):
        tried = tried.replaced(scratch=tuple(map(_executable, tried.scratch)))
    return tried


def _place(path: str, *, is_made: bool) -> str:
    """Return the folder to write to: a new one, where those above cannot be writable alone."""
    above = posixpath.dirname(path)
    return path if is_made and above in OF_SYSTEM else above


def _covers(tried: Hardening, path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in tried.paths)


def _executable(item: str) -> str:
    path, _, options = item.partition(":")
    given = [one for one in options.split(",") if one and one != "exec"]
    return f"{path}:{','.join([*given, 'exec'])}"
