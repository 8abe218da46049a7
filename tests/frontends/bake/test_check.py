"""Bake files as `tightship check` judges them: targets, and the Dockerfiles that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.frontends.docker_run.test_check import found, put

from tightship.cli.main import main
from tightship.text import apply_edits

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.verdict import JudgedFinding

DOCKERFILE = """\
ARG BASE=alpine:3.22
FROM $BASE
ARG API_TOKEN
USER 1000
"""
BAKE = """\
variable "TOKEN" { default = "9f86d081884c7d65" }
target "web" {
  network = "host"
  args = {
    BASE = "debian"
    API_TOKEN = TOKEN
  }
  contexts = { tools = "docker-image://alpine:latest" }
  entitlements = ["network.host", "security.insecure"]
}
"""
ASKED = 'front-ends = ["bake"]\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def of(findings: list[JudgedFinding], rule: str) -> list[str]:
    return [one.finding.message for one in findings if one.rule.name == rule]


def test_rules_about_builds_speak_of_the_target(root: Path) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": BAKE})
    every = found(root, "docker-bake.hcl", select=("default", "hygiene"))
    mine = {(one.rule.name, one.span.text) for one in every if one.span.source.name.endswith("hcl")}
    assert mine == {
        ("literal-secret-in-environment", "9f86d081884c7d65"),
        ("host-network-build", "host"),
        ("host-network-build", "network.host"),
        ("privileged-build", "security.insecure"),
        ("mutable-image-tag", "alpine:latest"),
    }
    [message] = of(every, "untagged-base-image")
    assert "`debian` without a tag (`BASE` from a build argument)" in message
    [message] = of(every, "literal-secret-in-environment")
    assert message.startswith("target `web` has a secret")
    assert message.endswith("build argument `API_TOKEN` (default of `${TOKEN}`)")


def test_a_folder_is_searched_by_choice(root: Path) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": BAKE})
    assert of(found(root), "host-network-build") == []
    put(root, {"tightship.toml": ASKED})
    assert len(of(found(root), "host-network-build")) == 2
    assert len(of(found(root), "untagged-base-image")) == 1


def test_a_dockerfile_is_judged_with_the_bake_file_above_it(root: Path) -> None:
    target = 'target "web" {\n  context = "web"\n  args = { BASE = "debian" }\n}\n'
    put(root, {"web/Dockerfile": DOCKERFILE, "docker-bake.hcl": target})
    assert of(found(root, "web/Dockerfile"), "untagged-base-image") == []
    put(root, {"tightship.toml": ASKED})
    assert len(of(found(root, "web/Dockerfile"), "untagged-base-image")) == 1


def test_an_override_changes_targets_and_is_judged_once(root: Path) -> None:
    over = 'target "web" {\n  args = { BASE = "alpine:3.22" }\n  network = "none"\n}\n'
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": BAKE, "tightship.toml": ASKED})
    put(root, {"docker-bake.override.hcl": over})
    every = found(root)
    assert of(every, "untagged-base-image") == []
    assert [one.span.text for one in every if one.rule.name == "host-network-build"] == [
        "network.host"
    ]
    assert found(root, "docker-bake.override.hcl") != []


def test_json_has_the_same_findings(root: Path) -> None:
    text = """{
      "variable": {"TOKEN": {"default": "9f86d081884c7d65"}},
      "target": {"web": {
        "network": "host",
        "args": {"API_TOKEN": "${TOKEN}", "BASE": "debian"},
        "entitlements": ["security.insecure"]
      }}
    }"""
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.json": text})
    every = found(root, "docker-bake.json")
    assert len(of(every, "untagged-base-image")) == 1
    mine = {one.rule.name: one for one in every if one.span.source.name.endswith("json")}
    assert {rule: one.span.text.strip('"') for rule, one in mine.items()} == {
        "host-network-build": "host",
        "literal-secret-in-environment": "9f86d081884c7d65",
        "privileged-build": "security.insecure",
    }
    after = text
    for rule, line in (("host-network-build", '        "network": "host",\n'),
                       ("privileged-build", ',\n        "entitlements": ["security.insecure"]')):  # fmt: skip
        fix = mine[rule].finding.fix
        assert fix is not None
        assert apply_edits(mine[rule].span.source, fix.edits) == after.replace(line, "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('target "a" {\n  network = "host"\n  no-cache = true\n}\n',
         'target "a" {\n  no-cache = true\n}\n'),
        ('target "a" { network = "host" }\n', 'target "a" { }\n'),
        ('target "a" {\n  entitlements = ["network.host", "x"]\n}\n',
         'target "a" {\n  entitlements = ["x"]\n}\n'),
        ('target "a" {\n  entitlements = ["x", "network.host"]\n}\n',
         'target "a" {\n  entitlements = ["x"]\n}\n'),
        ('target "a" {\n  entitlements = [\n    "network.host",\n    "x",\n  ]\n}\n',
         'target "a" {\n  entitlements = [\n    "x",\n  ]\n}\n'),
        ('target "a" {\n  entitlements = ["network.host"]\n  no-cache = true\n}\n',
         'target "a" {\n  no-cache = true\n}\n'),
    ],
)  # fmt: skip
def test_a_fix_removes_the_part_and_nothing_else(root: Path, before: str, after: str) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": before})
    [one] = [one for one in found(root, "docker-bake.hcl") if one.rule.name == "host-network-build"]
    assert one.finding.fix is not None
    assert apply_edits(one.span.source, one.finding.fix.edits) == after


def test_a_value_that_replaces_another_has_no_fix(root: Path) -> None:
    text = 'target "b" { network = "host" }\ntarget "a" {\ninherits = ["b"]\nnetwork = "host"\n}\n'
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": text})
    every = found(root, "docker-bake.hcl")
    assert [one.finding.fix for one in every if one.rule.name == "host-network-build"] == [None]


def test_what_two_targets_inherit_is_found_once(root: Path) -> None:
    text = (
        'target "c" { network = "host" }\ntarget "a" { inherits = ["c"] }\n'
        'target "b" { inherits = ["c"] }\n'
    )
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": text})
    assert len(of(found(root, "docker-bake.hcl"), "host-network-build")) == 1


def test_a_comment_accepts_a_finding_of_a_target(root: Path) -> None:
    comment = "# tightship: ignore[host-network-build] a proxy of the host\n"
    put(
        root,
        {
            "Dockerfile": DOCKERFILE,
            "docker-bake.hcl": BAKE.replace("target", comment + "target", 1),
        },
    )
    assert of(found(root, "docker-bake.hcl"), "host-network-build") == []


def test_an_inline_dockerfile_has_its_findings_in_the_bake_file(root: Path) -> None:
    text = """\
