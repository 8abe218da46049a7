"""Programs that harden projects, run each on a real engine, and print what works."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, TypeVar

from tests.lab.engine import engine, missing_part

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from tests.lab.engine import Engine


class Named(Protocol):
    @property
    def name(self) -> str: ...


Case = TypeVar("Case", bound=Named)


def add_only(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", default="", metavar="WORD", help="those whose name has it")


def print_each(
    only: str,
    cases: Iterable[Case],
    prepare: Callable[[Engine], None],
    failure: Callable[[Engine, Case], str],
    what: str = "after the fixes",
) -> int:
    """Run the cases whose name has a word, print what works, and return the exit code."""
    missing = missing_part()
    if missing is not None:
        print(f"the lab is skipped: {missing}")
        return 0
    chosen = [one for one in cases if only in one.name]
    start, worked = time.monotonic(), 0
    with engine() as running:
        prepare(running)
        for one in chosen:
            failed = failure(running, one)
            worked += not failed
            print(f"{one.name}: {failed or 'works'}", flush=True)
    seconds = time.monotonic() - start
    print(f"{worked} of {len(chosen)} work {what}; {seconds:.0f} s")
    return 0 if worked == len(chosen) else 1
