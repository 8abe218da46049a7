"""Reads YAML into a syntax tree with spans, and reads on past syntax errors."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax import SyntaxProblem
from tightship.syntax.yaml.events import (
    ALIAS,
    DOCUMENT_END,
    DOCUMENT_START,
    MAPPING_END,
    MAPPING_START,
    SCALAR,
    SEQUENCE_END,
    SEQUENCE_START,
    STREAM_END,
    MarkedYAMLError,
    YAMLError,
    fast_events,
    pure_events,
)
from tightship.syntax.yaml.nodes import (
    BREAKS,
    GAP,
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Stream,
    line_end,
)
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.syntax.yaml.events import Event, Events, GetEvent
    from tightship.syntax.yaml.nodes import Range
    from tightship.syntax.yaml.recovery import Stop

MAX_DEPTH = 500
"""How many collections may lie within one another; libyaml itself stops at 1000."""

_RETRIES = 3
_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"

_PROPERTIES = regex(rf"(?:(?:&[0-9A-Za-z_-]++|![^ \t{BREAKS}]*+){GAP}){{1,2}}")
_IN_LINE = ("", "'", '"')
_COLON = regex(rf"{GAP}:")
# One of these is in every text that Compose reads otherwise than libyaml.
_OTHERWISE = ("?", "\\/", "%YAML", "!")
_BEFORE_KEY = regex(rf"{GAP}(?:,{GAP})?\??")


def read(source: Source, events: Events = fast_events) -> Stream:
    """Read a source; never raises, whatever the text.

    Where the text is not YAML there is a problem in the result, the line at fault
    is skipped and reading goes on, three times at most.
    """
    text = source.text
    problems: list[SyntaxProblem] = []
    damage: list[Range] = []
    keys: dict[int, str] = {}
    cleaned = "\ufeff" in text
    if cleaned:
        text = _cleaned(source, text, problems)
    best = reading = _Reading(source, text, keys)
    passed = -1
    while True:
        fault = reading.compose(events)
        # Better is what got past the last fault, and did not lose much for that.
        if reading.last and reading.last.span.start > passed:
            best = reading if 2 * reading.count > best.count else best
        if fault is None:
            break
        if not cleaned:
            # Both parsers stop somewhere near a forbidden character, not at the same
            # place: take out all of them and start again.
            cleaned = True
            text = _cleaned(source, text, problems)
            if problems:
                best = reading = _Reading(source, text, keys)
                continue
        problems.append(fault.problem(source))
        damage.append((min(fault.start, fault.skip[0]), max(fault.end, fault.skip[1])))
        text, passed = fault.repaired(text, keys), fault.skip[1]
        if len(damage) > _RETRIES or text == reading.text:
            break
        reading = _Reading(source, text, keys)
    if fault is not None or best is not reading:
        damage.append((best.last.span.start if best.last else 0, len(text)))
    problems += best.problems
    if not damage:
        problems += _refusals(source, best)
    problems.sort(key=lambda problem: problem.span.start)
    return Stream(source, best.documents, problems, best.comments(), damage)


def _cleaned(source: Source, text: str, problems: list[SyntaxProblem]) -> str:
    """Replace forbidden characters, and report the first."""
    from tightship.syntax.yaml.recovery import without_forbidden

    clean, fault = without_forbidden(text)
    if fault is not None:
        problems.append(fault.problem(source))
    return clean


def _refusals(source: Source, reading: _Reading) -> Iterable[SyntaxProblem]:
    """Return what Compose refuses in a text that libyaml reads."""
    if not any(sign in source.text for sign in _OTHERWISE):
        return ()
    from tightship.syntax.yaml.go_yaml import refusals

    return refusals(source, reading.documents, reading.scalars)


class _Reading:
    """One try at a text: the tree as far as it goes."""

    def __init__(self, source: Source, text: str, keys: dict[int, str]) -> None:
        """Start with nothing read.

        The text may be blanked in places; ``keys`` are those that a repair took from
        it.
        """
        self.source = source
        self.text = text
        self.keys = keys
        self.repairs = 0
        self._start()

    def _start(self) -> None:
        self.documents: list[Node] = []
        self.scalars: list[Scalar] = []  # in the order of the text
        self.problems: list[SyntaxProblem] = []
        self.anchors: dict[str, Node] = {}
        self.unfinished: dict[str, Node] = {}  # anchors of collections that are still open
        self.stack: list[tuple[Node, list[Node]]] = []  # each with the children around it
        self.children = self.documents  # of the innermost collection
        self.count = 0
        self.begin = 0  # where the content of the current document begins
        self.reached = 0
        self.bracket: int | None = None  # the innermost that an error left open

    @property
    def last(self) -> Scalar | None:
        """Return the last scalar that was read."""
        return self.scalars[-1] if self.scalars else None

    def compose(self, events: Events) -> Stop | None:
        """Read all, or as far as it goes; return what stopped it."""
        try:
            fault = self._compose(events(self.text))
            if self.repairs:
                from tightship.syntax.yaml.go_yaml import unmarked

                unmarked(self.scalars)
            return fault
        except MarkedYAMLError as error:
            if error.problem != _LIBYAML_TOO_DEEP:
                if self._repair(error):
                    return self.compose(events)
                from tightship.syntax.yaml.recovery import explain

                return explain(self.text, error, self.last, self.bracket)
        except (YAMLError, ValueError) as error:
            from tightship.syntax.yaml.recovery import Stop

            return Stop(self.text, self.reached, f"not readable as YAML: {error}")
        # libyaml looks ahead, and stops before it has reported the levels that we
        # allow; the parser in Python does not.
        self._start()
        return self.compose(pure_events)

    def _repair(self, error: MarkedYAMLError) -> bool:
        """Start again with a text that stands for one that Compose reads."""
        from tightship.syntax.yaml.go_yaml import MOST_REPAIRS, repaired

        text = repaired(self.text, error, self.keys)
        if text is None or self.repairs >= MOST_REPAIRS:
            return False
        self.text = text
        self.repairs += 1
        self._start()
        return True

    def _compose(self, get_event: GetEvent) -> Stop | None:
        """Build the tree from events, without recursion: its depth is the input's."""
        source, keep = self.source, self.scalars.append
        try:
            while True:
                event = get_event()
                kind = event.__class__
                if kind is SCALAR:
                    value, style = event.value, event.style or ""
                    # Nearly all scalars are plain, or quoted.
                    if value and style in _IN_LINE and event.tag is None and event.anchor is None:
                        start = event.start_mark.index
                        if start not in self.keys:
                            place = Span(source, start, event.end_mark.index)
                            node = Scalar(place, value, style)
                            self.count += 1
                            keep(node)
                            self.children.append(node)
                            continue
                    self._scalar(event)
                elif kind is MAPPING_START or kind is SEQUENCE_START:
                    if len(self.stack) >= MAX_DEPTH:
                        from tightship.syntax.yaml.recovery import too_deep

                        return too_deep(self.text, event.start_mark.index, MAX_DEPTH)
                    self._open(event, is_mapping=kind is MAPPING_START)
                elif kind is MAPPING_END or kind is SEQUENCE_END:
                    self._end(event)
                elif kind is ALIAS:
                    self._alias(event)
                elif kind is DOCUMENT_START:
                    self.begin = event.end_mark.index
                elif kind is DOCUMENT_END:
                    self.anchors.clear()
                    self.unfinished.clear()
                elif kind is STREAM_END:
                    self.reached = len(self.text)
                    return None
        finally:
            self._cut_short()

    def _scalar(self, event: Event) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        value, style = event.value, event.style or ""
        tag, anchor = event.tag, event.anchor
        if tag is not None or anchor is not None:
            start = self._after_properties(start, end)
            if not value and not style:
                start = end
        elif not value and not style:
            start = end = self._missing(end)
        elif self.keys and start in self.keys:
            value = self.keys[start]
            end = start + len(value)
        if style == "|" or style == ">":
            end = self._trimmed(start, end)
        node = Scalar(Span(self.source, start, end), value, style, tag, anchor)
        self.count += 1
        self.scalars.append(node)
        self.children.append(node)
        if anchor is not None:
            self.anchors[anchor] = node
            self.unfinished.pop(anchor, None)

    def _open(self, event: Event, *, is_mapping: bool) -> None:
        """Begin a collection, of which the nodes that follow are children."""
        start, end = event.start_mark.index, event.end_mark.index
        tag, anchor = event.tag, event.anchor
        if tag is not None or anchor is not None:
            start = self._after_properties(start, len(self.text))
        span, flow = Span(self.source, start, end), bool(event.flow_style)
        node: Node
        if is_mapping:
            node = Mapping(span, [], flow=flow, tag=tag, anchor=anchor)
            inside: list[Node] = []
        else:
            node = Sequence(span, [], flow=flow, tag=tag, anchor=anchor)
            inside = node.items
        self.count += 1
        self.children.append(node)
        self.stack.append((node, self.children))
        self.children = inside
        if anchor is not None:
            self.unfinished[anchor] = node

    def _end(self, event: Event) -> None:
        """End the innermost collection, to whose anchor aliases may now refer."""
        node, outer = self.stack.pop()
        _close(node, self.children, event.start_mark.index, event.end_mark.index)
        self.children, anchor = outer, node.anchor
        if anchor is not None and self.unfinished.get(anchor) is node:
            self.anchors[anchor] = self.unfinished.pop(anchor)

    def _alias(self, event: Event) -> None:
        name = event.anchor or ""
        span = Span(self.source, event.start_mark.index, event.end_mark.index)
        target = None if name in self.unfinished else self.anchors.get(name)
        if target is None:
            self.problems.append(SyntaxProblem(span, _no_target(name, self.unfinished)))
        self.count += 1
        self.children.append(Alias(span, name, target))

    def _cut_short(self) -> None:
        """End the collections that an error left open, the innermost first."""
        while self.stack:
            node, outer = self.stack.pop()
            if self.bracket is None and self.text[node.span.start] in "[{":
                self.bracket = node.span.start
            self.reached = _close(node, self.children, -1, -1)
            self.children = outer

    def _after_properties(self, start: int, end: int) -> int:
        """Return where a node begins behind its tag and anchor."""
        found = _PROPERTIES.match(self.text, start, end)
        return found.end() if found else start

    def _trimmed(self, start: int, end: int) -> int:
        """Return where the last line of a block scalar ends that is not blank."""
        shown = len(self.text[start:end].rstrip(" \t" + BREAKS))
        return line_end(self.text, start + shown)

    def _missing(self, index: int) -> int:
        """Return where a node would be that is not there.

        The parsers give the place of the next token at times, which may be many
        lines below.
        """
        if not self.stack:
            return self.begin
        parent, children = self.stack[-1][0], self.children
        if isinstance(parent, Sequence):
            return index
        if len(children) % 2:
            before = children[-1].span.end
            if before < index and self.text[index - 1] == ":":
                return index
            found = _COLON.match(self.text, before)
            return found.end() if found else before
        if isinstance(parent, Mapping) and parent.flow:
            before = children[-1].span.end if children else parent.span.end
            found = _BEFORE_KEY.match(self.text, before)
            return found.end() if found else before
        return index

    def comments(self) -> list[Span]:
        """Return the comments in what was read: each ``#`` that no scalar holds."""
        text = self.text
        found: list[Span] = []
        at = text.find("#", 0, self.reached)
        if at < 0:
            return found
        scalars = iter(self.scalars)
        scalar = next(scalars, None)
        while at >= 0:
            while scalar is not None and scalar.span.end <= at:
                scalar = next(scalars, None)
            if scalar is not None and scalar.span.start <= at:
                header = scalar.style == "|" or scalar.style == ">"
                if not header or line_end(text, scalar.span.start) < at:
                    at = text.find("#", scalar.span.end, self.reached)
                    continue
            end = line_end(text, at)
            found.append(Span(self.source, at, end))
            at = text.find("#", end, self.reached)
        return found


def _no_target(name: str, unfinished: dict[str, Node]) -> str:
    if name in unfinished:
        return f"`*{name}` is inside the value of `&{name}` itself"
    return f"unknown alias: no `&{name}` comes before it"


def _close(node: Node, children: list[Node], start: int, end: int) -> int:
    """Give a collection its entries and its end; return the end.

    ``start`` and ``end`` are those of the closing bracket, equal where there is
    none, and -1 where an error cut the collection short.
    """
    span = node.span
    if end > start:
        span.end = end
    elif children:
        span.end = children[-1].span.end
    if isinstance(node, Mapping):
        if children and (start == end >= 0 or not node.flow):
            span.start = children[0].span.start
        if len(children) % 2:
            span = Span(span.source, span.end, span.end)
            children.append(Scalar(span, ""))
        node.entries = list(zip(children[::2], children[1::2], strict=True))
    return span.end
