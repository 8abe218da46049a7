"""Completion in the protocol: what a client can take, and the answer for it."""

from __future__ import annotations

from lsprotocol import types

from tightship.lazy import regex
from tightship.text import Span
from tightship_lsp.diagnostics.convert import range_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.features.completion.cursor import Inline
    from tightship_lsp.features.completion.item import Item, Kind
    from tightship_lsp.features.queries import View
    from tightship_lsp.workspace.document import Document

_KINDS: dict[Kind, types.CompletionItemKind] = {
    "key": types.CompletionItemKind.Property,
    "value": types.CompletionItemKind.EnumMember,
    "service": types.CompletionItemKind.Module,
    "name": types.CompletionItemKind.Reference,
    "file": types.CompletionItemKind.File,
    "folder": types.CompletionItemKind.Folder,
    "image": types.CompletionItemKind.Unit,
    "variable": types.CompletionItemKind.Variable,
    "keyword": types.CompletionItemKind.Keyword,
    "stage": types.CompletionItemKind.Class,
}
_AS_IS = types.InsertTextMode.AsIs
_QUOTES = ("'", '"')
_CONTINUED = (":", "=")
_ENDS = (*_CONTINUED, ",", *_QUOTES)
_WORD = regex(r"\w*")


class CompletionCapabilities:
    """What a client can do with completions."""

    def __init__(self, client: types.ClientCapabilities) -> None:
        completion = client.text_document and client.text_document.completion
        item = completion.completion_item if completion else None
        self.snippets = bool(item and item.snippet_support)
        formats = (item and item.documentation_format) or ()
        self.markdown = types.MarkupKind.Markdown in formats
        modes = item.insert_text_mode_support if item else None
        self.as_is = modes is not None and _AS_IS in modes.value_set
        resolve = item.resolve_support if item else None
        self.resolves = resolve is not None and "documentation" in resolve.properties
        self.preselects = bool(item and item.preselect_support)
        self.label_details = bool(item and item.label_details_support)


class Completions:
    """Answers requests for completions, and for what is long in the last of them."""

    def __init__(self, client: types.ClientCapabilities) -> None:
        self._can = CompletionCapabilities(client)
        self._last: list[Item] = []

    def complete(self, params: types.CompletionParams, view: View) -> types.CompletionList | None:
        """Return what may be written at a position."""
        found = _found(view, view.offset(params.position), multiline=self._can.as_is)
        if found is None or not found[1]:
            return None
        (start, end), at = found[0], view.offset(params.position)
        self._last = found[1]
        write = _Writer(view.document, view.session.encoding, (start, at, end), self._can)
        written = [write(number, item) for number, item in enumerate(self._last)]
        # Of images, an empty word gets the usual ones.
        is_incomplete = at == start and self._last[-1].kind == "image"
        return types.CompletionList(is_incomplete=is_incomplete, items=written)

    def resolve(self, item: types.CompletionItem) -> types.CompletionItem:
        """Return an item with what is long; one of an earlier answer stays as it is."""
        number = item.data
        if isinstance(number, int) and 0 <= number < len(self._last):
            known = self._last[number]
            if known.more is not None and known.label == item.label:
                item.documentation = _documentation(known.more(), self._can)
        return item


def _found(view: View, at: int, *, multiline: bool) -> tuple[tuple[int, int], list[Item]] | None:
    """Return the place of what is written at an offset, and the items for it."""
    from tightship_lsp.workspace.language import language

    kind, text = language(view.document), view.document.source.text
    if kind == "compose":
        from tightship_lsp.features.completion import compose
        from tightship_lsp.features.completion.cursor import inline_at
        from tightship_lsp.features.completion.scope import Scope

        inline = inline_at(text, at) if "dockerfile_inline" in text else None
        if inline is not None:
            return _in_inline(inline, view, text, at)
        place, items = compose.completions(text, at, Scope(view), multiline=multiline)
        return ((place.start, place.end), items) if place is not None else None
    if kind == "dockerfile":
        from tightship_lsp.features.completion import dockerfile

        return dockerfile.completions(text, at, view)
    return None


def _in_inline(
    inline: Inline, view: View, text: str, at: int
) -> tuple[tuple[int, int], list[Item]] | None:
    """Return what may be written in the Dockerfile of a service; `$` is of Compose, not `$$`."""
    from tightship_lsp.features.completion import dockerfile
    from tightship_lsp.features.completion.item import matching
    from tightship_lsp.features.completion.scope import Scope
    from tightship_lsp.features.completion.variables import variables

    begin = text.rfind("\n", 0, at) + 1
    of_compose = variables(Scope(view), text, begin, at)
    if of_compose is not None:
        return (at, at), matching(of_compose, lambda one: text[one.start : at])
    found = dockerfile.completions(inline.text, inline.at, view, inline.service)
    if found is None:
        return None
    (start, end), items = found
    moved = inline.moved
    return (start + moved, end + moved), [
        one if one.start is None else one.replaced(start=one.start + moved) for one in items
    ]


class _Writer:
    """Writes items for a client."""

    def __init__(
        self,
        document: Document,
        encoding: str,
        place: tuple[int, int, int],
        can: CompletionCapabilities,
    ) -> None:
        self._source = document.source
        self._encoding = encoding
        self._start, self._at, self._end = place
        self._can = can
        self._ranges: dict[tuple[int, int], types.Range] = {}

    def __call__(self, number: int, item: Item) -> types.CompletionItem:
        can = self._can
        start = self._start if item.start is None else item.start
        snippet = item.snippet if can.snippets else ""
        text = snippet or item.inserted
        end = self._end_of(item)
        if text[-1:] in _CONTINUED and self._source.text.startswith(text[-1], end):
            text = text[:-1]
        about = item.about
        if item.more is not None and not can.resolves:
            about = item.more()
        made = types.CompletionItem(
            label=item.label,
            kind=_KINDS[item.kind],
            detail=item.detail or None,
            documentation=_documentation(about, can) if about else None,
            sort_text=f"{item.rank:02}{number:04}",
            text_edit=types.TextEdit(self._range(start, end), text),
        )
        if item.inserted != item.label:
            made.filter_text = item.label
        if snippet:
            made.insert_text_format = types.InsertTextFormat.Snippet
        if "\n" in text and can.as_is:
            made.insert_text_mode = _AS_IS
        if item.preselect and can.preselects:
            made.preselect = True
        if item.more is not None and can.resolves:
            made.data = number
        return made

    def _end_of(self, item: Item) -> int:
        """Return where the part of a scalar ends that an item replaces: `a` of `a:/path`."""
        if item.inserted[:1] in _QUOTES and item.label[:1] not in _QUOTES:
            return self._end
        text = self._source.text
        if item.kind == "variable":
            rest = _WORD.match(text, self._at)
            return rest.end() if rest is not None else self._at
        ends = (text.find(one, self._at, self._end) for one in _ENDS if one not in item.label)
        return min((end for end in ends if end >= 0), default=self._end)

    def _range(self, start: int, end: int) -> types.Range:
        found = self._ranges.get((start, end))
        if found is None:
            span = Span(self._source, start, max(start, end))
            found = self._ranges[start, end] = range_of(span, self._encoding)
        return found


def _documentation(text: str, can: CompletionCapabilities) -> types.MarkupContent | str:
    if can.markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, text)
    return text.replace("`", "")
