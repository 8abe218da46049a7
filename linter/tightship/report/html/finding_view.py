"""Findings as the page shows them: messages, a line of code, lines to write."""

from __future__ import annotations

from tightship.findings import Applicability, Severity
from tightship.report.frame import code_parts, hunks
from tightship.report.place import Place, seen_from
from tightship.report.redaction import writes_secret
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Final

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix

    Where = Callable[[Span], str]

_WIDTH = 160
_MOST_RELATED = 5


class PatchLine:
    """A line of a patch: ``sign`` is ``-``, ``+``, or ``@`` before lines of a file."""

    __slots__ = ("sign", "text")

    def __init__(self, sign: str, text: str) -> None:
        self.sign: Final = sign
        self.text: Final = text


class Block:
    """Findings at one place: all settings that a service lacks are one block."""

    def __init__(self, findings: Sequence[JudgedFinding], where: Where) -> None:
        first = findings[0]
        span = first.span
        self.findings: Final = findings
        self.severity: Final = max(one.severity for one in findings).word
        self.place: Final = where(span)
        fixes = [one.finding.fix for one in findings if one.finding.fix is not None]
        fixes = [fix for fix in fixes if not writes_secret(fix)]
        self.patch: Final = [*_patch(span, fixes, where)]
        # The name of a service tells nothing that its patch does not.
        is_shown = bool(span.source.text) and not (first.is_absence and self.patch)
        self.code: Final = code_parts(span, _WIDTH) if is_shown else None
        self.fixes: Final = [
            f"{'safe fix' if fix.applicability is Applicability.SAFE else 'fix'}: {fix.title}"
            for fix in fixes
            if not first.is_absence or not self.patch
        ]
        self.risks: Final = [*dict.fromkeys(fix.may_break for fix in fixes if fix.may_break)]
        self.advice: Final = [
            *dict.fromkeys(one.advice for one in findings if one.finding.fix is None and one.advice)
        ]
        related = [it for one in findings for it in one.finding.because]
        self.related: Final = [(where(it.span), it.message) for it in related[:_MOST_RELATED]]
        self.more_related: Final = len(related) - len(self.related)
        self.absorbed: Final = [
            *dict.fromkeys(it.rule.name for one in findings for it in one.absorbed if not it.is_gap)
        ]


class Group:
    """The findings about one subject: blocks, the most severe first, and infos."""

    def __init__(self, findings: Sequence[JudgedFinding], where: Where) -> None:
        shown = [one for one in findings if not one.is_gap]
        serious = [one for one in shown if one.severity > Severity.INFO]
        serious.sort(key=lambda one: -one.severity)
        absences = [one for one in serious if one.is_absence]
        blocks = [[one] for one in serious if not one.is_absence]
        if absences:
            blocks.append(absences)
        self.blocks: Final = [Block(one, where) for one in blocks]
        self.infos: Final = [
            (one, where(one.span)) for one in shown if one.severity == Severity.INFO
        ]
        self.counts: Final = [*_counts(shown)]


def _counts(findings: Sequence[JudgedFinding]) -> Iterator[tuple[str, int]]:
    for severity in reversed(Severity):
        count = sum(one.severity == severity for one in findings)
        if count:
            yield severity.word, count


def _patch(span: Span, fixes: Sequence[Fix], where: Where) -> Iterator[PatchLine]:
    here, first = span.source, span.source.point(span.start)[0]
    edits = [edit for fix in fixes for edit in fix.edits]
    for source in dict.fromkeys(edit.span.source for edit in edits):
        found = hunks(source, edits, _WIDTH)
        if found is None:
            continue
        name = where(Span(source, 0, 0)).rpartition(":")[0]
        for hunk in found:
            if source is not here or hunk.line != first:
                yield PatchLine("@", f"{name}:{hunk.line + 1}")
            yield from (PatchLine("-", line) for line in hunk.removed)
            yield from (PatchLine("+", line) for line in hunk.added)


def places(verdict: Verdict, here: str) -> Where:
    """Return a function that shows the place of a span, from the current folder."""

    def where(span: Span) -> str:
        name = seen_from(here, verdict.root, span.source.name)
        return f"{name}:{Place(span).line}"

    return where
