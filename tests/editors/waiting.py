"""Waiting for what an editor is about to do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# How many seconds to wait for what should be seen; a server starts in one or two.
PATIENCE = 30.0


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    """Wait until a condition holds, or say what was waited for in vain."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def wait_for_text(path: Path, text: str) -> None:
    """Wait until a file has a text; an editor that saves it may take it away for a moment."""

    def is_saved() -> bool:
        try:
            return path.read_text() == text
        except FileNotFoundError:
            return False

    wait_for(f"the saved {path.name}", is_saved)
