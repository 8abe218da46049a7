"""The reader agrees with bash, which is asked but given nothing that does anything."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import example, given, strategies as st

from tightship.syntax.shell.nodes import Simple
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span

BASH = shutil.which("bash")
pytestmark = pytest.mark.skipif(BASH is None, reason="there is no bash here")

# Words are put together from these; bash only prints them.
BARE = st.text("abAB019_-./:=@%+,^]#é", min_size=1, max_size=4)
ESCAPED = st.sampled_from(list(" '\"\\$`;&|<>()#*?[]{}~!a\n")).map("\\{}".format)
SINGLE = st.text(' ab"\\$`;&|<>()#*\n', max_size=5).map("'{}'".format)
DOUBLE = st.lists(
    st.sampled_from([*" ab';&|<>()#*é", "\\$", '\\"', "\\\\", "\\`", "\\a", "\\\n", "$ "]),
    max_size=5,
).map(lambda parts: '"' + "".join(parts) + '"')
ANSI = st.lists(
    st.sampled_from([*" ab;$\"", "\\n", "\\t", "\\'", '\\"', "\\\\", "\\x41", "\\101",
                     "\\u00e9", "\\e", "\\z"]),
    max_size=4,
).map(lambda parts: "$'" + "".join(parts) + "'")  # fmt: skip
WORD = st.lists(st.one_of(BARE, ESCAPED, SINGLE, DOUBLE, ANSI), min_size=1, max_size=4)
# A line that is continued before `#` makes it a comment all the same.
NO_COMMENT = WORD.map("".join).filter(lambda word: not word.replace("\\\n", "").startswith("#"))
LINE = st.lists(NO_COMMENT, min_size=1, max_size=6)
BLANK = st.sampled_from([" ", "\t", "  ", " \\\n ", " \\\n"])

SIMPLE = st.sampled_from([
    "a", "b 'c d'", "A=1 b", '"$(a; b)"', "$((1+(2)))", "a >f 2>&1", "a#b #c", "! a", "(a)",
    "`a`", "[ -f x ] && b", "a=(1 2)", "((i++))", "[[ $a == b* && ! -f x ]]", "time a",
    "x ${y:-'z'}", 'x "${y%\'}\'}"', "a <(b) >(c)", "a | b |& c", "cat <<E\n$x\nE\n", "&> f",
    "echo }", "echo if", "f() { a; }", "function g { a; }", "if", "}", "fi", "a &", "in",
    "a \\\n b", "${x/'}'/\"}\"}", "a; ;", "a && && b", "a ||", "| a", "for", "$(", "'", "a (b)",
])  # fmt: skip
END = st.sampled_from([";", "\n", " && x\n", " | y;", " # c\n", " &\n", " "])


def _lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(st.tuples(inner, END).map("".join), min_size=1, max_size=2)
    block = items.map("".join)
    # No ``((``: bash looks at commands in ``$((…);…)`` only when it runs them.
    return st.one_of(
        block.map("( {})".format),
        block.map("{{ {}}}".format),
        block.map("a $( {})".format),
        block.map("while {} do b; done".format),
        block.map("for i in 1 2; do {} done >f".format),
        block.map("case $x in\n a|b) {} ;; (*) c; esac".format),
        block.map("f() {{ {} }}".format),
        st.tuples(block, block).map("if {0[0]} then {0[1]} fi".format),
        st.tuples(block, block).map("if a; then {0[0]} else {0[1]} fi".format),
    )


SCRIPT = st.recursive(SIMPLE, _lists, max_leaves=5)


def run(*arguments: str, given: str) -> subprocess.CompletedProcess[bytes]:
    assert BASH is not None
    environment = {"LC_ALL": "C.UTF-8", "PATH": ""}
    return subprocess.run(
        [BASH, "--norc", "--noprofile", *arguments],
        input=given.encode(), capture_output=True, env=environment, check=False, timeout=20,
    )  # fmt: skip


def of(value: str) -> Text:
    return Text.of(Span(Source("Dockerfile", value), 0, len(value)))


@given(LINE, BLANK)
def test_words_have_the_values_that_bash_gives_them(line: list[str], blank: str) -> None:
    value = blank.join(["printf '%s\\0'", *line])
    script = read(of(value))
    assert script.problem is None
    [(pipeline, _)] = script.body.items
    [command] = pipeline.commands
    assert isinstance(command, Simple)
    words = command.words[2:]
    if not words:
        return
    printed = run("-s", given=value)
    assert printed.returncode == 0, printed.stderr
    assert [word.value for word in words] == printed.stdout.decode().split("\0")[:-1]


def test_a_comment_can_follow_a_continued_line() -> None:
    value = "printf '%s\\0' a \\\n#b c\n"
    [(pipeline, _)] = read(of(value)).body.items
    [command] = pipeline.commands
    assert isinstance(command, Simple)
    assert [word.value for word in command.words[2:]] == ["a"]
    assert run("-s", given=value).stdout == b"a\0"


@given(SCRIPT)
@example("{ f() { a; } &> f }")
@example("{ function f { a; } >f; }")
@example("if f() (a) >f then b; fi")
def test_bash_and_the_reader_reject_the_same_texts(value: str) -> None:
    script = read(of(value))
    checked = run("-n", given=value)
    if b"here-document" in checked.stderr:
        return  # bash only warns that its end is missing
    assert (script.problem is not None) == (checked.returncode != 0), checked.stderr
