"""The containers that an edit of one service's settings reaches."""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.compose.project import Project
    from tightship.frontends.compose.service import Service
    from tightship.isolation.container import Container

_MOST = 100
"""The most services that are looked at; with more, the answer is unknown."""


def reached(container: Container, *keys: str) -> tuple[Container, ...] | None:
    """Return the containers that get what an edit adds to a service.

    These are the service's own and those of the services that extend it, or that merge
    its mapping by an anchor. If the keys are added to its base, they are those of the
    base. A service without image and build runs nothing, and is left out. ``None``
    stands for too many.
    """
    service = container.service
    sharers = _sharers(service.project)
    if not sharers:
        return (container,)
    names = dict.fromkeys((service.name,))
    for home in {service.holder(key).name: service.holder(key) for key in keys}.values():
        for shared in (home.name, f"&{home.home.node.anchor}"):
            names.update(dict.fromkeys((shared, *sharers.get(shared, ()))))
    if len(names) > _MOST:
        return None
    found = (container.siblings.get(name) for name in names)
    others = [
        other for other in found if other is not None and other is not container and _runs(other)
    ]
    return (container, *others)


def _runs(container: Container) -> bool:
    service = container.service
    return service.value("image") is not None or service.value("build") is not None


@lru_cache(maxsize=1)
def _sharers(project: Project) -> dict[str, list[str]]:
    """Return the names of the services that take from another, or from an anchor."""
    found: dict[str, list[str]] = {}
    for service in project.services.values():
        for source in _sources(service):
            found.setdefault(source, []).append(service.name)
    return found


def _sources(service: Service) -> set[str]:
    steps = (step for entry in service.table.entries.values() for step in entry.value.provenance)
    return {
        step.name if step.kind == "extends" else f"&{step.name}"
        for step in steps
        if step.kind in ("extends", "merge")
    }
