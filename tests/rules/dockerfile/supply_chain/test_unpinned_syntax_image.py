"""The rule `unpinned-syntax-image`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.supply_chain.conftest import DIGEST, composed, messages

from tightship.rules.dockerfile.supply_chain.unpinned_syntax_image import unpinned_syntax_image

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# syntax=docker/dockerfile:1\n", ["docker/dockerfile:1"]),
        ("#syntax = docker/dockerfile\n", ["docker/dockerfile"]),
        ("# escape=`\n# syntax=docker/dockerfile:1-labs\n", ["docker/dockerfile:1-labs"]),
        (f"# syntax=docker/dockerfile:1@{DIGEST}\n", []),
        ("# a comment\n# syntax=docker/dockerfile:1\n", []),
    ],
)
def test_a_frontend_is_pinned_by_its_digest(judge: Judge, text: str, found: list[str]) -> None:
    judged = judge({"Dockerfile": text + "FROM a\n"}, [unpinned_syntax_image])
    assert [one.span.text for one in judged] == found


def test_a_frontend_passed_by_a_service_replaces_that_of_the_file(judge: Judge) -> None:
    files = composed("{TAG: '1'}")
    files["web/Dockerfile"] = "# syntax=docker/dockerfile:1\nFROM a\n"
    assert len(messages(judge, files, unpinned_syntax_image)) == 1
    other = composed(f"{{BUILDKIT_SYNTAX: 'docker/dockerfile:1@{DIGEST}'}}")
    files["compose.yaml"] = other["compose.yaml"]
    assert messages(judge, files, unpinned_syntax_image) == []
