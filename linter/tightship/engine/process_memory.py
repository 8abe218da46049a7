"""A limit for the memory of another program, which reads what nobody vouches for."""

from __future__ import annotations

from contextlib import suppress


def limit_memory(pid: int, most: int) -> None:
    """Limit the memory that a process may fill to a number of bytes, on Linux.

    It is not the address space: files that are mapped into it, such as Git's packs, do not
    count, and some run times reserve a terabyte of it.
    """
    try:
        from resource import RLIMIT_DATA, prlimit
    except ImportError:
        return
    with suppress(OSError, ValueError):
        prlimit(pid, RLIMIT_DATA, (most, most))
