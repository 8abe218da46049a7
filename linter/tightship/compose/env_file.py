"""The files that ``env_file`` names, from which a container gets variables."""

from __future__ import annotations

from tightship.compose.field import Field
from tightship.compose.load import resolve
from tightship.compose.service import Pair
from tightship.compose.tree import Items, Leaf, Table
from tightship.findings import Gap
from tightship.text import Source, Span
from tightship.values.variable import has_hole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.compose.load import Disk
    from tightship.compose.service import Service
    from tightship.values.dotenv import Entry


class EnvFile:
    """A file of variables; ``asked`` is the place that names it.

    ``source`` is none where the file is not to be had, or where only a run tells which
    one it is. ``shared`` tells that whoever has the repository has the file, too.
    """

    __slots__ = ("asked", "entries", "shared", "source")

    def __init__(self, asked: Span, source: Source | None, *, shared: bool) -> None:
        """Hold a file, and read it."""
        self.asked = asked
        self.source = source
        self.shared = shared
        self.entries: tuple[Entry, ...] = ()
        if source is not None:
            from tightship.values import dotenv  # few services name one

            self.entries = tuple(dotenv.parse(source.text).entries)

    def place(self, entry: Entry) -> Span:
        """Return the place of an entry's value."""
        assert self.source is not None
        return Span(self.source, entry.start, entry.end)

    def pairs(self) -> Iterator[Pair]:
        """Yield the variables; a bare name takes its value from elsewhere."""
        for entry in self.entries:
            place, value = self.place(entry), entry.value
            decided = value is not None and not has_hole(value)
            field = Field[str](place, value if decided else None, decided=decided)
            yield Pair(entry.key, place, field)


def env_files(
    service: Service, disk: Disk, left_out: Callable[[str], bool], gaps: list[Gap]
) -> Iterator[EnvFile]:
    """Yield the files that a service names, the one that wins last.

    A file that is missing is no gap, for it may be made before the project is started;
    one that may not be read is.

    Args:
        service: the service.
        disk: what gives files.
        left_out: tells of a path below the root that it is kept out of the repository.
        gaps: gets what may not be read.

    """
    for leaf in _paths(service):
        if not leaf.decided:
            yield EnvFile(leaf.span, None, shared=False)
            continue
        path = resolve(leaf.reading.directory, leaf.text)
        source = disk.read(path)
        if isinstance(source, Source):
            yield EnvFile(leaf.span, source, shared=not left_out(path))
            continue
        if source.reason != "missing":
            gaps.append(Gap(leaf.span, source.message))
        yield EnvFile(leaf.span, None, shared=False)


def _paths(service: Service) -> Iterator[Leaf]:
    written = service.value("env_file")
    for item in written.items if isinstance(written, Items) else [written]:
        path = item.get("path") if isinstance(item, Table) else item
        if isinstance(path, Leaf) and not path.is_null:
            yield path
