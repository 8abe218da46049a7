"""What a run may show in place of findings: counts of each rule, and the files."""

from __future__ import annotations

import os
from collections import Counter

from tightship.engine.roles.role import PURPOSES
from tightship.findings import FixEffect, Severity
from tightship.lazy import TYPE_CHECKING, Record
from tightship.report.report import Report, ReportOptions, seen_from
from tightship.report.terminal import brief, visible_path
from tightship.report.text import TextReport
from tightship.report.wording import fixes_counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.roles.role import Role
    from tightship.engine.verdict import Verdict
    from tightship.frontends.invocations.found import Evidence
    from tightship.report.json import Json
    from tightship.report.report import Summary


_MOST_EVIDENCE = 3
_PURPOSES = {
    "development": ", for development",
    "test": ", for tests",
    "example": ", an example",
    "fixture": ", a fixture of tests",
    "build": ", for builds",
    "vendored": ", vendored",
}

Kind = tuple[str, Severity]
"""A rule, and the severity of some of its findings."""


class Statistics:
    """Counts of findings, and of their fixes, by rule and severity.

    Infos are counted unless ``infos`` is false; those that make a run fail always are.
    """

    def __init__(self, *, infos: bool) -> None:
        self._infos = infos
        self.findings = Counter[Kind]()
        self._fixes = Counter[tuple[Kind, FixEffect]]()

    def add(self, verdict: Verdict) -> None:
        """Count the findings of a verdict."""
        for one in verdict.findings:
            is_info = one.severity is Severity.INFO
            if is_info and not self._infos and not verdict.fails(one):
                continue
            kind = one.rule.name, one.severity
            self.findings[kind] += 1
            if one.finding.fix is not None:
                self._fixes[kind, one.finding.fix.effect] += 1

    def ranked(self) -> Iterator[tuple[Kind, int]]:
        """Yield the counts, the highest first, then the most severe, then by name."""
        yield from sorted(
            self.findings.items(), key=lambda item: (-item[1], -item[0][1], item[0][0])
        )

    def fixes(self, kind: Kind) -> dict[FixEffect, int]:
        """Return how many of the findings have a fix of each effect."""
        return {effect: self._fixes[kind, effect] for effect in FixEffect}


class StatisticsText(TextReport):
    """Writes a line for each rule that finds something, then the summary."""

    def __init__(self, options: ReportOptions) -> None:
        super().__init__(options)
        self._statistics = Statistics(infos=options.infos != "none")

    def blocks(self, verdict: Verdict) -> Iterator[tuple[list[str], bool]]:
        """Yield nothing: the counts come last."""
        self._statistics.add(verdict)
        return iter(())

    def closing(self, summary: Summary) -> str:
        """Return the table and the summary."""
        lines = [*self._lines()]
        self._begun = bool(lines)
        return "".join(f"{line}\n" for line in lines) + super().closing(summary)

    def _lines(self) -> Iterator[str]:
        ranked = [*self._statistics.ranked()]
        digits = max((len(str(count)) for _, count in ranked), default=0)
        longest = max((len(rule) for (rule, _), _ in ranked), default=0)
        for kind, count in ranked:
            rule, severity = kind
            word = self.paint(severity.word, severity.word.ljust(len("warning")))
            counts = self._statistics.fixes(kind).items()
            fixes = [
                fixes_counted(number, effect, "fix", "fixes") for effect, number in counts if number
            ]
            mark = self.paint("dim", ", ".join(fixes))
            yield f"{count:>{digits}}  {word}  {rule:{longest}}  {mark}".rstrip()


class StatisticsJson(Report):
    """Writes ``{"schema": 1, "statistics": […]}``, an item for each rule and severity."""

    def __init__(self, options: ReportOptions) -> None:
        self._statistics = Statistics(infos=True)  # as all reports for programs

    def verdict(self, verdict: Verdict) -> str:
        """Count a verdict."""
        self._statistics.add(verdict)
        return ""

    def closing(self, summary: Summary) -> str:
        """Return the document."""
        from tightship.report.json import SCHEMA, encoder

        encode = encoder()
        items: list[str] = []
        for kind, count in self._statistics.ranked():
            fixes = self._statistics.fixes(kind)
            total = sum(fixes.values())
            item: Json = {
                "rule": kind[0],
                "severity": kind[1].word,
                "count": count,
                "fixes": {effect.value: number for effect, number in fixes.items()},
                "safe_fixes": fixes[FixEffect.KEEPS],
                "unsafe_fixes": total - fixes[FixEffect.KEEPS],
            }
            items.append(encode(item))
        lines = ",\n".join(items)
        return f'{{"schema": {SCHEMA}, "statistics": [\n{lines}\n]}}\n'


