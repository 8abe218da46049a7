"""What the engine hands to reports: judged findings, and the verdict on a project.

All of these are values: they do not change after they are made.
"""

from __future__ import annotations

from tightship.engine.roles.role import PROJECT, no_roles
from tightship.lazy import TYPE_CHECKING, Record
from tightship.rules.definition import first_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Literal

    from tightship.engine.roles.role import Role
    from tightship.findings import Finding, Gap, Severity
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.model.project import ProvidedUse
    from tightship.rules.definition import Rule
    from tightship.text import Source, Span

    Acceptor = Literal["comment", "configuration", "baseline", "policy"]


class Subject(Record):
    """The service, stage or file that a finding is about, as reports group findings.

    ``span`` is its place in the text: its name, or a stage's image. A finding at the
    name of a service is about something that the service does not set: an absence.

    ``kind`` is ``service``, ``stage`` or ``file``.
    """

    kind: str
    name: str
    span: Span | None = None


class Accepted(Record):
    """The acceptance of a finding: by what, and with which reason (may be empty).

    ``place`` is the comment, or the table of the configuration.
    """

    by: Acceptor
    reason: str = ""
    place: Span | None = None


class Hiding(Record):
    """What a change adds to hide a finding, which is reported all the same.

    ``place`` is where: a comment, or a key of the configuration. ``text`` says so, as
    in ``hidden by tightship.toml:1 of this change``.
    """

    place: Span
    text: str

    @classmethod
    def at(cls, place: Span) -> Hiding:
        """Return what hides a finding at a place of the change."""
        line, _ = place.source.point(place.start)
        return cls(place, f"hidden by {place.source.name}:{line + 1} of this change")


class JudgedFinding(Record):
    """A finding with its rule, its severity and its subject.

    ``absorbed`` holds findings that this one makes irrelevant. ``key_path`` leads to
    the place by keys (``services.web.ports``), and ``ordinal`` counts equal findings
    before it. ``accepted`` is set if the finding does not count. ``services`` are the
    names of the services that it is about: several, where they share a value.
    ``hidden_by`` is set if the change that is checked tries to hide it. ``usual`` is the
    severity that it has in a product, where the purpose of its file makes it lower, and
    ``lowered_by`` what says or shows that purpose.
    """

    rule: Rule
    finding: Finding
    severity: Severity
    subject: Subject
    key_path: tuple[str, ...] = ()
    ordinal: int = 0
    absorbed: tuple[JudgedFinding, ...] = ()
    services: tuple[str, ...] = ()
    accepted: Accepted | None = None
    hidden_by: Hiding | None = None
    usual: Severity | None = None
    lowered_by: str = ""

    def hidden(self, by: Hiding) -> JudgedFinding:
        """Return the finding as one that counts, and says what tries to hide it."""
        finding = self.finding
        finding = finding.replaced(message=f"{finding.message}; {by.text}")
        return self.replaced(finding=finding, accepted=None, hidden_by=by)

    @property
    def span(self) -> Span:
        """Return the place of the finding."""
        return self.finding.span

    @property
    def is_gap(self) -> bool:
        """Return whether it reports a part that could not be checked."""
        return "gap" in self.rule.tags

    @property
    def is_of_policy(self) -> bool:
        """Return whether a policy demands it, so that nothing but the policy accepts it."""
        return bool(self.rule.own_page)

    @property
    def advice(self) -> str:
        """Return what to do if there is no fix, in a line; it may be empty."""
        return self.finding.advice or self.rule.help

    @property
    def is_absence(self) -> bool:
        """Return whether it is about a setting that a service lacks.

        A finding at the image or name of a stage is about these, not about an absence.
        """
        subject = self.subject
        return subject.kind == "service" and self.finding.span == subject.span

    @property
    def lacks_hardening(self) -> bool:
        """Return whether it is about a measure of hardening that a service lacks."""
        return self.is_absence and bool(self.rule.measure)

    def covers(self, other: JudgedFinding) -> bool:
        """Return whether a finding on another side of a change is no news after it.

        It is, if it is more severe, or if a service has got it as well.
        """
        if self.severity < other.severity:
            return False
        return self.services == other.services or {*self.services} >= {*other.services}

    @property
    def group_hash(self) -> str:
        """Return a hash of rule, path, subject and key path: the same for equals."""
        return self._hashed()

    @property
    def fingerprint(self) -> str:
        """Return a hash that stays the same when lines, values or messages change.

        It covers rule, path, subject, key path and ordinal among equals.
        """
        return self._hashed(str(self.ordinal))

    def _hashed(self, *more: str) -> str:
        subject = self.subject
        name = "" if subject.kind == "stage" else subject.name  # the path has it without a tag
        place = (self.span.source.name, subject.kind, name, *self.key_path)
        return _hash(first_name(self.rule.name), *place, *more)

    @property
    def cause_parts(self) -> tuple[str, ...]:
        """Return what findings with the same cause have in common, in any file.

        The rule names the cause, or says the same of the same text. What the services of a
        file lack has one cause: nobody has hardened them.
        """
        finding = self.finding
        if self.lacks_hardening:
            return "hardening", self.span.source.name
        return self.rule.name, *(finding.cause or (finding.message, finding.span.text))

    @property
    def cause(self) -> str:
        """Return a hash of the cause; of a verdict with secrets, it may cover them."""
        return _hash(*self.cause_parts)


