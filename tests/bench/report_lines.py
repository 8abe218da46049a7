"""How long the text report is: lines for each project of a corpus, and for all of it.

    python -m tests.bench.report_lines CORPUS ... [--verbose] [--command PROGRAM]

A corpus is a folder with a project in each of its folders. A project is checked alone,
then the corpus as a whole. Rows count what a terminal of 100 columns makes of the lines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_COLUMNS = 100
_TOOL = str(Path(sys.executable).parent / "tightship")


class Size(NamedTuple):
    """The lines of a report, and the rows that they take on a terminal."""

    lines: int
    rows: int


def size_of(text: str) -> Size:
    """Return the size of a report."""
    lines = text.splitlines()
    return Size(len(lines), sum(max(1, -(-len(line) // _COLUMNS)) for line in lines))


def report(command: list[str], folder: Path) -> str:
    """Return the text report about a folder, as seen from above it."""
    done = subprocess.run(
        [*command, folder.name],
        cwd=folder.parent,
        env=os.environ | {"NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    if done.returncode not in (0, 1, 2):
        raise SystemExit(f"{folder}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def bench(command: list[str], corpus: Path) -> None:
    """Print the sizes of the reports about a corpus."""
    folders = sorted(path for path in corpus.iterdir() if path.is_dir())
    # A folder without files to check has no report.
    sizes = [size_of(text) for one in folders if (text := report(command, one))]
    print(f"{corpus.name}: {len(sizes)} projects {'lines':>14}{'rows':>7}")
    if len(sizes) > 1:
        for name, place in (("median", 4), ("90th percentile", 8)):
            found = [
                statistics.quantiles(column, n=10)[place] for column in zip(*sizes, strict=True)
            ]
            print(f"  {name:30}" + "".join(f"{value:7.0f}" for value in found))
        print(f"  {'most':30}" + "".join(f"{max(c):7}" for c in zip(*sizes, strict=True)))
    whole = size_of(report(command, corpus))
    print(f"  {'all in one run':30}{whole.lines:7}{whole.rows:7}")


def main() -> None:
    """Read the command line, and print the figures of each corpus."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--verbose", action="store_true", help="the report of -v")
    parser.add_argument("--command", default=_TOOL, help="another tightship")
    given = parser.parse_args()
    command = [given.command, "check", *(["-v"] if given.verbose else [])]
    for corpus in given.corpus:
        bench(command, corpus.resolve())


if __name__ == "__main__":
    main()
