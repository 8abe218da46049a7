"""A guard of the engine's disk: it ends the containers of a trial before the reserve is used."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from threading import Thread

from tightship_annexes.trial.bounds import FREE_BYTES
from tightship_annexes.trial.copy import LABEL
from tightship_annexes.trial.engine import EngineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_annexes.trial.engine import Engine

_LOOK, _WINDOW, _LEAST = 0.1, 1.0, 0.5
_NOTICE = 4.0
"""Seconds that a busy engine may take to end the containers, while they write on."""


class DiskGuard:
    """Looks at the free disk, and how fast it shrinks."""

    def __init__(self, engine: Engine, label: str) -> None:
        self._engine, self._label = engine, label
        self._seen: list[tuple[float, int]] = []

    def start(self) -> None:
        """Look from now on, until this process ends; of a disk elsewhere, nothing is seen."""
        if self._engine.disk:
            Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(_LOOK)
            with suppress(OSError, EngineError):
                self.look(time.monotonic(), shutil.disk_usage(self._engine.disk).free)

    def look(self, now: float, free: int) -> None:
        """Take what is free now, and end the containers where too little would be left."""
        if not self.is_enough(now, free):
            self._engine.has_no_room = True
        if self._engine.has_no_room:
            listing = ("ps", "-q", "--no-trunc", "--filter", f"label={LABEL}={self._label}")
            containers = self._engine.docker(*listing).out.split()
            if containers:
                self._engine.docker("kill", *containers)

    def is_enough(self, now: float, free: int) -> bool:
        """Return whether the reserve is left when the containers have ended, at this pace."""
        self._seen = [one for one in self._seen if now - one[0] <= _WINDOW]
        paces = [(had - free) / (now - when) for when, had in self._seen if now - when >= _LEAST]
        self._seen.append((now, free))
        return free - _NOTICE * max(0.0, min(paces, default=0.0)) >= FREE_BYTES
