from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tightship.engine.verdict import Verdict
from tightship.findings import Related, Severity
from tightship.report.json import JsonReport
from tightship.report.report import ReportOptions, Summary
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from tests.report.conftest import Make

POINT = {"line": int, "column": int}
PLACE = {"path": str, "start": POINT, "end": POINT}
FIX = {
    "title": str,
    "effect": ("keeps-behaviour", "tightens", "changes-behaviour"),
    "applicability": ("safe", "unsafe"),
    "proof": (None, str),
    "may_break": str,
    "edits": [{**PLACE, "text": str}],
}
GRADES = ("A", "B", "C", "D", "E", "F")
SEVERITY = ("error", "warning", "info")
SCHEMA = {
    "schema": (1,),
    "findings": [
        {
            "rule": str,
            "severity": SEVERITY,
            "message": str,
            **PLACE,
            "subject": {"kind": ("service", "file"), "name": str},
            "url": (None,),
            "fingerprint": str,
            "cause": str,
            "usual_severity": SEVERITY,
            "lowered_by": (None, str),
            "purpose": ("product", "development", "test", "example", "vendored"),
            "fix": (None, FIX),
            "help": (None, str),
            "related": [{**PLACE, "message": str}],
            "absorbed": [
                {
                    "rule": str,
                    "severity": SEVERITY,
                    "message": str,
                    **PLACE,
                    "subject": {"kind": str, "name": str},
                }
            ],
            "hidden_by": (None, PLACE),
        }
    ],
    "accepted": [
        {
            "rule": str,
            "severity": ("error", "warning", "info"),
            "message": str,
            **PLACE,
            "subject": {"kind": ("service", "stage", "file"), "name": str},
            "fingerprint": str,
            "by": ("comment", "configuration", "baseline", "policy"),
            "reason": str,
        }
    ],
    "profiles": [
        {
            "service": str,
            "path": str,
            "line": int,
            "grade": {"best": GRADES, "worst": GRADES},
            "mechanisms": [
                {
                    "mechanism": str,
                    "mark": ("strong", "weak", "unknown"),
                    "state": str,
                    "path": (None, str),
                    "line": (None, int),
                    "weaknesses": [{"name": str, "points": (None, int)}],
                    "possible": [{"name": str, "points": (None, int)}],
                    "fix": (None, str),
                }
            ],
        }
    ],
    "gaps": [{"message": str, **PLACE}],
    "skipped": [
        {
            "path": str,
            "line": (None, int),
            "reason": str,
            "message": str,
            "does": ("starts", "builds", None),
        }
    ],
    "configuration": [
        {"path": str, "rules_off": int, "excluded": int, "exceptions": int, "severities": int}
    ],
    "provided": [
        {"provider": str, "evidence": str, "names": [str], "keys": [str], "projects": int}
    ],
    "policies": [{"name": str, "version": str, "sha256": str}],
    "hints": [{"path": str, "purpose": ("development", "test", "build", "example")}],
    "lowered": {
        "comment": int,
        "configuration": int,
        "policy": int,
        "baseline": int,
        "purpose": int,
    },
    "summary": {
        "files": int,
        "services": int,
        "errors": int,
        "warnings": int,
        "infos": int,
        "gaps": int,
        "earlier": int,
        "hidden": int,
        "known_errors": int,
    },
}


def fits(value: Any, shape: Any) -> bool:
    """Tell whether a value has a shape: a type, a choice, a list of, or a dict."""
    kind, found = shape.__class__, value.__class__
    if kind is type:
        return bool(found is shape)
    if kind is tuple:
        return any(fits(value, one) for one in shape)
    if kind is list:
        return found is list and all(fits(item, shape[0]) for item in value)
    if kind is dict and found is dict:
        pairs = zip(value.items(), shape.items(), strict=False)
        return len(value) == len(shape) and all(
            key == name and fits(part, form) for (key, part), (name, form) in pairs
        )
    return bool(value == shape)


def written(*verdicts: Verdict) -> str:
    report, summary = JsonReport(ReportOptions()), Summary()
    text = report.opening
    for verdict in verdicts:
        summary.add(verdict)
        text += report.verdict(verdict)
    return text + report.closing(summary)


