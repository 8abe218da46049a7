"""How long a trial of three services takes, next to their plain life and to the search one by one.

The engine is the lab's own, and all three are measured in the same run. The images of nginx,
Python and Redis have 100 to 200 MB, as those that people pull; other stand-ins have up to 1 GB.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import yaml
from tests.lab.engine import engine
from tests.lab.stand_ins import is_root, stand_ins
from tests.lab.tried import in_network, prepare, started, written

from tightship.values.capability import DEFAULT_CAPABILITIES
from tightship_annexes.trial.engine_trials import EngineTrials
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.proving import Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.lab.engine import Engine

    from tightship.isolation.container import Container
    from tightship_annexes.trial.run import Run

SERVICES = ("nginx", "python", "redis")


def project(running: Engine, names: Sequence[str], *, known: bool) -> Path:
    """Write a project of stand-ins, under names that no table knows unless they are ``known``."""
    whole: dict[str, Any] = {"services": {}, "volumes": {}}
    for one in stand_ins(names):
        small = f"pace-{one.name}"
        one = replace(one, root=small) if is_root(small) else one
        own = yaml.safe_load(prepare(running, one).read_text("utf-8"))
        [service] = own["services"].values()
        service.pop("ports", None)
        if known:
            running.docker("tag", service["image"], one.image)
        whole["services"][one.name] = service | ({"image": one.image} if known else {})
        whole["volumes"] |= own.get("volumes") or {}
    return written(running, "pace", yaml.safe_dump(whole, sort_keys=False))


def whole_life(run: Run, _containers: dict[str, Container]) -> None:
    """Start the project as it is, stop, start, restart, and start new containers."""
    trials = _plain(run)
    trials.start({name: [Hardening()] for name in run.copy.services}, old_data=True)


def whole_trial(run: Run, containers: dict[str, Container]) -> None:
    """Prove hardenings, as `tightship try` does."""
    for one in Proof(run, run.copy.services, containers, (), _say).tried():
        assert not one.why, one.why


def one_by_one(run: Run, _containers: dict[str, Container]) -> None:
    """Take one thing away after another, in a start of the project for each."""
    trials = _plain(run)
    tries = [Hardening(capabilities=DEFAULT_CAPABILITIES - {c}) for c in DEFAULT_CAPABILITIES]
    for tried in (*tries, Hardening(read_only=True), Hardening(no_new_privileges=True)):
        trials.start({name: [tried] for name in run.copy.services})


def _plain(run: Run) -> EngineTrials:
    trials = EngineTrials(run, run.copy.services)
    trials.start_plain()
    trials.stop_plain()
    return trials


def _say(text: str) -> None:
    print(text, file=sys.stderr)


HOWS: dict[str, Callable[[Run, dict[str, Container]], None]] = {
    "plain life": whole_life,
    "trial": whole_trial,
    "one by one": one_by_one,
}


def _here(file: str) -> Iterator[tuple[str, float, int]]:
    for name, how in HOWS.items():
        begin = time.monotonic()
        with started(file) as (run, containers):
            how(run, containers)
        yield name, round(time.monotonic() - begin, 1), run.starts


def main() -> None:
    """Print the seconds and the starts of the project, for each of the three ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="*")
    parser.add_argument("--known", action="store_true")
    parser.add_argument("--here", default="")
    given = parser.parse_args()
    if given.here:
        for row in _here(given.here):
            print(json.dumps(row), flush=True)
        return
    with engine() as running:
        file = project(running, given.services or SERVICES, known=given.known)
        for name, seconds, starts in in_network(running, "tests.lab.pace", "--here", str(file)):
            print(f"{name}: {seconds} s, {starts} starts", flush=True)


if __name__ == "__main__":
    main()
