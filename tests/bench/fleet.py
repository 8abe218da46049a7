"""How many files one core checks in a second, by the API call that takes texts.

``python -m tests.bench.fleet FOLDER``: each folder below it is a repository, of which the
files with a language of ours are taken, and `.env` and `.dockerignore`. Time is that of the
processor, so other work on the machine changes little.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import tightship
from tightship.engine.plan.candidates import language_of

_ROUNDS = 3
_BESIDE = (".env", ".dockerignore")


def repositories(top: Path) -> list[dict[str, str | bytes]]:
    """Return the texts of each repository, by path."""
    found: list[dict[str, str | bytes]] = []
    for folder in sorted(filter(Path.is_dir, top.iterdir())):
        texts: dict[str, str | bytes] = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and (language_of(path.name) or path.name in _BESIDE)
        }
        if texts:
            found.append(texts)
    return found


def main() -> None:
    """Measure, and print a line for each round."""
    fleet = repositories(Path(sys.argv[1]))
    files = sum(map(len, fleet))
    size = sum(len(text) for texts in fleet for text in texts.values())
    print(f"{len(fleet)} repositories, {files} files, {size / 1e3:.0f} kB")
    for number in range(_ROUNDS + 1):
        start = time.process_time()
        results = [tightship.check_texts(texts) for texts in fleet]
        taken = time.process_time() - start
        what = f"round {number}" if number else "first, which loads the rules"
        count = sum(len(one.findings) for one in results)
        services = sum(one.services for one in results)
        print(
            f"{what}: {files / taken:.0f} files/s, {len(fleet) / taken:.0f} repositories/s"
            f" ({count} findings, {services} services, {taken:.2f} s)"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak of memory: {peak:.0f} MB")


if __name__ == "__main__":
    main()
