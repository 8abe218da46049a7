"""The software that a container runs, as far as names tell."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.values.hole import mask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container

_PARTS = regex("[a-z]+(?:[0-9]+[a-z]+)*")
_LONGEST = 200


def software_words(container: Container) -> frozenset[str]:
    """Return the words, in lower case, that may name the software of a container.

    They come from its image, or from the Dockerfile of that, and from its command. The
    name of the service counts only where a variable decides the image.
    """
    found: set[str] = set()
    for name in _names(container):
        found.update(_PARTS.findall(name[:_LONGEST].lower()))
    if container.stage is not None:
        from tightship.frontends.dockerfile.server_software import server_words

        found |= server_words(container.stage)
    return frozenset(found)


def _names(container: Container) -> Iterator[str]:
    image = container.image
    if image is not None:
        yield mask(image.repository)
        if "repository" in image.undecided:
            yield container.name
    needs = container.image_needs
    if needs is not None:
        yield from needs.family.names
    from tightship.isolation.command import commands_in

    for key in ("entrypoint", "command"):
        for line in commands_in(container.value(key)):
            yield from (word.text for word in line)
    options = container.environment.get("NODE_OPTIONS")
    if options is not None:
        yield options.value.value or ""
