"""Reports of other linters: each form, and what is said of one that is none."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from tightship_annexes.migration.comparison import ReportError, read_report


def read(report: object) -> list[tuple[str, str, str, int]]:
    found = read_report(json.dumps(report).encode(), "report")
    return [(one.linter, one.check, one.path, one.line) for one in found]


def sarif(name: str, *results: dict[str, object], **driver: object) -> dict[str, object]:
    """Return a report in SARIF 2.1.0 with the results of one run."""
    run = {"tool": {"driver": {"name": name, **driver}}, "results": [*results]}
    return {"version": "2.1.0", "runs": [run]}


def result(id: str, uri: str = "Dockerfile", line: int = 3, **more: object) -> dict[str, object]:
    """Return a result as SARIF has it."""
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    locations = [{"physicalLocation": place}]
    return {"ruleId": id, "message": {"text": "it"}, "locations": locations, **more}


def test_the_json_of_hadolint() -> None:
    one = {"code": "DL3008", "column": 1, "file": "a/Dockerfile", "level": "warning", "line": 4}
    assert read([{**one, "message": "it"}]) == [("hadolint", "DL3008", "a/Dockerfile", 4)]
    assert read([]) == []


def test_the_json_of_tally() -> None:
    def violation(rule: str, line: int) -> dict[str, object]:
        return {"location": {"file": "x", "start": {"line": line, "column": 0}}, "rule": rule}

    violations = [
        violation("hadolint/DL3004", 2),
        violation("tally/labels/valid-key", 3),
        violation("buildkit/StageNameCasing", 4),
    ]
    report = {"files": [{"file": "a", "violations": violations}], "summary": {"total": 3}}
    assert read(report) == [
        ("tally", "DL3004", "a", 2),
        ("tally", "tally:valid-key", "a", 3),
        ("tally", "buildkit:StageNameCasing", "a", 4),
    ]


@pytest.mark.parametrize(
    ("driver", "id", "linter", "check"),
    [
        ("Hadolint", "DL3006", "hadolint", "DL3006"),
        ("tally", "buildkit/JSONArgsRecommended", "tally", "buildkit:JSONArgsRecommended"),
        ("Trivy", "DS002", "trivy", "trivy:DS-0002"),
        ("Trivy", "AVD-DS-0002", "trivy", "trivy:DS-0002"),
        ("Trivy", "CVE-2024-1", "trivy", "trivy:CVE-2024-1"),
        ("Checkov", "CKV_DOCKER_3", "checkov", "checkov:CKV_DOCKER_3"),
        ("KICS", "fd54f200-402c-4333-a5a4-36ef6709af2f", "kics", "kics:fd54f200"),
        ("Semgrep OSS", "dockerfile.security.last-user-is-root", "semgrep", "semgrep:last-user-is-root"),
    ],
)  # fmt: skip
def test_sarif(driver: str, id: str, linter: str, check: str) -> None:
    assert read(sarif(driver, result(id))) == [(linter, check, "Dockerfile", 3)]


def test_a_result_may_name_its_rule_by_number_and_its_path_as_a_uri() -> None:
    one = result("", "file:///srv/a%20b/Dockerfile")
    del one["ruleId"]
    report = sarif("Trivy", {**one, "ruleIndex": 1}, rules=[{"id": "DS001"}, {"id": "DS005"}])
    assert read(report) == [("trivy", "trivy:DS-0005", "/srv/a b/Dockerfile", 3)]


def test_what_passed_or_was_suppressed_is_no_finding() -> None:
    suppressed = result("CKV_DOCKER_2", suppressions=[{"kind": "inSource"}])
    assert read(sarif("Checkov", result("CKV_DOCKER_3", kind="pass"), suppressed)) == []
    assert read(sarif("Checkov", result("CKV_DOCKER_3", kind="fail", suppressions=[]))) != []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "r.json:1:1: this is not JSON"),
        ('[\n {"code": }', "r.json:2:11: this is not JSON"),
        ("[" * 100_000, "r.json: the JSON is nested too deeply"),
        ("3", "r.json: this is no report that Tightship knows"),
        ("{}", "r.json: this is no report that Tightship knows"),
        ("[3]", "r.json: `[0].file` is missing"),
        ('[{"file": "a"}]', "r.json: `[0].code` is missing"),
        ('[{"file": "a", "code": "DL3000", "line": "1"}]', "r.json: `[0].line` is not a number"),
        ('[{"file": 1}]', "r.json: `[0].file` is not a text"),
        ('{"files": {}}', "r.json: `files` is not a list"),
        ('{"files": [{"violations": [{}]}]}', "r.json: `files[0].file` is missing"),
        ('{"runs": [{}]}', "r.json: `runs[0].tool.driver.name` is missing"),
        ('{"runs": [{"tool": {"driver": {"name": "ZAP"}}}]}', "`ZAP` is none of the linters"),
    ],
)
def test_what_is_no_report_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ReportError) as caught:
        read_report(text.encode(), "r.json")
    assert message in str(caught.value)


def test_bytes_that_are_no_text_are_said() -> None:
    with pytest.raises(ReportError, match="this is not JSON"):
        read_report(b'["\xff"]', "r.json")


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(("runs", "files", "violations", "tool", "driver", "name", "results",
                         "file", "code", "line", "location", "start", "rule", "locations")),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(_ANY)
def test_any_json_is_read_or_refused(report: object) -> None:
    with suppress(ReportError):
        assert isinstance(read(report), list)
