"""The rule `redundant-platform`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes

from tightship.rules.dockerfile.correctness.redundant_platform import redundant_platform

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "platform",
    [
        *("$TARGETPLATFORM", "${TARGETPLATFORM}", '"$TARGETPLATFORM"'),
        # Quotes and escapes of a flag are undone before variables are put in.
        *("'$TARGETPLATFORM'", "\\$TARGETPLATFORM"),
    ],
)
def test_the_target_platform_needs_no_flag(judge: Judge, platform: str) -> None:
    text = f"FROM --platform={platform} a:1 AS b\n"
    assert after_fixes(judge, text, redundant_platform) == "FROM a:1 AS b\n"


@pytest.mark.parametrize(
    "text",
    [
        "FROM --platform=$BUILDPLATFORM a:1\n",
        "FROM --platform=${TARGETPLATFORM}${TARGETVARIANT} a:1\n",
        "FROM --platform=\\\\\\${TARGETPLATFORM} a:1\n",
        "ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM a:1\n",
        "ARG P=$TARGETPLATFORM\nFROM --platform=$P a:1\n",
    ],
)
def test_another_platform_needs_one(found: Found, text: str) -> None:
    assert found({"Dockerfile": text}, redundant_platform) == []


def test_a_platform_that_a_service_passes_is_not_redundant(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  a:\n    build:\n      context: .\n"
        "      args: {TARGETPLATFORM: linux/arm64}\n",
        "Dockerfile": "FROM --platform=$TARGETPLATFORM a:1\n",
    }
    assert found(files, redundant_platform) == []
