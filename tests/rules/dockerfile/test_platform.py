"""What FROM says of a platform, and what EXPOSE says of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.correctness.constant_platform import constant_platform
from tightship.rules.dockerfile.correctness.host_mapping_in_expose import (
    host_mapping_in_expose,
)
from tightship.rules.dockerfile.correctness.inconsistent_casing import (
    inconsistent_casing,
)
from tightship.rules.dockerfile.correctness.redundant_platform import (
    redundant_platform,
)
from tightship.text import apply_edits
from tightship.values.platform import names_of_platform

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

    from tightship.rules.kit import Rule


def fixed(judge: Judge, text: str, rule: Rule) -> str:
    fixes = [one.finding.fix for one in judge({"Dockerfile": text}, [rule])]
    edits = [edit for fix in fixes if fix for edit in fix.edits]
    return apply_edits(edits[0].span.source, edits) if edits else text


# -- platforms


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("linux/amd64", ("linux", "amd64")),
        ("linux/arm/v7", ("linux", "arm")),
        ("Linux/X86_64", ("linux", "amd64")),
        ("aarch64", ("linux", "arm64")),
        ("windows(10.0.17763)/amd64", ("windows", "amd64")),
        ("macos", ("darwin",)),
    ],
)
def test_a_platform_has_the_names_that_docker_uses(
    text: str, names: tuple[str, ...]
) -> None:
    assert names_of_platform(text) == names


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("FROM --platform=linux/amd64 a:1", True),
        ('FROM --platform="linux/amd64" a:1', True),
        ("FROM --platform=linux/amd64 scratch AS build", True),
        ("FROM --platform=linux a:1 AS arm64", True),
        ("FROM --platform=armhf a:1 AS for-arm", False),
        ("FROM --platform=arm64 a:1 AS for-ARM64", False),
        ("FROM --platform=linux/amd64 a:1 AS linux-tools", False),
        ("FROM --platform=nonsense a:1", False),
        ("FROM --platform= a:1", False),
        ("FROM --platform a:1", False),
        ("FROM --platform=$BUILDPLATFORM a:1", False),
        ("FROM --platform=linux/$TARGETARCH a:1", False),
        ("FROM --platform=${NOWHERE:-linux/amd64} a:1", False),
    ],
)
def test_a_platform_without_a_variable_is_constant(
    found: Found, line: str, is_found: bool
) -> None:
    assert bool(found({"Dockerfile": f"{line}\n"}, constant_platform)) is is_found


@pytest.mark.parametrize(
    "platform",
    [
        *("$TARGETPLATFORM", "${TARGETPLATFORM}", '"$TARGETPLATFORM"'),
        # Quotes and escapes of a flag are undone before variables are put in.
        *("'$TARGETPLATFORM'", "\\$TARGETPLATFORM"),
    ],
)
def test_the_platform_that_is_asked_for_needs_no_flag(
    judge: Judge, platform: str
) -> None:
    text = f"FROM --platform={platform} a:1 AS b\n"
    assert fixed(judge, text, redundant_platform) == "FROM a:1 AS b\n"


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


# -- ports of the host


@pytest.mark.parametrize(
    ("port", "grades", "left"),
    [
        ("127.0.0.1:80:80", ["warning"], "80"),
        ("127.0.0.1::80/udp", ["warning"], "80/udp"),
        ("[::1]:80:80", ["warning"], "80"),
        ("8080:80", ["info"], "80"),
        ("8080-8082:80-82", ["info"], "80-82"),
        (":80", [], ":80"),
        ("127.0.0.1:80", [], "127.0.0.1:80"),
        ("8080:x", [], "8080:x"),
        ("$NOWHERE:80", [], "$NOWHERE:80"),
    ],
)
def test_what_stands_before_a_port_does_not_count(
    found: Found, judge: Judge, port: str, grades: list[str], left: str
) -> None:
    text = f"FROM scratch\nEXPOSE {port}\n"
    rule = host_mapping_in_expose
    assert [grade for grade, _ in found({"Dockerfile": text}, rule)] == grades
    assert fixed(judge, text, rule) == f"FROM scratch\nEXPOSE {left}\n"


def test_a_mapping_from_a_variable_has_no_fix(judge: Judge) -> None:
    text = "FROM scratch\nENV P=8080:80\nEXPOSE $P 53:53/UDP\n"
    [first, second] = judge({"Dockerfile": text}, [host_mapping_in_expose])
    assert first.finding.fix is None
    assert "only `80` counts" in first.finding.message
    assert second.finding.fix is not None


@pytest.mark.parametrize(
    ("port", "left"),
    [
        ("80/TCP", "80/tcp"),
        ("8080:53/Udp", "8080:53/udp"),
        ("80/FOO", "80/FOO"),
        ("$P", "$P"),
    ],
)
def test_protocols_are_in_lower_case(judge: Judge, port: str, left: str) -> None:
    text = f"FROM scratch\nENV P=80/TCP\nEXPOSE {port}\n"
    wanted = f"FROM scratch\nENV P=80/TCP\nEXPOSE {left}\n"
    assert fixed(judge, text, inconsistent_casing) == wanted
