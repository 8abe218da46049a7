"""The report for programs: one JSON document, written as the findings come."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.redaction import writes_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.engine.verdict import Judged, Verdict
    from tightship.findings import Fix
    from tightship.report.summary import Summary
    from tightship.text import Span

    Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

SCHEMA = 1


class JsonReport:
    """Writes ``{"schema": 1, "findings": […], "accepted": […], "summary": {…}}``.

    A finding is a line, and so is one that is accepted.

    Lines and columns count from 1, columns in code points, and an end is where the
    next character would be. Paths have ``/``. The text is ASCII.
    """

    __slots__ = ("_accepted", "_between", "_encode")

    def __init__(self) -> None:
        self._encode = encoder()
        self._between = "\n"
        self._accepted = list[str]()

    def opening(self) -> str:
        """Return what comes before the findings."""
        return f'{{"schema": {SCHEMA}, "findings": ['

    def verdict(self, verdict: Verdict) -> str:
        """Return the findings of a verdict."""
        pieces = list[str]()
        for judged in verdict.findings:
            pieces += self._between, self._encode(_finding(judged))
            self._between = ",\n"
        for judged in (*verdict.accepted, *verdict.known):
            self._accepted.append(self._encode(_accepted(judged)))
        return "".join(pieces)

    def closing(self, tally: Summary) -> str:
        """Return the summary, and the end of the document."""
        counts = tally.by_severity
        summary: Json = {
            "files": tally.files,
            "services": tally.services,
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "infos": counts[Severity.INFO],
            "gaps": tally.gaps,
        }
        accepted = ",\n".join(self._accepted)
        accepted = f"[\n{accepted}\n]" if accepted else "[]"
        return f'\n], "accepted": {accepted}, "summary": {self._encode(summary)}}}\n'


def encoder() -> Callable[[Json], str]:
    """Return what turns a value into one line of JSON; loaded when it is needed."""
    from json import JSONEncoder

    return JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def _finding(judged: Judged) -> Json:
    finding, fix = judged.finding, judged.finding.fix
    return {
        "rule": judged.rule.name,
        "severity": judged.severity.word,
        "message": finding.message,
        **_range(finding.span),
        "subject": {"kind": judged.subject.kind, "name": judged.subject.name},
        "url": None,
        "fingerprint": judged.fingerprint,
        "fix": _fix(fix) if fix and not writes_secret(fix) else None,
        "related": [
            {**_range(related.span), "message": related.message}
            for related in finding.because
        ],
        "absorbed": [
            {
                "rule": moot.rule.name,
                "severity": moot.severity.word,
                "message": moot.finding.message,
                **_range(moot.finding.span),
            }
            for moot in judged.absorbed
        ],
    }


def _accepted(judged: Judged) -> Json:
    """Return what does not count: what it is, where, and why not."""
    accepted = judged.accepted
    return {
        "rule": judged.rule.name,
        "severity": judged.severity.word,
        "message": judged.finding.message,
        **_range(judged.finding.span),
        "subject": {"kind": judged.subject.kind, "name": judged.subject.name},
        "fingerprint": judged.fingerprint,
        "by": accepted.by if accepted is not None else None,
        "reason": accepted.reason if accepted is not None else "",
    }


def _fix(fix: Fix) -> Json:
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "may_break": fix.may_break,
        "edits": [{**_range(edit.span), "text": edit.text} for edit in fix.edits],
    }


def _range(span: Span) -> dict[str, Json]:
    return {
        "path": span.source.name,
        "start": _point(span, span.start),
        "end": _point(span, span.end),
    }


def _point(span: Span, offset: int) -> Json:
    line, column = span.source.point(offset)
    return {"line": line + 1, "column": column + 1}
