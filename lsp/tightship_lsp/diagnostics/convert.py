"""Between the linter and the protocol: places, and findings as diagnostics.

Lines, and columns in the units that the client counts, appear here and nowhere else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from lsprotocol import types

from tightship.findings import Severity
from tightship.report.terminal import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.config.key import ConfigProblem
    from tightship.engine.verdict import JudgedFinding
    from tightship.rules.definition import Rule
    from tightship.text import Source, Span
    from tightship_lsp.diagnostics.pages import Pages
    from tightship_lsp.workspace.document import Document

SOURCE = "tightship"
"""The source of a diagnostic, which editors show next to the message."""

CONFIGURATION = "configuration"
"""The code of a problem with a configuration file, which no rule finds."""

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    # Not a hint: editors keep those out of their lists of problems, which must have
    # all that a run on the command line counts.
    Severity.INFO: types.DiagnosticSeverity.Information,
}

# A finding has its severity in its own file. Repeated in another file, it is a degree
# less severe, so that an editor counts it once.
_REPEATED = {
    Severity.ERROR: types.DiagnosticSeverity.Warning,
    Severity.WARNING: types.DiagnosticSeverity.Information,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

_TAGS = {
    "unnecessary": types.DiagnosticTag.Unnecessary,
    "deprecated": types.DiagnosticTag.Deprecated,
}

_FIRST_WIDE = {"utf-16": 0x10000, "utf-32": 0x110000}


def units(text: str, encoding: str) -> int:
    """Return the length of a text in the client's units."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def characters(text: str, count: int, encoding: str) -> int:
    """Return the number of characters in a number of the client's units.

    A position within a character is that of the character.
    """
    if encoding == "utf-32" or text.isascii():
        return min(count, len(text))
    # A character has at least one unit, so that no more than these can be covered.
    text = text[:count]
    wide = _Wide(text, encoding)
    return wide.characters(count, len(text))


def range_of(span: Span, encoding: str) -> types.Range:
    """Return the range of a span in the client's text."""
    return Ruler(encoding).range_of(span)


def offset(document: Document, position: types.Position, encoding: str) -> int:
    """Return the offset of a position in a document's source.

    A position outside of the text is the nearest one before it.
    """
    source = document.source
    starts = source.line_starts
    if position.line >= len(starts):
        return len(source.text)
    start, count = starts[position.line], position.character
    if source.bom and position.line == 0:
        count = max(0, count - units("\ufeff", encoding))
    line = source.text[start : source.line_end(start)]
    return start + characters(line, count, encoding)


class Ruler:
    """Measures places in the client's units, many in the same texts."""

    def __init__(self, encoding: str) -> None:
        """Measure in ``utf-8``, ``utf-16`` or ``utf-32``."""
        self._encoding = encoding
        self._source: Source | None = None
        self._wide: dict[int, _Wide] = {}
        self._ranges: dict[tuple[int, int], types.Range] = {}

    def range_of(self, span: Span) -> types.Range:
        """Return the range of a span in the client's text.

        Findings at the same place share a range.
        """
        if span.source is not self._source:
            self._begin(span.source)
        place = span.start, span.end
        found = self._ranges.get(place)
        if found is None:
            found = self._ranges[place] = self._measured_range(span)
        return found

    def _measured_range(self, span: Span) -> types.Range:
        start = self.position(span.source, span.start)
        if span.end == span.start:
            return types.Range(start, types.Position(start.line, start.character))
        return types.Range(start, self.position(span.source, span.end))

    def position(self, source: Source, at: int) -> types.Position:
        """Return the position of an offset; one within a line end is before it."""
        number, column = source.point(at)
        start = source.line_starts[number]
        if column and source.text.startswith("\r\n", at - 1):
            column -= 1
        if not source.text.isascii() and self._encoding != "utf-32":
            column += self._measured(source, start).surplus(column)
        if source.bom and number == 0:
            column += units("\ufeff", self._encoding)
        return types.Position(number, column)

    def _begin(self, source: Source) -> None:
        self._source = source
        self._wide.clear()
        self._ranges.clear()

    def _measured(self, source: Source, start: int) -> _Wide:
        if source is not self._source:
            self._begin(source)
        if start not in self._wide:
            line = source.text[start : source.line_end(start)]
            self._wide[start] = _Wide(line, self._encoding)
        return self._wide[start]