class JudgedFile(Record):
    """A file that a run reads.

    ``kind`` is ``project`` for the main file of a Compose project, ``compose`` for a file
    that is merged, extended or included there, ``containers`` for another one that starts
    containers or builds images, ``dockerfile``, or ``variables``.
    ``project`` is the path of that main file, unless it is the file itself. ``services``
    are those that build a Dockerfile, or the images that commands build. ``role`` is None for variables. ``is_empty`` is for a
    project without services, which Compose loads, and has nothing to start of; ``by_commands``
    for a Dockerfile that commands build.
    """

    path: str
    kind: str
    project: str = ""
    services: tuple[str, ...] = ()
    role: Role | None = None
    is_empty: bool = False
    by_commands: bool = False


def judged_files(verdict: Verdict, here: str) -> Iterator[JudgedFile]:
    """Yield the files of a verdict; ``here`` is the folder that paths start from."""

    def seen(name: str) -> str:
        return seen_from(here, verdict.root, name)

    if verdict.project is None:
        return  # it could not be read; gaps say why
    main, *others = (source.name for source in verdict.sources)
    role = verdict.role_of(main)
    if main in verdict.builders:
        yield JudgedFile(seen(main), "dockerfile", role=role)
        return
    project = seen(main)
    kind = "compose" if role.loading in ("overlay", "unknown") else "project"
    is_empty = not verdict.services and not verdict.unchecked
    if verdict.noun != "service":
        kind, is_empty = "containers", not verdict.project.containers
    yield JudgedFile(project, kind, role=role, is_empty=is_empty)
    for name in others:
        role = verdict.role_of(name)
        if name in verdict.builders:
            services = tuple(verdict.builders[name])
            is_command = kind == "containers"
            yield JudgedFile(
                seen(name), "dockerfile", project, services, role, by_commands=is_command
            )
        else:
            part = kind if kind == "containers" else "compose"
            yield JudgedFile(seen(name), part, project, role=role, is_empty=is_empty)
    for name in verdict.variables:
        yield JudgedFile(seen(name), "variables", project)


class FilesText(Report):
    """Writes a line for each file, and after all verdicts one for each that is skipped."""

    def __init__(self, options: ReportOptions) -> None:
        self._here = options.here
        self._written: set[str] = set()

    def verdict(self, verdict: Verdict) -> str:
        """Return the lines of a verdict; a line that was written before is left out."""
        lines: list[str] = []
        for one in judged_files(verdict, self._here):
            line = f"{visible_path(one.path)}: {_words(one)}"
            if line not in self._written:
                self._written.add(line)
                lines.append(line)
                lines += evidence_lines(one.role)
        return "".join(f"{line}\n" for line in lines)

    def closing(self, summary: Summary) -> str:
        """Return the lines about skipped files, and parts that could not be checked."""
        from tightship.report.wording import gap_lines

        lines = [
            f"{visible_path(seen_from(self._here, one.root, one.name))}:"
            f" skipped, {brief(one.message)}"
            for one in summary.scope.left
        ]
        lines += gap_lines(summary.scope.gaps, self._here, is_whole=True)
        return "".join(f"{line}\n" for line in lines)


class FilesJson(Report):
    """Writes ``{"schema": 1, "files": […], "skipped": […]}``, an item for each file."""

    def __init__(self, options: ReportOptions) -> None:
        from tightship.report.json import SCHEMA, JsonLines

        self._here = options.here
        self._lines = JsonLines()
        self._written: set[tuple[str, str, str]] = set()
        self.opening = f'{{"schema": {SCHEMA}, "files": ['

    def verdict(self, verdict: Verdict) -> str:
        """Return the files of a verdict; what was written before is left out."""
        items: list[str] = []
        for one in judged_files(verdict, self._here):
            key = one.path, one.kind, one.project
            if key not in self._written:
                self._written.add(key)
                items.append(self._lines.add(_data(one)))
        return "".join(items)

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
            for one in summary.scope.left
        )
        return f'\n], "skipped": [{skipped}\n]}}\n'


