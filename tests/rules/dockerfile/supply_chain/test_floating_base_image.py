"""The rule `floating-base-image`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of
from tests.rules.dockerfile.supply_chain.conftest import messages

from tightship.rules.dockerfile.supply_chain.floating_base_image import floating_base_image

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "text",
    [
        "ARG TAG\nFROM nginx:${TAG}\n",
        "ARG X\nFROM nginx:stable${X}\n",
        "FROM alpine:3.22 AS stable\nFROM stable\n",
        "FROM nginx:latest\n",
        "FROM {{ image }}:stable\n",
    ],
)
def test_other_tags_are_silent(found: Found, text: str) -> None:
    assert found({"Dockerfile": text}, floating_base_image) == []


def test_the_default_that_decides_is_named(judge: Judge) -> None:
    files = {"Dockerfile": "ARG T=lts\nFROM node:$T\n"}
    assert messages(judge, files, floating_base_image) == [
        "`FROM` uses `node:lts` (default of `ARG T`), a tag that moves from image to image"
    ]


def test_each_tag_is_one_finding(judge: Judge) -> None:
    rules = rules_of("dockerfile", "supply_chain")
    found = judge({"Dockerfile": "FROM node:lts\nUSER 1\n"}, rules)
    assert [one.rule.name for one in found] == ["floating-base-image"]
