"""Cases for requests about a place, as data: texts with a cursor, and what has to come."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from tightship_lsp.features.queries import View
from tightship_lsp.indexing.projects import IndexedProjects
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CURSOR = "‸"
CASES = Path(__file__).parent / "cases"
FULL = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        completion=types.CompletionClientCapabilities(
            completion_item=types.ClientCompletionItemOptions(
                snippet_support=True,
                preselect_support=True,
                documentation_format=[types.MarkupKind.Markdown],
                insert_text_mode_support=types.ClientCompletionItemInsertTextModeOptions(
                    [types.InsertTextMode.AsIs, types.InsertTextMode.AdjustIndentation]
                ),
                resolve_support=types.ClientCompletionItemResolveOptions(["documentation"]),
            )
        )
    )
)
"""A client that takes everything."""


def cases(name: str) -> Iterator[Any]:
    """Yield the cases of a file, each with its name."""
    import pytest

    for case in tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))["case"]:
        yield pytest.param(case, id=case["name"].replace(" ", "-"))


class Asked:
    """A case, and the document with its cursor."""

    def __init__(self, case: dict[str, Any], folder: Path, default: str = "compose.yaml") -> None:
        self.folder = folder.resolve()
        for name, text in case.get("files", {}).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        name = case.get("file", default)
        before, cursor, after = case["text"].partition(CURSOR)
        self.text: str = before + after
        self.session = Session()
        self.session.add_folders([uri_of(str(self.folder))])
        self.uri = uri_of(str(self.folder / name))
        is_dockerfile = "ockerfile" in name
        language = "dockerfile" if is_dockerfile else "dockercompose"
        self.session.put(self.uri, language, 1, self.text)
        lines = (before if cursor else "").split("\n")
        column = len(lines[-1].encode("utf-16-le")) // 2
        self.position = types.Position(len(lines) - 1, column)

    @property
    def identifier(self) -> types.TextDocumentIdentifier:
        """Return the document, as requests name it."""
        return types.TextDocumentIdentifier(self.uri)

    def view(self) -> View:
        """Return the document as it is now."""
        now = self.session.snapshot()
        document = next(one for one in now.documents if one.uri == self.uri)
        return View(self.session, document, now, IndexedProjects(), lambda: None)

    def applied(self, edit: types.TextEdit) -> str:
        """Return the text after an edit, with the cursor behind what was inserted."""
        start, end = (self._offset(one) for one in (edit.range.start, edit.range.end))
        return self.text[:start] + edit.new_text + CURSOR + self.text[end:]

    def _offset(self, position: types.Position) -> int:
        lines = self.text.split("\n")
        before = sum(len(line) + 1 for line in lines[: position.line])
        units = lines[position.line].encode("utf-16-le")[: 2 * position.character]
        return before + len(units.decode("utf-16-le"))
