"""What `tightship diff` costs in a repository of many projects of which one changed.

The measure is `tightship check` of that one project, since both begin from nothing; the
figures are processor time of whole processes, Git's among them, and the wall clock.

    python -m tests.bench.comparing [--projects N] [--runs N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.measure import Command, measure

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "tests" / "projects" / "shop"
TIGHTSHIP = str(Path(sys.executable).with_name("tightship"))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=100, help="how many (100)")
    parser.add_argument("--runs", type=int, default=15, help="runs of each (15)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        repository(top, options.projects)
        changed = top / "team-0" / "project-0" / "compose.yaml"
        text = changed.read_text("utf-8")
        changed.write_text(text.replace("    image:", "    pid: host\n    image:", 1))
        git(top, "commit", "--quiet", "--all", "--message=change")
        os.chdir(top)
        commands: dict[str, Command] = {
            "check": [TIGHTSHIP, "check", str(changed)],
            "diff HEAD~": [TIGHTSHIP, "diff", "HEAD~"],
            "diff HEAD~ HEAD": [TIGHTSHIP, "diff", "HEAD~", "HEAD"],
        }
        report(commands, options.runs)


def repository(top: Path, projects: int) -> None:
    """Make a repository of copies of a project, ten in each folder, and commit it."""
    for number in range(projects):
        shutil.copytree(SHOP, top / f"team-{number // 10}" / f"project-{number}")
    git(top, "init", "--quiet")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message=start")


def git(folder: Path, *words: str) -> None:
    """Run Git with a name for its commits."""
    names = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", *names, *words], cwd=folder, check=True)


def report(commands: dict[str, Command], runs: int) -> None:
    """Run the commands in turn; print what each costs beside the first."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for round_ in range(runs + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            cpu, _ = measure(command)
            if round_:  # the first round warms the caches
                wall = 1000 * (time.perf_counter() - started)
                times[name].append((cpu, wall))
    first = statistics.median(cpu for cpu, _ in times["check"])
    print(f"{'':18}{'CPU ms':>9}{'wall ms':>9}   beside check")
    for name, found in times.items():
        cpu = statistics.median(one for one, _ in found)
        wall = statistics.median(one for _, one in found)
        print(f"{name:18}{cpu:9.1f}{wall:9.1f}   {cpu / first:.2f}")


if __name__ == "__main__":
    main()