def _hash(*parts: str) -> str:
    from hashlib import sha256

    text = "\0".join(parts)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


_NO_BUILDERS: Mapping[str, Sequence[str]] = {}


class Verdict(Record):
    """The judgement of one project: what was read, and what was found.

    ``root`` is the absolute path of the folder that file names start from. ``sources``
    are the files that were read, the main file first, and ``variables`` the names of
    files that variables come from. ``findings`` are in the order of the text;
    ``accepted`` are findings that a comment or the configuration accepts, ``known``
    those in a baseline, and ``earlier`` those that were there before the change that a
    run is limited to. ``gaps`` are the parts that could not be checked, reported or
    absorbed; with any, a run exits with 2. ``services`` counts the services, and ``noun``
    is what they are called: a command starts a `container`.
    ``builders`` names the services that build each Dockerfile, by its name: none,
    where it is judged alone. Findings of severity ``fail_on`` (or ``never``) and above
    make a run fail. ``secrets`` are places whose text no report may show. ``project``
    is what was judged, if it could be loaded. ``failure`` is the error, a bug, that
    ended the judging. ``is_redacted`` tells that it has no secrets. ``find_roles`` returns those
    of its files, by the names of their sources, and ``provided`` is what something else than
    these files has. ``kept_members`` are its members where the project is not kept.
    """

    root: str
    sources: tuple[Source, ...]
    findings: Sequence[JudgedFinding]
    services: int = 0
    noun: str = "service"
    gaps: Sequence[Gap] = ()
    variables: tuple[str, ...] = ()
    builders: Mapping[str, Sequence[str]] = _NO_BUILDERS
    accepted: Sequence[JudgedFinding] = ()
    known: Sequence[JudgedFinding] = ()
    earlier: Sequence[JudgedFinding] = ()
    secrets: Sequence[Span] = ()
    fail_on: str = "warning"
    project: LoadedProject | None = None
    provided: Sequence[ProvidedUse] = ()
    failure: Exception | None = None
    is_redacted: bool = False
    find_roles: Callable[[], Mapping[str, Role]] = no_roles
    kept_members: tuple[Source, ...] | None = None

    @property
    def roles(self) -> Mapping[str, Role]:
        """Return the roles of its files, by the names of their sources."""
        return self.find_roles()

    def role_of(self, name: str) -> Role:
        """Return the role of one of its files, by the name of its source."""
        return self.roles.get(name, PROJECT)

    @property
    def role(self) -> Role:
        """Return the role of the project: that of its main file."""
        return self.role_of(self.sources[0].name)

    @property
    def members(self) -> Iterable[Source]:
        """Return the files that are judged with the project, and not by themselves."""
        if self.project is not None:
            return self.project.members
        return self.sources if self.kept_members is None else self.kept_members

    @property
    def scripts(self) -> Iterable[str]:
        """Return the names of the files whose commands start the containers."""
        loaded = self.project
        if loaded is None or loaded.compose is None or loaded.compose.streams:
            return ()
        return (source.name for source in loaded.compose.sources)

    @property
    def parts(self) -> Iterable[str]:
        """Return the names of the files that only complete others, as others show.

        They are not judged by themselves either.
        """
        found = self.roles.items()
        return (name for name, role in found if role.loading == "part" and role.evidence)

    @property
    def unchecked(self) -> list[Gap]:
        """Return its gaps and what Compose rejects, with the names of services.

        What is accepted is left out.
        """
        from tightship.model.refusal import all_gaps  # not every report asks

        refusals = self.project.refusals if self.project is not None else ()
        accepted = {one.span.order for one in self.accepted}
        kept = (one for one in refusals if one.gap.span.order not in accepted)
        return [*all_gaps(kept, self.gaps)]

    def without(self, is_left_out: Callable[[JudgedFinding], bool]) -> Verdict:
        """Return the verdict without some of its findings."""
        kept = [one for one in self.findings if not is_left_out(one)]
        return self if len(kept) == len(self.findings) else self.replaced(findings=kept)

    def fails(self, judged: JudgedFinding) -> bool:
        """Return whether a finding makes a run fail."""
        return self.fail_on != "never" and judged.severity.reaches(self.fail_on)

    def about(self, source: Source) -> Verdict:
        """Return the verdict with the findings about one file.

        They are in it, because of it, or make a finding about it irrelevant.
        """
        name = source.name

        def concerns(one: JudgedFinding) -> bool:
            if one.is_of_policy:  # which holds for the project as a whole
                return True
            places = (one.span, *(place.span for place in one.finding.because))
            return any(place.source.name == name for place in places) or any(
                concerns(other) for other in one.absorbed
            )

        builders = self.builders.get(name)
        return self.replaced(
            findings=[one for one in self.findings if concerns(one)],
            accepted=[one for one in self.accepted if concerns(one)],
            services=self.services if builders is None else len(builders),
        )


def without_reported(gaps: Iterable[Gap], findings: Iterable[JudgedFinding]) -> tuple[Gap, ...]:
    """Return the gaps that none of some findings reports, itself or by what it absorbs."""
    every = (part for one in findings for part in (one, *one.absorbed))
    reported = {(one.span, one.finding.message) for one in every if one.is_gap}
    return tuple(gap for gap in gaps if (gap.span, gap.reason) not in reported)