class _Wide:
    """The characters of a line that have more than one unit, and what they add."""

    def __init__(self, line: str, encoding: str) -> None:
        self._places: list[int] = []
        self._sums = [0]
        if line.isascii():
            return
        limit = 0x80 if encoding == "utf-8" else _FIRST_WIDE[encoding]
        total = 0
        for place, character in enumerate(line):
            if ord(character) >= limit:
                total += units(character, encoding) - 1
                self._places.append(place)
                self._sums.append(total)

    def surplus(self, column: int) -> int:
        """Return how many units more than characters there are before a column."""
        return self._sums[bisect_left(self._places, column)]

    def characters(self, count: int, length: int) -> int:
        """Return how many characters, of so many, fit into a number of units."""
        columns = range(length + 1)
        return bisect_right(columns, count, key=lambda at: at + self.surplus(at)) - 1


class DiagnosticCapabilities:
    """The parts of a diagnostic that a client can show.

    ``pages`` has the pages of rules, for a client that shows links to them.
    """

    def __init__(self, client: types.ClientCapabilities, pages: Pages | None = None) -> None:
        text = client.text_document
        kinds = [
            one for one in (text and text.publish_diagnostics, text and text.diagnostic) if one
        ]
        self.related = any(one.related_information for one in kinds)
        has_links = any(one.code_description_support for one in kinds)
        self.pages = pages if has_links else None
        self.tags = frozenset(
            tag for one in kinds if one.tag_support is not None for tag in one.tag_support.value_set
        )


def diagnostic(
    judged: JudgedFinding,
    ruler: Ruler,
    can: DiagnosticCapabilities,
    uri_of: Callable[[Source], str],
) -> types.Diagnostic:
    """Return a finding as an editor shows it.

    ``data`` comes back with a request for code actions; its fingerprint leads to the
    finding.
    """
    name = judged.rule.name
    page = can.pages.uri(name) if can.pages is not None else None
    return types.Diagnostic(
        range=ruler.range_of(judged.span),
        message=visible(judged.finding.message),
        severity=_SEVERITIES[judged.severity],
        code=name,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        tags=_tags(judged.rule, can) or None,
        related_information=_related(judged, ruler, uri_of)
        if can.related and judged.finding.because
        else None,
        data={"fingerprint": judged.fingerprint},
    )


def cross_file_diagnostic(
    judged: JudgedFinding,
    place: Span,
    ruler: Ruler,
    can: DiagnosticCapabilities,
    uri_of: Callable[[Source], str],
) -> types.Diagnostic:
    """Return a finding as it is repeated in another file that it concerns.

    The diagnostic links to the finding, and its data says ``elsewhere``. It has no code
    actions here, since no finding of the document has its fingerprint.
    """
    repeated = diagnostic(judged, ruler, can, uri_of)
    repeated.range = ruler.range_of(place)
    repeated.severity = _REPEATED[judged.severity]
    repeated.tags = None
    repeated.data = {"fingerprint": judged.fingerprint, "elsewhere": True}
    if can.related:
        home = types.Location(uri_of(judged.span.source), ruler.range_of(judged.span))
        found = types.DiagnosticRelatedInformation(home, "it is found here")
        repeated.related_information = [found]
    return repeated


def configuration_diagnostic(problem: ConfigProblem, ruler: Ruler) -> types.Diagnostic:
    """Return a problem with a configuration file as an editor shows it."""
    return types.Diagnostic(
        range=ruler.range_of(problem.span),
        message=visible(problem.message),
        severity=types.DiagnosticSeverity.Error,
        code=CONFIGURATION,
        source=SOURCE,
    )


def _tags(rule: Rule, can: DiagnosticCapabilities) -> list[types.DiagnosticTag]:
    if not rule.tags:  # as most rules
        return []
    tags = (_TAGS[tag] for tag in rule.tags if tag in _TAGS)
    return [tag for tag in tags if tag in can.tags]


def _related(
    judged: JudgedFinding, ruler: Ruler, uri_of: Callable[[Source], str]
) -> list[types.DiagnosticRelatedInformation] | None:
    return [
        types.DiagnosticRelatedInformation(
            location=types.Location(uri=uri_of(one.span.source), range=ruler.range_of(one.span)),
            message=visible(one.message),
        )
        for one in judged.finding.because
    ] or None
