"""Trees of many projects, beside compose-lint and hadolint, and on several processors.

The tree is a corpus of Compose files, copied until there are more than 500, with and
without its Dockerfiles. Processor time counts; only for several processes, it is the time
that passes.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from tests.bench.measure import Command, compare, measure, median_of

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "tests" / "projects" / "shop"


def bench(tools: dict[str, Command], corpus: Path, copies: int, runs: int) -> None:
    """Print the figures of every case."""
    with tempfile.TemporaryDirectory() as folder:
        if corpus.is_dir():
            whole, bare = Path(folder, "whole"), Path(folder, "bare")
            for number in range(copies):
                shutil.copytree(corpus, whole / str(number))
                shutil.copytree(
                    corpus, bare / str(number), ignore=shutil.ignore_patterns("*ockerfile*")
                )
            compose_files(tools, bare, runs)
            with_dockerfiles(tools, whole, runs)
        else:
            print(f"\nno corpus at {corpus}: name one with --corpus")
        several(tools["tightship"], Path(folder, "many"), 2_000, max(1, runs // 3))
        growth(tools["tightship"], Path(folder, "growing"))


def compose_files(tools: dict[str, Command], folder: Path, runs: int) -> None:
    """Compare tools on the Compose files of a tree, in one process."""
    files = compose_below(folder)
    print(f"\n{len(files)} Compose files without their Dockerfiles, one process")
    one = {**tools, "tightship": [*tools["tightship"], "--jobs", "1"]}
    names = ("tightship", "compose-lint", "dclint")
    compare({name: [*one[name], *files] for name in names if name in one}, runs)


def with_dockerfiles(tools: dict[str, Command], folder: Path, runs: int) -> None:
    """Compare one run of ours with a run each of compose-lint and hadolint."""
    files = compose_below(folder)
    dockerfiles = sorted(str(p) for p in folder.rglob("*ockerfile*") if p.is_file())
    print(f"\n{len(files)} Compose files and {len(dockerfiles)} Dockerfiles, one process")
    if not {"compose-lint", "hadolint"} <= tools.keys():
        print("  compose-lint or hadolint is not here, so there is nothing to compare")
        return
    commands = {
        "tightship": [*tools["tightship"], "--jobs", "1", str(folder)],
        "compose-lint": [*tools["compose-lint"], *files],
        "hadolint": [*tools["hadolint"], *dockerfiles],
    }
    medians = median_of(commands, runs)
    for name, median in medians.items():
        print(f"  {name:14}{median:9.1f} ms CPU")
    both = medians["compose-lint"] + medians["hadolint"]
    print(f"  ours is {medians['tightship'] / both:.2f} of the two together")


def several(command: Command, folder: Path, count: int, runs: int) -> None:
    """Print what a second process and all processors save on a tree of projects.

    The limit is what two runs at once do, on one half of the tree each: processors that
    share a core, or a cache, do not make two runs twice as fast.
    """
    for number in range(count):
        shutil.copytree(SHOP, folder / f"{number // 100:03}" / f"{number % 100:02}")
    print(f"\n{count} projects with a Dockerfile each, {os.cpu_count()} processors")
    passed: dict[int, list[float]] = {jobs: [] for jobs in (1, 2, os.cpu_count() or 1)}
    peak = dict.fromkeys(passed, 0)
    for _ in range(runs):
        for jobs, times in passed.items():
            start = perf_counter()
            _, most = measure([*command, "--jobs", str(jobs), str(folder)])
            times.append(perf_counter() - start)
            peak[jobs] = max(peak[jobs], most)
    halves = [[*command, "--jobs", "1", *half] for half in _halves(folder)]
    together = list[float]()
    for _ in range(runs):
        start = perf_counter()
        with ThreadPoolExecutor() as pool:
            list(pool.map(measure, halves))
        together.append(perf_counter() - start)
    alone = statistics.median(passed[1])
    for jobs, times in passed.items():
        seconds = statistics.median(times)
        print(
            f"  --jobs {jobs:<3} {seconds:8.1f} s pass {peak[jobs] / 1024:8.1f} MiB"
            f"   {alone / seconds:.2f} times as fast as one"
        )
    print(f"  the limit here: {alone / statistics.median(together):.2f}")


def _halves(folder: Path) -> tuple[list[str], list[str]]:
    below = sorted(map(str, folder.iterdir()))
    return below[: len(below) // 2], below[len(below) // 2 :]


def growth(command: Command, folder: Path) -> None:
    """Print time and peak memory for ever more projects, in one process."""
    print("\nMany projects (a Compose file with a Dockerfile, copied), one process")
    done = 0
    for count in (100, 1_000, 10_000):
        for number in range(done, count):
            shutil.copytree(SHOP, folder / f"{number // 100:03}" / f"{number % 100:02}")
        done = count
        cpu, peak = measure([*command, "--jobs", "1", str(folder)])
        print(f"  {count:6} projects {cpu / 1000:8.2f} s CPU {peak / 1024:8.1f} MiB")


def compose_below(folder: Path) -> list[str]:
    """Return the Compose files below a folder."""
    return sorted(map(str, folder.rglob("*compose*.y*ml")))
