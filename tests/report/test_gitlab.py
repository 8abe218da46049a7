"""The Code Quality report, held to what GitLab's documentation says of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tightship.engine.verdict import Verdict
from tightship.findings import Severity
from tightship.text import Source, Span

if TYPE_CHECKING:
    from tests.conftest import VerdictOn
    from tests.report.conftest import Make

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def entries(make: Make, *verdicts: Verdict) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(make.document("gitlab", *verdicts))
    assert found.__class__ is list
    for entry in found:
        assert entry.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        for key in ("description", "check_name", "fingerprint"):
            assert isinstance(entry[key], str)
            assert entry[key]
        assert entry["severity"] in SEVERITIES
        location = entry["location"]
        assert location.keys() == {"path", "lines"}
        # "The relative path to the file", which GitLab takes without `./`.
        assert not location["path"].startswith(("./", "/"))
        assert location["lines"].keys() == {"begin"}
        assert isinstance(location["lines"]["begin"], int)
        assert location["lines"]["begin"] >= 1
    marks = [entry["fingerprint"] for entry in found]
    assert len(set(marks)) == len(marks)
    return found


def test_an_entry_has_the_data_of_its_finding(make: Make) -> None:
    _, [web] = make.file("services:\n  «web»: {}\n")
    finding = make.found(web, message="it is bad", severity=Severity.ERROR)
    assert entries(make, make.verdict(finding)) == [
        {
            "description": "it is bad",
            "check_name": "bad-thing",
            "fingerprint": finding.fingerprint,
            "severity": "critical",
            "location": {"path": "compose.yaml", "lines": {"begin": 2}},
        }
    ]


def test_severities_are_those_of_gitlab(make: Make) -> None:
    _, [web] = make.file("«a»: b\n")
    findings = [make.found(web, severity=severity) for severity in Severity]
    found = [entry["severity"] for entry in entries(make, make.verdict(*findings))]
    assert found == ["minor", "major", "critical"]


def test_similar_findings_have_their_own_fingerprints(make: Make) -> None:
    source = Source("compose.yaml", "a: b\n")
    finding = make.found(Span(source, 0, 1))
    verdicts = [Verdict(root, (source,), [finding], services=1) for root in ("/a", "/b")]
    assert len(entries(make, *verdicts, *verdicts)) == 4


def test_the_report_of_a_real_project_is_as_documented(make: Make, verdict_on: VerdictOn) -> None:
    text = "services:\n  a: {image: nginx, privileged: true}\n  b: {pid: host}\n"
    verdict = verdict_on(text)
    assert len(entries(make, verdict)) == len(verdict.findings) > 3


def test_no_findings_are_an_empty_array(make: Make) -> None:
    assert entries(make) == []
