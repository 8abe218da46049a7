"""Scripts become trees of commands."""

from __future__ import annotations

import re

import pytest

from tightship.syntax.shell.nodes import (
    Arithmetic,
    Compound,
    List,
    Literal,
    Quoted,
    Script,
    Simple,
    Substitution,
    Variable,
    Word,
)
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span


def script_of(value: str) -> Script:
    source = Source("Dockerfile", value)
    return read(Text.of(Span(source, 0, len(value))))


def outline(body: List) -> list[object]:
    """Return commands as nested lists, with the operators between them."""
    found = list[object]()
    for pipeline, operator in body.items:
        for number, command in enumerate(pipeline.commands):
            if number:
                found.append(pipeline.operators[number - 1])
            if isinstance(command, Simple):
                found.append(" ".join(word.raw for word in command.words))
            else:
                words = " ".join([command.kind, *(word.raw for word in command.words)])
                conditions = [outline(condition) for condition in command.conditions]
                found.append((words, conditions, [outline(b) for b in command.bodies]))
        if operator:
            found.append(operator)
    return found


def good(value: str) -> list[object]:
    script = script_of(value)
    assert script.problem is None
    assert not script.lost
    return outline(script.body)


def simple(value: str) -> Simple:
    script = script_of(value)
    assert script.problem is None
    command = script.body.items[0][0].commands[0]
    assert isinstance(command, Simple)
    return command


def word(value: str) -> Word:
    return simple(f"x {value}").words[1]


def test_a_list_keeps_the_operators_that_end_its_pipelines() -> None:
    assert good("a 1 && b || c; d & e\nf | g |& h") == [
        "a 1", "&&", "b", "||", "c", ";", "d", "&", "e", "\n", "f", "|", "g", "|&", "h",
    ]  # fmt: skip


def test_commands_hold_commands() -> None:
    assert good("if a; then b; elif c; then d; else e; fi >f") == [
        ("if", [["a", ";"], ["c", ";"]], [["b", ";"], ["d", ";"], ["e", ";"]])
    ]
    assert good("while a; do b; done") == [("while", [["a", ";"]], [["b", ";"]])]
    assert good("until a; do b; done") == [("until", [["a", ";"]], [["b", ";"]])]
    assert good("for i in 1 2; do b; done") == [("for i 1 2", [], [["b", ";"]])]
    assert good("for i; do b; done") == [("for i", [], [["b", ";"]])]
    assert good("(a; b)") == [("(", [], [["a", ";", "b"]])]
    assert good("{ a; }") == [("{", [], [["a", ";"]])]
    assert good("case $x in a|b) c;; (*) d; esac") == [("case $x a b *", [], [["c"], ["d", ";"]])]
    assert good("f() { a; }") == [("function f", [], [[("{", [], [["a", ";"]])]])]
    assert good("function f { a; }") == good("f ( ) { a; }")


def test_extensions_of_bash_are_read() -> None:
    assert good("[[ $a =~ ^(x|y)z$ && ! -f b ]] && c") == [
        ("[[ $a =~ ^(x|y)z$ ! -f b", [], []), "&&", "c",
    ]  # fmt: skip
    assert good("((i++)) || a") == [("(( i++", [], []), "||", "a"]
    assert good("for ((i=0; i<3; i++)); do a; done") == [("for i=0; i<3; i++", [], [["a", ";"]])]
    assert good("rm !(a|b c) @(d)e") == ["rm !(a|b c) @(d)e"]
    assert good("coproc X { a; }; time -p b") == [
        ("{", [], [["a", ";"]]), ";", "b",
    ]  # fmt: skip


def test_parentheses_that_do_not_end_together_are_commands() -> None:
    assert good("((a); (b))") == [("(", [], [[("(", [], [["a"]]), ";", ("(", [], [["b"]])]])]
    [part] = word("$((a) | b)").parts
    assert isinstance(part, Substitution)
    [part] = word("$((1 + $(a) * (2)))").parts
    assert isinstance(part, Arithmetic)
    assert [type(inner) for inner in part.parts[:2]] == [Literal, Substitution]


