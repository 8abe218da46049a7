"""Builds as `tightship check` judges them: the command, and the Dockerfile that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.frontends.docker_run.test_check import found, places, put

from tightship.cli.main import main
from tightship.text import apply_edits

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.verdict import JudgedFinding
    from tightship.frontends.dockerfile.stage import Stage

DOCKERFILE = """\
ARG BASE=alpine:3.22
FROM $BASE AS base
FROM base AS test
USER root
FROM base
USER 1000
"""
ASKED = 'front-ends = ["docker-run"]\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def of(findings: list[JudgedFinding], rule: str) -> list[str]:
    return [one.finding.message for one in findings if one.rule.name == rule]


def test_arguments_count_for_the_dockerfile(root: Path) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "build.sh": "docker build --build-arg BASE=debian .\n"})
    assert of(found(root), "untagged-base-image") == []
    put(root, {"tightship.toml": ASKED})
    [message] = of(found(root), "untagged-base-image")
    assert "`debian` without a tag (`BASE` from a build argument)" in message
    assert of(found(root, "build.sh"), "untagged-base-image") == [message]


def test_a_target_is_judged_and_the_default_one_too(root: Path) -> None:
    put(root, {"tightship.toml": ASKED, "Dockerfile": DOCKERFILE.replace("1000", "root")})
    put(root, {"build.sh": "docker build --target test -t a .\n"})
    lines = {one.span.source.point(one.span.start)[0] + 1: one.rule.name for one in found(root)}
    assert lines[4] == lines[6] == "image-runs-as-root"


def test_an_image_that_others_are_made_from_is_not_for_users(root: Path) -> None:
    """A stage that is built by itself may be a step on the way, or a product with a name."""
    dockerfile = (
        "FROM alpine:3.22 AS builder\nRUN true\nFROM alpine:3.22 AS tool\nRUN true\n"
        "FROM alpine:3.22\nCOPY --from=builder /a /a\nUSER 1000\n"
    )
    put(root, {"Dockerfile": dockerfile})
    for command, lines in (
        ("docker build --target builder -t b .", []),
        ("docker build --target tool .", []),
        ("docker build --target tool -t t .", [3]),
        ("docker build --target builder -t b . && docker run b", [1]),
    ):
        put(root, {"build.sh": f"{command}\n"})
        every = [one for one in found(root, "build.sh") if one.rule.name == "image-runs-as-root"]
        assert [one.span.source.point(one.span.start)[0] + 1 for one in every] == lines


def test_an_unknown_target_is_found(root: Path) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "build.sh": "docker build --target tset .\n"})
    [one] = [one for one in found(root, "build.sh") if one.rule.name == "undefined-stage"]
    assert one.span.text == "tset"


def test_rules_about_builds_speak_of_the_image_and_those_about_containers_do_not(
    root: Path,
) -> None:
    command = (
        "docker build -t shop --network host --allow security.insecure"
        " --build-arg API_TOKEN=9f86d081884c7d65 --build-context a=docker-image://alpine:latest ."
    )
    put(root, {"Dockerfile": DOCKERFILE, "build.sh": f"{command}\n"})
    every = found(root, "build.sh", select=("default", "hygiene", "strict"))
    mine = [one for one in every if one.span.source.name == "build.sh"]
    assert sorted(one.rule.name for one in mine) == [
        "host-network-build",
        "literal-secret-in-environment",
        "mutable-image-tag",
        "privileged-build",
        "undeclared-build-argument",
    ]
    assert of(every, "host-network-build") == ["the build of image `shop` has the host's network"]
    assert all("container" not in one.finding.message for one in mine)


def test_a_container_runs_the_image_that_the_script_builds(root: Path) -> None:
    def stage() -> Stage | None:
        [verdict] = check([str(root / "build.sh")])
        assert verdict.project is not None
        [container] = verdict.project.containers
        return container.stage

    script = "docker build -t shop:1 .\ndocker run -d shop:1\n"
    put(root, {"Dockerfile": DOCKERFILE, "build.sh": script})
    made = stage()
    assert made is not None
    assert made.index == 2
    # Which of two builds it runs, only a run knows.
    put(root, {"build.sh": f"docker build -t shop:1 --target test .\n{script}"})
    assert stage() is None


def test_builds_and_containers_are_counted_apart(root: Path) -> None:
    script = "docker build -t shop .\n" * 2 + "docker run -d shop\n" * 2
    put(root, {"Dockerfile": DOCKERFILE, "build.sh": script})
    [verdict] = check([str(root / "build.sh")])
    assert verdict.project is not None
    assert [one.name for one in verdict.project.containers] == ["shop", "shop-2"]
    assert [one.name for one in verdict.project.images] == ["shop", "shop-2"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("docker build --network host -t a .", "docker build -t a ."),
        ("docker build -t a --network=host .", "docker build -t a ."),
        ("docker build -t a \\\n  --network host \\\n  .", "docker build -t a \\\n  ."),
        ("docker build . -t a --network host", "docker build . -t a"),
        ("docker build --allow network.host -t a .", "docker build -t a ."),
        ("docker build $X --network host .", "docker build $X ."),
    ],
)
def test_a_fix_removes_the_flag_and_nothing_else(root: Path, before: str, after: str) -> None:
    put(root, {"Dockerfile": DOCKERFILE, "build.sh": f"{before}\n"})
    [one] = [one for one in found(root, "build.sh") if one.rule.name == "host-network-build"]
    assert one.finding.fix is not None
    assert apply_edits(one.span.source, one.finding.fix.edits) == f"{after}\n"


def test_a_comment_accepts_a_finding_of_a_build(root: Path) -> None:
    comment = "# tightship: ignore[host-network-build] a proxy of the host\n"
    text = f"{comment}docker build \\\n  --network host \\\n  .\n"
    put(root, {"Dockerfile": DOCKERFILE, "build.sh": text})
    assert of(found(root, "build.sh"), "host-network-build") == []


def test_a_dockerfile_that_is_missing_is_no_gap(root: Path) -> None:
    put(root, {"build.sh": "docker build -t a .\n"})
    assert found(root, "build.sh") == []


def test_a_test_script_lowers_nothing_in_the_product(root: Path) -> None:
    script = "docker build --build-arg BASE=debian -f web.Dockerfile .\n"
    text = DOCKERFILE.replace("USER 1000", "EXPOSE 80")
    put(root, {"web.Dockerfile": text, "test/run.sh": script, "tightship.toml": ASKED})
    [one] = [one for one in found(root) if one.rule.name == "image-runs-as-root"]
    assert one.severity.word == "warning"


def test_what_names_nothing_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(root, {"build.sh": "echo docker build .\n"})
    main(["check", "-v", str(root / "build.sh")])
    assert "nothing in it starts a container or builds an image" in capsys.readouterr().err


def test_findings_of_two_builds_say_which(root: Path) -> None:
    text = "docker build -t a --build-arg BASE=debian .\ndocker build -t b .\n"
    put(root, {"Dockerfile": DOCKERFILE, "build.sh": text})
    [one] = [one for one in found(root, "build.sh") if one.rule.name == "untagged-base-image"]
    assert [related.span.text for related in one.finding.because] == ["BASE=debian"]
    assert places(found(root, "build.sh"), "untagged-base-image") == ["Dockerfile"]
