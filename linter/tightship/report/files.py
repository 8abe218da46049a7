"""The files that a run judges and as what, and those that it skips and why."""

from __future__ import annotations

import os

from tightship.report.place import seen_from
from tightship.report.report import Report, ReportOptions
from tightship.report.terminal import brief, visible_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.verdict import Verdict
    from tightship.report.json import Json
    from tightship.report.summary import Summary


class JudgedFile:
    """A file that a run reads.

    ``role`` is ``project`` for the main file of a Compose project, ``compose`` for a file
    that is merged, extended or included there, ``dockerfile``, or ``variables``.
    ``project`` is the path of that main file, unless it is the file itself. ``services``
    are those that build a Dockerfile.
    """

    def __init__(
        self, path: str, role: str, project: str = "", services: tuple[str, ...] = ()
    ) -> None:
        self.path = path
        self.role = role
        self.project = project
        self.services = services


def judged_files(verdict: Verdict, here: str) -> Iterator[JudgedFile]:
    """Yield the files of a verdict; ``here`` is the folder that paths start from."""

    def seen(name: str) -> str:
        return seen_from(here, verdict.root, name)

    if verdict.project is None:
        return  # it could not be read; gaps say why
    main, *others = (source.name for source in verdict.sources)
    if main in verdict.builders:
        yield JudgedFile(seen(main), "dockerfile")
        return
    project = seen(main)
    yield JudgedFile(project, "project")
    for name in others:
        if name in verdict.builders:
            services = tuple(verdict.builders[name])
            yield JudgedFile(seen(name), "dockerfile", project, services)
        else:
            yield JudgedFile(seen(name), "compose", project)
    for name in verdict.variables:
        yield JudgedFile(seen(name), "variables", project)


class FilesText(Report):
    """Writes a line for each file, and after all verdicts one for each that is skipped."""

    def __init__(self, options: ReportOptions) -> None:
        self._here = options.here
        self._written = set[str]()

    def verdict(self, verdict: Verdict) -> str:
        """Return the lines of a verdict; a line that was written before is left out."""
        lines = list[str]()
        for one in judged_files(verdict, self._here):
            line = f"{visible_path(one.path)}: {_words(one)}"
            if line not in self._written:
                self._written.add(line)
                lines.append(line)
        return "".join(f"{line}\n" for line in lines)

    def closing(self, summary: Summary) -> str:
        """Return the lines about skipped files, and parts that could not be checked."""
        from tightship.report.unchecked import gap_lines

        lines = [
            f"{visible_path(seen_from(self._here, one.root, one.name))}:"
            f" skipped, {brief(one.message)}"
            for one in summary.skipped
        ]
        lines += gap_lines(summary.gaps, self._here, is_whole=True)
        return "".join(f"{line}\n" for line in lines)


class FilesJson(Report):
    """Writes ``{"schema": 1, "files": […], "skipped": […]}``, an item for each file."""

    def __init__(self, options: ReportOptions) -> None:
        from tightship.report.json import SCHEMA, JsonLines

        self._here = options.here
        self._lines = JsonLines()
        self.opening = f'{{"schema": {SCHEMA}, "files": ['

    def verdict(self, verdict: Verdict) -> str:
        """Return the files of a verdict."""
        return "".join(self._lines.add(_data(one)) for one in judged_files(verdict, self._here))

    def closing(self, summary: Summary) -> str:
        """Return the skipped files, and the end of the document."""
        from tightship.report.json import JsonLines

        lines = JsonLines()
        skipped = "".join(
            lines.add(
                {
                    "path": seen_from(self._here, one.root, one.name),
                    "reason": one.reason,
                    "message": one.message,
                }
            )
            for one in summary.skipped
        )
        return f'\n], "skipped": [{skipped}\n]}}\n'


def _words(file: JudgedFile) -> str:
    project = visible_path(file.project)
    match file.role:
        case "project":
            return "Compose project"
        case "compose":
            return f"Compose file, part of {project}"
        case "variables":
            return f"variables of {project}"
        case _ if file.services:
            noun = "service" if len(file.services) == 1 else "services"
            names = ", ".join(brief(name, 60) for name in file.services)
            return f"Dockerfile, built by {noun} {names} of {project}"
        case _:
            return "Dockerfile, built by no service here"


def _data(file: JudgedFile) -> Json:
    return {
        "path": file.path.replace(os.sep, "/"),
        "role": file.role,
        "project": file.project or None,
        "services": [*file.services],
    }
