"""Where in its file a finding is: its key path, its subject, and how it is accepted there."""

from __future__ import annotations

from bisect import bisect_right

from tightship.engine.verdict import Accepted, JudgedFinding, Subject
from tightship.rules.definition import first_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    from tightship.engine.judge.absorb import Cause
    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.syntax.dockerfile.nodes import Dockerfile, Instruction
    from tightship.syntax.yaml.nodes import Node

    Places: TypeAlias = "YamlPlaces | DockerfilePlaces | InlinePlaces"


def places_of(loaded: LoadedProject) -> dict[str, Places]:
    """Return the places of all files of a project, by the files' names."""
    places: dict[str, Places] = {}
    if loaded.compose is not None:
        for name, stream in loaded.compose.streams.items():
            places[name] = YamlPlaces(stream.documents)
    if loaded.built is not None:
        for name, file in loaded.built.files.items():
            places[name] = DockerfilePlaces(file)
        for inline in loaded.built.inlines:
            name = inline.source.name
            places[name] = InlinePlaces(loaded.built.files[name], inline.service)
    return places


class YamlPlaces:
    """The places of a Compose file: keys, and services."""

    def __init__(self, documents: Sequence[Node]) -> None:
        self._documents = documents
        self._starts = [one.span.start for one in documents]
        # A cache: all absences of a service are found at its name.
        self._paths: dict[int, tuple[str, ...]] = {}

    def path(self, offset: int) -> tuple[str, ...]:
        """Return the keys that lead to an offset."""
        from tightship.syntax.yaml.nodes import path_at  # not for Dockerfiles

        if offset not in self._paths:
            at = bisect_right(self._starts, offset) - 1
            found = path_at(self._documents[at], offset) if at >= 0 else ()
            self._paths[offset] = found
        return self._paths[offset]

    def subject(self, offset: int) -> Subject | None:
        """Return the service that an offset is in."""
        path = self.path(offset)
        if len(path) > 1 and path[0] == "services":
            return Subject("service", path[1])
        return None


class DockerfilePlaces:
    """The places of a Dockerfile: its stages, and their instructions."""

    def __init__(self, file: Dockerfile) -> None:
        self._instructions = file.instructions
        self._starts = [one.span.start for one in file.instructions]
        self._stages: list[int] = []  # the FROM that each instruction belongs to
        current = -1
        for number, one in enumerate(file.instructions):
            current = number if one.name == "FROM" else current
            self._stages.append(current)

    def path(self, offset: int) -> tuple[str, ...]:
        """Return the stage and the keyword of the instruction at an offset."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return ()
        stage = self._stages[at]
        name = stage_key(self._instructions[stage]) if stage >= 0 else ""
        return name, self._instructions[at].name

    def subject(self, offset: int) -> Subject | None:
        """Return the stage that an offset is in, if the file has several."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0 or self._stages[at] < 0 or self._stages[-1] == self._stages[0]:
            return None
        start = self._instructions[self._stages[at]]
        words = start.arguments
        if not words:
            return None
        span = words[2].span if len(words) == 3 else words[0].span
        return Subject("stage", _title(start), span)


class InlinePlaces:
    """The places of a Dockerfile that is part of a service."""

    def __init__(self, file: Dockerfile, service: str) -> None:
        self._inner = DockerfilePlaces(file)
        self._service = service

    def path(self, offset: int) -> tuple[str, ...]:
        """Return the keys that lead to the file, then stage and instruction."""
        keys = ("services", self._service, "build", "dockerfile_inline")
        return (*keys, *self._inner.path(offset))

    def subject(self, offset: int) -> Subject | None:
        """Return the service."""
        del offset
        return Subject("service", self._service)


def stage_key(start: Instruction) -> str:
    """Return what tells a stage from others: its name, or its base without tag and digest."""
    if len(start.arguments) == 3:
        return start.arguments[2].value
    base, _, _ = _title(start).partition("@")
    name, colon, tag = base.rpartition(":")
    return name if colon and "/" not in tag and "}" not in tag else base


def _title(start: Instruction) -> str:
    words = start.arguments
    if len(words) == 3:
        return words[2].value
    return f"FROM {words[0].value}" if words else "FROM"


def under_settings(
    causes: Iterable[Cause], rule_settings: RuleSettings | None, places: Mapping[str, Places]
) -> list[Cause]:
    """Return causes with what the configuration decides: acceptance and severity.

    It may decide for one of several services that share a value.
    """
    if rule_settings is None:
        return list(causes)

    def subject_of(one: Cause) -> Subject:
        return _subject(one, places.get(one.finding.span.source.name))

    def weighed(one: Cause) -> Cause:
        finding = one.finding
        severity, why = rule_settings.severity(
            *(one.rule, finding, one.severity, subject_of(one), one.containers)
        )
        if why is not None:
            finding = finding.replaced(because=(*finding.because, why))
        absorbed = tuple(map(weighed, one.absorbed))
        return one.replaced(finding=finding, severity=severity, absorbed=absorbed)

    def decided(one: Cause) -> Cause:
        given = rule_settings.exception_for(one.rule, one.finding, subject_of(one))
        accepted = Accepted("configuration", given.reason, given.place) if given else None
        return weighed(one).replaced(accepted=accepted)

    return list(map(decided, causes))


def located(causes: Iterable[Cause], places: Mapping[str, Places]) -> list[JudgedFinding]:
    """Return judged findings, in the order of the text and of severity."""
    equals: dict[tuple[str, ...], int] = {}

    def judged(one: Cause) -> JudgedFinding:
        finding, span = one.finding, one.finding.span
        file = places.get(span.source.name)
        path = file.path(span.start) if file is not None else ()
        subject = _subject(one, file)
        own = (subject.name,) if subject.kind == "service" else ()
        same = (first_name(one.rule.name), span.source.name, subject.name, *path)
        ordinal = equals.get(same, 0)
        equals[same] = ordinal + 1
        return JudgedFinding(
            one.rule,
            finding,
            one.severity,
            subject,
            key_path=path,
            ordinal=ordinal,
            absorbed=tuple(map(judged, one.absorbed)),
            accepted=one.accepted,
            services=tuple(dict.fromkeys((*own, *one.services))),
        )

    ordered = sorted(causes, key=lambda one: (one.finding.span.order, -one.rule.severity))
    return list(map(judged, ordered))


def _subject(one: Cause, file: Places | None) -> Subject:
    if one.container is not None:
        return Subject("service", one.container.name, one.container.span)
    span = one.finding.span
    subject = file.subject(span.start) if file is not None else None
    return subject or Subject("file", span.source.name)
