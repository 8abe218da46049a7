"""Differential: BuildKit's own parser, through the package ``dockerfile``.

The package holds BuildKit 0.12.5. Where we differ from it, one of these is why.

BuildKit has changed since, verified with 0.32:

- ``["a"] b`` is no JSON array any more (``_trailing``).
- ``# check=`` is a directive; in 0.12.5 it ends them.
- ``${a#b}``, ``${a%b}`` and ``${a/b/c}`` are substitutions: a line with them may open
  heredocs.

And the rest:

- A line that is only a continuation comes before the instruction for us, and is its
  first line for the package (``_earlier``).
- The package takes the bytes of flags for Latin-1 and garbles all else.
- It tells neither the heredocs of an ONBUILD (they count for its last line) nor what
  stands in unknown instructions and in triggers of triggers.
- An instruction without a keyword (a continuation, and then the end) is a problem for
  us, and no instruction.

What it refuses, we refuse; the opposite does not hold, for it only parses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

import pytest
from hypothesis import given, strategies as st

from tightship.syntax.dockerfile.instruction import FORMS
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.syntax.dockerfile.nodes import Dockerfile, Instruction

    class OfficialHeredoc(Protocol):
        name: str
        file_descriptor: int
        content: str

    class OfficialCommand(Protocol):
        cmd: str | None
        sub_cmd: str | None
        json: bool
        start_line: int
        end_line: int
        flags: Sequence[str]
        value: Sequence[str]
        heredocs: Sequence[OfficialHeredoc]

    class Official(Protocol):
        GoParseError: type[Exception]

        def parse_string(self, text: str) -> Sequence[OfficialCommand]: ...


official = cast("Official", pytest.importorskip("dockerfile"))


class Outline(NamedTuple):
    keyword: str
    trigger: str | None
    json: bool
    first: int
    last: int
    flags: tuple[str, ...]
    values: tuple[str, ...]
    heredocs: tuple[tuple[str, str], ...]


def _told(keyword: str, trigger: str | None) -> bool:
    return (trigger or keyword).upper() in FORMS and trigger != "onbuild"


def theirs(text: str) -> list[Outline] | None:
    """Return what the official parser makes of a text; ``None`` if it refuses."""
    try:
        commands = official.parse_string(text)
    except official.GoParseError:
        return None
    outlines = list[Outline]()
    for command in commands:
        if not command.cmd:
            continue
        keyword = command.cmd.lower()
        trigger = command.sub_cmd.lower() if command.sub_cmd else None
        outlines.append(
            Outline(
                keyword,
                trigger,
                command.json,
                command.start_line,
                command.end_line,
                tuple(command.flags),
                tuple(command.value) if _told(keyword, trigger) else (),
                tuple((h.name, h.content) for h in command.heredocs),
            )
        )
    return outlines


def ours(file: Dockerfile) -> list[Outline]:
    """Return the same of our reading."""
    text = file.source.text
    lines = text.count("\n") + (not text.endswith("\n"))
    outlines = list[Outline]()
    for one in file.instructions:
        trigger = one.trigger.keyword.value.lower() if one.trigger else None
        inner = one.trigger or one
        keyword = one.keyword.value.lower()
        last = text.count("\n", 0, one.span.end) + 1
        outlines.append(
            Outline(
                keyword,
                trigger,
                one.json,
                text.count("\n", 0, one.span.start) + 1,
                lines if one.unfinished else last,
                tuple(_flags(one)),
                tuple(_values(inner)) if _told(keyword, trigger) else (),
                tuple((h.name, h.body.text) for h in one.heredocs),
            )
        )
    return outlines


def _flags(instruction: Instruction) -> list[str]:
    return [
        f"--{flag.name.value}" + ("" if flag.value is None else f"={flag.value.value}")
        for flag in instruction.flags
    ]


def _values(instruction: Instruction) -> list[str]:
    values = [word.value for word in instruction.arguments]
    for found in instruction.pairs:
        parts = [found.name.value] + ([found.value.value] if found.value else [])
        values += ["=".join(parts)] if instruction.name == "ARG" else parts
    return values


def _earlier(text: str, outline: Outline, mine: Outline) -> Outline:
    """Let an instruction begin below lines that only lead to it."""
    lines = text.removeprefix("\ufeff").split("\n")[outline.first - 1 : mine.first - 1]
    if all(line.strip() in ("", "\\", "`") or "#" in line for line in lines):
        return outline._replace(first=mine.first)
    return outline


def _trailing(outline: Outline, mine: Outline) -> bool:
    return outline.json and not mine.json and "]" in "".join(mine.values)


def agree(text: str) -> bool:
    """Assert that we agree on a text; tell whether the official parser reads it."""
    file = read(Source("Dockerfile", text.removeprefix("\ufeff")))
    reading, mine = theirs(text), ours(file)
    if reading is None:
        assert any(problem.refused for problem in file.problems)
        return False
    assert len(reading) == len(mine), (reading, mine)
    for one, other in zip(reading, mine, strict=True):
        if not _trailing(one, other):
            assert other == _earlier(text, one, other)
    return True


def test_the_parsers_agree_on_real_dockerfiles(dockerfiles: list[Source]) -> None:
    assert all(agree(source.text) for source in dockerfiles)


READ = [
    "FROM a",
    "from a as b\r\nrun x\r\n",
    "FROM a\n\n\n\tRUN x  \n",
    "\ufeffFROM a\n",
    "\ufeff# escape=`\nFROM a `\n AS b\n",
    "# escape=`\nFROM a\nRUN dir C:\\\nRUN x `\n y",
    "#ESCAPE = ` \nFROM a `\nAS b",
    "# syntax=docker/dockerfile:1\n# escape=`\nRUN x `\n y",
    "# other=x\n# escape=`\nRUN x `\nRUN y",
    "\n# escape=`\nRUN x `\nRUN y",
    "# a comment\n# escape=`\nRUN x `\nRUN y",
    "  # escape=`\nRUN x `\n y",
    "RUN a \\\n  # a comment\n  b \\\n# another\n\n  \t\n && c\nRUN d",
    "RUN a \\  \t\n b",
    "RUN a \\\\\nRUN b",
    "RUN a \\\\\\\nRUN b",
    "RUN a \\\n",
    "RUN a \\\n# the end",
    "RUN a \\\n\n\n",
    "RUN a \\\n   \\\nb",
    "\\\nFROM a",
    "FROM a\n\\",
    "RU\\\nN x",
    "RUN 'a\\\n b' \\\n c",
    "FROM a\rRUN b\rRUN c",
    "FROM a\fb\vc",
    "FROM\xa0a",
    "\xa0FROM a\xa0",
    "\u2003FROM\u2003a b\u2003",
    "FROM  a\x85 \x1cb",
    'CMD ["a", "b"]',
    'CMD[ "a" ]',
    'CMD [ "a" ,"\\u00e9\\n\\/\\"" ]',
    'CMD ["\\ud83d\\ude00", "\\ud83d", "\\udc00\\ud83d"]',
    'CMD ["\\ud83d\\ud83d\\ude00"]',
    "CMD []",
    "CMD [ ]",
    "CMD ['a']",
    'CMD ["a",]',
    'CMD ["a" "b"]',
    'CMD ["a\tb"]',
    'CMD ["\\x"]',
    'CMD ["a", 1]',
    "CMD [null]",
    "CMD [[]]",
    "CMD [NaN]",
    "CMD [1e999]",
    "CMD [" + "9" * 400 + "]",
    'CMD ["a", \\\n # c\n "b"]',
    "CMD",
    "ENTRYPOINT a  b",
    'SHELL ["a"]',
    "SHELL a b",
    'VOLUME ["/a b"]',
    "VOLUME /a  /b",
    'COPY ["a b", "c"]',
    "COPY --from=x --chown=1:1 a b c /d",
    'COPY --from=\'a b\' --x="c\\"d" --link a b',
    "COPY --a\\ b=c\\\nd e f",
    "COPY --'' a b",
    "RUN -- --x",
    "RUN --",
    "RUN --x",
    "RUN --x --- y",
    "RUN --mount=type=bind,source=a\\\n  --network=none x",
    "RUN -x --y",
    'ENV a=b c=\'d e\' f="g\\"h" i=j\\ k',
    "ENV a b  c",
    "ENV a",
    "ENV a=b c",
    "ENV 'a b'=c",
    'ENV a="b c',
    "ENV a=b\\",
    "ENV a='b\\",
    'ENV a="b\\',
    "ENV a=b\u2003c=d",
    "ENV a\\\n =b",
    "LABEL a=b \\\n  c=d \\\n\n  e=f",
    "LABEL a.b c d",
    "ARG a",
    "ARG a=b c d='e f'",
    "HEALTHCHECK NONE",
    "HEALTHCHECK --interval=3s CMD a b",
    'HEALTHCHECK CMD ["a"]',
    "HEALTHCHECK CMD [1]",
    "HEALTHCHECK",
    "ONBUILD RUN a b",
    'ONBUILD CMD ["a"]',
    "ONBUILD COPY --from=x a b",
    "ONBUILD",
    "ONBUILD HEALTHCHECK NONE",
    "ONBUILD ENV a=b",
    "onbuild run <<E\nx\nE\nRUN y",
    "ONBUILD CMD <<E",
    "USER a b  c",
    "WORKDIR  /a  /b ",
    "MAINTAINER a <b>",
    "STOPSIGNAL 9",
    "EXPOSE 1 2/udp",
    "FRO a\n{{ x }}\n",
    "RUN <<EOF\nx\nEOF",
    "RUN <<EOF\r\nx\r\nEOF\r\nRUN y\r\n",
    "RUN <<-EOF cat\n\tx\n\t\tEOF\n\tRUN y",
    "RUN <<EOF\n EOF\nEOF \nEOF\n",
    "RUN <<'EOF' <<\"X Y\"\n$a\nEOF\nb\nX Y\nRUN y",
    "RUN <<\\EOF\nx\nEOF",
    "RUN <<E\\ F\nx\nE F",
    'RUN <<"a\\b"\nx\na\\b',
    "RUN 3<<E cat <&3\nx\nE",
    "RUN cat <<< x",
    "RUN <<- x\nRUN y",
    "RUN a<<E\nRUN y",
    'RUN "<<E"\nRUN y',
    "RUN ${a:- <<E}\nx\nE}\n",
    "RUN ${a:-<<E}\nRUN y",
    "RUN '<<E\nRUN y",
    "RUN ${a^} <<E\nRUN y",
    "RUN $((1<<2))",
    "RUN $a$@${b}${c:+'d'} <<E\nE",
    "RUN <<$a\nx\n$a",
    "RUN <<${a}b\nx\n${a}b",
    "RUN a \\\n <<E \\\n b\nx \\\nE\nRUN y",
    "COPY <<a <<b --x /c\n# no comment\na\nb\nRUN y",
    'COPY ["<<a", "b"]\nRUN y',
    "ADD <<a b\n\na\n",
    "CMD <<E\nRUN y",
    "RUN <<E <<E\nE\nE\n",
    "RUN <<''\nRUN y",
    "RUN <<E#\nx\nE#",
]


@pytest.mark.parametrize("text", READ)
def test_the_parsers_agree_on_hard_cases(text: str) -> None:
    agree(text)


REFUSED = [
    "",
    "\n\n",
    "# only a comment",
    "# escape=\\\\\nFROM a",
    "# escape=x\nFROM a",
    "# escape= \nFROM a",
    "# syntax=a\n# syntax=b\nFROM a",
    "# escape=`\n# Escape=\\\nFROM a",
    "FROM a\nCMD [1]",
    "FROM a\nENV a",
    "FROM a\nENV a=b c",
    "FROM a\nRUN <<E\nx\n",
    "FROM a\nRUN <<E <<F\nF\nE\n",
    "FROM a\nRUN <<-E\n E\n",
    "FROM a\nRUN " + "x" * 65_536,
    "FROM a\n#" + "é" * 33_000,
    "FROM a\nRUN <<\\\"E${x:-\\'}\n",
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:40]))
def test_both_parsers_reject(text: str) -> None:
    assert not agree(text)


def test_lines_have_the_same_maximum_length() -> None:
    assert agree("FROM a\nRUN " + "x" * 65_531 + "\nRUN y")


@pytest.mark.parametrize(
    ("text", "here", "there"),
    [
        ('CMD ["a"] b', [('["a"] b',)], [("a",)]),
        ("# check=x\n# escape=`\nCMD a `\n b", [("a  b",)], [("a `",), ()]),
        ("RUN ${a#b} <<E\nx\nE", [("${a#b} <<E",)], [("${a#b} <<E",), (), ()]),
        ("RUN ${a/b/c} <<E\nE", [("${a/b/c} <<E",)], [("${a/b/c} <<E",), ()]),
    ],
)
def test_newer_versions_of_buildkit_differ(
    text: str, here: list[tuple[str, ...]], there: list[tuple[str, ...]]
) -> None:
    reading = theirs(text)
    assert reading is not None
    assert [one.values for one in reading] == there
    file = read(Source("Dockerfile", text))
    assert [one.values for one in ours(file)] == here


LINE_ENDS = ["\n", "\n", "\n", "\r\n", " \\\n", "\\\\\n", " \\ \n", "\n\n", "", " "]
PIECES = [
    *("FROM a", "FROM a AS b", "RUN ", "RUN x", "COPY a b", "COPY <<EOF /x"),
    *("RUN <<EOF", "RUN <<-EOF cat", "RUN 3<<'E O'", "EOF", "\tEOF", "E O", "<<", "<"),
    *("ENV a=b", "ENV a b c", "LABEL ", "ARG x", "ARG x=1 y", "USER a b", "EXPOSE 1"),
    *("HEALTHCHECK CMD ", "HEALTHCHECK NONE", "ONBUILD ", "ONBUILD RUN", "CMD "),
    *("VOLUME ", "SHELL ", '["a", "b"]', '["\\u0041\\n"]', "[1]", "[", "]", ","),
    *("# c", "#", "# escape=`", "# syntax=x", "`", "\\", '"', "'", "=", "a", "--x=y"),
    *("--x", "--", " -- ", "--a='b c'", '--a="b\\"c" ', "$", "$(x)", "${a:-b}", "{"),
    *("}", "&&", "|", "\t", "\v", "\f", "\r"),
]


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(LINE_ENDS)), max_size=14))
def test_the_parsers_agree_on_generated_files(pieces: list[tuple[str, str]]) -> None:
    agree("".join(piece + end for piece, end in pieces))


@given(st.lists(st.sampled_from(["RUN", "CMD", " ", "\xa0", "\x85", "\u2003", "é"])))
def test_the_parsers_agree_on_unusual_spaces(pieces: list[str]) -> None:
    agree("RUN x" + "".join(pieces) + "\n" + "".join(pieces))
