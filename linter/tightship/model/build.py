"""The ``build`` of a container: its Dockerfile, also one written in place, and its inputs."""

from __future__ import annotations

import posixpath

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.reading import resolve
from tightship.model.value import MappingValue, ScalarValue
from tightship.text import Source, Span

if TYPE_CHECKING:
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.setting import Pair, Setting

# Any text with `://` is remote, too.
_REMOTE = ("service:", "github.com/", "git@")


def is_remote_context(text: str) -> bool:
    """Return whether a context is no folder, but a service or a URL."""
    return "://" in text or text.startswith(_REMOTE)


class BuildSection(Record):
    """The ``build`` section of a service, or of an image that no container here runs.

    Paths are relative to the project's root, as far as they are below it.
    """

    service: ContainerSettings

    @classmethod
    def of(cls, service: ContainerSettings) -> BuildSection | None:
        """Return the section of a service, if it has one."""
        return cls(service) if service.value("build") is not None else None

    def _leaf(self, key: str) -> ScalarValue | None:
        written = self.service.value("build")
        if isinstance(written, ScalarValue):  # `build: folder`
            return written if key == "context" else None
        found = written.get(key) if isinstance(written, MappingValue) else None
        return found if isinstance(found, ScalarValue) and not found.is_null else None

    @property
    def span(self) -> Span:
        """Return the place of the Dockerfile's name, of the context, or of the section."""
        leaf = self._leaf("dockerfile") or self._leaf("context")
        if leaf is not None:
            return leaf.span
        written = self.service.value("build")
        return written.span if written is not None else self.service.span

    @property
    def inline(self) -> ScalarValue | None:
        """Return the Dockerfile that is written in the section itself."""
        return self._leaf("dockerfile_inline")

    @property
    def is_decided(self) -> bool:
        """Return whether the files alone decide the build."""
        keys = ("context", "dockerfile", "dockerfile_inline", "target")
        leaves = [leaf for key in keys if (leaf := self._leaf(key)) is not None]
        return not self.service.may_have("build") and all(leaf.decided for leaf in leaves)

    @property
    def remote(self) -> ScalarValue | None:
        """Return the context, where the builder would fetch it from elsewhere."""
        leaf = self._leaf("context")
        return leaf if leaf is not None and is_remote_context(leaf.text) else None

    @property
    def context(self) -> str:
        """Return the folder that files are copied from."""
        leaf = self._leaf("context")
        if leaf is not None:
            return resolve(leaf.reading.directory, leaf.text)
        written = self.service.value("build")
        return written.reading.directory if written is not None else ""

    @property
    def dockerfile(self) -> str:
        """Return the path of the Dockerfile, which starts from the context."""
        leaf = self._leaf("dockerfile")
        name = leaf.text if leaf is not None and leaf.text else "Dockerfile"
        return posixpath.normpath(posixpath.join(self.context, name))

    @property
    def target(self) -> Setting[str]:
        """Return the stage that is built; by default the last one."""
        return self.service.text("build", "target")

    @property
    def arguments(self) -> tuple[Pair, ...]:
        """Return the build arguments; one without a value takes it from the environment."""
        return self.service.pairs("build", "args")

    @property
    def contexts(self) -> tuple[str, ...]:
        """Return the names of the contexts that replace stages and images."""
        return tuple(pair.name for pair in self.service.pairs("build", "additional_contexts"))


class InlineDockerfile:
    """The text of a ``dockerfile_inline``, as its own source.

    A place in it is the same place in the Compose file where the line is literal
    there, as in a block with ``|``. Otherwise the whole line or value stands for it.
    """

    __slots__ = ("_leaf", "_lines", "service", "source")

    def __init__(self, leaf: ScalarValue, service: str) -> None:
        """Make a source of a value; ``service`` is the name of the service."""
        self._leaf = leaf
        self.service = service
        self.source = Source(f"{leaf.span.source.name} ({service})", leaf.text)
        self._lines: list[tuple[int, int, bool]] | None = None

    def place(self, span: Span) -> Span:
        """Return the place of a part of the text in the Compose file."""
        start, _ = self._offset(span.start)
        _, end = self._offset(span.end)
        return Span(self._leaf.span.source, start, max(start, end))

    def is_literal(self, span: Span) -> bool:
        """Return whether a part of one line is literal in the Compose file."""
        first, last = self.source.point(span.start)[0], self.source.point(span.end)[0]
        lines = self._places()
        return first == last < len(lines) and lines[first][2]

    def _offset(self, offset: int) -> tuple[int, int]:
        """Return the place of a character, as the start and as the end of a span."""
        number, column = self.source.point(offset)
        lines = self._places()
        if number >= len(lines):
            return self._leaf.span.start, self._leaf.span.end
        start, end, literal = lines[number]
        return (start + column, start + column) if literal else (start, end)

    def _places(self) -> list[tuple[int, int, bool]]:
        """Return start and end of each line, and whether it is literal there."""
        if self._lines is None:
            self._lines = self._found() if self._leaf.node.style == "|" else []
        return self._lines

    def _found(self) -> list[tuple[int, int, bool]]:
        whole, source = self._leaf.span, self._leaf.span.source
        number = source.point(whole.start)[0] + 1  # behind the line with `|`
        lines, indent = self.source.text.split("\n"), None
        found: list[tuple[int, int, bool]] = []
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
