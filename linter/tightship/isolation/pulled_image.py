"""The images that a service pulls: its own, those of hooks, those that it builds with."""

from __future__ import annotations

from tightship.compose.loading.tree import Leaf
from tightship.values import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.loading.reading import Step
    from tightship.isolation.container import Container
    from tightship.text import Span

_CONTEXT = "docker-image://"


class PulledImage:
    """An image from a registry, and where it is named.

    ``use`` says what it is for, as the beginning of a sentence about the service.
    """

    __slots__ = ("image", "provenance", "span", "use")

    def __init__(
        self, use: str, found: image.Image, span: Span, provenance: tuple[Step, ...]
    ) -> None:
        self.use = use
        self.image = found
        self.span = span
        self.provenance = provenance


def pulled_images(container: Container) -> Iterator[PulledImage]:
    """Yield the images that a service pulls, that of its container first."""
    service, name = container.service, f"service `{container.name}`"
    own = container.pulled_image
    if own is not None:
        written = service.text("image")
        yield PulledImage(f"{name} runs", own, written.span, written.provenance)
    if service.value("pre_start") is not None:
        from tightship.compose.hook import hooks  # few services have any

        for hook in hooks(service):
            leaf = hook.table.get("image")
            if isinstance(leaf, Leaf) and leaf.text:
                found = image.parse(leaf.text)
                if image.tagged(found) not in service.project.built:
                    use = f"`{hook.kind}` of {name} runs"
                    yield PulledImage(use, found, leaf.span, leaf.provenance)
    if service.value("build") is not None:
        for context in service.pairs("build", "additional_contexts"):
            leaf = context.value.source
            if isinstance(leaf, Leaf) and _CONTEXT in leaf.text:
                text = leaf.text.partition(_CONTEXT)[2]
                place = leaf.span.part(text)
                use = f"{name} builds with"
                yield PulledImage(use, image.parse(text), place, leaf.provenance)
