"""Edits of instructions that keep the rest of the text as it is."""

from __future__ import annotations

from tightship.findings import Fix
from tightship.lazy.regex import regex
from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.dockerfile.nodes import Instruction

_REST = {
    escape: regex(rf"[ \t]*+({mark}[ \t]*+\r?\n)?")
    for escape, mark in (("\\", r"\\"), ("`", "`"))
}


def respelled(span: Span, word: str, wanted: str) -> Fix | None:
    """Return the fix that writes a word in another way.

    There is none if the word is not written as it reads, but with quotes or escapes.
    """
    if span.text != word:
        return None
    return Fix.safe(f"Write `{wanted}`", (Edit(span, wanted),))


def without_flag(instruction: Instruction, name: str, escape: str) -> tuple[Edit, ...]:
    """Return what takes a flag away, and its line if nothing else stands on it.

    There is nothing to offer if a line continuation cuts the flag.
    """
    flag = instruction.flag(name)
    if flag is None or "\n" in flag.span.text:
        return ()
    source, start, end = flag.span.source, flag.span.start, flag.span.end
    line = source.text.rfind("\n", 0, start) + 1
    rest = _REST[escape].match(source.text, end)
    assert rest is not None
    if rest[1] is not None and not source.text[line:start].strip(" \t"):
        return (Edit(Span(source, line, rest.end()), ""),)
    end = rest.start(1) if rest[1] is not None else rest.end()
    return (Edit(Span(source, start, end), ""),)
