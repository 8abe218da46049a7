"""The rule `duplicate-item-across-files`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.correctness.conftest import say, two

from tightship.rules.compose.correctness.duplicate_item_across_files import (
    duplicate_item_across_files as duplicate,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_a_duplicate_within_one_file_is_silent(judge: Judge) -> None:
    files = two(
        "services: {web: {image: nginx, security_opt: [a=b, a=b]}}\n",
        "services: {web: {security_opt: [c=d]}}\n",
    )
    assert say(judge, files, duplicate) == []


def test_the_later_file_of_three_has_the_duplicate(judge: Judge) -> None:
    text = "services: {web: {image: nginx, group_add: ['%s']}}\n"
    files = two(text % "1", f"{text % '2'}---\n{text % '1'}")
    [found] = judge(files, [duplicate])
    assert found.span.start > len(files["compose.override.yaml"]) // 2
