"""Comments with which people say that a finding is known and accepted."""

from __future__ import annotations

from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Final


class RuleReference:
    """One word of a suppression: a rule, a theme, or what a peer calls a rule.

    ``rules`` are the names of the rules that it stands for, and ``guess`` is the word
    that was probably meant where it stands for none. ``is_used`` is true once it has
    accepted a finding, and ``is_selected`` where the run selects one of its rules.
    """

    __slots__ = ("guess", "is_selected", "is_used", "rules", "span", "text", "word")

    def __init__(
        self,
        text: str,
        span: Span,
        rules: frozenset[str],
        guess: str | None = None,
        *,
        word: str = "",
        is_used: bool = False,
        is_selected: bool = True,
    ) -> None:
        self.text: Final = text
        self.word: Final = word
        self.span: Final = span
        self.rules: Final = rules
        self.guess: Final = guess
        self.is_used: Final = is_used
        self.is_selected: Final = is_selected


class Suppression:
    """A comment such as ``# tightship: ignore[root-user] reason``.

    It holds from ``start`` to ``end`` in its source. ``is_foreign`` is true of a comment
    for another linter, which is not checked itself. ``needs_reason`` is true where the
    configuration requires a reason.
    """

    __slots__ = ("end", "is_foreign", "needs_reason", "reason", "span", "start", "words")

    def __init__(
        self,
        span: Span,
        words: tuple[RuleReference, ...],
        reason: str,
        start: int,
        end: int,
        *,
        is_foreign: bool = False,
        needs_reason: bool = False,
    ) -> None:
        self.span: Final = span
        self.words: Final = words
        self.reason: Final = reason
        self.start: Final = start
        self.end: Final = end
        self.is_foreign: Final = is_foreign
        self.needs_reason: Final = needs_reason

    def replaced(
        self, *, words: tuple[RuleReference, ...] | None = None, needs_reason: bool | None = None
    ) -> Suppression:
        """Return the comment with some parts replaced."""
        return Suppression(
            self.span,
            self.words if words is None else words,
            self.reason,
            self.start,
            self.end,
            is_foreign=self.is_foreign,
            needs_reason=self.needs_reason if needs_reason is None else needs_reason,
        )

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
