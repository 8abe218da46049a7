"""File modes, as ``chmod``, ``install``, ``mkdir`` and BuildKit read them.

The language is that of GNU's chmod, which includes POSIX's: an octal number, or clauses
such as ``u=rwX,go+w``. The mode of the file before is unknown, so a mode holds the bits
that are surely set afterwards and those that are surely not.
"""

from __future__ import annotations

from tightship.lazy import Record, regex

SETUID = 0o4000
SETGID = 0o2000
STICKY = 0o1000
WORLD_WRITE = 0o002

_ALL = 0o7777
# The bits that a clause without a class, as ``+w``, does not change in a build.
_UMASK = 0o022
_LONGEST = 200

_NUMBER = regex("[0-7]{1,7}")
_CLAUSE = regex(r"([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)")
_ACTION = regex(r"([-+=])([ugo]|[rwxXst]*)")
# The classes and their bits: the s of a user is set-user-ID.
_WHO = {"u": SETUID | 0o700, "g": SETGID | 0o070, "o": STICKY | 0o007, "a": _ALL}
_PERMISSIONS = {"r": 0o444, "w": 0o222, "x": 0o111, "s": SETUID | SETGID, "t": STICKY}


class FileMode(Record, frozen=False):
    """The effect of a mode on a file: bits that are ``on``, and bits that are ``off``.

    A bit that is in neither stays as it was.
    """

    on: int
    off: int

    def __repr__(self) -> str:
        return f"Mode(on={self.on:o}, off={self.off:o})"

    @property
    def is_world_writable(self) -> bool:
        """Return whether everybody may write, and no sticky bit limits that.

        With it, as in ``1777`` of ``/tmp``, everybody may add files to a directory, but
        remove or rename only their own (inode(7)).
        """
        return bool(self.on & WORLD_WRITE) and not self.on & STICKY

    def sets(self, bit: int) -> bool:
        """Return whether a bit is surely set."""
        return bool(self.on & bit)


def parse(text: str) -> FileMode | None:
    """Read a mode; return ``None`` if it is invalid or not certain.

    ``X`` is left open, because it depends on the file. So are bits that are copied from
    another class, as in ``o=g``. A clause without a class is limited by the umask,
    which is assumed to be 022.
    """
    if len(text) > _LONGEST:
        return None
    if _NUMBER.fullmatch(text):
        bits = int(text, 8)
        return FileMode(bits, _ALL & ~bits) if bits <= _ALL else None
    mode = FileMode(0, 0)
    for clause in text.split(","):
        found = _CLAUSE.fullmatch(clause)
        if found is None:
            return None
        for action in _ACTION.finditer(found[2]):
            _act(mode, found[1], action[1], action[2])
    return mode


def _act(mode: FileMode, who: str, operator: str, permissions: str) -> None:
    theirs = _ALL & ~_UMASK
    if who:
        theirs = 0
        for one in who:
            theirs |= _WHO[one]
    copied = permissions in ("u", "g", "o")
    bits = 0
    for letter in permissions:
        bits |= _PERMISSIONS.get(letter, 0)
    bits &= theirs
    unknown = theirs & 0o777 if copied else theirs & 0o111 * ("X" in permissions)
    if operator == "-":
        mode.on &= ~(bits | unknown)
        mode.off |= bits
        return
    if operator == "=":
        # Without a class it clears everything, the bits of the umask as well;
        # a directory may keep its special bits.
        cleared = theirs if who else _ALL
        mode.off |= (theirs if who else 0o777) & ~(bits | unknown)
        mode.on &= ~cleared
    mode.on |= bits
    mode.off &= ~(bits | unknown)
