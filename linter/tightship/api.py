"""Tightship from Python: ``tightship.check`` and ``tightship.check_text``.

This module is stable: within a major version, names and fields stay and keep their
meaning, and new ones may be added. Everything else in the package is internal.

Results are values: frozen, comparable and hashable. Lines and columns count from 1,
columns in code points, and an end is the position after the last character. The command
line never loads this module, so it can use ``dataclasses``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from tightship.compose.loading.invocation import Options
from tightship.engine import check as engine
from tightship.engine.harden.remedies import remedies
from tightship.engine.plan.config_files import Configs, read_config
from tightship.engine.settings.selection import Selection
from tightship.isolation.profile import Profile as IsolationProfile
from tightship.report.terminal import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.engine.plan.skipped import SkippedFile
    from tightship.engine.verdict import Judged, Verdict
    from tightship.findings import Fix as FixOfRule
    from tightship.isolation.row import Row
    from tightship.text import Span

__all__ = [
    "Edit",
    "Finding",
    "Fix",
    "Grade",
    "Mark",
    "Mechanism",
    "Position",
    "Profile",
    "Related",
    "Result",
    "Severity",
    "check",
    "check_text",
]

Severity = Literal["error", "warning", "info"]
"""How severe a finding is: the severities of the command line, most severe first."""

Mark = Literal["strong", "weak", "unknown"]
"""How strong a mechanism is."""

Grade = Literal["A", "B", "C", "D", "E", "F"]
"""The grade of a profile, the best first."""

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A position between two characters of a text; both numbers count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A replacement of the text between two positions of a file.

    ``path`` is relative to the finding's ``root``.
    """

    path: str
    start: Position
    end: Position
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Edits that together resolve a finding.

    A ``safe`` fix does not change the configuration of running containers. Any other
    needs a person's approval, and ``may_break`` describes its risk.
    """

    title: str
    safe: bool
    may_break: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another place that explains a finding, with a message.

    ``path`` is relative to the finding's ``root``.
    """

    path: str
    start: Position
    end: Position
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One weakness, at one place.

    ``path`` has ``/``, and is relative to ``root``, the absolute path of the folder
    above which nothing was read. ``subject`` is the name of the service or stage, or None
    for a file. ``absorbed`` are the names of the rules whose findings are grouped under
    this one. The ``fingerprint`` stays the same when lines, values or messages change.
    """

    rule: str
    severity: Severity
    message: str
    root: str
    path: str
    start: Position
    end: Position
    subject: str | None
    related: tuple[Related, ...]
    fix: Fix | None
    absorbed: tuple[str, ...]
    fingerprint: str

    @property
    def file(self) -> str:
        """Return the absolute path of the file."""
        return os.path.normpath(os.path.join(self.root, self.path))

    def __str__(self) -> str:
        """Return the finding as in the report ``concise``."""
        where = f"{self.path}:{self.start.line}:{self.start.column}"
        return f"{where}: {self.severity}: {self.message} [{self.rule}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """One mechanism that isolates a container.

    ``mark`` says whether it is strong, ``weak`` where the files could make it stronger, or
    ``unknown``. ``path``, relative to the profile's ``root``, and ``start`` are the place
    of the setting, and None where it is Docker's default. ``weaknesses`` are the names of
    those that cost points, and ``fix`` makes a weak one strong, where that is known to
    work or a person decided it.
    """

    name: str
    mark: Mark
    state: str
    path: str | None
    start: Position | None
    weaknesses: tuple[str, ...]
    fix: Fix | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The isolation of a service's container.

    The grade is between ``best``, if all that is unknown is strong, and ``worst``.
    ``path`` is relative to ``root``.
    """

    service: str
    root: str
    path: str
    start: Position
    best: Grade
    worst: Grade
    mechanisms: tuple[Mechanism, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The results of a run.

    ``accepted`` are findings that a comment in the file accepts, and ``known`` those in
    the baseline that the configuration names. ``profiles`` are those of all services. ``files`` are the absolute paths of the
    files that were read, ``services`` counts the services in them, and ``gaps`` the parts
    that could not be checked: with any, the run is incomplete. Each gap is a finding of
    the rule ``not-checked``. ``skipped`` are the absolute paths of files that were seen
    and not checked, such as templates.
    """

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    known: tuple[Finding, ...]
    profiles: tuple[Profile, ...]
    files: tuple[str, ...]
    services: int
    gaps: int
    skipped: tuple[str, ...] = ()

    def at_least(self, severity: Severity) -> tuple[Finding, ...]:
        """Return the findings of this severity and above."""
        wanted = _SEVERITIES[: _SEVERITIES.index(severity) + 1]
        return tuple(one for one in self.findings if one.severity in wanted)


def check(
    *paths: str | os.PathLike[str],
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    compose_files: Sequence[str | os.PathLike[str]] = (),
    env_files: Sequence[str | os.PathLike[str]] = (),
    project_directory: str | os.PathLike[str] = "",
    environment: Mapping[str, str] | None = None,
    config: str | os.PathLike[str] | None = None,
    no_config: bool = False,
) -> Result:
    """Check files, and everything below folders, as ``tightship check`` does.

    Args:
        paths: files and folders; without any, the current folder.
        select: rules, themes, sets and ids of other linters to check.
        ignore: the ones not to check.
        compose_files: files to merge, as ``docker compose -f`` does; they are checked
            instead of paths.
        env_files: files to read variables from, instead of ``.env``.
        project_directory: the folder where relative paths start.
        environment: variables of the process to use; without them, the result is the
            same for everyone.
        config: the configuration file to read, instead of the nearest.
        no_config: whether to read no configuration file.

    Raises:
        ValueError: if a word of ``select`` or ``ignore`` is unknown or needs an extra that
            is not installed, if a configuration is invalid, or if there are both paths
            and ``compose_files``.

    """
    if paths and compose_files:
        raise ValueError("either paths or compose_files are checked, not both")
    options = Options(
        files=[os.fspath(path) for path in compose_files],
        env_files=[os.fspath(path) for path in env_files],
        project_directory=os.fspath(project_directory),
    )
    skipped: list[SkippedFile] = []
    verdicts = engine.check(
        [os.fspath(path) for path in paths] or [os.curdir],
        Selection(select, ignore),
        options=options,
        environment=environment,
        configs=_configs(select, ignore, config, no_config),
        skipped=skipped.append,
    )
    return _result(verdicts, skipped)


def check_text(
    text: str | bytes,
    filename: str | os.PathLike[str] = "compose.yaml",
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    config: str | os.PathLike[str] | None = None,
    no_config: bool = False,
) -> Result:
    """Check a text as if it were in a file, which need not exist.

    The files beside it are read: the override of a ``compose.yaml``, ``.env``, and the
    Dockerfiles that it builds.

    Args:
        text: the text to check.
        filename: the path of that file; the name decides whether it is a Dockerfile.
        select: rules, themes, sets and ids of other linters to check.
        ignore: the ones not to check.
        config: the configuration file to read, instead of the nearest.
        no_config: whether to read no configuration file.

    Raises:
        ValueError: if a word of ``select`` or ``ignore`` is unknown, or if a
            configuration is invalid.

    """
    return _result(
        engine.check(
            [],
            Selection(select, ignore),
            stdin=(os.fspath(filename), text),
            configs=_configs(select, ignore, config, no_config),
        )
    )


def _configs(
    select: Sequence[str],
    ignore: Sequence[str],
    config: str | os.PathLike[str] | None,
    no_config: bool,
) -> Configs:
    given = read_config(os.fspath(config)) if config is not None else None
    return Configs(select, ignore, given=given, isolated=no_config)


def _result(verdicts: Iterable[Verdict], skipped: Sequence[SkippedFile] = ()) -> Result:
    findings, accepted, known = list[Finding](), list[Finding](), list[Finding]()
    files: dict[str, None] = {}
    services, gaps = 0, set[tuple[str, str, int, str]]()
    profiles: dict[tuple[str, str, Position], Profile] = {}
    for verdict in verdicts:
        for profile in _profiles(verdict):
            profiles.setdefault((profile.root, profile.path, profile.start), profile)
        findings += (_finding(one, verdict.root) for one in verdict.findings)
        accepted += (_finding(one, verdict.root) for one in verdict.accepted)
        known += (_finding(one, verdict.root) for one in verdict.known)
        for source in verdict.sources:
            files[os.path.normpath(os.path.join(verdict.root, source.name))] = None
        services += verdict.services
        for gap in verdict.gaps:
            place = gap.span
            gaps.add((verdict.root, place.source.name, place.start, gap.reason))
    return Result(
        findings=tuple(findings),
        accepted=tuple(accepted),
        known=tuple(known),
        profiles=tuple(profiles.values()),
        files=tuple(files),
        services=services,
        gaps=len(gaps),
        skipped=tuple(sorted({one.path for one in skipped}.difference(files))),
    )


def _finding(judged: Judged, root: str) -> Finding:
    finding, subject = judged.finding, judged.subject
    path, start, end = _place(finding.span)
    return Finding(
        rule=judged.rule.name,
        severity=_SEVERITIES[-judged.severity],
        message=visible(finding.message),
        root=root,
        path=path,
        start=start,
        end=end,
        subject=subject.name if subject.kind != "file" else None,
        related=tuple(_related(one.span, one.message) for one in finding.because),
        fix=_fix(finding.fix) if finding.fix is not None else None,
        absorbed=tuple(sorted({one.rule.name for one in judged.absorbed})),
        fingerprint=judged.fingerprint,
    )


def _profiles(verdict: Verdict) -> Iterator[Profile]:
    for container in verdict.project.containers if verdict.project is not None else ():
        made = IsolationProfile(container)
        fixes = remedies(made, verdict.findings)
        path, start, _ = _place(made.span)
        yield Profile(
            service=made.name,
            root=verdict.root,
            path=path,
            start=start,
            best=made.best,
            worst=made.worst,
            mechanisms=tuple(_mechanism(row, fixes.get(row)) for row in made.rows),
        )


def _mechanism(row: Row, fix: FixOfRule | None) -> Mechanism:
    path, start, _ = _place(row.place) if row.place is not None else (None, None, None)
    return Mechanism(
        name=row.mechanism,
        mark=row.mark,
        state=visible(row.state),
        path=path,
        start=start,
        weaknesses=tuple(one.name for one in row.weaknesses),
        fix=_fix(fix) if fix is not None else None,
    )


def _related(span: Span, message: str) -> Related:
    path, start, end = _place(span)
    return Related(path=path, start=start, end=end, message=visible(message))


def _fix(fix: FixOfRule) -> Fix:
    edits = list[Edit]()
    for edit in fix.edits:
        path, start, end = _place(edit.span)
        edits.append(Edit(path=path, start=start, end=end, text=edit.text))
    return Fix(
        title=fix.title,
        safe=fix.applicability.value == "safe",
        may_break=fix.may_break,
        edits=tuple(edits),
    )


def _place(span: Span) -> tuple[str, Position, Position]:
    source = span.source
    line, column = source.point(span.start)
    last, end = source.point(span.end)
    return source.name, Position(line + 1, column + 1), Position(last + 1, end + 1)
