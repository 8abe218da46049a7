"""Runs commands beside one another, and prints what they cost."""

from __future__ import annotations

import os
import statistics
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Command = list[str]


def compare(commands: dict[str, Command], runs: int) -> None:
    """Run the commands in turn; print each one's figures, and what it is beside ours."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0)
    for round_ in range(runs + 1):
        for name, command in commands.items():
            cpu, peak = measure(command)
            memory[name] = max(memory[name], peak)
            if round_:  # the first round warms the caches
                times[name].append(cpu)
    ours = statistics.median(times["tightship"])
    print(f"  {'':14}{'CPU ms':>9}{'min':>8}{'max':>8}{'MiB':>7}   ours/theirs")
    for name, found in times.items():
        median = statistics.median(found)
        figures = f"{median:9.1f}{min(found):8.1f}{max(found):8.1f}"
        print(f"  {name:14}{figures}{memory[name] / 1024:7.1f}   {ours / median:.2f}")


def median_of(commands: dict[str, Command], runs: int) -> dict[str, float]:
    """Run the commands in turn; return the median of each one's processor time in ms."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_ in range(runs + 1):
        for name, command in commands.items():
            cpu, _ = measure(command)
            if round_:  # the first round warms the caches
                times[name].append(cpu)
    return {name: statistics.median(found) for name, found in times.items()}


def measure(command: Command, folder: Path | None = None) -> tuple[float, int]:
    """Run a command, in a folder if one is given; return its processor time in ms and its peak memory in KiB."""
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, cwd=folder, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 2):
        # What fails is quick, and would look fast.
        raise SystemExit(f"{command[0]} failed with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss
