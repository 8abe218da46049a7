"""Rules about images see every place that names one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge

PINNED = "alpine:3.23@sha256:" + "0" * 64
COMPOSE = """\
services:
  a:
    image: IMAGE
"""
PLACES = {
    "image": COMPOSE,
    "image of a hook": COMPOSE.replace("IMAGE", PINNED)
    + "    pre_start: [{image: IMAGE, command: x}]\n",
    "image of a volume": COMPOSE.replace("IMAGE", PINNED)
    + "    volumes: [{type: image, source: IMAGE, target: /y}]\n",
    "model": COMPOSE.replace("IMAGE", PINNED) + "    models: [m]\nmodels: {m: {model: IMAGE}}\n",
    "models in a mapping": COMPOSE.replace("IMAGE", PINNED)
    + "    models: {m: {model_var: X}}\nmodels: {m: {model: IMAGE}}\n",
    "context": "services: {a: {build: {context: ., additional_contexts:"
    " {b: 'docker-image://IMAGE'}}}}\n",
    "context in a list": "services: {a: {build: {context: ., additional_contexts:"
    " ['b=docker-image://IMAGE']}}}\n",
    "frontend": "services: {a: {build: {context: ., args: {BUILDKIT_SYNTAX: 'IMAGE'}}}}\n",
    "FROM": "FROM IMAGE\n",
    "COPY --from": "FROM scratch\nCOPY --from=IMAGE /a /b\n",
    "RUN --mount": 'FROM scratch\nRUN --mount=from=IMAGE,target=/a ["x"]\n',
}
RULES = {rule.name: rule for rule in every_rule()}
KINDS = {
    "evil.example.com/x:1": ("untrusted-registry", "untrusted-registry"),
    "debian:latest": ("mutable-image-tag", "latest-base-image"),
    "debian": ("mutable-image-tag", "untagged-base-image"),
    "debian:13": ("image-without-digest", "base-image-without-digest"),
    "debian:9": ("image-past-end-of-life", "base-image-past-end-of-life"),
}
"""Images, each with the rule in Compose files and in Dockerfiles that reports it."""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("image", KINDS)
def test_images_are_judged_in_every_place(judge: Judge, place: str, image: str) -> None:
    text = PLACES[place].replace("IMAGE", image)
    is_dockerfile = text.startswith("FROM")
    name = KINDS[image][is_dockerfile]
    files = {
        "Dockerfile" if is_dockerfile else "compose.yaml": text,
        "tightship.toml": 'trusted-registries = ["docker.io/library/*"]\n',
    }
    [one] = judge(files, [RULES[name]])
    assert one.rule.name == name
    assert one.span.text.strip("'\"").endswith(image)
