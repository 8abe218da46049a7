"""A terminal that an editor runs in, with tmux as the one who types and looks."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.editors.waiting import PATIENCE, wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

WIDTH, HEIGHT = 160, 50


class Terminal:
    """One program in a terminal of its own, which ends with the `with`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        tmux: str,
        socket: Path,
        folder: Path,
        environment: Mapping[str, str],
    ) -> None:
        self._tmux = (tmux, "-S", str(socket), "-f", "/dev/null")
        size = ("-x", str(WIDTH), "-y", str(HEIGHT))
        self._ask(
            # The screen outlives the program, so that its end can be seen.
            *("set-option", "-g", "remain-on-exit", "on", ";"),
            *("new-session", "-d", *size, "-c", str(folder), *command),
            environment=environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            error.add_note(self.screen())
        self._ask("kill-server")

    def screen(self) -> str:
        """Return what a user would see."""
        return self._ask("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names for them: `Enter`, `Escape`, `Space`."""
        self._ask("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text, and Enter after it."""
        self._ask("send-keys", "-l", text)
        self.press("Enter")

    def see(self, *texts: str) -> str:
        """Wait until all the texts are on the screen, and return the screen."""
        wait_for(f"{texts} on the screen", lambda: all(text in self.screen() for text in texts))
        return self.screen()

    def ended(self) -> int:
        """Wait for the program to end, and return its exit code."""
        wait_for("the end", lambda: self._about("pane_dead") == "1")
        return int(self._about("pane_dead_status"))

    def _about(self, what: str) -> str:
        return self._ask("display-message", "-p", f"#{{{what}}}").strip()

    def _ask(self, *words: str, environment: Mapping[str, str] | None = None) -> str:
        return subprocess.run(
            (*self._tmux, *words),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        ).stdout
