"""Edits that add a suppression comment for a finding."""

from __future__ import annotations

from bisect import bisect_right

from tightship.engine.accept.suppression import of_dockerfile, of_yaml
from tightship.findings import Suppression
from tightship.lazy import lazy_property, regex
from tightship.syntax.dockerfile import read as dockerfile_read
from tightship.syntax.yaml import nodes as yaml, read as yaml_read
from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, steps_to, walk
from tightship.text import Edit, OverlapError, Source, Span, apply_edits
from tightship.values.peer_id import FOR_ANOTHER_LINTER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from tightship.engine.verdict import JudgedFinding
    from tightship.rules.definition import Rule
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Node, Stream

    Edits = tuple[Edit, ...]
    Kind = Literal["compose", "dockerfile", "declared"]

_INDENT = regex(r"[ \t]*")
_OUTWARDS = 3


def suppress(
    judged: JudgedFinding, reason: str = "", *, whole_file: bool = False, kind: Kind = "compose"
) -> tuple[Edit, ...]:
    """Return the edits that add the comment which accepts a finding.

    The comment gets its own line above that of the finding, or a comment there is
    extended. What YAML or BuildKit reads does not change. Return no edits where a
    comment cannot work: above a parser directive, or inside a quoted text.

    Args:
        judged: the finding.
        reason: the reason in the comment; a gap is not accepted without one.
        whole_file: whether to accept all findings of the rule in the file.
        kind: the kind of the finding's file.

    """
    return suppress_together([judged], reason, whole_file=whole_file, kind=kind)


def can_suppress(judged: JudgedFinding, kind: Kind) -> bool:
    """Return whether a comment may accept a finding, wherever it is in the text."""
    if Suppression in judged.rule.on:
        return False  # findings about comments cannot be accepted by comments
    # Comments in files of variables accept nothing.
    return kind != "compose" or judged.span.source.name.endswith((".yaml", ".yml"))


def suppress_together(
    findings: Sequence[JudgedFinding],
    reason: str = "",
    *,
    whole_file: bool = False,
    kind: Kind = "compose",
) -> tuple[Edit, ...]:
    """Return the edits that add one comment for several findings that begin at one place.

    The rest is as for :func:`suppress`.
    """
    first = findings[0]
    if not all(can_suppress(one, kind) for one in findings):
        return ()
    rules = [*dict.fromkeys(one.rule for one in findings)]
    reason, start = _one_line(reason), first.span.start
    file = file_of(first.span.source, kind)
    if isinstance(file, _Compose) and is_inline(first):
        return _inline(file, start, rules, reason, whole_file)
    return _comment_edits(file, start, rules, reason, whole_file)


def file_of(source: Source, kind: Kind) -> File:
    """Return a file that gets comments."""
    if kind == "declared":
        from tightship.engine.accept.declared_comments import Declared  # few files

        return Declared(source)
    return _Dockerfile(source) if kind == "dockerfile" else _Compose(source)


