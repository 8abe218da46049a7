"""Hostile files: steps are counted, so that nothing grows faster than its file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def steps(text: str) -> int:
    """Count the lines of Python that are run to read a text."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    source = Source("Dockerfile", text)
    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        read(source)
    finally:
        sys.settrace(before)
    return count


GROWING: dict[str, Callable[[int], str]] = {
    "instructions": lambda n: "RUN a\n" * n,
    "unknown": lambda n: "x\n" * n,
    "continuations": lambda n: "RUN a" + " \\\n b" * n,
    "blank continuations": lambda n: "RUN a \\" + "\n" * n,
    "comments": lambda n: "# a=b\n" * n,
    "words": lambda n: "COPY" + " a" * n,
    "cut words": lambda n: "COPY" + " a\\\nb" * n,
    "pairs": lambda n: "ENV" + " a='b c'" * n,
    "open quotes": lambda n: "ENV a=" + "'\"" * n,
    "escapes": lambda n: "ENV a=" + "\\" * n,
    "flags": lambda n: "RUN" + " --a=b" * n,
    "quoted flags": lambda n: "RUN" + " --a='b'" * n,
    "triggers": lambda n: "ONBUILD " * n,
    "json": lambda n: "CMD [" + '"a",' * n,
    "nested json": lambda n: "CMD " + "[" * n,
    "mount options": lambda n: "RUN --mount=" + "a=b," * n,
    "heredocs": lambda n: "RUN <<E\nE\n" * n,
    "heredocs without end": lambda n: "".join(f"RUN <<E{i}\n" for i in range(n)),
    "heredocs on one line": lambda n: "RUN" + " <<E" * n,
    "substitutions": lambda n: "RUN <<" + "${a:-" * n,
    "many substitutions": lambda n: "RUN <<a" + " ${a:-b c}" * n,
    "carriage returns": lambda n: "FROM a\r" * n,
    "braces": lambda n: "{{\n" * n,
}


@pytest.mark.parametrize("name", GROWING)
def test_the_steps_grow_with_the_file(name: str) -> None:
    small, large = steps(GROWING[name](200)), steps(GROWING[name](800))
    assert large < 5 * small + 500


LARGE: dict[str, str] = {
    "many instructions": "RUN a \\\n b\n" * 100_000,
    "many heredocs that do not end": "".join(f"RUN <<{i}\n" for i in range(30_000)),
    "a line of words": "ENV " + "a='b' " * 11_000,
    "a line of quotes": "ENV " + "\"'" * 32_000,
    "a line of escapes": "ENV a" + "\\" * 65_000,
    "a line of brackets": "CMD " + "[" * 65_000,
    "a line of strings": "CMD [" + '"\\u0061",' * 7_000 + "]",
    "a line of substitutions": "RUN <<" + "${a:-" * 13_000,
    "a line of spaces": "RUN" + " " * 65_000 + "x" + " \\" * 10,
    "a directive of spaces": "# escape" + " " * 65_000 + "\nFROM a",
    "binary": bytes(range(256)).decode("latin-1") * 400,
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_is_read_to_its_end(name: str) -> None:
    file = read(Source("Dockerfile", LARGE[name]))
    assert len(file.problems) <= 101
    assert file.instructions
