"""Explains syntax errors of YAML, and says how to read on past them."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax import SyntaxProblem
from tightship.syntax.yaml.nodes import BREAKS, line_end, line_start
from tightship.text import Span

if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

    from tightship.syntax.yaml.nodes import Scalar
    from tightship.text import Source

# What YAML forbids anywhere (YAML 1.1, c-printable), and byte order marks where
# a line starts: libyaml skips those, and its positions may be wrong then.
_FORBIDDEN = regex(
    f"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|(?<![^{BREAKS}])\ufeff"
)
_ANYTHING = regex(f"[^{BREAKS}]")
_BREAK = regex(f"\r\n|[{BREAKS}]")
_WORD = regex(rf"[^\s]+|[^{BREAKS}]")
_INDENT = regex("[ \t]*")
_NEXT_TEXT = regex(rf"[{BREAKS}]+(?:[ \t]*(?:#[^{BREAKS}]*+)?[{BREAKS}]+)*+( *)")
_ENTRY = regex(rf"[ \t]*+(?:- )?[^{BREAKS}]*?:[ \t]")
_BLOCK_LINE = regex(rf"- |[^{BREAKS}]*?:(?:[ \t{BREAKS}]|$)")
_ESCAPE = regex(r"\\(?:x\S{0,2}|u\S{0,4}|U\S{0,8}|\S?)")
_STRAY = regex(r"[^\w\s][ \t]+")
_KEY = regex(r"[\w.-]{2,}(?=[ \t]*$)")
_CLOSING = {"[": "]", "{": "}"}

KEY = "k:"
"""The text read in place of a key that lacks its colon, of two characters or more."""

_NO_COLON = "a `:` is missing after this key"


class Stop:
    """Where reading stopped and why, and what to skip to read on.

    ``skip`` is what to skip, its line by default, and ``put`` what to read in
    its place: a comma that is missing, or :data:`KEY` for a key without its colon,
    which has to stay since what it holds is below.
    """

    __slots__ = ("end", "message", "put", "skip", "start")

    def __init__(
        self,
        text: str,
        start: int,
        message: str,
        skip: tuple[int, int] | None = None,
        *,
        put: str = "",
        width: int | None = None,
    ) -> None:
        """Point at the word at ``start``, or at the character before a line's end."""
        found = _WORD.match(text, start, start + width if width else len(text))
        if found:
            self.start, self.end = found.span()
        else:
            shown = len(text[:start].rstrip())
            self.start, self.end = max(shown - 1, 0), shown
        self.message = message
        self.skip = skip or _line(text, self.start)
        self.put = put

    def problem(self, source: Source) -> SyntaxProblem:
        """Return the fault as a problem of the file."""
        return SyntaxProblem(Span(source, self.start, self.end), self.message)

    def repaired(self, text: str, keys: dict[int, str]) -> str:
        """Return a text of the same length without what is at fault.

        In place of a key without a colon stands a shorter one that has it; ``keys``
        takes what is really written there.
        """
        start, end = self.skip
        if self.put == KEY:
            keys[start] = text[start:end]
        blank = self.put + _ANYTHING.sub(" ", text[start:end])[len(self.put) :]
        return text[:start] + blank + text[end:]


def without_forbidden(text: str) -> tuple[str, Stop | None]:
    """Put U+FFFD where a character is forbidden; point at the first."""
    found = _FORBIDDEN.search(text)
    if not found:
        return text, None
    clean, count = _FORBIDDEN.sub("\ufffd", text), len(_FORBIDDEN.findall(text))
    more = f" (and {count - 1} more such places)" if count > 1 else ""
    message = f"the character U+{ord(found[0]):04X} is not allowed here{more}"
    return clean, Stop(text, found.start(), message, found.span(), width=1)


def too_deep(text: str, index: int, limit: int) -> Stop:
    """Say that collections nest deeper than we read."""
    return Stop(text, index, f"nested deeper than {limit} levels")


