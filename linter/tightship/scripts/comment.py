"""What ShellCheck says about a script: a comment, with the fix that it offers."""

from __future__ import annotations

from tightship.findings import Fix, Severity
from tightship.text import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final, TypedDict

    from tightship.scripts.snippet import Snippet
    from tightship.text import Span

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

    def fix(self) -> Fix | None:
        """Return ShellCheck's own fix, if each of its edits is certain in the file."""
        edits = [_edit(self.snippet, one, self._around) for one in self._replacements]
        made = tuple(edit for edit in edits if edit is not None)
        if len(made) < len(edits):
            return None
        return Fix.unsafe(
            f"Apply ShellCheck's fix for {self.code}",
            made,
            may_break="a script that relies on the way in which the shell reads it now, such"
            " as with a variable that has to become several words",
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
