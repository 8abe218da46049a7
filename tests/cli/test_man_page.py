"""The manual page says what the parsers say, and readers of such pages take it."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from tests.generate.man_page import PAGE

from tightship.cli.completion import every_command

MANDOC, GROFF = shutil.which("mandoc"), shutil.which("groff")


def shown(*argv: str) -> str:
    done = subprocess.run(
        [*argv, str(PAGE)], capture_output=True, text=True, check=True, timeout=30
    )
    return re.sub(r".\x08", "", done.stdout)


def every_option_is_in(text: str) -> None:
    assert text.startswith("TIGHTSHIP(1)")
    words = {*re.findall(r"[\w-]+", text)}
    for command in every_command():
        assert command.name in words
        for option in command.options:
            assert {*option.forms} <= words
    assert "`" not in text
    assert "$ tightship" not in text
    for heading in ("NAME", "SYNOPSIS", "ENVIRONMENT", "FILES", "EXIT STATUS"):
        assert re.search(rf"^{heading}$", text, re.MULTILINE)
    # A verbatim example keeps its line.
    assert "  tightship check compose.yaml compose.prod.yaml\n" in text


@pytest.mark.skipif(MANDOC is None, reason="needs mandoc")
def test_mandoc_accepts_the_page_and_shows_every_option() -> None:
    lint = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", str(PAGE)],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    # The page has no date: it is made of the parsers, again and again.
    lines = [line for line in lint.stdout.splitlines() if "missing date" not in line]
    assert lines == []
    every_option_is_in(shown("mandoc", "-T", "utf8", "-O", "width=100"))


@pytest.mark.skipif(GROFF is None, reason="needs groff")
def test_groff_shows_every_option() -> None:
    every_option_is_in(shown("groff", "-man", "-Tutf8", "-P-c", "-rLL=100n"))


def test_a_wheel_has_the_page_where_man_looks() -> None:
    project = tomllib.loads((PAGE.parents[2] / "pyproject.toml").read_text("utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    relative = str(PAGE.relative_to(Path(__file__).parents[2]))
    assert shared == {relative.replace("\\", "/"): "share/man/man1/tightship.1"}
