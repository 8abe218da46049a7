"""Suppressions written: the comment that accepts a finding, put where it holds."""

from __future__ import annotations

from tightship.engine.accept.suppression import of_dockerfile, of_yaml
from tightship.findings.suppression import Suppression
from tightship.lazy.regex import regex
from tightship.syntax.dockerfile import read as dockerfile_read
from tightship.syntax.yaml import read as yaml_read
from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, Sequence, walk
from tightship.text import Edit, OverlapError, Source, Span, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.verdict import Judged
    from tightship.syntax.yaml.nodes import Node, Stream

    Edits = tuple[Edit, ...]

_INDENT = regex(r"[ \t]*")
# What other linters are told holds for the very next line, so nothing may come between.
_FOR_OTHERS = regex(
    r"(?i)[ \t]*#+[ \t]*"
    r"(?:hadolint|shellcheck|nosemgrep|semgrep|trivy|kics|checkov|skipcq|yamllint)\b"
)
_OUTWARDS = 3


def suppress(
    judged: Judged,
    reason: str = "",
    *,
    whole_file: bool = False,
    dockerfile: bool = False,
) -> tuple[Edit, ...]:
    """Return the edits that write the comment which accepts a finding.

    The comment stands on a line of its own above that of the finding, or what does so
    already is extended. It changes nothing that YAML or BuildKit reads. There are no
    edits where no such comment can hold: above a parser directive, say, or within a
    quoted text.

    Args:
        judged: the finding.
        reason: what to say of it; one about a part not judged is void without.
        whole_file: whether to accept what its rule finds anywhere in the file.
        dockerfile: whether the finding's file is a Dockerfile.

    """
    if Suppression in judged.rule.on:
        return ()  # what is said of comments, no comment takes back
    rule, reason = judged.rule.name, _one_line(reason)
    start = judged.span.start
    if dockerfile:
        file = _Dockerfile(judged.span.source)
        return _written(file, start, rule, reason, whole_file)
    compose = _Compose(judged.span.source)
    if _is_inline(judged):
        return _inline(compose, start, rule, reason, whole_file)
    return _written(compose, start, rule, reason, whole_file)


def _one_line(reason: str) -> str:
    words = " ".join(reason.split())
    return "".join(char for char in words if char.isprintable())


def _is_inline(judged: Judged) -> bool:
    """Tell whether a finding is one in the Dockerfile that a service holds."""
    path = judged.key_path
    if path[:1] != ("services",) or path[2:4] != ("build", "dockerfile_inline"):
        return False
    return len(path) > 4 or judged.rule.language == "dockerfile"


def _written(
    file: _File, offset: int, rule: str, reason: str, whole_file: bool
) -> Edits:
    """Return the first edits that hold at an offset, and change nothing else."""
    comment = f"# tightship: ignore{'-file' if whole_file else ''}[{rule}] {reason}"
    lines = [None] if whole_file else dict.fromkeys(file.lines(offset))
    for line in lines:
        for known in reversed(file.suppressions):
            if _is_at(known, line):
                made = _extended(known, rule, reason)
                if made and file.takes(made, offset, rule):
                    return made
        at = file.top if line is None else _above(file.source, line)
        made = (_line(file.source, at, line, comment.rstrip()),)
        if file.takes(made, offset, rule):
            return made
    return ()


def _is_at(known: Suppression, line: int | None) -> bool:
    """Tell whether a comment is one about a line; None: about the file."""
    if known.is_foreign:
        return False
    is_whole = "ignore-file" in known.span.text.partition("[")[0]
    if line is None or is_whole:
        return line is None and is_whole
    return known.span.source.line_start(known.start) == line


def _extended(known: Suppression, rule: str, reason: str) -> Edits:
    """Return a comment with one more rule, or with the reason that it lacks."""
    source, end = known.span.source, known.span.start + len(known.span.text.rstrip())
    made = list[Edit]()
    if not known.words:
        return ()
    if not any(rule in word.rules for word in known.words):
        place = known.words[-1].span.end
        made.append(Edit(Span(source, place, place), f", {rule}"))
    if reason and not known.reason:
        made.append(Edit(Span(source, end, known.span.end), f" {reason}"))
    return tuple(made)


def _above(source: Source, line: int) -> int:
    """Return where a comment goes above a line: above what other linters are told."""
    while line > 0:
        before = source.line_start(line - 1)
        if not _FOR_OTHERS.match(source.text, before):
            break
        line = before
    return line


def _line(source: Source, at: int, line: int | None, comment: str) -> Edit:
    """Return a comment as a line of its own, indented as the one that it is about."""
    newline = _newline(source, at)
    found = _INDENT.match(source.text, line) if line is not None else None
    text = f"{found[0] if found else ''}{comment}{newline}"
    if at == len(source.text) and at > source.line_start(at):
        text = newline + comment
    return Edit(Span(source, at, at), text)


def _newline(source: Source, at: int) -> str:
    end = source.line_end(at)
    if source.text.startswith("\r\n", end):
        return "\r\n"
    return source.text[end : end + 1] or source.newline