def comment_above(
    file: File, line: int, known: Suppression | None, rules: Sequence[Rule], reason: str
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
    file: File, offset: int, rules: Sequence[Rule], reason: str, whole_file: bool
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


def _comment_line(file: File, at: int, line: int | None, comment: str) -> Edit:
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


class File:
    """A file that gets a comment, which begins with ``mark`` and may be indented."""

    mark = "#"
    is_indented = True

    def __init__(self, source: Source) -> None:
        self.source = source
        self.meaning, self.suppressions = self.read(source)

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        """Return the meaning of a text, and the suppressions in it."""
        raise NotImplementedError

    def lines(self, offset: int) -> Iterator[int]:
        """Yield the starts of the lines above which a comment can hold at an offset."""
        yield self.source.line_start(offset)

    def takes(self, line: int) -> bool:
        """Return whether a comment can be above a line: not inside of a text."""
        place = bisect_right(self.texts, (line,)) - 1
        return line >= self.top and (place < 0 or self.texts[place][1] <= line)

    @lazy_property
    def texts(self) -> list[tuple[int, int]]:
        """Return the places of texts in which a comment would be text, in order, if known."""
        return []

    @property
    def top(self) -> int:
        """Return the place of a comment about the whole file."""
        return self._below(0) if self.source.text.startswith("#!") else 0

    def _below(self, offset: int) -> int:
        """Return the start of the next line."""
        end = self.source.line_end(offset)
        return end + (
            2 if self.source.text.startswith("\r\n", end) else end < len(self.source.text)
        )

    def accepts(self, edits: Edits, offset: int, rules: Sequence[Rule]) -> bool:
        """Return whether comments hold at an offset, and nothing else changes."""
        try:
            text = apply_edits(self.source, edits)
        except OverlapError:
            return False
        meaning, suppressions = self.read(Source(self.source.name, text))

        def moved(place: int) -> int:
            return place + sum(
                len(e.text) - (e.span.end - e.span.start) for e in edits if e.span.end <= place
            )

        if meaning != self.meaning or len(suppressions) < len(self.suppressions):
            return False
        starts = {one.start for one in suppressions} | {moved(0)}
        if not all(moved(one.start) in starts for one in self.suppressions):
            return False
        place = moved(offset)
        holding = [
            one for one in suppressions if one.start <= place <= one.end and not one.is_foreign
        ]
        return all(
            any(
                (one.reason or "gap" not in rule.tags)
                and any(rule.name in word.rules for word in one.words)
                for one in holding
            )
            for rule in rules
        )


class _Compose(File):
    """A Compose file."""

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        stream = yaml_read.read(source)
        return meaning_of_yaml(stream), of_yaml(stream)

    @lazy_property
    def texts(self) -> list[tuple[int, int]]:
        every = (node for document in self._documents for node in walk(document))
        spans = [node.span for node in every if isinstance(node, Scalar)]
        return [(span.start, span.end) for span in spans if "\n" in span.text]

    @lazy_property
    def _documents(self) -> Sequence[Node]:
        return yaml_read.read(self.source).documents

    def lines(self, offset: int) -> Iterator[int]:
        """Yield the line of the place itself, then those of the nodes around it.

        A text of several lines has no comments inside; its key is above it.
        """
        yield from super().lines(offset)
        # Above the key of a section, a comment would be about most of the file.
        for node in [*reversed(self.nodes(offset)[2:])][:_OUTWARDS]:
            yield self.source.line_start(node.span.start)

    def nodes(self, offset: int) -> list[Node]:
        """Return the nodes, with keys, on the path to an offset."""
        for document in reversed(self._documents):
            if document.span.start <= offset:
                steps = steps_to(document, offset)
                return [node for step in steps for node in step if node is not None]
        return []


def meaning_of_yaml(stream: Stream) -> list[object]:
    """Return the content of a stream without places and comments."""
    made: list[object] = [len(stream.problems), stream.lost]
    for document in stream.documents:
        made.append(None)
        for node in walk(document):
            made.append((type(node).__name__, node.tag, node.anchor))
            if isinstance(node, Scalar):
                made.append((node.style, node.value))
            elif isinstance(node, Alias):
                made.append(node.name)
            elif isinstance(node, Mapping):
                made.append((len(node.entries), node.flow))
            elif isinstance(node, yaml.Sequence):
                made.append((len(node.items), node.flow))
    return made


class _Dockerfile(File):
    """A Dockerfile, in its own file or inline."""

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        file = dockerfile_read.read(source)
        meaning: list[object] = [len(file.problems), file.escape]
        meaning += [(one.name, one.value.value) for one in file.directives]
        for one in file.instructions:
            flags = [flag.span.text for flag in one.flags]
            texts = [heredoc.text for heredoc in one.heredocs]
            meaning.append((one.name, flags, one.body.text, texts, len(one.gaps)))
        return meaning, of_dockerfile(file)

    @lazy_property
    def texts(self) -> list[tuple[int, int]]:
        bodies = (one.body for each in self._file.instructions for one in each.heredocs)
        return [(body.start, body.end) for body in bodies]

    @lazy_property
    def _file(self) -> Dockerfile:
        return dockerfile_read.read(self.source)

    def lines(self, offset: int) -> Iterator[int]:
        """Yield the line of the place itself, then that of its instruction.

        Comments are possible between the lines of an instruction, not in a heredoc.
        """
        yield from super().lines(offset)
        for one in self._file.instructions:
            if one.span.start <= offset <= one.span.end:
                yield self.source.line_start(one.span.start)

    @property
    def top(self) -> int:
        """Return the place below directives: one below a comment would not count."""
        directives = self._file.directives
        if not directives:
            return super().top
        return self._below(directives[-1].span.end)


def _inline(
    file: _Compose, offset: int, rules: Sequence[Rule], reason: str, whole_file: bool
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
    made = _comment_edits(_Dockerfile(inner), place, rules, reason, whole_file)
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
    new = _Compose(Source(source.name, apply_edits(source, edits)))
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
