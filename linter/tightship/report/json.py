"""The report for programs: one JSON document, written as the findings come."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.redaction import PlaceRedaction, writes_secret
from tightship.report.report import Place, Report, ReportOptions
from tightship.rules.address import address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.engine.plan.effect import SettingsEffect
    from tightship.engine.plan.scope import SkippedFile
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix, Gap
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.report.report import ProvidedParts, Summary
    from tightship.text import Span

    Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

SCHEMA = 1


class JsonReport(Report):
    """Writes ``{"schema": 1, "findings": […], …, "summary": {…}}``.

    Between them are ``accepted`` findings, the isolation ``profiles`` of services,
    ``gaps``, which are the parts that could not be checked, ``skipped``, the files that
    were seen and not judged, ``configuration``, the files with settings and what they
    turn off, ``provided``, what something else than the files has, and ``policies``. Each
    item has its own line.

    Lines and columns count from 1, columns in code points, and an end is where the
    next character would be. Paths have ``/``. The text is ASCII.
    """

    opening = f'{{"schema": {SCHEMA}, "findings": ['

    def __init__(self, options: ReportOptions) -> None:
        self._lines = JsonLines()
        self._accepted: list[str] = []
        self._profiles: dict[tuple[str, str, int], str] = {}

    def verdict(self, verdict: Verdict) -> str:
        """Return the findings of a verdict."""
        for judged in (*verdict.accepted, *verdict.known):
            self._accepted.append(self._lines.encode(_accepted(judged)))
        if verdict.project is not None and verdict.project.containers:
            self._add_profiles(verdict.project, verdict)
        return "".join(self._lines.add(_finding(one, verdict)) for one in verdict.findings)

    def _add_profiles(self, project: LoadedProject, verdict: Verdict) -> None:
        from tightship.engine.harden.measures import remedies
        from tightship.report.profile import as_data

        redaction = PlaceRedaction(verdict)
        for profile in project.profiles():
            span = profile.span
            key = verdict.root, span.source.name, span.start
            if key not in self._profiles:
                fixes = remedies(profile, verdict.findings)
                data = as_data(profile, fixes, redaction)
                self._profiles[key] = self._lines.encode(data)

    def closing(self, summary: Summary) -> str:
        """Return the summary, and the end of the document."""
        counts = summary.by_severity
        totals: Json = {
            "files": summary.scope.files,
            "services": summary.services,
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "infos": counts[Severity.INFO],
            "gaps": len(summary.scope.gaps),
            "earlier": summary.earlier,
            "hidden": len(summary.hidden),
            "known_errors": summary.known_errors,
        }
        encode = self._lines.encode
        gaps = [encode(gap_data(gap)) for _, gap in summary.scope.gaps]
        skipped = [encode(skipped_data(one)) for one in summary.scope.left]
        settings = [encode(_effect(one)) for one in summary.effects]
        provided = [encode(_provided(one)) for one in summary.provided]
        hints = [encode({"path": path, "purpose": to}) for path, to in summary.scope.hinted]
        policies = [encode(one) for one in policy_data(summary)]
        return (
            f'\n], "accepted": {_array(self._accepted)},'
            f' "profiles": {_array([*self._profiles.values()])}, "gaps": {_array(gaps)},'
            f' "skipped": {_array(skipped)}, "configuration": {_array(settings)},'
            f' "provided": {_array(provided)}, "policies": {_array(policies)},'
            f' "hints": {_array(hints)}, "lowered": {encode({**summary.scope.lowered})},'
            f' "summary": {encode(totals)}}}\n'
        )


def policy_data(summary: Summary) -> list[Json]:
    """Return the policies of a run, with their versions and digests."""
    return [
        {"name": one.name, "version": one.version, "sha256": one.digest} for one in summary.policies
    ]


class JsonLines:
    """The items of an array, a line each, as they come."""

    def __init__(self) -> None:
        self.encode = encoder()
        self._separator = "\n"

    def add(self, item: Json) -> str:
        """Return the text of the next item, and what separates it from the last."""
        separator, self._separator = self._separator, ",\n"
        return separator + self.encode(item)


def encoder() -> Callable[[Json], str]:
    """Return a function that turns a value into one line of JSON."""
    from json import JSONEncoder

    return JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def _finding(judged: JudgedFinding, verdict: Verdict) -> Json:
    finding, fix = judged.finding, judged.finding.fix
    hidden = judged.hidden_by
    return {
        **_identity(judged),
        "subject": _subject(judged),
        "url": address_of(judged.rule),
        "fingerprint": judged.fingerprint,
        "cause": judged.cause,
        "usual_severity": (judged.usual or judged.severity).word,
        "lowered_by": judged.lowered_by or None,
        "purpose": verdict.role_of(judged.span.source.name).purpose,
        "fix": _fix(fix) if fix and not writes_secret(fix) else None,
        "help": judged.advice or None if fix is None else None,
        "related": [
            {**_range(related.span), "message": related.message} for related in finding.because
        ],
        "absorbed": [{**_identity(one), "subject": _subject(one)} for one in judged.absorbed],
        "hidden_by": _range(hidden.place) if hidden is not None else None,
    }


def _accepted(judged: JudgedFinding) -> Json:
    """Return an accepted finding: what it is, where, and who accepts it why."""
    accepted = judged.accepted
    return {
        **_identity(judged),
        "subject": _subject(judged),
        "fingerprint": judged.fingerprint,
        "by": accepted.by if accepted is not None else None,
        "reason": accepted.reason if accepted is not None else "",
    }


def gap_data(gap: Gap) -> Json:
    """Return a part that could not be checked, with its place."""
    return {"message": gap.reason, **_range(gap.span)}


def _effect(one: SettingsEffect) -> Json:
    return {
        "path": one.name,
        "rules_off": one.rules_off,
        "excluded": one.excluded,
        "exceptions": one.exceptions,
        "severities": one.severities,
    }


def _provided(one: ProvidedParts) -> Json:
    return {
        "provider": one.provider,
        "evidence": one.evidence.strip("`"),
        "names": [*one.names],
        "keys": [*one.keys],
        "projects": one.projects,
    }


def skipped_data(file: SkippedFile) -> Json:
    """Return a file that was seen and not judged as plain data."""
    place: dict[str, Json] = {"path": file.name, "line": file.line or None}
    return {**place, "reason": file.reason, "message": file.message, "does": file.does or None}


def _array(items: list[str]) -> str:
    lines = ",\n".join(items)
    return f"[\n{lines}\n]" if lines else "[]"


def _identity(judged: JudgedFinding) -> dict[str, Json]:
    return {
        "rule": judged.rule.name,
        "severity": judged.severity.word,
        "message": judged.finding.message,
        **_range(judged.finding.span),
    }


def _subject(judged: JudgedFinding) -> Json:
    return {"kind": judged.subject.kind, "name": judged.subject.name}


def _fix(fix: Fix) -> Json:
    return {
        "title": fix.title,
        "effect": fix.effect.value,
        "applicability": fix.effect.applicability,
        "proof": fix.proof or None,
        "may_break": fix.may_break,
        "edits": [{**_range(edit.span), "text": edit.text} for edit in fix.edits],
    }


def _range(span: Span) -> dict[str, Json]:
    place = Place(span)
    return {
        "path": place.path,
        "start": {"line": place.line, "column": place.column},
        "end": {"line": place.end_line, "column": place.end_column},
    }
