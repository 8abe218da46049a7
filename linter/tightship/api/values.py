"""The values that the API takes and returns: frozen, comparable and picklable."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Severity = Literal["error", "warning", "info"]
"""How severe a finding is: the severities of the command line, most severe first."""

Mark = Literal["strong", "weak", "unknown"]
"""How strong a mechanism is."""

FixEffect = Literal["keeps-behaviour", "tightens", "changes-behaviour"]
"""What a fix does to running containers."""

Grade = Literal["A", "B", "C", "D", "E", "F"]
"""The grade of a profile, the best first."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a check selects and reads; by default, as ``tightship check`` without options.

    Args:
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
        rules_from: packages of rules to use, too, by the prefixes of their names. A process
            uses one set of packages at a time.

    """

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    compose_files: Sequence[str | os.PathLike[str]] = ()
    env_files: Sequence[str | os.PathLike[str]] = ()
    project_directory: str | os.PathLike[str] = ""
    environment: Mapping[str, str] | None = None
    config: str | os.PathLike[str] | None = None
    no_config: bool = False
    rules_from: Sequence[str] = ()


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

    Its ``effect`` is ``keeps-behaviour`` if running containers stay configured as they are,
    ``tightens`` if they may do less, or else ``changes-behaviour``. The last two need a
    person's approval; ``may_break`` describes the risk, and ``proof`` how it is known that
    the service works with it, such as ``ran on an engine``: both may be empty. ``safe`` is
    the name that the first versions had for what keeps behaviour.
    """

    title: str
    safe: bool
    may_break: str
    edits: tuple[Edit, ...]
    effect: FixEffect
    proof: str


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
    this one. ``help`` says in a line what to do where there is no ``fix``, and else is
    None. The ``fingerprint`` stays the same when lines, values or messages change.
    Findings with the same ``cause`` have one cause, in one file or in several.
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
    help: str | None
    absorbed: tuple[str, ...]
    fingerprint: str
    cause: str

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
    ``path`` is relative to ``root``. ``image`` is its image with the values of variables, or
    None if it has none, or only a run tells. ``not_checked`` is the reason why the service could
    not be checked, if it could not: then settings that it lacks are unknown.
    """

    service: str
    image: str | None
    root: str
    path: str
    start: Position
    best: Grade
    worst: Grade
    not_checked: str | None
    mechanisms: tuple[Mechanism, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The results of a run.

    ``accepted`` are findings that a comment in the file accepts, and ``known`` those in
    the baseline. ``profiles`` are those of all services. ``files`` are the absolute paths of the
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
        wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return tuple(one for one in self.findings if one.severity in wanted)
