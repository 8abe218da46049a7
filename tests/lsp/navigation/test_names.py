"""Names that a symbol can have, and those that are refused, with what the message says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.lsp.applying import by_uri
from tests.lsp.navigation.desk import Workspace, can

from tightship_lsp.features.document_links import document_links
from tightship_lsp.features.document_symbols import document_symbols
from tightship_lsp.features.places import definition
from tightship_lsp.features.ranges import folding_ranges
from tightship_lsp.features.rename import prepare, rename
from tightship_lsp.indexing.projects import IndexedProjects
from tightship_lsp.symbols.outline import RenameError

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "compose.yaml": """\
services:
  «db»: {image: postgres, profiles: [«tools»]}
  web:
    build: {context: ., target: «dev», args: {«VERSION»: 1}}
    networks: [«front»]
    volumes: ["«data»:/x", "./other:/y"]
    command: "${«TAG»}"
networks: {front: , back: }
volumes: {data: , cache: }
""",
    ".env": "TAG=1\nOTHER=2\n",
    "Dockerfile": """\
ARG VERSION=1
ARG USED=1
FROM alpine AS dev
ENV «HOME_DIR»=/app
FROM alpine AS prod
""",
}


def asked(workspace: Workspace, old: str, new: str) -> types.WorkspaceEdit | None:
    [mark] = [one for one in workspace.marks if text_at(workspace, one) == old]
    view = workspace.view(mark.file)
    return rename(view, types.Position(mark.line, mark.start), new, can())


def text_at(workspace: Workspace, mark: object) -> str:
    from tests.lsp.navigation.desk import Mark

    assert isinstance(mark, Mark)
    return workspace.texts[mark.file].split("\n")[mark.line][mark.start : mark.end]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("db", "data-base_2.x"),
        ("db", "data"),  # a volume has this name
        ("db", "2x"),
        ("front", "a.b"),
        ("data", "db"),
        ("tools", "t1"),
        ("dev", "Prod-1.x"),
        ("VERSION", "_V1"),
        ("HOME_DIR", "home"),
        ("TAG", "tag"),
    ],
)
def test_possible(old: str, new: str, tmp_path: Path) -> None:
    edit = asked(Workspace(tmp_path, FILES), old, new)
    assert {one.new_text for edits in by_uri(edit).values() for one in edits} == {new}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("db", "web", "there is another service `web`"),
        ("db", "", "is no name of a service"),
        ("db", "a b", "is no name of a service"),
        ("db", "ä", "is no name of a service"),
        ("db", "a/b", "is no name of a service"),
        ("db", "a:b", "is no name of a service"),
        ("front", "back", "there is another network `back`"),
        ("front", "default", "fixed meaning"),
        ("data", "cache", "there is another volume `cache`"),
        ("data", "./data", "is no name of a volume"),
        ("db", "2", "the configuration of `compose.yaml` would change"),  # a number in YAML
        ("db", "null", "would"),
        ("data", "x", "`x` would mean something else"),  # a drive of Windows
        ("tools", "-x", "is no name of a profile"),
        ("tools", "x", "is no name of a profile"),
        ("dev", "prod", "there is another stage `prod`"),
        ("dev", "PROD", "there is another stage `PROD`"),
        ("dev", "1", "is no name of a stage"),
        ("dev", "scratch", "fixed meaning"),
        ("VERSION", "USED", "there is another build argument `USED`"),
        ("VERSION", "HTTP_PROXY", "fixed meaning"),
        ("VERSION", "a-b", "is no name of a build argument"),
        ("HOME_DIR", "VERSION", "there is another environment variable `VERSION`"),
        ("HOME_DIR", "1A", "is no name of a environment variable|is no name of an"),
        ("TAG", "OTHER", "there is another variable `OTHER`"),
        ("TAG", "COMPOSE_FILE", "fixed meaning"),
        ("TAG", "A.B", "is no name of a variable"),
    ],
)
def test_refused(old: str, new: str, message: str, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, FILES)
    with pytest.raises(RenameError, match=message):
        asked(workspace, old, new)


def test_the_same_name_changes_nothing(tmp_path: Path) -> None:
    assert by_uri(asked(Workspace(tmp_path, FILES), "db", "db")) == {}


def test_a_stage_may_change_its_case(tmp_path: Path) -> None:
    edit = asked(Workspace(tmp_path, FILES), "dev", "DEV")
    assert len(by_uri(edit)) == 2


@pytest.mark.parametrize(
    ("file", "line", "column"),
    [("compose.yaml", 0, 3), ("compose.yaml", 1, 16), ("Dockerfile", 2, 6), (".env", 0, 4)],
)
def test_there_is_nothing_to_rename(file: str, line: int, column: int, tmp_path: Path) -> None:
    view = Workspace(tmp_path, FILES).view(file)
    assert prepare(view, types.Position(line, column)) is None
    assert rename(view, types.Position(line, column), "x", can()) is None


def test_edits_have_the_versions_of_open_documents(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, FILES)
    workspace.open("compose.yaml", version=7)
    view = workspace.view("compose.yaml")
    [mark] = [one for one in workspace.marks if text_at(workspace, one) == "dev"]
    edit = rename(view, types.Position(mark.line, mark.start), "x", can(versions=True))
    assert edit is not None
    assert edit.document_changes is not None
    made = [one for one in edit.document_changes if isinstance(one, types.TextDocumentEdit)]
    assert {workspace.name(one.text_document.uri): one.text_document.version for one in made} == {
        "compose.yaml": 7,
        "Dockerfile": None,
    }


def test_an_open_text_counts_and_not_the_one_on_the_disk(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, {"compose.yaml": "services: {a: {image: a}}\n"})
    (tmp_path / "Dockerfile").write_text("FROM alpine AS old\n")
    text = "services:\n  a: {build: {context: ., target: fresh}}\n"
    workspace.open("compose.yaml", text)
    workspace.texts["compose.yaml"] = text
    workspace.open("Dockerfile", "FROM alpine\nFROM alpine AS fresh\n")
    workspace.texts["Dockerfile"] = "FROM alpine\nFROM alpine AS fresh\n"
    edit = rename(workspace.view("Dockerfile"), types.Position(1, 17), "new", can())
    assert workspace.renamed(edit) == {
        "compose.yaml": text.replace("fresh", "new"),
        "Dockerfile": "FROM alpine\nFROM alpine AS new\n",
    }


def test_invocations_that_a_judgement_has_found(tmp_path: Path) -> None:
    """What a Makefile merges belongs to the project, although it could be one alone."""
    files = {
        "compose.yaml": "services:\n  «=web»: {image: web}\n",
        "extra/hard.yml": "services:\n  «=web»: {image: web, read_only: true}\n",
        "Makefile": "up:\n\tdocker compose -f compose.yaml -f extra/hard.yml up\n",
    }
    workspace = Workspace(tmp_path, files)
    uri = workspace.open("extra/hard.yml")
    workspace.session.report(uri)
    workspace.indexed = IndexedProjects(invocations=workspace.session.invocations)
    edit = rename(workspace.view("compose.yaml"), types.Position(1, 3), "site", can())
    assert workspace.renamed(edit) == {
        name: text.replace("web:", "site:") for name, text in workspace.texts.items()
    }


BARE = {
    "compose.yaml": """\
