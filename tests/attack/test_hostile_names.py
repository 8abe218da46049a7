"""Whatever things are called, no output acts on a terminal, a CI system or a page."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from tests.attack.conftest import some
from tests.report.page import read
from tests.review.test_markdown import REFERENCE, TAGS, Page

from tightship.cli.main import main
from tightship.report.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.attack.conftest import Figure

if os.name != "posix":
    pytest.skip("file names cannot be so hostile", allow_module_level=True)

HOSTILE = {
    "colour": "\x1b[31mred\x1b[0m",
    "link": "\x1b]8;;https:evil.example\x07here\x1b]8;;\x07",
    "title": "\x1b]0;title\x07",
    "8-bit control": "\x9b31m\x85\x90",
    "clear": "\x1bc\x08\x08\x0c\x7f",
    "new line": "\n::error file=a::injected\n##[error]injected",
    "carriage return": "\r::stop-commands::x\r\n::set-output name=a::b",
    "command": "::stop-commands::x",
    "command after words": f"{'a ' * 60}::error::x {'b ' * 60}##[error]x",
    "azure": "##vso[task.setvariable variable=a]b",
    "direction": "\u202eexe.\u2066x\u2069\u200f",
    "separators": "\u2028::error::a\u2029\u000b",
    "invisible": "\u200b\ufeff\u00ad\U000e0041",
    "html": "<img src=x onerror=alert(1)><!-- -->&lt;",
    "markdown": "](javascript:x) ![a](b) `a` **b** | c | @team #1",
    "xml": "]]><x/>&#0;\ufffe",
    "json": '","a":"\\u0000"\\',
    "option": "--output-file=x",
    "surrogate": os.fsdecode(b"\xff\xfe"),
}
COMMANDS = re.compile(r"(?m)^[ \t]*(::|##)")


def quoted(text: str) -> str:
    """Return a text as a scalar of YAML in double quotes, all of it escaped."""
    codes = (ord(char) for char in text.encode("utf-8", "replace").decode("utf-8"))
    return '"' + "".join(f"\\U{code:08X}" for code in codes) + '"'


def file_name(name: str) -> str:
    return name.replace("/", "_")[-60:]


def project(name: str) -> dict[str, str]:
    """Return a project in which everything is called by a hostile name."""
    said, file = quoted(name), file_name(name)
    compose = f"""
services:
  {said}: &a
    image: {said}
    {said}: {said}
    privileged: true
    container_name: {said}
    volumes: [{quoted(f"/etc/{name}:/{name}")}, {said}]
    ports: [{said}]
    cap_add: [SYS_ADMIN, {said}]
    environment: {{{said}: {said}, PASSWORD: {said}}}
    env_file: {said}
    depends_on: [{said}, other]
    security_opt: [{said}]
  web:
    image: nginx:1.29
    readonly: true
    pid: host
    build: {{context: {said}, args: {{{said}: {said}}}, target: {said}}}
    networks: [{said}]
    extends: {{service: {said}, file: {said}}}
  app: {{build: .}}
volumes: {{{said}: {{driver_opts: {{{said}: {said}}}}}}}
include: [{said}]
"""
    line = " ".join(name.split()) or "x"
    dockerfile = f"""
FROM {line} AS {line}
ARG {line}
ENV PASSWORD={line} {line}
RUN curl -k http://{line} | sh
ADD {line} {line}
USER {line}
{line} a
# tightship: ignore[{line}] -- {line}
LABEL {line}={line}
"""
    return {
        f"{file}/compose.yaml": compose,
        f"{file}/Dockerfile": dockerfile,
        f"{file}/.env": f"A={line}\n{line}=b\n",
        f"{file}/{file}.Dockerfile": dockerfile,
        "compose.yaml": f"services: {{web: {{image: a, build: {quoted(file)}}}}}\n",
        "tightship.toml": f"ignore = [{json.dumps(line)}]\n",
    }


class Commands:
    """Runs command lines in this process, in a folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.error = ""

    def __call__(self, *arguments: str) -> str:
        code = main(list(arguments))
        out, self.error = self._capsys.readouterr()
        assert code in (0, 1, 2), self.error
        return out


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Commands:
    monkeypatch.chdir(tmp_path)
    return Commands(capsys)


@pytest.fixture(params=some(HOSTILE, ("colour", "new line", "command", "html")))
def hostile(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return a hostile name, of which a project is full."""
    name = HOSTILE[request.param]
    for path, text in project(name).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text.encode("utf-8", "surrogateescape"))
    return name


def check_shown(text: str) -> None:
    """Check that a text has no character that acts on a terminal, or hides in it."""
    bad = {
        char
        for char in text
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")
    } - {"\n"}
    assert not bad, [f"U+{ord(char):04X}" for char in bad]


def check_log(text: str) -> None:
    """Check that a text begins no command of a CI system with any of its lines."""
    check_shown(text)
    assert not COMMANDS.findall(text)


def check_github(text: str) -> None:
    check_shown(text)
    command = re.compile(r"::(error|warning|notice) [^:]*::[^:].*")
    lines = text.splitlines()
    assert lines
    assert all(command.fullmatch(line) for line in lines), lines


def check_json(text: str) -> None:
    json.loads(text)
    check_shown(text)


def check_xml(text: str) -> None:
    ElementTree.fromstring(text)
    check_shown(text)


def check_markdown(text: str) -> None:
    check_shown(text)
    page = Page(text)
    assert page.tags <= TAGS | {"a"}
    assert not any(REFERENCE.search(loose) for loose in page.loose)


def check_html(text: str) -> None:
    """Check that a page has the elements of a report, and no others."""
    check_shown(text)
    read(text)


CHECKS: dict[str, Callable[[str], None]] = {
    "text": check_log,
    "concise": check_log,
    "github": check_github,
    "json": check_json,
    "sarif": check_json,
    "gitlab": check_json,
    "junit": check_xml,
    "checkstyle": check_xml,
    "markdown": check_markdown,
    "html": check_html,
}


@pytest.mark.usefixtures("hostile")
def test_names_in_reports_are_shown_and_not_interpreted(
    run: Commands, tmp_path: Path, figure: Figure
) -> None:
    strict = ("check", "-v", "--no-config", "--select", "strict")
    found = 0
    for name in FORMATS:
        text = run(*strict, "--output-format", name)
        CHECKS.get(name, check_log)(text)
        check_log(run.error)
        found += text.count("\n")
    for path in sorted(tmp_path.rglob("*")):
        if path.is_file():
            relative = str(path.relative_to(tmp_path))
            check_log(run(*strict, "--output-format", "concise", "--", relative))
            check_log(run.error)
    figure(f"{found:,} lines in {len(FORMATS)} formats")


@pytest.mark.usefixtures("hostile")
def test_names_in_other_output_are_shown_and_not_interpreted(run: Commands, hostile: str) -> None:
    """``--diff`` shows the text of files as it is, since a patch has to apply."""
    check_log(run("check", "--output-format", "concise"))
    check_log(run.error)
    folder = file_name(hostile)
    for arguments in (
        ("explain", "--", folder),
        ("explain", folder, hostile),
        ("config", "--", folder),
        ("rule", "--", hostile),
        ("image", "--", hostile),
        ("check", f"--select={hostile}"),
        ("check", f"--stdin-filename={hostile}"),
        ("check", "--", hostile),
    ):
        check_log(run(*arguments))
        check_log(run.error)
    diff = run("check", "--diff", "--all-fixes", "--no-config")
    heads = [line for line in diff.split("\n") if line.startswith(("---", "+++"))]
    check_log("\n".join(heads))
    check_log(run.error)
