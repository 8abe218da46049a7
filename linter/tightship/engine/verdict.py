"""What the engine hands to reports: findings judged, with their circumstances."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.findings import Finding, Severity
    from tightship.rules.kit import Rule
    from tightship.text import Source, Span


class Subject:
    """What a finding is about, as reports group it: a service, a stage, or a file.

    ``span`` is what stands for it in the text: its name, or a stage's image. A finding
    at the very name of a service is about something that is not written: an absence.
    """

    __slots__ = ("kind", "name", "span")

    def __init__(self, kind: str, name: str, span: Span | None = None) -> None:
        """Name a subject; ``kind`` is ``service``, ``stage`` or ``file``."""
        self.kind = kind
        self.name = name
        self.span = span


class Accepted:
    """Why a finding does not count.

    ``by`` is what accepts it: ``comment``, ``configuration`` or ``baseline``. ``reason``
    is what people say for it, and may be empty.
    """

    __slots__ = ("by", "reason")

    def __init__(self, by: str, reason: str = "") -> None:
        self.by = by
        self.reason = reason


class Judged:
    """A finding with its rule, its grade and what it is about.

    ``absorbed`` holds what other rules found on the same container, and what is
    moot as long as this finding stands. ``key_path`` leads to the place by keys
    (``services.web.ports``), and ``ordinal`` counts its equals before it. ``excuse`` is
    the reason with which the configuration accepts it, if it does, and ``accepted``
    tells why it does not count, once that is settled. ``services`` are the names of
    those that it is about: more than one, where they share what is written.
    """

    __slots__ = (
        "absorbed",
        "accepted",
        "excuse",
        "finding",
        "key_path",
        "ordinal",
        "rule",
        "services",
        "severity",
        "subject",
    )

    def __init__(
        self,
        rule: Rule,
        finding: Finding,
        severity: Severity,
        subject: Subject,
        *,
        key_path: tuple[str, ...] = (),
        ordinal: int = 0,
        absorbed: tuple[Judged, ...] = (),
        excuse: str = "",
        services: tuple[str, ...] = (),
    ) -> None:
        self.rule = rule
        self.finding = finding
        self.severity = severity
        self.subject = subject
        self.key_path = key_path
        self.ordinal = ordinal
        self.absorbed = absorbed
        self.excuse = excuse
        self.services = services
        self.accepted: Accepted | None = None

    @property
    def span(self) -> Span:
        """Return the place of the finding."""
        return self.finding.span

    @property
    def is_absence(self) -> bool:
        """Tell whether it is about something that a service does not set.

        What a stage lacks is told of at its image or name, as what is wrong with these.
        """
        subject = self.subject
        return subject.kind == "service" and self.finding.span == subject.span

    @property
    def kin(self) -> str:
        """Return what it shares with its equals: rule, path, subject and key path."""
        return self._hashed()

    @property
    def fingerprint(self) -> str:
        """Return what stays the same when lines move, values change or words do.

        It hashes rule, path, subject, key path and ordinal among equals.
        """
        return self._hashed(str(self.ordinal))

    def _hashed(self, *more: str) -> str:
        from hashlib import sha256

        subject = self.subject
        place = (self.span.source.name, subject.kind, subject.name, *self.key_path)
        text = "\0".join((self.rule.name, *place, *more))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Verdict:
    """The judgement over one project: what was read, and what was found.

    ``findings`` are in the order of the text. ``gaps`` counts the parts that could
    not be judged, reported or absorbed alike; with any, a run exits with 2. ``root``
    is the absolute path of the folder from which the files have their names, and
    ``variables`` are the names of the files that variables were taken from.
    ``builders`` are the services that build each Dockerfile, by its name: none, where
    it is judged by itself. ``accepted`` are findings that do not count, since a comment
    or the configuration accepts them, and ``known`` those that a baseline holds. From
    the grade ``fail_on`` up (or ``never``), findings make a run fail. ``secrets`` are
    places in the files whose text is for nobody who reads of them.
    """

    __slots__ = (
        "accepted",
        "builders",
        "fail_on",
        "findings",
        "gaps",
        "known",
        "root",
        "secrets",
        "services",
        "sources",
        "variables",
    )

    def __init__(
        self,
        root: str,
        sources: tuple[Source, ...],
        findings: list[Judged],
        *,
        services: int,
        gaps: int,
        variables: tuple[str, ...] = (),
        builders: Mapping[str, Sequence[str]] | None = None,
        accepted: Sequence[Judged] = (),
        secrets: Sequence[Span] = (),
    ) -> None:
        """Hold a verdict; ``sources`` are what was read, the main file first."""
        self.root = root
        self.sources = sources
        self.findings = findings
        self.services = services
        self.gaps = gaps
        self.variables = variables
        self.builders: Mapping[str, Sequence[str]] = builders or {}
        self.accepted = accepted
        self.secrets = secrets
        self.known: Sequence[Judged] = ()
        self.fail_on = "warning"

    def fails(self, judged: Judged) -> bool:
        """Tell whether a finding makes a run fail."""
        return self.fail_on != "never" and judged.severity.reaches(self.fail_on)

    def about(self, source: Source) -> Verdict:
        """Return what it says of one file, or because of it."""
        name = source.name

        def concerns(one: Judged) -> bool:
            related = [place.span.source.name for place in one.finding.because]
            return name in (one.span.source.name, *related)

        builders = self.builders.get(name)
        return Verdict(
            self.root,
            self.sources,
            list(filter(concerns, self.findings)),
            services=self.services if builders is None else len(builders),
            gaps=self.gaps,
            variables=self.variables,
            builders=self.builders,
            accepted=list(filter(concerns, self.accepted)),
            secrets=self.secrets,
        )
