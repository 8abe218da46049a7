"""The rule `duplicate-key`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import block_service, service

from tightship.rules.compose.correctness.duplicate_key import duplicate_key
from tightship.rules.compose.correctness.wrong_type import wrong_type

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


def test_the_second_is_marked_and_the_first_is_shown(judge: Judge) -> None:
    [one] = judge(service("init: true, 'init': false"), [duplicate_key])
    assert (one.severity.word, one.span.text) == ("error", "'init'")
    [first] = one.finding.because
    assert (first.span.text, first.message) == ("init", "it is first set here")
    assert one.span.start > first.span.start


def test_each_repetition_is_a_finding(found: Found) -> None:
    text = block_service("init: true\n    init: true\n    init: true")
    assert found(text, duplicate_key) == [("error", "init")] * 2


def test_duplicates_outside_of_services_are_found(found: Found) -> None:
    text = "x-a: {b: 1, b: 1}\nservices: {s: {image: x}, s: {image: x}}\n"
    assert found(text, duplicate_key) == [("error", "b"), ("error", "s")]


@pytest.mark.parametrize(
    ("first", "second", "is_removed"),
    [
        ("true", "true", True),
        ("[a, b]", "[a, b]", True),
        # What differs in writing may differ in meaning.
        ("true", "yes", False),
        ("[a, b]", "[a,  b]", False),
        ("1", "'1'", False),
        ("1", "!!str 1", False),
        ("true", "", False),
    ],
)
def test_only_equal_values_are_removed(
    judge: Judge, fixed: Fixed, first: str, second: str, is_removed: bool
) -> None:
    text = block_service(f"x-a: {first}\n    x-a: {second}  # why")
    [one] = judge(text, [duplicate_key])
    left = block_service(f"x-a: {first}") if is_removed else text
    assert fixed(text, duplicate_key) == left
    if one.finding.fix:
        assert one.finding.fix.title == "Remove the duplicate"
    assert bool(one.finding.fix) == is_removed


def test_two_merge_keys_are_combined_by_the_advice(judge: Judge) -> None:
    text = "x-a: &a {init: true}\nservices:\n  s: {image: x, <<: *a, <<: *a}\n"
    [one] = judge(text, [duplicate_key])
    assert one.span.text == "<<"
    assert "`<<: [*a, *b]`" in one.finding.message


@pytest.mark.parametrize("key", ["security_opt", "group_add"])
def test_a_duplicate_item_is_removed_where_compose_rejects_it(
    judge: Judge, fixed: Fixed, key: str
) -> None:
    text = block_service(f"{key}:\n      - a:b\n      - c:d\n      - a:b")
    [one] = judge(text, [duplicate_key])
    assert one.span.text == "a:b"
    assert one.span.start == text.rindex("a:b")
    assert fixed(text, duplicate_key) == block_service(f"{key}:\n      - a:b\n      - c:d")


@pytest.mark.parametrize(
    "text",
    [
        service("cap_add: [NET_ADMIN, NET_ADMIN]"),
        service("security_opt: ['${A}', '${B}']"),
        "x-a: &a {init: true}\nservices: {s: {<<: *a, init: false, image: x}}\n",
        "services: {s: {image: x}}\n---\nservices: {s: {image: x}}\n",
        "services: {s: {image: x}, S: {image: x}}\n",
    ],
)
def test_distinct_keys_are_silent(found: Found, text: str) -> None:
    assert found(text, duplicate_key) == []


def test_a_key_in_another_file_is_an_override(found: Found) -> None:
    text = "services: {s: {image: x, init: true}}\n"
    files = {"compose.yaml": text, "compose.override.yaml": text}
    assert found(files, duplicate_key) == []


def test_a_merge_into_a_value_of_the_wrong_type_is_one_finding(judge: Judge) -> None:
    text = block_service("volumes:\n      <<: {a: 1}\n      <<: {b: 1}")
    [one] = judge(text, [duplicate_key, wrong_type])
    assert one.rule.name == "wrong-type"


def test_a_second_merge_of_no_mapping_is_one_finding(judge: Judge) -> None:
    text = "services: {s: {image: x}}\nvolumes:\n  <<: {v: {}}\n  <<: [a]\n"
    [one] = judge(text, [duplicate_key, wrong_type])
    assert one.rule.name == "duplicate-key"
