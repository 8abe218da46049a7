"""Trees in the shapes of real repositories, with the role of each file.

``shapes/*.toml`` has the trees. The text of a file is its own, or ``=NAME`` for one of
``texts``. A role is ``LOADING PURPOSE of PROJECT …``, that of a Dockerfile its purpose, as
``check --show-files`` prints them, and ``?PURPOSE`` what the file hints at; a file with two of
them has both, with a comma. Files
with ``vendored`` are left out for this reason, and those with ``unlisted`` are not listed.
"""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from tightship.cli.main import main
from tightship.lazy import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Listing: TypeAlias = "Callable[[Mapping[str, str]], Listed]"

_SHAPES = Path(__file__).with_name("shapes")
_NOT_JUDGED = ("unlisted", "vendored")
_APPS = 200


class Shape(Record):
    """A tree: texts by the names of files, and what is expected of the files."""

    name: str
    files: dict[str, str]
    roles: dict[str, str]


class Listed(Record):
    """What a run reads: roles by files, and the files that it leaves out as vendored."""

    roles: dict[str, set[str]]
    vendored: set[str]


def _shapes() -> Iterator[Shape]:
    for path in sorted(_SHAPES.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        texts = {f"={name}": text for name, text in data["texts"].items()}
        for one in data["shape"]:
            files = {name: texts.get(text, text) for name, text in one["files"].items()}
            yield Shape(one["name"], files, one["roles"])


SHAPES = [*_shapes()]


@pytest.fixture
def listing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Listing:
    def listed(texts: Mapping[str, str]) -> Listed:
        _write(tmp_path, texts)
        monkeypatch.chdir(tmp_path)
        assert main(["check", "--show-files", "--output-format", "json"]) == 0
        shown = json.loads(capsys.readouterr().out)
        roles: dict[str, set[str]] = {}
        for one in shown["files"]:
            if one["purpose"]:
                roles.setdefault(one["path"], set()).add(_role(one))
        skipped = {one["path"]: one["reason"] for one in shown["skipped"]}
        return Listed(roles, {path for path, why in skipped.items() if why == "vendored"})

    return listed


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def _role(listed: Mapping[str, Any]) -> str:
    """Return a role as the data has it."""
    hint = f"?{listed['hint']['purpose']}" if listed["hint"] else ""
    words = [listed["loading"], listed["purpose"] + hint]
    if listed["project"]:
        words += ["of", listed["project"]]
    return " ".join(word for word in words if word)


def _expected(roles: str) -> Iterator[str]:
    """Yield the roles of a file: one for each project that takes it."""
    for role in roles.split(", "):
        own, of, projects = role.partition(" of ")
        yield from (own + of + one for one in projects.split() or [""])


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_each_file_has_its_role(shape: Shape, listing: Listing) -> None:
    listed = listing(shape.files)
    roles = {name: {*_expected(role)} for name, role in shape.roles.items()}
    assert listed.roles == {name: one for name, one in roles.items() if not one & {*_NOT_JUDGED}}
    assert listed.vendored == {name for name, one in roles.items() if one == {"vendored"}}


_RUNTIPI = """\
services:
  app:
    image: example/{0}:1
    networks: [tipi_main_network]
"""
_UMBREL = """\
services:
  app_proxy:
    environment: {{APP_HOST: app{0}_server_1, APP_PORT: 80}}
  server:
    image: example/{0}:1
"""


@pytest.mark.parametrize(
    ("compose", "manifest", "text"),
    [
        (_RUNTIPI, "config.json", '{{"id": "app{0}", "tipi_version": 1, "port": {0}}}'),
        (_UMBREL, "umbrel-app.yml", "manifestVersion: 1\nid: app{0}\nport: {0}\n"),
    ],
    ids=["Runtipi", "Umbrel"],
)
def test_applications_of_a_store_are_supplied_by_its_platform(
    listing: Listing, compose: str, manifest: str, text: str
) -> None:
    texts = {f"apps/app{n}/docker-compose.yml": compose.format(n) for n in range(_APPS)}
    manifests = {f"apps/app{n}/{manifest}": text.format(n) for n in range(_APPS)}
    listed = listing({**texts, **manifests})
    assert set(chain(*listed.roles.values())) == {"supplied product"}
    assert listed.roles.keys() == texts.keys()


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_compose_loads_what_the_shape_says(
    shape: Shape, tmp_path: Path, docker_compose: str
) -> None:
    _write(tmp_path, shape.files)
    for files in _invocations(shape):
        options = [word for file in files for word in ("-f", file)]
        done = subprocess.run(
            [docker_compose, *options, "config", "--quiet"],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def _invocations(shape: Shape) -> set[tuple[str, ...]]:
    """Return the invocations that the roles mean; overlays may complete their projects."""
    alone, chains, merged = set[str](), set[tuple[str, str]](), set[str]()
    for name, roles in shape.roles.items():
        for role in roles.split(", "):
            own, _, projects = role.partition(" of ")
            if own.startswith(("overlay", "alone")) and projects:
                merged.update(projects.split())
                chains.update((project, name) for project in projects.split())
            elif own.startswith("alone"):
                alone.add(name)
    return {*chains, *((name,) for name in alone - merged)}