services:
  a:
    build:
      context: .
      args: [TOKEN]
    environment:
      - TOKEN
      - "TOKEN2=${TOKEN}"
""",
    "Dockerfile": "FROM alpine\nARG TOKEN\n",
    ".env": "TOKEN=1\n",
}


def test_a_container_keeps_the_variable_whose_value_is_renamed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, BARE)
    edit = rename(workspace.view(".env"), types.Position(0, 0), "SECRET", can())
    text = BARE["compose.yaml"]
    assert workspace.renamed(edit) == {
        "compose.yaml": text.replace("[TOKEN]", "[TOKEN=$SECRET]")
        .replace("- TOKEN\n", "- TOKEN=$SECRET\n")
        .replace("${TOKEN}", "${SECRET}"),
        "Dockerfile": BARE["Dockerfile"],
        ".env": "SECRET=1\n",
    }


def test_an_argument_keeps_the_value_of_the_variable_of_its_name(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, BARE)
    edit = rename(workspace.view("Dockerfile"), types.Position(1, 4), "SECRET", can())
    assert workspace.renamed(edit) == {
        "compose.yaml": BARE["compose.yaml"].replace("[TOKEN]", "[SECRET=$TOKEN]"),
        "Dockerfile": "FROM alpine\nARG SECRET\n",
        ".env": BARE[".env"],
    }


def test_an_argument_and_a_variable_at_one_place(tmp_path: Path) -> None:
    view = Workspace(tmp_path, BARE).view("compose.yaml")
    with pytest.raises(RenameError, match="a build argument and a variable of one name"):
        prepare(view, types.Position(4, 14))


def test_an_argument_whose_value_comes_from_the_shell(tmp_path: Path) -> None:
    view = Workspace(tmp_path, {**BARE, ".env": ""}).view("Dockerfile")
    with pytest.raises(RenameError, match="would change with this name"):
        rename(view, types.Position(1, 4), "SECRET", can())


def test_a_secret_of_a_build_keeps_its_path(tmp_path: Path) -> None:
    """Its id is also the name of its file, if the mount has no target."""
    compose = """\
services:
  a: {build: {context: ., secrets: [token]}}
secrets:
  token: {environment: TOKEN}
"""
    run = "FROM alpine\nRUN --mount=type=secret,id=token cat /run/secrets/token\n"
    workspace = Workspace(tmp_path, {"compose.yaml": compose, "Dockerfile": run})
    edit = rename(workspace.view("Dockerfile"), types.Position(1, 27), "key", can())
    assert workspace.renamed(edit) == {
        "compose.yaml": compose.replace("token", "key"),
        "Dockerfile": run.replace("id=token", "id=key,target=/run/secrets/token"),
    }


def test_a_secret_that_is_named_by_its_path_is_not_renamed(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services:\n  a: {build: {context: ., secrets: [token]}}\n"
        "secrets:\n  token: {environment: TOKEN}\n",
        "Dockerfile": "FROM alpine\nRUN --mount=type=secret,target=/x/token ls\n",
    }
    workspace = Workspace(tmp_path, files)
    with pytest.raises(RenameError, match="part of a path, or has an escape, in `Dockerfile`"):
        prepare(workspace.view("compose.yaml"), types.Position(3, 3))
    assert prepare(workspace.view("Dockerfile"), types.Position(1, 36)) is None


@pytest.mark.parametrize("name", ["values.yaml", "deploy/notes.txt"])
def test_a_document_of_another_language_has_no_symbols(name: str, tmp_path: Path) -> None:
    text = "kind: Deployment\nspec: {name: &a x, other: *a}\n"
    workspace = Workspace(tmp_path, {name: text, "compose.yaml": "services: {a: {image: a}}\n"})
    uri = workspace.uri(name)
    workspace.session.put(uri, "yaml", 1, text)
    view = workspace.view(name)
    assert view.projects == []
    assert not [*document_symbols(view), *folding_ranges(view), *document_links(view)]
    assert definition(view, types.Position(0, 1)) == []
    assert prepare(view, types.Position(0, 1)) is None
