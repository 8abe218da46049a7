"""What the repository of a job and a change say of files and services.

Facts ask it. Neither the settings of the checked files nor the command line decide it. A settled
role comes from the name of a file alone: other files, and words in this one, can change with
each commit.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.engine.plan.job import Job
    from tightship.engine.roles.role import Role
    from tightship.frontends.invocations.found import Evidence
    from tightship.isolation.container import Container
    from tightship.model.project import Project
    from tightship.text import Source, Span

    Told = tuple[str | None, Span | None]


class JobSurroundings:
    """Answers for the files of one job."""

    __slots__ = ("_by_name", "_job", "_texts")

    def __init__(self, job: Job, *, by_name: bool = False) -> None:
        """Begin; with ``by_name``, the name of a file tells its role, or nothing does."""
        self._job = job
        self._by_name = by_name
        self._texts: dict[str, Mapping[str, str] | None] = {}

    @property
    def unsettled(self) -> JobSurroundings:
        """Return those that say no more than the name of a file and a change do."""
        return JobSurroundings(self._job, by_name=True)

    def purpose(self, name: str) -> Told:
        """Return the purpose of a file, and the place that tells it."""
        role = self._role(name)
        if role is None:
            return None, None
        place = self._place(role.evidence[-1:] if role.purpose != "product" else ())
        if self._by_name:
            from tightship.engine.roles.purpose import Purposes

            if Purposes(tuple).of(_file_of(name))[0] != role.purpose:
                return None, place
        return role.purpose, place

    def loading(self, name: str) -> Told:
        """Return how a file loads, and the place that tells it; a main file loads alone."""
        role = self._role(name)
        if role is None:
            return None, None
        place = self._place(role.evidence[:1] if role.loading not in ("alone", "other") else ())
        if role.loading == "unknown" or (self._by_name and role.loading != _loading_by(name)):
            return None, place
        return role.loading, place

    def change(self, name: str) -> str | None:
        """Return what a change does to a file; before one, it is there and unchanged."""
        from tightship.engine.disk.git_tree import FilesBefore, TextFiles

        job = self._job
        if isinstance(job.files, (FilesBefore, TextFiles)):
            return "added" if isinstance(job.files, TextFiles) else "unchanged"
        return job.changes.of(job.files.path(_file_of(name))) if job.changes is not None else None

    def change_of_project(self, project: Project) -> str | None:
        """Return what a change does to the files that a project is loaded from."""
        found = {self.change(one.name) for one in project.sources}
        if len(found) == 1 and not found.isdisjoint(("added", None)):
            return found.pop()
        changes = self._job.changes
        is_same = found <= {"unchanged"} and not (changes and changes.touch(self._job.files))
        return "unchanged" if is_same else "changed"

    def change_of_service(self, container: Container) -> str | None:
        """Return what a change does to a service, or to something that may decide it."""
        word, source = self.change_of_project(container.project), container.span.source
        if word != "changed":
            return word
        if (own := self.change(source.name)) != "changed":
            return "affected" if own == "unchanged" else own
        if source.name not in self._texts:
            self._texts[source.name] = self._services_before(source)
        before = self._texts[source.name]
        if before is None:
            return None
        if container.name not in before:
            return "added"
        now = _services_of(source).get(container.name)
        return "affected" if now == before[container.name] else "edited"

    def changed_files(self) -> Sequence[str] | None:
        """Return the names of all files that a change touches."""
        from tightship.engine.disk.git_tree import FilesBefore, TextFiles

        files, changes = self._job.files, self._job.changes
        if isinstance(files, TextFiles):
            return sorted(files.listing.entries)
        if changes is None:
            return () if isinstance(files, FilesBefore) else None
        paths = (os.path.relpath(one, files.root) for one in changes.paths)
        return [one.replace(os.sep, "/") for one in paths]

    def _role(self, name: str) -> Role | None:
        job = self._job
        if job.find_roles is None:
            return None
        return job.find_roles().unconfigured.of(job.files.path(_file_of(name)))

    def _place(self, evidence: Sequence[Evidence]) -> Span | None:
        """Return the place of the evidence, where it is in a file."""
        from tightship.text import Source, Span

        for one in evidence:
            name, _, line = one.place.rpartition(":")
            is_line = line.isascii() and line.isdigit()
            found = self._job.files.apart().read(name if is_line else one.place)
            if isinstance(found, Source):
                starts = found.line_starts
                start = starts[min(int(line), len(starts)) - 1] if is_line else 0
                return Span(found, start, start)
        return None

    def _services_before(self, source: Source) -> Mapping[str, str] | None:
        from tightship.text import Source

        path = self._job.files.path(source.name)
        text = self._job.changes.text_before(path) if self._job.changes is not None else None
        return None if text is None else _services_of(Source(source.name, text))


def _file_of(name: str) -> str:
    from tightship.engine.purposes import file_of

    return file_of(name)


def _loading_by(name: str) -> str:
    """Return how Compose loads a file of a name by itself, or nothing."""
    from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

    last = os.path.basename(_file_of(name))
    if last in MAIN_NAMES:
        return "alone"
    if last in OVERRIDE_NAMES:
        return "overlay"
    return "other" if "file" in last.lower() and not last.endswith((".yml", ".yaml")) else ""


def _services_of(source: Source) -> Mapping[str, str]:
    """Return the lines of each service of a Compose file, by its name."""
    from tightship.syntax.yaml.nodes import Mapping as Table, Scalar
    from tightship.syntax.yaml.read import read

    found: dict[str, str] = {}
    for root in read(source).documents:
        services = root.get("services") if isinstance(root, Table) else None
        for key, value in services.entries if isinstance(services, Table) else ():
            if isinstance(key, Scalar):
                found[key.value] = source.text[key.span.start : value.span.end]
    return found
