"""A script as ShellCheck gets it, and ShellCheck's comments at their places."""

from __future__ import annotations

from tightship.commands.program import program_name
from tightship.findings import Fix, Severity
from tightship.lazy import TYPE_CHECKING, Record, lazy_property, regex
from tightship.syntax.shell.text import UNKNOWN
from tightship.text import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Final, Literal, TypedDict

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.syntax.shell.text import Text
    from tightship.text import Span
    from tightship.values.image import Image

    # What is known of the value of a variable: nothing, or that it is one word, or empty.
    Value = Literal["any", "word", "empty"]
    # Tells it by the name of the variable: None for one that is not known to be set.
    Lookup = Callable[[str], Value | None]

    class Place(TypedDict):
        """A range of a script; lines and columns count from 1, the end is outside."""

        line: int
        endLine: int
        column: int
        endColumn: int

    class Replacement(Place):
        """A text that replaces a range, or is inserted where the range is empty."""

        insertionPoint: str
        precedence: int
        replacement: str

    class Answer(Place):
        """A comment of ShellCheck in its format ``json1``; ``file`` has the script."""

        file: str
        code: int
        level: str
        message: str
        fix: FixOfShellCheck | None

    class FixOfShellCheck(TypedDict):
        """The fix of a comment."""

        replacements: list[Replacement]


_INTERPRETERS = {
    "sh": "/bin/sh",
    "dash": "/bin/dash",
    "ash": "/bin/busybox sh",
    "bash": "/bin/bash",
    "rbash": "/bin/bash",
    "ksh": "/bin/ksh",
    "mksh": "/bin/ksh",
}
_ASSIGNED: Mapping[Value, str] = {"any": '"$1"', "word": "x", "empty": "''"}
_COMMENTS = regex(r"(?:[ \t]*+(?:#[^\n]*+)?\n)*+")
_SHEBANG = regex(r"#![ \t]*+(\S++)[ \t]*+([^\n]*+)")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*+")
_WORD = regex(r"[\w./:@%+,=-]++")
_STOPPING = regex(r"-[A-Za-z]*e[A-Za-z]*")


class Dialect(Record):
    """The language of a script.

    ``interpreter`` is what a shebang names, in a form that ShellCheck knows. With
    ``stops`` the shell ends at the first error, as it does with ``-e``.
    """

    interpreter: str
    stops: bool = False

    @property
    def shebang(self) -> str:
        """Return the first line of a script of this language."""
        return f"#!{self.interpreter}{' -e' if self.stops else ''}\n"


def dialect_of(program: str, words: str, image: Image | None) -> Dialect | None:
    """Return the language that a program reads; None if ShellCheck does not know it.

    Args:
        program: the name or the path of the shell.
        words: the words behind it, flags among them.
        image: the image in which the script runs, if it is known. BusyBox is the
            ``sh`` of its own image and of Alpine's.

    """
    name = program_name(program)
    if name == "sh" and image is not None and _has_busybox(image):
        name = "ash"
    found = _INTERPRETERS.get(name)
    if found is None:
        return None
    return Dialect(found, stops=any(map(_STOPPING.fullmatch, words.split())))


def dialect_of_shebang(script: str, image: Image | None) -> Dialect | None:
    """Return the language that the first line of a script names."""
    found = _SHEBANG.match(script)
    if found is None:
        return None
    program, words = found.groups()
    if program_name(program) == "env":
        named = [one for one in words.split() if one[0] != "-" and "=" not in one]
        if not named:
            return None
        program, words = named[0], words.partition(named[0])[2]
    return dialect_of(program, words, image)


def _has_busybox(image: Image) -> bool:
    tag = image.tag or ""
    return image.name in ("alpine", "busybox") or "alpine" in tag or "busybox" in tag


def known_value(text: str | None) -> Value:
    """Return what is known of a variable with this value, or with any value at all."""
    if text is None:
        return "any"
    if not text:
        return "empty"
    return "word" if _WORD.fullmatch(text) else "any"


