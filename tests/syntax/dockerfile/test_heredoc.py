from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.syntax.dockerfile.heredoc import MAX_DEPTH, openers
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.syntax.dockerfile.nodes import Dockerfile, Heredoc


def of(text: str) -> Dockerfile:
    return read(Source("Dockerfile", text))


def only(text: str) -> Heredoc:
    [heredoc] = of(text).instructions[0].heredocs
    return heredoc


def test_a_heredoc_knows_its_opener_its_lines_and_its_end() -> None:
    heredoc = only("RUN cat <<EOF > x\na\n b\r\nEOF\n")
    assert heredoc.opener.text == "<<EOF"
    assert heredoc.body.text == "a\n b\r\n"
    assert heredoc.text == "a\n b\r\n"
    assert heredoc.end is not None
    assert heredoc.end.text == "EOF"
    assert (heredoc.expand, heredoc.chomp) == (True, False)


def test_a_dash_allows_leading_tabs() -> None:
    heredoc = only("RUN <<-E\n\ta\n\t\tb\tc\n  d\n\t\tE\r\n")
    assert heredoc.chomp
    assert heredoc.text == "a\nb\tc\n  d\n"
    assert heredoc.end is not None
    assert heredoc.end.text == "E"


@pytest.mark.parametrize("opener", ["<<'E'", '<<"E"', "<<E''", "5<<-'E'"])
def test_a_quoted_name_turns_expansion_off(opener: str) -> None:
    heredoc = only(f"COPY {opener} /x\n$a\nE\n")
    assert heredoc.name == "E"
    assert not heredoc.expand


def test_an_instruction_spans_its_heredocs() -> None:
    file = of("COPY <<a <<b \\\n /c\n1\na\n2\nb\nUSER x\n")
    copy, user = file.instructions
    assert copy.span.text == "COPY <<a <<b \\\n /c\n1\na\n2\nb"
    assert [h.body.text for h in copy.heredocs] == ["1\n", "2\n"]
    assert user.name == "USER"


def test_the_heredoc_of_a_trigger_is_the_triggers() -> None:
    [onbuild] = of("ONBUILD RUN <<E\na\nE\n").instructions
    trigger = onbuild.trigger
    assert trigger is not None
    assert not onbuild.heredocs
    assert [h.body.text for h in trigger.heredocs] == ["a\n"]
    assert onbuild.span.text == "ONBUILD RUN <<E\na\nE"
    assert trigger.span.text == "RUN <<E\na\nE"


def test_an_empty_heredoc_has_an_empty_body() -> None:
    heredoc = only("RUN <<E\nE")
    assert heredoc.body.text == ""
    assert heredoc.body.start == heredoc.end.start if heredoc.end else False


@pytest.mark.parametrize("rest", ["", "\n", "\nx", "\nx\n"])
def test_a_heredoc_that_does_not_end_reaches_to_the_end(rest: str) -> None:
    file = of("RUN <<E" + rest)
    [run] = file.instructions
    assert run.heredocs[0].end is None
    assert run.heredocs[0].body.text == rest.removeprefix("\n")
    assert run.span.end == len("RUN <<E" + rest)


def test_a_heredoc_that_does_not_end_leaves_the_instructions_below() -> None:
    file = of("RUN <<E <<F\na\n  b\nUSER x\nCMD <<E\nRUN <<-E\n\tc\n\tF\n")
    run, user, cmd, last = file.instructions
    assert [h.body.text for h in run.heredocs] == ["a\n  b\n"]
    assert (user.name, cmd.name) == ("USER", "CMD")
    assert last.heredocs[0].end is None
    kinds = [problem.kind for problem in file.problems if problem.kind == "heredoc"]
    assert len(kinds) == 2


def test_heredocs_after_an_unterminated_one_are_found() -> None:
    file = of("RUN <<E\nRUN <<F\na\nF\nRUN <<-G\n\tb\n\tG\nRUN <<F\nF\n")
    ends = [one.heredocs[0].end for one in file.instructions]
    assert [end and end.text for end in ends] == [None, "F", "G", "F"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("RUN a <<E b", ["E"]),
        ("RUN <<E<<F", []),
        ("RUN a<<E", []),
        ("RUN <<<E", []),
        ("RUN << E", []),
        ("RUN <<-", []),
        ("RUN '<<E' \"<<F\" \\<<G", []),
        ("RUN <<'a b' <<c\\ d", ["a b", "c d"]),
        ("RUN <<E) <<F;", ["E)", "F;"]),
        ("RUN 'a <<E", []),
        ('RUN "a <<E', []),
        ("RUN it's <<E that's", []),
        ("RUN ${a} ${b:-'c d'} $1 $$ $? $(d) <<E", ["E"]),
        ("RUN ${a#b} ${a%%b} ${a/b/c} ${a//b/c} <<E", ["E"]),
        ("RUN ${a <<E", []),
        ("RUN ${} <<E", []),
        ("RUN ${a:#b} <<E", []),
        ("RUN ${a^^} <<E", []),
        ("RUN ${#a} <<E", []),
        ("RUN ${a/b} <<E", []),
        ('RUN "${a:-b}" "\\"$c" <<E', ["E"]),
        ("RUN <<${a}", ["${a}"]),
    ],
)
def test_a_heredoc_is_a_word_for_buildkits_lexer(line: str, names: list[str]) -> None:
    found = openers(line)
    assert [opener.name for opener in found] == names
    for opener in found:
        assert line[opener.start : opener.end].startswith("<<")


def test_nested_substitutions_have_a_limit() -> None:
    def nested(depth: int) -> str:
        return "RUN <<E " + "${a:-" * depth + "}" * depth

    assert [opener.name for opener in openers(nested(MAX_DEPTH))] == ["E"]
    assert openers(nested(MAX_DEPTH + 1)) == []
    assert openers(nested(10_000)) == []


def test_other_instructions_have_no_heredocs() -> None:
    text = 'CMD <<E\nE x\nONBUILD CMD <<E\nRUN ["<<E"]\nENV a=<<E\n'
    assert all(not one.heredocs for one in of(text).instructions)
    assert len(of(text).instructions) == 5
