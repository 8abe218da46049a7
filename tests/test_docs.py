"""What the pages show is what happens: every command is run, every link is followed.

A page is read from its top, in a work tree of its own. A block after
``<!-- file: NAME -->`` is written there as it stands. In a block of ``console``, each
command that begins with ``tightship`` or ``git`` is run as a shell runs it. Where the page
shows what it prints, it prints that; and what it exits with is 0 or 1, or what
``# exits with N`` behind it says. A block after ``<!-- output of …`` has a test elsewhere.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.test_readme import with_block

from tightship.migration.checks import every_check
from tightship.rules import every_rule
from tightship.rules.codes import code_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Golden

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "linter" / "docs"
PAGES = sorted(DOCS.glob("*.md"))
BASH = shutil.which("bash")

COMPOSE = """\
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
  app:
    build: .
"""
FILES = {
    "compose.yaml": COMPOSE,
    "compose.prod.yaml": "services: {web: {restart: always}}\n",
    "Dockerfile": "FROM alpine:3.22\nUSER 1000\n",
}
"""What is there at first, unless a page has ``<!-- folder: empty -->``."""

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


class Folder:
    """A work tree in which the commands of a page are run."""

    def __init__(self, path: Path, files: dict[str, str]) -> None:
        self.path = path
        scripts = str(Path(sys.executable).parent)
        self.environment = {
            "PATH": os.pathsep.join((scripts, os.environ["PATH"])),
            "HOME": str(path.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
        } | {
            f"GIT_{who}_{what}": "someone@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        path.mkdir()
        for name, text in files.items():
            self.write(name, text)
        if shutil.which("git") is not None:
            self.run("git init -q -b main && git add -A && git commit -q --allow-empty -m start")

    def write(self, name: str, text: str) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, command: str) -> tuple[int, str]:
        assert BASH is not None
        done = subprocess.run(
            [BASH, "-c", command],
            cwd=self.path,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout


def blocks(text: str) -> Iterator[tuple[str, str, str, int, int]]:
    """Yield name of the file, language, and body of each block, and where that is."""
    pattern = r"(?:^<!-- (?:file: (\S+)|(output) of.*) -->\n)?^```(\w*)\n(.*?)^```$"
    for found in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        language = "" if found[2] else found[3]
        yield found[1] or "", language, found[4], found.start(4), found.end(4)


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block, and what the page says that it prints."""
    command, shown = "", list[str]()
    for line in body.splitlines(keepends=True):
        if line.startswith("$ "):
            if command:
                yield command, "".join(shown)
            command, shown = line, []
        else:
            shown.append(line)
    if command:
        yield command, "".join(shown)


@every_page
@pytest.mark.skipif(BASH is None, reason="there is no bash")
def test_every_command_works_and_prints_what_is_shown(
    page: Path, tmp_path: Path, golden: Golden
) -> None:
    text = page.read_text("utf-8")
    files = {} if "<!-- folder: empty -->" in text else FILES
    folder = Folder(tmp_path / "project", files)
    pieces, end = list[str](), 0
    for name, language, body, start, stop in blocks(text):
        if name:
            folder.write(name, body)
        if language != "console":
            continue
        pieces += [text[end:start], *_run(folder, body)]
        end = stop
    golden(page, "".join((*pieces, text[end:])))


def _run(folder: Folder, body: str) -> Iterator[str]:
    """Run the commands of a block; yield it as it should be."""
    for command, shown in commands(body):
        line, _, comment = command.removeprefix("$ ").strip().partition("  #")
        if not line.startswith(("tightship ", "git ")):
            yield command + shown
            continue
        code, printed = folder.run(line)
        wanted = re.search(r"exits with (\d)", comment)
        codes = (int(wanted[1]),) if wanted else (0, 1)
        assert code in codes, f"{line}: {printed}"
        yield command + (printed if shown.strip() else shown)


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if "://" not in link:
            assert (page.parent / link).exists(), link


