"""Edits of a Dockerfile that leave everything else as it is."""

from __future__ import annotations

from bisect import bisect_left

from tightship.findings import Fix
from tightship.lazy import TYPE_CHECKING, regex
from tightship.text import Edit, Span

if TYPE_CHECKING:
    from tightship.syntax.dockerfile.nodes import Dockerfile, Instruction

_REST = {
    escape: regex(rf"[ \t]*+({mark}[ \t]*+\r?\n)?") for escape, mark in (("\\", r"\\"), ("`", "`"))
}


def remove_instruction(file: Dockerfile, instruction: Instruction) -> Edit | None:
    """Return the removal of an instruction's lines; comments above them stay.

    There is none if a comment is between the lines, or something else on them. A blank
    line after it goes too if it would be the second one in a row.
    """
    lines = _lines(file, instruction)
    if lines is None or _has_comment(file, lines):
        return None
    source, start, end = lines.source, lines.start, lines.end
    before = start == 0 or not source.line(source.point(start)[0] - 1).strip()
    after = source.line_end(end)
    if before and end < len(source.text) and not source.text[end:after].strip():
        end = _next_line(file, after)
    return Edit(Span(source, start, end), "")


def respelled(span: Span, word: str, wanted: str, *, was_valid: bool = True) -> Fix | None:
    """Return the fix that spells a word differently, for a builder that took it, or refused it.

    There is none if the word is written with quotes or escapes.
    """
    if span.text != word:
        return None
    make = Fix.keeps if was_valid else Fix.corrects
    return make(f"Write `{wanted}`", (Edit(span, wanted),))


def remove_flag(instruction: Instruction, name: str, escape: str) -> tuple[Edit, ...]:
    """Return the removal of a flag, and of its line if nothing else is on it.

    There is none if a line continuation cuts the flag.
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


def insert_after(file: Dockerfile, instruction: Instruction, line: str) -> Edit | None:
    """Return the insertion of a line after the last line of an instruction."""
    lines = _lines(file, instruction)
    if lines is None:
        return None
    source = lines.source
    at = source.line_end(instruction.span.end)
    start = source.line_start(instruction.span.start)
    indent = source.text[start : instruction.span.start]
    return Edit(Span(source, at, at), f"{source.newline}{indent}{line}")


def quoted(text: str, escape: str) -> str:
    """Return a word in double quotes that expands to exactly this text, of one line."""
    for special in dict.fromkeys((escape, '"', "$")):
        text = text.replace(special, escape + special)
    return f'"{text}"'


def _lines(file: Dockerfile, instruction: Instruction) -> Span | None:
    """Return the whole lines of an instruction, if it has them for itself."""
    source, span = file.source, instruction.span
    start, end = source.line_start(span.start), source.line_end(span.end)
    if source.text[start : span.start].strip() or source.text[span.end : end].strip():
        return None
    return Span(source, start, _next_line(file, end))


def _has_comment(file: Dockerfile, lines: Span) -> bool:
    at = bisect_left(file.comments, lines)
    return at < len(file.comments) and lines.contains(file.comments[at])


def _next_line(file: Dockerfile, end: int) -> int:
    """Return where the line after a line end begins."""
    text = file.source.text
    if text.startswith("\r\n", end):
        return end + 2
    return min(end + 1, len(text))
