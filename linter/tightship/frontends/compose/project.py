"""A project: the services of one invocation of Compose, and their resources."""

from __future__ import annotations

from tightship.frontends.compose.env_file import EnvFiles
from tightship.frontends.compose.service import Service
from tightship.frontends.compose.specification.conform import check
from tightship.lazy import lazy_property
from tightship.model.reading import NONE, resolve
from tightship.model.value import MappingValue, ScalarValue
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Source, Span
from tightship.values import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.findings import Gap
    from tightship.frontends.compose.loading.fault import Fault
    from tightship.frontends.compose.loading.load import Loading
    from tightship.frontends.compose.loading.reset import Removal
    from tightship.frontends.compose.overlay import BaseProject
    from tightship.frontends.compose.specification.violation import Violation
    from tightship.model.reading import Variables
    from tightship.model.setting import EnvFile
    from tightship.model.value import Entry, Value


class ComposeFile:
    """One document of a Compose file as it is written, for rules about the text.

    ``root`` is the document. ``first`` tells whether it is the first one, with which
    findings about the whole file are reported, and ``partial`` whether Compose merges
    it onto another one, as it does every later document. ``is_compose`` is false for
    the document of a file that is none of Compose.
    """

    def __init__(
        self,
        stream: yaml.Stream,
        root: yaml.Node,
        *,
        first: bool = True,
        partial: bool = False,
        is_compose: bool = True,
    ) -> None:
        self.stream = stream
        self.root = root
        self.first = first
        self.partial = partial or not first
        self.is_compose = is_compose

    @lazy_property
    def violations(self) -> list[Violation]:
        """Return the violations of the specification, in the order of the text.

        There are none in a file that is no Compose file, nor in the parts of a text that
        a syntax error may have touched, since a key may have ended up anywhere there.
        """
        if not self.is_compose:
            return []
        found = list(check(self.root, partial=self.partial))
        if self.stream.lost:
            from tightship.frontends.compose.damage import Damage  # most files are whole

            spares = Damage(self.stream).spares
            found = [one for one in found if spares(one.span)]
        return found

    @property
    def start(self) -> Span:
        """Return the empty span at the start of the file."""
        return Span(self.stream.source, 0, 0)


