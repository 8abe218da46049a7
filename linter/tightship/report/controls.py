"""The state of controls in projects, as text, as data, and as SARIF."""

from __future__ import annotations

from tightship import __version__
from tightship.controls.assessment import unchecked
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.report.redaction import PlaceRedaction
from tightship.report.report import seen_from, whole
from tightship.report.sarif import NOTICES, SARIF_SCHEMA, Places, skipped_notice
from tightship.report.terminal import brief
from tightship.report.wording import counted, left_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.controls.assessment import Assessment, Outcome
    from tightship.engine.plan.scope import Scope, SkippedFile
    from tightship.engine.verdict import Verdict
    from tightship.report.json import Json
    from tightship.report.terminal import Paint
    from tightship.rules.catalogues import Catalogue, Control
    from tightship.text import Span


SCHEMA = 1
"""The version of the data."""

NOTICE = "A linter certifies nothing: this report shows what files decide, and what they do not."
_MOST = 3
_STYLES = {"not met": "error", "undecided here": "warning", "met": "added", "contribution": "added"}


class ControlsReport(Record):
    """The catalogues with the state of each control, and what was looked at.

    ``here`` is the folder that paths are relative to, ``day`` that by which exceptions and
    ends of support count, and ``commit`` the one that is checked out, if it is known. ``missed``
    are files that were not read, and that a policy may demand something of.
    """

    catalogues: Sequence[tuple[Catalogue, Sequence[Assessment]]]
    verdicts: Sequence[Verdict]
    scope: Scope
    here: str
    day: str
    commit: str = ""
    is_changed: bool = False
    policies: Sequence[str] = ()
    missed: Sequence[SkippedFile] = ()

    @lazy_property
    def _redactions(self) -> dict[int, PlaceRedaction]:
        return {}

    def shown(self, text: str, verdict: Verdict, span: Span) -> str:
        """Return a text about a place, without the secrets of its project."""
        if id(verdict) not in self._redactions:
            self._redactions[id(verdict)] = PlaceRedaction(verdict)
        return self._redactions[id(verdict)].text(text, span)

    def place(self, verdict: Verdict, span: Span) -> dict[str, Json]:
        """Return the file and the line of a place."""
        file = seen_from(self.here, verdict.root, span.source.name)
        return {"file": file, "line": span.line}


def as_data(report: ControlsReport) -> Json:
    """Return the report as plain data, in a stable order."""
    return {
        "schema": SCHEMA,
        "notice": NOTICE,
        "version": __version__,
        "day": report.day,
        "scope": _scope(report),
        "catalogues": [_catalogue(report, *one) for one in report.catalogues],
    }


def _scope(report: ControlsReport) -> dict[str, Json]:
    projects: list[Json] = []
    gaps: list[Json] = []
    for verdict in report.verdicts:
        loaded = verdict.project
        built = loaded.built if loaded is not None else None
        files = [seen_from(report.here, verdict.root, one.name) for one in verdict.sources]
        projects.append(
            {
                "files": [*files],
                "purpose": verdict.role.purpose,
                "services": verdict.services,
                "images": len(built.images) if built is not None else 0,
            }
        )
        gaps += (
            {**report.place(verdict, span), "reason": report.shown(reason, verdict, span)}
            for span, reason in unchecked(verdict)
        )
    skipped: list[Json] = [
        {
            "file": seen_from(report.here, one.root, one.name),
            "line": one.line or None,
            "reason": one.message,
        }
        for one in report.scope.left
    ]
    return {
        "commit": report.commit,
        "changed": report.is_changed,
        "policies": [*report.policies],
        "projects": projects,
        "not_checked": gaps,
        "not_looked_at": skipped,
    }


def _catalogue(
    report: ControlsReport, catalogue: Catalogue, assessments: Sequence[Assessment]
) -> dict[str, Json]:
    return {
        "id": catalogue.id,
        "title": catalogue.title,
        "release": catalogue.release,
        "link": catalogue.link,
        "contribution": catalogue.contribution,
        "controls": [_control(report, one) for one in assessments],
    }


def _control(report: ControlsReport, one: Assessment) -> dict[str, Json]:
    control = one.control
    return {
        "id": control.id,
        "title": control.title,
        "decidable": control.decidable,
        "who": control.who,
        "given": control.given,
        "state": one.state,
        "counts": {str(state): number for state, number in one.counts.items()},
        "outcomes": [_outcome(report, made) for made in one.outcomes],
    }


