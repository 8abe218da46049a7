"""What controls are about: the services of projects, and the images of their Dockerfiles."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.project_facts.services import SERVICE
from tightship.project_facts.stages import STAGE
from tightship.project_facts.values import Facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.isolation.loaded_project import BuiltImage, LoadedProject
    from tightship.text import Span


class Subject(Record):
    """A service, or the image that a stage makes.

    ``unsettled`` are the facts as far as no variable decides them, not even one with a
    default. ``gap`` is the part of the project that could not be checked, if there is one.
    An image that services run ``is_run``.
    """

    verdict: Verdict
    kind: Literal["service", "stage"]
    name: str
    span: Span
    facts: Facts
    unsettled: Facts
    findings: tuple[JudgedFinding, ...] = ()
    gap: str = ""
    is_run: bool = False
    is_windows: bool = False


def every_finding(verdict: Verdict) -> Iterator[JudgedFinding]:
    """Yield what was found, with what is accepted and with what another finding absorbs."""
    for found in (verdict.findings, verdict.accepted, verdict.known, verdict.earlier):
        for one in found:
            yield one
            yield from one.absorbed


def unchecked(verdict: Verdict) -> list[tuple[Span, str]]:
    """Return the parts that could not be checked, those that a comment accepts included."""
    found = {(gap.span.order, gap.reason): (gap.span, gap.reason) for gap in verdict.unchecked}
    for one in every_finding(verdict):
        if one.is_gap:
            found.setdefault((one.span.order, one.finding.message), (one.span, one.finding.message))
    return [found[key] for key in sorted(found)]


def subjects(verdict: Verdict) -> Iterator[Subject]:
    """Yield the services of a project, and then the images of its Dockerfiles."""
    loaded = verdict.project
    if loaded is None:
        return
    findings, gap = [*every_finding(verdict)], ""
    for span, reason in unchecked(verdict)[:1]:
        gap = f"{span.place} was not checked: {reason}"
    yield from _services(verdict, loaded, findings, gap)
    yield from _stages(verdict, loaded, findings, gap)
    for one in loaded.containers:
        build = one.value("build")
        # Nobody has read its Dockerfile. That of a file to merge over others is in their project.
        if build is not None and one.stage is None and not one.may_have("build"):
            hidden = Facts(STAGE, None, build.span, known=False)
            yield Subject(
                verdict, "stage", one.name, build.span, hidden, hidden, gap=gap, is_run=True
            )


def _services(
    verdict: Verdict, loaded: LoadedProject, findings: Iterable[JudgedFinding], gap: str
) -> Iterator[Subject]:
    unsettled = {one.name: one for one in loaded.unsettled.containers}
    # What is about no service, such as a secret at the top level, is about each.
    builders, every = verdict.builders, [one.name for one in loaded.containers]
    for one in loaded.containers:
        always = unsettled.get(one.name)
        yield Subject(
            verdict,
            "service",
            one.name,
            one.span,
            Facts(SERVICE, one, one.span),
            Facts(SERVICE, always, one.span, known=always is not None),
            tuple(
                found
                for found in findings
                if one.name in (found.services or builders.get(found.span.source.name, every))
            ),
            gap,
            is_windows=one.runs_windows,
        )


def _stages(
    verdict: Verdict, loaded: LoadedProject, findings: Iterable[JudgedFinding], gap: str
) -> Iterator[Subject]:
    built = loaded.built
    if built is None:
        return
    later = loaded.unsettled.built
    unsettled = {_place(one): one for one in later.images} if later is not None else {}
    for one in built.images:
        always, source = unsettled.get(_place(one)), one.span.source.name
        yield Subject(
            verdict,
            "stage",
            one.stage.name or source,
            one.span,
            Facts(STAGE, one.stage, one.span),
            Facts(STAGE, always and always.stage, one.span, known=always is not None),
            tuple(
                found
                for found in findings
                if found.span.source.name == source and found.subject.kind != "service"
            ),
            gap,
            is_run=bool(one.containers),
            is_windows=one.stage.system == "windows",
        )


def _place(image: BuiltImage) -> tuple[str, int]:
    return image.span.source.name, image.span.start
