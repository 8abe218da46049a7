"""The manual page, made of the parsers of the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.generate.pages import DOCS

from tightship import __version__
from tightship.cli.completion import every_command
from tightship.cli.main import _HELP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tightship.cli.synopsis import Command, Group, Option

PAGE = DOCS / "tightship.1"

_OF_ALL = ("--help", "--version")
_ENVIRONMENT = {
    "NO_COLOR": "If it is set and not empty, no colours are written.",
    "FORCE_COLOR": "If it is set and not empty, colours are written to any output.",
    "CLICOLOR_FORCE": "The same, unless it is 0.",
    "COLUMNS": "The width of reports and help texts, in place of the terminal's.",
    "TIGHTSHIP_DEBUG": "If it is set and not empty, a failure shows its traceback.",
}
_FILES = {
    "tightship.toml, .tightship.toml, pyproject.toml": "Settings, with the table"
    " [tool.tightship] in the last. `tightship config` shows what is in effect.",
    "tightship-baseline.json": "The known findings that --write-baseline writes.",
}


def files() -> dict[Path, str]:
    """Return the page, in the macros of man(7)."""
    return {PAGE: "".join(f"{line}\n" for line in _lines())}


def _lines() -> Iterator[str]:
    about, _, rest = _HELP.partition("\n\n")
    commands = every_command()
    yield '.\\" Made of the parsers by `make generate`.'
    yield f'.TH TIGHTSHIP 1 "" "tightship {__version__}" "User Commands"'
    yield '.\\" An option must not be broken between its letters.'
    yield ".nh"
    yield ".ad l"
    yield ".SH NAME"
    purpose = about.strip().removeprefix("Tightship ").rstrip(".")
    yield f"tightship \\- {_text(purpose)}"
    yield ".SH SYNOPSIS"
    yield ".B tightship"
    yield ".I command"
    yield "[\\fIoptions\\fR] [\\fIarguments\\fR]"
    yield ".SH DESCRIPTION"
    yield _text(about)
    yield "The commands are described below, each with its options. All of them take"
    yield f"{_text('-h, --help')} for help, and {_text('-V, --version')}."
    for command in commands:
        yield from _command(command)
    yield ".SH ENVIRONMENT"
    yield from _terms(_ENVIRONMENT)
    yield ".SH FILES"
    yield from _terms(_FILES)
    yield ".SH EXIT STATUS"
    codes = rest.rpartition("exit codes:\n")[2]
    yield from _terms(dict(re.findall(r"^  (\d) +(.*)$", codes, re.MULTILINE)))
    yield ".SH SEE ALSO"
    yield ".BR docker (1)"


def _command(command: Command) -> Iterator[str]:
    yield f".SH {_text(f'tightship {command.name}'.upper())}"
    yield f".B {_text(f'tightship {command.name}')}"
    if command.usage:
        yield _text(command.usage)
    for paragraph in command.about.split("\n\n"):
        yield ".PP"
        yield _text(" ".join(paragraph.split()))
    if command.operands_help:
        yield ".TP"
        yield f".I {_text(command.operands.name)}"
        yield _text(command.operands_help)
    for group in command.groups:
        options = [one for one in group.options if one.forms[-1] not in _OF_ALL]
        if options:
            yield from _group(group, options)
    for part in command.epilog.split("\n\n"):
        title, _, lines = part.partition("\n")
        if lines:
            yield f".SS {_text(title.rstrip(':').capitalize())}"
            yield from _verbatim(lines)


def _group(group: Group, options: list[Option]) -> Iterator[str]:
    yield f".SS {_text(group.title.capitalize())}"
    if group.text:
        yield from _verbatim(group.text)
    for option in options:
        yield ".TP"
        yield f".B {_forms(option)}"
        yield _text(option.text)


def _forms(option: Option) -> str:
    value = option.value
    name = f" {value.name}" if value.kind != "nothing" else ""
    return _text(", ".join(f"{form}{name}" for form in option.forms))


def _terms(terms: dict[str, str]) -> Iterator[str]:
    for term, text in terms.items():
        yield ".TP"
        yield f".B {_text(term)}"
        yield _text(text)


def _verbatim(text: str) -> Iterator[str]:
    yield ".nf"
    for line in text.splitlines():
        yield _text(line) if line.strip() else ".sp"
    yield ".fi"


def _text(text: str) -> str:
    """Return a text in which nothing acts: no escape, no macro, no hyphenation."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    text = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", text)
    return f"\\&{text}" if text.startswith((".", "'")) else text
