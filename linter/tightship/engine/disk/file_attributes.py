"""Copies owner, mode and extended attributes to the file that replaces another."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress


def make_alike(handle: int, like: int) -> str | None:
    """Copy the attributes of an open file; return the one that cannot be copied.

    Only the outcome counts: a call may fail without need, or have no effect. The order
    matters: a change of owner removes setuid bits, and an access control list changes
    the mode.
    """
    wanted, made = os.fstat(like), os.fstat(handle)
    if (made.st_uid, made.st_gid) != (wanted.st_uid, wanted.st_gid):
        _try("fchown", handle, wanted.st_uid, wanted.st_gid)
    attributes, held = _attributes(like), _attributes(handle)
    for name in held.keys() - attributes.keys():  # from the default list of the folder
        _try("removexattr", handle, name)
    for name, value in attributes.items():
        if held.get(name) != value:
            _try("setxattr", handle, name, value)
    _try("fchmod", handle, stat.S_IMODE(wanted.st_mode))
    made = os.fstat(handle)
    for what, is_kept in (
        ("owner", made.st_uid == wanted.st_uid),
        ("group", made.st_gid == wanted.st_gid),
        ("extended attributes", _copied(handle) == _copied(like)),
        ("mode", made.st_mode == wanted.st_mode),
    ):
        if not is_kept:
            return what
    return None


def _try(call: str, handle: int, *values: object) -> None:
    """Make a call that some platforms lack, and some users may not make."""
    if hasattr(os, call):
        with suppress(OSError):
            getattr(os, call)(handle, *values)


def _attributes(handle: int) -> dict[str, bytes]:
    """Return the extended attributes of a file, access control lists among them."""
    attributes = dict[str, bytes]()
    if hasattr(os, "listxattr"):
        try:
            for name in os.listxattr(handle):
                attributes[name] = os.getxattr(handle, name)
        except OSError as error:
            if error.errno not in (errno.ENOTSUP, errno.ENODATA):
                raise
    return attributes


def _copied(handle: int) -> dict[str, bytes]:
    """Return the attributes that must be the same; the system sets security labels."""
    attributes = _attributes(handle)
    return {k: v for k, v in attributes.items() if not k.startswith("security.")}
