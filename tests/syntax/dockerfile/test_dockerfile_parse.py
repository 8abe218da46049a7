"""Differential: the package ``dockerfile-parse``, an independent reader in Python.

It knows neither heredocs nor flags nor places within a line, and differs from BuildKit
in what these tests leave out: it ends an instruction at a blank line, continues one
after a doubled escape, drops one that a continuation ends, keeps an escape that follows
a keyword at once, and takes U+00A0 for a space.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol, TypedDict, cast

import pytest
from hypothesis import given, strategies as st

from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:

    class Found(TypedDict):
        instruction: str
        startline: int
        endline: int
        value: str

    class Parser(Protocol):
        structure: list[Found]

    class Module(Protocol):
        def DockerfileParser(self, fileobj: io.BytesIO) -> Parser: ...  # noqa: N802


module = cast("Module", pytest.importorskip("dockerfile_parse"))

Outline = list[tuple[str, int, int, str]]


def theirs(text: str) -> Outline:
    structure = module.DockerfileParser(fileobj=io.BytesIO(text.encode())).structure
    return [
        (found["instruction"], found["startline"], found["endline"], found["value"])
        for found in structure
        if found["instruction"] != "COMMENT"
    ]


def ours(source: Source) -> Outline:
    """Return each instruction with the text behind its keyword, flags included."""
    outline: Outline = []
    for one in read(source).instructions:
        flags = [flag.span.text for flag in one.flags]
        (first, _), (last, _) = map(source.point, (one.span.start, one.span.end))
        outline.append((one.name, first, last, " ".join([*flags, one.body.text])))
    return outline


def flat(outline: Outline) -> Outline:
    """Take white space for equal, of which the other reader keeps less."""
    return [
        (name, first, last, "".join(value.replace("\\\n", "").split()))
        for name, first, last, value in outline
    ]


def test_the_parsers_agree_on_real_dockerfiles(dockerfiles: list[Source]) -> None:
    compared = 0
    for source in dockerfiles:
        if not any(one.heredocs for one in read(source).instructions):
            compared += 1
            assert flat(ours(source)) == flat(theirs(source.text)), source.name
    assert compared > len(dockerfiles) // 2


WORDS = ["a", "--x=y", "'b c'", '"d"', "=", "$E", "x#", '["f"]', "&&", "|", "é"]
KEYWORDS = ["FROM", "run", "Copy", "ENV", "LABEL", "ONBUILD", "CMD", "NOTHING"]
BREAKS = [" ", " ", "  ", "\t", " \\\n", " \\\n    ", " \\ \n", " \\\n# c\n", " \\\n \t"]


@st.composite
def texts(draw: st.DrawFn) -> str:
    lines = list[str]()
    for keyword in draw(st.lists(st.sampled_from(KEYWORDS), max_size=5)):
        lines += draw(st.lists(st.sampled_from(["", "# c", "  # d \\", " "])))
        line = draw(st.sampled_from(["", "  ", "\t"])) + keyword
        for word in draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)):
            line += draw(st.sampled_from(BREAKS)) + word
        lines.append(line + draw(st.sampled_from(["", "  ", "\t"])))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + "\n"


@given(texts())
def test_the_parsers_agree_on_generated_files(text: str) -> None:
    assert flat(ours(Source("Dockerfile", text))) == flat(theirs(text))


@pytest.mark.parametrize(
    "text",
    [
        "RUN a \\\n\n b\n",
        "RUN a \\\\\nRUN b\n",
        "FROM a\nRUN b \\\n",
        "FROM\xa0a\n",
        "FROM\\\n a\n",
        "RUN <<E\nx\nE\n",
    ],
)
def test_dockerfile_parse_differs_only_where_we_agree_with_buildkit(text: str) -> None:
    assert flat(ours(Source("Dockerfile", text))) != flat(theirs(text))
