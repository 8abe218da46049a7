"""What COPY, `--mount` and `--platform` take, and what is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.correctness.duplicate_stage_name import (
    duplicate_stage_name,
)
from tightship.rules.dockerfile.correctness.invalid_dockerfile import (
    invalid_dockerfile,
)
from tightship.rules.dockerfile.correctness.reserved_stage_name import (
    reserved_stage_name,
)
from tightship.rules.dockerfile.correctness.undefined_argument_in_from import (
    undefined_argument_in_from,
)
from tightship.rules.dockerfile.correctness.undefined_stage import (
    undefined_stage,
)
from tightship.rules.dockerfile.correctness.unknown_instruction import (
    unknown_instruction,
)

if TYPE_CHECKING:
    from tests.rules.conftest import Found

    from tightship.rules.kit import Rule

RULES = (
    duplicate_stage_name,
    invalid_dockerfile,
    reserved_stage_name,
    undefined_argument_in_from,
    undefined_stage,
    unknown_instruction,
)


def places(found: Found, text: str, rule: Rule) -> list[tuple[str, str]]:
    return found({"Dockerfile": text}, rule)


def test_words_that_cannot_be_read_for_one_reason_are_told_of_once(
    found: Found,
) -> None:
    text = 'FROM scratch\nCOPY "a b" "/c d"\n'
    assert places(found, text, invalid_dockerfile) == [("error", '"a')]


@pytest.mark.parametrize(
    "source",
    ["git@example.com:a/b.git", "git://a/b", "ssh://a/b", "https://a/b.git", "$URL"],
)
def test_copy_fetches_nothing(found: Found, source: str) -> None:
    text = f"FROM scratch\nARG URL=http://a/b\nCOPY {source} /x\n"
    assert places(found, text, invalid_dockerfile) == [("error", source)]


@pytest.mark.parametrize("source", ["github.com/a/b", "a.git", "ftp://a/b", "$OPEN"])
def test_copy_takes_what_only_looks_as_if_it_were_elsewhere(
    found: Found, source: str
) -> None:
    text = f"FROM scratch\nARG OPEN\nCOPY {source} /x\n"
    assert places(found, text, invalid_dockerfile) == []


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ("${X", True),
        ("/a${", True),
        ("${X:?no}", False),
        ("/a$", False),
        ("'/a", False),
        ("'/a$X", False),
        ("/a${X}", False),
    ],
)
def test_variables_in_a_mount_have_to_end(
    found: Found, value: str, refused: bool
) -> None:
    text = f"FROM scratch\nARG X=1\nRUN --mount=type=cache,target={value} true\n"
    marks = [mark for _, mark in places(found, text, invalid_dockerfile)]
    assert marks == ([value] if refused else [])


@pytest.mark.parametrize(
    "platform",
    [
        *("linux", "linux/amd64", "linux/arm64/v8", "amd64", "x86_64", "foo/amd64"),
        *("LINUX", "windows(10.0)/amd64", "linux(+x)/amd64", "i386", "macos", "$OPEN"),
    ],
)
def test_a_platform_that_buildkit_takes(found: Found, platform: str) -> None:
    text = f"ARG OPEN\nFROM --platform={platform} scratch\n"
    assert places(found, text, invalid_dockerfile) == []


@pytest.mark.parametrize(
    "platform",
    [
        *("foo", "linux/", "/amd64", "linux/a/b/c", "a,b", "li*ux", "local", "all"),
        *("linux//v7", "linux/arm/"),
    ],
)
def test_a_platform_that_buildkit_does_not_take(found: Found, platform: str) -> None:
    text = f"FROM --platform={platform} scratch\n"
    assert places(found, text, invalid_dockerfile) == [("error", platform)]
