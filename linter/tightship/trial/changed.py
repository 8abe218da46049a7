"""Which services differ from what their facts were measured on."""

from __future__ import annotations

from tightship.isolation.own_needs import own_knowledge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.isolation.container import Container
    from tightship.trial.copy import ProjectCopy


def changed_services(containers: Iterable[Container], copy: ProjectCopy) -> list[str]:
    """Return the services of a copy without facts that were measured on what they now are.

    That is their image with its digest, or their Dockerfile, and their command, entrypoint and
    user.
    """
    names = {*copy.services}
    return [one.name for one in containers if one.name in names and _has_changed(one, copy)]


def _has_changed(container: Container, copy: ProjectCopy) -> bool:
    facts = container.as_measured.facts
    found = own_knowledge(container, facts) if facts is not None else None
    if found is None or found.refusal or found.differences:
        return True
    measured = found.own.family.measured
    if measured is None or measured.dockerfile is not None:
        return measured is None
    image = copy.images.get(container.name)
    return image is None or image.id != measured.digest