class Snippet(Record):
    """A script, with the language and the variables that ShellCheck has to know.

    ``script`` is what ShellCheck gets. It begins with a shebang, and below the comments
    at the top a line gives the variables that the script uses their values, or what is
    known of them: a word is ``x``, so that no secret leaves the file. ``stage`` or
    ``container`` is where it runs. ``quoted`` gives a part of the script as it is
    written in the file; it is None if it is unknown.
    """

    text: Text
    dialect: Dialect
    _value_of: Lookup
    quoted: Callable[[str], str | None] = str
    stage: Stage | None = None
    container: Container | None = None

    @property
    def whole(self) -> Span:
        """Return the place of the script."""
        return self.text.span(0, len(self.text.value))

    @lazy_property
    def script(self) -> str:
        """Return the script that ShellCheck gets."""
        head, assigned, rest = self._parts
        return f"{self.dialect.shebang}{head}{assigned}{rest}"

    @lazy_property
    def _parts(self) -> tuple[str, str, str]:
        """Return the comments at the top, the line with variables, and the rest.

        ShellCheck applies directives at the top to the whole script.
        """
        value = self.text.value.replace(UNKNOWN, "x")
        if value.startswith("#!"):
            value = value.partition("\n")[2]
        top = _COMMENTS.match(value)
        at = top.end() if top else 0
        assigned = " ".join(
            f"{name}={_ASSIGNED[known]}"
            for name in dict.fromkeys(_NAME.findall(value))
            if (known := self._value_of(name)) is not None
        )
        return value[:at], assigned and f"export {assigned}\n", value[at:]

    def offset(self, line: int, column: int) -> int | None:
        """Return the offset in the text of a line and a column, counted from 1.

        There is none for the shebang and for the line with variables.
        """
        head, assigned, _ = self._parts
        number = line - 2
        above = head.count("\n")
        if assigned and number == above:
            return None
        if assigned and number > above:
            number -= 1
        if self.text.value.startswith("#!"):
            number += 1
        if number < 0 or line < 2:
            return None
        starts = self._line_starts
        if number >= len(starts):
            return len(self.text.value)
        return min(starts[number] + column - 1, len(self.text.value))

    @lazy_property
    def _line_starts(self) -> list[int]:
        starts, value = [0], self.text.value
        while (found := value.find("\n", starts[-1])) >= 0:
            starts.append(found + 1)
        return starts

    def place(self, start: int, end: int) -> Span:
        """Return the place of a part of the text: of one character at least."""
        value = self.text.value
        if start >= end:
            start = min(start, len(value))
            if start < len(value) and value[start] != "\n":
                end = start + 1
            elif start > 0 and value[start - 1] != "\n":
                start, end = start - 1, start
            else:
                end = start
        return self.text.span(start, end)


# ShellCheck reads no other files, and says so where a script does (SC1090, SC1091). The
# others are about the first line, which a script in a Dockerfile does not need.
LEFT_OUT = frozenset((1008, 1090, 1091, 1128, 2096, 2148, 2187, 2239))
"""The codes that mean nothing here."""

_SEVERITIES = {"error": Severity.ERROR, "warning": Severity.WARNING}


class ShellComment:
    """A comment of ShellCheck at its place in the file.

    ``stage`` or ``container`` is where the script runs, and ``code`` the id of the
    comment, such as ``SC2086``.
    """

    __slots__ = (
        "_around",
        "_replacements",
        "code",
        "container",
        "message",
        "severity",
        "snippet",
        "span",
        "stage",
    )

    def __init__(self, snippet: Snippet, span: Span, answer: Answer) -> None:
        self.snippet: Final = snippet
        self.stage: Final = snippet.stage
        self.container: Final = snippet.container
        self.span: Final = span
        self.code: Final = f"SC{answer['code']:04}"
        self.message: Final = answer["message"].rstrip(".")
        self.severity: Final = _SEVERITIES.get(answer["level"], Severity.INFO)
        self._around: Place = answer
        fix = answer["fix"]
        self._replacements: Sequence[Replacement] = fix["replacements"] if fix else ()

    def __repr__(self) -> str:
        return f"ShellComment({self.code} at {self.span!r})"

    @property
    def deferred(self) -> bool:
        """Return whether only a later build runs the script."""
        return self.stage is not None and self.stage.deferred

    def fix(self) -> Fix | None:
        """Return ShellCheck's own fix, if each of its edits is certain in the file."""
        edits = [_edit(self.snippet, one, self._around) for one in self._replacements]
        made = tuple(edit for edit in edits if edit is not None)
        if len(made) < len(edits):
            return None
        return Fix.changes(
            f"Apply ShellCheck's fix for {self.code}",
            made,
            may_break="the script, if it relies on how the shell reads it today, such as with a"
            " variable that becomes several words",
        )


def comments(snippet: Snippet, answers: Sequence[Answer]) -> list[ShellComment]:
    """Return the comments on a script, without those that mean nothing here."""
    made = list[ShellComment]()
    for answer in answers:
        start = snippet.offset(answer["line"], answer["column"])
        end = snippet.offset(answer["endLine"], answer["endColumn"])
        if start is None or answer["code"] in LEFT_OUT:
            continue
        span = snippet.place(start, start if end is None else end)
        made.append(ShellComment(snippet, span, answer))
    return made


def _edit(snippet: Snippet, one: Replacement, around: Place) -> Edit | None:
    """Return a replacement as an edit of the file.

    There is none where the file does not hold the script literally. ``around`` is the
    range of the comment.
    """
    start = snippet.offset(one["line"], one["column"])
    end = snippet.offset(one["endLine"], one["endColumn"])
    written = snippet.quoted(one["replacement"])
    if start is None or end is None or written is None or "\n" in written:
        return None
    text = snippet.text
    if start < end:
        span = text.span(start, end)
        is_literal = span.text == snippet.quoted(text.value[start:end])
        return Edit(span, written) if is_literal else None
    # Where a line goes on there are two places. What is found has its edits next to it.
    before = after = 1
    if start == snippet.offset(around["line"], around["column"]):
        before = 0
    elif start == snippet.offset(around["endLine"], around["endColumn"]):
        after = 0
    first, last = start - before, start + after
    if not 0 <= first < last <= len(text.value):
        return None
    span = text.span(first, last)
    if span.text != snippet.quoted(text.value[first:last]):
        return None
    place = len(snippet.quoted(text.value[first:start]) or "")
    return Edit(span.within(place, place), written)
