"""Folding ranges and selection ranges, from the syntax tree of a document."""

from __future__ import annotations

from lsprotocol import types

from tightship.syntax.dockerfile.nodes import Dockerfile
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.text import Source
    from tightship_lsp.features.queries import View
    from tightship_lsp.symbols.outline import Outline


def folding_ranges(view: View) -> list[types.FoldingRange]:
    """Return the parts of a document that can be folded, in the order of their first lines."""
    outline = view.outline
    if outline is None or outline.tree is None:
        return []
    source, tree = outline.source, outline.tree
    if isinstance(tree, Dockerfile):
        spans = [*_stage_spans(outline), *(one.span for one in tree.instructions)]
    else:
        spans = [span for root in tree.documents for span in _yaml_spans(root)]
    lines = {_lines(source, span) for span in spans}
    made = [types.FoldingRange(first, last) for first, last in lines if first < last]
    comment = types.FoldingRangeKind.Comment
    made += (
        types.FoldingRange(first, last, kind=comment)
        for first, last in _comment_blocks(source, tree.comments)
    )
    return sorted(made, key=lambda one: (one.start_line, -one.end_line))


def _lines(source: Source, span: Span) -> tuple[int, int]:
    end = span.start + len(span.text.rstrip())
    return source.point(span.start)[0], source.point(end)[0]


def _yaml_spans(root: yaml.Node) -> Iterator[Span]:
    for node in yaml.walk(root):
        if isinstance(node, yaml.Mapping):
            for key, value in node.entries:
                if value.span.end > key.span.start:
                    yield Span(key.span.source, key.span.start, value.span.end)
        elif isinstance(node, yaml.Sequence):
            yield from (item.span for item in node.items if not isinstance(item, yaml.Scalar))


def _stage_spans(outline: Outline) -> Iterator[Span]:
    stages = [one for one in outline.occurrences if one.kind == "stage" and one.is_declaration]
    # A single stage is the whole file.
    for one in stages if len(stages) > 1 else ():
        if one.extent is not None:
            yield one.extent


def _comment_blocks(source: Source, comments: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """Yield the first and last lines of comments on lines one after the other."""
    first = last = -2  # no line is behind it
    for comment in comments:
        if source.text[source.line_start(comment.start) : comment.start].strip():
            continue
        line = source.point(comment.start)[0]
        if line != last + 1:
            if first < last:
                yield first, last
            first = line
        last = line
    if first < last:
        yield first, last


def selection_ranges(view: View, positions: Sequence[types.Position]) -> list[types.SelectionRange]:
    """Return for each position the ranges around it, from the innermost one outwards."""
    outline = view.outline
    source = outline.source if outline is not None else view.document.source
    made: list[types.SelectionRange] = []
    for position in positions:
        at = view.offset(position)
        spans = [Span(source, 0, len(source.text))]
        if outline is not None and outline.tree is not None:
            spans += _around(outline, at)
        chain: types.SelectionRange | None = None
        before: Span | None = None
        for span in spans:
            if before is None or (before.contains(span) and span != before):
                chain = types.SelectionRange(view.ruler.range_of(span), chain)
                before = span
        assert chain is not None
        made.append(chain)
    return made


def _around(outline: Outline, at: int) -> Iterator[Span]:
    """Yield the spans of the tree around an offset, from the outermost one inwards."""
    tree = outline.tree
    assert tree is not None
    if isinstance(tree, Dockerfile):
        yield from _around_in_dockerfile(outline, tree, at)
        return
    for root in tree.documents:
        if root.span.start <= at <= root.span.end:
            yield from _around_in_yaml(root, at)


def _around_in_yaml(node: yaml.Node, at: int) -> Iterator[Span]:
    while True:
        yield node.span
        below: yaml.Node | None = None
        if isinstance(node, yaml.Mapping):
            for key, value in node.entries:
                entry = Span(key.span.source, key.span.start, max(value.span.end, key.span.end))
                if entry.start <= at <= entry.end:
                    yield entry
                    below = key if at <= key.span.end else value
        elif isinstance(node, yaml.Sequence):
            below = next((one for one in node.items if one.span.start <= at <= one.span.end), None)
        elif isinstance(node, yaml.Scalar) and node.style in ("'", '"'):
            yield Span(node.span.source, node.span.start + 1, node.span.end - 1)
        if below is None or not below.span.start <= at <= below.span.end:
            return
        node = below


def _around_in_dockerfile(outline: Outline, file: Dockerfile, at: int) -> Iterator[Span]:
    for span in _stage_spans(outline):
        if span.start <= at <= span.end:
            yield span
    for one in file.instructions:
        if not one.span.start <= at <= one.span.end:
            continue
        yield one.span
        parts = [one.keyword.span, one.body.whole(), *(flag.span for flag in one.flags)]
        parts += (word.span for word in one.arguments)
        for pair in (*one.flags, *one.pairs):
            parts += pair.span, pair.name.span, *([pair.value.span] if pair.value else [])
        parts += (heredoc.body for heredoc in one.heredocs)
        held = [span for span in parts if span.start <= at <= span.end]
        yield from sorted(held, key=lambda span: span.start - span.end)
