"""Commands as words and flags, and where those stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.frontends.dockerfile.script import DEFAULT_SHELL, scripts
from tightship.isolation.command import commands_in, flags, script_flags
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf

    from tightship.isolation.command import Flag


NOTHING: list[list[str]] = [[]]


def words(container_of: ContainerOf, command: str) -> list[list[str]]:
    service = container_of(f"command: {command}").settings
    return [[word.text for word in line] for line in commands_in(service.value("command"))]


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("redis-server --save ''", [["redis-server", "--save", ""]]),
        ("'a \"b c\"d e\\ f'", [["a", "b cd", "e f"]]),
        ("[a, 'b c']", [["a", "b c"]]),
        ("['b c']", [["b c"], ["b", "c"]]),
        ("[sh, -ec, 'b c']", [["sh", "-ec", "b c"], ["b", "c"]]),
        ("sh -c 'b \"c d\"'", [["sh", "-c", 'b "c d"'], ["b", "c d"]]),
        ("'a && b|c; d'", [["a", "&&", "b", "|", "c", ";", "d"]]),
        ("'a \"b'", [["a", '"b']]),
        ("[]", NOTHING),
    ],
)
def test_a_command_is_words(
    container_of: ContainerOf, command: str, wanted: list[list[str]]
) -> None:
    assert words(container_of, command) == wanted


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("x --a=b -c d --e", [("--a", "b"), ("-c", "d"), ("--e", None)]),
        ("x --a --b c", [("--a", None), ("--b", "c")]),
        ("[x, \"--t=''\", --u=]", [("--t", ""), ("--u", "")]),
        ("[]", list[list[str]]()),
        ("''", []),
        ("[sh, -c, 'x --a=b']", [("-c", "x --a=b"), ("--a", "b")]),
    ],
)
def test_a_flag_has_the_text_after_it(
    container_of: ContainerOf, command: str, wanted: list[tuple[str, str | None]]
) -> None:
    service = container_of(f"command: {command}").settings
    lines = commands_in(service.value("command"))
    assert [(f.name, f.value) for line in lines for f in flags(line)] == wanted


def test_a_word_knows_its_place(container_of: ContainerOf) -> None:
    body = "entrypoint: [x, --list=1], command: 'x --a \"--b c\" --a'"
    service = container_of(body).settings
    lines = [line for key in ("entrypoint", "command") for line in commands_in(service.value(key))]
    places = [[word.span.text for word in line] for line in lines]
    whole = "'x --a \"--b c\" --a'"
    # A word that is there twice stands for the whole.
    assert places == [["x", "--list=1"], ["x", whole, '"--b c"', whole]]


def test_a_variable_without_a_value_stays_in_its_word(container_of: ContainerOf) -> None:
    assert words(container_of, "'x --a=${A} ${B:-c}'") == [["x", "--a=${A}", "c"]]


def flags_of_image(text: str) -> list[Flag]:
    instructions = read(Source("Dockerfile", text)).instructions
    found = [scripts(instruction, DEFAULT_SHELL) for instruction in instructions]
    return [flag for each in found for flag in script_flags(each)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('CMD ["--a=b", "--c", "d e", "-f"]', [("--a", "b"), ("--c", "d e"), ("-f", None)]),
        ("CMD x --a='b c' --d && y --e f", [("--a", "b c"), ("--d", None), ("--e", "f")]),
        ('CMD ["sh", "-c", "x --a=b"]', [("-c", "x --a=b"), ("--a", "b")]),
        ("CMD x --a=$B --c \"$D\"", [("--a", "$B"), ("--c", '"$D"')]),
        ("CMD x | y\nENTRYPOINT []", []),
    ],
)  # fmt: skip
def test_a_script_has_flags_too(text: str, wanted: list[tuple[str, str | None]]) -> None:
    assert [(flag.name, flag.value) for flag in flags_of_image(text)] == wanted


def test_a_flag_of_a_script_knows_its_place() -> None:
    [flag] = flags_of_image('CMD ["x", "sh", \\\n  "--a=\\"b\\""]')
    assert flag.span.text == '--a=\\"b\\"'
    assert flag.word.whole.text == 'x", "sh", \\\n  "--a=\\"b\\"'
    assert flag.provenance == ()


@given(st.text(alphabet="ab \"'\\;&|<>()\n", max_size=60))
def test_any_text_has_words_without_spaces_around(text: str) -> None:
    from tightship.isolation.command import commands_in
    from tightship.model.reading import NONE, Reading
    from tightship.model.value import ScalarValue
    from tightship.syntax.yaml.nodes import Scalar
    from tightship.text import Span

    source = Source("x", text)
    leaf = ScalarValue(Scalar(Span(source, 0, len(text)), text, '"'), (), Reading(NONE))
    line, *_ = commands_in(leaf)
    assert len([*flags(line)]) <= len(line)
    assert all(word.raw in text and word.raw.strip() for word in line)
    assert sum(len(word.raw) for word in line) <= len(text)
    kept = "".join(word.raw for word in line)
    assert kept.replace(" ", "") == text.replace(" ", "") or "\n" in text
