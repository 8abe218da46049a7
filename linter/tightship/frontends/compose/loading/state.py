"""The state of one load: the files that it has read, and the faults that it has found."""

from __future__ import annotations

from tightship.findings import Gap
from tightship.frontends.compose.loading.fault import UnsetVariables
from tightship.model.reading import Bounds, Reading, resolve
from tightship.syntax.yaml.read import read
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol, TypeVar

    from tightship.frontends.compose.loading.fault import Fault
    from tightship.frontends.compose.loading.merge import Merging
    from tightship.model.project import Disk, Removal
    from tightship.model.reading import Variables
    from tightship.model.value import ScalarValue
    from tightship.syntax.yaml import nodes as yaml

    Parsed = TypeVar("Parsed")

    class ParseOnce(Protocol):
        """Parses files, each once for all projects of a run."""

        def __call__(self, source: Source, parse: Callable[[Source], Parsed], /) -> Parsed:
            """Return the result of a parser for a file."""
            ...


class LoadState:
    """The state that all phases of a load share.

    ``refused`` holds the errors in files of variables: each place, and a message.
    ``unset`` holds the variables without a value.
    ``extended`` holds the paths of the files that ``extends`` names, and ``included``
    counts the projects that ``include`` names. ``whole`` holds the paths of the files
    of which every service belongs to the project. ``parsed`` parses files, which other
    projects may have in common with this one.
    """

    def __init__(self, disk: Disk, parsed: ParseOnce = lambda source, parse: parse(source)) -> None:
        self.disk = disk
        self.parsed = parsed
        self.bounds = Bounds()
        self.gaps = self.bounds.gaps
        self.faults: list[Fault] = []
        self.refused: list[tuple[Span, str]] = []
        self.removals: list[Removal] = []
        self.unset = UnsetVariables()
        self.extended: set[str] = set()
        self.included = 0
        self.streams: dict[str, yaml.Stream] = {}
        self.whole: set[str] = set()

    @property
    def merging(self) -> Merging:
        """Return what merges layers; most projects have one."""
        from tightship.frontends.compose.loading.merge import Merging

        return Merging(self.faults)

    def reading(self, variables: Variables, directory: str) -> Reading:
        """Return the reading of files with these variables, in this directory."""
        return Reading(variables, directory=directory, bounds=self.bounds)

    def stream(self, path: str, asked: Span | None) -> yaml.Stream | None:
        """Return the documents of a file, or report a gap if it cannot be read.

        ``asked`` is the place that names the file, if there is one.
        """
        if path not in self.streams:
            source = self.disk.read(path)
            if not isinstance(source, Source):
                place, advice = asked, ""
                if place is None:
                    place = Span(Source(path, ""), 0, 0)
                    if source.reason == "missing":
                        advice = "correct the path in `-f` or `COMPOSE_FILE`"
                self.gaps.append(Gap(place, source.message, advice=advice))
                return None
            self.streams[path] = self.parsed(source, read)
        return self.streams[path]

    def path_of(self, leaf: ScalarValue, directory: str) -> str | None:
        """Return the path that a scalar names, or report a gap if it is no local file."""
        if not leaf.decided:
            reason = f"`{leaf.text}` is only known when Compose runs"
        elif _is_remote(leaf.text):
            reason = f"`{leaf.text}` is not in this project, and not fetched"
        else:
            return resolve(directory, leaf.text)
        self.gaps.append(Gap(leaf.span, reason))
        return None


def _is_remote(path: str) -> bool:
    """Return whether Compose would fetch this from the network."""
    return (
        "://" in path
        or path.startswith(("git@", "github.com/"))
        or path.partition("#")[0].endswith(".git")
    )
