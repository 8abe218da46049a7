"""The rule `duplicate-container-name`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.duplicate_container_name import duplicate_container_name

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def named(*names: str) -> str:
    """Return services `s0`, `s1`, … with these names for their containers."""
    lines = (f"  s{n}: {{image: x, container_name: {name}}}\n" for n, name in enumerate(names))
    return "services:\n" + "".join(lines)


def test_the_later_one_is_marked_and_the_first_is_shown(judge: Judge) -> None:
    second, third = judge(named("app", "'app'", '"app"'), [duplicate_container_name])
    assert (second.severity.word, second.span.text) == ("error", "'app'")
    assert second.finding.message == (
        "the container of service `s1` has the same name as that of service `s0`: `app`"
    )
    assert third.finding.message.endswith("`s2` has the same name as that of service `s0`: `app`")
    for one in (second, third):
        [first] = one.finding.because
        assert (first.span.text, first.message) == ("app", "the name of `s0`")


def test_a_default_and_dotenv_decide(found: Found) -> None:
    text = named("'${A:-app}'", "app", "'${B}'")
    assert found(text, duplicate_container_name) == [("error", "app")]
    files = {"compose.yaml": text, ".env": "A=other\nB=other\n"}
    assert found(files, duplicate_container_name) == [("error", "'${B}'")]


def test_an_override_gives_two_the_same_name(judge: Judge) -> None:
    files = {
        "compose.yaml": named("a", "b"),
        "compose.override.yaml": "services: {s1: {container_name: a}}\n",
    }
    [one] = judge(files, [duplicate_container_name])
    assert one.span.source.name == "compose.override.yaml"
    assert one.finding.because[0].span.source.name == "compose.yaml"


def test_services_that_extend_one_share_its_name(judge: Judge) -> None:
    text = "services:\n  a: {image: x, container_name: n}\n  b: {extends: a}\n"
    [one] = judge(text, [duplicate_container_name])
    assert "`b` has the same name as that of service `a`: `n`" in one.finding.message


@pytest.mark.parametrize(
    "text",
    [
        named("app", "App"),
        named("app-1", "app-2"),
        named("'${A}'", "'${A}'"),
        named("", ""),
        named("''", "''"),
        "services: {a: {image: x}, b: {image: x, container_name: a}}\n",
        "services: {a: {image: x}, b: {image: x}}\n",
    ],
)
def test_names_that_differ_or_are_not_known_are_silent(found: Found, text: str) -> None:
    assert found(text, duplicate_container_name) == []


@pytest.mark.parametrize(
    ("first", "second", "collides"),
    [
        ("[blue]", "[green]", False),
        ("[blue]", "[green, blue]", True),
        ("[]", "[green]", True),
        ("[blue]", "[]", True),
        ("[blue]", "['${WHICH}']", False),
    ],
)
def test_services_of_different_profiles_are_alternatives(
    found: Found, first: str, second: str, *, collides: bool
) -> None:
    text = f"""\
services:
  a: {{image: x, container_name: n, profiles: {first}}}
  b: {{image: x, container_name: n, profiles: {second}}}
"""
    expected = [("error", "n")] if collides else []
    assert found(text, duplicate_container_name) == expected
