"""Verdicts without the secrets in the files.

A report goes into logs, dashboards and comments, which more people read than may read
the file. So it is made of texts in which a mark replaces each character of a secret: all
places, lines and columns stay the same, and no format can leak one. Code frames show a
row of marks as :data:`~tightship.report.terminal.HIDDEN`.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Fix, Gap, Related
from tightship.lazy import regex
from tightship.report.terminal import HIDDEN, MARK
from tightship.text import Edit, Source, Span
from tightship.values.secret_text import secrets_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LINE = regex(r"\S(?:[^\r\n]*\S)?")


def redacted(verdict: Verdict) -> Verdict:
    """Return a verdict without secrets, with the same findings and places.

    The verdict knows the secrets that rules find; other text that looks like a secret
    is hidden too.
    """
    shown = verdict.findings or verdict.accepted or verdict.known or verdict.gaps
    if not shown or verdict.is_redacted:
        return verdict
    files = _files(verdict)
    if not files:
        return verdict.replaced(is_redacted=True)
    return _Redactor(files).verdict(verdict)


class PlaceRedaction:
    """Hides secrets in texts about places of a verdict's project.

    The project of a redacted verdict has the texts of the files as they are. A report
    that shows values of it, such as the state of a mechanism, shows them through this.
    """

    def __init__(self, verdict: Verdict) -> None:
        self._redactor = _Redactor(_files(verdict))

    def text(self, text: str, *places: Span | None) -> str:
        """Return a text without the secrets at the places that it is about."""
        return self._redactor.text(text, [one for one in places if one is not None])


def writes_secret(fix: Fix) -> bool:
    """Return whether a fix of a redacted verdict would write marks for a secret."""
    return any(MARK in edit.text for edit in fix.edits)


def without_secrets(text: str) -> str:
    """Return a text in which nothing looks like a secret, such as a token in a path."""
    for start, end in sorted(secrets_in(text), reverse=True):
        text = text[:start] + HIDDEN + text[end:]
    return text


def _files(verdict: Verdict) -> list[_File]:
    """Return the files of a verdict that hold secrets."""
    known: dict[Source, list[tuple[int, int]]] = {}
    for span in verdict.secrets:
        known.setdefault(span.source, []).append((span.start, span.end))
    files = [_File(source, known.get(source, ())) for source in _shown(verdict, known)]
    return [file for file in files if file.places]


def _shown(verdict: Verdict, known: Iterable[Source]) -> Iterable[Source]:
    """Return the files whose text a report may show."""
    every = (*verdict.findings, *verdict.accepted, *verdict.known)
    places = (one.span.source for one in every)
    gaps = (gap.span.source for gap in verdict.gaps)
    return dict.fromkeys((*verdict.sources, *known, *places, *gaps))


class _File:
    """A file with the places of its secrets, and the text without them."""

    def __init__(self, source: Source, known: Iterable[tuple[int, int]]) -> None:
        self.source = source
        self.places = sorted({*known, *secrets_in(source.text)})
        # The end of what begins before each place: places may be inside one another.
        self._ends = [*accumulate((end for _, end in self.places), max)]
        self.masked = Source(source.name, self._without(), bom=source.bom, lost=source.lost)

    def _without(self) -> str:
        pieces, done = list[str](), 0
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


class _Redactor:
    """Copies findings onto the texts without secrets."""

    def __init__(self, files: Iterable[_File]) -> None:
        self._files = {id(file.source): file for file in files}

    def verdict(self, verdict: Verdict) -> Verdict:
        return Verdict(
            verdict.root,
            tuple(self._source(source) for source in verdict.sources),
            [self._judged(one) for one in verdict.findings],
            services=verdict.services,
            gaps=[self._gap(gap) for gap in verdict.gaps],
            variables=verdict.variables,
            builders=verdict.builders,
            accepted=[self._judged(one) for one in verdict.accepted],
            known=[self._judged(one) for one in verdict.known],
            earlier=[self._judged(one) for one in verdict.earlier],
            secrets=verdict.secrets,
            fail_on=verdict.fail_on,
            project=verdict.project,
            failure=verdict.failure,
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
        return Fix(title, tuple(edits), fix.applicability, risk)

    def _secrets_at(self, spans: Iterable[Span]) -> list[str]:
        """Return the secrets at some places, the longest first.

        Only a text about a place repeats the text there. Elsewhere the same word may be
        the name of a service.
        """
        found = set[str]()
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
