"""Words that a shell makes of variables, as a real shell makes them."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings, strategies as st

from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.steps import Run
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

VALUES = ("a", "'a b=1'", '" a  b"', "a=$ENV", "''", "$(echo z)", "a$x", "'\\na'", "${ENV:-q}")
LINES = (
    *(f"x={value}" for value in VALUES),
    *("x=b set -e", "x=c true", "x=$x true", "for x in 1 2; do :; done", "(x=2)", "unset x"),
    *("if :; then x=e; fi", "{ x=f; }", "f() { x=g; }; f", "export x=h", "echo x > /dev/null"),
    *("y='i j'", "read x <<E\n1\nE", "ENV=k", "sh -c 'x=1'"),
)
WORDS = (
    "$x",
    "${x}",
    '"$x"',
    "p$x",
    "$ENV",
    '"$ENV"',
    "-v$x",
    "$y",
    "${x:-d}",
    "q",
    "$x$y",
    "'$x'",
)


def operands(script: str, environment: str = "m n=1") -> list[tuple[str | None, str]]:
    """Return the value and the place of each operand of the last package command."""
    name = f'ENV ENV="{environment}"\n'
    text = f"FROM debian\n{name}RUN <<EOF\n{script}\nEOF\n"
    [run] = Build(read(Source("Dockerfile", text))).stages[0].every(Run)
    words = run.package_commands[-1].call.command.words
    return [(word.value, word.span.text) for word in words[2:]]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(LINES), max_size=3),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
)
def test_a_known_word_is_the_word_of_a_shell(lines: list[str], words: list[str]) -> None:
    script = "\n".join([*lines, f"gem install {' '.join(words)}"])
    found = [value for value, _ in operands(script)]
    stub = f"gem() {{ shift; printf '[%s]' \"$@\"; }}\n{script}"
    done = subprocess.run(
        ["sh", "-c", stub], capture_output=True, text=True, timeout=20, check=False,
        env={"ENV": "m n=1", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    if None not in found:
        expected = "".join(f"[{one}]" for one in found) or "[]"
        assert done.stdout == expected, script


@pytest.mark.parametrize(
    ("script", "known"),
    [
        ("x='a b'\ngem install $x", [("a", "a"), ("b", "b")]),
        ("x='a b'; gem install -N ${x}", [("-N", "-N"), ("a", "a"), ("b", "b")]),
        ('x="a:1"; gem install "$x" b', [("a:1", '"$x"'), ("b", "b")]),
        ("x='a' set -e; gem install $x", [("a", "a")]),
        ("gem install $ENV", [("m", "$ENV"), ("n=1", "$ENV")]),
        ("if y; then x=a; fi; gem install $x", [("a", "a")]),
        # Two assignments, another shell, an unknown part: unknown.
        ("x=a; x=b; gem install $x", [(None, "$x")]),
        ("x=a; sh -c 'gem install $x'", [(None, "$x")]),
        ("x=$(y); gem install $x", [(None, "$x")]),
        ("gem install ${}a", [(None, "${}a")]),
        ("gem install $x; x=a", [(None, "$x")]),
        ("f() { gem install $ENV; }; f", [(None, "$ENV")]),
        ("x=a; f() { gem install p$x; }; f", [("pa", "p$x")]),
    ],
)
def test_a_script_decides_its_variables(script: str, known: list[tuple[str | None, str]]) -> None:
    assert operands(script) == known


def test_a_template_in_the_environment_is_unknown() -> None:
    assert operands("gem install a:$ENV", "<%= version %>") == [(None, "a:$ENV")]


RUNS = (
    "for x in a b; do gem install $x; done",
    "for x in a 'b c'; do gem install \"$x\" d; done",
    "for x in a 'b c'; do if :; then (gem install $x); fi; done",
    "for x in a b; do gem install p$x-q; done",
    "for x in a 'b c'; do gem install \"p$x\"; done",
    "for x in a b; do for y in c d; do gem install $x $y; done; done",
    'f() { gem install "$@"; }; f a b; f c',
    'f() { gem install "$1"; }; f a b && f c',
    "f() { gem install $* z; }; if :; then f a 'b c'; fi",
    "function f { gem install ${2}; }; f a b",
)
UNKNOWN_RUNS = (
    "for x in a b; do x=c; gem install $x; done",
    "for x in a $y; do gem install $x; done",
    "for x in a -v1; do gem install $x; done",
    "for x in a 'b c'; do gem install p$x; done",
    "for x in a b; do gem install $x$y; done",
    "for x in a b; do gem install a -v $x; done",
    'f() { gem install "p$@"; }; f a b',
    "for x in '' a; do gem install $x; done",
    "for x; do gem install $x; done",
    "while read x; do gem install $x; done",
    'f() { gem install "$@"; }; f a; f -v1',
    'f() { gem install "$@"; }; f a; f "$y"',
    'f() { shift; gem install "$@"; }; f a b',
    'f() { gem install "$2"; }; f a b; f c',
    'f() { gem install "$*"; }; f a b',
    'f() { gem install "$@"; }; f() { :; }; f a',
    'gem install "$@"',
)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("script", RUNS)
def test_an_operand_stands_for_all_runs_of_its_command(script: str) -> None:
    stub = f"gem() {{ shift; printf '[%s]' \"$@\"; }}\n{script}"
    done = subprocess.run(
        ["bash", "-c", stub], capture_output=True, text=True, timeout=20, check=True
    )
    assert {f"[{value}]" for value, _ in operands(script)} == {*re.findall(r"\[.*?\]", done.stdout)}


@pytest.mark.parametrize("script", UNKNOWN_RUNS)
def test_an_operand_that_may_be_anything_is_unknown(script: str) -> None:
    assert None in [value for value, _ in operands(script)]


def test_values_are_at_their_places() -> None:
    assert operands('f() { gem install "$@"; }; f a "b"') == [("a", "a"), ("b", '"b"')]
