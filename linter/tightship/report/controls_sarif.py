"""The state of controls in SARIF 2.1.0: catalogues are taxonomies, and states are kinds."""

from __future__ import annotations

from tightship import __version__
from tightship.report.controls import NOTICE
from tightship.report.place import whole
from tightship.report.sarif import SARIF_SCHEMA, Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.controls.assessment import Assessment, Outcome
    from tightship.report.controls import ControlsReport
    from tightship.report.json import Json
    from tightship.rules.catalogues import Catalogue, Control
    from tightship.text import Span

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
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "Tightship",
                "version": __version__,
                "fullName": NOTICE,
                "rules": [_rule(one) for one in controls],
                "supportedTaxonomies": [{"name": one.id} for one, _ in report.catalogues],
            }
        },
        "taxonomies": [_taxonomy(*one) for one in report.catalogues],
        "columnKind": "unicodeCodePoints",
        "results": results,
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
