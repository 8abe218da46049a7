"""What Checkstyle and JUnit would have written, read by what reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from tightship.engine.verdict import Verdict
from tightship.findings import Related, Severity
from tightship.text import Edit, Source

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import VerdictOn
    from tests.report.conftest import Make

TREE = {
    "testsuites": ({"name"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped"}, {"testcase"}),
    "testcase": ({"name", "classname"}, {"failure", "error", "system-out"}),
    "failure": ({"message", "type"}, set[str]()),
    "error": ({"message", "type"}, set[str]()),
    "system-out": (set[str](), set[str]()),
}
"""The elements of JUnit's XML that are used, with their attributes and children."""


def suites(
    make: Make, *verdicts: Verdict, fails: Severity | None = Severity.WARNING
) -> list[ElementTree.Element]:
    fail_on = "never" if fails is None else fails.word
    text = make.document("junit", *(verdict.replaced(fail_on=fail_on) for verdict in verdicts))
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = TREE[element.tag]
        assert set(element.keys()) == attributes
        assert {child.tag for child in element} <= children
    for suite in root:
        assert suite.get("tests") == str(len(suite))
        for kind in ("failure", "error"):
            count = sum(1 for _ in suite.iter(kind))
            assert suite.get(f"{kind}s") == str(count)
    return list(root)


def test_junitparser_reads_the_suites(make: Make, verdict_on: VerdictOn, tmp_path: Path) -> None:
    junitparser: Any = pytest.importorskip("junitparser")
    text = "services:\n  a: {image: nginx, privileged: true}\n  b: {build: ./gone}\n"
    verdict = verdict_on(text)
    path = tmp_path / "report.xml"
    path.write_text(make.document("junit", verdict), encoding="utf-8")
    [suite] = junitparser.JUnitXml.fromfile(str(path))
    assert suite.name == "compose.yaml"
    read = [
        (case.name.partition(" ")[0], [type(one).__name__ for one in case.result]) for case in suite
    ]
    assert read == [
        (one.rule.name, expected_result(one.rule.name, one.severity)) for one in verdict.findings
    ]
    assert {kind for _, kinds in read for kind in kinds} == {"Failure", "Error"}


def expected_result(name: str, severity: Severity) -> list[str]:
    if name == "not-checked":
        return ["Error"]
    return ["Failure"] if severity >= Severity.WARNING else []


@pytest.mark.parametrize(
    ("fails", "failed"), [(Severity.INFO, 3), (Severity.WARNING, 2), (Severity.ERROR, 1), (None, 0)]
)
def test_a_failure_is_what_makes_the_run_fail(
    make: Make, fails: Severity | None, failed: int
) -> None:
    _, [web] = make.file("«a»: b\n")
    findings = [make.found(web, severity=severity) for severity in Severity]
    [suite] = suites(make, make.verdict(*findings), fails=fails)
    assert len(suite) == 3
    assert suite.get("failures") == str(failed)
    assert sum(1 for _ in suite.iter("system-out")) == 3 - failed


def test_a_test_has_all_data_of_its_finding(make: Make) -> None:
    _, [web, image] = make.file("services:\n  «web»:\n    image: «nginx»\n")
    fix = make.tightens("Drop it", Edit(image, ""), may_break="all of it")
    because = (Related(web, "it is <here>"),)
    [suite] = suites(
        make, make.verdict(make.found(image, fix=fix, because=because, message="a < b"))
    )
    [case] = suite
    assert case.attrib == {"name": "bad-thing (3:12)", "classname": "compose.yaml"}
    [failure] = case
    assert failure.attrib == {"message": "a < b", "type": "warning"}
    assert failure.text == (
        "compose.yaml:3:12: warning: a < b [bad-thing]\n"
        "fix: Drop it\n"
        "may break: all of it\n"
        "compose.yaml:2:3: it is <here>"
    )


def test_a_file_without_findings_is_one_passed_test(make: Make) -> None:
    source = Source("compose.yaml", "")
    verdict = Verdict("/project", (source,), [], services=0)
    [suite] = suites(make, verdict, verdict)
    [case] = suite
    assert case.get("classname") == "compose.yaml"
    assert len(case) == 0


def test_checkstyle_has_files_and_errors_in_them(make: Make) -> None:
    _, [a] = make.file("«a»: b\n", "a.yaml")
    _, [b, c] = make.file("b: «b»\n«c»: d\n", "b.yaml")
    verdict = make.verdict(
        make.found(a, message='"é" & <b>', severity=Severity.ERROR),
        make.found(b, "other-thing"),
        make.found(c, severity=Severity.INFO),
    )
    text = make.document("checkstyle", verdict)
    root = ElementTree.fromstring(text)
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    assert (root.tag, root.attrib) == ("checkstyle", {"version": "4.3"})
    assert [(file.tag, file.attrib) for file in root] == [
        ("file", {"name": "a.yaml"}),
        ("file", {"name": "b.yaml"}),
    ]
    assert [(error.tag, error.attrib) for file in root for error in file] == [
        (
            "error",
            {
                "line": line,
                "column": column,
                "severity": severity,
                "message": message,
                "source": f"tightship.{rule}",
            },
        )
        for line, column, severity, message, rule in (
            ("1", "1", "error", '"é" & <b>', "bad-thing"),
            ("1", "4", "warning", "a thing is bad", "other-thing"),
            ("2", "1", "info", "a thing is bad", "bad-thing"),
        )
    ]


@pytest.mark.parametrize("form", ["junit", "checkstyle"])
def test_no_verdict_is_an_empty_document(make: Make, form: str) -> None:
    assert len(ElementTree.fromstring(make.document(form))) == 0
