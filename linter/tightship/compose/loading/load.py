"""From files to one tree: what Compose has after it has put a project together.

For each document of each file, in this order: aliases and merge keys are followed and
variables replaced (:mod:`~tightship.compose.loading.tree`), what it includes is loaded, its
resets take effect on what there is so far, its services are extended, and the whole is
laid over what there is so far (compose-go, loader/loader.go).
"""

from __future__ import annotations

import posixpath

from tightship.compose.loading import interpolation
from tightship.compose.loading.fault import Fault
from tightship.compose.loading.merge import Merging
from tightship.compose.loading.reading import Bounds, Reading
from tightship.compose.loading.reset import resets, without
from tightship.compose.loading.tree import Table, value
from tightship.compose.specification.keys import FILE, at
from tightship.findings import Gap
from tightship.syntax.yaml.read import read
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, Protocol

    from tightship.compose.loading.reset import Reset
    from tightship.compose.loading.tree import Value
    from tightship.compose.loading.variables import Variables
    from tightship.syntax.yaml import nodes as yaml

    Reason = Literal[
        "missing",
        "not-readable",
        "outside-root",
        "not-regular",
        "directory",
        "too-large",
        "not-text",
    ]

    class Refused(Protocol):
        """A file that is not to be had, and why."""

        @property
        def reason(self) -> Reason:
            """Return what is the matter, in a word."""
            ...

        @property
        def message(self) -> str:
            """Return what is the matter, in a sentence."""
            ...

    class Disk(Protocol):
        """Gives files by path, relative to the project root."""

        def read(self, path: str) -> Source | Refused:
            """Return a file's text, or why it is not to be had."""
            ...


class Removal:
    """A value that a file took out of those below it, with ``!reset`` or ``!override``.

    ``span`` is the place of the tag.
    """

    __slots__ = ("path", "reset", "span", "value")

    def __init__(self, path: tuple[str, ...], reset: Reset, value: Value) -> None:
        self.path = path
        self.reset = reset
        self.span = reset.span
        self.value = value


class Loading:
    """The loading of one project: what was read, and what went wrong on the way.

    ``refused`` holds what Compose refuses in files of variables: the places, and what
    is wrong there.
    """

    __slots__ = (
        "bounds",
        "disk",
        "extended",
        "faults",
        "included",
        "merging",
        "refused",
        "removals",
        "sources",
        "streams",
    )

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.bounds = Bounds()
        self.faults: list[Fault] = []
        self.merging = Merging(self.faults)
        self.refused: list[tuple[Span, str]] = []
        self.removals: list[Removal] = []
        self.extended: set[str] = set()
        self.included = 0
        self.streams: dict[str, yaml.Stream] = {}

    @property
    def gaps(self) -> list[Gap]:
        """Return what could not be read."""
        return self.bounds.gaps

    def reading(self, variables: Variables, directory: str) -> Reading:
        """Return what holds for files with these variables, in this directory."""
        return Reading(variables, directory=directory, bounds=self.bounds)

    def files(
        self, paths: list[str], reading: Reading, including: tuple[str, ...] = ()
    ) -> Table | None:
        """Return what several files come to when each is laid over those before it.

        ``including`` holds the paths of the files that include these.
        """
        loaded: Table | None = None
        for path in paths:
            stream = self.stream(path, None)
            if stream is not None:
                loaded = self.lay(loaded, stream, reading, (*including, path))
        return loaded

    def lay(
        self,
        loaded: Table | None,
        stream: yaml.Stream,
        reading: Reading,
        including: tuple[str, ...],
    ) -> Table | None:
        """Lay the documents of a file over what there is so far."""
        from tightship.compose.loading.extends import extended
        from tightship.compose.loading.include import included

        for document in stream.documents:
            top = value(document, (), reading)
            if not isinstance(top, Table):
                continue
            self.faults += interpolation.faults(document, reading)
            undone = resets(document)
            top = included(self, top, including)
            for reset in undone:
                if loaded is not None:
                    loaded = self._remove(loaded, reset)
            top = extended(self, top, undone)
            if loaded is None:
                loaded = top
            else:
                merged = self.merging.merge(loaded, top, FILE, ())
                loaded = merged if isinstance(merged, Table) else loaded
        return loaded

    def stream(self, path: str, asked: Span | None) -> yaml.Stream | None:
        """Return a file's tree, or report that it is not to be had.

        ``asked`` is the place that names the file, if there is one.
        """
        if path not in self.streams:
            source = self.disk.read(path)
            if not isinstance(source, Source):
                place = asked or Span(Source(path, ""), 0, 0)
                self.gaps.append(Gap(place, source.message))
                return None
            self.streams[path] = read(source)
        return self.streams[path]

    def _remove(self, loaded: Table, reset: Reset) -> Table:
        if reset.inside_list or not reset.path:
            self._no_effect(loaded, reset)
            return loaded
        loaded, removed = without(loaded, reset.path, FILE)
        if removed is not None:
            shape = at(*reset.path)
            if shape is not None:
                self.merging.empty(removed, shape, reset.path)
            self.removals.append(Removal(reset.path, reset, removed))
        return loaded

    def _no_effect(self, loaded: Table, reset: Reset) -> None:
        below = loaded.get(*reset.path)
        if below is None or reset.tag != "!reset":
            return
        self.faults.append(
            Fault(
                "no-effect",
                reset.span,
                "`!reset` on an item removes nothing: Compose resets keys, and the"
                f" items of `{reset.path[-1]}` in the file below stay",
                path=reset.path,
                lost=below,
            )
        )


def resolve(directory: str, path: str) -> str:
    """Return a path as Compose finds it from a directory, relative to the root."""
    if posixpath.isabs(path):
        return path
    return posixpath.normpath(posixpath.join(directory, path))


def is_remote(path: str) -> bool:
    """Tell whether Compose would fetch this from the network."""
    return (
        "://" in path
        or path.startswith(("git@", "github.com/"))
        or (path.partition("#")[0].endswith(".git"))
    )
