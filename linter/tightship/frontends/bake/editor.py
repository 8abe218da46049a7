"""Edits of a target: attributes and items that are removed."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.model.editor import Editor
from tightship.text import Edit, Span
from tightship.values.hcl.value import ItemsValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.bake.targets import Target
    from tightship.model.editor import Edits
    from tightship.model.setting import Setting

_COMMA = regex(r"[ \t]*,")
_LINE_END = regex(r"[ \t]*(?:\r?\n|\Z)")
_COMMA_BEFORE = regex(r",\s*\Z")


class TargetEditor(Editor):
    """Edits of what one target has, or inherits."""

    __slots__ = ("_target",)

    def __init__(self, target: Target) -> None:
        self._target = target

    def remove_nested(self, path: Sequence[str], key: str) -> Edits:
        """Return the edit that removes an attribute, if nothing below it has another value."""
        written = self._target.written.get(key.replace("_", "-"), ())
        return (_without(written[0].span),) if len(written) == 1 else ()

    def remove_nested_item(self, path: Sequence[str], item: Setting[str]) -> Edits:
        """Return the edit that removes an item of a list, and the attribute with its only one."""
        known = self._target.values.get(path[-1].replace("_", "-"))
        if isinstance(known, ItemsValue) and len(known.items) == 1:
            return self.remove_nested(path[:-1], path[-1])
        span = item.span
        quoted = Span(span.source, span.start - 1, span.end + 1)
        if span.text == item.value and quoted.text == f'"{span.text}"':
            return (_without(quoted),)
        return (_without(span),) if span.text == f'"{item.value}"' else ()


def _without(span: Span) -> Edit:
    """Return the edit that removes a part with its comma, and its line if nothing else is there."""
    text, start, end = span.source.text, span.start, span.end
    comma = _COMMA.match(text, end)
    if comma is not None:
        end = comma.end()
    begin = text.rfind("\n", 0, start) + 1
    rest = _LINE_END.match(text, end)
    if comma is None and (before := _COMMA_BEFORE.search(text[max(0, start - 1_000) : start])):
        start -= len(before[0])
    elif rest is not None and not text[begin:start].strip():
        start, end = begin, rest.end()
    elif comma is not None:
        end += len(text[end:]) - len(text[end:].lstrip(" \t"))
    return Edit(Span(span.source, start, end), "")
