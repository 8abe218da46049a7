"""The place of the cursor in a Dockerfile that is half typed."""

from __future__ import annotations

from tightship.lazy import Record, regex

_ESCAPE = regex(
    r"(?i)\A(?:[ \t]*\#[ \t]*\w+[ \t]*=[^\n]*\n)*?[ \t]*\#[ \t]*escape[ \t]*=[ \t]*(\S)"
)
_HEREDOC = regex(r"<<-?([\"']?)([A-Za-z_][\w.-]*)\1")
_TAKES_HEREDOC = ("RUN", "COPY", "ADD")
_ONBUILD = "ONBUILD"
_BLANKS = " \t"
_FLAG = "--"


class Place(Record):
    """What is written at an offset of a Dockerfile.

    ``keyword`` is that of the instruction, in capitals, and empty where it is being typed;
    ``is_trigger`` tells that it is behind an ONBUILD. ``words`` are the arguments before the
    one at the cursor, and ``flags`` the names and values of the flags. ``start`` and ``end``
    delimit the word. In a heredoc, only variables are offered. ``comment`` is the text of a
    comment up to the cursor.
    """

    keyword: str
    is_trigger: bool
    words: tuple[str, ...]
    flags: tuple[tuple[str, str], ...]
    start: int
    end: int
    at: int
    begin: int
    in_heredoc: bool = False
    comment: str | None = None


def escape_of(text: str) -> str:
    """Return the character that continues lines."""
    found = _ESCAPE.match(text)
    return found[1] if found is not None and found[1] in "\\`" else "\\"


def place(text: str, at: int) -> Place:
    """Return the place of an offset."""
    escape = escape_of(text)
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin:at]
    start, joined, heredoc = _instruction(text, begin, escape)
    if heredoc:
        return _made("RUN", (), text, at, start, in_heredoc=True)
    if line.lstrip(_BLANKS).startswith("#"):
        return _made("", (), text, at, start, comment=line.lstrip(_BLANKS)[1:])
    return _made_of(joined + line, text, at, start)


def _instruction(text: str, begin: int, escape: str) -> tuple[int, str, bool]:
    """Return where the instruction of a line begins, its text before it, and if it is a heredoc.

    Lines are read from the top, since only that tells what is inside a heredoc.
    """
    start, joined = 0, ""
    ends: list[str] = []
    is_open = False
    at = 0
    while at < begin:
        end = text.index("\n", at)
        line = text[at:end].rstrip("\r")
        bare = line.strip(_BLANKS)
        if ends:
            if line.lstrip("\t") == ends[0]:
                ends.pop(0)
        elif not bare or bare[0] == "#":
            pass  # also between the lines of an instruction
        else:
            if not is_open:
                start, joined = at, ""
            is_open = bare.endswith(escape)
            joined += bare.removesuffix(escape) + " " if is_open else bare
            if not is_open:
                if joined.partition(" ")[0].upper() in _TAKES_HEREDOC and "<<" in joined:
                    ends = [found[2] for found in _HEREDOC.finditer(joined)]
                joined = ""
        at = end + 1
    return (start if is_open or ends else begin), joined if is_open else "", bool(ends)


def _made_of(before: str, text: str, at: int, begin: int) -> Place:
    words = before.split()
    current = words.pop() if words and before[-1:] not in (*_BLANKS, "") else ""
    keyword, is_trigger = "", False
    if words and words[0].upper() == _ONBUILD and len(words) >= 1:
        is_trigger = True
        words.pop(0)
    if words:
        keyword = words.pop(0).upper()
    flags: list[tuple[str, str]] = []
    while words and words[0].startswith(_FLAG):
        name, _, value = words.pop(0).removeprefix(_FLAG).partition("=")
        flags.append((name, value))
    made = _made(keyword, tuple(words), text, at, begin, is_trigger=is_trigger, flags=tuple(flags))
    return made if current else made.replaced(start=at)


def _made(
    keyword: str,
    words: tuple[str, ...],
    text: str,
    at: int,
    begin: int,
    *,
    is_trigger: bool = False,
    flags: tuple[tuple[str, str], ...] = (),
    in_heredoc: bool = False,
    comment: str | None = None,
) -> Place:
    start = end = at
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return Place(
        *(keyword, is_trigger, words, flags, start, end, at, begin),
        in_heredoc=in_heredoc,
        comment=comment,
    )
