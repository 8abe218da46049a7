"""How the time of a check grows with files of shapes that a hostile author may choose.

For each shape: its size n, the seconds of CPU at n and at 2n, the peak of memory, and the
exponent: 1 is time that grows as the file does, 2 is time that grows with its square.

    python -m tests.bench.shapes [NAME …] [--size N]
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

from tests.bench.command_shapes import COMMANDS
from tests.bench.dockerfile_shapes import DOCKERFILES
from tests.bench.project_shapes import PROJECTS
from tests.checking import check

from tightship.report.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
_NAME = "tests.bench.shapes"


def _file(shape: Callable[[int], str], n: int) -> dict[str, str]:
    """Return the project of a Dockerfile alone."""
    return {"Dockerfile": shape(n)}


def _named(name: str, shape: Callable[[int], str], n: int) -> dict[str, str]:
    """Return a file that is named, since a search does not look for it."""
    return {name: shape(n)}


SHAPES: dict[str, Callable[[int], dict[str, str]]] = {
    **PROJECTS,
    **{f"Dockerfile: {name}": partial(_file, one) for name, one in DOCKERFILES.items()},
    **{f"commands: {name}": partial(_named, *one) for name, one in COMMANDS.items()},
}


def write(folder: Path, files: dict[str, str]) -> None:
    """Write the files of a shape."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def seconds(name: str, n: int) -> float:
    """Return the seconds of CPU that a check of a shape takes."""
    with tempfile.TemporaryDirectory() as folder:
        files = SHAPES[name](n)
        write(Path(folder), files)
        named = [str(Path(folder) / one) for one in files] if name.startswith("commands") else []
        before = time.process_time()
        for verdict in check(named or [folder], ["strict"]):
            if verdict.failure is not None:
                raise verdict.failure
            redacted(verdict)
        return time.process_time() - before


def measured(name: str, n: int) -> tuple[float, float]:
    """Return the seconds of a check, and its peak of memory in MiB.

    Each is measured in a process of its own, since a peak never goes down.
    """
    command = (sys.executable, "-m", _NAME, name, "--once", "--size", str(n))
    printed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    took, peak = map(float, printed.stdout.split())
    return took, peak


def _print_once(name: str, n: int) -> None:
    seconds(name, 5)  # loads what is loaded once
    print(seconds(name, n), getrusage(RUSAGE_SELF).ru_maxrss / 1024)


def main() -> None:
    """Print the growth of each shape, or of those that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SHAPES))
    parser.add_argument("--size", type=int, default=200, help="n (default: 200)")
    parser.add_argument("--once", action="store_true", help="measure one shape at n")
    options = parser.parse_args()
    if options.once:
        _print_once(options.names[0], options.size)
        return
    head = f"{'shape':40}{'n':>6}{'s':>8}{'2n: s':>8}{'exponent':>10}{'MiB':>7}"
    print(head, flush=True)
    for name in options.names or SHAPES:
        small, _ = measured(name, options.size)
        large, peak = measured(name, 2 * options.size)
        growth = math.log2(large / small)
        figures = f"{small:8.2f}{large:8.2f}{growth:10.2f}{peak:7.0f}"
        print(f"{name:40}{options.size:6}{figures}", flush=True)


if __name__ == "__main__":
    main()
