"""Each bound of the search for what starts containers speaks when it is reached."""

from __future__ import annotations

import importlib
import json
import re
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MODULES = (
    "tightship.engine.plan.front_ends",
    "tightship.engine.plan.named",
    "tightship.frontends.invocations.account",
)
BOUND = re.compile(r"_(?:LARGEST|LONGEST|MOST)\w*")
WEB = "services: {a: {image: 'alpine:3.23', privileged: true}}\n"
ASKED = 'front-ends = ["docker-run", "actions"]\n'
MAKE = "run:\n\tdocker compose -f {} -f {} up\n"
# By the bound: its value, a project, and the place that the report has because of it.
CASES: Mapping[str, tuple[int, dict[str, str], str]] = {
    "_MOST_PLACES": (
        1,
        {"Makefile": MAKE.format("a.txt", "b.txt"), "a.txt": WEB, "b.txt": WEB},
        "Makefile:None",
    ),
    "_MOST_INCLUDED": (
        1,
        {
            "up.sh": ". ./a\n. ./b\ndocker compose -f $FILE up\n",
            "a": "A=1\n",
            "b": "FILE=c.txt\n",
            "c.txt": WEB,
        },
        "up.sh:None",
    ),
    "_LARGEST_PARSED": (
        10,
        {".github/workflows/a.yml": "on: push\njobs: {a: {container: {image: alpine:3}}}\n"},
        ".github/workflows/a.yml:2",
    ),
    "_MOST_OPTIONS": (
        3,
        {"x.sh": "foo docker -a -b -c -d run x\n", "tightship.toml": ASKED},
        "x.sh:1",
    ),
    "_LONGEST_PIPE": (
        1,
        {"x.sh": "echo docker run a | cat | cat\n", "tightship.toml": ASKED},
        "x.sh:1",
    ),
    "_LONGEST_LINE": (
        5,
        {"x.sh": "docker run a\n# a long comment, docker run a\n", "tightship.toml": ASKED},
        "x.sh:2",
    ),
}
SPEAKING = ("_LARGEST_PARSED", "_MOST_OPTIONS")
"""The bounds of these cases speak of what is a gap without them, too."""


def bounds() -> dict[str, str]:
    found: dict[str, str] = {}
    for module in MODULES:
        names = vars(importlib.import_module(module))
        found |= {name: module for name in names if BOUND.fullmatch(name)}
    return found


def test_each_bound_has_a_case() -> None:
    assert {*bounds()} == {*CASES}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("is_reached", [False, True])
def test_a_bound_speaks(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    is_reached: bool,
) -> None:
    value, files, told = CASES[name]
    for one, text in {"compose.yaml": "services: {}\n", **files}.items():
        (tmp_path / one).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / one).write_text(text)
    monkeypatch.chdir(tmp_path)
    if is_reached:
        monkeypatch.setattr(f"{bounds()[name]}.{name}", value)
    main(["check", ".", "--output-format", "json"])
    report = json.loads(capsys.readouterr().out)
    places = [f"{one['path']}:{one['start']['line']}" for one in report["gaps"]]
    places += [f"{one['path']}:{one['line']}" for one in report["skipped"]]
    assert (told in places) == (is_reached or name in SPEAKING), report