def explain(text: str, error: MarkedYAMLError, last: Scalar | None, bracket: int | None) -> Stop:
    """Say what a parser stumbled on.

    ``last`` is the last scalar that it gave, ``bracket`` the place of the innermost
    bracket that is still open. The words tested for are those of libyaml and of
    PyYAML's own scanner and parser, which differ.
    """
    problem, context = error.problem or "", error.context or ""
    at = error.problem_mark.index if error.problem_mark else len(text)
    since = error.context_mark.index if error.context_mark else at
    start = line_start(text, at)
    if "quoted" in context:
        if "end of stream" in problem or "document" in problem:
            return _value(text, since, "this quote is never closed")
        return _in_quotes(text, at, start, f"{context}: {problem}")
    if (
        text[at : at + 1] == "\t"
        or " tab " in problem
        or (bracket is None and "\t" in _indent(text, start))
    ):
        tab = text.find("\t", start)
        return Stop(text, tab, "a tab is used for indentation: YAML requires spaces")
    if "cannot start any token" in problem:
        return _value(text, at, f"`{text[at : at + 1]}` cannot start a value: put it in quotes")
    if "could not find expected ':'" in problem:
        return _value(text, since, _NO_COLON)
    if context == "while scanning an alias" or context == "while scanning an anchor":
        what, sign = context.split()[-1], text[since : since + 1]
        return _value(
            text, since, f"`{sign}` starts an {what}, which needs a name: quote other text"
        )
    if "scanning" in context:
        return _value(text, since, f"not readable as YAML {context}: {problem}")
    return (
        _swallowing(text, at, start, last, bracket)
        or (_in_brackets(text, at, bracket) if bracket is not None else None)
        or _misplaced(text, at, start, last, f" {context}: {problem}".replace(" : ", ": "))
    )


def _in_quotes(text: str, at: int, start: int, problem: str) -> Stop:
    """Explain a problem inside of quotes, most often an escape that YAML does not have."""
    escape = _ESCAPE.match(text, max(text.rfind("\\", start, at + 1), start))
    if not escape:
        return Stop(text, at, f"not readable as YAML {problem}")
    message = f"`{escape[0]}` is not an escape in double quotes"
    return Stop(text, escape.start(), message, width=len(escape[0]))


def _swallowing(
    text: str, at: int, start: int, last: Scalar | None, bracket: int | None
) -> Stop | None:
    """Explain a token after a scalar that began above and ends on the token's line."""
    if last is None or last.style in ("|", ">"):
        return None
    begin = last.span.start
    if not begin < start < last.span.end:
        return None
    if last.style:
        return _value(text, begin, "this quote is closed at a wrong place")
    line = line_start(text, begin)
    if not text[line:begin].strip(" \t-"):
        return _value(text, begin, _NO_COLON)
    if bracket is None and text[at : at + 1] == ":":
        word = start + len(_indent(text, start))
        return Stop(
            text, word, "this line is indented deeper than the one before", _block(text, word)
        )
    return None


def _in_brackets(text: str, at: int, bracket: int) -> Stop:
    """Explain a token that does not fit in: a bracket is open, or a comma missing."""
    opening = text[bracket]
    closing = _CLOSING.get(opening, "]")
    start = line_start(text, at)
    outer, outer_end = _line(text, bracket)
    shallow = len(_indent(text, start)) <= len(_indent(text, outer))
    if at < len(text):
        if text[at] in "]}":
            return Stop(text, at, f"`{text[at]}` does not close the `{opening}` above", width=1)
        if outer == start or not shallow:
            message = f"a `,` or `{closing}` is missing before this"
            if text[at] != ":" and text[at - 1] == " ":
                return Stop(text, at, message, (at - 1, at), put=",")
            return Stop(text, at, message)
    following = _NEXT_TEXT.match(text, outer_end)
    if not following or _BLOCK_LINE.match(text, following.end()):
        skip = _value(text, bracket, "").skip
    else:
        skip = outer, max(start, outer_end)
    return Stop(text, bracket, f"this `{opening}` is never closed", skip, width=1)


