"""Edits that add a suppression comment for a finding."""

from __future__ import annotations

from tightship.engine.accept.commented_file import (
    CommentedCompose,
    CommentedDockerfile,
    file_of,
    hold,
)
from tightship.findings import Suppression
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.syntax.yaml.nodes import Scalar
from tightship.text import Edit, Source, Span, apply_edits
from tightship.values.peer_id import FOR_ANOTHER_LINTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.engine.accept.commented_file import CommentedFile, Edits, Kind, Places
    from tightship.engine.verdict import JudgedFinding
    from tightship.rules.definition import Rule


_INDENT = regex(r"[ \t]*")


def can_suppress(judged: JudgedFinding, kind: Kind) -> bool:
    """Return whether a comment may accept a finding, wherever it is in the text."""
    if Suppression in judged.rule.on:
        return False  # findings about comments cannot be accepted by comments
    # Comments in files of variables accept nothing.
    return kind != "compose" or judged.span.source.name.endswith((".yaml", ".yml"))


def suppress(
    findings: Sequence[JudgedFinding],
    reason: str = "",
    *,
    whole_file: bool = False,
    kind: Kind = "compose",
) -> tuple[Edit, ...]:
    """Return the edits that add one comment for findings that begin at one place.

    The comment gets its own line above that of the findings, or a comment there is
    extended. What YAML or BuildKit reads does not change. Return no edits where a
    comment cannot work: above a parser directive, or inside a quoted text.

    Args:
        findings: at least one.
        reason: the reason in the comment; a gap is not accepted without one.
        whole_file: whether to accept all findings of the rule in the file.
        kind: the kind of the finding's file.

    """
    first = findings[0]
    if not all(can_suppress(one, kind) for one in findings):
        return ()
    rules = [*dict.fromkeys(one.rule for one in findings)]
    reason, start = _one_line(reason), first.span.start
    file = file_of(first.span.source, kind)
    if isinstance(file, CommentedCompose) and is_inline(first):
        return _inline(file, start, rules, reason, whole_file)
    return _comment_edits(file, start, rules, reason, whole_file)


def comment_above(
    file: CommentedFile, line: int, known: Suppression | None, rules: Sequence[Rule], reason: str
) -> Edits:
    """Return the edits that add rules to a known comment on a line, or a new one above it."""
    reason = _one_line(reason)
    made = _extension(known, rules, reason) if known is not None else ()
    if made:
        return made
    names = ", ".join(rule.name for rule in rules)
    comment = f"{file.mark} tightship: ignore[{names}] {reason}".rstrip()
    return (_comment_line(file, _place_above(file.source, line), line, comment),)


def _one_line(reason: str) -> str:
    words = " ".join(reason.split())
    return "".join(char for char in words if char.isprintable())


def is_inline(judged: JudgedFinding) -> bool:
    """Return whether a finding is in an inline Dockerfile."""
    path = judged.key_path
    if path[:1] != ("services",) or path[2:4] != ("build", "dockerfile_inline"):
        return False
    return len(path) > 4 or judged.rule.language == "dockerfile"


def _comment_edits(
    file: CommentedFile, offset: int, rules: Sequence[Rule], reason: str, whole_file: bool
) -> Edits:
    """Return the first edits that accept a finding at an offset and change nothing else."""
    scope = "-file" if whole_file else ""
    names = ", ".join(rule.name for rule in rules)
    comment = f"{file.mark} tightship: ignore{scope}[{names}] {reason}"
    lines = [None] if whole_file else dict.fromkeys(file.lines(offset))
    for line in lines:
        for known in reversed(file.suppressions):
            made = _extension(known, rules, reason) if is_at(known, line) else ()
            if made and file.accepts(made, offset, rules):
                return made
        at = file.top if line is None else _place_above(file.source, line)
        made = (_comment_line(file, at, line, comment.rstrip()),)
        if file.accepts(made, offset, rules):
            return made
    return ()


def is_at(known: Suppression, line: int | None) -> bool:
    """Return whether a comment is about a line or, without one, about the file."""
    if known.is_foreign:
        return False
    is_whole = "ignore-file" in known.span.text.partition("[")[0]
    if line is None or is_whole:
        return line is None and is_whole
    return known.span.source.line_start(known.start) == line


def _extension(known: Suppression, rules: Sequence[Rule], reason: str) -> Edits:
    """Return edits that add rules to a comment, and a reason if it has none."""
    source, end = known.span.source, known.span.start + len(known.span.text.rstrip())
    made = list[Edit]()
    if not known.words:
        return ()
    named = frozenset[str]().union(*(word.rules for word in known.words))
    missing = [rule.name for rule in rules if rule.name not in named]
    if missing:
        place = known.words[-1].span.end
        made.append(Edit(Span(source, place, place), f", {', '.join(missing)}"))
    if reason and not known.reason:
        made.append(Edit(Span(source, end, known.span.end), f" {reason}"))
    return tuple(made)


def _place_above(source: Source, line: int) -> int:
    """Return the place of a comment above a line, and above directives of linters."""
    while line > 0:
        before = source.line_start(line - 1)
        if not FOR_ANOTHER_LINTER.match(source.text, before):
            break
        line = before
    return line


