"""The rule `mutable-image-tag`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.supply_chain.conftest import DIGEST, image
from tests.rules.conftest import rules_of

from tightship.rules.compose.supply_chain.image_without_digest import image_without_digest
from tightship.rules.compose.supply_chain.mutable_image_tag import mutable_image_tag

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = rules_of("compose", "supply_chain")


@pytest.mark.parametrize(
    ("ref", "named"),
    [
        ("nginx", "nginx:latest"),
        ("nginx:latest", "nginx:latest"),
        ("docker.io/library/nginx", "nginx:latest"),
        ("localhost/app", "localhost/app:latest"),
        ("host:5000/a/b", "host:5000/a/b:latest"),
        ("${REGISTRY}/app", "${REGISTRY}/app:latest"),
        ("${REGISTRY}/app:latest", "${REGISTRY}/app:latest"),
        ("${IMAGE:-nginx}", "nginx:latest"),
        ("nginx:${TAG:-latest}", "nginx:latest"),
    ],
)
def test_no_tag_means_latest(judge: Judge, ref: str, named: str) -> None:
    [one] = judge(image(ref), [mutable_image_tag])
    assert f"`{named}`" in one.finding.message
    assert one.finding.message.endswith("}`), a tag that moves from image to image") == (
        ":-" in ref
    )


@pytest.mark.parametrize(
    "ref",
    [
        *("nginx:1.29", "nginx:1.29-alpine", "host:5000/app:2", f"nginx@{DIGEST}"),
        *(f"nginx:latest@{DIGEST}", "${IMAGE}", "nginx:${TAG}", "nginx${SUFFIX}"),
        *("${IMAGE:?}", "nginx:${TAG:-1.29}", "nginx@${DIGEST}", ""),
    ],
)
def test_tagged_and_undecided_images_are_silent(judge: Judge, ref: str) -> None:
    assert judge(image(ref), [mutable_image_tag]) == []


def test_an_image_without_a_tag_is_one_finding(judge: Judge) -> None:
    [one] = judge(image("nginx"), RULES)
    assert one.rule.name == "mutable-image-tag"
    assert [a.rule.name for a in one.absorbed] == ["image-without-digest"]


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  s: {build: ., image: app}\n",
        "services:\n  s: {image: app, pull_policy: build}\n",
        "services:\n  s: {image: app, pull_policy: never}\n",
        "services:\n  b: {build: ., image: app}\n  s: {image: 'app:latest'}\n",
        "services:\n  b: {build: ., image: 'a:5000/x'}\n  s: {image: 'a:5000/x'}\n",
        "services:\n  s: {extends: {file: gone.yaml, service: b}, image: app}\n",
    ],
)
def test_images_that_are_not_pulled_are_silent(judge: Judge, text: str) -> None:
    assert judge(text, [mutable_image_tag, image_without_digest]) == []


def test_an_image_beside_one_that_is_built_is_pulled(found: Found) -> None:
    text = "services:\n  b: {build: ., image: 'app:1'}\n  s: {image: app}\n"
    assert found(text, mutable_image_tag) == [("info", "app")]


def test_an_override_pins_the_image(judge: Judge) -> None:
    files = {"compose.yaml": image("nginx"), "compose.override.yaml": image("nginx:1")}
    assert judge(files, [mutable_image_tag]) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("image: node:lts", "service `s` runs `node:lts`, a tag that moves from image to image"),
        (
            "image: x:1, pre_start: [{image: busybox, command: x}]",
            "`pre_start` of service `s` runs `busybox:latest`, a tag that moves from image to image",
        ),
        (
            "build: {context: ., additional_contexts: [b=docker-image://alpine:edge]}",
            "service `s` builds with `alpine:edge`, a tag that moves from image to image",
        ),
    ],
)
def test_every_image_that_a_service_pulls_counts(judge: Judge, body: str, message: str) -> None:
    [one] = judge(f"services: {{s: {{{body}}}}}\n", [mutable_image_tag])
    assert one.finding.message == message


@pytest.mark.parametrize(
    "body",
    [
        "image: x:1, pre_start: [{image: own, command: x}]",
        "image: x:1, pre_start: [{command: x}]",
        "build: {context: ., additional_contexts: {b: ./b, c: https://a.example/c}}",
        "build: {context: ., additional_contexts: {b: 'docker-image://alpine:${TAG}'}}",
    ],
)
def test_unpulled_and_undecided_images_are_silent(judge: Judge, body: str) -> None:
    own = "own: {image: own, build: .}"
    text = f"services: {{s: {{{body}}}, {own}}}\n"
    assert judge(text, [mutable_image_tag]) == []