target "a" {
  name = "a-${v}"
  matrix = { v = ["1", "2"] }
  dockerfile-inline = <<-EOT
    FROM debian
    RUN apt-get install curl
  EOT
}
"""
    put(root, {"docker-bake.hcl": text})
    every = found(root, "docker-bake.hcl")
    [one] = [one for one in every if one.rule.name == "untagged-base-image"]
    assert (one.span.source.name, one.span.text) == ("docker-bake.hcl", "debian")
    [one] = [one for one in every if one.rule.name == "unattended-confirmation"]
    assert one.finding.fix is not None
    assert "    RUN apt-get install -y curl\n" in apply_edits(
        one.span.source, one.finding.fix.edits
    )


def test_a_target_that_the_dockerfile_lacks_is_found(root: Path) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": 'target "a" { target = "tset" }\n'})
    [one] = [one for one in found(root, "docker-bake.hcl") if one.rule.name == "undefined-stage"]
    assert one.span.text == "tset"


def test_explain_says_that_nothing_is_started(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": BAKE})
    assert main(["explain", "--isolation", str(root / "docker-bake.hcl")]) == 2
    assert (
        "nothing here starts a container; `tightship check` checks what is built"
        in capsys.readouterr().err
    )


def test_explain_names_each_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "docker-bake.hcl": BAKE, "tightship.toml": ASKED})
    put(root, {"docker-bake.override.hcl": 'target "web" { network = "none" }\n'})
    assert main(["explain", str(root / "Dockerfile")]) == 0
    shown = [
        line.removeprefix("# ").partition(": ") for line in capsys.readouterr().out.split("\n")
    ]
    assert {
        name.rpartition("/")[2]: text.partition(" of ")[0] for name, _, text in shown if text
    } == {
        "docker-bake.hcl": "builds images",
        "docker-bake.override.hcl": "builds images",
        "Dockerfile": "Dockerfile, built as image web",
    }


@pytest.mark.parametrize("name", ["docker-bake.hcl", "docker-bake.json"])
def test_an_empty_file_is_said(name: str, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, {name: ""})
    assert main(["check", str(root / name)]) == 2
    out = capsys.readouterr().out
    assert "error: this file is empty [" in out
    assert "Compose" not in out


def test_a_target_has_what_the_service_of_its_name_builds(root: Path) -> None:
    service = "services:\n  web:\n    build: {context: web, args: {BASE: debian}, network: host}\n"
    target = 'target "web" {\n  args = { API_TOKEN = "9f86d081884c7d65" }\n}\n'
    files = {"web/Dockerfile": DOCKERFILE, "compose.yaml": service, "docker-bake.hcl": target}
    put(root, {**files, "Dockerfile": "FROM busybox\n"})
    every = found(root, "docker-bake.hcl", select=("default", "hygiene"))
    [message] = of(every, "untagged-base-image")
    assert "`debian` without a tag (`BASE` from a build argument)" in message
    assert len(of(every, "literal-secret-in-environment")) == 1
    # What the service itself sets is reported for the service.
    assert of(every, "host-network-build") == []
    assert len(of(found(root, "compose.yaml"), "host-network-build")) == 1


def test_a_service_below_a_target_that_is_not_known_leaves_it_open(root: Path) -> None:
    service = "services:\n  web:\n    build: {context: web, x-bake: {contexts: {a: b}}}\n"
    target = 'target "web" {\n  tags = ["web"]\n}\n'
    files = {"compose.yaml": service, "docker-bake.hcl": target}
    put(root, {**files, "Dockerfile": "FROM debian\n"})
    assert of(found(root, "docker-bake.hcl"), "untagged-base-image") == []
    put(root, {"other-bake.hcl": target})
    assert len(of(found(root, "other-bake.hcl"), "untagged-base-image")) == 1


@pytest.mark.parametrize("text", ["services: {a: {build: [", "include: [b.yaml]\n", "\0"])
def test_a_compose_file_that_is_not_all_there_leaves_targets_open(text: str, root: Path) -> None:
    put(root, {"Dockerfile": "FROM debian\n", "docker-bake.hcl": 'target "web" {}\n'})
    assert len(of(found(root, "docker-bake.hcl"), "untagged-base-image")) == 1
    put(root, {"compose.yaml": text})
    every = found(root, "docker-bake.hcl")
    assert of(every, "untagged-base-image") == []
    gaps = ["was not read" in one.finding.message for one in every if one.is_gap]
    assert gaps == ([True] if text == "\0" else [])
