"""What a host makes impossible lowers grades, and hides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.config.settings import LOWERINGS, Host, lower, lowering
from tightship.findings import Severity
from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.config.conftest import Run


def test_the_table_names_existing_rules_and_sources() -> None:
    names = {rule.name for rule in every_rule()}
    for one in LOWERINGS:
        assert set(one.rules) <= names
        assert one.source
        assert Host().says(one.key) not in one.values, "by default nothing is lowered"


def test_a_severity_is_lowered_by_one_step_and_never_below_info() -> None:
    assert lower(Severity.ERROR) is Severity.WARNING
    assert lower(Severity.WARNING) is Severity.INFO
    assert lower(Severity.INFO) is Severity.INFO


def test_an_unknown_host_lowers_nothing() -> None:
    for rule in every_rule():
        assert lowering(Host(), rule.name, own_namespace=True) is None


COMPOSE = """\
services:
  web:
    image: nginx:1.29
    cap_add: [SYS_TIME]
    security_opt: [apparmor=unconfined, label=disable]
    network_mode: host
    privileged: false
"""


def grades(run: Run, host: str, compose: str = COMPOSE) -> dict[str, str]:
    found = run({"compose.yaml": compose, "tightship.toml": f"[host]\n{host}\n"})
    return {o.rule.name: o.severity.word for one in found for o in one.findings}


@pytest.mark.parametrize(
    ("host", "lowered"),
    [
        ("", set[str]()),
        ("lsm = 'unknown'", set[str]()),
        (
            "rootless = true",
            {"host-clock-control", "host-network-namespace", "apparmor-unconfined"},
        ),
        ("userns-remap = true", {"host-clock-control"}),
        ("lsm = 'selinux'", {"apparmor-unconfined"}),
        ("lsm = 'apparmor'", {"selinux-disabled"}),
        ("lsm = 'none'", {"apparmor-unconfined", "selinux-disabled"}),
    ],
)
def test_only_what_a_host_blocks_is_lowered(run: Run, host: str, lowered: set[str]) -> None:
    usual, found = grades(run, ""), grades(run, host)
    assert usual.keys() == found.keys(), "nothing is hidden"
    assert {name for name in usual if usual[name] != found[name]} == lowered
    assert all(found[name] == "info" for name in lowered)


def test_a_service_that_leaves_the_namespace_is_not_lowered(run: Run) -> None:
    compose = COMPOSE + "    userns_mode: host\n"
    assert grades(run, "userns-remap = true", compose)["host-clock-control"] == "warning"
    # Rootless, there is nothing outside to go to.
    assert grades(run, "rootless = true", compose)["host-clock-control"] == "info"


def test_a_finding_on_an_image_is_lowered_unless_a_service_leaves_the_namespace(run: Run) -> None:
    files = {
        "tightship.toml": "[host]\nuserns-remap = true\n",
        "Dockerfile": "FROM alpine:3.22\nEXPOSE 80\nCMD x\n",
    }

    def grade(files: dict[str, str]) -> str:
        [one] = [
            one
            for verdict in run(files)
            for one in verdict.findings
            if one.rule.name == "image-runs-as-root"
        ]
        return one.severity.word

    assert grade(files) == "info"
    both = "services:\n  a: {build: .}\n  b: {build: ., userns_mode: host}\n"
    assert grade({"compose.yaml": both}) == "warning"


def test_a_finding_says_why_it_is_lowered_and_where_that_is_set(run: Run) -> None:
    config = "[host]\nlsm = 'none'\n"
    found = run({"compose.yaml": COMPOSE, "tightship.toml": config})
    [one] = [o for v in found for o in v.findings if o.rule.name == "selinux-disabled"]
    related = one.finding.because[-1]
    assert (related.span.source.name, related.span.text) == ("tightship.toml", "lsm")
    assert related.message == ("info rather than warning on this host: SELinux is not in use")


def test_a_configured_severity_is_not_lowered(run: Run) -> None:
    host = "rootless = true\n[severity]\nhost-clock-control = 'error'"
    assert grades(run, host)["host-clock-control"] == "error"
