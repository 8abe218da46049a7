"""The end of a client that does not say goodbye.

If a process that it has started holds the pipes open, the server never reads their end.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

_PERIOD = 10.0  # seconds between two looks at the process


def end_with(process: int, loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> None:
    """Call a function once a process is gone.

    A process that cannot be seen from the beginning is in another container, or on
    another machine. Windows has no signal that changes nothing.
    """
    if os.name != "posix" or not _is_alive(process):
        return

    def look() -> None:
        if _is_alive(process):
            loop.call_later(_PERIOD, look)
        else:
            end()

    loop.call_later(_PERIOD, look)


def _is_alive(process: int) -> bool:
    if process <= 0:  # that is a group of processes
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
