"""Findings with one cause share an id, wherever they are."""

from __future__ import annotations

from tests.checking import judged

from tightship.engine.disk.files import Files
from tightship.engine.plan.candidates import named
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.findings import Finding
from tightship.report.redaction import redacted
from tightship.text import Source, Span

RUNNER = RuleRunner(Selection(["strict"]))
DOCKERFILE = "FROM debian:13\nRUN curl https://example.org/get.sh | sh\n"


def causes(rule: str, path: str, text: str) -> list[str]:
    """Return the causes of what a rule finds in a file, as a report shows them."""
    files = Files("/nowhere", {f"/nowhere/{path}": text})
    [verdict] = judged(files, named(f"/nowhere/{path}"), RUNNER)
    return [one.cause for one in redacted(verdict).findings if one.rule.name == rule]


def test_copies_have_one_cause() -> None:
    rule = "download-piped-to-shell"
    [first] = causes(rule, "a/Dockerfile", DOCKERFILE)
    [copy] = causes(rule, "b/Dockerfile", "# a copy\n\n" + DOCKERFILE)
    [other] = causes(rule, "c/Dockerfile", DOCKERFILE.replace("get.sh", "other.sh"))
    assert first == copy != other


def test_the_cause_that_a_rule_names_is_stronger_than_the_text() -> None:
    here, there = (Span(Source(name, name), 0, 1) for name in ("one", "other"))
    first = Finding(here, "`net` is not defined", cause=("networks", "net"))
    assert first.replaced(span=there, message="nor here").cause == ("networks", "net")


def test_services_of_a_file_without_hardening_have_one_cause() -> None:
    text = "services:\n  a:\n    image: nginx:1.29\n  b:\n    image: redis:8\n"
    rules = "default-capabilities-kept", "writable-root-filesystem"
    here = [cause for rule in rules for cause in causes(rule, "a/compose.yaml", text)]
    there = [cause for rule in rules for cause in causes(rule, "b/compose.yaml", text)]
    assert len(here) == 4
    assert len({*here}) == len({*there}) == 1
    assert {*here} != {*there}


def test_no_cause_covers_a_secret() -> None:
    text = "services:\n  a:\n    image: x/y:1\n    environment:\n      DB_PASSWORD: {}\n"
    rule = "literal-secret-in-environment"
    one, other = (
        causes(rule, "compose.yaml", text.format(word)) for word in ("sw0rdf1sh", "h4nter_22")
    )
    assert one == other != []
    rule = "download-piped-to-shell"
    step = "FROM debian:13\nRUN curl https://me:{}@example.org/x.sh | sh\n"
    one, other = (
        causes(rule, "Dockerfile", step.format(word)) for word in ("sw0rdf1sh", "h4nter_22")
    )
    assert one == other != []


def test_services_with_the_same_default_password_have_one_cause() -> None:
    head = "x-env: &env {PG_PASSWORD: &pg '${PASSWORD:-s3cr3t_11}'}\nservices:\n"
    service = "  {0}: {{image: x/y:1, environment: {{{0}_PASSWORD: '${{PASSWORD:-s3cr3t_11}}'}}}}\n"
    shared = "  {0}: {{image: x/y:1, environment: *env}}\n"
    text = head + "".join(service.format(f"a{n}") + shared.format(f"b{n}") for n in range(30))
    found = causes("literal-secret-in-environment", "compose.yaml", text)
    assert len(found) == 31  # the anchor has one finding
    assert len({*found}) == 1
    assert {*found}.isdisjoint(causes("literal-secret-in-environment", "other.yaml", text))


def test_a_port_without_password_is_one_finding_however_it_is_published() -> None:
    text = (
        "services:\n  search:\n    image: elasticsearch:{}\n    environment: [{}]\n"
        "    ports: ['0.0.0.0:9200:9200', '[::]:9200:9200', '9201:9200']\n"
    )
    for version, variable in (("7.17.1", "a=b"), ("9.1.4", "xpack.security.enabled=false")):
        files = Files("/nowhere", {"/nowhere/compose.yaml": text.format(version, variable)})
        [verdict] = judged(files, named("/nowhere/compose.yaml"), RUNNER)
        rules = "sensitive-port-published", "port-on-all-interfaces", "unauthenticated-service"
        [found] = [one for one in verdict.findings if one.rule.name in rules]
        assert found.rule.name == "unauthenticated-service"
        assert [one.rule.name for one in found.absorbed].count("sensitive-port-published") == 3
