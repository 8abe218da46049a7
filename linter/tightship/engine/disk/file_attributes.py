"""The owner, mode and attributes of a file, taken over by the one that replaces it."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress


def make_alike(handle: int, like: int) -> str | None:
    """Give an open file what another has, and return what it cannot be given.

    What counts is the outcome: a call may fail that was not needed, or do nothing. The
    order matters: a change of owner takes setuid bits away, and an access control list
    changes the mode.
    """
    wanted, made = os.fstat(like), os.fstat(handle)
    if (made.st_uid, made.st_gid) != (wanted.st_uid, wanted.st_gid):
        _try("fchown", handle, wanted.st_uid, wanted.st_gid)
    attributes, held = _attributes(like), _attributes(handle)
    for name in held.keys() - attributes.keys():  # from the folder's default list
        _try("removexattr", handle, name)
    for name, value in attributes.items():
        if held.get(name) != value:
            _try("setxattr", handle, name, value)
    _try("fchmod", handle, stat.S_IMODE(wanted.st_mode))
    made = os.fstat(handle)
    for what, is_kept in (
        ("owner", made.st_uid == wanted.st_uid),
        ("group", made.st_gid == wanted.st_gid),
        ("extended attributes", _lasting(handle) == _lasting(like)),
        ("mode", made.st_mode == wanted.st_mode),
    ):
        if not is_kept:
            return what
    return None


def _try(call: str, handle: int, *values: object) -> None:
    """Make a call that not every platform has, and not every user may make."""
    with suppress(OSError):
        getattr(os, call, _nothing)(handle, *values)


def _nothing(*_: object) -> None: ...


def _attributes(handle: int) -> dict[str, bytes]:
    """Return the extended attributes of a file, access control lists among them."""
    found = dict[str, bytes]()
    if hasattr(os, "listxattr"):
        try:
            for name in os.listxattr(handle):
                found[name] = os.getxattr(handle, name)
        except OSError as error:
            if error.errno not in (errno.ENOTSUP, errno.ENODATA):
                raise
    return found


def _lasting(handle: int) -> dict[str, bytes]:
    """Return the attributes that must be kept: labels are the system's to give."""
    attributes = _attributes(handle)
    return {k: v for k, v in attributes.items() if not k.startswith("security.")}
