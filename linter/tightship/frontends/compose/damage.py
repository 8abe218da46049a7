"""The parts of a file that a syntax error may have cost something.

Reading goes on after an error without the line at fault. A part is touched if that is
between its name and the next one, or if it takes something from elsewhere in the file, by
an alias. If the lost line begins a section, the services that follow may be entries of it.
"""

from __future__ import annotations

import itertools

from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.syntax.yaml.nodes import Node, Range, Stream
    from tightship.text import Span


class Damage:
    """What syntax errors cost in a file of one document.

    ``services`` holds the names of the services that may be touched: None for all of
    them, since documents are merged, or the services are not known.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.services: frozenset[str] | None = None
        self._whole: list[Range] = []
        root = stream.documents[0] if len(stream.documents) == 1 else None
        services = root.get("services") if isinstance(root, Mapping) else None
        if not isinstance(root, Mapping) or not isinstance(services, Mapping):
            return
        starts = [key.span.start for key, _ in (*root.entries, *services.entries)]
        starts = sorted({*starts, len(stream.source.text)})
        ends = dict(itertools.pairwise(starts))
        sections = [
            entry
            for entry in root.entries
            if isinstance(entry[0], Scalar) and entry[1] is not services
        ]
        self._whole += self._untouched(sections, ends)
        if not services.entries or self._is_damaged(
            next(key.span.end for key, body in root.entries if body is services),
            services.entries[0][0].span.start,
        ):
            # The line that names the first service may be lost.
            return
        lost = self._lost_section(services.span)
        entries = [entry for entry in services.entries if entry[0].span.start < lost]
        whole = [*self._untouched(entries, ends)]
        self._whole += whole
        untouched = {start for start, _ in whole}
        self.services = frozenset(
            key.value
            for key, _ in services.entries
            if isinstance(key, Scalar) and key.span.start not in untouched
        )

    def spares(self, span: Span) -> bool:
        """Return whether a place is in a section or a service that is not touched."""
        return any(start <= span.start < end for start, end in self._whole)

    def _untouched(self, entries: list[tuple[Node, Node]], ends: dict[int, int]) -> Iterator[Range]:
        """Yield the ranges of entries that are whole, each up to the next key."""
        for key, body in entries:
            start = key.span.start
            end = ends.get(start, start)
            if self._is_damaged(start, end):
                continue
            if not any(isinstance(node, Alias) for node in walk(body)):
                yield start, end

    def _is_damaged(self, start: int, end: int) -> bool:
        return any(at < end and until > start for at, until in self._stream.damage)

    def _lost_section(self, services: Span) -> int:
        """Return where a line is lost that may begin a section, among the services."""
        text = self._stream.source.text
        for start, end in sorted(self._stream.damage):
            begin = text.rfind("\n", 0, start) + 1
            lines = text[begin:end].splitlines()
            is_outer = any(line[:1] not in ("", " ", "\t", "#") for line in lines)
            if is_outer and services.start < end:
                return begin
        return len(text) + 1
