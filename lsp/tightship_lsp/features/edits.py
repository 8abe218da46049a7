"""Edits of texts as an editor applies them: to versions of documents."""

from __future__ import annotations

from difflib import SequenceMatcher

from lsprotocol import types

from tightship.text import Edit, OverlapError, Span, apply_edits
from tightship_lsp.diagnostics.convert import Ruler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from tightship.text import Source
    from tightship_lsp.features.capabilities import EditCapabilities
    from tightship_lsp.features.document_view import DocumentView
    from tightship_lsp.judging.project import JudgedProject

    AnyEdit: TypeAlias = types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit

REASON = "reason"
"""The placeholder for the reason of a suppression."""

_LONGEST = 4000  # lines that are compared one by one


def workspace_edit(
    view: DocumentView,
    project: JudgedProject,
    edits: Iterable[Edit],
    can: EditCapabilities,
    *,
    snippet: bool = False,
) -> types.WorkspaceEdit | None:
    """Return edits of the files of a project, or None where they are outdated.

    With ``snippet``, the editor selects the reason of a suppression, if it can.
    """
    ruler = Ruler(view.session.encoding)
    changes: dict[str, list[types.TextEdit]] = {}
    versions: dict[str, int | None] = {}
    by_source: dict[Source, list[Edit]] = {}
    for edit in edits:
        by_source.setdefault(edit.span.source, []).append(edit)
    for source, mine in by_source.items():
        uri = view.report.uri_of(project, source)
        document = view.document if uri == view.document.uri else view.session.document(uri)
        if document is not None and document.source.text != source.text:
            return None
        try:
            separate = list(_separate(source, mine))
        except OverlapError:
            return None
        versions[uri] = document.version if document is not None else None
        changes.setdefault(uri, []).extend(
            types.TextEdit(ruler.range_of(edit.span), edit.text) for edit in separate
        )
    if not changes:
        return None
    return of_changes(changes, versions, can, as_snippets=snippet and can.snippets)


def of_changes(
    changes: dict[str, list[types.TextEdit]],
    versions: dict[str, int | None],
    can: EditCapabilities,
    *,
    as_snippets: bool = False,
) -> types.WorkspaceEdit:
    """Return edits of documents, by URI, in the form that the client takes."""
    if not can.versions:
        return types.WorkspaceEdit(changes=changes)
    return _versioned(changes, versions, as_snippets=as_snippets)


def _versioned(
    changes: dict[str, list[types.TextEdit]], versions: dict[str, int | None], *, as_snippets: bool
) -> types.WorkspaceEdit:
    """Return edits of the versions of documents that they were made for."""
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri, versions[uri]),
                [_snippet(edit) if as_snippets else edit for edit in mine],
            )
            for uri, mine in changes.items()
        ]
    )


def _separate(source: Source, edits: list[Edit]) -> Iterator[Edit]:
    """Yield edits in order, of which no two are at the same place.

    Several insertions at one place have an order, which the protocol does not keep.
    """
    apply_edits(source, edits)  # or refuse them
    by_place: dict[tuple[int, int], list[Edit]] = {}
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        by_place.setdefault((edit.span.start, edit.span.end), []).append(edit)
    for (start, end), same in by_place.items():
        if len(same) == 1:
            yield same[0]
            continue
        text = apply_edits(source, same)
        length = len(text) - len(source.text) + end - start
        yield Edit(Span(source, start, end), text[start : start + length])


def _snippet(edit: types.TextEdit) -> AnyEdit:
    """Return an edit whose reason is selected once it is applied."""
    head, found, tail = edit.new_text.rpartition(REASON)
    if not found:
        return edit
    text = f"{_escaped(head)}${{1:{REASON}}}{_escaped(tail)}"
    return types.SnippetTextEdit(edit.range, types.StringValue(text))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


def differences(source: Source, text: str) -> list[Edit]:
    """Return the edits that make a text of a source, line by line."""
    old, new = _lines(source.text), _lines(text)
    if len(old) + len(new) > 2 * _LONGEST:
        return [Edit(Span(source, 0, len(source.text)), text)]
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    # Frequent lines begin no match (they extend others), or the time would grow with
    # the square of their number.
    matcher = SequenceMatcher(None, old, new, autojunk=True)
    return [
        Edit(Span(source, starts[a], starts[b]), "".join(new[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [*(f"{line}\n" for line in lines[:-1]), lines[-1]]
