"""What an editor shows of each file is what a run over the folder finds in it."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.conftest import CORPUS
from tests.lsp.desk import Desk
from tests.lsp.findings import findings

from tightship.engine.plan.candidates import language_of

if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding

Place = tuple[str, int, str]

PROJECTS = Path(__file__).parents[1] / "projects"
_LANGUAGES = {"compose": "dockercompose", "dockerfile": "dockerfile"}
_MOST = 150
_ODD = {
    "a": ("Dockerfile", "FROM alpine:3\n# tightship: ignore[root-user] x\nRUN a\n"),
    "b": ("Dockerfile", "\n"),
    "c": ("Dockerfile.x", "hello\n"),
    "d": ("Dockerfile.x", "FROM a:1\nhello\n"),
    "e": ("Dockerfile", "FROM a:1\nRUN \u0085\ufeff\n"),
    "f": ("compose.yaml", ""),
    "g": ("compose.yaml", "# a\n"),
    "h": ("compose.yaml", "- a\n"),
    "i": ("compose.yaml", "a: b\n"),
    "j": ("compose.yaml", "a: [\n"),
    "k": ("compose.yaml", "servicess: {a: {image: x}}\n"),
    "l": ("compose.yaml", "services:\n"),
    "m": ("compose.yaml", "kind: Deployment\napiVersion: v1\n"),
    "n": ("compose.yaml", "volumes: {a: {}}\n"),
    "o": ("compose.prod.yaml", "volumes: {a: {}}\n"),
    "p": ("compose.prod.yaml", "a: b\n"),
    "q": ("docker-compose.override.yml", "a: b\n"),
    "r": ("compose.yaml", "--- \nservices: {a: {image: x}}\n---\na: b\n"),
    "s": ("compose.base.yaml", "services: {a: {image: x}}\n"),
    "t": ("compose-values.yaml", "image: {tag: x}\n"),
}


def places(found: list[JudgedFinding]) -> set[Place]:
    return {(one.rule.name, one.span.start, one.finding.message) for one in found}


def differing(folder: Path) -> dict[str, set[Place]]:
    """Return what only one of the two says, by file."""
    by_file = defaultdict[str, list["JudgedFinding"]](list)
    for verdict in check([str(folder)]):
        for one in verdict.findings:
            by_file[one.span.source.name].append(one)
    found = dict[str, set[Place]]()
    paths = [path for path in sorted(folder.rglob("*")) if language_of(path.name)]
    for path in paths[:_MOST]:
        if path.is_symlink() or not path.is_file():
            continue
        name, desk = path.relative_to(folder).as_posix(), Desk(folder)
        language = _LANGUAGES[language_of(path.name) or ""]
        uri = desk.open(name, path.read_bytes().decode(), language)
        own = [one for one in findings(desk.session, uri) if one.span.source.name == name]
        difference = places(own) ^ places(by_file[name])
        if difference:
            found[name] = difference
    assert paths
    return found


def _copied(folder: Path, place: Path) -> Path:
    """Return a copy in a work tree of its own, so that both have the same root."""
    made = place / "work"
    shutil.copytree(folder, made, symlinks=True)
    (made / ".git").mkdir(exist_ok=True)
    return made.resolve()


def test_server_and_command_line_agree_about_projects(tmp_path: Path) -> None:
    assert not differing(_copied(PROJECTS, tmp_path))


def test_server_and_command_line_agree_about_broken_projects(tmp_path: Path) -> None:
    for folder, (name, text) in _ODD.items():
        (tmp_path / "odd" / folder).mkdir(parents=True)
        (tmp_path / "odd" / folder / name).write_text(text, encoding="utf-8")
    assert not differing(_copied(tmp_path / "odd", tmp_path))


@pytest.mark.exhaustive
def test_server_and_command_line_agree_about_real_projects(tmp_path: Path) -> None:
    if not CORPUS.is_dir():
        pytest.skip("no corpus of projects: name its folder in TIGHTSHIP_CORPUS")
    for number, folder in enumerate(filter(Path.is_dir, CORPUS.iterdir())):
        assert not differing(_copied(folder, tmp_path / str(number)))
