"""The rules about images, builds and programs of the host, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.compose.supply_chain.host_binary_provider import (
    host_binary_provider,
)
from tightship.rules.compose.supply_chain.host_network_build import host_network_build
from tightship.rules.compose.supply_chain.image_without_digest import (
    image_without_digest,
)
from tightship.rules.compose.supply_chain.mutable_image_tag import mutable_image_tag
from tightship.rules.compose.supply_chain.privileged_build import privileged_build

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

RULES = rules_of("compose", "supply_chain")

DIGEST = "sha256:" + "0123456789abcdef" * 4


def image(ref: str) -> str:
    return f"services:\n  s: {{image: '{ref}'}}\n"


def build(body: str) -> str:
    return f"services:\n  s: {{build: {{context: ., {body}}}}}\n"


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
    assert one.finding.message.endswith("}`") == (":-" in ref)


@pytest.mark.parametrize(
    "ref",
    [
        *("nginx:1.29", "nginx:stable", "host:5000/app:2", f"nginx@{DIGEST}"),
        *(f"nginx:latest@{DIGEST}", "${IMAGE}", "nginx:${TAG}", "nginx${SUFFIX}"),
        *("${IMAGE:?}", "nginx:${TAG:-1.29}", "nginx@${DIGEST}", ""),
    ],
)
def test_what_is_tagged_or_unknown_is_silent(judge: Judge, ref: str) -> None:
    assert judge(image(ref), [mutable_image_tag]) == []


@pytest.mark.parametrize(
    ("ref", "count"),
    [
        *(("nginx:1.29", 1), ("${REGISTRY}/app:1", 1), (f"nginx:1@{DIGEST}", 0)),
        *(("nginx:${TAG}", 0), ("nginx:${TAG:-1}", 1), ("nginx@${DIGEST}", 0)),
    ],
)
def test_only_a_digest_is_one(judge: Judge, ref: str, count: int) -> None:
    assert len(judge(image(ref), [image_without_digest])) == count


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
def test_what_is_not_pulled_has_no_say(judge: Judge, text: str) -> None:
    assert judge(text, [mutable_image_tag, image_without_digest]) == []


def test_an_image_beside_one_that_is_built_is_pulled(found: Found) -> None:
    text = "services:\n  b: {build: ., image: 'app:1'}\n  s: {image: app}\n"
    assert found(text, mutable_image_tag) == [("info", "app")]


def test_an_override_pins_the_image(judge: Judge) -> None:
    files = {"compose.yaml": image("nginx"), "compose.override.yaml": image("nginx:1")}
    assert judge(files, [mutable_image_tag]) == []


@pytest.mark.parametrize("value", ["true", "yes", "'true'", "'${B:-on}'"])
def test_every_spelling_of_true_is_privileged(found: Found, value: str) -> None:
    text = build(f"privileged: {value}")
    assert found(text, privileged_build) == [("warning", value)]


def test_both_ways_to_privileges_are_pointed_at(found: Found) -> None:
    text = build("privileged: true, entitlements: [security.insecure]")
    places = [("warning", "true"), ("warning", "security.insecure")]
    assert found(text, privileged_build) == places


@pytest.mark.parametrize(
    "body",
    [
        "privileged: false",
        "privileged: '${P}'",
        "entitlements: ['${E}']",
        "network: none",
        "network: '${N}'",
        "network: default",
    ],
)
def test_a_build_in_its_container_is_silent(judge: Judge, body: str) -> None:
    assert judge(build(body), [privileged_build, host_network_build]) == []


def test_the_build_keeps_what_it_shares(judge: Judge) -> None:
    text = "x: &b {context: ., network: host}\nservices:\n  s: {build: *b}\n"
    [one] = judge(text, [host_network_build])
    assert one.finding.fix is None


def test_the_list_goes_with_its_last_entitlement(fixed: Fixed) -> None:
    text = build("entitlements: [network.host]")
    left = "services:\n  s: {build: {context: .}}\n"
    assert fixed(text, host_network_build) == left


def test_a_provider_without_a_type_is_still_one(found: Found) -> None:
    text = "services:\n  s: {provider: {options: {a: b}}}\n"
    assert found(text, host_binary_provider) == [("info", "s")]
