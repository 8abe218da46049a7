"""A bound on the time of what would not end, or take minutes, if the code were wrong."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def within(seconds: float) -> Generator[None]:
    """Fail if the block takes more CPU of this thread than a bound, which is many times its use.

    Neither other processes nor a collection of what other tests left behind count.
    """
    gc.collect()
    gc.disable()
    start = time.thread_time()
    try:
        yield
        took = time.thread_time() - start
    finally:
        gc.enable()
    assert took < seconds, f"{took:.1f} s of CPU, not {seconds:g}"
