"""Image names and tags that are known, and not past the end of their support."""

from __future__ import annotations

from datetime import date

from tightship.images import end_of_life, lookup
from tightship.images.index import FILES
from tightship.values.image import OFFICIAL_IMAGES, parse
from tightship_lsp.features.completion.item import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CODE_NAMED = ("debian", "ubuntu")
_LATER = 50
# Variants that each supported version of an official image has.
_VARIANTS = {
    "python": ("slim", "alpine"),
    "node": ("slim", "alpine"),
    "ruby": ("slim", "alpine"),
    "php": ("fpm", "cli", "alpine"),
    "golang": ("alpine",),
    "postgres": ("alpine",),
    "redis": ("alpine",),
    "nginx": ("alpine",),
    "httpd": ("alpine",),
    "debian": ("slim",),
}


def images(typed: str, start: int) -> Iterator[Item]:
    """Yield images, or the tags of an image that is written."""
    name, colon, _ = typed.rpartition(":")
    if colon and "/" not in typed[len(name) :]:
        yield from _tags(name, start + len(name) + 1)
        return
    for known in sorted(FILES):
        if not typed and "/" in known:
            continue
        withdrawn = (
            known in end_of_life.WITHDRAWN and "versions" not in end_of_life.WITHDRAWN[known]
        )
        if not withdrawn:
            official = known in OFFICIAL_IMAGES
            yield Item(
                known,
                "image",
                detail="official image" if official else "",
                rank=3 if official else 5,
                more=_summary(known),
                start=start,
            )
    for known in sorted(OFFICIAL_IMAGES - FILES.keys()):
        if known not in end_of_life.WITHDRAWN:
            yield Item(known, "image", detail="official image", rank=4, start=start)


def _summary(name: str) -> Callable[[], str]:
    def text() -> str:
        family = lookup.load(name)
        has_own = family.about and family.programs != ()
        about = f"\n\n{family.about.strip()}" if has_own else ""
        return f"{family.summary}.{about}"

    return text


def _tags(name: str, start: int) -> Iterator[Item]:
    """Yield the tags of an image's cycles that are supported today, the newest first."""
    product = end_of_life.PRODUCT_OF.get(lookup.known_name(parse(name)))
    if product is None:
        return
    today = date.today().isoformat()
    table = end_of_life.PRODUCTS[product]
    cycles = [
        (cycle, end)
        for cycle, end in reversed(table["ends"].items())
        if not end_of_life.Cycle(product, cycle, end).has_ended(today)
    ]
    names = {number: word for word, number in table.get("names", {}).items()}
    for rank, (cycle, end) in enumerate(cycles):
        about = f"{table['title']} {cycle}, supported until {end}."
        yield Item(cycle, "image", f"until {end}", about, rank=rank, start=start)
        word = names.get(cycle) if product in _CODE_NAMED else None
        if word is not None:
            yield Item(word, "image", f"until {end}", about, rank=rank, start=start)
        for variant in _VARIANTS.get(name, ()):
            tag = f"{word or cycle}-{variant}"
            yield Item(tag, "image", f"until {end}", about, rank=rank + _LATER, start=start)
