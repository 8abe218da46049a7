"""The effective configuration, compared with recorded runs of docker-compose 2.26.1."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from ruamel.yaml import YAML

from tightship.frontends.compose.effective.assembly import Assembly
from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship.text import Source

ORACLE = Path(__file__).parents[2] / "oracles" / "compose-config.json"
RECORDS: dict[str, dict[str, Any]] = {
    record["name"]: record for record in json.loads(ORACLE.read_text(encoding="utf-8"))
}
TOP = "/projects"

# Why a case is not compared.
LEFT_OUT = {
    "09b-no-interp": "`--no-interpolate`: variables are always replaced here",
    "56-no-interpolate-types": "`--no-interpolate`: variables are always replaced here",
    "34-use_api_socket": "the key is younger than 2.26.1, which refuses it",
}


class Missing:
    """A file that a case does not have."""

    reason: Literal["missing"]

    def __init__(self, path: str) -> None:
        self.reason = "missing"
        self.message = f"`{path}` is missing"


class Disk:
    """The files of a case, by their path relative to the top."""

    def __init__(self, folder: str, files: dict[str, str]) -> None:
        self.files = {f"{folder}/{path}": text for path, text in files.items()}

    def read(self, path: str) -> Source | Missing:
        if path not in self.files:
            return Missing(path)
        text = self.files[path]
        return Source(path, text.removeprefix("\ufeff"))

    def absolute(self, path: str) -> Source | Missing:
        return self.read(path.removeprefix(f"{TOP}/"))

    def exists(self, path: str) -> bool:
        return path.removeprefix(f"{TOP}/") in self.files


def options(args: list[str], environment: dict[str, str]) -> Options:
    given: dict[str, list[str]] = {}
    for name, value in pairwise(args):
        if name.startswith("-"):
            given.setdefault(name, []).append(value)
    return Options(
        files=given.get("-f", ()),
        env_files=given.get("--env-file", ()),
        profiles=given.get("--profile", ()),
        project_directory=given.get("--project-directory", [""])[0],
        environment=environment,
    )


def assemble(record: dict[str, Any]) -> Assembly:
    disk = Disk(record["name"], record["files"])
    cwd = f"{TOP}/{record['name']}/{record['cwd']}".removesuffix("/.")
    call = invocation(
        cwd,
        options(record["args"], record["env"]),
        exists=disk.exists,
        read=disk.absolute,
        ceiling=TOP,
    )
    return Assembly(call, disk, top=TOP, home="/root")


def recorded(record: dict[str, Any]) -> Any:
    text = record["stdout"].replace("$DIR", f"{TOP}/{record['name']}")
    yaml: Any = YAML(typ="safe", pure=True)
    return yaml.load(text)


CASES = [name for name in RECORDS if name not in LEFT_OUT]


@pytest.mark.parametrize("name", CASES)
def test_projects_rejected_by_compose_are_rejected(name: str) -> None:
    record = RECORDS[name]
    assembly = assemble(record)
    reasons = [fault.message for fault in assembly.faults if fault.refused]
    reasons += [gap.reason for gap in assembly.loading.gaps]
    assert assembly.refused == (record["rc"] != 0), reasons


@pytest.mark.parametrize("name", [n for n in CASES if RECORDS[n]["rc"] == 0])
def test_the_configuration_is_the_one_that_compose_printed(name: str) -> None:
    assembly = assemble(RECORDS[name])
    assert assembly.configuration is not None
    assert assembly.configuration.printed().config == recorded(RECORDS[name])
