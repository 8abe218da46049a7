"""A Dockerfile that stands in a Compose file, and what is found in it brought back."""

from __future__ import annotations

from tightship.engine.subjects.places import DockerfilePlaces
from tightship.engine.verdict import Subject
from tightship.findings import Fix
from tightship.text import Edit, Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.compose.loading.tree import Leaf
    from tightship.engine.verdict import Judged
    from tightship.syntax.dockerfile.nodes import Dockerfile


class Inline:
    """The text of a ``dockerfile_inline``, as a source of its own.

    Its places are those of the Compose file where a line stands there as it is, as it
    does in a block with ``|``; otherwise the whole line or value stands for it.
    """

    __slots__ = ("_leaf", "_lines", "service", "source")

    def __init__(self, leaf: Leaf, service: str) -> None:
        """Make a source of a value; ``service`` is the one that builds it."""
        self._leaf = leaf
        self.service = service
        self.source = Source(f"{leaf.span.source.name} ({service})", leaf.text)
        self._lines: list[tuple[int, int, bool]] | None = None

    def bring_back(self, findings: Iterable[Judged]) -> None:
        """Give the findings in this source their places in the Compose file."""
        for judged in findings:
            finding = judged.finding
            if finding.span.source is self.source:
                finding.fix = self._fix(finding.fix) if finding.fix else None
                finding.span = self.place(finding.span)
            finding.because = tuple(
                related.placed(self.place(related.span))
                if related.span.source is self.source
                else related
                for related in finding.because
            )
            span = judged.subject.span
            if span is not None and span.source is self.source:
                judged.subject.span = self.place(span)

    def placed(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Return spans, with those of this source where they are in the Compose file."""
        return tuple(
            self.place(span) if span.source is self.source else span for span in spans
        )

    def place(self, span: Span) -> Span:
        """Return the place of a part of the text in the Compose file."""
        start, _ = self._offset(span.start)
        _, end = self._offset(span.end)
        return Span(self._leaf.span.source, start, max(start, end))

    def _fix(self, fix: Fix) -> Fix | None:
        """Return a fix for the Compose file, if its lines stay as they are."""
        edits = list[Edit]()
        for edit in fix.edits:
            if "\n" in edit.text or not self._is_literal(edit.span):
                return None
            edits.append(Edit(self.place(edit.span), edit.text))
        return Fix(fix.title, tuple(edits), fix.applicability, fix.may_break)

    def _is_literal(self, span: Span) -> bool:
        first, last = self.source.point(span.start)[0], self.source.point(span.end)[0]
        lines = self._places()
        return first == last < len(lines) and lines[first][2]

    def _offset(self, offset: int) -> tuple[int, int]:
        """Return where a character stands, as the start and as the end of a span."""
        number, column = self.source.point(offset)
        lines = self._places()
        if number >= len(lines):
            return self._leaf.span.start, self._leaf.span.end
        start, end, literal = lines[number]
        return (start + column, start + column) if literal else (start, end)

    def _places(self) -> list[tuple[int, int, bool]]:
        """Return start and end of each line, and whether it stands there as it is."""
        if self._lines is None:
            self._lines = self._found() if self._leaf.node.style == "|" else []
        return self._lines

    def _found(self) -> list[tuple[int, int, bool]]:
        whole, source = self._leaf.span, self._leaf.span.source
        number = source.point(whole.start)[0] + 1  # behind the line with `|`
        lines, indent = self.source.text.split("\n"), None
        found = list[tuple[int, int, bool]]()
        for line in lines:
            if number >= len(source.line_starts):
                break
            start, written = source.line_starts[number], source.line(number)
            if indent is None and line:
                indent = len(written) - len(written.lstrip(" "))
                indent -= len(line) - len(line.lstrip(" "))
            begin = start + min(indent or 0, len(written))
            end = start + len(written)
            found.append((begin, end, source.text[begin:end] == line))
            number += 1
        return found


class InlinePlaces:
    """The places of a Dockerfile that is part of a service."""

    __slots__ = ("_inner", "_service")

    def __init__(self, file: Dockerfile, service: str) -> None:
        self._inner = DockerfilePlaces(file)
        self._service = service

    def path(self, offset: int) -> tuple[str, ...]:
        """Return the keys that lead to the file, then stage and instruction."""
        keys = ("services", self._service, "build", "dockerfile_inline")
        return (*keys, *self._inner.path(offset))

    def subject(self, offset: int) -> Subject | None:
        """Return the service."""
        del offset
        return Subject("service", self._service)