def test_a_reserved_word_is_one_only_where_a_command_starts() -> None:
    assert good("echo if then fi } ! {") == ["echo if then fi } ! {"]
    assert good("A=1 if") == ["if"]
    assert good("'if' a") == ["'if' a"]
    assert good("! a | b") == ["a", "|", "b"]
    assert script_of("! a").body.items[0][0].negated


def test_a_comment_starts_at_a_word_only() -> None:
    script = script_of("a#b # c; d\n#e\nf")
    assert outline(script.body) == ["a#b", "\n", "f"]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("curl", "curl"),
        (r"c\url", "curl"),
        ("'a b'c\"d e\"", "a bcd e"),
        (r'"\$\"\a"', r"$" + '"' + r"\a"),
        ("'\\'", "\\"),
        (r"$'a\tb\x41\101\u00e9'", "a\tbAAé"),
        ('$"a"', "a"),
        ("a\\\nb", "ab"),
        ('""', ""),
        ("$", "$"),
        ("a$", "a$"),
        ("https://x/?a=b", "https://x/?a=b"),
        ("$x", None),
        ('"$x"', None),
        ("a`b`", None),
        ("<(a)", None),
        ("$((1))", None),
    ],
)
def test_a_certain_word_has_a_value(raw: str, value: str | None) -> None:
    assert word(raw).value == value
    assert word(raw).raw == raw


def test_the_beginning_of_a_word_may_be_certain_where_its_end_is_not() -> None:
    assert word('--out"put"="$x"/y').head == "--output="
    assert word("$x/y").head == ""


def test_a_variable_has_a_name_an_operator_and_an_argument() -> None:
    found = list[tuple[str, str, str | None]]()
    for raw in ("$x", "$1", "${x}", "${x:-a b}", "${#x}", "${x%%.*}", "${a[1]}",
                "${!x}", "${x//a/b}", "${#}", "${x:1:2}", "${x-}", "${@}"):  # fmt: skip
        [part] = word(raw).parts
        assert isinstance(part, Variable)
        argument = part.argument.raw if part.argument else None
        found.append((part.name, part.operator, argument))
    assert found == [
        ("x", "", None), ("1", "", None), ("x", "", None), ("x", ":-", "a b"),
        ("x", "#", None), ("x", "%%", ".*"), ("a", "[", None), ("x", "!", None),
        ("x", "//", "a/b"), ("#", "", None), ("x", ":", "1:2"), ("x", "-", ""),
        ("@", "", None),
    ]  # fmt: skip


def test_quotes_in_braces_are_read_as_by_the_shell() -> None:
    [quoted] = word('"${x:-\'}"').parts
    assert isinstance(quoted, Quoted)
    [variable] = quoted.parts
    assert isinstance(variable, Variable)
    [bare] = word("${x:-'}'}").parts
    assert isinstance(bare, Variable)
    assert bare.argument is not None
    assert bare.argument.value == "}"
    [cut] = word("\"${x%'}'}\"").parts
    assert isinstance(cut, Quoted)


def test_backquotes_hold_commands_with_their_escapes_undone() -> None:
    [part] = word(r"`a \`b \$x\``").parts
    assert isinstance(part, Substitution)
    [outer] = part.body.items[0][0].commands
    assert isinstance(outer, Simple)
    [inner] = outer.words[1].parts
    assert isinstance(inner, Substitution)
    [command] = inner.body.items[0][0].commands
    assert isinstance(command, Simple)
    assert [w.raw for w in command.words] == ["b", "$x"]
    assert command.words[0].span.text == "b"
    assert command.words[1].span.text == r"\$x"


def test_redirections_are_not_words() -> None:
    command = simple("a 2>&1 >'f' b <g &>>h {fd}>i 3>&- 4")
    assert [w.value for w in command.words] == ["a", "b", "4"]
    assert [
        (r.descriptor, r.operator, r.target and r.target.value)
        for r in command.redirections
    ] == [
        ("2", ">&", "1"), ("", ">", "f"), ("", "<", "g"), ("", "&>>", "h"),
        ("{fd}", ">", "i"), ("3", ">&", "-"),
    ]  # fmt: skip


