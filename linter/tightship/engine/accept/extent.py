"""The extent of a suppression: all that begins on its line, or on the next one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence as Listed

    from tightship.syntax.dockerfile.nodes import Dockerfile, Instruction
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source, Span

    Reach = tuple[int, int]
    Extent = Callable[[Span], Reach | None]

_COMMENT = regex(r"[ \t]*(?:#|//)")


def yaml_extent(documents: Listed[Node]) -> Extent:
    """Return a function that gives the extent of a comment in a Compose file."""
    known: dict[int, Reach | None] = {}

    def extent(comment: Span) -> Reach | None:
        line = _line_of(comment, known)
        if line is None:
            return None
        start, end = line
        for document in documents:
            if document.span.start <= end and start <= document.span.end:
                return start, max(end, _end_of_first(document, start, end))
        return line

    return extent


def _end_of_first(node: Node, start: int, end: int) -> int:
    """Return the end of the outermost entry or item that begins on a line."""
    from tightship.syntax.yaml.nodes import Mapping, Sequence  # not for Dockerfiles

    while True:
        if isinstance(node, Mapping):
            parts: Listed[Node | tuple[Node, Node]] = node.entries
        elif isinstance(node, Sequence):
            parts = node.items
        else:
            return end
        place = bisect_right(parts, end, key=_start_of) - 1
        # If several begin on the line, the first of them counts.
        while place > 0 and _start_of(parts[place - 1]) >= start:
            place -= 1
        if place < 0:
            return end
        part = parts[place]
        key, node = part if isinstance(part, tuple) else (part, part)
        if key.span.start >= start:
            return max(key.span.end, node.span.end)


def _start_of(part: Node | tuple[Node, Node]) -> int:
    return (part[0] if isinstance(part, tuple) else part).span.start


def commands_extent(commands: Listed[Span]) -> Extent:
    """Return a function that gives the extent of a comment among commands."""
    known: dict[int, Reach | None] = {}

    def extent(comment: Span) -> Reach | None:
        line = _line_of(comment, known, " \t#/@")
        if line is None:
            return None
        begun = (one.end for one in commands if line[0] <= one.start <= line[1])
        return line[0], max(line[1], *begun, line[1])

    return extent


def _line_of(
    comment: Span, known: dict[int, Reach | None], blank: str | None = None
) -> Reach | None:
    """Return the line that a comment is at the end of, or else the one below it."""
    source = comment.source
    start = source.line_start(comment.start)
    if source.text[start : comment.start].strip(blank):
        return start, source.line_end(start)
    return line_below(source, comment.start, known)


def next_line(comment: Span) -> Reach | None:
    """Return the line below that of a comment, whatever is on it."""
    source, number = comment.source, comment.source.point(comment.start)[0] + 1
    if number >= len(source.line_starts):
        return None
    start = source.line_starts[number]
    return start, source.line_end(start)


def line_below(source: Source, offset: int, known: dict[int, Reach | None]) -> Reach | None:
    """Return the next line that is not a comment, unless it is blank.

    ``known`` caches the result for each line.
    """
    number = first = source.point(offset)[0] + 1
    line = None
    while number < len(source.line_starts):
        if number in known:
            line = known[number]
            break
        text = source.line(number)
        if not _COMMENT.match(text):
            start = source.line_starts[number]
            line = (start, start + len(text)) if text.strip() else None
            break
        number += 1
    known.update(dict.fromkeys(range(first, number + 1), line))
    return line


class Instructions:
    """The instructions of a Dockerfile, by their places."""

    def __init__(self, file: Dockerfile) -> None:
        self.source = file.source
        self._all = file.instructions
        self._starts = [one.span.start for one in file.instructions]
        self._stages = [one.span.start for one in self._all if one.name == "FROM"]
        self._known: dict[int, Reach | None] = {}
        self._seen: set[tuple[str, int]] = set()

    def extent(self, comment: Span) -> Reach | None:
        """Return the extent of a comment of ours: an instruction, with FROM a stage."""
        line = line_below(self.source, comment.start, self._known)
        if line is None or self.within(comment.start) is not None:
            return line  # inside an instruction, it is about the next line
        below = self.below(comment)
        if below is None or not line[0] <= below.span.start <= line[1]:
            return None
        if below.name != "FROM":
            return below.span.start, below.span.end
        after = bisect_right(self._stages, below.span.start)
        end = self._stages[after] if after < len(self._stages) else len(self.source.text) + 1
        return below.span.start, end - 1

    def within(self, offset: int) -> Instruction | None:
        """Return the instruction around an offset."""
        at = bisect_right(self._starts, offset) - 1
        if at >= 0 and offset < self._all[at].span.end:
            return self._all[at]
        return None

    def below(self, comment: Span) -> Instruction | None:
        """Return the next instruction below a comment that is in none."""
        at = bisect_right(self._starts, comment.start)
        if at == len(self._all) or self.within(comment.start) is not None:
            return None
        return self._all[at]

    def right_below(self, comment: Span, *, comments: bool = False) -> Reach | None:
        """Return the extent of the instruction on the next line.

        There may be other ``comments`` between, but no blank line.
        """
        below = self.below(comment)
        if below is None:
            return None
        first = self.source.point(below.span.start)[0]
        if comments:
            line = line_below(self.source, comment.start, self._known)
            is_next = line is not None and self.source.point(line[0])[0] == first
        else:
            is_next = first == self.source.point(comment.start)[0] + 1
        return (below.span.start, below.span.end) if is_next else None

    def stage_below(self, comment: Span) -> Reach | None:
        """Return what a comment of hadolint reaches in a stage.

        Seen in hadolint 2.15.1: from the second line below the comment on, to the next
        FROM, which is included. Above FROM, that is the stage without its FROM.
        """
        if self.within(comment.start) is not None:
            return None
        number = self.source.point(comment.start)[0] + 2
        if number >= len(self.source.line_starts):
            return None
        start = self.source.line_starts[number]
        around = self.within(start)
        if around is not None and around.span.start < start:
            start = around.span.end + 1  # an instruction counts where it begins
        after = bisect_left(self._stages, start)
        if after == len(self._stages):
            return start, max(start, len(self.source.text))
        return start, self._all[bisect_left(self._starts, self._stages[after])].span.end

    def is_first(self, word: str, end: int) -> bool:
        """Return whether a word comes for the first time for a stage with this end."""
        is_first = (word, end) not in self._seen
        self._seen.add((word, end))
        return is_first

    def beside(self, comment: Span) -> Reach | None:
        """Return what begins on the line of a comment, or below one on its own line."""
        start = self.source.line_start(comment.start)
        if not self.source.text[start : comment.start].strip():
            line = next_line(comment)
            if line is None:
                return None
            start = line[0]
        end = self.source.line_end(start)
        at = bisect_right(self._starts, end) - 1
        if at >= 0 and self._starts[at] >= start:
            return self._all[at].span.start, self._all[at].span.end
        return start, end
