"""A workspace of texts with marks, and questions about the places that are marked.

``«name»`` marks a use of the symbol that a case is about, ``«=name»`` a declaration of it, and
``‹name›`` a place where nothing of it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types
from tests.lsp.applying import applied, by_uri

from tightship_lsp.features.capabilities import EditCapabilities
from tightship_lsp.features.queries import View
from tightship_lsp.indexing.projects import IndexedProjects
from tightship_lsp.session import Session
from tightship_lsp.uri import path_of, uri_of

if TYPE_CHECKING:
    from pathlib import Path

_MARK = re.compile("«(=?)([^»]*)»|‹([^›]*)›")


class Mark:
    """A marked place: its file, its line, and its first and last column."""

    def __init__(self, file: str, line: int, start: int, end: int, role: str) -> None:
        self.file = file
        self.line = line
        self.start = start
        self.end = end
        self.role = role

    @property
    def place(self) -> tuple[str, int, int, int]:
        return self.file, self.line, self.start, self.end


def read(file: str, marked: str) -> tuple[str, list[Mark]]:
    """Return a text without its marks, and the marks, in UTF-16 columns."""
    lines, marks = list[str](), list[Mark]()
    for number, line in enumerate(marked.split("\n")):
        plain, done = "", 0
        for found in _MARK.finditer(line):
            plain += line[done : found.start()]
            role = "other" if found[2] is None else "declaration" if found[1] else "use"
            name = found[3] if found[2] is None else found[2]
            start = units(plain)
            plain += name
            marks.append(Mark(file, number, start, units(plain), role))
            done = found.end()
        lines.append(plain + line[done:])
    return "\n".join(lines), marks


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class Workspace:
    """A folder with files, some of which are open."""

    def __init__(self, folder: Path, files: dict[str, str], *, encoding: str = "utf-16") -> None:
        self.folder = folder.resolve()
        self.session = Session()
        self.session.encoding = encoding
        self.session.add_folders([uri_of(str(self.folder))])
        self.indexed = IndexedProjects()
        self.texts: dict[str, str] = {}
        self.marks: list[Mark] = []
        for name, marked in files.items():
            text, marks = read(name, marked)
            self.marks += marks
            self.texts[name] = text
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def uri(self, name: str) -> str:
        return uri_of(str(self.folder / name))

    def open(self, name: str, text: str | None = None, version: int = 1) -> str:
        uri = self.uri(name)
        self.session.put(uri, language(name), version, self.texts[name] if text is None else text)
        return uri

    def view(self, name: str) -> View:
        uri = self.uri(name)
        if self.session.document(uri) is None:
            self.open(name)
        document, now = self.session.document(uri), self.session.snapshot()
        assert document is not None
        return View(self.session, document, now, self.indexed, lambda: None)

    def name(self, uri: str) -> str:
        path = path_of(uri)
        assert path is not None
        return path.removeprefix(f"{self.folder}/")

    def place(self, location: types.Location) -> tuple[str, int, int, int]:
        return self.name(location.uri), *span(location.range)

    def renamed(self, edit: types.WorkspaceEdit | None) -> dict[str, str]:
        """Return the texts after an edit."""
        texts = dict(self.texts)
        for uri, edits in by_uri(edit).items():
            texts[self.name(uri)] = applied(texts[self.name(uri)], edits)
        return texts


def span(range_: types.Range) -> tuple[int, int, int]:
    assert range_.start.line == range_.end.line
    return range_.start.line, range_.start.character, range_.end.character


def language(name: str) -> str:
    if "ockerfile" in name:
        return "dockerfile"
    return "dockercompose" if name.endswith((".yml", ".yaml")) else "plaintext"


def can(*, versions: bool = False) -> EditCapabilities:
    edit = types.WorkspaceEditClientCapabilities(document_changes=versions)
    workspace = types.WorkspaceClientCapabilities(workspace_edit=edit)
    return EditCapabilities(types.ClientCapabilities(workspace=workspace))