def evidence_lines(role: Role | None) -> Iterator[str]:
    """Yield the lines about the reasons for a role, a few of them."""
    evidence = role.evidence if role is not None else ()
    for one in evidence[:_MOST_EVIDENCE]:
        place = f"{visible_path(one.place)} " if one.place else ""
        yield f"  {place}{brief(one.message, 160)}"
    if len(evidence) > _MOST_EVIDENCE:
        yield f"  and {len(evidence) - _MOST_EVIDENCE} more"
    hint = role.hint if role is not None else None
    if hint is not None:
        yield f"  Perhaps it {PURPOSES[hint.purpose]} (lowers nothing, `tightship init` asks):"
        yield from (
            f"    {visible_path(one.place)} {brief(one.message, 160)}" for one in hint.evidence
        )


_LOADINGS = {
    "alone": "a project",
    "overlay": "an overlay, merged over others",
    "part": "a part of other files",
    "supplied": "a project that a platform completes",
    "template": "a template",
    "other": "not loaded by Compose",
    "unknown": "a file that unknown ones may precede",
}


def role_words(role: Role) -> str:
    """Return how a file loads, and its purpose."""
    over = list(dict.fromkeys(os.path.basename(one.files[0]) for one in role.chains))
    first = f"an overlay of {', '.join(over[:_MOST_EVIDENCE])}"
    loading = first if role.loading == "overlay" and over else _LOADINGS[role.loading]
    return loading + _PURPOSES.get(role.purpose, "")


def role_data(role: Role) -> dict[str, Json]:
    """Return a role for programs."""
    hint = role.hint
    return {
        "loading": role.loading,
        "purpose": role.purpose,
        "grade": ("said" if role.is_said else "shown") if role.purpose != "product" else None,
        "evidence": _evidence(role.evidence),
        "hint": {"purpose": hint.purpose, "evidence": _evidence(hint.evidence)} if hint else None,
    }


def _evidence(found: Iterable[Evidence]) -> list[Json]:
    return [{"place": one.place or None, "message": one.message} for one in found]


def _words(file: JudgedFile) -> str:
    purpose = _PURPOSES.get(file.role.purpose, "") if file.role is not None else ""
    return _kind_of(file) + purpose


def _kind_of(file: JudgedFile) -> str:
    project = visible_path(file.project)
    loading = file.role.loading if file.role is not None else ""
    match file.kind:
        case "project":
            supplied = " that a platform completes" * (loading == "supplied")
            return f"Compose project{' without services' * file.is_empty}{supplied}"
        case "containers" if file.is_empty:
            return "builds images"
        case "containers":
            return "starts containers"
        case "compose" if loading == "overlay":
            return f"overlay, merged over {project}" if project else "overlay of unknown files"
        case "compose" if loading == "unknown":
            return "Compose file, which unknown files may precede"
        case "compose":
            return f"Compose file, part of {project}"
        case "variables":
            return f"variables of {project}"
        case _ if file.services:
            noun = "image" if file.by_commands else "service"
            noun += "s" * (len(file.services) > 1)
            names = ", ".join(brief(name, 60) for name in file.services)
            return f"Dockerfile, built {'as' if file.by_commands else 'by'} {noun} {names} of {project}"
        case _:
            return "Dockerfile, built by no service here"


def _data(file: JudgedFile) -> Json:
    role = file.role
    is_compose = file.kind in ("project", "compose")
    return {
        "path": file.path.replace(os.sep, "/"),
        "role": file.kind,
        "project": file.project or None,
        "services": [*file.services],
        **(
            role_data(role)
            if role is not None
            else {"purpose": None, "grade": None, "evidence": [], "hint": None}
        ),
        "loading": role.loading if role is not None and is_compose else None,
    }
