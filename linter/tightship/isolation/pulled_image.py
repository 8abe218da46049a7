"""The images that a service pulls, or the build of an image.

These are its own, those of hooks and volumes, those that it builds with, and its models,
which are artifacts of a registry with the same references.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values import image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.buildable import Buildable
    from tightship.model.reading import Step
    from tightship.text import Span

_CONTEXT = "docker-image://"
# This argument wins over `# syntax=` (buildkit, frontend/dockerfile/builder).
_FRONTEND = "BUILDKIT_SYNTAX"


class PulledImage(Record):
    """An image from a registry, and where it is named.

    ``by`` names what pulls it, and ``verb`` says what for, as the beginning of a sentence.
    """

    by: str
    verb: str
    image: image.Image
    span: Span
    provenance: tuple[Step, ...]

    @property
    def use(self) -> str:
        """Return what it is pulled for."""
        return f"{self.by} {self.verb}"


def pulled_images(owner: Buildable) -> Iterator[PulledImage]:
    """Yield the images that a service or a build pulls, that of its container first."""
    name = owner.title
    own = owner.pulled_image
    if own is not None:
        written = owner.text("image")
        yield PulledImage(name, "runs", own, written.span, written.provenance)
    if owner.value("pre_start") is not None:
        yield from _of_hooks(owner, name)
    if owner.value("build") is not None:
        for leaf, text in _build_inputs(owner):
            found = image.parse(text)
            yield PulledImage(name, "builds with", found, leaf.span.part(text), leaf.provenance)
    if owner.value("volumes") is not None:
        yield from _of_volumes(owner, name)
    if owner.value("models") is not None:
        yield from _models(owner, name)


def _of_hooks(owner: Buildable, name: str) -> Iterator[PulledImage]:
    from tightship.model.items import hooks  # few services have any

    for hook in hooks(owner.settings):
        leaf = hook.table.get("image")
        if isinstance(leaf, ScalarValue) and leaf.text:
            found = image.parse(leaf.text)
            if image.tagged(found) not in owner.project.built:
                by = f"`{hook.kind}` of {name}"
                yield PulledImage(by, "runs", found, leaf.span, leaf.provenance)


def _build_inputs(owner: Buildable) -> Iterator[tuple[ScalarValue, str]]:
    """Yield the images that a build takes as a context, or as its frontend."""
    for context in owner.pairs("build", "additional_contexts"):
        leaf = context.value.source
        if isinstance(leaf, ScalarValue) and _CONTEXT in leaf.text:
            yield leaf, leaf.text.partition(_CONTEXT)[2]
    for argument in owner.pairs("build", "args"):
        leaf = argument.value.source
        if argument.name == _FRONTEND and isinstance(leaf, ScalarValue) and leaf.text:
            # Behind the image, options of the frontend may follow.
            yield leaf, leaf.text.partition(" ")[0]


def _of_volumes(owner: Buildable, name: str) -> Iterator[PulledImage]:
    """Yield the images whose files a service mounts (Compose Specification, volumes)."""
    for volume in owner.settings.volumes:
        if volume.kind != "image" or not volume.source:
            continue
        found = image.parse(volume.source)
        if image.tagged(found) not in owner.project.built:
            place, steps = volume.place, volume.provenance
            yield PulledImage(name, "mounts", found, place, steps)


def _models(owner: Buildable, name: str) -> Iterator[PulledImage]:
    """Yield the models of a service."""
    written = owner.value("models")
    if isinstance(written, MappingValue):
        names = [*written.entries]
    else:
        items = written.items if isinstance(written, SequenceValue) else ()
        names = [item.text for item in items if isinstance(item, ScalarValue)]
    for one in names:
        leaf = owner.project.text("models", one, "model")
        if leaf is not None and leaf.text:
            model = image.parse(leaf.text)
            yield PulledImage(name, "uses as a model", model, leaf.span, leaf.provenance)
