"""Files that get comments: what a text means without them, and where one can be."""

from __future__ import annotations

from bisect import bisect_right

from tightship.config.keys import FRONT_ENDS
from tightship.engine.accept.suppression import of_commands, of_dockerfile, of_yaml
from tightship.engine.disk.regular import Refusal
from tightship.frontends.declared import declare
from tightship.frontends.devcontainer.reading import without_comments
from tightship.frontends.invocations.kinds import script_kind_of
from tightship.frontends.names import is_devcontainer
from tightship.lazy import TYPE_CHECKING, lazy_property, regex
from tightship.model.file_project import FileProject
from tightship.syntax.dockerfile import read as dockerfile_read
from tightship.syntax.yaml import nodes as yaml, read as yaml_read
from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, steps_to, walk
from tightship.text import OverlapError, Source, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping as Table, Sequence
    from typing import Literal

    from tightship.findings import Suppression
    from tightship.model.container_settings import ContainerSettings
    from tightship.rules.definition import Rule
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Node, Stream
    from tightship.text import Edit, Span

    Edits = tuple[Edit, ...]
    Places = Table[int, Sequence[Rule]]
    Kind = Literal["compose", "dockerfile", "declared"]

_OUTWARDS = 3


def file_of(source: Source, kind: Kind) -> CommentedFile:
    """Return a file that gets comments."""
    if kind == "declared":
        return Declared(source)
    return CommentedDockerfile(source) if kind == "dockerfile" else CommentedCompose(source)


class CommentedFile:
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

    def after(self, edits: Sequence[Edit]) -> tuple[list[Suppression], Moved] | None:
        """Return the comments of ours after edits, and where places are; None if more changes."""
        try:
            text = apply_edits(self.source, edits)
        except OverlapError:
            return None
        meaning, suppressions = self.read(Source(self.source.name, text))
        moved = Moved(edits)
        starts = {one.start for one in suppressions} | {moved.place(0)}
        is_same = (
            meaning == self.meaning
            and len(suppressions) >= len(self.suppressions)
            and all(moved.place(one.start) in starts for one in self.suppressions)
        )
        return ([one for one in suppressions if not one.is_foreign], moved) if is_same else None

    def accepts(self, edits: Edits, offset: int, rules: Sequence[Rule]) -> bool:
        """Return whether comments hold at an offset, and nothing else changes."""
        found = self.after(edits)
        return found is not None and hold(found[0], {found[1].place(offset): rules})


class Moved:
    """Where places of a text are after edits."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._ends, self._sums = list[int](), [0]
        for edit in sorted(edits, key=lambda one: one.span.end):
            self._ends.append(edit.span.end)
            change = len(edit.text) - (edit.span.end - edit.span.start)
            self._sums.append(self._sums[-1] + change)

    def place(self, offset: int) -> int:
        """Return where a place is, after what is added at it."""
        return offset + self._sums[bisect_right(self._ends, offset)]


def hold(suppressions: Iterable[Suppression], places: Places) -> bool:
    """Return whether comments accept rules at places; a gap needs a reason."""
    return all(
        any(
            one.start <= place <= one.end
            and (one.reason or "gap" not in rule.tags)
            and any(rule.name in word.rules for word in one.words)
            for one in suppressions
        )
        for place, rules in places.items()
        for rule in rules
    )


class CommentedCompose(CommentedFile):
    """A Compose file."""

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        """Return the content of a text, and the suppressions in it."""
        stream = yaml_read.read(source)
        return meaning_of_yaml(stream), of_yaml(stream)

    @lazy_property
    def texts(self) -> list[tuple[int, int]]:
        """Return the places of scalars of several lines."""
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


class CommentedDockerfile(CommentedFile):
    """A Dockerfile, in its own file or inline."""

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        """Return the instructions of a text, and the suppressions in it."""
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
        """Return the places of heredocs."""
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


_OWN_LINE = regex(r"(?m)^[ \t]*(?:#|//)[ \t]*tightship:[^\n]*\n")
_WITHOUT_COMMENTS = (".json", ".md", ".markdown", ".mdx")
_CONTINUED = ("\\", "\\\r")


class _NoFiles:
    """A disk without files: what a file builds changes no comment in it."""

    def read(self, path: str) -> Refusal:
        return Refusal(path, "missing", "does not exist")


class Declared(CommentedFile):
    """A script, a workflow, a bake file, a unit, or JSON with comments."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.mark = "//" if is_devcontainer(source.name) else "#"
        # `make` prints a comment in a recipe, unless it is at the start of the line.
        self.is_indented = script_kind_of(source.name, source.text) != "makefile"

    def read(self, source: Source) -> tuple[list[object], list[Suppression]]:
        """Return what a text declares, and the suppressions in it."""
        project = _declared(source)
        meaning: list[object] = [
            (one.name, one.extent.text, sorted(one.service_keys), one.complete)
            for one in _all(project)
        ]
        if is_devcontainer(source.name):
            meaning += meaning_of_yaml(yaml_read.read(without_comments(source)))
        elif source.name.endswith((".yaml", ".yml")):
            meaning += map(_as_script, meaning_of_yaml(yaml_read.read(source)))
        return meaning, of_commands(project)

    def lines(self, offset: int) -> Iterator[int]:
        """Yield the line of the place itself, and that of the command around it."""
        if self.source.name.endswith(_WITHOUT_COMMENTS) and not is_devcontainer(self.source.name):
            return
        around = (one.start for one in self._extents if one.start <= offset <= one.end)
        for line in dict.fromkeys(self.source.line_start(at) for at in (offset, *around)):
            if not self.source.text[: max(line - 1, 0)].endswith(_CONTINUED):
                yield line

    @lazy_property
    def _extents(self) -> list[Span]:
        return [one.extent for one in _all(_declared(self.source))]


def _as_script(part: object) -> object:
    """Return a part of YAML; in a literal text, a comment of the shell is a part of the text."""
    match part:
        case ("|", str(text)):
            return "|", _OWN_LINE.sub("", text)
        case _:
            return part


def _declared(source: Source) -> FileProject:
    project = FileProject(source, _NoFiles())
    declare(project, FRONT_ENDS)
    return project


def _all(project: FileProject) -> list[ContainerSettings]:
    return [*project.services.values(), *project.images.values()]
