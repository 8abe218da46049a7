"""Which parts of an image are past the end of their support, as its name tells.

The tag of an official image names its software and what it is built on: in
`python:3.7-slim-buster` it is Python 3.7 on Debian 10. A tag that names neither, such as
`latest`, a digest alone and an image of somebody else tell nothing.
"""

from __future__ import annotations

from tightship.images import lookup
from tightship.lazy import TYPE_CHECKING, regex
from tightship.lazy.modules import facts
from tightship.values.image import OFFICIAL_IMAGES
from tightship.values.quantity import is_past

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from tightship.values.image import Image

# What an image is built on, and has its own name in tags.
_CODE_NAMED = ("debian", "ubuntu")
_BASES = ("alpine", "centos", "php")
_NUMBERED = regex(rf"({'|'.join(_BASES)})(\d+(?:\.\d+)*)")
# `1.7` of `v1.7.34`, `7` of `centos7`, `8` of `8u181`.
_VERSION = regex(r"(?:v|centos)?(\d+(?:\.\d+)*)")

_FACTS = facts("end_of_life")
PRODUCTS: Mapping[str, Mapping[str, Any]] = _FACTS["products"]
WITHDRAWN: Mapping[str, Mapping[str, Any]] = _FACTS["withdrawn"]
PRODUCT_OF = {
    image: name for name, one in PRODUCTS.items() for image in (name, *one.get("images", ()))
}
_cycles: dict[str, dict[str, Cycle]] = {}


class Cycle:
    """A line of releases that is supported until a day; both ends are of its vendor.

    ``end`` is the last day of support, or the month or the year where that is all that
    is known.
    """

    __slots__ = ("end", "name", "product")

    def __init__(self, product: str, name: str, end: str) -> None:
        self.product = product
        self.name = name
        self.end = end

    def has_ended(self, day: str) -> bool:
        """Return whether the support is over on a day, as in ``2026-11-26``."""
        return is_past(self.end, day)

    def __str__(self) -> str:
        product = PRODUCTS[self.product]
        named = product.get("names", {}).items()
        codes = (word for word, name in named if name == self.name and word.isalpha())
        code = next((f" ({word})" for word in codes), "")
        return f"{product['title']} {self.name}{code}"


def _by_name(product: str) -> dict[str, Cycle]:
    """Return the cycles of a product by each of their names."""
    if product not in _cycles:
        table = PRODUCTS[product]
        found = {name: Cycle(product, name, end) for name, end in table["ends"].items()}
        found |= {word: found[name] for word, name in table.get("names", {}).items()}
        _cycles[product] = found
    return _cycles[product]


def newest(product: str, day: str) -> Cycle | None:
    """Return the cycle that is supported the longest from a day on, if one is known."""
    known = _by_name(product).values()
    left = (cycle for cycle in known if not cycle.has_ended(day))
    return max(left, key=lambda cycle: cycle.end, default=None)


def named_cycles(image: Image) -> Iterator[Cycle]:
    """Yield the cycles that the tag of an image names: its own, then what it is built on."""
    name, tag = lookup.known_name(image), lookup.known_tag(image)
    product = PRODUCT_OF.get(name)
    if not tag or not (product or name in OFFICIAL_IMAGES):
        return
    words = tag.lower().split("-")
    own = _own(product, words) if product else None
    if own is not None:
        yield own
    for word in words:
        below = _below(word)
        if below is not None and below.product != product:
            yield below


def withdrawn(image: Image) -> tuple[str, str] | None:
    """Return the end of the updates of a deprecated image, and what takes its place.

    There is no such end where the tag names a cycle, which has its own end.
    """
    name = lookup.known_name(image)
    found = WITHDRAWN.get(name)
    tag = lookup.known_tag(image) if found is not None else None
    if found is None or tag is None:
        return None
    if name in PRODUCTS and _own(name, tag.lower().split("-")) is not None:
        return None
    if "versions" in found:
        version = _VERSION.match(tag)
        if version is None or version[1].partition(".")[0] not in found["versions"]:
            return None
    return found["end"], found.get("instead", "")


def _own(product: str, words: list[str]) -> Cycle | None:
    version = _VERSION.match(words[0])
    if version is not None:
        return _numbered(product, version[1])
    known = _by_name(product)
    return next((known[word] for word in words if word in known), None)


def _below(word: str) -> Cycle | None:
    if word.isalpha():
        bases = (_by_name(base).get(word) for base in _CODE_NAMED)
        return next((cycle for cycle in bases if cycle is not None), None)
    if not word.startswith(_BASES):
        return None
    numbered = _NUMBERED.fullmatch(word)
    return _numbered(numbered[1], numbered[2]) if numbered is not None else None


def _numbered(product: str, version: str) -> Cycle | None:
    """Return the cycle of a version: ``3.8`` for ``3.8.1``, and not for ``3.80``.

    Another name of a cycle, as ``9`` of ``9.6``, is no part of a longer version.
    """
    known, part = _by_name(product), version
    while part:
        cycle = known.get(part)
        if cycle is not None and (part == version or part == cycle.name):
            return cycle
        part = part.rpartition(".")[0]
    return None