class Project:
    """The services, networks, volumes, configs and secrets of a project.

    ``root`` is the effective tree of all its files, whose names are ``paths``.
    ``faults``, ``removals`` and ``gaps`` are those of the load. ``env_files`` holds the
    files of variables of each service, by its name. ``complete`` tells that no other
    file can add to it; else a setting that a service does not have is undecided.
    ``is_side`` is true for a file that Compose loads only if `-f` names it.
    ``overlay_of`` holds the files that it is merged onto, if it is an overlay: none, if
    they are unknown; it is None for all other projects.
    ``is_layered`` tells that a value may have replaced another one.
    """

    def __init__(
        self,
        loading: Loading,
        paths: Sequence[str],
        *,
        complete: bool = True,
        is_side: bool = False,
        underlay: BaseProject | None = None,
        variables: Variables = NONE,
        directory: str = "",
        left_out: Callable[[str], bool] | None = None,
        for_commit: Callable[[str], bool] = lambda _: False,
        reads_env_files: bool = True,
    ) -> None:
        """Make the effective model of the files that Compose loads.

        Args:
            loading: loads the files.
            paths: the files, each merged onto those before it, relative to the root.
            complete: whether no other file is merged with these.
            is_side: whether Compose loads them only if `-f` names them.
            underlay: the project that a side file may be merged onto.
            variables: the variables that ``.env`` and others set.
            directory: where relative paths start, relative to the root.
            left_out: tells whether a path is kept out of the repository.
            for_commit: tells whether a path is in a repository that takes it.
            reads_env_files: whether to read ``env_file``; a configuration reads these
                files itself, in Compose's order.

        """
        self.loading = loading
        self.faults: list[Fault] = loading.faults
        self.removals: list[Removal] = loading.removals
        self.gaps: list[Gap] = loading.gaps
        self.paths = tuple(paths)
        self.variables = variables
        self.for_commit = for_commit
        reading = loading.reading(variables, directory)
        self.root: MappingValue | None = loading.files(list(paths), reading)
        self.is_layered = _is_layered(loading)
        self.files = tuple(_files(loading, paths))
        self.overlay_of: tuple[str, ...] | None = None
        if is_side and self.root is not None:
            from tightship.frontends.compose.overlay import is_overlay

            if is_overlay(self.root, underlay):
                self.overlay_of = underlay.paths if underlay is not None else ()
        self.is_side, self._underlay = is_side, underlay
        self._is_whole = (
            complete
            and not any(file.stream.lost for file in self.files)
            and self._section("include") is None
        )
        self.complete = self._is_whole and self.overlay_of is None
        self._damaged = self._damaged_services() if complete else None
        self.services: dict[str, Service] = dict(self._services())
        self._left_out = left_out
        reader = EnvFiles(loading, left_out)
        self.env_files: dict[str, tuple[EnvFile, ...]] = {
            name: reader.of(service)
            for name, service in self.services.items()
            if reads_env_files and service.value("env_file") is not None
        }

    def lacks(self, leaf: ScalarValue) -> bool:
        """Return whether a path names a file of the project that is surely missing.

        One out of the project, or kept out of its repository, may be on the host.
        """
        path = resolve(leaf.reading.directory, leaf.text)
        if not leaf.decided or path.startswith(("/", "../")):
            return False
        found = self.loading.disk.read(path)
        if isinstance(found, Source) or found.reason != "missing":
            return False
        return self._left_out is None or not self._left_out(path)

    def removed_from(self, service: str) -> list[Removal]:
        """Return the removals in a service."""
        return self._removed.get(service, [])

    @lazy_property
    def _removed(self) -> dict[str, list[Removal]]:
        found: dict[str, list[Removal]] = {}
        for removal in self.removals:
            if removal.path[0] == "services" and len(removal.path) > 1:
                found.setdefault(removal.path[1], []).append(removal)
        return found

    def table(self, section: str, name: str) -> MappingValue | None:
        """Return the body of a top-level network, volume, config or secret."""
        found = self.root.get(section, name) if self.root else None
        return found if isinstance(found, MappingValue) else None

    def text(self, section: str, name: str, *path: str) -> ScalarValue | None:
        """Return a text from a top-level network, volume, config or secret."""
        table = self.table(section, name)
        found = table.get(*path) if table else None
        return found if isinstance(found, ScalarValue) and not found.is_null else None

    def names(self, section: str) -> Iterator[str]:
        """Yield the names that a top-level section defines."""
        found = self._section(section)
        if isinstance(found, MappingValue):
            yield from found.entries

    @property
    def service_keys(self) -> set[str]:
        """Return the keys of all services."""
        return {key for service in self.services.values() for key in service.service_keys}

    @lazy_property
    def built(self) -> frozenset[str]:
        """Return the images that services here build, each as ``name:tag``."""
        names = (
            image.parse(service.text("image").value or "")
            for service in self.services.values()
            if service.value("build") is not None
        )
        return frozenset(map(image.tagged, names))

    @lazy_property
    def new_configs(self) -> dict[str, list[str]]:
        """Return the configs that a service is the first one to get, by its name.

        So each is checked once, however many services share it.
        """
        given, found = set[str](), dict[str, list[str]]()
        for name, service in self.services.items():
            for grant in service.items("configs"):
                source = grant.get("source") if isinstance(grant, MappingValue) else grant
                if isinstance(source, ScalarValue) and source.text not in given:
                    given.add(source.text)
                    found.setdefault(name, []).append(source.text)
        return found

    def _section(self, name: str) -> Value | None:
        found = self.root.get(name) if self.root else None
        return None if isinstance(found, ScalarValue) and found.is_null else found

    def _services(self) -> Iterator[tuple[str, Service]]:
        services = self._section("services")
        if not isinstance(services, MappingValue):
            return
        for name, entry in services.entries.items():
            table = entry.value
            if isinstance(table, MappingValue):
                yield name, self._service(name, entry, table)

    def _damaged_services(self) -> frozenset[str] | None:
        """Return the services that a syntax error touches, if it leaves out others."""
        streams = [*self.loading.streams.values()]
        if len(streams) != 1 or not streams[0].lost or self._section("include"):
            return None
        from tightship.frontends.compose.damage import Damage  # most files are whole

        return Damage(streams[0]).services

    def _service(self, name: str, entry: Entry, table: MappingValue) -> Service:
        """Return a service, complete unless another file is surely merged with it.

        A service of an overlay that has an image, and that the files below do not have,
        is the overlay's own. In a side file that stands alone, what the main file next to
        it sets is undecided: it may be a copy, or be merged all the same.
        """
        complete, elsewhere = self.complete, frozenset[str]()
        if self._damaged is not None:
            complete = name not in self._damaged
        known = self._underlay.services if self._underlay is not None else {}
        if self.overlay_of is not None:
            from tightship.frontends.compose.overlay import is_defined

            complete = self._is_whole and is_defined(table) and name not in known
        elif self._underlay is not None and self._underlay.is_near:
            elsewhere = known.get(name, elsewhere)
        return Service(name, entry, table, self, complete=complete, elsewhere=elsewhere)


def _files(loading: Loading, paths: Sequence[str]) -> Iterator[ComposeFile]:
    """Yield every document, those of the project's own files first."""
    for path in (*paths, *(p for p in loading.streams if p not in paths)):
        stream = loading.streams.get(path)
        if stream is None:
            continue
        empty = yaml.Scalar(Span(stream.source, 0, 0), "")
        for number, document in enumerate(stream.documents or [empty]):
            yield ComposeFile(stream, document, first=number == 0, partial=path not in paths[:1])


def _is_layered(loading: Loading) -> bool:
    streams = loading.streams.values()
    return len(streams) > 1 or any(
        len(stream.documents) > 1 or any(sign in stream.source.text for sign in ("<<", "extends"))
        for stream in streams
    )
