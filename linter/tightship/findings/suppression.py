"""Comments with which people say that a finding is known and accepted."""

from __future__ import annotations

from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection


class RuleReference:
    """One word of a suppression: a rule, a theme, or what a peer calls a rule.

    ``rules`` are the names of the rules that it stands for, and ``guess`` is what may
    have been meant where it stands for none. ``used`` tells that it has accepted a
    finding, and ``sought`` that the run looks for one of its rules at all.
    """

    __slots__ = ("guess", "rules", "sought", "span", "text", "used")

    def __init__(
        self, text: str, span: Span, rules: frozenset[str], guess: str | None = None
    ) -> None:
        self.text = text
        self.span = span
        self.rules = rules
        self.guess = guess
        self.used = False
        self.sought = True


class Suppression:
    """A comment such as ``# tightship: ignore[root-user] reason``.

    It holds from ``start`` to ``end`` in its source. ``is_foreign`` tells that it is
    written for another linter: then nothing is said of it. ``needs_reason`` tells that
    whoever set Tightship up wants one.
    """

    __slots__ = (
        "end",
        "is_foreign",
        "needs_reason",
        "reason",
        "span",
        "start",
        "words",
    )

    def __init__(
        self,
        span: Span,
        words: tuple[RuleReference, ...],
        reason: str,
        start: int,
        end: int,
        *,
        is_foreign: bool = False,
    ) -> None:
        self.span = span
        self.words = words
        self.reason = reason
        self.start = start
        self.end = end
        self.is_foreign = is_foreign
        self.needs_reason = False

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
