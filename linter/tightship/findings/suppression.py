"""Comments with which people say that a finding is known and accepted."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


class RuleReference(Record):
    """One word of a suppression: a rule, a theme, or what a peer calls a rule.

    ``rules`` are the names of the rules that it stands for, and ``guess`` is the word
    that was probably meant where it stands for none. ``is_used`` is true once it has
    accepted a finding, and ``is_selected`` where the run selects one of its rules.
    """

    text: str
    span: Span
    rules: frozenset[str]
    guess: str | None = None
    word: str = ""
    is_used: bool = False
    is_selected: bool = True


class Suppression(Record):
    """A comment such as ``# tightship: ignore[root-user] reason``.

    It holds from ``start`` to ``end`` in its source. ``is_foreign`` is true of a comment
    for another linter, which is not checked itself. ``needs_reason`` is true where the
    configuration requires a reason.
    """

    span: Span
    words: tuple[RuleReference, ...]
    reason: str
    start: int
    end: int
    is_foreign: bool = False
    needs_reason: bool = False

    def without(self, words: Collection[RuleReference]) -> Edit:
        """Return the edit that takes words out, and with the last one the comment."""
        left = [word.text for word in self.words if word not in words]
        if left:
            first, last = self.words[0].span, self.words[-1].span
            return Edit(Span(first.source, first.start, last.end), ", ".join(left))
        source = self.span.source
        start = source.line_start(self.span.start)
        before = source.text[start : self.span.start]
        if before.strip():
            start += len(before.rstrip())
            return Edit(Span(source, start, self.span.end), "")
        end = source.line_end(self.span.end)
        for line_end in ("\r\n", "\n", "\r"):
            if source.text.startswith(line_end, end):
                return Edit(Span(source, start, end + len(line_end)), "")
        return Edit(Span(source, start, end), "")
