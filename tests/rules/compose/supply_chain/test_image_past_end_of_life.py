"""The rule `image-past-end-of-life`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.rules.compose.supply_chain.image_past_end_of_life import image_past_end_of_life

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_each_image_that_a_service_pulls(judge: Judge) -> None:
    text = """\
services:
  db:
    image: ${DB:-mongo:4.2}
  web:
    build:
      context: .
      additional_contexts:
        base: docker-image://debian:jessie
    image: node:8
"""
    found = judge({"compose.yaml": text}, [image_past_end_of_life])
    assert [(one.span.text, one.severity.word) for one in found] == [
        ("${DB:-mongo:4.2}", "warning"),
        ("debian:jessie", "warning"),
    ]
    assert found[0].finding.message == (
        "service `db` runs `mongo:4.2` (default of `${DB}`): the support of"
        " MongoDB 4.2 ended in 2023-04; MongoDB 8.0 is supported until 2029-10"
    )


def test_a_built_image_is_what_its_dockerfile_says(judge: Judge) -> None:
    text = "services: {s: {build: {dockerfile_inline: FROM scratch}, image: node:8}}\n"
    assert judge({"compose.yaml": text}, [image_past_end_of_life]) == []


def test_allowed_images(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {a: {image: node:8}, b: {image: node:9}}\n",
        "tightship.toml": '[rules.image-past-end-of-life]\nallowed = ["node:8"]\n',
    }
    found = judge(files, [image_past_end_of_life])
    assert [one.span.text for one in found] == ["node:9"]
