"""Copies of verdicts and texts, with marks for the secrets at known places."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Fix, Gap, Related
from tightship.lazy import TYPE_CHECKING, regex
from tightship.report.redaction import without_secrets
from tightship.report.terminal import HIDDEN, MARK
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.report.redaction import Secrets

_LINE = regex(r"\S(?:[^\r\n]*\S)?")


class _File:
    """A file with the places of its secrets, and the text without them."""

    def __init__(self, source: Source, places: list[tuple[int, int]]) -> None:
        self.source = source
        self.places = places
        # The end of what begins before each place: places may be inside one another.
        self._ends = [*accumulate((end for _, end in self.places), max)]
        self.masked = Source(source.name, self._without(), bom=source.bom, lost=source.lost)

    def _without(self) -> str:
        done = 0
        pieces: list[str] = []
        text = self.source.text
        for start, end in self.places:
            start = max(start, done)
            if end > start:
                pieces += text[done:start], _marks(text[start:end])
                done = end
        return "".join(pieces) + text[done:]

    def secrets_at(self, span: Span) -> Iterator[str]:
        """Yield the secrets that overlap a span."""
        number = bisect_left(self.places, (span.end,)) - 1
        while number >= 0 and span.start < self._ends[number]:
            start, end = self.places[number]
            if span.start < end:
                text = self.source.text[start:end]
                yield text
                yield text.strip("\"'")  # Messages leave out the quotes.
            number -= 1


def _marks(text: str) -> str:
    return _LINE.sub(lambda found: MARK * len(found[0]), text)


class Redactor:
    """Copies findings onto the texts without secrets."""

    def __init__(self, secrets: Secrets) -> None:
        self._files = {id(source): _File(source, places) for source, places in secrets.items()}

    def verdict(self, verdict: Verdict) -> Verdict:
        """Return the verdict without the secrets."""
        return verdict.replaced(
            sources=tuple(self._source(source) for source in verdict.sources),
            findings=[self._judged(one) for one in verdict.findings],
            gaps=[self._gap(gap) for gap in verdict.gaps],
            accepted=[self._judged(one) for one in verdict.accepted],
            known=[self._judged(one) for one in verdict.known],
            earlier=[self._judged(one) for one in verdict.earlier],
            is_redacted=True,
        )

    def text(self, text: str, places: Iterable[Span]) -> str:
        """Return a text about places without the secrets that are there."""
        return _hidden(text, self._secrets_at(places)) if self._files else text

    def _judged(self, one: JudgedFinding) -> JudgedFinding:
        subject = one.subject
        place = self._span(subject.span) if subject.span is not None else None
        return one.replaced(
            finding=self._finding(one.finding),
            subject=Subject(subject.kind, subject.name, place),
            absorbed=tuple(self._judged(absorbed) for absorbed in one.absorbed),
        )

    def _finding(self, finding: Finding) -> Finding:
        # A finding about a secret never repeats it, and may name a service like it.
        spans = finding.span, *(related.span for related in finding.because)
        secrets = self._secrets_at(() if finding.secrets else spans)
        return Finding(
            self._span(finding.span),
            _hidden(finding.message, secrets),
            severity=finding.severity,
            strict=finding.strict,
            known_as=finding.known_as,
            fix=lambda: self._fix(finding.fix),
            because=tuple(
                Related(self._span(one.span), _hidden(one.message, secrets), role=one.role)
                for one in finding.because
            ),
            advice=_hidden(finding.advice, secrets),
            # What a cause names may be elsewhere, such as the URL of a download.
            cause=tuple(without_secrets(_hidden(part, secrets)) for part in finding.cause),
        )

    def _gap(self, gap: Gap) -> Gap:
        secrets = self._secrets_at(() if gap.secrets else (gap.span,))
        return gap.replaced(
            span=self._span(gap.span), reason=_hidden(gap.reason, secrets), secrets=()
        )

    def _fix(self, fix: Fix | None) -> Fix | None:
        if fix is None:
            return None
        secrets = self._secrets_at(edit.span for edit in fix.edits)
        edits = (Edit(self._span(edit.span), _masked(edit.text, secrets)) for edit in fix.edits)
        title, risk = _hidden(fix.title, secrets), _hidden(fix.may_break, secrets)
        return fix.replaced(title=title, edits=tuple(edits), may_break=risk)

    def _secrets_at(self, spans: Iterable[Span]) -> list[str]:
        """Return the secrets at some places, the longest first.

        Only a text about a place repeats the text there. Elsewhere the same word may be
        the name of a service.
        """
        found: set[str] = set()
        for span in spans:
            file = self._files.get(id(span.source))
            if file is not None:
                found.update(file.secrets_at(span))
        return sorted(filter(str.strip, found), key=len, reverse=True)

    def _source(self, source: Source) -> Source:
        file = self._files.get(id(source))
        return source if file is None else file.masked

    def _span(self, span: Span) -> Span:
        return Span(self._source(span.source), span.start, span.end)


def _hidden(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def _masked(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _marks(secret))
    return text
