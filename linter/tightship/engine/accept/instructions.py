"""The instructions of a Dockerfile, and what comments for other linters reach of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from tightship.engine.accept.extent import dockerfile_extent, line_below, next_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.dockerfile.nodes import Dockerfile, Instruction
    from tightship.text import Span

    Reach = tuple[int, int]


class Instructions:
    """The instructions of a Dockerfile, by their places."""

    def __init__(self, file: Dockerfile) -> None:
        self.source = file.source
        self.extent = dockerfile_extent(file)
        self._all = file.instructions
        self._starts = [one.span.start for one in file.instructions]
        self._stages = [one.span.start for one in self._all if one.name == "FROM"]
        self._known: dict[int, Reach | None] = {}
        self._seen: set[tuple[str, int]] = set()

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
