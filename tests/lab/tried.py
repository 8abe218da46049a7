"""What a trial finds of a stand-in whose name no table knows, against its recorded needs.

The trial runs in the network of the lab's engine, as a user's does on their host.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import yaml
from tests.lab.engine import LabError, engine
from tests.lab.stand_ins import build, stand_ins

from tightship.engine.disk.files import Files
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.job import project_files
from tightship.frontends.compose.loading.invocation import Options
from tightship.images.toml_file import facts_file
from tightship_annexes.trial.cleaning import clean
from tightship_annexes.trial.engine import Engine as UsersEngine
from tightship_annexes.trial.outcome import families
from tightship_annexes.trial.preparing import Asked, Prepared
from tightship_annexes.trial.probes import Probe
from tightship_annexes.trial.proving import Proof
from tightship_annexes.trial.run import Run

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

    from tightship.isolation.container import Container

RECORD = Path(__file__).parents[1] / "oracles" / "hardening.json"
# Stand-ins share a root file system: programs of another one gain privileges in no real image.
_NEIGHBOURS = "RUN chmod -f g-s /usr/sbin/postdrop /usr/sbin/postqueue || true\n"


def unknown_name(stand_in: StandIn) -> str:
    """Return a name for the image of a stand-in that no table knows."""
    return f"registry.example/shop/{stand_in.name}-unit:1"


def prepare(running: Engine, stand_in: StandIn) -> Path:
    """Build a stand-in under its other name, and return the Compose file with it."""
    name = unknown_name(stand_in)
    alone = _NEIGHBOURS if stand_in.package != "postfix" else ""
    build(running, replace(stand_in, image=name, dockerfile=alone + stand_in.dockerfile))
    project = yaml.safe_load(stand_in.compose)
    for service in project["services"].values():
        service["image"] = name
    return written(running, stand_in.name, yaml.safe_dump(project, sort_keys=False))


def written(running: Engine, name: str, text: str) -> Path:
    """Write a Compose file into a folder of its own."""
    folder = running.folder / "tried" / name
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "compose.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def tried(running: Engine, files: Sequence[Path], *probes: str) -> Iterator[dict[str, Any]]:
    """Try projects in the network of an engine, and yield what was found of each service."""
    words = [word for probe in probes for word in ("--probe", probe)]
    yield from in_network(running, "tests.lab.tried", "--here", *map(str, files), *words)


def in_network(running: Engine, module: str, *words: str) -> Iterator[Any]:
    """Run a module in the network of an engine, and yield the lines of JSON that it prints.

    Raises:
        LabError: It failed.
    """
    command = [sys.executable, "-m", module, *words]
    with subprocess.Popen(
        [*entering(running), *command],
        env={**running.environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as trial:
        assert trial.stdout is not None
        for line in trial.stdout:
            yield json.loads(line)
    if trial.returncode:
        raise LabError(f"{module} failed")


def entering(running: Engine) -> tuple[str, ...]:
    """Return what runs a command where the ports of an engine are those of 127.0.0.1."""
    return ("nsenter", f"--net=/proc/{_first_process(running)}/ns/net") if running.own else ()


def _first_process(running: Engine) -> str:
    wanted = f"{running.folder}/data".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if words[0].endswith(b"dockerd") and wanted in words:
                return folder.name
    raise LabError("the engine runs no process")


@contextmanager
def started(file: str) -> Generator[tuple[Run, dict[str, Container]]]:
    """Prepare a project as `tightship try` does; all that it makes is removed."""
    users = UsersEngine()
    folder = str(Path(file).parent)
    disk = Files(folder)
    main = Candidate("compose.yaml", "named", file, "compose")
    loaded = load_project(disk, project_files(disk, main, Options()))
    prepared = Prepared(users, Asked(loaded, [file], folder, folder))
    containers = {one.name: one for one in loaded.containers}
    is_whole = False
    try:
        yield Run(users, prepared.complete(print), prepared.label, folder), containers
        is_whole = not users.has_killed
    finally:
        clean(users, prepared.label, is_whole=is_whole)


def _here(file: str, probes: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Try a project, and yield what was found of each service."""
    begin = time.monotonic()
    with started(file) as (run, containers):
        for note in run.copy.left_out:
            print(f"not started: {note.text}", file=sys.stderr)

        def say(text: str) -> None:
            print(f"{time.monotonic() - begin:6.1f} {text}", file=sys.stderr)

        found = Proof(run, run.copy.services, containers, [*map(Probe, probes)], say).tried()
        facts = facts_file(families(found, run, containers))
    seconds = time.monotonic() - begin
    for one in found:
        yield {
            "file": file,
            "service": one.service,
            "why": one.why,
            "hardening": dict(one.hardening.as_settings()),
            "exercised": [done.text for done in one.exercised],
            "words": one.words,
            "kept": one.kept,
            "left": dict(one.left),
            "needed": dict(one.needed),
            "starts": one.starts,
            "seconds": round(seconds, 1),
            "facts": facts,
        }


def of_default(name: str) -> str:
    """Return the capability of a default container that permits what a recorded one does."""
    return "DAC_OVERRIDE" if name == "DAC_READ_SEARCH" else name


def compared(found: dict[str, Any], record: dict[str, Any]) -> dict[str, bool]:
    """Return which facts are those of the record, or ask for less of them."""
    keys, known = found["hardening"], record["hardened"]
    wanted = {*map(of_default, record["capabilities"])}
    own = {*keys.get("cap_add", ())} if "cap_drop" in keys else {"ALL"}
    return {
        "capabilities": own <= {*wanted, *known["cap_add"], "DAC_OVERRIDE"} and "ALL" not in own,
        "read_only": bool(keys.get("read_only")) or not isinstance(record["read_only"], list),
        "no_new_privileges": bool(keys.get("security_opt")),
        "memory": "mem_limit" in keys,
        "processes": "pids_limit" in keys,
    }


def main() -> None:
    """Try stand-ins, and print what was found of each and how it compares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--here", nargs="+", default=[])
    parser.add_argument("--probe", action="append", default=[])
    given = parser.parse_args()
    for file in given.here:
        for found in _here(file, given.probe):
            print(json.dumps(found), flush=True)
    if not given.here:
        _compare(given.only)


def _compare(names: Sequence[str]) -> None:
    records = json.loads(RECORD.read_text("utf-8"))["images"]
    starts, same, facts = list[int](), 0, 0
    with engine() as running:
        for one in stand_ins(names):
            for found in tried(running, [prepare(running, one)]):
                agrees = compared(found, records[one.name])
                starts.append(found["starts"])
                same, facts = same + sum(agrees.values()), facts + len(agrees)
                wrong = [name for name, holds in agrees.items() if not holds]
                print(one.name, json.dumps(found), "differs:", wrong, flush=True)
    if starts:
        print(f"starts: median {median(starts)}, most {max(starts)}; facts: {same} of {facts}")


if __name__ == "__main__":
    main()
