"""The report in SARIF 2.1.0, for GitHub code scanning and other dashboards."""

from __future__ import annotations

import tightship
from tightship import __version__
from tightship.findings import Related, Severity
from tightship.report.json import JsonLines, encoder, policy_data
from tightship.report.redaction import writes_secret
from tightship.report.report import Place, Report, ReportOptions, whole
from tightship.report.terminal import brief
from tightship.report.wording import effect_of
from tightship.rules.address import address_of
from tightship.rules.catalogues import controls_of
from tightship.rules.definition import FORMER_NAMES
from tightship.rules.page import page
from tightship.text import Edit, Source, Span, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.plan.scope import SkippedFile
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix, Gap
    from tightship.report.json import Json
    from tightship.report.report import Summary
    from tightship.rules.definition import Rule


SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_GAP = "not-checked"
_SKIPPED = "skipped-file"
_KNOWN = "known-errors"

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

SECURITY = frozenset(
    {
        "filesystem",
        "capabilities",
        "namespaces",
        "resources",
        "mandatory_access",
        "devices",
        "users",
        "host_interfaces",
        "supply_chain",
        "secrets",
        "network",
        "profile",
    }
)
"""The themes of isolation: all but `correctness`, `hygiene` and `shellcheck`."""

_SCORES = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFO: "2.0"}
"""GitHub's bands: high from 7.0, medium from 4.0, low below that."""

_LONGEST = 1_000  # GitHub shows 1024 characters of a description.

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_BASE = "%SRCROOT%"


