"""How containers stop, by the events of their engine."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tightship_annexes.trial.observation import inspected, look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from tightship_annexes.trial.engine import Engine
    from tightship_annexes.trial.observation import Observation

_LOOKS = 8  # at the same time


def stopped(
    engine: Engine, containers: Mapping[str, str], stop: Callable[[], object]
) -> dict[str, Observation]:
    """Stop containers, and return what is seen of each: its code, seconds and log."""
    begin, before = time.monotonic(), clock(engine)
    stop()
    spent = time.monotonic() - begin
    times = _stop_times(engine, before) if before else {}
    about = inspected(engine, containers.values())
    known = {name: one for name, one in containers.items() if one in about}
    with ThreadPoolExecutor(_LOOKS) as pool:
        seen = pool.map(partial(look, engine, answers={}), map(about.__getitem__, known.values()))
        return {
            name: one.replaced(seconds=times.get(known[name], spent))
            for name, one in zip(known, seen, strict=True)
        }


def clock(engine: Engine) -> str:
    """Return the time of the engine, empty if it is not known."""
    return engine.docker("info", "--format", "{{.SystemTime}}").out.strip()


def _stop_times(engine: Engine, since: str) -> dict[str, float]:
    """Return how long each container took from its first signal to its end."""
    import json

    only = ("--filter", "event=kill", "--filter", "event=die", "--format", "{{json .}}")
    until = clock(engine)
    done = engine.docker("events", "--since", since, "--until", until, *only, timeout=20)
    first, found = dict[str, int](), dict[str, float]()
    for line in done.out.splitlines():
        event: Mapping[str, Any] = json.loads(line) if line.startswith("{") else {}
        actor: Mapping[str, str] = event.get("Actor") or {}
        container, when = actor.get("ID", ""), int(event.get("timeNano") or 0)
        if event.get("Action") == "kill":
            first.setdefault(container, when)
        elif container in first:
            found[container] = (when - first[container]) / 1e9
    return found
