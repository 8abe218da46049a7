"""The report in SARIF 2.1.0, for GitHub code scanning, IDEs and dashboards.

The results are written as they come. Their rules, and the gaps, follow after them: the
members of a JSON object have no order. The text is ASCII.
"""

from __future__ import annotations

import tightship
from tightship import __version__
from tightship.report.json import JsonLines
from tightship.report.redaction import writes_secret
from tightship.report.report import Report, ReportOptions
from tightship.report.sarif_flow import flows
from tightship.report.sarif_place import Places, message, replacements
from tightship.report.sarif_rule import LEVELS, descriptor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.plan.skipped import SkippedFile
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix, Gap, Related
    from tightship.report.json import Json
    from tightship.report.summary import Summary
    from tightship.rules.kit import Rule
    from tightship.text import Edit

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_GAP = "not-checked"
_SKIPPED = "skipped-file"


class SarifReport(Report):
    """Writes a log with one run, and a line for each result."""

    opening = (
        f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{'
        '"columnKind": "unicodeCodePoints",'
        r' "newlineSequences": ["\r\n", "\n", "\r"], "results": ['
    )

    def __init__(self, options: ReportOptions) -> None:
        self._results = JsonLines()
        self._rules: dict[str, tuple[int, Rule]] = {}
        self._places = Places()

    def verdict(self, verdict: Verdict) -> str:
        """Return the results of a verdict."""
        pieces = list[str]()
        self._places.begin(verdict.root)
        for judged in verdict.findings:
            pieces.append(self._results.add(self._result(judged)))
        return "".join(pieces)

    def closing(self, summary: Summary) -> str:
        """Return the tool, its rules and its notifications, and the end of the log."""
        notes = [self._gap(root, gap) for root, gap in summary.gaps]
        notes += [self._skipped(one) for one in summary.skipped]
        home = tightship.REPOSITORY
        driver: Json = {
            "name": "Tightship",
            "version": __version__,
            "semanticVersion": __version__,
            **({"informationUri": home} if home else {}),
            "rules": [descriptor(rule) for _, rule in self._rules.values()],
            "notifications": list(_NOTICES) if notes else [],
        }
        encode = self._results.encode
        notifications = ",\n".join(map(encode, notes))
        return (
            f'\n], "tool": {{"driver": {encode(driver)}}},'
            f' "originalUriBaseIds": {encode(self._places.bases())},'
            ' "invocations": [{"executionSuccessful": true,'
            f' "toolExecutionNotifications": [{notifications}]}}]}}]}}\n'
        )

    def _result(self, judged: JudgedFinding) -> Json:
        finding, rule = judged.finding, judged.rule
        index, _ = self._rules.setdefault(rule.name, (len(self._rules), rule))
        result: dict[str, Json] = {
            "ruleId": rule.name,
            "ruleIndex": index,
            "level": LEVELS[judged.severity],
            "message": message(finding.message),
            "locations": [self._location(judged)],
            "partialFingerprints": {"tightship/v1": judged.fingerprint},
        }
        if finding.because:
            result["relatedLocations"] = [
                {"id": number, **self._places.location(one.span, one.message)}
                for number, one in enumerate(finding.because, 1)
            ]
        code_flows: list[Json] = [
            {"threadFlows": [{"locations": self._steps(flow)}]} for flow in flows(judged)
        ]
        if code_flows:
            result["codeFlows"] = code_flows
        fix = finding.fix
        if fix is not None and not writes_secret(fix):
            result["fixes"] = [self._fix(fix)]
        return result

    def _location(self, judged: JudgedFinding) -> dict[str, Json]:
        location = self._places.location(judged.span)
        subject = judged.subject
        if subject.kind != "file":
            location["logicalLocations"] = [
                {**self._places.name(subject.name, judged.key_path), "kind": subject.kind}
            ]
        return location

    def _steps(self, flow: list[Related]) -> list[Json]:
        return [{"location": self._places.location(one.span, one.message)} for one in flow]

    def _fix(self, fix: Fix) -> Json:
        edits: dict[str, list[Edit]] = {}
        for edit in fix.edits:
            edits.setdefault(edit.span.source.name, []).append(edit)
        breaks = f" This may break: {fix.may_break}." if fix.may_break else ""
        return {
            "description": message(f"{fix.title}.{breaks}"),
            "artifactChanges": [
                {
                    "artifactLocation": self._places.artifact(name),
                    "replacements": replacements(some),
                }
                for name, some in edits.items()
            ],
        }

    def _gap(self, root: str, gap: Gap) -> Json:
        self._places.begin(root)
        return {
            "descriptor": {"id": _GAP, "index": 0},
            "level": "warning",  # The results may be incomplete; the run is not void.
            "message": message(gap.reason),
            "locations": [self._places.location(gap.span)],
        }

    def _skipped(self, file: SkippedFile) -> Json:
        self._places.begin(file.root)
        return {
            "descriptor": {"id": _SKIPPED, "index": 1},
            "level": "note",
            "message": message(f"{file.name} was not checked: {file.message}"),
            "locations": [
                {"physicalLocation": {"artifactLocation": self._places.artifact(file.name)}}
            ],
        }


_NOTICES: tuple[Json, ...] = (
    {
        "id": _GAP,
        "name": "NotChecked",
        "shortDescription": {"text": "A part of the project could not be checked."},
    },
    {
        "id": _SKIPPED,
        "name": "SkippedFile",
        "shortDescription": {"text": "A file was seen and not checked."},
    },
)
