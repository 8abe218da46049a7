"""What is said of a text that is not YAML, and what is still read of it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tightship.syntax.yaml.events import fast_events, pure_events
from tightship.syntax.yaml.nodes import Mapping, Scalar, Stream, walk
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.syntax.yaml.events import Events

both_parsers = pytest.mark.parametrize("events", [fast_events, pure_events], ids=["fast", "pure"])


def keys(stream: Stream) -> list[str]:
    found = [
        key
        for root in stream.documents
        for node in walk(root)
        if isinstance(node, Mapping)
        for key, _ in node.entries
        if isinstance(key, Scalar)
    ]
    return [key.value for key in sorted(found, key=lambda key: key.span.start)]


def marked(text: str) -> tuple[str, int, int]:
    """Take out the marks around what is to be pointed at."""
    start, end = text.index("«"), text.index("»") - 1
    return text.replace("«", "").replace("»", ""), start, end


@both_parsers
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n«\t»b: 1\nc: 2\n", "a tab is used for indentation"),
        ("a:\n  b: 1\n«\t»d: 2\nc: 1\n", "a tab is used for indentation"),
        ('b: 1\na: «"x»\nc: 2\n', "this quote is never closed"),
        ("b: 1\na: «'x»\nc: 2\n", "this quote is never closed"),
        ('a: «"»\nb: \'x\'\nc: "1"\n', "this quote is closed at a wrong place"),
        ("b: 1\na: «[»x, y\nc: 2\n", "this `[` is never closed"),
        ("b: 1\na: «{»\n  d: 1\nc: 2\n", "this `{` is never closed"),
        ("b: 1\nc: 2\na: «[»", "this `[` is never closed"),
        ("b: 1\na: ['x'\n  «'y']»\nc: 2\n", "a `,` or `]` is missing before this"),
        ("b: 1\na: [x«}»\nc: 2\n", "`}` does not close the `[` above"),
        ("b: 1\na: x«:» y\nc: 2\n", "a `:` inside a plain value"),
        ("b: 1\na: «]»\nc: 2\n", "`]` closes nothing"),
        ("b: 1\n«imag»\nc: 2\n", "a `:` is missing after this key"),
        ("a:\n  «imag»\n  b: 1\nc: 2\n", "a `:` is missing after this key"),
        ("a:\n    b: 1\n  «d:» 1\nc: 2\n", "the indentation of this line fits nothing"),
        ("a: 1\n  «d:» 1\nb: 1\nc: 2\n", "this line is indented deeper than the one before"),
        ("b: 1\na: «@x»\nc: 2\n", "`@` cannot start a value: put it in quotes"),
        ("b: 1\na: «%x»\nc: 2\n", "`%` cannot start a value: put it in quotes"),
        ("b: 1\na: «*»\nc: 2\n", "`*` starts an alias, which needs a name"),
        ("b: 1\na: «&»\nc: 2\n", "`&` starts an anchor, which needs a name"),
        ('b: 1\na: "x «\\d»"\nc: 2\n', "`\\d` is not an escape in double quotes"),
        ("b: 1\na: «-» x\nc: 2\n", "a list starts on its own line"),
        ("a:\n  - b\n  «d:» 1\nc: 2\n", "a list item was expected here"),
        ("b: 1\na: 'x' «y»\nc: 2\n", "this cannot follow the text before it"),
        ("b: 1\na: «|x»\nc: 2\n", "not readable as YAML while scanning a block"),
        ("a: &x 1\nb: «*y»\nc: 2\n", "unknown alias: no `&y` comes before it"),
    ],
)
def test_a_syntax_error_has_its_place_and_reading_continues(
    text: str, message: str, events: Events
) -> None:
    text, start, end = marked(text)
    stream = read(Source("f", text), events)
    problem = stream.problems[0]
    assert problem.message.startswith(message)
    assert (problem.span.start, problem.span.end) == (start, end)
    assert "c" in keys(stream)
    assert "a" in keys(stream) or "b" in keys(stream)
    assert stream.lost == ("comes before it" not in message)


def test_reading_continues_after_three_errors_and_ends_at_the_fourth() -> None:
    good = "a: 1\n"
    bad = "b: c: d\n"
    stream = read(Source("f", good + bad * 3 + "e: 1\n"))
    assert keys(stream) == ["a", "e"]
    assert len(stream.problems) == 3
    stream = read(Source("f", good + bad * 4 + "e: 1\n"))
    assert keys(stream) == ["a", "b"]
    assert len(stream.problems) == 4
    assert stream.lost


def test_an_invalid_value_keeps_the_lines_below_its_key() -> None:
    stream = read(Source("f", 'a: "\n  b: 1\n  c: 2\nd: {\n  e: 1\nf: 1\n'))
    assert keys(stream) == ["a", "b", "c", "d", "e", "f"]


def test_a_key_without_its_colon_stays_the_key_of_what_is_below() -> None:
    text = "services:\n  web:\n    healthcheck\n      test: x\n    image: y\n"
    stream = read(Source("f", text))
    assert keys(stream) == ["services", "web", "healthcheck", "test", "image"]
    key = next(
        node
        for node in walk(stream.documents[0])
        if isinstance(node, Scalar) and node.value == "healthcheck"
    )
    assert key.span.text == "healthcheck"
    assert [p.span.text for p in stream.problems] == ["healthcheck"]


def test_a_stray_character_keeps_the_next_entry() -> None:
    assert keys(read(Source("f", "a:\n@ b: 1\n  c: 1\n"))) == ["a", "b", "c"]


def test_a_block_without_its_key_keeps_its_neighbours() -> None:
    text = "services:\n\n    image: x\n    user: y\n  db:\n    image: z\n  c:\n    e: 1\n"
    stream = read(Source("f", text))
    assert keys(stream) == ["services", "db", "image", "c", "e"]


def test_a_truncated_line_costs_little_of_a_real_file(corpus: list[Source]) -> None:
    chance = random.Random(7)
    kept = total = 0
    for source in corpus:
        lines = source.text.splitlines(keepends=True)
        whole = keys(read(source))
        for _ in range(5):
            at = chance.choice([i for i, line in enumerate(lines) if line.strip()])
            cut = chance.randrange(len(lines[at]))
            text = "".join([*lines[:at], lines[at][:cut], "\n", *lines[at + 1 :]])
            found = keys(read(Source("f", text)))
            total += len(whole)
            kept += sum(min(whole.count(k), found.count(k)) for k in {*whole})
    assert kept / total > 0.93


# ------------------------------------------------------------- hostile texts


@both_parsers
@pytest.mark.parametrize(
    ("text", "deep"),
    [
        ("a: " + "[" * 2000, 502),
        ("a: " + "[" * 2000 + "]" * 2000 + "\nb: 1\n", 502),
        ("a: " + "{k: " * 2000, 3 + 4 * 499),
        ("- " * 2000 + "a", 2 * 500),
        ("? " * 2000 + "a", 2 * 500),
        ("".join(" " * i + "a:\n" for i in range(600)), sum(range(3, 503)) + 500),
    ],
    ids=["open", "closed", "maps", "lists", "keys", "block"],
)
def test_depth_has_a_limit(text: str, deep: int, events: Events) -> None:
    stream = read(Source("f", text), events)
    problem = stream.problems[0]
    assert (problem.message, problem.span.start) == ("nested deeper than 500 levels", deep)
    assert stream.lost
    assert stream.documents


def test_five_hundred_levels_are_fine() -> None:
    assert not read(Source("f", "[" * 500 + "]" * 500)).problems


def test_aliases_are_not_expanded() -> None:
    levels = ["a0: &a0 [x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 60)]
    stream = read(Source("f", "\n".join(levels)))
    assert not stream.problems
    assert sum(1 for _ in walk(stream.documents[0])) == 1 + 60 * 2 + 2 + 59 * 9


@both_parsers
@pytest.mark.parametrize(
    ("text", "code", "more"),
    [
        ("a: 1\nb: «\0»x\nc: 2\n", "U+0000", ""),
        ("a: 1\nb: «\x1b»[31m\nc: 2\n", "U+001B", ""),
        ("a: 1\nb: «\ud800» \udfff\nc: 2\n", "U+D800", " (and 1 more such places)"),
        ("a: 1\nb: «\ufffe»\nc: 2\n", "U+FFFE", ""),
        ("a: 1\n# «\x7f» \x7f \x7f\nb: 1\nc: 2\n", "U+007F", " (and 2 more such places)"),
        ("«\ufeff»a: 1\nb: 1\nc: 2\n", "U+FEFF", ""),
        ("a: 1\n«\ufeff»b: 1\nc: 2\n", "U+FEFF", ""),
    ],
)
def test_a_forbidden_character_is_marked_and_costs_nothing(
    text: str, code: str, more: str, events: Events
) -> None:
    text, start, end = marked(text)
    stream = read(Source("f", text), events)
    assert [(p.span.start, p.span.end, p.message) for p in stream.problems] == [
        (start, end, f"the character {code} is not allowed here{more}")
    ]
    assert not stream.lost
    assert [key.strip("\ufffd") for key in keys(stream)] == ["a", "b", "c"]


@both_parsers
@pytest.mark.parametrize(
    "text",
    [
        '"\\ud800"',
        '"\\Uffffffff"',
        "%YAML 1." + "9" * 5000 + "\n--- a\n",
        "%YAML 1.1\n" * 50,
        "!" + "a!" * 5000,
        "!<" + "a" * 5000,
        "!%ff x",
        "\t" * 5000,
        ": " * 5000,
        "? " * 400 + ": " * 400,
        '"' * 5001,
        "{[" * 200,
        "]}" * 200,
        "- - -\n" * 500 + " - x: - y",
        "a: |" + "\n" * 5000 + "\t",
    ],
)
def test_any_text_gives_a_problem_and_no_exception(text: str, events: Events) -> None:
    stream = read(Source("f", text), events)
    assert stream.problems
    for problem in stream.problems:
        assert 0 <= problem.span.start < problem.span.end <= len(text)