class _File:
    """A file that a comment is to be written into."""

    __slots__ = ("meaning", "source", "suppressions")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.meaning, self.suppressions = self.read(source)

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        """Return what a text means, and the comments in it that accept findings."""
        raise NotImplementedError

    def lines(self, offset: int) -> Iterator[int]:
        """Yield the starts of lines above which a comment is about an offset."""
        yield self.source.line_start(offset)

    @property
    def top(self) -> int:
        """Return where a comment on the whole file goes."""
        return self._below(0) if self.source.text.startswith("#!") else 0

    def _below(self, offset: int) -> int:
        """Return where the next line starts."""
        end = self.source.line_end(offset)
        return end + (
            2
            if self.source.text.startswith("\r\n", end)
            else end < len(self.source.text)
        )

    def takes(self, edits: Edits, offset: int, rule: str) -> bool:
        """Tell whether a comment holds at an offset, and all else stays as it is."""
        try:
            text = apply_edits(self.source, edits)
        except OverlapError:
            return False
        meaning, found = self.read(Source(self.source.name, text))

        def moved(place: int) -> int:
            return place + sum(
                len(e.text) - (e.span.end - e.span.start)
                for e in edits
                if e.span.end <= place
            )

        if meaning != self.meaning or len(found) < len(self.suppressions):
            return False
        starts = {one.start for one in found} | {moved(0)}
        if not all(moved(one.start) in starts for one in self.suppressions):
            return False
        place = moved(offset)
        return any(
            one.start <= place <= one.end
            and not one.is_foreign
            and (one.reason or rule != "not-checked")
            and any(rule in word.rules for word in one.words)
            for one in found
        )


class _Compose(_File):
    """A Compose file."""

    __slots__ = ()

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        stream = yaml_read.read(source)
        return _meaning(stream), of_yaml(stream)

    def lines(self, offset: int) -> Iterator[int]:
        """Yield the line of the place itself, then those of what it is in.

        Within a text of several lines, there are no comments; its key is above it.
        """
        yield from super().lines(offset)
        way = self.way(offset)
        # From the key of a section on, a comment would be about most of the file.
        for node in [*reversed(way[2:])][:_OUTWARDS]:
            yield self.source.line_start(node.span.start)

    def way(self, offset: int) -> list[Node]:
        """Return the nodes that lead to an offset, keys among them."""
        for document in reversed(yaml_read.read(self.source).documents):
            if document.span.start <= offset:
                return _way(document, offset)
        return []


def _way(node: Node, offset: int) -> list[Node]:
    way: list[Node] = []
    while True:
        if isinstance(node, Mapping):
            inside = [e for e in node.entries if e[0].span.start <= offset]
            if not inside:
                return way
            key, node = inside[-1]
            way += (key, node)
            if offset <= key.span.end:
                return way
        elif isinstance(node, Sequence):
            items = [item for item in node.items if item.span.start <= offset]
            if not items:
                return way
            node = items[-1]
            way.append(node)
        else:
            return way


def _meaning(stream: Stream) -> list[object]:
    """Return all that YAML says of a stream, apart from where it stands."""
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
            elif isinstance(node, Sequence):
                made.append((len(node.items), node.flow))
    return made


class _Dockerfile(_File):
    """A Dockerfile, in a file or in a service."""

    __slots__ = ()

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        file = dockerfile_read.read(source)
        meaning: list[object] = [len(file.problems), file.escape]
        meaning += [(one.name, one.value.value) for one in file.directives]
        for one in file.instructions:
            flags = [flag.span.text for flag in one.flags]
            texts = [heredoc.text for heredoc in one.heredocs]
            meaning.append((one.name, flags, one.body.text, texts, len(one.gaps)))
        return meaning, of_dockerfile(file)

    def lines(self, offset: int) -> Iterator[int]:
        """Yield the line of the place itself, then that of its instruction.

        A comment may stand between the lines of an instruction, but in no heredoc.
        """
        yield from super().lines(offset)
        for one in dockerfile_read.read(self.source).instructions:
            if one.span.start <= offset <= one.span.end:
                yield self.source.line_start(one.span.start)

    @property
    def top(self) -> int:
        """Return where a comment goes: a directive below a comment would be none."""
        directives = dockerfile_read.read(self.source).directives
        if not directives:
            return super().top
        return self._below(directives[-1].span.end)


def _inline(
    file: _Compose, offset: int, rule: str, reason: str, whole_file: bool
) -> Edits:
    """Return the edits in the text of a ``dockerfile_inline``.

    It is a Dockerfile of its own, and so are its comments. Where its lines do not
    stand as they are, as they do behind ``|``, there is no way to write one.
    """
    scalar = next(iter(reversed(file.way(offset))), None)
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
    made = _written(_Dockerfile(inner), place, rule, reason, whole_file)
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
    changes = [
        pair
        for pair in zip(file.meaning, new.meaning, strict=False)
        if pair[0] != pair[1]
    ]
    wanted = ("|", scalar.value), ("|", apply_edits(inner, made))
    return tuple(edits) if changes == [wanted] else ()


def _indent(source: Source, first: int, lines: list[str]) -> int | None:
    """Return how far the lines of a block are indented, where they stand as they are."""
    for number, line in enumerate(lines, first):
        if number >= len(source.line_starts):
            return None
        if line:
            written = source.line(number)
            return len(written) - len(line) if written.endswith(line) else None
    return None
