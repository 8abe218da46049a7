"""Whatever is edited in whatever order, answers are those of a fresh server.

And each range is one of the text as it is now, with the name of the symbol in it.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from lsprotocol import types
from tests.lsp.applying import by_uri
from tests.lsp.navigation.desk import can, language

from tightship_lsp.diagnostics.convert import characters
from tightship_lsp.features.document_links import document_links
from tightship_lsp.features.document_symbols import document_symbols, workspace_symbols
from tightship_lsp.features.places import definition, highlights, references
from tightship_lsp.features.queries import Queries, View
from tightship_lsp.features.ranges import folding_ranges, selection_ranges
from tightship_lsp.features.rename import prepare, rename
from tightship_lsp.session import Session
from tightship_lsp.symbols.outline import RenameError
from tightship_lsp.uri import path_of, uri_of

if TYPE_CHECKING:
    from tightship_lsp.indexing.projects import IndexedProjects

FILES = [
    "compose.yaml",
    "compose.override.yaml",
    "sub/compose.yaml",
    "common.yml",
    "app/Dockerfile",
    ".env",
]
COMPOSE = [
    "services:\n",
    "  web:\n",
    "  db: &db\n",
    "    build: {context: app, target: base, args: {V: 1}}\n",
    "    build: {context: ../app, target: last}\n",
    "    depends_on: [db]\n",
    '    depends_on: {"db": {condition: service_started}}\n',
    "    extends: {file: common.yml, service: db}\n",
    "include: [sub/compose.yaml, common.yml]\n",
    "    image: x:${TAG:-1}\r\n",
    "    build: {context: app, secrets: [tok, {source: tok, target: other}]}\n",
    "secrets: {tok: {environment: TAG}}\n",
    "    secrets: [tok]\n",
    "    command: cat /run/secrets/tok '/run/secrets/tok'\n",
    '    volumes: ["data:/x", ./data:/y]\n',
    "volumes: {data: }\n",
    "    <<: *db\n",
    "    : ] broken\n",
    "    container_name: 😀 # é\n",
    "    environment: {U: 'http://db:1/', 😀: db}\n",
    "---\n",
]
DOCKERFILE = [
    "ARG V=1\n",
    "FROM alpine:$V AS base\n",
    "FROM base AS last\n",
    "COPY --from=base 😀 /x\n",
    "COPY --from=0 a \\\n",
    "  # comment\n",
    "ENV V=$V W=$W\r\n",
    "RUN <<EOF\n",
    "EOF\n",
    "RUN echo $V\n",
    "RUN --mount=type=secret,id=tok --mount=type=secret,target=/x/tok ls\n",
]
ENV = [
    "TAG=1\n",
    "X=${TAG}\n",
    "COMPOSE_FILE=compose.yaml:common.yml\n",
    "COMPOSE_FILE=common.yml\n",
    "'\n",
    "😀=1\n",
]


def lines_of(name: str) -> list[str]:
    if name.endswith("Dockerfile"):
        return DOCKERFILE
    return COMPOSE if name.endswith(("yaml", "yml")) else ENV


class Log:
    def failed(self, error: Exception) -> None:
        raise error


def plain(found: Any) -> Any:
    """Return an answer as data without an order where it has none."""
    if isinstance(found, list):
        return sorted(repr(one) for one in found)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(found, types.WorkspaceEdit):
        return {uri: sorted(map(repr, edits)) for uri, edits in by_uri(found).items()}
    return repr(found)


class Side:
    """A server, without its connection."""

    def __init__(self, folder: Path, texts: dict[str, str]) -> None:
        self.folder = folder
        self.session = Session()
        self.session.watched = True
        self.session.add_folders([uri_of(str(folder))])
        self.queries = Queries(self.session, Log())
        self.indexed: IndexedProjects = self.queries.indexed
        for name, text in texts.items():
            self.session.put(self.uri(name), language(name), 1, text)
        self.indexed.all(self.session.snapshot())  # as a server does when it starts

    def uri(self, name: str) -> str:
        return uri_of(str(self.folder / name))

    def view(self, name: str) -> View:
        document, now = self.session.document(self.uri(name)), self.session.snapshot()
        assert document is not None
        return View(self.session, document, now, self.indexed, lambda: None)

    def answers(self, name: str, place: types.Position) -> dict[str, Any]:
        view = self.view(name)
        found: dict[str, Any] = {
            "definition": definition(view, place),
            "references": references(view, place, with_declarations=True),
            "highlights": highlights(view, place),
            "symbols": document_symbols(view),
            "links": document_links(view),
            "folding": folding_ranges(view),
            "selection": selection_ranges(view, [place]),
            "workspace": workspace_symbols(self.queries, "d"),
        }
        for key, ask in (
            ("prepare", lambda: prepare(view, place)),
            ("rename", lambda: rename(view, place, "renamed", can())),
        ):
            try:
                found[key] = ask()
            except RenameError as error:
                found[key] = str(error)
        return found


class Edited(RuleBasedStateMachine):
    """A project of six files, some of which are open."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()).resolve()
        for name in FILES:
            (self.folder / name).parent.mkdir(exist_ok=True)
        self.open: dict[str, str] = {}
        self.side = Side(self.folder, {})
        self.version = 1
        self.asked: tuple[str, types.Position] | None = None

    @rule(name=st.sampled_from(FILES), lines=st.lists(st.integers(0, 99), max_size=8))
    def write(self, name: str, lines: list[int]) -> None:
        """Change a file on the disk, which the client reports."""
        choice = lines_of(name)
        text = "".join(choice[number % len(choice)] for number in lines)
        (self.folder / name).write_bytes(text.encode())
        self.side.session.touch([self.side.uri(name)])

    @rule(name=st.sampled_from(FILES))
    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
        self.side.session.touch([self.side.uri(name)])

    @rule(name=st.sampled_from(FILES), lines=st.lists(st.integers(0, 99), max_size=8))
    def open_document(self, name: str, lines: list[int]) -> None:
        choice = lines_of(name)
        self.open[name] = "".join(choice[number % len(choice)] for number in lines)
        self.side.session.put(self.side.uri(name), language(name), 1, self.open[name])

    @rule(name=st.sampled_from(FILES))
    def close_document(self, name: str) -> None:
        self.open.pop(name, None)
        self.side.session.close(self.side.uri(name))

    @rule(data=st.data(), inserted=st.integers(0, 99), removes=st.integers(0, 3))
    def edit(self, data: st.DataObject, inserted: int, removes: int) -> None:
        """Replace some lines by another one."""
        if not self.open:
            return
        name = data.draw(st.sampled_from(sorted(self.open)))
        lines: list[str] = self.open[name].splitlines(keepends=True)
        at = data.draw(st.integers(0, len(lines)))
        choice = lines_of(name)
        line = choice[inserted % len(choice)]
        end = min(at + removes, len(lines))
        self.open[name] = "".join([*lines[:at], line, *lines[end:]])
        self.version += 1
        change = ((at, 0), (end, 0)), line
        measure = partial(characters, encoding="utf-16")
        assert self.side.session.change(self.side.uri(name), self.version, [change], measure)

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        """Choose a place to ask about: the start of a word."""
        if not self.open:
            return
        name = data.draw(st.sampled_from(sorted(self.open)))
        text = self.open[name]
        lines = text.split("\n")
        number = data.draw(st.integers(0, len(lines) - 1))
        column = data.draw(st.integers(0, len(lines[number])))
        self.asked = name, types.Position(number, column)

    @invariant()
    def answers_are_those_of_a_fresh_server(self) -> None:
        if self.asked is None or self.asked[0] not in self.open:
            return
        name, place = self.asked
        document = self.side.session.document(self.side.uri(name))
        assert document is not None
        assert document.text == self.open[name]
        found = self.side.answers(name, place)
        fresh = Side(self.folder, self.open).answers(name, place)
        assert {key: plain(one) for key, one in found.items()} == {
            key: plain(one) for key, one in fresh.items()
        }
        self.check_ranges([*found["definition"], *found["references"]])

    def check_ranges(self, found: list[types.Location]) -> None:
        """Check that all places are within the texts as they are now."""
        for one in found:
            path = path_of(one.uri)
            assert path is not None
            name = path.removeprefix(f"{self.folder}/")
            text = self.open.get(name)
            if text is None:
                text = (self.folder / name).read_bytes().decode()
            line = text.split("\n")[one.range.start.line]
            units = len(line.encode("utf-16-le")) // 2
            assert one.range.start.line == one.range.end.line
            assert one.range.start.character <= one.range.end.character <= units

    def teardown(self) -> None:
        shutil.rmtree(self.folder)


TestEdited = Edited.TestCase
TestEdited.settings = settings(deadline=None, stateful_step_count=20)
