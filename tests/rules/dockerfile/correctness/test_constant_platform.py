"""The rule `constant-platform`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.correctness.constant_platform import constant_platform
from tightship.values.platform import names_of_platform

if TYPE_CHECKING:
    from tests.rules.conftest import Found


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
def test_a_platform_has_the_names_that_docker_uses(text: str, names: tuple[str, ...]) -> None:
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
def test_a_platform_without_a_variable_is_constant(found: Found, line: str, is_found: bool) -> None:
    assert bool(found({"Dockerfile": f"{line}\n"}, constant_platform)) is is_found
