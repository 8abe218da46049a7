"""What is found in a file, by all the projects that it is part of."""

from __future__ import annotations

from operator import is_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.config.problem import ConfigProblem
    from tightship.engine.verdict import Judged, Verdict
    from tightship.text import Source, Span
    from tightship_lsp.judging.project import Project


class Report:
    """What is found in a file.

    ``version`` is that of the document that was judged, or None where it is not open.
    ``projects`` are those that the file is part of. ``found`` holds the findings in
    the order of the text, each with the project that it is found in. ``cross_file`` are those
    in other files that come from this one, or take effect here, each with that place,
    and ``problems`` what is wrong with a configuration file.
    """

    __slots__ = (
        "_uri_of_path",
        "cross_file",
        "found",
        "path",
        "problems",
        "projects",
        "uri",
        "version",
    )

    def __init__(
        self,
        uri_of_path: Callable[[str], str],
        uri: str,
        path: str | None,
        version: int | None,
        projects: Sequence[Project],
        problems: Sequence[ConfigProblem] = (),
    ) -> None:
        self._uri_of_path = uri_of_path
        self.uri = uri
        self.path = path
        self.version = version
        self.projects = tuple(projects)
        self.problems = tuple(problems)
        self.found = sorted(
            _found(path, projects),
            key=lambda pair: (pair[0].span.start, pair[0].span.end),
        )
        # What nobody has open is told of where it is found, and nowhere else.
        cross_file = _echoes(path, projects) if version is not None else ()
        self.cross_file = sorted(cross_file, key=lambda echo: echo.place.order)

    @property
    def findings(self) -> list[Judged]:
        """Return the findings that have their place in the file."""
        return [judged for judged, _ in self.found]

    @property
    def verdicts(self) -> list[Verdict]:
        """Return the verdicts on the projects that the file is part of."""
        return [verdict for one in self.projects for verdict in one.verdicts]

    def is_like(self, other: Report) -> bool:
        """Tell whether another report is of the same version and the same verdicts."""
        return (
            self.version == other.version
            and self.problems == other.problems
            and len(self.projects) == len(other.projects)
            and all(map(is_, self.projects, other.projects))
        )

    def uri_of(self, project: Project, source: Source) -> str:
        """Return the URI of a file that a finding points into."""
        if self.path is None:
            return self.uri
        return self._uri_of_path(project.place(source))


class CrossFileDiagnostic:
    """A finding in another file, and the place in this one that it has to do with."""

    __slots__ = ("judged", "place", "project")

    def __init__(self, judged: Judged, project: Project, place: Span) -> None:
        self.judged = judged
        self.project = project
        self.place = place


def _echoes(
    path: str | None, projects: Iterable[Project]
) -> Iterator[CrossFileDiagnostic]:
    """Yield what other files say of a file; what several projects say counts once."""
    said: set[tuple[str, str, int, int, int]] = set()
    for project in projects:
        for verdict in project.verdicts:
            for judged in verdict.findings:
                places = [one.span for one in judged.finding.because if one.role]
                home = project.place(judged.span.source)
                if path is None or home == path:
                    continue
                for place in places:
                    if project.place(place.source) != path:
                        continue
                    key = judged.rule.name, home, judged.span.start, place.start
                    if (*key, place.end) not in said:
                        said.add((*key, place.end))
                        yield CrossFileDiagnostic(judged, project, place)


def _found(
    path: str | None, projects: Iterable[Project]
) -> Iterator[tuple[Judged, Project]]:
    """Yield the findings in a file; what several projects say counts once."""
    said: set[tuple[str, int, int]] = set()
    for project in projects:
        mine: set[tuple[str, int, int]] = set()
        for verdict in project.verdicts:
            for judged in verdict.findings:
                span = judged.span
                if path is not None and project.place(span.source) != path:
                    continue
                key = judged.rule.name, span.start, span.end
                if key not in said:
                    mine.add(key)
                    yield judged, project
        said |= mine
