"""Waiting for what an editor is about to do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# How many seconds to wait for what should be seen; a server starts in one or two.
PATIENCE = 30.0


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, or say what was waited for in vain."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)
