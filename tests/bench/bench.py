"""How fast Tightship is, beside its peers: prints figures, and judges nothing.

Tightship is built as a wheel and installed with bytecode, the peers come from their
registries. Every command runs in turn with the others, so that a machine that slows
down slows all of them; what is compared is processor time (user and system) of whole
processes, and the figure is the median. The interpreter's own start is the floor.

Each tool runs as it comes, with all the rules that it has by default, and is given the
same files by name. The corpus is copied several times, so that one process has enough
to do for its start not to count; nothing that is worked out for one copy is used for
another.

    python tests/bench/bench.py [--runs N] [--corpus FOLDER] [--copies N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".bench"
ONE = ROOT / "tests" / "projects" / "shop" / "compose.yaml"
CORPUS = ROOT.parent / "shared" / "corpus" / "awesome-compose"

Command = list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="runs of each (15)")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--copies", type=int, default=14, help="of the corpus (14)")
    options = parser.parse_args()

    tools = install()
    python = tools.pop("python")
    print(f"One cold file ({ONE.relative_to(ROOT)}), {options.runs} runs each")
    one = {name: [*command, str(ONE)] for name, command in tools.items()}
    compare({"floor": [*python, "-c", "pass"], **one}, options.runs)

    with tempfile.TemporaryDirectory() as folder:
        files = copied(options.corpus, Path(folder), options.copies)
        if files:
            print(
                f"\n{len(files)} files (a corpus, {options.copies} times), one process"
            )
            many = {name: [*command, *files] for name, command in tools.items()}
            compare(many, max(3, options.runs // 3))
        else:
            print(f"\nno corpus at {options.corpus}: name one with --corpus")

    print("\nMany files (copies of the one above), one process")
    growth(tools["tightship"])


def install() -> dict[str, Command]:
    """Install everything that is compared; what cannot be had is said and left out."""
    scripts = PLACE / "venv" / "bin"
    if not scripts.exists():
        run([sys.executable, "-m", "venv", str(PLACE / "venv")])
        run([str(scripts / "pip"), "-q", "install", "--upgrade", "pip", "build"])
    wheels = PLACE / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    run([str(scripts / "python"), "-m", "build", "-w", "-o", str(wheels), str(ROOT)])
    [wheel] = wheels.glob("*.whl")
    pip = [str(scripts / "pip"), "-q", "install"]
    run([*pip, str(wheel)])
    run([*pip, "--force-reinstall", "--no-deps", "--compile", str(wheel)])
    tools: dict[str, Command] = {
        "python": [str(scripts / "python")],
        "tightship": [str(scripts / "tightship"), "check"],
    }
    if attempt([*pip, "compose-lint"], "compose-lint"):
        tools["compose-lint"] = [str(scripts / "compose-lint"), "check"]
        if b"check" not in output([str(scripts / "compose-lint"), "--help"]):
            tools["compose-lint"].pop()
    npm = ["npm", "install", "--silent", "--prefix", str(PLACE), "dclint"]
    if attempt(npm, "dclint"):
        tools["dclint"] = [str(PLACE / "node_modules" / ".bin" / "dclint")]
    return tools


def copied(corpus: Path, folder: Path, copies: int) -> list[str]:
    """Copy a corpus, with all that lies beside its files; return the Compose files."""
    if not corpus.is_dir():
        return []
    for number in range(copies):
        shutil.copytree(corpus, folder / str(number))
    return sorted(map(str, folder.rglob("*compose*.y*ml")))


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


def growth(command: Command) -> None:
    """Print time and peak memory for ever more files."""
    with tempfile.TemporaryDirectory() as folder:
        done = 0
        for count in (100, 1_000, 10_000):
            for number in range(done, count):
                project = Path(folder) / f"{number // 100:03}" / f"{number % 100:02}"
                project.mkdir(parents=True)
                shutil.copy(ONE, project / "compose.yaml")
            done = count
            cpu, peak = measure([*command, folder])
            print(f"  {count:6} files {cpu / 1000:8.2f} s CPU {peak / 1024:8.1f} MiB")


def measure(command: Command) -> tuple[float, int]:
    """Run a command; return its processor time in ms and its peak memory in KiB."""
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 2):
        # What fails is quick, and would look fast.
        raise SystemExit(f"{command[0]} failed with {process.returncode}")
    return (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss


def run(command: Command) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def output(command: Command) -> bytes:
    return subprocess.run(command, capture_output=True).stdout


def attempt(command: Command, name: str) -> bool:
    try:
        run(command)
    except (OSError, subprocess.CalledProcessError):
        print(f"{name} cannot be installed here, so it is left out")
        return False
    return True


if __name__ == "__main__":
    main()
