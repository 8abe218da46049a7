"""How fast Tightship is, beside its peers: prints figures, and judges nothing.

Tightship is built as a wheel and installed with bytecode, the peers come from their
registries. Every command runs in turn with the others, so that a machine that slows
down slows all of them; what is compared is processor time (user and system) of whole
processes, and the figure is the median. The interpreter's own start is the floor.

Each tool runs as it comes, with all the rules that it has by default but for those that
ask the network, and is given the same files. The corpus of the trees is copied several
times, which hides the start of a process; nothing that is worked out for one copy is used
for another.

    python -m tests.bench.bench [--runs N] [--corpus FOLDER] [--copies N]
        [--dockerfiles FOLDER] [--trees FOLDER]
        [--only {repositories,compose,trees,dockerfiles,editor}]

``--trees`` names a folder with source trees of projects, each of which is measured like the
generated repositories.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from tests.bench import configuration, dockerfiles, editor, peers, repositories, starting, trees
from tests.bench.measure import Command, compare
from tests.bench.peers import ROOT

ONE = ROOT / "tests" / "projects" / "shop" / "compose.yaml"
CORPORA = ROOT.parent / "shared" / "corpus"
PARTS = ("repositories", "compose", "trees", "dockerfiles", "editor")

KNOWN = """\
services:
  web:
    image: nginx:1.29
    ports: ["127.0.0.1:80:80"]
  db: {image: "postgres:17"}
"""
UNKNOWN = KNOWN.replace("nginx", "example/app").replace("postgres", "example/db")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="runs of each (15)")
    parser.add_argument("--corpus", type=Path, default=CORPORA / "awesome-compose")
    parser.add_argument("--copies", type=int, default=14, help="of the corpus (14)")
    parser.add_argument("--dockerfiles", type=Path, default=CORPORA)
    parser.add_argument("--trees", type=Path, help="of projects, for repositories")
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    parts = (options.only,) if options.only else PARTS

    ours = peers.tightship()
    python = ours.pop("python")
    floor = {"floor": [*python, "-c", "pass"]}
    server = [ours["tightship"][0], "lsp"]
    if "repositories" in parts:
        both = {**ours, **peers.of_compose_files(), **peers.of_dockerfiles()}
        repositories.bench(both, server, options.trees, max(3, options.runs // 3))
    if "compose" in parts:
        tools = {**ours, **peers.of_compose_files()}
        compose(floor, tools, options.runs)
        print(f"\nConfiguration, one cold file, {2 * options.runs} runs each")
        configuration.bench(ours["tightship"], ONE, 2 * options.runs)
    if "trees" in parts:
        both = {**ours, **peers.of_compose_files(), **peers.of_dockerfiles()}
        trees.bench(both, options.corpus, options.copies, max(3, options.runs // 3))
    if "dockerfiles" in parts:
        tools = {**ours, **peers.of_dockerfiles()}
        dockerfiles.bench(floor, tools, options.dockerfiles, options.runs)
    if "editor" in parts:
        starting.bench(server, python, 2 * options.runs)
        servers = peers.of_language_servers()
        editor.bench(server, servers, max(3, options.runs // 3))


def compose(floor: dict[str, Command], tools: dict[str, Command], runs: int) -> None:
    """Compare tools on one file each, which no configuration is about."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("known images", KNOWN), ("unknown images", UNKNOWN)):
            file = Path(folder, name.split()[0], "compose.yaml")
            file.parent.mkdir()
            file.write_text(text, encoding="utf-8")
            print(f"\nOne cold file ({name}), {runs} runs each")
            one = {tool: [*command, str(file)] for tool, command in tools.items()}
            compare({**floor, **one}, runs)
        shop = Path(folder, "shop")
        shutil.copytree(ONE.parent, shop)
        print(f"\nOne cold project (tests/projects/shop), {runs} runs each")
        one = {tool: [*command, str(shop / ONE.name)] for tool, command in tools.items()}
        compare({**floor, **one}, runs)


if __name__ == "__main__":
    main()
