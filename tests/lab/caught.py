"""Which recorded need is missed by which signal, when a copy runs without it.

Every copy has the recorded hardening but for one thing: a capability, or a writable path.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.lab.engine import engine
from tests.lab.stand_ins import stand_ins
from tests.lab.tried import RECORD, in_network, of_default, prepare, started

from tightship_annexes.trial.agreement import differences
from tightship_annexes.trial.engine_trials import EngineTrials
from tightship_annexes.trial.hardening import Hardening

if TYPE_CHECKING:
    from collections.abc import Iterator

Record = dict[str, Any]


def needs_of(record: Record) -> tuple[Hardening, dict[str, Hardening]]:
    """Return the recorded hardening, and what is left without each need."""
    hardened = record["hardened"]
    own = frozenset(map(of_default, hardened["cap_add"]))
    scratch = tuple(hardened.get("tmpfs") or ())
    whole = Hardening(
        own, bool(hardened.get("read_only")), ("/tmp", *(s for s in scratch if s != "/tmp"))
    )
    needed = sorted(map(of_default, record["capabilities"]))
    less = {name: whole.replaced(capabilities=own - {name}) for name in needed}
    for item in scratch:
        less[item] = whole.replaced(scratch=tuple(o for o in whole.scratch if o != item))
    return whole, less


def _here(file: str, record: Record) -> Iterator[tuple[str, str, str]]:
    whole, less = needs_of(record)
    with started(file) as (run, _containers):
        [service] = run.copy.services
        trials = EngineTrials(run, [service])
        trials.start_plain()
        trials.stop_plain()
        plain = trials.plain[service]
        control, complete, *lives = trials.start({service: [Hardening(), whole, *less.values()]})[
            service
        ]
        for name, life in zip(
            ("control", "recorded set", *less), (control, complete, *lives), strict=True
        ):
            found = differences(plain, life)
            signal = f"{found[0].signal} ({found[0].phase})" if found else ""
            yield name, signal, found[0].text if found else ""


def main() -> None:
    """Print a table: the stand-in, the need and the signal that missed it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--here", nargs=2)
    given = parser.parse_args()
    records: dict[str, Record] = json.loads(RECORD.read_text("utf-8"))["images"]
    if given.here:
        file, name = given.here
        for row in _here(file, records[name]):
            print(json.dumps(row), flush=True)
        return
    signals = Counter[str]()
    with engine() as running:
        for one in stand_ins(given.only):
            words = ("tests.lab.caught", "--here", str(prepare(running, one)), one.name)
            for need, signal, text in in_network(running, *words):
                print(f"{one.name} | {need} | {signal or '-'} | {text[:110]}", flush=True)
                if need not in ("control", "recorded set"):
                    signals[signal or "none"] += 1
    caught = signals.total() - signals["none"]
    print(f"{caught} of {signals.total()} needs are seen: {dict(signals.most_common())}")


if __name__ == "__main__":
    main()
