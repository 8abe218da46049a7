"""All groups of facts, by name, and the things of a project that policies are about."""

from __future__ import annotations

from tightship.project_facts.devices import DEVICE
from tightship.project_facts.images import IMAGE, image_uses
from tightship.project_facts.lifetime import HEALTH, RESTART
from tightship.project_facts.mounts import MOUNT
from tightship.project_facts.networks import NETWORK
from tightship.project_facts.ports import PORT
from tightship.project_facts.projects import FILE, PROJECT, RESOURCE, Whole
from tightship.project_facts.services import BUILD, HOOK, LOGGING, NAMESPACES, SERVICE
from tightship.project_facts.stages import DOWNLOAD, STAGE
from tightship.project_facts.tables import ENTRY, VARIABLE
from tightship.project_facts.users import USER
from tightship.project_facts.values import Facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.loaded_project import LoadedProject

GROUPS = {
    group.name: group
    for group in (
        *(SERVICE, IMAGE, STAGE, PROJECT, FILE, MOUNT, PORT, DEVICE, NETWORK, RESOURCE),
        *(USER, NAMESPACES, HEALTH, RESTART, LOGGING, BUILD, HOOK, DOWNLOAD, ENTRY, VARIABLE),
    )
}

SUBJECTS = ("service", "image", "stage", "project")
"""The groups that a policy can be about."""


def subjects(loaded: LoadedProject) -> Iterator[Facts]:
    """Yield the things of a project that a policy can be about."""
    if loaded.compose is not None:
        whole = Whole(loaded.compose, loaded.containers)
        yield Facts(PROJECT, whole, whole.span)
    for container in loaded.containers:
        yield Facts(SERVICE, container, container.span)
    for use in image_uses(loaded):
        yield Facts(IMAGE, use, use.span)
    for image in loaded.built.images if loaded.built is not None else ():
        yield Facts(STAGE, image.stage, image.span)
