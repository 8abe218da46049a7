"""Facts of the user's own: about their images, and about services that were measured.

They are in files beside the project, or named by settings or on the command line. They
never change a finding: fixes ask for them, and for nothing else.
"""

from __future__ import annotations

from tightship.images.facts import ASPECTS, ImageFamily, Source
from tightship.images.format import read
from tightship.images.lookup import find, known_name, shared_file
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.values.image import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tightship import text
    from tightship.syntax import SyntaxProblem
    from tightship.values.image import Image


class OwnFamily(Record, frozen=False):
    """A family of a file of the user's own; ``place`` is its line, as `FILE:LINE`."""

    family: ImageFamily
    place: str

    @lazy_property
    def image(self) -> Image | None:
        """Return the image that was measured, or that of a digest alone."""
        measured = self.family.measured
        return parse(measured.image) if measured is not None else None

    def but(self, differences: Sequence[str]) -> ImageFamily:
        """Return the family, with a lower grade if anything differs from what was measured."""
        if not differences:
            return self.family
        but = f", but not with {' and '.join(differences)}"
        family, seen = self.family, dict[Source, Source]()
        for fact in family.facts:
            source = fact.source
            where = f"from facts {source.grade} {source.where}{but}"
            seen[source] = Source("derived", where, source.place)
        return with_sources(family, seen)


def read_families(
    source: text.Source, name: str
) -> tuple[Sequence[SyntaxProblem], Sequence[OwnFamily]]:
    """Return the problems of a file of facts, or else its families.

    Args:
        source: the file.
        name: the name by which reports call it.

    """
    problems, families = read(source, shared_file)
    return problems, [_placed(family, f"{name}:{span.line}") for span, family in families]


def _placed(family: ImageFamily, place: str) -> OwnFamily:
    sources = {one.source: one.source.replaced(place=place) for one in family.facts}
    return OwnFamily(with_sources(family, sources), place)


def with_sources(family: ImageFamily, sources: dict[Source, Source]) -> ImageFamily:
    """Return a family whose facts have other sources."""
    return changed(
        family,
        {
            aspect: tuple(one.replaced(source=sources[one.source]) for one in found)
            for aspect in ASPECTS
            if (found := getattr(family, aspect))
        },
    )


def changed(family: ImageFamily, values: dict[str, object]) -> ImageFamily:
    """Return a family with other values of some attributes."""
    made = ImageFamily(family.names, family.summary, family.holds_for)
    made.__dict__.update(family.__dict__, **values)
    return made


class OwnFacts:
    """The families of the files that hold for a project, the nearest first."""

    def __init__(self, images: Iterable[OwnFamily], services: Iterable[OwnFamily]) -> None:
        """Take families of images, and those of the project's services."""
        self._images: dict[str, OwnFamily] = {}
        for one in images:
            for name in one.family.names:
                self._images.setdefault(name, one)
        self._services: dict[str, OwnFamily] = {}
        for one in services:
            self._services.setdefault(one.family.service, one)

    def of_service(self, name: str) -> OwnFamily | None:
        """Return what is known about a service."""
        return self._services.get(name)

    def of_image(self, image: Image) -> OwnFamily | None:
        """Return what is known about an image."""
        return self._images.get(known_name(image))

    def about(self, name: str) -> list[OwnFamily]:
        """Return what is known about an image by its name, and about services that run it."""
        every = {one.place: one for one in (*self._images.values(), *self._services.values())}
        return [
            one
            for one in every.values()
            if name in one.family.names or (one.image is not None and known_name(one.image) == name)
        ]

    def find(self, image: Image) -> ImageFamily | None:
        """Return the family of an image that others are made of: Tightship's, or the user's."""
        known = find(image)
        own = self.of_image(image) if known is None else None
        return own.but(version_differences(own, image)) if own is not None else known


def version_differences(own: OwnFamily, image: Image) -> list[str]:
    """Return the version of an image, if facts were measured with another one."""
    measured, was = own.family.measured, own.image
    if measured is None or was is None:
        return []
    if image.digest:
        # The digest in a reference is that of a manifest; an engine also tells the image's own.
        is_same = image.digest in (was.digest, measured.digest)
        return [] if is_same else [f"`{image.name}@{image.digest}`"]
    if (image.tag or "latest") == (was.tag or "latest") and "tag" not in image.undecided:
        return []
    shown = f":{image.tag}" if image.tag else ""
    return [f"`{image.name}{shown}`"]


def text_digest(content: str) -> str:
    """Return the digest of the text of a Dockerfile, whatever ends its lines."""
    from hashlib import sha256

    lines = "\n".join(content.removeprefix("\ufeff").splitlines())
    return f"sha256:{sha256(lines.encode('utf-8', 'surrogatepass')).hexdigest()}"
