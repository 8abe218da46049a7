"""Renew the records of the lab, and say what changed: ``python -m tests.lab.renew``."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from tests.lab.cases import CASES
from tests.lab.comparison import disagreements
from tests.lab.engine import missing_part
from tests.lab.premises import every_premise, report, try_premises
from tests.lab.prepared import prepared_engine
from tests.lab.records import ORACLE, Recorder, dump, generated_records, load
from tests.lab.transcripts import pages, problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEEDS = range(1, 41)


def changes(old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    """Yield what differs between two lists of records, one line each."""
    before = {record["name"]: record for record in old}
    after = {record["name"]: record for record in new}
    for name in before.keys() - after.keys():
        yield f"{name}: is gone"
    for name, record in after.items():
        if name not in before:
            yield f"{name}: is new"
            continue
        was = before[name]
        if was.get("refused") != record.get("refused"):
            yield f"{name}: refused: {was.get('refused')} -> {record.get('refused')}"
        for service, pair in record["services"].items():
            former = was["services"].get(service)
            if former != pair:
                yield f"{name} {service}: {former} -> {pair}"


def main() -> int:
    """Run all cases, write the records, and print changes and disagreements."""
    missing = missing_part()
    if missing is not None:
        print(f"the lab is skipped: {missing}")
        return 0
    start = time.monotonic()
    with prepared_engine() as running:
        recorder = Recorder(running)
        records = [recorder.record(name, case) for name, case in CASES.items()]
        records += generated_records(recorder, SEEDS)
        header = recorder.header()
        tried = try_premises(running, every_premise())
        stale = [
            line for rule, seen in pages() for line in problems(running, rule, seen)
        ]
    old_header, old = load() if ORACLE.exists() else ({}, [])
    for key in header.keys() | old_header.keys():
        if header.get(key) != old_header.get(key):
            print(f"{key}: {old_header.get(key)} -> {header.get(key)}")
    for line in changes(old, records):
        print(line)
    ORACLE.write_text(dump(header, records), encoding="utf-8")
    wrong = [one for record in records for one in disagreements(header, record)]
    services = sum(len(record["services"]) for record in records)
    print(f"{len(records)} projects, {services} services, {len(wrong)} disagreements")
    print(*wrong, sep="\n")
    print(report(tried))
    print(f"{len(pages())} pages with commands, {len(stale)} differences")
    print(*stale, sep="\n")
    print(f"{time.monotonic() - start:.0f} s")
    failed = [one for one in tried if one.problem]
    return 1 if wrong or failed or stale else 0


if __name__ == "__main__":
    sys.exit(main())