@every_page
def test_every_rule_that_is_named_in_a_comment_is_one(page: Path) -> None:
    names = {rule.name for rule in every_rule()}
    themes = {rule.theme for rule in every_rule()}
    found = re.findall(r"tightship: ignore(?:-file)?\[([^\]]+)\]", page.read_text("utf-8"))
    for word in (word.strip() for listed in found for word in listed.split(",")):
        assert word in names | themes | {"RULE"} or code_of(word), word


def test_a_page_that_shows_something_else_is_found(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "project", FILES)
    shown = "$ tightship --version\nsomething\n$ tightship rule nothing  # exits with 2\n"
    told = "".join(_run(folder, shown))
    assert "something" not in told
    assert "tightship 0" in told
    with pytest.raises(AssertionError, match="did you mean"):
        list(_run(folder, "$ tightship chek\n"))


# -- coming from other linters


def test_a_table_says_what_answers_to_each_id_or_why_nothing_does(golden: Golden) -> None:
    page = DOCS / "migrating.md"
    text = page.read_text("utf-8")
    rules = _rules_by_alias()
    for linter, checks in every_check().items():
        rows = list[str]()
        for check in sorted(checks, key=lambda one: _by_number(one.id)):
            here = ", ".join(f"[{name}](rules/{name}.md)" for name in rules.get(check.id, ()))
            rows.append(f"| `{check.id}` | {check.about} | {here or check.reason} |")
        head = [f"| {linter} | description | here |", "|---|---|---|"]
        table = "\n".join(["", *head, *rows, "", ""])
        text = with_block(text, f"table: {linter}", table)
    golden(page, text)


def test_the_page_about_others_counts_their_checks(golden: Golden) -> None:
    page, rules = DOCS / "other-linters.md", _rules_by_alias()
    rows = ["", "| linter | checks | with a rule here | usual reason for the others |"]
    rows.append("|---|---|---|---|")
    for linter, checks in every_check().items():
        without = [check.reason for check in checks if check.id not in rules]
        reason = max(without, key=without.count) if without else ""
        rows.append(f"| {linter} | {len(checks)} | {len(checks) - len(without)} | {reason} |")
    block = "\n".join([*rows, "", ""])
    golden(page, with_block(page.read_text("utf-8"), "coverage", block))


def _rules_by_alias() -> dict[str, list[str]]:
    rules: dict[str, list[str]] = {}
    for rule in every_rule():
        for alias in rule.aliases:
            rules.setdefault(alias, []).append(rule.name)
    return rules


def _by_number(alias: str) -> list[tuple[int, str]]:
    """Return what sorts `X_2` before `X_10`."""
    parts = re.split(r"(\d+)", alias)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def test_every_alias_is_in_a_table_and_no_id_is_twice() -> None:
    ids = [check.id for checks in every_check().values() for check in checks]
    assert len(ids) == len(set(ids))
    assert set(_rules_by_alias()) <= set(ids)


@pytest.mark.parametrize(
    ("linter", "count"),
    [
        ("hadolint", 71),
        ("BuildKit", 22),
        ("compose-lint", 30),
        ("Trivy", 28),
        ("Checkov", 28),
        ("Semgrep", 42),
    ],
)
def test_a_table_has_every_check_of_its_linter(linter: str, count: int) -> None:
    assert len(every_check()[linter]) == count


@pytest.mark.parametrize(
    ("alias", "names"),
    [
        ("trivy:DS-0001", {"untagged-base-image", "latest-base-image"}),
        ("semgrep:prefer-copy-over-add", {"unverified-remote-add"}),
        ("semgrep:dockerfile-dockerd-socket-mount", {"docker-socket-volume"}),
        ("semgrep:avoid-platform-with-from", {"constant-platform"}),
        ("semgrep:multiple-entrypoint-instructions", {"repeated-instruction"}),
        ("CL-0001", {"docker-socket-mounted", "host-root-mounted"}),
    ],
)
def test_an_id_has_the_rules_that_find_what_it_finds(alias: str, names: set[str]) -> None:
    assert set(_rules_by_alias()[alias]) == names
