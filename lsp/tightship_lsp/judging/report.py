"""The findings in a file, of all projects that it belongs to."""

from __future__ import annotations

from operator import is_

from tightship.findings import Severity
from tightship.lazy import Record, lazy_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.config.key import ConfigProblem
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.text import Source, Span
    from tightship_lsp.judging.project import JudgedProject


class Report:
    """The findings in a file.

    ``version`` is that of the document that was judged, or None if it is not open.
    ``projects`` are those that the file belongs to, and ``problems`` those of a
    configuration file. Without ``infos``, they are left out.
    """

    def __init__(
        self,
        uri_of_path: Callable[[str], str],
        uri: str,
        path: str | None,
        version: int | None,
        projects: Sequence[JudgedProject],
        problems: Sequence[ConfigProblem] = (),
        *,
        infos: bool = True,
    ) -> None:
        self._uri_of_path = uri_of_path
        self.uri = uri
        self.path = path
        self.version = version
        self.projects = tuple(projects)
        self.problems = tuple(problems)
        self._infos = infos

    # Most reports are only compared with the last one.
    @lazy_property
    def found(self) -> list[tuple[JudgedFinding, JudgedProject]]:
        """Return the findings in the order of the text, each with its project."""
        found = _found(self.path, self.projects, infos=self._infos)
        return sorted(found, key=lambda pair: (pair[0].span.start, pair[0].span.end))

    @lazy_property
    def cross_file(self) -> list[CrossFileDiagnostic]:
        """Return the findings in other files that are related to this one."""
        if self.version is None:  # They are shown in the other files only.
            return []
        cross_file = _cross_file(self.path, self.projects, infos=self._infos)
        return sorted(cross_file, key=lambda one: one.place.order)

    @property
    def findings(self) -> list[JudgedFinding]:
        """Return the findings in the file."""
        return [judged for judged, _ in self.found]

    def is_like(self, other: Report) -> bool:
        """Return whether another report has the same version and the same verdicts."""
        return (
            self.version == other.version
            and self._infos == other._infos
            and self.problems == other.problems
            and len(self.projects) == len(other.projects)
            and all(map(is_, self.projects, other.projects))
        )

    def uri_of(self, project: JudgedProject, source: Source) -> str:
        """Return the URI of a file that a finding points into."""
        if self.path is None:
            return self.uri
        return self._uri_of_path(project.place(source))


class CrossFileDiagnostic(Record):
    """A finding in another file, and its related place in this one."""

    judged: JudgedFinding
    project: JudgedProject
    place: Span


def _shown(verdict: Verdict, infos: bool) -> list[JudgedFinding]:
    """Return the findings of a verdict: of infos only those that make a run fail."""
    if infos:
        return list(verdict.findings)
    return [one for one in verdict.findings if one.severity > Severity.INFO or verdict.fails(one)]


def _cross_file(
    path: str | None, projects: Iterable[JudgedProject], *, infos: bool
) -> Iterator[CrossFileDiagnostic]:
    """Yield the findings in other files that are related to a file, each once."""
    seen: set[tuple[str, str, int, int, int]] = set()
    for project in projects:
        for verdict in project.verdicts:
            for judged in _shown(verdict, infos):
                home, start = project.place(judged.span.source), judged.span.start
                if path is None or home == path:
                    continue
                for related in judged.finding.because:
                    place = related.span
                    if not related.role or project.place(place.source) != path:
                        continue
                    key = judged.rule.name, home, start, place.start, place.end
                    if key not in seen:
                        seen.add(key)
                        yield CrossFileDiagnostic(judged, project, place)


def _found(
    path: str | None, projects: Iterable[JudgedProject], *, infos: bool
) -> Iterator[tuple[JudgedFinding, JudgedProject]]:
    """Yield the findings in a file; those of several projects once.

    At one place, an editor shows a rule once for each severity, whatever services
    other projects give the value to.
    """
    seen: set[tuple[object, ...]] = set()
    for project in projects:
        mine: set[tuple[object, ...]] = set()
        for verdict in project.verdicts:
            for judged in _shown(verdict, infos):
                span = judged.span
                if path is not None and project.place(span.source) != path:
                    continue
                key = judged.rule.name, span.start, span.end, judged.severity
                if key not in seen:
                    mine.add(key)
                    yield judged, project
        seen |= mine
