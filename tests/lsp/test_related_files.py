"""Documents beside Compose files and Dockerfiles that an editor sends as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.lsp.conftest import capabilities
from tests.lsp.findings import findings

from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
from tightship_lsp.features.capabilities import CodeActionCapabilities
from tightship_lsp.features.code_actions import code_actions
from tightship_lsp.features.code_lens import code_lenses
from tightship_lsp.features.hover import hover
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """\
services:
  web:
    image: nginx:1.27
    privileged: ${POWER:-false}
    env_file: web.env
"""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    session = Session()
    session.watched = True
    session.add_folders([uri_of(str(tmp_path.resolve()))])
    return session


def put(session: Session, folder: Path, name: str, language: str, text: str) -> str:
    uri = uri_of(str(folder.resolve() / name))
    session.put(uri, language, 1, text)
    return uri


def names(session: Session, uri: str) -> list[str]:
    return [one.rule.name for one in findings(session, uri)]


@pytest.mark.parametrize("language", ["plaintext", "dotenv", "properties", "ini"])
def test_unsaved_variables_count(session: Session, tmp_path: Path, language: str) -> None:
    compose = put(session, tmp_path, "compose.yaml", "dockercompose", COMPOSE)
    assert "privileged-container" not in names(session, compose)
    env = put(session, tmp_path, ".env", language, "POWER=true\n")
    assert "privileged-container" in names(session, compose)
    session.close(env)
    assert "privileged-container" not in names(session, compose)


def test_an_unsaved_dockerignore_counts(session: Session, tmp_path: Path) -> None:
    text = "FROM alpine:3.22\nCOPY notes.txt /\n"
    (tmp_path / "notes.txt").touch()
    build = "services:\n  web:\n    build: .\n"
    put(session, tmp_path, "compose.yaml", "dockercompose", build)
    dockerfile = put(session, tmp_path, "Dockerfile", "dockerfile", text)
    assert "copy-ignored-file" not in names(session, dockerfile)
    put(session, tmp_path, ".dockerignore", "ignore", "notes.txt\n")
    assert "copy-ignored-file" in names(session, dockerfile)


def test_an_included_file_of_any_name_is_watched(session: Session, tmp_path: Path) -> None:
    main = "include: [data.yaml]\nservices:\n  web:\n    image: nginx:1.27\n"
    data = "services:\n  db:\n    image: postgres:18\n    privileged: true\n"
    put(session, tmp_path, "compose.yaml", "dockercompose", main)
    included = put(session, tmp_path, "data.yaml", "yaml", data)
    assert "privileged-container" in names(session, included)
    assert code_lenses(session, included)


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("deployment.yaml", "yaml", "services:\n  elsewhere:\n    privileged: true\n"),
        ("values.yaml", "yaml", "a: &a [1]\nb: *a\nprivileged: true\n"),
        (".env", "plaintext", "POWER=true\nprivileged: true\n"),
        ("web.env", "dotenv", "A=1\n"),
        ("other.env", "dotenv", "A=1\n"),
        (".dockerignore", "ignore", "services\n"),
        ("pyproject.toml", "toml", "[tool.tightship]\n"),
        ("tightship.toml", "plaintext", 'ignore = ["users"]\n'),
    ],
)
def test_files_that_are_not_judged_have_no_diagnostics(
    session: Session, tmp_path: Path, name: str, language: str, text: str
) -> None:
    put(session, tmp_path, "compose.yaml", "dockercompose", COMPOSE)
    uri = put(session, tmp_path, name, language, text)
    can = capabilities("visual_studio_code")
    everywhere = types.Range(types.Position(0, 0), types.Position(9, 0))
    asked = types.CodeActionParams(
        types.TextDocumentIdentifier(uri), everywhere, types.CodeActionContext([])
    )
    report = session.report(uri)
    assert report is not None
    assert not report.findings
    assert not report.problems
    assert code_lenses(session, uri) == []
    assert (
        code_actions(session, asked, CodeActionCapabilities(can, DiagnosticCapabilities(can))) == []
    )
    for line in range(3):
        for column in (0, 4, 8):
            at = types.Position(line, column)
            assert hover(session, uri, at, markdown=True) is None
