"""What all formats of a report share: the interface, its options, places, the counts of a run."""

from __future__ import annotations

import os
from itertools import chain

from tightship.engine.plan.scope import Scope
from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from tightship.engine.plan.effect import SettingsEffect
    from tightship.engine.verdict import Hiding, JudgedFinding, Verdict
    from tightship.model.project import ProvidedUse
    from tightship.policies.policy import Policy
    from tightship.text import Span

    Infos = Literal["none", "brief", "full"]


class ReportOptions(Record):
    """The options of a report; each format uses those that it has a choice in.

    - ``here`` is the folder from which people see paths; without it they see them from the
      project's root.
    - ``color`` tells whether to paint with ANSI sequences.
    - ``infos`` tells whether infos are left out, shown as briefly as the format can (the
      text counts them), or shown in full, with everything else; those that make a run fail
      are shown at least.
    - ``group_by`` is what makes findings one: ``cause``, ``file`` or ``none``; by default,
      each format has its own.
    - ``summary`` tells whether to end with one.
    - ``width`` is how many columns of a line of code are shown.
    - ``columns`` is the width of the terminal, for the summary; without it, the lines of a
      summary are not broken.
    """

    here: str = ""
    color: bool = False
    infos: Infos = "brief"
    group_by: str = ""
    summary: bool = True
    width: int = 100
    columns: int = 0


class Report:
    """Writes one verdict after another, and what comes before and after them."""

    opening = ""  # the text before all verdicts

    def __init__(self, options: ReportOptions) -> None:
        """Begin a report; most formats have no options."""

    def verdict(self, verdict: Verdict) -> str:
        """Return the text of a verdict."""
        raise NotImplementedError

    def pending(self) -> str:
        """Return the text of verdicts that waits for later ones; a run may end early."""
        return ""

    def closing(self, summary: Summary) -> str:
        """Return the text after all verdicts."""
        return ""


def by_file(findings: Sequence[JudgedFinding]) -> dict[str, list[JudgedFinding]]:
    """Return findings by the names of their files, in the order of the findings."""
    files: dict[str, list[JudgedFinding]] = {}
    for judged in findings:
        files.setdefault(judged.span.source.name, []).append(judged)
    return files


class ProvidedParts(Record):
    """What a platform, or a table of the configuration, provides in some projects.

    ``evidence`` shows that they are for the platform, ``names`` are those of the parts, by
    which the files have them, and ``keys`` those that Compose does not know.
    """

    provider: str
    evidence: str
    names: tuple[str, ...]
    keys: tuple[str, ...]
    projects: int


def _each(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(names)))


class Summary:
    """Counts over all verdicts of a run; ``fails`` if a finding makes it fail.

    ``scope`` has what was read and what was not. ``known_errors`` counts the errors that a
    baseline accepts. ``nouns`` counts services, and containers of other files, each by its noun.
    ``earlier`` counts the findings that were there before ``changed_since``, the commit
    that the run is limited to, if it is, and ``hidden`` has what tries to hide findings in
    that change. ``effects`` tells what configuration files turn off, and
    ``added_settings`` where the change has other settings. ``policies`` are those that the
    files were checked by. ``failure`` is the first error,
    a bug, that ended the judging of a project.
    """

    def __init__(self, changed_since: str = "") -> None:
        self.changed_since = changed_since
        self.scope = Scope()
        self.by_severity = dict.fromkeys(reversed(Severity), 0)
        self.nouns: dict[str, int] = {}
        self._services: dict[str, int] = {}
        self.known_errors = 0
        self.earlier = 0
        self.hidden: list[Hiding] = []
        self.effects: Sequence[SettingsEffect] = ()
        self._provided: dict[tuple[str, str], list[ProvidedUse]] = {}
        self.added_settings: Sequence[Span] = ()
        self.policies: Sequence[Policy] = ()
        self.fails = False
        self._fail_on: set[str] = set()
        self.failure: Exception | None = None

    def add(self, verdict: Verdict) -> None:
        """Add a verdict; a file that several projects read counts once."""
        self.failure = self.failure or verdict.failure
        self._count_services(verdict)
        if verdict.gaps:
            from tightship.report.redaction import redacted  # gaps are few

            self.scope.add(redacted(verdict))
        else:
            self.scope.add(verdict)
        for use in verdict.provided:
            self._provided.setdefault((use.provider, use.evidence), []).append(use)
        self.known_errors += sum(one.severity is Severity.ERROR for one in verdict.known)
        self.earlier += len(verdict.earlier)
        for judged in verdict.findings:
            self.by_severity[judged.severity] += 1
            if judged.hidden_by is not None:
                self.hidden.append(judged.hidden_by)
        self.fails |= any(map(verdict.fails, verdict.findings))
        self._fail_on.add(verdict.fail_on)

    @property
    def known_errors_text(self) -> str:
        """Return how many errors the baseline accepts, in words; empty without any."""
        count = self.known_errors
        return f"{count} known error{'s' if count > 1 else ''}" if count else ""

    @property
    def services(self) -> int:
        """Return the number of services, and of containers that others files start."""
        return sum(self.nouns.values())

    def _count_services(self, verdict: Verdict) -> None:
        """Count services; a project that is judged with several overlays has its own once."""
        main = "\0".join((verdict.root, *(one.name for one in verdict.sources[:1])))
        known = self._services.get(main, 0)
        if verdict.services > known:
            self._services[main] = verdict.services
            added = verdict.services - known
            self.nouns[verdict.noun] = self.nouns.get(verdict.noun, 0) + added

    @property
    def provided(self) -> Sequence[ProvidedParts]:
        """Return what something else than the files provides, by provider."""
        return [
            ProvidedParts(
                *by, _each(one.names for one in uses), _each(one.keys for one in uses), len(uses)
            )
            for by, uses in self._provided.items()
        ]

    @property
    def passed_over(self) -> Sequence[str]:
        """Return each ``fail-on`` of a run with errors or warnings that fails on none."""
        has_any = self.findings > self.by_severity[Severity.INFO]
        return sorted(self._fail_on) if has_any and not self.fails else ()

    @property
    def findings(self) -> int:
        """Return the number of findings."""
        return sum(self.by_severity.values())


class Place:
    """The lines and columns of a span, from 1; columns count code points.

    The end is where the next character would be.
    """

    def __init__(self, span: Span) -> None:
        source = span.source
        self.path = source.name
        self.line, self.column = _from_one(source.point(span.start))
        self.end_line, self.end_column = _from_one(source.point(span.end))

    def __str__(self) -> str:
        return self.seen_as(self.path)

    def seen_as(self, path: str) -> str:
        """Return ``path:line:column``, with the path as the reader sees it."""
        return f"{path}:{self.line}:{self.column}"


def _from_one(point: tuple[int, int]) -> tuple[int, int]:
    return point[0] + 1, point[1] + 1


def seen_from(here: str, root: str, name: str) -> str:
    """Return the path of a file from a folder.

    ``name`` is its path from ``root``, and is returned if the folder is unknown.
    """
    if not here or here == root:
        return name
    path = os.path.join(root, name)
    below = here + os.sep
    if path.startswith(below) and "/." not in path:
        return path[len(below) :].replace(os.sep, "/")
    try:
        return os.path.relpath(path, here).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


def whole(text: str) -> str:
    """Return a text that UTF-8 can encode: lone surrogates become U+FFFD.

    A file name that is not UTF-8 has such surrogates. JSON can escape them, but many
    readers of JSON reject them, and all readers of XML do.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
