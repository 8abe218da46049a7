"""All commands of a script are found, also in scripts within it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.commands.calls import Call, calls, may_have_input
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span

if TYPE_CHECKING:
    from pathlib import Path


def found(value: str) -> list[Call]:
    source = Source("Dockerfile", value)
    return list(calls(read(Text.of(Span(source, 0, len(value))))))


def places(value: str) -> list[tuple[str, str]]:
    """Return each command's words, and the kinds of the places that it is in."""
    listed = list[tuple[str, str]]()
    for call in found(value):
        kinds, place = list[str](), call.nesting.outer and call.nesting
        while place and place.outer:
            kinds.append(place.kind)
            place = place.outer
        words = " ".join(w.value or "?" for w in call.command.words)
        listed.append((words, " ".join(reversed(kinds))))
    return listed


def test_each_command_has_its_place_in_the_order_of_the_text() -> None:
    assert places(
        "a; if b; then c | d; else (e); fi; while f; do g; done; { h; } "
        "&& i() { j; }; case $(k) in x) l;; esac; for n in $(o); do p; done"
    ) == [
        ("a", ""), ("b", "condition"), ("c", "branch"), ("d", "branch"),
        ("e", "branch subshell"), ("f", "condition"), ("g", "loop"), ("h", "group"),
        ("j", "function group"), ("k", "substitution"), ("l", "branch"),
        ("o", "substitution"), ("p", "loop"),
    ]  # fmt: skip


def test_commands_in_all_kinds_of_words_are_found() -> None:
    listed = places(
        'A=$(a) B=($(b)) x `c` "$(d "$(e)")" ${y:-$(f)} $((1 + $(g))) <(h) > $(i) <<E\n$(j)\nE\n'
        "[[ $(k) ]]; (( $(l) ))\n{ m; } < <(n)"
    )
    names = [words.split(" ")[0] for words, _ in listed]
    assert names == ["x", *"abcdefghijklmn"]


def test_a_substitution_knows_the_command_whose_word_it_is_in() -> None:
    shell, curl, _ = found('sh -c "$(curl x)"')
    assert curl.program is not None
    assert curl.program.name == "curl"
    assert curl.nesting.kind == "substitution"
    assert curl.nesting.call is shell


def test_a_command_has_its_place_in_a_pipeline() -> None:
    first, second, third = found("a | b && c")
    assert first.pipeline is second.pipeline
    assert (first.position, second.position, third.position) == (0, 1, 0)
    assert second.pipeline.commands[second.position] is second.command


@pytest.mark.parametrize(
    ("value", "inner"),
    [
        ("bash -c 'a; b'", [("a", "shell"), ("b", "shell")]),
        ("exec env A=1 bash -euo pipefail -c 'a'", [("a", "shell")]),
        ("bash -o pipefail -c -- a b", [("a", "shell")]),
        ('sudo sh -c "a \\"b c\\" && d"', [("a b c", "shell"), ("d", "shell")]),
        ("sh -c \"sh -c 'a b'\"", [("sh -c a b", "shell"), ("a b", "shell shell")]),
        ("su - app -c 'a'", [("a", "shell")]),
        ("eval a \"'b c'\" '| d'", [("a b c", "eval"), ("d", "eval")]),
        ("bash <<'E'\na\nE", [("a", "input")]),
        ("sh -s x <<E\na $y\nE", [("a ?", "input")]),
        ("sh <<< 'a b'", [("a b", "input")]),
        ("bash a.sh <<< b", []),
        ("sh -c", []),
        ("sh", []),
        ("sh 3<<< a", []),
        ("python -c 'a'", []),
        ("pwsh -c 'a'", []),
        ("$x -c 'a'", []),
    ],
)
def test_a_script_within_a_script_is_opened(value: str, inner: list[tuple[str, str]]) -> None:
    assert places(value)[1:] == inner


def test_a_substitution_of_the_outer_shell_is_unknown_in_the_script() -> None:
    _, a = found('bash -c "a $x b\\$e"')
    assert [word.value for word in a.command.words] == ["a", None, None]
    assert a.command.words[1].span.text == "$x"
    assert a.command.words[2].head == "b"
    assert places('sh -c "a \'$(b)\'"') == [
        ("sh -c ?", ""), ("b", "substitution"), ("a ?", "shell"),
    ]  # fmt: skip


def test_places_in_an_inner_script_are_those_of_the_file() -> None:
    value = r'''bash -c "x; bash -c \"curl -\\\"k\\\" 'a'\"; y"'''
    _, _, inner, curl, _ = found(value)
    assert [word.value for word in inner.command.words] == ["bash", "-c", "curl -\"k\" 'a'"]
    assert [word.value for word in curl.command.words] == ["curl", "-k", "a"]
    assert curl.command.words[0].span.text == "curl"
    assert curl.command.words[1].span.text == r"-\\\"k\\\""
    assert curl.command.words[2].span.text == "'a'"


def test_nested_scripts_have_a_limit() -> None:
    assert len(found("eval " * 900 + "a")) == 4


def test_a_problem_of_an_inner_script_is_its_own() -> None:
    shell, a = found("sh -c 'a; (' && b")[:2]
    assert shell.nesting.script.problem is None
    assert a.nesting.script.problem is not None
    assert a.nesting.script.problem.span.text == "("
    assert a.nesting.within("shell")
    assert not shell.nesting.within("shell", "eval")


WITHOUT_INPUT = (
    "ask",
    "ask | cat",
    "ask > /dev/null",
    "{ ask; } | cat",
    "(ask)",
    "for x in a b; do ask; done",
    "if ! ask; then :; fi",
    "sh -c ask",
    "f() { ask; }; f",
    "f() { ask; }; if :; then f; fi",
)
WITH_INPUT = (
    "echo y | ask",
    "ask < yes",
    "ask <<< y",
    "echo y | { ask; }",
    "echo y | (ask | cat)",
    "while :; do ask; break; done < yes",
    "echo y | sh -c ask",
    "sh -c ask < yes",
    "f() { ask; }; echo y | f",
    "f() { ask; }; f < yes",
    "f() { ask; } < yes; f",
    "echo y | if ask; then :; fi",
)
UNKNOWN_INPUT = (
    "f() { ask; }",
    "f() { ask; }; f() { :; }; f",
    "f() { ask; }; g() { f; }; g",
    "f() { ask; f; }; f",
    'x="$(ask)"',
    "sh <<E\nask\ny\nE",
)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("script", [*WITHOUT_INPUT, *WITH_INPUT])
def test_a_command_gets_what_a_shell_gives_it(script: str, tmp_path: Path) -> None:
    (tmp_path / "yes").write_text("y\n")
    program = tmp_path / "ask"
    program.write_text("#!/bin/sh\nread answer && echo $answer >> given\n:\n")
    program.chmod(0o755)
    subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, timeout=20, check=False, capture_output=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    every = found(script)
    [ask] = [call for call in every if call.command.words[0].value == "ask"]
    assert (tmp_path / "given").exists() == may_have_input(ask, every) == (script in WITH_INPUT)


@pytest.mark.parametrize("script", UNKNOWN_INPUT)
def test_a_command_that_may_have_an_input(script: str) -> None:
    every = found(script)
    [ask] = [call for call in every if call.command.words and call.command.words[0].value == "ask"]
    assert may_have_input(ask, every)