class SarifReport(Report):
    """Writes a log with one run, and a line for each result."""

    opening = (
        f'{{"$schema": "{SARIF_SCHEMA}", "version": "2.1.0", "runs": [{{'
        '"columnKind": "unicodeCodePoints",'
        r' "newlineSequences": ["\r\n", "\n", "\r"], "results": ['
    )

    def __init__(self, options: ReportOptions) -> None:
        self._results = JsonLines()
        self._rules: dict[str, tuple[int, Rule]] = {}
        self._places = Places()
        self._is_compose = True

    def verdict(self, verdict: Verdict) -> str:
        """Return the results of a verdict."""
        pieces: list[str] = []
        self._places.begin(verdict.root)
        self._is_compose = verdict.noun == "service"
        for judged in verdict.findings:
            pieces.append(self._results.add(self._result(judged)))
        return "".join(pieces)

    def closing(self, summary: Summary) -> str:
        """Return the tool, its rules and its notifications, and the end of the log."""
        notes = [self._gap(root, gap) for root, gap in summary.scope.gaps]
        notes += [skipped_notice(one, self._places) for one in summary.scope.left]
        if summary.known_errors:
            notes.append(_known_errors(summary))
        home = tightship.REPOSITORY
        driver: Json = {
            "name": "Tightship",
            "version": __version__,
            "semanticVersion": __version__,
            **({"informationUri": home} if home else {}),
            "rules": [descriptor(rule) for _, rule in self._rules.values()],
            "notifications": list(NOTICES) if notes else [],
        }
        encode = self._results.encode
        notifications = ",\n".join(map(encode, notes))
        return (
            f'\n], "tool": {{"driver": {encode(driver)}}},'
            f' "originalUriBaseIds": {encode(self._places.bases())},'
            ' "invocations": [{"executionSuccessful": true,'
            f' "toolExecutionNotifications": [{notifications}]}}]{_policies(summary)}}}]}}\n'
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
            "properties": {"cause": judged.cause},
        }
        if finding.because:
            result["relatedLocations"] = [
                {"id": number, **self._places.location(one.span, one.message)}
                for number, one in enumerate(finding.because, 1)
            ]
        code_flows: list[Json] = [
            {"threadFlows": [{"locations": self._steps(flow)}]}
            for flow in flows(judged, is_compose=self._is_compose)
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
            "description": message(f"{fix.title} ({effect_of(fix)}).{breaks}"),
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


def skipped_notice(file: SkippedFile, places: Places) -> Json:
    """Return a notification about a file that was seen and not judged."""
    places.begin(file.root)
    place: dict[str, Json] = {"artifactLocation": places.artifact(file.name)}
    if file.line:
        place["region"] = {"startLine": file.line}
    return {
        "descriptor": {"id": _SKIPPED, "index": 1},
        "level": "note",
        "message": message(f"{file.name} was not checked: {file.message}"),
        "locations": [{"physicalLocation": place}],
    }


NOTICES: tuple[Json, ...] = (
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
    {
        "id": _KNOWN,
        "name": "KnownErrors",
        "shortDescription": {"text": "The baseline accepts errors."},
    },
)


def _known_errors(summary: Summary) -> Json:
    return {
        "descriptor": {"id": _KNOWN, "index": 2},
        "level": "note",
        "message": message(f"{summary.known_errors_text} in the baseline"),
    }


def _policies(summary: Summary) -> str:
    """Return the property with the policies of a run, if it has any."""
    if not summary.policies:
        return ""
    return f', "properties": {encoder()({"policies": policy_data(summary)})}'


def descriptor(rule: Rule) -> Json:
    """Return the `reportingDescriptor` of a rule."""
    properties: dict[str, Json] = {"tags": _tags(rule), "precision": "high"}
    if rule.theme in SECURITY:
        properties["security-severity"] = _SCORES[rule.severity]
    address = address_of(rule)
    return {
        "id": rule.name,
        **({"deprecatedIds": [FORMER_NAMES[rule.name]]} if rule.name in FORMER_NAMES else {}),
        "name": "".join(word.capitalize() for word in rule.name.replace("/", "-").split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _why(rule)},
        "help": {"text": rule.doc, "markdown": page(rule)},
        **({"helpUri": address} if address else {}),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": properties,
    }


def _why(rule: Rule) -> str:
    """Return why a rule matters, in one paragraph: the page without its chapters."""
    text = " ".join(rule.doc.partition("\n## ")[0].split())
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " ..."


def _tags(rule: Rule) -> Json:
    """Return words to filter by; GitHub reads `external/cwe/` as a weakness."""
    return [
        *(["security"] if rule.theme in SECURITY else []),
        rule.theme.replace("_", "-"),
        *([rule.language] if rule.language != "any" else []),
        *(f"external/cwe/cwe-{number:03}" for number in rule.cwe),
        *(f"{one.catalogue.id}/{one.id}" for one in controls_of(rule.name)),
    ]


class Places:
    """Makes places below the root of the verdict that is being written."""

    def __init__(self) -> None:
        self._base = _BASE
        self._bases: dict[str, str] = {}

    def begin(self, root: str) -> None:
        """Begin another verdict: its files are below this root."""
        number = len(self._bases) + 1
        fresh = _BASE if number == 1 else f"%SRCROOT{number}%"
        self._base = self._bases.setdefault(root, fresh)

    def bases(self) -> Json:
        """Return the roots, for `originalUriBaseIds`."""
        return {name: {"uri": _folder(root)} for root, name in self._bases.items()}

    def artifact(self, name: str) -> Json:
        """Return the location of a file."""
        return {"uri": uri(name), "uriBaseId": self._base}

    def location(self, span: Span, text: str = "") -> dict[str, Json]:
        """Return the location of a span, with a message if there is one."""
        location: dict[str, Json] = {
            "physicalLocation": {
                "artifactLocation": self.artifact(span.source.name),
                "region": _region(span),
            }
        }
        if text:
            location["message"] = message(text)
        return location

    def name(self, name: str, path: tuple[str, ...]) -> dict[str, Json]:
        """Return the logical name of a place: a service, and the path of keys."""
        found: dict[str, Json] = {"name": brief(name)}
        if path:
            found["fullyQualifiedName"] = brief(".".join(path))
        return found


def replacements(edits: list[Edit]) -> Json:
    """Return the edits of one file; unlike a message, their text is exact.

    Insertions at one place become one, so that their order is certain.
    """
    places: dict[Span, list[Edit]] = {}
    for edit in edits:
        places.setdefault(edit.span, []).append(edit)
    return [_replacement(span, places[span]) for span in sorted(places)]


def _replacement(span: Span, edits: list[Edit]) -> Json:
    text = edits[0].text
    if len(edits) > 1:
        nothing = Source("", "")
        here = Span(nothing, 0, 0)
        text = apply_edits(nothing, [Edit(here, edit.text) for edit in edits])
    made: dict[str, Json] = {"deletedRegion": _region(span)}
    if text:
        made["insertedContent"] = {"text": whole(text)}
    return made


def message(text: str) -> Json:
    """Return a message in plain text, without links.

    SARIF turns `[text](target)` into a link even in plain text (3.11.6), unless a
    backslash is before the bracket.
    """
    text = brief(text)
    if "](" in text:
        text = text.replace("\\", "\\\\").replace("[", r"\[").replace("]", r"\]")
    return {"text": text}


def uri(name: str) -> str:
    """Return a path as a relative URI reference; bytes that are not UTF-8 are kept."""
    try:
        data = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that encodes no byte
        data = whole(name).encode("utf-8")
    quoted = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in data)
    # Two slashes would begin a host name.
    return f".{quoted}" if quoted.startswith("/") else quoted


def _folder(path: str) -> str:
    quoted = uri(path.replace("\\", "/").strip("/"))
    return f"file:///{quoted}/" if quoted else "file:///"


def _region(span: Span) -> Json:
    place = Place(span)
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def flows(judged: JudgedFinding, *, is_compose: bool = True) -> list[list[Related]]:
    """Return the flows of a value that is written elsewhere than it takes effect.

    From an extended file, an anchor or an `env_file`, the flow leads over the places that
    explain it to the service that gets it. From a Dockerfile, a flow leads to each
    service that runs it. An absent value has no flow. Other files than Compose's have keys of
    their own, and the values of a container next to it.
    """
    if judged.rule.theme not in SECURITY or judged.is_absence:
        return []
    finding = judged.finding
    start = Related(finding.span, finding.message)
    subject, goal = judged.subject, judged.subject.span
    if subject.kind != "service":
        return [[start, one] for one in finding.because if _is_far(start, one)]
    origins = [one for one in finding.because if one.role == "origin"]
    others = [one for one in finding.because if one.role != "origin"]
    flow = [*origins, start, *others]
    is_outside = is_compose and judged.key_path[:2] != ("services", subject.name)
    if is_outside and goal is not None and all(one.span != goal for one in flow):
        flow.append(Related(goal, f"service `{subject.name}` gets it"))
    return [flow] if is_outside or any(_is_far(start, one) for one in flow) else []


def _is_far(start: Related, one: Related) -> bool:
    return one.span.source is not start.span.source