def _outcome(report: ControlsReport, one: Outcome) -> dict[str, Json]:
    subject = one.subject
    verdict, own = subject.verdict, subject.span
    return {
        "kind": subject.kind,
        "name": subject.name,
        **report.place(verdict, own),
        "state": one.state,
        "reason": one.reason,
        "evidence": [
            {
                **report.place(verdict, fact.span),
                "fact": report.shown(fact.told, verdict, fact.span),
                "default": one.default if fact.span == own else "",
            }
            for fact in one.facts
        ],
        "findings": [
            {
                **report.place(verdict, found.span),
                "rule": found.rule.name,
                "message": report.shown(found.finding.message, verdict, found.span),
                "accepted": found.accepted.by if found.accepted is not None else "",
                "accepted_because": found.accepted.reason if found.accepted is not None else "",
            }
            for found in one.findings
        ],
    }


def as_text(report: ControlsReport, paint: Paint, *, evidence: bool) -> str:
    """Return the report for people; with ``evidence``, for each service and image."""
    lines = [NOTICE, "", *_about(report)]
    for catalogue, assessments in report.catalogues:
        lines += "", paint("bold", catalogue.name)
        width = max(len(one.control.id) for one in assessments)
        for one in assessments:
            lines += _of_control(report, one, paint, width, evidence=evidence)
    return "".join(f"{line}\n" for line in lines)


def _about(report: ControlsReport) -> Iterator[str]:
    services = sum(one.services for one in report.verdicts)
    images = sum(
        len(one.project.built.images) if one.project is not None and one.project.built else 0
        for one in report.verdicts
    )
    commit = f"commit {report.commit}" if report.commit else "no commit"
    changed = ", with changes that are not committed" if report.is_changed else ""
    yield f"Tightship {__version__}, {report.day}, {commit}{changed}"
    for title in report.policies:
        yield f"Policy {title}"
    yield (
        f"Looked at: {counted(len(report.verdicts), 'project')},"
        f" {counted(services, 'service')}, {counted(images, 'image')} of Dockerfiles"
    )
    left = [
        f"{_line(report, verdict, span)} {report.shown(reason, verdict, span)}"
        for verdict in report.verdicts
        for span, reason in unchecked(verdict)
    ]
    left += (f"{left_place(one, report.here)} {one.message}" for one in report.scope.left)
    yield f"Not looked at: {counted(len(left), 'part') if left else 'nothing that was found'}"
    yield from (f"  {brief(one)}" for one in left)


def _line(report: ControlsReport, verdict: Verdict, span: Span) -> str:
    place = report.place(verdict, span)
    return f"{place['file']}:{place['line']}"


def _of_control(
    report: ControlsReport, one: Assessment, paint: Paint, width: int, *, evidence: bool
) -> Iterator[str]:
    control = one.control
    counts = ", ".join(f"{number} {state}" for state, number in one.counts.items())
    state = paint(_STYLES.get(one.state, "dim"), one.state)
    tail = f" ({counts})" if len(one.counts) > 1 else f" ({sum(one.counts.values())})"
    yield f"  {control.id:{width}}  {control.title}: {state}{tail if counts else ''}"
    margin = " " * (width + 4)
    if control.decidable == "no":
        yield f"{margin}{paint('dim', f'decided by {control.who}')}"
    elif control.decidable == "partly" and not control.given and not evidence:
        yield f"{margin}{paint('dim', f'what files do not show is decided by {control.who}')}"
    elif control.given and one.state in ("met", "contribution"):
        yield f"{margin}{paint('dim', f'provided that {control.given}')}"
    states = ["not met"] if control.decidable == "partly" else ["not met", "undecided here"]
    shown = [made for made in one.outcomes if evidence or made.state in states]
    shown.sort(key=lambda made: not evidence and made.state != "not met")
    for made in shown if evidence else shown[:_MOST]:
        yield from (f"{margin}{brief(line)}" for line in _of_outcome(report, made))
    if not evidence and len(shown) > _MOST:
        yield f"{margin}and {len(shown) - _MOST} more (`--evidence` shows all)"


