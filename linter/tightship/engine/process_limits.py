"""Limits for another program, which reads what nobody vouches for."""

from __future__ import annotations

from contextlib import suppress


def limit(pid: int, most: int, seconds: int = 0) -> None:
    """Limit the memory that a process may fill to a number of bytes, on Linux.

    It is not the address space: files that are mapped into it, such as Git's packs, do not
    count, and some run times reserve a terabyte of it. ``seconds`` are those of a processor
    after which the process is ended.
    """
    try:
        from resource import RLIMIT_CPU, RLIMIT_DATA, prlimit
    except ImportError:
        return
    with suppress(OSError, ValueError):
        prlimit(pid, RLIMIT_DATA, (most, most))
        if seconds:
            prlimit(pid, RLIMIT_CPU, (seconds, seconds + 1))
