"""What rules of other packages are made of: ``from tightship.rules.kit import …``.

These names, and the attributes that ``own-rules.md`` lists, are version 1 of the kit. A
package says which version it is written for, and no other is loaded.
"""

from __future__ import annotations

from tightship.config.key import Option, Options
from tightship.findings import Finding, Findings, Fix, Related, Severity
from tightship.frontends.dockerfile.argument import Argument
from tightship.frontends.dockerfile.image_reference import ImageReference
from tightship.frontends.dockerfile.stage import Stage
from tightship.frontends.dockerfile.steps import Copy, Run
from tightship.isolation.capabilities import AddedCapability
from tightship.isolation.container import Container
from tightship.isolation.devices import Device
from tightship.isolation.loaded_project import BuiltImage, LoadedProject
from tightship.isolation.mounts import Mount
from tightship.isolation.ports import Port
from tightship.lazy import Record
from tightship.model.setting import Setting, SettingList
from tightship.project_facts.groups import GROUPS, subjects
from tightship.project_facts.images import of_reference
from tightship.project_facts.values import Facts, Items, Scalar, Texts
from tightship.rules.definition import Rule, rule
from tightship.rules.example import Bad, Good
from tightship.text import Edit, Source, Span
from tightship.values.image import Image, parse as parse_image

VERSION = 1
"""The version of the kit; it counts up where a name goes away or means something else."""

__all__ = [
    "VERSION",
    "AddedCapability",
    "Argument",
    "Bad",
    "BuiltImage",
    "Container",
    "Copy",
    "Device",
    "Edit",
    "Facts",
    "Finding",
    "Findings",
    "Fix",
    "Good",
    "Image",
    "ImageReference",
    "Items",
    "LoadedProject",
    "Mount",
    "Option",
    "Options",
    "Port",
    "Related",
    "Rule",
    "RulePackage",
    "Run",
    "Scalar",
    "Setting",
    "SettingList",
    "Severity",
    "Source",
    "Span",
    "Stage",
    "Texts",
    "Unread",
    "facts_of",
    "parse_image",
    "read",
    "rule",
]


class RulePackage(Record):
    """The rules of a package, and the version of the kit that they are written for."""

    version: int
    rules: tuple[Rule, ...]


class Unread(Record):
    """A file that gives no text.

    ``reason`` is ``missing``, ``not-readable``, ``outside-root``, ``not-regular``,
    ``directory``, ``too-large`` or ``not-text``, and ``unknown`` where a build has no
    known folder, or its `.dockerignore` leaves the file out.
    """

    path: str
    reason: str


def read(about: Container | LoadedProject | Stage, path: str) -> Source | Unread:
    """Return a file of the project, or why there is none: nothing outside its root is read.

    Args:
        about: a path starts in the folder of its project, or in the build context of a stage.
        path: the path, with ``/``.

    """
    if isinstance(about, Stage):
        context = about.build.context
        return (context and context.read(path)) or Unread(path, "unknown")
    project = about.project if isinstance(about, Container) else about.compose
    if project is None:
        return Unread(path, "unknown")
    found = project.read(path)
    return found if isinstance(found, Source) else Unread(path, found.reason)


def facts_of(about: Container | Stage | ImageReference | LoadedProject) -> Facts:
    """Return the facts about a service, a stage, an image or a project, as policies name them.

    A Dockerfile alone is no project: no fact about one is there.
    """
    if isinstance(about, Container | Stage):
        group = GROUPS["stage" if isinstance(about, Stage) else "service"]
        return Facts(group, about, about.span)
    if isinstance(about, ImageReference):
        return Facts(GROUPS["image"], of_reference(about), about.span)
    absent = Facts(GROUPS["project"], None, Span(Source("", ""), 0, 0))
    return next((one for one in subjects(about) if one.group.name == "project"), absent)
