"""Where libyaml reads a text otherwise than go-yaml, which Compose reads it with.

Found by giving both the same texts (go-yaml 3.0.1, yaml_parser_scan_plain_scalar,
yaml_parser_scan_flow_scalar, yaml_parser_scan_tag_uri, yaml_parser_parse_document_start).
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax import SyntaxProblem
from tightship.syntax.yaml.nodes import BREAKS, Mapping, Scalar, Sequence, walk
from tightship.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml.error import MarkedYAMLError

    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

MOST_REPAIRS = 20
"""How many texts of one file are read as go-yaml does; each takes one more reading."""

# In front of a quote that was escaped, in a text of the same length.
_MARK = "\ufdd0"
_ESCAPE = regex(r"(?s)\\.")
_COLON = regex(r":(?=[,\[\]{}])")
_DIRECTIVE = regex(rf"(?<![^{BREAKS}])%YAML[ \t]+(?!1\.1(?![\d.]))[\d.]+")
_TAG = regex(r"![^\s,]*,")
_FLOW = ("[", "{")


def repaired(text: str, error: MarkedYAMLError, keys: dict[int, str]) -> str | None:
    r"""Return a text of the same length that libyaml reads, if go-yaml reads this one.

    ``{A:, B: c}`` has a key ``A:``, which ``keys`` takes at its place; ``"\'"`` is a
    quote, which :func:`unmarked` makes of what is put here.
    """
    if error.problem_mark is None or error.context_mark is None:
        return None
    at, start = error.problem_mark.index, error.context_mark.index
    if "unexpected ':'" in (error.problem or ""):
        found = _COLON.search(text, start)
        if found is None or text[start] in _FLOW:
            return None
        scalar = text[start : found.end()]
        if any(mark in scalar for mark in BREAKS):
            return None
        keys[start] = scalar
        return f"{text[: found.start()]}_{text[found.end() :]}"
    if "escape" in (error.problem or ""):
        place = next((m.start() for m in _ESCAPE.finditer(text, start + 1) if m.end() > at), -1)
        if place >= 0 and text[place : place + 2] == "\\'":
            return f"{text[:place]}{_MARK}'{text[place + 2 :]}"
    return None


def unmarked(scalars: list[Scalar]) -> None:
    """Give scalars the quotes that :func:`repaired` marked."""
    for scalar in scalars:
        if _MARK in scalar.value:
            scalar.value = scalar.value.replace(f"{_MARK}'", "'")


def refusals(source: Source, documents: list[Node], scalars: list[Scalar]) -> list[SyntaxProblem]:
    """Return what libyaml reads and go-yaml refuses."""
    text = source.text
    found: list[SyntaxProblem] = []
    if "%YAML" in text:
        found += _directives(source, scalars)
    if "\\/" in text:
        for scalar in scalars:
            if scalar.style == '"' and "/" in scalar.value:
                found += _escapes(scalar)
    is_flow = any(bracket in text for bracket in _FLOW)
    if is_flow and ("?" in text or ("!" in text and _TAG.search(text))):
        found += _in_flow(documents)
    return found


def _directives(source: Source, scalars: list[Scalar]) -> Iterator[SyntaxProblem]:
    held = [one.span for one in scalars if "%YAML" in one.value]
    for found in _DIRECTIVE.finditer(source.text):
        if not any(span.start <= found.start() < span.end for span in held):
            span = Span(source, *found.span())
            yield SyntaxProblem(span, "Compose reads YAML 1.1 only: leave this line out")


def _escapes(scalar: Scalar) -> Iterator[SyntaxProblem]:
    span = scalar.span
    for found in _ESCAPE.finditer(span.source.text, span.start, span.end):
        if found[0] == "\\/":
            yield SyntaxProblem(
                Span(span.source, *found.span()), "`\\/` is not an escape in Compose: write `/`"
            )


def _in_flow(documents: list[Node]) -> Iterator[SyntaxProblem]:
    for root in documents:
        for node in walk(root):
            if isinstance(node, Mapping) and node.flow:
                for key, value in node.entries:
                    yield from _question_mark(key)
                    yield from _question_mark(value)
                    yield from _comma_after_tag(value)
            elif isinstance(node, Sequence) and node.flow:
                for item in node.items:
                    yield from _question_mark(item)
                    yield from _missing_key(item)


def _question_mark(node: Node) -> Iterator[SyntaxProblem]:
    """Point at a plain text with ``?``, which ends it in brackets."""
    if not isinstance(node, Scalar) or node.style or node.anchor or node.tag:
        return
    if "?" in node.value[1:] or node.value == "?":
        message = "a `?` inside brackets: put the value in quotes"
        yield SyntaxProblem(node.span, message)


def _missing_key(node: Node) -> Iterator[SyntaxProblem]:
    """Point at a list's item that is a ``?`` alone, where go-yaml expects a key."""
    if isinstance(node, Mapping) and node.entries and not node.span.text:
        key = node.entries[0][0]
        if isinstance(key, Scalar) and not key.anchor and not key.tag:
            message = "a key is missing after `?`: put such text in quotes"
            source, end = key.span.source, key.span.start
            at = source.text.rfind("?", 0, end)
            # What else is found there has this place, too.
            node.span = key.span = Span(source, at, at + 1)
            yield SyntaxProblem(key.span, message)


def _comma_after_tag(node: Node) -> Iterator[SyntaxProblem]:
    """Point at a tag without a value, which the comma behind it becomes a part of."""
    if not isinstance(node, Scalar) or node.tag is None or node.value or node.style:
        return
    text, end = node.span.source.text, node.span.end
    if text[end : end + 1] == "," and text[end - 1 : end].strip():
        place = Span(node.span.source, max(end - 1, 0), end + 1)
        yield SyntaxProblem(place, "a space is missing between the tag and the comma")
