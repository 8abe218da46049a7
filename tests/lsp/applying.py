"""What an editor does with the edits that it gets, by the protocol and by no code of ours."""

from __future__ import annotations

from itertools import pairwise

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    Edits = Sequence[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit]


def by_uri(edit: types.WorkspaceEdit | None) -> dict[str, Edits]:
    """Return the edits of each document."""
    assert edit is not None
    if edit.changes is not None:
        assert edit.document_changes is None
        return dict(edit.changes)
    made: dict[str, Edits] = {}
    for one in edit.document_changes or ():
        assert isinstance(one, types.TextDocumentEdit)
        assert one.text_document.uri not in made
        made[one.text_document.uri] = one.edits
    return made


def applied(text: str, edits: Edits) -> str:
    """Return a text after edits whose columns count UTF-16 units."""
    data = text.encode("utf-16-le")
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode("utf-16-le")))
    places = [
        (
            starts[one.range.start.line] + 2 * one.range.start.character,
            starts[one.range.end.line] + 2 * one.range.end.character,
            one,
        )
        for one in edits
    ]
    places.sort(key=lambda place: place[:2])
    for before, after in pairwise(places):
        assert before[1] <= after[0], "edits may not overlap"
        assert before[:2] != after[:2], "editors disagree on their order"
    for start, end, one in reversed(places):
        new = one.snippet.value if isinstance(one, types.SnippetTextEdit) else one.new_text
        data = data[:start] + new.encode("utf-16-le") + data[end:]
    return data.decode("utf-16-le")


def at(text: str, part: str, within: int = 0) -> types.Position:
    """Return the position of a part of a text."""
    start = text.index(part) + within
    line = text.count("\n", 0, start)
    column = start - (text.rfind("\n", 0, start) + 1)
    return types.Position(line, column)
