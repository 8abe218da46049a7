"""Which parts of an image are past the end of their support, as its name tells.

The tag of an official image names its software and what it is built on: in
`python:3.7-slim-buster` it is Python 3.7 on Debian 10. A tag that names neither, such as
`latest`, a digest alone and an image of somebody else tell nothing.
"""

from __future__ import annotations

from tightship.images import lookup
from tightship.images.release_cycles import PRODUCTS, SAME_PRODUCT, WITHDRAWN
from tightship.lazy.regex import regex
from tightship.values.date import is_past
from tightship.values.official_image import OFFICIAL_IMAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.values.image import Image

# What an image is built on, and has a name of its own in tags.
_CODE_NAMED = ("debian", "ubuntu")
_NUMBERED = regex(r"(alpine|centos|php)(\d+(?:\.\d+)*)")
# `1.7` of `v1.7.34`, `7` of `centos7`, `8` of `8u181`.
_VERSION = regex(r"(?:v|centos)?(\d+(?:\.\d+)*)")

_cycles: dict[str, list[Cycle]] = {}


class Cycle:
    """A line of releases that is supported until a day; both ends are of its vendor.

    ``end`` is the last day of support, or the month or the year where that is all that
    is known. ``names`` are what else a tag calls it.
    """

    __slots__ = ("end", "name", "names", "product")

    def __init__(self, product: str, word: str, end: str) -> None:
        self.product = product
        self.name, *self.names = word.split("=")
        self.end = end

    def has_ended(self, day: str) -> bool:
        """Return whether the support is over on a day, as in ``2026-11-26``."""
        return is_past(self.end, day)

    def __str__(self) -> str:
        code = next((f" ({name})" for name in self.names if name.isalpha()), "")
        return f"{PRODUCTS[self.product].title} {self.name}{code}"


def cycles(product: str) -> list[Cycle]:
    """Return the cycles of a product in the table."""
    if product not in _cycles:
        words = iter(PRODUCTS[product].cycles.split())
        _cycles[product] = [
            Cycle(product, word, end) for word, end in zip(words, words, strict=True)
        ]
    return _cycles[product]


def newest(product: str, day: str) -> Cycle | None:
    """Return the cycle that is supported the longest from a day on, if one is known."""
    left = [cycle for cycle in cycles(product) if not cycle.has_ended(day)]
    return max(left, key=lambda cycle: cycle.end, default=None)


def named_cycles(image: Image) -> Iterator[Cycle]:
    """Yield the cycles that the tag of an image names: its own, then what it is built on."""
    name, tag = lookup.known_name(image), lookup.known_tag(image)
    product = SAME_PRODUCT.get(name, name)
    if not tag or not (product in PRODUCTS or name in OFFICIAL_IMAGES):
        return
    words = tag.lower().split("-")
    own = _own(product, words) if product in PRODUCTS else None
    if own is not None:
        yield own
    for word in words:
        below = _below(word)
        if below is not None and below.product != product:
            yield below


def withdrawn(image: Image) -> tuple[str, str] | None:
    """Return the end of the updates of a deprecated image, and what takes its place.

    There is no such end where the tag names a cycle, which has an end of its own.
    """
    name, tag = lookup.known_name(image), lookup.known_tag(image)
    found = WITHDRAWN.get(name)
    if found is None or tag is None:
        return None
    if name in PRODUCTS and _own(name, tag.lower().split("-")) is not None:
        return None
    if found.versions:
        version = _VERSION.match(tag)
        if (
            version is None
            or version[1].partition(".")[0] not in found.versions.split()
        ):
            return None
    return found.end, found.instead


def _own(product: str, words: list[str]) -> Cycle | None:
    version = _VERSION.match(words[0])
    if version is not None:
        return _numbered(product, version[1])
    return next((found for word in words if (found := _called(product, word))), None)


def _below(word: str) -> Cycle | None:
    numbered = _NUMBERED.fullmatch(word)
    if numbered is not None:
        return _numbered(numbered[1], numbered[2])
    if not word.isalpha():
        return None
    return next((one for base in _CODE_NAMED if (one := _called(base, word))), None)


def _numbered(product: str, version: str) -> Cycle | None:
    """Return the cycle of a version: ``3.8`` for ``3.8.1``, and not for ``3.80``."""
    for cycle in cycles(product):
        if f"{version}.".startswith(f"{cycle.name}."):
            return cycle
    return _called(product, version)


def _called(product: str, name: str) -> Cycle | None:
    return next((one for one in cycles(product) if name in one.names), None)
