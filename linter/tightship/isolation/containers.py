"""The containers of a project, as rules see them and as fixes do."""

from __future__ import annotations

from functools import partial

from tightship.isolation.container import Container
from tightship.lazy import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tightship.findings import Fix
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.images.own_facts import OwnFacts
    from tightship.isolation.hardening_knowledge import Topic
    from tightship.model.project import Project


def containers(
    project: Project, stages: Mapping[str, Stage] | None = None, facts: OwnFacts | None = None
) -> tuple[Container, ...]:
    """Make the containers of a project.

    A service with a ``provider`` has none: a program of the host takes its place.

    Args:
        project: the project.
        stages: the stages that services build, by the names of the services.
        facts: facts of the user's own, for fixes.

    """
    made = _made(project, stages or {}, None)
    if facts is not None:
        measured = _made(project, stages or {}, facts)
        for name, one in made.items():
            one.as_measured = measured[name]
    return tuple(made.values())


def _made(
    project: Project, stages: Mapping[str, Stage], facts: OwnFacts | None
) -> dict[str, Container]:
    made: dict[str, Container] = {}
    for name, service in project.services.items():
        if service.value("provider") is None:
            siblings = service.project.noting(made)
            made[name] = Container(service, stages.get(name), siblings, facts)
    return made


def best_fix(
    container: Container, make: Callable[[Container], Fix | None], topic: Topic | None = None
) -> tuple[Fix | None, bool]:
    """Return the fix for a container, and whether one is known, by the user's facts or not.

    A known fix raises the severity of a finding; facts of the user's own never lower it.
    The knowledge about ``topic`` is its proof.
    """
    fix = make(container.as_measured)
    if fix is not None and topic is not None:
        fix = fix.replaced(known=partial(_proof, topic, container.as_measured))
    is_known = fix is not None
    if not is_known and container.as_measured is not container:
        is_known = make(container) is not None
    return fix, is_known


def advice_to_leave(container: Container, topic: Topic) -> str:
    """Return advice to leave a service as it is, where it is known to need that."""
    from tightship.isolation.hardening_knowledge import refusal  # few services are asked about

    why = refusal(topic, container)
    return f"the service needs this: {why}" if why else ""


def _proof(topic: Topic, container: Container) -> str:
    from tightship.isolation.hardening_knowledge import proof  # only reports ask for it

    return proof(topic, container)
