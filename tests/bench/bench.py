"""How fast Tightship is, beside its peers: prints figures, and judges nothing.

Tightship is built as a wheel and installed with bytecode, the peers come from their
registries. Every command runs in turn with the others, so that a machine that slows
down slows all of them; what is compared is processor time (user and system) of whole
processes, and the figure is the median. The interpreter's own start is the floor.

Each tool runs as it comes, with all the rules that it has by default but for those that
ask the network, and is given the same files by name. The corpus is copied several
times, so that one process has enough to do for its start not to count; nothing that is
worked out for one copy is used for another.

    python -m tests.bench.bench [--runs N] [--corpus FOLDER] [--copies N]
                                [--dockerfiles FOLDER] [--only {compose,dockerfiles,editor}]
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from tests.bench import configuration, dockerfiles, editor, peers, starting
from tests.bench.measure import Command, compare, measure
from tests.bench.peers import ROOT

ONE = ROOT / "tests" / "projects" / "shop" / "compose.yaml"
CORPORA = ROOT.parent / "shared" / "corpus"
PARTS = ("compose", "dockerfiles", "editor")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="runs of each (15)")
    parser.add_argument("--corpus", type=Path, default=CORPORA / "awesome-compose")
    parser.add_argument("--copies", type=int, default=14, help="of the corpus (14)")
    parser.add_argument("--dockerfiles", type=Path, default=CORPORA)
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    parts = (options.only,) if options.only else PARTS

    ours = peers.tightship()
    python = ours.pop("python")
    floor = {"floor": [*python, "-c", "pass"]}
    if "compose" in parts:
        tools = {**ours, **peers.of_compose_files()}
        compose(floor, tools, options.corpus, options.copies, options.runs)
        print(f"\nConfiguration, one cold file, {2 * options.runs} runs each")
        configuration.bench(python, ONE, 2 * options.runs)
    if "dockerfiles" in parts:
        tools = {**ours, **peers.of_dockerfiles()}
        dockerfiles.bench(floor, tools, options.dockerfiles, options.runs)
    if "editor" in parts:
        server = [ours["tightship"][0], "lsp"]
        starting.bench(server, python, 2 * options.runs)
        servers = peers.of_language_servers()
        editor.bench(server, servers, max(3, options.runs // 3))


def compose(
    floor: dict[str, Command],
    tools: dict[str, Command],
    corpus: Path,
    copies: int,
    runs: int,
) -> None:
    print(f"One cold file ({ONE.relative_to(ROOT)}), {runs} runs each")
    one = {name: [*command, str(ONE)] for name, command in tools.items()}
    compare({**floor, **one}, runs)

    with tempfile.TemporaryDirectory() as folder:
        files = copied(corpus, Path(folder), copies)
        if files:
            print(f"\n{len(files)} files (a corpus, {copies} times), one process")
            many = {name: [*command, *files] for name, command in tools.items()}
            compare(many, max(3, runs // 3))
        else:
            print(f"\nno corpus at {corpus}: name one with --corpus")

    print("\nMany files (copies of the one above), one process")
    growth(tools["tightship"])


def copied(corpus: Path, folder: Path, copies: int) -> list[str]:
    """Copy a corpus, with all that lies beside its files; return the Compose files."""
    if not corpus.is_dir():
        return []
    for number in range(copies):
        shutil.copytree(corpus, folder / str(number))
    return sorted(map(str, folder.rglob("*compose*.y*ml")))


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


if __name__ == "__main__":
    main()
