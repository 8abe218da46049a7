"""Whatever the text, reading a script ends, and all places are exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.commands.calls import calls
from tightship.syntax.shell.nodes import (
    Arithmetic,
    Compound,
    List,
    Node,
    Quoted,
    Redirection,
    Simple,
    Substitution,
    Variable,
    Word,
)
from tightship.syntax.shell.quote import content
from tightship.syntax.shell.read import exec_form, pieces_of, read
from tightship.syntax.shell.text import MAX_NODES, Text
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAGMENTS = [
    "a", "bc", "é", " ", " ", "\n", "\t", "\r", "'", '"', "`", "\\", "\\\n", "$", "$x",
    "${", "}", "${x:-", "$(", "$((", "((", "))", "(", ")", "{ ", " }", "<(", ";", ";;",
    "&", "&&", "|", "||", ">", "2>&1", "<<E", "<<-'E'", "<<<", "\nE\n", "\n\tE\n", "#",
    "!", "if ", "then ", "else ", "fi", "for i in ", "do ", "done", "case x in ", "a)",
    "esac", "while ", "[[ ", " ]]", "=~ ", "A=", "a=(", "x[1]=", "f()", "function ",
    "eval ", "sh -c ", "sudo ", "-k", "--", "*", "{a,b}", "$'", '$"', "\0", "@(", "\x85",
]  # fmt: skip
OPENERS = [
    "$(", "`", '"$(', "(", "((", "$((", "{ ", "${x:-", '"${x:-', "if ", "while ",
    "case x in a) ", "f() { ", "<(", "a=(", "[[ ", "@(", "<<E ", "<<E\n", "eval ",
    "bash -c '", "sh -c \"", "! ", "a | ", "a && ", "'", "\\", "$'", "$((a # (((\n) ) ",
    "$((a)b)", "sudo ", "a\\\n", "`\\`", "$(cat <<E\n", '"${a#"', "[[ a =~ (", "\0",
    'x["', "case x in ", "for i in ", "function f ", "2>", "# a\n", "time ",
]  # fmt: skip
scripts = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)


def of(value: str) -> Text:
    return Text(Source("Dockerfile", value), [(value, 0, len(value))])


def nodes(top: Node) -> Iterator[Node]:
    """Yield all nodes below one."""
    stack = [top]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, List):
            for pipeline, _ in node.items:
                stack += [pipeline, *pipeline.commands]
        elif isinstance(node, Simple):
            stack += [*node.assignments, *node.words, *node.redirections]
            for assignment in node.assignments:
                stack += assignment.items
                stack += [assignment.value] if assignment.value else []
        elif isinstance(node, Compound):
            stack += [*node.words, *node.conditions, *node.bodies, *node.redirections]
        elif isinstance(node, Redirection):
            stack += [word for word in (node.target, node.body) if word]
        elif isinstance(node, (Word, Quoted, Arithmetic)):
            stack += node.parts
        elif isinstance(node, Substitution):
            stack.append(node.body)
        elif isinstance(node, Variable) and node.argument:
            stack.append(node.argument)


def uncovered(node: Word | Quoted) -> str:
    """Return what lies between the parts of a word."""
    at, left = node.start, ""
    for part in node.parts:
        assert at <= part.start <= part.end <= node.end
        left += node.text.value[at : part.start]
        at = part.end
    return left + node.text.value[at : node.end]


@given(scripts)
def test_places_are_exact_and_parts_cover_their_word(value: str) -> None:
    text = of(value)
    script = read(text)
    for node in nodes(script.body):
        assert 0 <= node.start <= node.end <= len(node.text.value)
        if node.text is text:
            assert node.span.text == node.raw
        if isinstance(node, Word):
            assert uncovered(node).replace("\\\n", "") == ""
            assert node.value is None or node.value.startswith(node.head)
            assert node.value is None or content(node).value == node.value
        elif isinstance(node, Quoted) and not script.lost:
            assert uncovered(node).replace("\\\n", "") in ('""', '$""')


@given(st.data())
def test_places_span_removed_text(data: st.DataObject) -> None:
    value = data.draw(scripts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(value)), max_size=5)))
    gap = "\\\n# it's a \"comment\n"
    written, pieces, at = "RUN ", list[tuple[str, int, int]](), 0
    for cut in [*cuts, len(value)]:
        pieces.append((value[at:cut], len(written), len(written) + cut - at))
        written += value[at:cut] + gap
        at = cut
    script = read(Text(Source("Dockerfile", written), pieces))
    plain = read(of(value))
    found = [(type(n), n.start, n.end) for n in nodes(script.body)]
    assert found == [(type(n), n.start, n.end) for n in nodes(plain.body)]
    for node in nodes(script.body):
        if node.text is script.text:
            assert node.span.text.replace(gap, "") == node.raw


@given(scripts)
def test_every_command_of_a_script_has_its_place_in_the_file(value: str) -> None:
    source = Source("Dockerfile", f"sh -c {value}")
    shell, flag, given_ = (
        Text.of(Span(source, *at)) for at in ((0, 2), (3, 5), (6, len(value) + 6))
    )
    for script in (read(given_), exec_form(source, map(pieces_of, (shell, flag, given_)))):
        for call in calls(script):
            place = call.command.span
            assert 0 <= place.start <= place.end <= len(source.text)
            assert call.command in call.pipeline.commands
            for run in call.programs:
                run.arguments(("-c", "--x"))


@pytest.mark.exhaustive
@pytest.mark.parametrize("opener", OPENERS)
def test_a_long_hostile_text_is_read_to_its_end(opener: str) -> None:
    value = opener * (80_000 // len(opener))
    script = read(of(value))
    assert sum(1 for _ in nodes(script.body)) < 4 * MAX_NODES
    assert sum(1 for _ in calls(script)) < MAX_NODES


def test_nesting_has_a_limit_that_is_reported() -> None:
    for opener in ("$(", "(", '"${x:-', "{ ", "if "):
        script = read(of("a; " + opener * 300))
        assert script.problem is not None
        assert script.body.items[0][0].raw == "a"
    deep = read(of("( " * 20 + "a" + " )" * 20))
    assert deep.problem is None
    assert [call.command.raw for call in calls(deep)] == ["a"]


@pytest.mark.exhaustive
def test_an_overlong_script_is_read_up_to_the_limit() -> None:
    script = read(of("a b; " * 100_000))
    assert script.lost
    assert script.problem is not None
    assert "too long" in script.problem.message
    assert len(script.body.items) > 1_000


def test_a_span_of_a_script_is_a_span_of_its_source() -> None:
    source = Source("Dockerfile", "RUN a b")
    script = read(Text.of(Span(source, 4, 7)))
    assert script.body.span == Span(source, 4, 7)
