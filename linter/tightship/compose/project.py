"""A project: the services of one invocation of Compose, and what they share."""

from __future__ import annotations

from tightship.compose.env_file import EnvFiles
from tightship.compose.loading.tree import Leaf, Table
from tightship.compose.loading.variables import NONE
from tightship.compose.service import Service
from tightship.compose.specification.conform import check
from tightship.compose.specification.kind import looks_like
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Span
from tightship.values import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.compose.env_file import EnvFile
    from tightship.compose.loading.fault import Fault
    from tightship.compose.loading.load import Loading
    from tightship.compose.loading.reset import Removal
    from tightship.compose.loading.tree import Value
    from tightship.compose.loading.variables import Variables
    from tightship.compose.specification.violation import Violation
    from tightship.findings import Gap


class ComposeFile:
    """One Compose file as it is written: what the rules about the text itself see."""

    __slots__ = ("_violations", "first", "partial", "root", "stream")

    def __init__(
        self,
        stream: yaml.Stream,
        root: yaml.Node,
        *,
        first: bool = True,
        partial: bool = False,
    ) -> None:
        """Hold a file.

        Args:
            stream: what was read.
            root: the one of its documents that is judged.
            first: whether that is the first document, with which everything is said
                that is about the file as a whole.
            partial: whether Compose lays it over another file. A later document is
                laid over the ones before it in any case.

        """
        self.stream = stream
        self.root = root
        self.first = first
        self.partial = partial or not first
        self._violations: list[Violation] | None = None

    @property
    def violations(self) -> list[Violation]:
        """Return what Compose refuses in the document, in the order of the text.

        None are sought in what is no Compose file, nor where a syntax error cost a
        part of the text, for what is left of it may have ended up anywhere.
        """
        if self._violations is None:
            sought = self.partial or looks_like(self.root) == "compose"
            if sought and not self.stream.lost:
                self._violations = list(check(self.root, partial=self.partial))
            else:
                self._violations = []
        return self._violations

    @property
    def start(self) -> Span:
        """Return the empty place at the file's start."""
        return Span(self.stream.source, 0, 0)


class Project:
    """The services, networks, volumes, configs and secrets of a project.

    ``root`` is the effective tree of all its files, whose names are ``paths``, and
    ``faults`` and ``removals`` tell what happened while they were put together.
    ``env_files`` holds the files of variables that a service names, by its name.
    ``complete`` tells that nothing outside of what was read can add to it. Where that
    is not so, what a service does not set is undecided. ``is_layered`` tells that a
    value may have taken the place of another one.
    """

    __slots__ = (
        "_built",
        "_configs",
        "_removed",
        "complete",
        "env_files",
        "files",
        "is_layered",
        "loading",
        "paths",
        "root",
        "services",
    )

    def __init__(
        self,
        loading: Loading,
        paths: Sequence[str],
        *,
        complete: bool = True,
        variables: Variables = NONE,
        directory: str = "",
        left_out: Callable[[str], bool] | None = None,
    ) -> None:
        """Make the effective model of the files that Compose loads.

        Args:
            loading: what reads the files.
            paths: the files, each laid over those before it, relative to the root.
            complete: whether these are all that Compose would load.
            variables: what ``.env`` and the like set.
            directory: where relative paths start, relative to the root.
            left_out: tells of a path that it is kept out of the repository.

        """
        self.loading = loading
        self.paths = tuple(paths)
        reading = loading.reading(variables, directory)
        self.root: Table | None = loading.files(list(paths), reading)
        self.is_layered = _is_layered(loading)
        self.files = tuple(_files(loading, paths))
        self.complete = (
            complete
            and not any(file.stream.lost for file in self.files)
            and self._section("include") is None
        )
        self.services: dict[str, Service] = dict(self._services())
        reader = EnvFiles(loading, left_out)
        self.env_files: dict[str, tuple[EnvFile, ...]] = {
            name: reader.of(service)
            for name, service in self.services.items()
            if service.value("env_file") is not None
        }
        self._built: frozenset[str] | None = None
        self._configs: dict[str, list[str]] | None = None
        self._removed: dict[str, list[Removal]] | None = None

    @property
    def faults(self) -> list[Fault]:
        """Return what Compose refuses, or does otherwise than it was meant."""
        return self.loading.faults

    @property
    def removals(self) -> list[Removal]:
        """Return what files took out of those below them."""
        return self.loading.removals

    def removed_from(self, service: str) -> list[Removal]:
        """Return what files took out of a service of those below them."""
        if self._removed is None:
            self._removed = {}
            for removal in self.removals:
                if removal.path[0] == "services" and len(removal.path) > 1:
                    self._removed.setdefault(removal.path[1], []).append(removal)
        return self._removed.get(service, [])

    @property
    def gaps(self) -> list[Gap]:
        """Return what of the project could not be read."""
        return self.loading.gaps

    def table(self, section: str, name: str) -> Table | None:
        """Return the body of a top-level network, volume, config or secret."""
        found = self.root.get(section, name) if self.root else None
        return found if isinstance(found, Table) else None

    def text(self, section: str, name: str, *path: str) -> Leaf | None:
        """Return a text from a top-level network, volume, config or secret."""
        table = self.table(section, name)
        found = table.get(*path) if table else None
        return found if isinstance(found, Leaf) and not found.is_null else None

    def names(self, section: str) -> Iterator[str]:
        """Yield the names that a top-level section defines."""
        found = self._section(section)
        if isinstance(found, Table):
            yield from found.entries

    @property
    def built(self) -> frozenset[str]:
        """Return the images that services here build, each as ``name:tag``."""
        if self._built is None:
            names = (
                image.parse(service.text("image").value or "")
                for service in self.services.values()
                if service.value("build") is not None
            )
            self._built = frozenset(f"{n.familiar}:{n.tag or 'latest'}" for n in names)
        return self._built

    @property
    def new_configs(self) -> dict[str, list[str]]:
        """Return the configs that a service is the first one to be given, by its name.

        So each is asked for once, however many services share it.
        """
        if self._configs is None:
            given: set[str] = set()
            self._configs = {}
            for name, service in self.services.items():
                for grant in service.items("configs"):
                    source = grant.get("source") if isinstance(grant, Table) else grant
                    if isinstance(source, Leaf) and source.text not in given:
                        given.add(source.text)
                        self._configs.setdefault(name, []).append(source.text)
        return self._configs

    def _section(self, name: str) -> Value | None:
        found = self.root.get(name) if self.root else None
        return None if isinstance(found, Leaf) and found.is_null else found

    def _services(self) -> Iterator[tuple[str, Service]]:
        services = self._section("services")
        if not isinstance(services, Table):
            return
        for name, entry in services.entries.items():
            if isinstance(entry.value, Table):
                yield (
                    name,
                    Service(name, entry, entry.value, self, complete=self.complete),
                )


def _files(loading: Loading, paths: Sequence[str]) -> Iterator[ComposeFile]:
    """Yield every document that was read, those of the project's own files first."""
    for path in (*paths, *(p for p in loading.streams if p not in paths)):
        stream = loading.streams.get(path)
        if stream is None:
            continue
        nothing = yaml.Scalar(Span(stream.source, 0, 0), "")
        for number, document in enumerate(stream.documents or [nothing]):
            yield ComposeFile(
                stream, document, first=number == 0, partial=path not in paths[:1]
            )


def _is_layered(loading: Loading) -> bool:
    streams = loading.streams.values()
    return len(streams) > 1 or any(
        len(stream.documents) > 1
        or any(sign in stream.source.text for sign in ("<<", "extends"))
        for stream in streams
    )