def test_assignments_come_before_the_words() -> None:
    command = simple("A=1 B+='x y' C= d E=2")
    assert [(a.name, a.operator, a.value and a.value.value) for a in command.assignments] == [
        ("A", "=", "1"), ("B", "+=", "x y"), ("C", "=", ""),
    ]  # fmt: skip
    assert [w.value for w in command.words] == ["d", "E=2"]
    [array] = simple("a=(1 '2 3'\n# c\n4)").assignments
    assert [item.value for item in array.items] == ["1", "2 3", "4"]
    assert simple("declare -a x=(1 2)").assignments[0].name == "x"
    assert simple('m["k"]=1').assignments[0].name == "m"


def test_the_bodies_of_heredocs_follow_on_the_next_lines() -> None:
    command = simple("cat <<A <<-'B' >f && g\nx $y \\\nA\n'$(z)'\nA\n\t$q\n\tB\nh")
    first, second, third = command.redirections
    assert first.body is not None
    assert second.body is not None
    assert first.body.raw == "x $y \\\nA\n'$(z)'\n"
    assert first.body.value is None
    assert [p.name for p in first.body.parts if isinstance(p, Variable)] == ["y"]
    assert second.body.value == "$q\n"
    assert second.body.span.text == "$q\n"
    assert third.body is None
    assert good("cat <<A && g\nA\nh")[-1] == "h"
    [here] = simple("cat <<< 'a b'").redirections
    assert here.target is not None
    assert here.target.value == "a b"


def test_a_heredoc_in_a_substitution_ends_there() -> None:
    assert good('a "$(cat <<E\n)\nE\n)" && b')[-1] == "b"


BROKEN: list[tuple[str, str, list[object]]] = [
    ("a && ", "", ["a", "&&"]),
    ("a && && b", "&&", ["a", "&&", "b"]),
    ("| a", "|", ["a"]),
    ("a | | b", "|", ["a", "b"]),
    ("fi; a", "fi", ["a"]),
    ("a; ) b", ")", ["a", ";", "b"]),
    ("a 'b", "'", ["a 'b"]),
    ('a; b "c', '"', ["a", ";", 'b "c']),
    ("a `b", "`", ["a `b"]),
    ("a $(b", "$(", ["a $(b"]),
    ("a ${b", "${", ["a ${b"]),
    ("(a", "(", [("(", [], [["a"]])]),
    ("if a; then b", "if", [("if", [["a", ";"]], [["b"]])]),
    ("{ }; a", "}", [("{", [], [[]]), ";", "a"]),
    ("a <<E\nb", "<<E", ["a", "\n"]),
    ("a > ; b", ";", ["a", ";", "b"]),
    ("a (b", "(", ["a", ("(", [], [["b"]])]),
]


@pytest.mark.parametrize(("value", "place", "left"), BROKEN)
def test_an_error_has_a_place_and_reading_continues(
    value: str, place: str, left: list[object]
) -> None:
    script = script_of(value)
    assert script.problem is not None
    assert script.problem.span.text == place
    assert outline(script.body) == left


def test_continuations_and_comments_between_lines_do_not_move_places() -> None:
    source = Source("Dockerfile", "RUN cu\\\nrl -k && \\\n# no\n  ech\\\no $(pwd\\\n)")
    spans, at = list[Span](), 4
    for gap in re.finditer(r"\\\n(?:#.*\n)?", source.text):
        spans.append(Span(source, at, gap.start()))
        at = gap.end()
    script = read(Text.of(*spans, Span(source, at, len(source.text))))
    assert script.problem is None
    assert outline(script.body) == ["curl -k", "&&", "echo $(pwd)"]
    first, second = (pipeline.commands[0] for pipeline, _ in script.body.items)
    assert first.span.text == "cu\\\nrl -k"
    assert second.span.text == "ech\\\no $(pwd\\\n)"


def test_a_compound_command_ends_after_its_redirections() -> None:
    script = script_of("{ a; } >f 2>&1 | b")
    command = script.body.items[0][0].commands[0]
    assert isinstance(command, Compound)
    assert command.raw == "{ a; } >f 2>&1"
    assert [r.raw for r in command.redirections] == [">f", "2>&1"]
