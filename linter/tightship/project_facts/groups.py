"""All groups of facts, by name, and the things of a project that policies are about."""

from __future__ import annotations

from tightship.project_facts.devices import DEVICE
from tightship.project_facts.images import BUILD, IMAGE, builds_unseen, image_uses
from tightship.project_facts.lifetime import HEALTH, RESTART
from tightship.project_facts.mounts import MOUNT
from tightship.project_facts.ports import NETWORK, PORT
from tightship.project_facts.projects import FILE, PROJECT, RESOURCE, Whole
from tightship.project_facts.security import NAMESPACES, USER
from tightship.project_facts.services import HOOK, LOGGING, SERVICE, own_containers, service
from tightship.project_facts.stages import DOWNLOAD, PACKAGE, STAGE
from tightship.project_facts.tables import ENTRY, VARIABLE
from tightship.project_facts.values import Facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.loaded_project import LoadedProject

GROUPS = {
    group.name: group
    for group in (
        *(SERVICE, IMAGE, STAGE, PROJECT, FILE, MOUNT, PORT, DEVICE, NETWORK, RESOURCE),
        *(USER, NAMESPACES, HEALTH, RESTART, LOGGING, BUILD, HOOK),
        *(DOWNLOAD, PACKAGE, ENTRY, VARIABLE),
    )
}

SUBJECTS = ("service", "image", "stage", "project")
"""The groups that a policy can be about."""


def subjects(loaded: LoadedProject, *, settles: bool = True) -> Iterator[Facts]:
    """Yield the things of a project that a policy can be about.

    Unless it ``settles`` facts, no variable decides, and no guess by what other files say.
    Nothing is known then of a service that is only there by the value or the default of a
    variable.
    """
    around = loaded.around
    if not settles:
        loaded, around = loaded.unsettled, around and around.unsettled
    for one in _subjects(loaded):
        yield one.within(around)


def _subjects(loaded: LoadedProject) -> Iterator[Facts]:
    whole = Whole(loaded.compose, loaded.containers) if loaded.compose is not None else None
    services = whole.services if whole is not None else ()
    if whole is not None:
        yield Facts(PROJECT, whole, whole.span)
    for one in services:
        yield service(one)
        yield from own_containers(one)
    built = loaded.built
    for use in image_uses(services, built.builds if built is not None else ()):
        yield Facts(IMAGE, use, use.span)
    for image in built.images if built is not None else ():
        yield Facts(STAGE, image.stage, image.span)
    for one in services:
        if builds_unseen(one):
            yield Facts(STAGE, None, one.span, known=False)
    yield from _hidden(loaded, {one.name for one in services})


def _hidden(loaded: LoadedProject, known: set[str]) -> Iterator[Facts]:
    for one in loaded.settled.containers if loaded.settled is not None else ():
        if one.name not in known:
            for group in (SERVICE, IMAGE, STAGE):
                yield Facts(group, None, one.span, known=False)
