"""What is said of one container hides nothing of another that shares its values.

Services share places by anchors, by ``extends``, by ``include``, and by a Dockerfile that
two of them build. What is grouped, accepted, known or reported before is so for the
containers that it is about.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Check = Callable[..., dict[str, Any]]

ACCEPTED = "# tightship: ignore[{}] web only"
ANCHOR = "x-shared: &shared {privileged: true, image: 'alpine:3.23'}\n"


@pytest.fixture
def check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Check:
    """Return a check of texts by path in a new repository; its report is JSON."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    def checked(*arguments: str, **texts: str) -> dict[str, Any]:
        for name, text in texts.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        code = main(["check", "--output-format", "json", *arguments])
        data: dict[str, Any] = json.loads(capsys.readouterr().out)
        return data | {"code": code}

    return checked


def errors(data: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the rules of errors and warnings, with the services they are about."""
    return named(one for one in data["findings"] if one["severity"] != "info")


def named(findings: Iterable[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Return the rules of findings, each with the services that it is about."""
    return sorted((one["rule"], services(one)) for one in findings)


def services(one: dict[str, Any]) -> list[str]:
    """Return the services that a finding names: that of its place, and who shares it."""
    shares = [re.match("service `(.*)` gets it too", it["message"]) for it in one["related"]]
    return [one["subject"]["name"], *(match[1] for match in shares if match)]


@pytest.mark.parametrize(
    ("cause", "other", "base", "web"),
    [
        (
            "unconfined-sys-admin",
            "host-takeover-capability",
            "      - SYS_ADMIN {}",
            "security_opt: [apparmor=unconfined]",
        ),
        ("host-process-control", "dangerous-capability", "      - SYS_PTRACE {}", "pid: host"),
        (
            "host-network-control",
            "dangerous-capability",
            "      - NET_ADMIN {}",
            "network_mode: host",
        ),
    ],
)
@pytest.mark.parametrize("share", ["extends: base", "<<: *base"])
@pytest.mark.parametrize("accepts", [False, True], ids=["plain", "accepted"])
def test_a_cause_absorbs_only_findings_of_its_own_container(
    check: Check, cause: str, other: str, base: str, web: str, share: str, *, accepts: bool
) -> None:
    comment = ACCEPTED.format(cause) if accepts else ""
    text = f"""\
services:
  base: &base
    image: alpine:3.23
    cap_add:
{base.format(comment)}
  web:
    {share}
    {web}
"""
    found = named(check(**{"compose.yaml": text})["findings"])
    assert (other, ["base"]) in found
    assert ((cause, ["web"]) in found) is not accepts


def test_a_build_absorbs_only_findings_of_its_own(check: Check) -> None:
    service = "  {}: {{build: {{context: ., args: {{IMAGE: '{}'}}}}}}\n"
    data = check(
        "--select=untagged-base-image,base-image-without-digest",
        **{
            "compose.yaml": f"services:\n{service.format('a', 'node')}"
            + service.format("b", "node:22"),
            "Dockerfile": "ARG IMAGE\nFROM ${IMAGE}\n",
        },
    )
    found = [(one["rule"], one["message"]) for one in data["findings"]]
    assert [rule for rule, _ in found] == ["untagged-base-image", "base-image-without-digest"]
    assert "`node:22`" in found[1][1]


SHARED = f"{ANCHOR}services:\n  web: {{<<: *shared}}\n"


def test_a_severity_that_is_set_for_a_service_is_not_that_of_another(check: Check) -> None:
    settings = (
        '[[per-service]]\nservices = ["web"]\nreason = "r"\n'
        'severity = {privileged-container = "info"}\n'
    )
    two = f"{SHARED}  api: {{<<: *shared}}\n"
    data = check(**{"compose.yaml": two, "tightship.toml": settings})
    assert errors(data) == [("privileged-container", ["api"])]
    assert data["code"] == 1


def test_a_host_lowers_only_what_is_about_a_container_in_its_namespace(check: Check) -> None:
    sysadmin = "x-shared: &shared {cap_add: [SYS_TIME], image: 'alpine:3.23'}\n"
    text = f"""\
{sysadmin}services:
  web: {{<<: *shared}}
  api: {{<<: *shared, userns_mode: host}}
"""
    data = check(
        "--select=host-clock-control",
        **{"compose.yaml": text, "tightship.toml": "[host]\nuserns-remap = true\n"},
    )
    severities = {services(one)[0]: one["severity"] for one in data["findings"]}
    assert severities["api"] != severities["web"]


def test_a_comment_at_a_shared_value_applies_to_all_its_services(check: Check) -> None:
    text = f"{ANCHOR}services:\n  web: {{<<: *shared}}\n  api: {{<<: *shared}}\n"
    comment = "# tightship: ignore[privileged-container] a test of devices\n"
    data = check(**{"compose.yaml": comment + text})
    assert errors(data) == []
    assert len(data["accepted"]) == 1


def test_a_comment_at_one_service_accepts_nothing_of_another(check: Check) -> None:
    text = """\
services:
  web: # tightship: ignore[privileged-container] a test of devices
    image: alpine:3.23
    privileged: true
  api:
    image: alpine:3.23
    privileged: true
"""
    data = check(**{"compose.yaml": text})
    assert errors(data) == [("privileged-container", ["api"])]


def test_a_service_that_gets_a_known_value_is_not_in_the_baseline(
    check: Check, tmp_path: Path
) -> None:
    (tmp_path / "compose.yaml").write_text(SHARED)
    select = "--select=privileged-container"
    check(select, "--write-baseline")
    known = (select, "--baseline", "tightship-baseline.json")
    assert check(*known)["code"] == 0
    data = check(*known, **{"compose.yaml": f"{SHARED}  api: {{<<: *shared}}\n"})
    assert errors(data) == [("privileged-container", ["web", "api"])]


def test_a_baseline_without_services_is_about_all_of_them(check: Check, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(SHARED)
    select = "--select=privileged-container"
    check(select, "--write-baseline")
    baseline = tmp_path / "tightship-baseline.json"
    data = json.loads(baseline.read_text())
    for one in data["findings"]:
        assert one.pop("services") == ["web"]
    baseline.write_text(json.dumps(data))
    more = {"compose.yaml": f"{SHARED}  api: {{<<: *shared}}\n"}
    assert check(select, "--baseline", baseline.name, **more)["code"] == 0


def test_a_service_that_gets_a_value_by_a_change_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = WorkTree(tmp_path / "work")
    tree.write("compose.yaml", SHARED)
    start = tree.commit()
    tree.enter(monkeypatch)
    select = "--select=privileged-container"
    options = ["check", select, "--output-format=json", "--changed-since", start]
    tree.write("compose.yaml", f"# moved\n{SHARED}")
    assert main(options) == 0
    capsys.readouterr()
    tree.write("compose.yaml", f"{SHARED}  api: {{<<: *shared}}\n")
    assert main(options) == 1
    data = json.loads(capsys.readouterr().out)
    assert errors(data) == [("privileged-container", ["web", "api"])]


BASE = "services: {base: {image: 'alpine:3.23', privileged: true, profiles: [never]}}\n"
EXTENDS = "services: {{{}: {{extends: {{file: ../base.yaml, service: base}}}}}}\n"
PROJECTS = {
    "base.yaml": BASE,
    "a/compose.yaml": EXTENDS.format("web"),
    "b/compose.yaml": EXTENDS.format("api"),
}


def test_two_projects_that_extend_one_service_have_a_finding_each(check: Check) -> None:
    data = check("--select=privileged-container", **PROJECTS)
    assert ("privileged-container", ["web"]) in errors(data)
    assert ("privileged-container", ["api"]) in errors(data)


def test_projects_with_one_service_each_of_the_same_name_report_once(check: Check) -> None:
    same = {**PROJECTS, "b/compose.yaml": EXTENDS.format("web")}
    found = errors(check("--select=privileged-container", "a", "b", **same))
    assert found == [("privileged-container", ["web"])]


def test_a_known_finding_of_one_project_is_new_in_another(check: Check, tmp_path: Path) -> None:
    """The first has a baseline, and both have the same service."""
    same = {**PROJECTS, "b/compose.yaml": EXTENDS.format("web")}
    select = "--select=privileged-container"
    check(select, "--write-baseline", "a", **same)
    (tmp_path / "tightship-baseline.json").rename(tmp_path / "a" / "known.json")
    settings = {"a/tightship.toml": 'baseline = "known.json"\n'}
    data = check(select, "a", "b", **settings)
    assert errors(data) == [("privileged-container", ["web"])]
    assert data["code"] == 1


def test_each_project_fails_by_its_own_severity(check: Check) -> None:
    same = {**PROJECTS, "b/compose.yaml": EXTENDS.format("web")}
    settings = {"a/tightship.toml": 'fail-on = "never"\n'}
    data = check("--select=privileged-container", "a", "b", **same, **settings)
    assert data["code"] == 1


def test_findings_at_one_place_have_their_own_fingerprints(check: Check) -> None:
    text = """\
services:
  base: &base {image: 'alpine:3.23', cap_add: [SYS_ADMIN]}
  web: {<<: *base, security_opt: [apparmor=unconfined]}
  api: {<<: *base, privileged: true}
"""
    data = check(**{"compose.yaml": text})
    prints = [one["fingerprint"] for one in data["findings"]]
    assert len(prints) > 3
    assert len({*prints}) == len(prints)