@pytest.fixture
def full(make: Make) -> Verdict:
    source, [web, image] = make.file("services:\n  «web»:\n    image: «nginx»\n")
    finding = make.found(
        image,
        "privileged",
        "it is privileged",
        severity=Severity.ERROR,
        service=web,
        fix=make.tightens("Drop it", Edit(image, "x"), may_break="all"),
        because=(Related(web, "it is here"),),
        absorbed=(make.found(web, "no-cap-drop", "irrelevant", service=web),),
    )
    assert source.text
    return make.verdict(finding, make.found(web), services=3, gaps=2)


def test_the_document_has_its_shape(full: Verdict) -> None:
    assert fits(json.loads(written(full, full)), SCHEMA)


def test_every_field_has_the_data_of_its_finding(full: Verdict) -> None:
    document = json.loads(written(full))
    here = {
        "path": "compose.yaml",
        "start": {"line": 3, "column": 12},
        "end": {"line": 3, "column": 17},
    }
    web = {
        "path": "compose.yaml",
        "start": {"line": 2, "column": 3},
        "end": {"line": 2, "column": 6},
    }
    assert document["findings"][0] == {
        "rule": "privileged",
        "severity": "error",
        "message": "it is privileged",
        **here,
        "subject": {"kind": "service", "name": "web"},
        "url": None,
        "fingerprint": full.findings[0].fingerprint,
        "cause": full.findings[0].cause,
        "usual_severity": "error",
        "lowered_by": None,
        "purpose": "product",
        "fix": {
            "title": "Drop it",
            "effect": "tightens",
            "applicability": "unsafe",
            "proof": None,
            "may_break": "all",
            "edits": [{**here, "text": "x"}],
        },
        "help": None,
        "related": [{**web, "message": "it is here"}],
        "absorbed": [
            {
                "rule": "no-cap-drop",
                "severity": "warning",
                "message": "irrelevant",
                **web,
                "subject": {"kind": "service", "name": "web"},
            }
        ],
        "hidden_by": None,
    }
    assert document["findings"][1]["subject"] == {"kind": "file", "name": "compose.yaml"}
    assert document["summary"] == {
        "files": 1,
        "services": 3,
        "errors": 1,
        "warnings": 1,
        "infos": 0,
        "gaps": 2,
        "earlier": 0,
        "hidden": 0,
        "known_errors": 0,
    }


def test_a_run_without_findings_is_a_whole_document() -> None:
    for verdicts in ([], [Verdict("/project", (), [], services=0)] * 2):
        document = json.loads(written(*verdicts))
        assert fits(document, SCHEMA)
        assert document["findings"] == []


def test_each_finding_has_a_line_of_its_own(full: Verdict) -> None:
    lines = written(full, full).splitlines()
    assert lines[0] == '{"schema": 1, "findings": ['
    assert lines[5] == '], "accepted": [], "profiles": [], "gaps": ['
    assert lines[-1].startswith(
        '], "skipped": [], "configuration": [], "provided": [], "policies": [], "hints'
    )
    assert all(json.loads(line.rstrip(",")) for line in (*lines[1:5], *lines[6:-1]))
    assert len(lines) == 3 + 4 + 2


def test_columns_count_code_points_and_an_end_is_exclusive(make: Make) -> None:
    source = Source("compose.yaml", "a: 🐳日é\r\nb: c\r\n")
    finding = make.found(Span(source, 3, source.text.index("c")))
    found = json.loads(written(make.verdict(finding)))["findings"][0]
    assert found["start"] == {"line": 1, "column": 4}
    assert found["end"] == {"line": 2, "column": 4}


def test_the_document_of_any_file_is_ascii_and_exact(make: Make) -> None:
    hostile = '\x1b"\\\n\u2028\u202e🐳\ud800</script>'
    source = Source(f"{hostile}.yaml", hostile)
    text = written(make.verdict(make.found(Span(source, 0, 3), message=hostile)))
    assert text.isascii()
    found = json.loads(text)["findings"][0]
    assert found["message"] == hostile
    assert found["path"] == f"{hostile}.yaml"


def test_the_same_verdict_is_written_the_same_way(full: Verdict) -> None:
    assert written(full) == written(full)
