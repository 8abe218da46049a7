"""A project: the services of one invocation of Compose, and their resources."""

from __future__ import annotations

from tightship.frontends.compose.fast_path import is_plain
from tightship.frontends.compose.service import Service
from tightship.frontends.compose.specification.validate import validate
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.model.project import Project
from tightship.model.reading import NONE
from tightship.model.value import MappingValue
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.frontends.compose.loading.fault import Fault, UnsetVariables
    from tightship.frontends.compose.loading.load import Loading
    from tightship.frontends.compose.provided import ProvidedParts, Provider
    from tightship.frontends.compose.specification.violation import Violation
    from tightship.model.asking import Asked
    from tightship.model.project import ProvidedUse, Removal
    from tightship.model.reading import Variables
    from tightship.model.refusal import Refusal
    from tightship.model.setting import EnvFile
    from tightship.model.value import Entry
    from tightship.syntax import SyntaxProblem


# One of them makes a service of a mapping.
_ESSENTIAL = ("image", "build", "provider", "extends")
_NOTHING = frozenset[str]()


class ComposeFile(Record):
    """One document of a Compose file as it is written, for rules about the text.

    ``root`` is the document. ``first`` tells whether it is the first one, with which
    findings about the whole file are reported, and ``partial`` whether Compose merges
    it onto another one, as it does every later document. ``is_compose`` is false for
    the document of a file that is none of Compose.
    """

    stream: yaml.Stream
    root: yaml.Node
    first: bool = True
    partial: bool = False
    is_compose: bool = True
    project: ComposeProject | None = None

    @lazy_property
    def violations(self) -> list[Violation]:
        """Return the violations of the specification, in the order of the text.

        There are none in a file that is no Compose file, nor in the parts of a text that
        a syntax error may have touched, since a key may have ended up anywhere there.
        """
        if not self.is_compose:
            return []
        found = list(validate(self.root, partial=self.partial))
        if self.stream.lost:
            from tightship.frontends.compose.damage import Damage  # most files are whole

            spares = Damage(self.stream).spares
            found = [one for one in found if spares(one.span)]
        return found if self.project is None else self.project.without_provided_keys(found)

    @property
    def problems(self) -> tuple[SyntaxProblem, ...]:
        """Return the places of the file that are not YAML, with its first document."""
        return tuple(self.stream.problems) if self.first else ()

    @property
    def version(self) -> yaml.Scalar | None:
        """Return the key ``version`` of the top level, which Compose ignores."""
        keys = (key for key, _ in self.root.entries) if isinstance(self.root, yaml.Mapping) else ()
        scalars = (key for key in keys if isinstance(key, yaml.Scalar))
        found = next((key for key in scalars if key.value == "version"), None)
        if found is None or (self.project and self.project.provides("keys", "version")):
            return None
        return found

    @property
    def start(self) -> Span:
        """Return the empty span at the start of the file."""
        return Span(self.stream.source, 0, 0)


