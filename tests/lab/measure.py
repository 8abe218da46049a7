"""Measure what stand-ins need: ``python -m tests.lab.measure [--only NAME]``.

Renews ``tests/oracles/hardening.json`` after each image, so that a run that is ended
loses one image only, and prints the record as a table.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.engine import LabError, engine, missing_part
from tests.lab.hiding import hidden
from tests.lab.needs import Needs
from tests.lab.stand_ins import stand_ins

if TYPE_CHECKING:
    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

ORACLE = Path(__file__).parents[1] / "oracles" / "hardening.json"
AT_A_TIME = 2


def load() -> dict[str, Any]:
    """Return the record: ``versions``, and ``images`` by the name of the stand-in."""
    if not ORACLE.exists():
        return {"versions": {}, "images": {}}
    return dict(json.loads(ORACLE.read_text("utf-8")))


def dump(record: dict[str, Any]) -> str:
    """Return the text of a record, one line a fact."""
    images = ",\n".join(
        f" {_line(name)}: {{\n{_facts(one)}\n }}" for name, one in sorted(record["images"].items())
    )
    versions = _line(record["versions"])
    return f'{{"versions": {versions},\n"images": {{\n{images}\n}}}}\n'


def _facts(one: dict[str, Any]) -> str:
    lines: list[str] = []
    for key, value in one.items():
        if key.startswith(("capabilities", "hidden")) and value:
            reasons: dict[str, str] = value
            inner = ",\n".join(f"   {_line(k)}: {_line(v)}" for k, v in reasons.items())
            lines.append(f"  {_line(key)}: {{\n{inner}\n  }}")
        else:
            lines.append(f"  {_line(key)}: {_line(value)}")
    return ",\n".join(lines)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def table(record: dict[str, Any]) -> str:
    """Return a record as a table."""
    rows = [("image", "users", "capabilities", "read-only", "user", "memory", "works")]
    rows += [_row(one) for one in record["images"].values()]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


_Row = tuple[str, str, str, str, str, str, str]


def _row(one: dict[str, Any]) -> _Row:
    read_only, as_user = one["read_only"], one.get("hardened_user", {})
    user = "" if not as_user else "no"
    if as_user.get("works") is True:
        user = as_user["user"]
    tmpfs = "no"
    if isinstance(read_only, list):
        tmpfs = ",".join(str(path) for path in one["read_only"]) or "alone"
    works = one["hardened"]["works"]
    return (
        one["image"],
        ",".join(one["users"]),
        ",".join(one["capabilities"]) or "none",
        tmpfs,
        user,
        one["memory"] or "more",
        "yes" if works is True else str(works)[:60],
    )


def main() -> int:
    """Measure the stand-ins that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="tests.lab.measure")
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--new", action="store_true", help="what has no record yet")
    parser.add_argument("--hidden", action="store_true", help="only what a tmpfs must not hide")
    options = parser.parse_args()
    missing = missing_part()
    if missing is not None:
        print(f"the lab is skipped: {missing}")
        return 0
    chosen = stand_ins(options.only)
    if options.new:
        chosen = [one for one in chosen if one.name not in load()["images"]]
    writing = threading.Lock()
    with engine() as running, ThreadPoolExecutor(AT_A_TIME) as pool:
        versions = running.versions()

        def measure(stand_in: StandIn, running: Engine = running) -> bool:
            start = time.monotonic()
            try:
                known = load()["images"].get(stand_in.name, {})
                if not options.hidden:
                    known = Needs(running, stand_in).measure()
                measured = {k: v for k, v in known.items() if k != "hidden"}
                if missed := hidden(running, stand_in):
                    measured["hidden"] = missed
            except LabError as error:
                print(f"{stand_in.name}: {error}", flush=True)
                return False
            with writing:
                record = load()
                record["versions"] = versions
                record["images"][stand_in.name] = measured
                ORACLE.write_text(dump(record), encoding="utf-8")
            print(f"{stand_in.name}: {time.monotonic() - start:.0f} s", flush=True)
            return True

        worked = list(pool.map(measure, chosen))
    print(table(load()))
    return 0 if all(worked) else 1


if __name__ == "__main__":
    sys.exit(main())
