"""Images that steps of a workflow build: their inputs, and the Dockerfile that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.frontends.docker_build.builds_of import Names
from tests.frontends.docker_run.commands_of import shown
from tests.frontends.docker_run.test_check import found, put

from tightship.frontends.actions.project import declare
from tightship.frontends.docker_build.project import ImageSettings
from tightship.model.build import BuildSection
from tightship.model.file_project import FileProject
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from pathlib import Path

NAME = ".github/workflows/ci.yml"
TEXT = """\
jobs:
  image:
    steps:
      - uses: actions/checkout@v5
      - uses: docker/build-push-action@v6
        with:
          context: web
          file: web/release.Dockerfile
          push: true
          target: final
          network: host
          no-cache: true
          allow: network.host,security.insecure
          platforms: linux/amd64,linux/arm64
          build-args: |
            BASE=debian:${{ matrix.version }}
            TOKEN=9f86d081884c7d65

          build-contexts: |
            tools=docker-image://alpine:latest
          tags: |
            ghcr.io/example/web:1
            ${{ env.TAG }}
"""


def builds_of(text: str, *names: str) -> list[ImageSettings]:
    project = FileProject(Source(NAME, text), Names(names))
    declare(project)
    return [one for one in project.images.values() if isinstance(one, ImageSettings)]


def test_inputs_are_the_keys_that_mean_the_same() -> None:
    [made] = builds_of(TEXT, "web/release.Dockerfile")
    assert made.title == "image `web`"
    assert shown(made) == {  # type: ignore[arg-type]
        "build": {
            "context": "web",
            "dockerfile": "release.Dockerfile",
            "target": "final",
            "network": "host",
            "no_cache": "true",
            "entitlements": ["network.host", "security.insecure"],
            "platforms": ["linux/amd64", "linux/arm64"],
            "args": ["BASE=debian:${_}", "TOKEN=9f86d081884c7d65"],
            "additional_contexts": ["tools=docker-image://alpine:latest"],
            "tags": ["ghcr.io/example/web:1", "${_}"],
        }
    }
    assert BuildSection(made).dockerfile == "web/release.Dockerfile"
    assert BuildSection(made).is_decided
    token = made.pairs("build", "args")[1]
    assert token.span.text == "TOKEN=9f86d081884c7d65"


@pytest.mark.parametrize(
    ("inputs", "names", "expected"),
    [
        ("{}", ["Dockerfile"], "Dockerfile"),
        ("{context: web}", ["web/Dockerfile", "Dockerfile"], "web/Dockerfile"),
        ("{context: '${{ matrix.a }}'}", ["Dockerfile"], None),
        ("{file: '${{ matrix.a }}/Dockerfile'}", ["Dockerfile"], None),
        ("{file: a/Dockerfile}", ["a/Dockerfile"], "a/Dockerfile"),
        ("{file: a/Dockerfile}", [], None),
        ("{context: 'https://example.com/a.git#main'}", [], None),
    ],
)
def test_the_dockerfile_is_certain_or_unknown(
    inputs: str, names: list[str], expected: str | None
) -> None:
    text = f"jobs: {{a: {{steps: [{{uses: docker/build-push-action@v6, with: {inputs}}}]}}}}\n"
    [made] = builds_of(text, *names)
    section = BuildSection(made)
    is_known = section.is_decided and section.remote is None
    assert (section.dockerfile if is_known else None) == expected


def test_other_steps_build_nothing() -> None:
    text = "jobs: {a: {steps: [{uses: docker/build-push-action-x@v6}, {run: build-push-action}]}}\n"
    assert builds_of(text, "Dockerfile") == []


STEP = "jobs: {a: {steps: [{uses: docker/build-push-action@v6, with: &i {network: host}}]}}\n"


@pytest.mark.parametrize(
    ("inputs", "fixed"),
    [
        ("network: host\ncontext: .", "context: ."),
        ("allow: network.host\ncontext: .", "context: ."),
        ("allow: network.host,x.y\ncontext: .", "allow: x.y\ncontext: ."),
        ("allow: 'x.y, network.host'", "allow: 'x.y'"),
        ("allow: a,  network.host, b", "allow: a,  b"),
        ("allow: |\n  network.host\n  x.y", "allow: |\n  x.y"),
        ("allow: |\n  x.y\n  network.host\ncontext: .", "allow: |\n  x.y\ncontext: ."),
        ("allow: |\n  a, network.host\n  b", "allow: |\n  a, b"),
        ("allow: |\n  network.host,\n  b", "allow: |\n  b"),
        ("context: .\nallow: |\n  network.host", "context: ."),
    ],
)
def test_an_input_or_an_item_of_it_is_removed(inputs: str, fixed: str, tmp_path: Path) -> None:
    def workflow(inputs: str) -> str:
        head = TEXT[: TEXT.index("          context: web")]
        return head + "".join(f"          {line}\n" for line in inputs.split("\n"))

    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: workflow(inputs)})
    [one] = [one for one in found(tmp_path, NAME) if one.rule.name == "host-network-build"]
    assert one.finding.fix is not None
    assert apply_edits(one.span.source, one.finding.fix.edits) == workflow(fixed)


@pytest.mark.parametrize(
    "text",
    [
        STEP,
        STEP.replace("&i {network: host}", '{allow: "network\\x2ehost,b.c"}'),
        STEP.replace("{a: {", "{x: &x {network: host}, a: {").replace("&i {network: host}", "*x"),
    ],
)
def test_what_other_steps_may_share_is_not_edited(text: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: text})
    [one] = [one for one in found(tmp_path, NAME) if one.rule.name == "host-network-build"]
    assert one.finding.fix is None


def test_a_workflow_is_judged_with_what_it_builds(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: TEXT, "web/release.Dockerfile": "ARG BASE\nFROM $BASE AS final\nUSER 1\n"})
    every = found(tmp_path, NAME)
    assert {one.rule.name for one in every if one.span.source.name == NAME} == {
        "host-network-build",
        "literal-secret-in-environment",
        "mutable-image-tag",
        "privileged-build",
        "undeclared-build-argument",
    }


@given(st.text(alphabet="{}[]:, \n-|$&*'abuses with docker/build-push-action@", max_size=80))
def test_any_text_is_read(text: str) -> None:
    builds_of(text + "\n# build-push-action\n")
    builds_of("a:\n  uses: docker/build-push-action@v6\n  with: " + text)
