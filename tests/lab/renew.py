"""Renew the records of the lab, and say what changed: ``python -m tests.lab.renew``."""

from __future__ import annotations

import sys
import time
from random import randrange
from typing import TYPE_CHECKING, Any

from tests.lab import (
    built_images,
    capability_comparison,
    capability_matrix,
    image_comparison,
    network_comparison,
    networks,
    records,
    seccomp,
)
from tests.lab.cases import CASES
from tests.lab.comparison import disagreements
from tests.lab.engine import missing_part
from tests.lab.image_cases import cases
from tests.lab.premises import every_premise
from tests.lab.prepared import prepared_engine
from tests.lab.transcripts import not_run, pages, problems
from tests.lab.trial import report, try_premises

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.lab.engine import Engine

SEEDS = range(1, 41)
IMAGE_SEEDS = range(1, 101)
NETWORK_SEEDS = range(1, 15)
SECCOMP_SEEDS = range(1, 41)
# Dockerfiles that are new in each run, and not recorded.
_NEW = 60


def _keep(path: Path, header: Any, made: Sequence[Any], inner: str) -> None:
    """Print what changed in a file of records, and write it."""
    old_header, old = records.load(path) if path.exists() else ({}, [])
    for key in header.keys() | old_header.keys():
        if header.get(key) != old_header.get(key):
            print(f"{key}: {old_header.get(key)} -> {header.get(key)}")
    for line in records.changes(old, made, inner):
        print(line)
    path.write_text(records.dump(header, made, inner), encoding="utf-8")


def _containers(running: Engine) -> list[str]:
    recorder = records.Recorder(running)
    made = [recorder.record(name, case) for name, case in CASES.items()]
    made += records.generated_records(recorder, SEEDS)
    header = recorder.header()
    _keep(records.ORACLE, header, made, "services")
    wrong = [one for record in made for one in disagreements(header, record)]
    services = sum(len(record["services"]) for record in made)
    print(f"{len(made)} projects, {services} services, {len(wrong)} disagreements")
    return wrong


def _images(running: Engine) -> list[str]:
    built_images.make_base(running)
    recorded = [*cases(), *built_images.generated_files(IMAGE_SEEDS)]
    made = built_images.built(running, recorded)
    _keep(built_images.ORACLE, built_images.versions(running), made, "images")
    first = randrange(1000, 10**6)
    new = built_images.generated_files(range(first, first + _NEW))
    compared = image_comparison.compare([*made, *built_images.built(running, new)])
    wrong = compared.disagreements
    print(
        f"{compared.images} images, {compared.compared} values,"
        f" {len(compared.open)} open, {len(wrong)} disagreements"
    )
    return wrong


def _networks(running: Engine) -> list[str]:
    made = networks.records(running, NETWORK_SEEDS)
    _keep(networks.ORACLE, running.versions(), made, "services")
    compared = network_comparison.compare(made)
    wrong = compared.disagreements
    print(f"{compared.pairs} pairs of services, {len(wrong)} disagreements")
    return wrong


def _seccomp(running: Engine) -> list[str]:
    made, head = seccomp.records(running, SECCOMP_SEEDS), seccomp.header(running)
    _keep(seccomp.ORACLE, head, made, "seen")
    wrong = [line for one in made for line in seccomp.disagreements(head, one)]
    print(f"{len(made)} seccomp profiles, {len(wrong)} disagreements")
    return wrong


def _capabilities(running: Engine) -> list[str]:
    capability_matrix.make_images(running)
    header, made = capability_matrix.records(running)
    _keep(capability_matrix.ORACLE, header, made, "services")
    wrong = [one for record in made for one in capability_comparison.disagreements(header, record)]
    services = sum(len(record["services"]) for record in made)
    print(f"{services} services with four programs, {len(wrong)} disagreements")
    return wrong


def _pages(running: Engine) -> list[str]:
    stale: list[str] = []
    for rule, seen in pages():
        if reason := not_run(running, rule, seen):
            print(f"not run: {rule.name}: {reason}")
        else:
            stale += problems(running, rule, seen)
    print(f"{len(pages())} pages with commands, {len(stale)} differences")
    return stale


def main() -> int:
    """Run all cases, write the records, and print changes and disagreements."""
    missing = missing_part()
    if missing is not None:
        print(f"the lab is skipped: {missing}")
        return 0
    wrong = list[str]()
    with prepared_engine() as running:
        for part in (*(_images, _networks, _containers, _capabilities, _seccomp, _pages),):
            start = time.monotonic()
            wrong += part(running)
            print(f"{part.__name__.strip('_')}: {time.monotonic() - start:.0f} s")
        start = time.monotonic()
        tried = try_premises(running, every_premise())
        print(f"premises: {time.monotonic() - start:.0f} s")
    print(*wrong, sep="\n")
    print(report(tried))
    return 1 if wrong or any(one.problem for one in tried) else 0


if __name__ == "__main__":
    sys.exit(main())
