"""The rule `writable-root-filesystem`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import said
from tests.rules.compose.filesystem.conftest import with_fixes
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

pytestmark = pytest.mark.usefixtures("known_image")

RULES = rules_of("compose", "filesystem")

WRITABLE = [r for r in RULES if r.name == "writable-root-filesystem"]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("{image: x}", "{image: x, read_only: true, tmpfs: [/tmp, /run]}"),
        (
            "{image: x, read_only: no, tmpfs: /run}",
            "{image: x, read_only: true, tmpfs: [/run, /tmp]}",
        ),
        (
            '{image: x, read_only: "${RO:-false}", tmpfs: [/tmp, /run]}',
            '{image: x, read_only: "true", tmpfs: [/tmp, /run]}',
        ),
        (
            "{<<: {read_only: false}, image: x}",
            "{<<: {read_only: false}, image: x, read_only: true, tmpfs: [/tmp, /run]}",
        ),
    ],
)
def test_the_root_is_made_read_only_for_this_service(judge: Judge, body: str, left: str) -> None:
    text = f"services: {{s: {body}}}\n"
    found = judge(text, WRITABLE)
    assert with_fixes(text, found) == f"services: {{s: {left}}}\n"
    assert ("`${RO}`" in found[0].finding.message) == ("${RO" in body)


@pytest.mark.parametrize(
    "body",
    [
        "{image: x, read_only: yes}",
        "{image: x, read_only: '${RO}'}",
        "{image: x, read_only: '${RO:-true}'}",
        "{image: x, read_only: maybe}",
        "{image: x, extends: {file: ../elsewhere.yaml, service: base}}",
        "{provider: {type: cloud}}",
    ],
)
def test_a_possibly_read_only_root_is_silent(judge: Judge, body: str) -> None:
    assert said(judge(f"services: {{s: {body}}}\n", WRITABLE)) == []


def test_advice_does_not_ask_for_what_is_known_not_to_work(judge: Judge) -> None:
    found = judge('services: {a: {image: "pihole/pihole:2025.03.0"}, b: {image: a/b}}\n', WRITABLE)
    assert found[0].advice.startswith(
        "the service needs this: the image `pihole/pihole` does not run read-only: "
    )
    assert found[1].advice == WRITABLE[0].help