class ComposeProject(Project):
    """The services, networks, volumes, configs and secrets of a project.

    ``root`` is the effective tree of all its files; ``paths`` names those that it is
    loaded from.
    ``faults``, ``removals`` and ``gaps`` are those of the load. ``env_files`` holds the
    files of variables of each service, by its name. ``complete`` tells that no other
    file can add to it; else a setting that a service does not have is undecided.
    ``is_side`` is true for a file that Compose loads only if `-f` names it.
    """

    def __init__(
        self,
        loading: Loading,
        names: Sequence[str],
        *,
        complete: bool = True,
        is_side: bool = False,
        is_overlay: bool = False,
        elsewhere: Mapping[str, frozenset[str]] | None = None,
        variables: Variables = NONE,
        directory: str = "",
        left_out: Callable[[str], bool] = lambda _: False,
        providers: Callable[[MappingValue | None], Iterable[Provider]] = lambda _: (),
        reads_env_files: bool = True,
        asked: Asked | None = None,
    ) -> None:
        """Make the effective model of the files that Compose loads.

        Args:
            loading: loads the files.
            names: the files, each merged onto those before it, relative to the root.
            complete: whether no other file is merged with these.
            is_side: whether Compose loads them only if `-f` names them.
            is_overlay: whether they are merged over others.
            elsewhere: the keys of services in another file, by service. Whether it is merged
                with these is not known.
            variables: the variables that ``.env`` and others set.
            directory: where relative paths start, relative to the root.
            left_out: tells whether a path is kept out of the repository.
            providers: finds what else provides parts of the merged tree.
            reads_env_files: whether to read ``env_file``; a configuration reads these
                files itself, in Compose's order.
            asked: takes note of what services ask about one another.

        """
        reading = loading.reading(variables, directory)
        root = loading.files(list(names), reading)
        self._services: dict[str, Service] = {}
        super().__init__(
            root,
            self._services,
            loading.disk,
            names=names,
            variables=variables,
            is_layered=_is_layered(loading),
        )
        self.loading = loading
        self._providers = providers
        self.removals: list[Removal] = loading.removals
        self.gaps = loading.gaps
        self.left_out = left_out
        self.files = tuple(_files(loading, names, self))
        self.is_side, self.is_overlay = is_side, is_overlay
        self._elsewhere = elsewhere or {}
        self.asked = asked
        self._is_whole = (
            complete
            and not any(file.stream.lost for file in self.files)
            and self.section("include") is None
        )
        self.complete = self._is_whole and not is_overlay
        self._damaged = self._damaged_services() if complete else None
        self._services.update(self._made_services())
        readers = {
            name: service
            for name, service in self._services.items()
            if reads_env_files
            and (service.value("env_file") is not None or service.value("label_file") is not None)
        }
        self.env_files = _env_files(readers, loading, left_out) if readers else {}

    @lazy_property
    def provided(self) -> ProvidedParts:
        """Return what something else than the files provides; few projects ask."""
        from tightship.frontends.compose.provided import ProvidedParts

        return ProvidedParts(self._providers(self.root))

    def provides(self, kind: str, name: str) -> bool:
        """Return whether something else than the files has a part, of unknown content."""
        return self.provided.has(kind, name)

    @property
    def provided_uses(self) -> tuple[ProvidedUse, ...]:
        """Return what the files lack and something else has, as far as it was asked for."""
        made: ProvidedParts | None = self.__dict__.get("provided")
        return made.uses if made is not None else ()

    @property
    def faults(self) -> list[Fault]:
        """Return the faults of the load, but for parts that something else provides."""
        return self.without_provided(self.loading.faults)

    def without_provided(self, faults: list[Fault]) -> list[Fault]:
        """Return those of some faults that are not about a part that something else has."""
        is_asked = any(one.missing is not None for one in faults)
        return self.provided.left(faults) if is_asked else faults

    def without_provided_keys(self, violations: list[Violation]) -> list[Violation]:
        """Return those of some violations that are not about a key that something else reads."""
        is_asked = any(one.kind == "unknown-key" for one in violations)
        return self.provided.left_keys(violations) if is_asked else violations

    @property
    def unset(self) -> UnsetVariables:
        """Return the variables without a value that nothing else sets."""
        unset = self.loading.unset
        return self.provided.left_variables(unset) if unset.places else unset

    @property
    def services(self) -> dict[str, Service]:
        """Return the services by name."""
        return self._services

    @property
    def streams(self) -> dict[str, yaml.Stream]:
        """Return the files that were read, by name."""
        return self.loading.streams

    @property
    def members(self) -> Iterator[Source]:
        """Yield the files that are judged with it, and not by themselves.

        Of a file that is only extended from, some services may belong to no project yet.
        A side file that includes others is not the only one to decide on them.
        """
        whole = frozenset(self.paths if self.is_side else self.loading.whole)
        return (source for source in self.sources if source.name in whole)

    def title_of(self, name: str) -> str:
        """Return a service of the project in words."""
        return f"service `{name}`"

    def removed_from(self, name: str) -> list[Removal]:
        """Return the removals in a service."""
        return self._removed.get(name, [])

    @lazy_property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return what Compose rejects in the project, and what of it cannot be read."""
        from tightship.frontends.compose.refusals import refusals  # only profiles ask

        return refusals(self)

    @lazy_property
    def inconsistencies(self) -> Sequence[Fault]:
        """Return what Compose rejects in the project as a whole.

        Nothing is known if a part of the project is missing, except for the base of a
        service: then nothing is said about that service.
        """
        root = self.root
        if root is None or not self.complete:
            return ()
        if self.gaps:
            from tightship.frontends.compose.refusals import left_without_bases

            return left_without_bases(self, lambda: self._inconsistencies(root))
        return self._inconsistencies(root)

    def _inconsistencies(self, root: MappingValue) -> Sequence[Fault]:
        disabled = _disabled(root, self)
        texts = [stream.source.text for stream in self.streams.values()]
        is_templated = any("$" in text for text in texts)
        is_written = len(self.files) == 1 and "extends" not in texts[0]
        if is_plain(root, templated=is_templated, as_written=is_written):
            return disabled
        # It takes a tenth of a cold run, and most projects do not need it.
        from tightship.frontends.compose.effective.configuration import Configuration

        configuration = Configuration(
            root, name="project", directory="/", variables=self.variables, disk=self.loading.disk
        )
        return [*disabled, *self.without_provided(configuration.faults)]

    @lazy_property
    def sharers(self) -> dict[str, list[str]]:
        """Return the names of the services that take from another one, or from an anchor.

        They are by the name of what they take from: ``base`` or ``&anchor``.
        """
        found: dict[str, list[str]] = {}
        for service in self._services.values() if self.is_layered else ():
            for source in _taken_from(service):
                found.setdefault(source, []).append(service.name)
        return found

    @lazy_property
    def _removed(self) -> dict[str, list[Removal]]:
        found: dict[str, list[Removal]] = {}
        for removal in self.removals:
            if removal.path[0] == "services" and len(removal.path) > 1:
                found.setdefault(removal.path[1], []).append(removal)
        return found

    def _made_services(self) -> Iterator[tuple[str, Service]]:
        services = self.section("services")
        if not isinstance(services, MappingValue):
            return
        for name, entry in services.entries.items():
            table = entry.value
            if isinstance(table, MappingValue):
                yield name, self._service(name, entry, table)

    def _completes(self, name: str, table: MappingValue) -> bool:
        """Return whether something else than the files has what a service runs."""
        return not _is_defined(table) and self.provides("services", name)

    def _damaged_services(self) -> frozenset[str] | None:
        """Return the services that a syntax error touches, if it leaves out others."""
        streams = [*self.loading.streams.values()]
        if len(streams) != 1 or not streams[0].lost or self.section("include"):
            return None
        from tightship.frontends.compose.damage import Damage  # most files are whole

        return Damage(streams[0]).services

    def _service(self, name: str, entry: Entry, table: MappingValue) -> Service:
        """Return a service, complete unless another file is surely merged with it.

        In an overlay, a service that has something to run is complete. In a side file that
        stands alone, what the main file next to it sets is undecided: it may be a copy, or be
        merged all the same.
        """
        complete = self.complete
        if self._damaged is not None:
            complete = name not in self._damaged
        if complete and "image" not in table.entries:
            complete = not self._completes(name, table)
        if self.is_overlay:
            complete = self._is_whole and _is_defined(table)
        elsewhere = self._elsewhere.get(name, _NOTHING)
        project = self if self.asked is None else self.asked.seen_by(name, self)
        return Service(name, entry, table, project, complete=complete, elsewhere=elsewhere)


def _is_defined(service: MappingValue) -> bool:
    """Return whether a service has something to run, so that no other file is needed."""
    return any(service.get(key) is not None for key in _ESSENTIAL)


def _env_files(
    services: Mapping[str, Service], loading: Loading, left_out: Callable[[str], bool]
) -> dict[str, tuple[EnvFile, ...]]:
    """Return the files of variables that services name."""
    from tightship.frontends.compose.env_file import EnvFiles

    reader = EnvFiles(loading, left_out)
    return {name: reader.of(service) for name, service in services.items()}


def _disabled(root: MappingValue, project: ComposeProject) -> Sequence[Fault]:
    """Return the dependencies on services that only run with a profile."""
    if all(one.value("profiles") is None for one in project.services.values()):
        return ()
    from tightship.frontends.compose.effective.profiles import disabled_dependencies

    listed = project.variables.as_compose("COMPOSE_PROFILES") or ""
    active = {name.strip() for name in listed.split(",")}
    return [*disabled_dependencies(root, active)]


def _files(
    loading: Loading, names: Sequence[str], project: ComposeProject
) -> Iterator[ComposeFile]:
    """Yield every document, those of the project's own files first."""
    for path in (*names, *(p for p in loading.streams if p not in names)):
        stream = loading.streams.get(path)
        if stream is None:
            continue
        empty = yaml.Scalar(Span(stream.source, 0, 0), "")
        for number, document in enumerate(stream.documents or [empty]):
            is_first = number == 0
            is_partial = path not in names[:1] or not is_first
            yield ComposeFile(stream, document, is_first, is_partial, project=project)


def _is_layered(loading: Loading) -> bool:
    streams = loading.streams.values()
    return len(streams) > 1 or any(
        len(stream.documents) > 1 or any(sign in stream.source.text for sign in ("<<", "extends"))
        for stream in streams
    )


def _taken_from(service: Service) -> set[str]:
    steps = (step for entry in service.table.entries.values() for step in entry.value.provenance)
    return {
        step.name if step.kind == "extends" else f"&{step.name}"
        for step in steps
        if step.kind in ("extends", "merge")
    }