def _of_outcome(report: ControlsReport, one: Outcome) -> Iterator[str]:
    subject = one.subject
    what = subject.kind if subject.kind == "service" else "image of"
    reason = f": {one.reason}" if one.reason else ""
    place = _line(report, subject.verdict, subject.span)
    yield f"{place} {what} `{subject.name}`: {one.state}{reason}"
    for found in one.findings:
        by = f" (accepted: {found.accepted.reason})" if found.accepted is not None else ""
        message = report.shown(found.finding.message, subject.verdict, found.span)
        yield f"  {_line(report, subject.verdict, found.span)} {message} [{found.rule.name}]{by}"
    for fact in one.facts:
        default = f"; default: {one.default}" if one.default and fact.span == subject.span else ""
        told = report.shown(fact.told, subject.verdict, fact.span)
        yield f"  {_line(report, subject.verdict, fact.span)} {told}{default}"


_KINDS = {
    "not met": "fail",
    "undecided here": "open",
    "met with exception": "review",
    "met": "pass",
    "contribution": "pass",
    "not applicable": "notApplicable",
    "not decidable from files": "open",
}


def as_sarif(report: ControlsReport) -> Json:
    """Return a log with a result for each control and each service or image."""
    places = Places()
    controls = [one.control for _, found in report.catalogues for one in found]
    results: list[Json] = [
        result
        for _, found in report.catalogues
        for one in found
        for result in _results(report, one, places)
    ]
    notes: list[Json] = [skipped_notice(one, places) for one in report.scope.left]
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "Tightship",
                "version": __version__,
                "fullName": NOTICE,
                "rules": [_rule(one) for one in controls],
                "notifications": list(NOTICES) if notes else [],
                "supportedTaxonomies": [{"name": one.id} for one, _ in report.catalogues],
            }
        },
        "taxonomies": [_taxonomy(*one) for one in report.catalogues],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "originalUriBaseIds": places.bases(),
    }
    if report.commit:
        run["properties"] = {"commit": report.commit, "changed": report.is_changed}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _taxonomy(catalogue: Catalogue, assessments: Sequence[Assessment]) -> dict[str, Json]:
    return {
        "name": catalogue.id,
        "fullName": catalogue.name,
        "shortDescription": {"text": catalogue.name},
        **({"informationUri": catalogue.link} if catalogue.link else {}),
        **({"version": catalogue.release} if catalogue.release else {}),
        "taxa": [
            {"id": one.control.id, "shortDescription": {"text": one.control.title}}
            for one in assessments
        ],
    }


def _rule(control: Control) -> dict[str, Json]:
    target: Json = {"id": control.id, "toolComponent": {"name": control.catalogue.id}}
    return {
        "id": control.key,
        "shortDescription": {"text": control.title},
        "relationships": [{"target": target, "kinds": ["equal"]}],
    }


def _results(report: ControlsReport, one: Assessment, places: Places) -> Iterator[dict[str, Json]]:
    if not one.outcomes:
        yield _result(one.control, one.state, one.control.who)
    for made in one.outcomes:
        places.begin(made.subject.verdict.root)
        found = _result(one.control, made.state, _why(report, made))
        found["locations"] = [places.location(_span(made))]
        yield found


def _span(made: Outcome) -> Span:
    """Return the place that decides: that of a finding, a fact or the service."""
    spans = [*(one.span for one in made.findings), *(one.span for one in made.facts)]
    return spans[0] if spans else made.subject.span


def _why(report: ControlsReport, made: Outcome) -> str:
    subject = made.subject
    told = [
        report.shown(one.finding.message, subject.verdict, one.span) for one in made.findings
    ] + [report.shown(one.told, subject.verdict, one.span) for one in made.facts]
    reasons = "; ".join(filter(None, (made.reason, *told, made.default)))
    return f"{subject.kind} `{subject.name}`: {reasons or made.state}"


def _result(control: Control, state: str, why: str) -> dict[str, Json]:
    kind = _KINDS[state]
    return {
        "ruleId": control.key,
        "kind": kind,
        "level": "warning" if kind == "fail" else "none",
        "message": {"text": whole(f"{control.title}: {state}. {why}".rstrip(". ") + ".")},
        "taxa": [{"id": control.id, "toolComponent": {"name": control.catalogue.id}}],
    }