def _misplaced(text: str, at: int, start: int, last: Scalar | None, problem: str) -> Stop:
    """Explain a valid token in a wrong place."""
    if "directive" in problem or "tag handle" in problem:
        return Stop(text, at, f"not readable as YAML{problem}")
    character = text[at : at + 1]
    first = not text[start:at].strip()
    if character in ("]", "}"):
        skip = _value(text, at, "").skip
        return Stop(text, at, f"`{character}` closes nothing", skip, width=1)
    if "mapping values are not allowed" in problem:
        value = last.span.start if last is not None and last.span.start >= start else at
        message = "a `:` inside a plain value: put the value in quotes"
        return Stop(text, at, message, _value(text, value, message).skip, width=1)
    if "expected '-' indicator" in problem or "parsing a block collection" in problem:
        message = "a list item was expected here: it starts with `- `"
        return Stop(text, at, message, _block(text, at))
    if first and character:
        if _STRAY.match(text, at) and character != "-":
            return _value(text, at, f"`{character}` has no meaning here")
        block: tuple[int, int] | None = None
        if _BLOCK_LINE.match(text, at):
            block = _block(text, at, siblings="document start" not in problem)
            above = _deeper_above(text, start, at - start)
            parent = text[at : line_end(text, at)].rstrip().endswith(":")
            if parent and start - above < block[1] - block[0]:
                # The lines above lack their key, rather than this one its indentation.
                block = above, start
        message = "the indentation of this line fits nothing above it"
        return Stop(text, at, message, block)
    if "sequence entries are not allowed" in problem:
        message = "a list starts on its own line, below its key"
        return _value(text, at, message)
    if character:
        return Stop(text, at, "this cannot follow the text before it on the line")
    return Stop(text, at, f"not readable as YAML{problem}")


def _value(text: str, index: int, message: str) -> Stop:
    """Blame the text at an index, and skip its line.

    If the lines below are indented deeper, the key stays, so that they keep their
    place; a stray character does not cost the entry behind it.
    """
    start, end = _line(text, index)
    indent = len(_indent(text, start))
    first = index == start + indent
    stray = _STRAY.match(text, index, end) if first else None
    if stray and _BLOCK_LINE.match(text, stray.end()):
        return Stop(text, index, message, (index, index + 1))
    below = _NEXT_TEXT.match(text, end)
    if below and len(below[1]) > indent:
        entry = _ENTRY.match(text, start, index)
        if entry:
            return Stop(text, index, message, (entry.end(), end))
        word = _KEY.match(text, index, end)
        if first and word:
            return Stop(text, index, message, word.span(), put=KEY)
    return Stop(text, index, message)


def _block(text: str, index: int, *, siblings: bool = True) -> tuple[int, int]:
    """Return the span of a line, the lines below it, and perhaps those next to it."""
    start, end = _line(text, index)
    indent = index - start
    while following := _NEXT_TEXT.match(text, end):
        column, word = len(following[1]), text[following.end() : following.end() + 2]
        beside = column == indent and (
            word == "- " if text[index] == "-" else siblings and word != "- "
        )
        if (column <= indent and not beside) or following.end() == len(text):
            break
        end = line_end(text, following.end())
    return start, end


def _deeper_above(text: str, start: int, indent: int) -> int:
    """Return where the lines begin that lead to a line and are indented deeper."""
    above = start
    lines = [0, *(found.end() for found in _BREAK.finditer(text, 0, start))]
    for line in reversed(lines[:-1]):
        if len(_indent(text, line)) <= indent and text[line:above].strip():
            break
        above = line
    return above


def _line(text: str, index: int) -> tuple[int, int]:
    return line_start(text, index), line_end(text, index)


def _indent(text: str, start: int) -> str:
    found = _INDENT.match(text, start)
    return found[0] if found else ""
