"""Make the configuration of a run from the merged tree.

The steps come in Compose's order: canonical form, defaults, paths, implied settings,
profiles, consistency, the files of variables (compose-go, loader/loader.go).

``environment`` wins over ``env_file``, even where it is empty, and a bare name without a
value hides the one of a file (Compose Specification, services, ``env_file``; verified with
docker-compose 2.26.1).
"""

from __future__ import annotations

from tightship.frontends.compose.effective import consistency
from tightship.frontends.compose.effective.canonical import canonical
from tightship.frontends.compose.effective.implied import add_defaults, add_implied
from tightship.frontends.compose.effective.paths import Paths
from tightship.frontends.compose.effective.printed import Printed
from tightship.frontends.compose.effective.profiles import without_inactive
from tightship.frontends.compose.effective.value import Effective
from tightship.frontends.compose.loading.fault import Fault
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import ScalarValue
from tightship.text import Source, Span
from tightship.values import dotenv

if TYPE_CHECKING:
    from collections.abc import Collection

    from tightship.model.project import Disk
    from tightship.model.reading import Variables
    from tightship.model.value import MappingValue

ALL = ("*",)
"""Every profile."""


class Configuration:
    """The configuration of a project, and its faults.

    ``faults`` holds those that show once the files are merged, without those of the
    load. ``inactive`` holds the services that no active profile asks for.
    """

    def __init__(
        self,
        root: MappingValue,
        *,
        name: str,
        directory: str,
        variables: Variables,
        disk: Disk,
        home: str | None = None,
        profiles: Collection[str] = ALL,
    ) -> None:
        """Work out the configuration.

        Args:
            root: the merged tree.
            name: the project's name.
            directory: the absolute path of the folder from which the folders of
                readings start.
            variables: the project's variables, for bare names and ``env_file``.
            disk: gives ``env_file`` and ``label_file``.
            home: the user's home, for ``~``.
            profiles: the active ones.

        """
        self.faults: list[Fault] = []
        project = canonical(root, self.faults)
        for key in ("version", "include"):
            project.entries.pop(key, None)
        add_defaults(project)
        Paths(directory, home).resolve(project)
        resolve_contents(project, variables)
        resolve_names(project, variables)
        add_implied(project, name)
        project.entries["name"] = _name(project, name)
        self.inactive = without_inactive(project, profiles)
        self.faults += consistency.check(project, self.inactive)
        files = Files(disk, directory, variables, self.faults)
        files.read_all(project.entries_of("services"))
        self.effective = project

    def printed(self) -> Printed:
        """Return what ``docker compose config`` prints, with origins."""
        return Printed(self.effective)


def _name(project: Effective, name: str) -> Effective:
    written = project.get("name")
    if written is not None and written.text:
        return Effective(name, written.source)
    return Effective(name, put="implied")


_ARGUMENTS = ("services", "*", "build", "args")
_VARIABLES = ("services", "*", "environment")


def resolve_names(project: Effective, variables: Variables) -> None:
    """Give bare names their values; a build argument without one is left out."""
    for pattern in (_ARGUMENTS, _VARIABLES):
        for table in project.at(pattern):
            for name, value in list(table.entries.items()):
                if value.content is not None:
                    continue
                found = variables.as_compose(name)
                if found is not None:
                    place = variables.place(name)
                    table.entries[name] = Effective(found, value.source, span=place)
                elif pattern is _ARGUMENTS:
                    del table.entries[name]


def resolve_contents(project: Effective, variables: Variables) -> None:
    """Give a config the value of the variable that it names."""
    for config in project.at(("configs", "*")):
        name = config.get("environment")
        found = variables.as_compose(name.text) if name else None
        if name is not None and found is not None:
            place = variables.place(name.text) or name.span
            content = Effective(found, name.source, span=place, put="implied")
            config.entries["content"] = content


class Files(Record):
    """Reads ``env_file`` and ``label_file``, from a disk with paths relative to a root."""

    disk: Disk
    root: str
    variables: Variables
    faults: list[Fault]

    def read_all(self, services: dict[str, Effective]) -> None:
        """Replace the names of files by their variables and labels."""
        for name, service in services.items():
            for key, target in (("env_file", "environment"), ("label_file", "labels")):
                files = service.entries.pop(key, None)
                if files is None or not files.items:
                    continue
                found = self._read(("services", name, key), files)
                own = service.get(target)
                merged = found | service.entries_of(target)
                if merged:
                    source = own.source if own else files.source
                    service.entries[target] = Effective(merged, source)

    def _read(self, path: tuple[str, ...], files: Effective) -> dict[str, Effective]:
        labels = path[-1] == "label_file"
        found: dict[str, Effective] = {}

        def lookup(name: str) -> str | None:
            if name in found:
                return found[name].text
            return None if labels else self.variables.as_compose(name)

        for item in files.items:
            place = item if labels else item.get("path")
            required = None if labels else item.get("required")
            if place is None or place.span is None:
                continue
            source = self.disk.read(place.text.removeprefix(self.root.rstrip("/") + "/"))
            if not isinstance(source, Source):
                if not required or required.content is not False:
                    message = f"{source.message}: Compose rejects that"
                    written = place.source
                    name = written.text if isinstance(written, ScalarValue) else place.text
                    self._refuse(place.span, message, path, place, missing=("files", name))
                continue
            if item.text_of("format") == "raw":
                parsed = dotenv.parse_raw(source.text)
            else:
                parsed = dotenv.parse(source.text, lookup, as_compose=True)
            for problem in parsed.problems:
                span = Span(source, problem.offset, problem.offset)
                self._refuse(span, problem.message, path, place)
            here: dict[str, Effective] = {}
            for entry in parsed.entries:
                # A bare name has the value of a file above or of the project, even
                # behind a value in its own file.
                value = entry.value
                if value is None:
                    value = lookup(entry.key)
                if value is not None:
                    span = Span(source, entry.start, entry.end)
                    here[entry.key] = Effective(value, place.source, span=span)
            found |= here
        return found

    def _refuse(
        self,
        span: Span,
        message: str,
        path: tuple[str, ...],
        place: Effective,
        *,
        missing: tuple[str, str] | None = None,
    ) -> None:
        self.faults.append(
            Fault(
                *("env-file", span, message, path, place.source),
                missing=missing,
                decided=place.decided,
            )
        )
