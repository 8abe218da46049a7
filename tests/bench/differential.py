"""Counts the differences with hadolint and tally: on generated Dockerfiles, and in folders.

Prints how many of their findings are found, documented, right and wrong, each wrong one, and
fifty of each other list, to be read again.

    python -m tests.bench.differential [FOLDER ...]
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

from tests.migration.differential import WRONG, differences, installed, judged
from tests.migration.dockerfile_steps import dockerfile

_GENERATED = 2_000
_READ_AGAIN = 50


def main() -> None:
    """Compare in generated files and in the folders of the command line."""
    peers = [peer for peer in ("hadolint", "tally") if installed(peer)]
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(_GENERATED):
            file = Path(folder, f"{seed}", "Dockerfile")
            file.parent.mkdir()
            file.write_text(dockerfile(seed), "utf-8")
        for peer in peers:
            for one in (folder, *sys.argv[1:]):
                _count(peer, Path(one))


def _count(peer: str, folder: Path) -> None:
    files = (one for one in folder.rglob("*Dockerfile*") if one.is_file())
    found = differences(peer, sorted(files))
    lists: dict[str, list[str]] = {}
    for lost in found.lost:
        one = lost.finding
        which, why = judged(one, Path(one.path).read_text("utf-8", "replace"))
        lists.setdefault(which, []).append(f"{one.check} {one.path}:{one.line}: {why}")
    counts = Counter({which: len(lines) for which, lines in lists.items()})
    print(
        f"{peer}, {folder}: {len(found.both)} found, {dict(counts)}, {len(found.only_here)} only here"
    )
    for which, lines in lists.items():
        shown = lines if which == WRONG else Random(0).sample(lines, min(len(lines), _READ_AGAIN))
        for line in shown:
            print(f"  {which}: {line}")


if __name__ == "__main__":
    main()
