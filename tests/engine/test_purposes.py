"""The severity of findings by the purpose of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies

from tightship.config.read import read
from tightship.engine.check import check
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_texts
from tightship.engine.plan.settings_text import Vocabulary
from tightship.engine.purposes import lowered_rules, with_lowered
from tightship.engine.roles.role import PROJECT, Role
from tightship.engine.settings import CommandLine
from tightship.engine.settings.rule_settings import RuleSettings
from tightship.findings import Severity
from tightship.lazy.modules import facts
from tightship.report.report import Summary
from tightship.report.wording import lowered_text
from tightship.rules import every_rule
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.engine.roles.role import Purpose
    from tightship.engine.verdict import Verdict

COMPOSE = """\
services:
  db:
    image: postgres:17
    privileged: true
    ports: ["5432:5432"]
    environment: {POSTGRES_PASSWORD: hunter2}
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
  web:
    build: {dockerfile_inline: "FROM debian:13\\nENV PASSWORD=abcdefgh1"}
    networks: [nowhere]
"""
_LOWERED = ("development", "test", "fixture", "build", "example")


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    configs = Configs(CommandLine(("default", "strict")))
    [found] = check(plan_texts({"app/compose.yaml": COMPOSE}, configs))
    return found


def of(verdict: Verdict, purpose: Purpose) -> Verdict:
    """Return a verdict on files with a purpose."""
    role = Role("alone", purpose)
    return verdict.replaced(find_roles=lambda: {one.name: role for one in verdict.sources})


def severities(verdict: Verdict) -> dict[str, str]:
    """Return the highest severity of the findings of each rule."""
    found = sorted(verdict.findings, key=lambda one: one.severity)
    return {one.rule.name: one.severity.word for one in found}


def test_exposure_and_limits_are_infos_in_tests(verdict: Verdict) -> None:
    usual, lowered = severities(verdict), severities(with_lowered(of(verdict, "test"), None))
    for rule in (
        *("sensitive-port-published", "literal-secret-in-environment"),
        *("unlimited-resources", "writable-root-filesystem"),
    ):
        assert usual[rule] == "warning"
        assert lowered[rule] == "info"


def test_what_gives_the_host_away_or_stops_compose_stays(verdict: Verdict) -> None:
    lowered = severities(with_lowered(of(verdict, "test"), None))
    for rule in ("privileged-container", "docker-socket-mounted", "undefined-reference"):
        assert lowered[rule] == "error"


def test_a_finding_says_why_and_has_its_usual_severity(verdict: Verdict) -> None:
    found = with_lowered(of(verdict, "development"), None).findings
    [one] = [one for one in found if one.rule.name == "sensitive-port-published"]
    assert one.usual is Severity.WARNING
    assert one.finding.because[-1].message == (
        "info rather than warning: `app/compose.yaml` is for development"
    )
    [kept] = [one for one in found if one.rule.name == "docker-socket-mounted"]
    assert kept.usual is None


def test_a_published_port_of_an_example_is_an_info(verdict: Verdict) -> None:
    lowered = severities(with_lowered(of(verdict, "example"), None))
    assert lowered["sensitive-port-published"] == "info"
    assert lowered["unlimited-resources"] == "info"


def test_an_inline_dockerfile_has_the_purpose_of_its_file(verdict: Verdict) -> None:
    assert severities(verdict)["secret-in-image-environment"] == "warning"
    assert (
        severities(with_lowered(of(verdict, "test"), None))["secret-in-image-environment"] == "info"
    )


@pytest.mark.parametrize("purpose", ["product", "vendored"])
def test_other_purposes_lower_nothing(verdict: Verdict, purpose: Purpose) -> None:
    assert with_lowered(of(verdict, purpose), None).findings == verdict.findings


@pytest.mark.parametrize(
    "config",
    [
        "[severity]\nsensitive-port-published = 'warning'\n",
        "[[per-path]]\npaths=['app/']\nseverity={network='warning'}\nreason='shared'\n",
        "[[per-service]]\nservices=['db']\nseverity={network='warning'}\nreason='shared'\n",
    ],
)
def test_the_configuration_has_priority(verdict: Verdict, config: str) -> None:
    settings = read(Source("tightship.toml", config), verdict.root, Vocabulary())
    assert settings is not None
    lowered = with_lowered(of(verdict, "test"), RuleSettings(settings, verdict.root))
    assert severities(lowered)["sensitive-port-published"] == "warning"
    assert severities(lowered)["unlimited-resources"] == "info"


def test_the_command_line_has_priority(verdict: Verdict) -> None:
    settings = read(Source("tightship.toml", ""), verdict.root, Vocabulary())
    assert settings is not None
    line = CommandLine(severity={"sensitive-port-published": Severity.ERROR})
    raised = RuleSettings(settings, verdict.root, line)
    lowered = with_lowered(of(verdict, "test"), raised)
    assert severities(lowered)["sensitive-port-published"] == "warning", "as it was judged"


def test_the_table_names_existing_rules_once() -> None:
    named = [rule for one in facts("purposes").values() for rule in one["rules"]]
    assert len(named) == len({*named})
    assert {*named} <= {rule.name for rule in every_rule()}
    for one in facts("purposes").values():
        assert one["about"]
        assert {*one["purposes"]} <= {*_LOWERED, "command"}


def test_no_error_is_in_the_table_but_rejections_of_fixtures() -> None:
    errors = {rule.name for rule in every_rule() if rule.severity is Severity.ERROR}
    groups = facts("purposes")
    rejected, alternatives = ({*groups[one]["rules"]} for one in ("refusal", "alternatives"))
    for purpose, rules in lowered_rules().items():
        assert not rules & (errors - rejected - alternatives)
        assert purpose == "fixture" or not rules & (errors - alternatives)


def test_the_summary_counts_lowered_findings(verdict: Verdict) -> None:
    summary = Summary()
    summary.add(with_lowered(of(verdict, "test"), None))
    assert summary.scope.lowered["purpose"] == len(
        [
            one
            for one in verdict.findings
            if one.rule.name in lowered_rules()["test"] and one.severity is not Severity.INFO
        ]
    )
    assert summary.scope.lowered["purpose"] > 3
    assert lowered_text(summary).startswith(
        f"{summary.scope.lowered['purpose']} of these infos are"
    )


def judged(text: str) -> Verdict:
    """Return the reported verdict on a Compose file."""
    configs = Configs(CommandLine(("default",)))
    [found] = check(plan_texts({"compose.yaml": text}, configs))
    return found


@pytest.mark.parametrize(
    ("name", "keys", "is_lowered"),
    [
        ("e2e", "profiles: [test]", True),
        ("web", "profiles: [dev, e2e]", True),
        ("web", "profiles: [prod, test]", False),
        ("web", "profiles: [backup]", False),
        ("web", "profiles: [test], restart: always, ports: ['80:80']", False),
        ("web", "profiles: [test], restart: always", True),
        ("test", "command: pytest", False),
        ("dev", "privileged: true, volumes: ['.:/app']", False),
    ],
)
def test_a_service_beside_the_product_has_a_purpose(name: str, keys: str, is_lowered: bool) -> None:
    text = "image: 'example/shop:1', environment: {DB_PASSWORD: hunter"
    services = f"  shop: {{{text}1}}}}\n  {name}: {{{text}2}}, {keys}}}\n"
    found = judged(f"services:\n{services}").findings
    secrets = [one for one in found if one.rule.name == "literal-secret-in-environment"]
    assert {one.services: one.severity for one in secrets} == {
        ("shop",): Severity.WARNING,
        (name,): Severity.INFO if is_lowered else Severity.WARNING,
    }
    host = [one for one in found if one.rule.name == "privileged-container"]
    assert {one.severity for one in host} <= {Severity.ERROR}


@given(strategies.sampled_from(("product", *_LOWERED, "vendored")))
def test_no_finding_is_lost_or_raised(verdict: Verdict, purpose: Purpose) -> None:
    found = with_lowered(of(verdict, purpose), None).findings
    assert [one.finding.message for one in found] == [
        one.finding.message for one in verdict.findings
    ]
    for before, after in zip(verdict.findings, found, strict=True):
        assert after.severity in (before.severity, Severity.INFO)
        assert (after.usual is not None) == (after.severity is not before.severity)


def test_a_verdict_without_roles_is_of_a_product(verdict: Verdict) -> None:
    assert verdict.replaced(find_roles=dict).role == PROJECT


def test_the_example_of_the_page_sets_a_purpose() -> None:
    config = "[[roles]]\npaths = ['e2e/']\npurpose = 'product'\n"
    text = "services: {db: {image: 'postgres:17', ports: ['5432:5432']}}\n"
    plain, given = (
        [*check(plan_texts({"e2e/compose.yaml": text, **more}, Configs()))]
        for more in ({}, {"tightship.toml": config})
    )
    assert severities(plain[0])["sensitive-port-published"] == "info"
    assert severities(given[0])["sensitive-port-published"] == "warning"
