"""One run: it starts copies of a project, and removes all that it made."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress

from tightship.lazy import Record
from tightship.trial.cleaning import clean
from tightship.trial.copy import LABEL
from tightship.trial.engine import EngineError
from tightship.trial.filling import fill
from tightship.trial.variants import with_variants

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal, Self

    from tightship.trial.copy import ProjectCopy
    from tightship.trial.engine import Completed, Engine
    from tightship.trial.variants import Start, Variants

    Data = Literal["fresh", "plain"]

START_SECONDS = 180
"""How long a start may take, with the health checks that others wait for."""

_STOP_SECONDS = 10
_NAME = "com.docker.compose.service"


class Started(Record):
    """What a start made: its containers by service, and why it failed, if it did.

    ``error`` is that of Compose: a container that could not be created or started, or a health
    check that others waited for. The other containers may run.
    """

    containers: Mapping[str, str]
    seconds: float
    error: str = ""


class Run:
    """Starts copies, one at a time; as a context manager, it removes all of them.

    ``label`` is the value of the label of all that it makes. ``starts`` counts.
    """

    def __init__(self, engine: Engine, copy: ProjectCopy, label: str, folder: str) -> None:
        self.engine, self.copy, self.label = engine, copy, label
        self.name: str = copy.config["name"]
        self.starts = 0
        self._folder = folder
        self._now: Start | None = None
        self._plain: Start | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, variants: Variants | None = None, data: Data = "fresh") -> Started:
        """Start the copy with variants, in place of what runs.

        Args:
            variants: Compose keys that are laid over services; entry 0 is the service itself,
                each further one runs beside it as `NAME--1`, `NAME--2` and so on.
            data: `fresh` for empty volumes, with the content that the project gives them;
                `plain` for copies of the volumes that the first start left.

        Raises:
            EngineError: the engine does not take it.

        """
        self._remove_last()
        self.starts += 1
        made = with_variants(self.copy, variants or {}, self.starts)
        plain = self._plain.volumes if self._plain is not None else {}
        self._now = fill(self, made, plain if data == "plain" else {})
        self._plain = self._plain or self._now
        return self._up()

    def stop(self, *services: str, seconds: int | None = None) -> Completed:
        """Stop containers, each within its own grace period or these seconds."""
        grace = () if seconds is None else ("-t", str(seconds))
        return self._compose("stop", *grace, *services)

    def restart(self) -> Started:
        """Start the stopped containers again, with what is in their layers."""
        return self._up()

    def recreate(self) -> Started:
        """Remove the containers and start new ones on the same volumes."""
        self._remove_containers()
        return self._up()

    def close(self) -> list[str]:
        """Remove all that the run made; return what could not be removed."""
        return clean(self.engine, self.label)

    def _up(self) -> Started:
        begin = time.monotonic()
        done = self._compose("up", "-d", "--no-build", "--pull", "never", "--no-recreate")
        error = "" if done.is_done else done.reason if done.code else "it takes too long"
        if error:
            self._start_the_rest()
        return Started(self.containers(), time.monotonic() - begin, error)

    def containers(self) -> dict[str, str]:
        """Return the containers by service."""
        template = f'{{{{.Label "{_NAME}"}}}} {{{{.ID}}}}'
        listing = ("ps", "-a", "--no-trunc", "--filter", f"label={LABEL}={self.label}")
        lines = self.engine.asked(*listing, "--format", template).splitlines()
        pairs = [line.split() for line in lines]
        return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}

    def _start_the_rest(self) -> None:
        """Start what Compose left when another container failed: each has its own fate."""
        services: dict[str, Any] = self._config["services"]
        template = f'{{{{.Label "{_NAME}"}}}} {{{{.State}}}}'
        listing = ("ps", "-a", "--filter", f"label={LABEL}={self.label}", "--format", template)
        states = dict(line.split() for line in self.engine.asked(*listing).splitlines())
        for name, state in states.items():
            needed = services[name].get("depends_on") or {}
            if state == "created" and all(states.get(one) == "running" for one in needed):
                self._compose("up", "-d", "--no-build", "--pull", "never", "--no-deps", name)

    @property
    def _config(self) -> dict[str, Any]:
        if self._now is None:
            raise EngineError("nothing was started")
        return self._now.config

    def _compose(self, *words: str) -> Completed:
        """Run Compose on the copy, which it reads from its standard input."""
        project = ("-p", self.name, "--project-directory", self._folder, "--env-file", os.devnull)
        text = json.dumps(self._config).encode()
        return self.engine.compose(*project, "-f", "-", *words, stdin=text, timeout=START_SECONDS)

    def _remove_containers(self) -> None:
        containers: Sequence[str] = [*self.containers().values()]
        if containers:
            self.engine.asked("rm", "-f", "-v", *containers)

    def _remove_last(self) -> None:
        self._remove_containers()
        last = self._now
        if last is not None and last is not self._plain and last.volumes:
            with suppress(EngineError):
                self.engine.asked("volume", "rm", "-f", *last.volumes.values())