def _comment_line(file: CommentedFile, at: int, line: int | None, comment: str) -> Edit:
    """Return an edit that adds a comment line, indented as the line that it is about."""
    source = file.source
    newline = _newline(source, at)
    indent = _INDENT.match(source.text, line) if line is not None and file.is_indented else None
    text = f"{indent[0] if indent else ''}{comment}{newline}"
    if at == len(source.text) and at > source.line_start(at):
        text = newline + comment
    return Edit(Span(source, at, at), text)


def _newline(source: Source, at: int) -> str:
    end = source.line_end(at)
    if source.text.startswith("\r\n", end):
        return "\r\n"
    return source.text[end : end + 1] or source.newline


def _inline(
    file: CommentedCompose, offset: int, rules: Sequence[Rule], reason: str, whole_file: bool
) -> Edits:
    """Return the edits in the text of a ``dockerfile_inline``.

    It has comments of its own. Only a literal block (``|``) has its lines verbatim.
    """
    nodes = file.nodes(offset)
    scalar = nodes[-1] if nodes else None
    if not isinstance(scalar, Scalar) or scalar.style != "|":
        return ()
    source, inner = file.source, Source(file.source.name, scalar.value)
    first = source.point(scalar.span.start)[0] + 1
    indent = _indent(source, first, scalar.value.split("\n"))
    if indent is None:
        return ()

    number, column = source.point(offset)
    number, column = max(number - first, 0), max(column - indent, 0)
    if number >= len(inner.line_starts):
        return ()
    place = min(inner.line_starts[number] + column, len(inner.text))
    made = _comment_edits(CommentedDockerfile(inner), place, rules, reason, whole_file)
    if not made:
        return ()
    edits = list[Edit]()
    for edit in made:
        number, column = inner.point(edit.span.start)
        line = number + first
        if line >= len(source.line_starts):
            return ()
        at = source.line_starts[line] + indent + column
        newline = _newline(source, source.line_starts[line])
        text = edit.text.replace("\n", newline + " " * indent)
        length = edit.span.end - edit.span.start
        edits.append(Edit(Span(source, at, at + length), text))
    new = CommentedCompose(Source(source.name, apply_edits(source, edits)))
    changes = [pair for pair in zip(file.meaning, new.meaning, strict=False) if pair[0] != pair[1]]
    wanted = ("|", scalar.value), ("|", apply_edits(inner, made))
    return tuple(edits) if changes == [wanted] else ()


def _indent(source: Source, first: int, lines: list[str]) -> int | None:
    """Return the indentation of a block if its lines are verbatim in the file."""
    for number, line in enumerate(lines, first):
        if number >= len(source.line_starts):
            return None
        if line:
            written = source.line(number)
            return len(written) - len(line) if written.endswith(line) else None
    return None


_MOST_TRIALS = 60


class _Comment(Record):
    """A comment for the findings of a line, at some places with their rules."""

    line: int
    edits: Edits
    places: Places


def suppress_all(
    source: Source, places: Places, reason: str, kind: Kind
) -> tuple[list[Edit], set[int]]:
    """Return the edits that accept rules at places, and the places that they accept.

    What YAML or BuildKit reads does not change. Findings of one line share a comment. The
    comments are planned on the text as it is, and tried together: the file is read a few
    times, however many they are. What cannot be planned like that is left, to be tried alone.
    """
    file = file_of(source, kind)
    by_line: dict[int, dict[int, Sequence[Rule]]] = {}
    # The last finding of a line is the first in its comment.
    for place in sorted(places, reverse=True):
        line = next((one for one in file.lines(place) if file.takes(one)), None)
        if line is not None:
            by_line.setdefault(line, {})[place] = places[place]
    known: dict[int, Suppression] = {}
    for one in file.suppressions:
        line = source.line_start(one.start)
        if is_at(one, line):
            known[line] = one
    planned = list[_Comment]()
    for line, at in sorted(by_line.items()):
        rules = [*dict.fromkeys(rule for some in at.values() for rule in some)]
        edits = comment_above(file, line, known.get(line), rules, reason)
        planned.append(_Comment(line, edits, at))
    comments = _Trials(file).holding(planned)
    return (
        [edit for one in comments for edit in one.edits],
        {place for one in comments for place in one.places},
    )


class _Trials:
    """Tries comments together, and in halves if they change what the file says."""

    def __init__(self, file: CommentedFile) -> None:
        self._file = file
        self._left = _MOST_TRIALS

    def holding(self, comments: Sequence[_Comment]) -> Sequence[_Comment]:
        """Return those that hold where they should, and change nothing else."""
        if not comments or not self._left:
            return ()
        failed = self._failing(comments)
        if failed is None:
            if len(comments) == 1:
                return ()
            half = len(comments) // 2
            return self.holding([*self.holding(comments[:half]), *self.holding(comments[half:])])
        if not failed:
            return comments
        return self.holding([one for one in comments if one not in failed])

    def _failing(self, comments: Sequence[_Comment]) -> set[_Comment] | None:
        """Return the comments that do not hold; None if all of them cannot be there."""
        self._left -= 1
        found = self._file.after([edit for one in comments for edit in one.edits])
        if found is None:
            return None
        suppressions, moved = found
        at: dict[int, list[Suppression]] = {}
        for one in suppressions:
            at.setdefault(one.span.source.line_start(one.start), []).append(one)
        return {
            comment
            for comment in comments
            if not hold(
                at.get(moved.place(comment.line), ()),
                {moved.place(place): rules for place, rules in comment.places.items()},
            )
        }
