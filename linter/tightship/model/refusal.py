"""A refusal: a part of a project that Compose rejects, or that cannot be read."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.findings import Gap


class Refusal(Record):
    """Why services, or a part that no service uses, could not be checked.

    ``gap`` has the first place and the reason. ``services`` are the names of the
    services: None stands for a whole project of which nothing can be told. With
    ``hides_settings``, they may have settings that are not known.
    """

    gap: Gap
    services: tuple[str, ...] | None = None
    hides_settings: bool = True


def all_gaps(refusals: Iterable[Refusal], gaps: Iterable[Gap]) -> Iterator[Gap]:
    """Yield the gaps of refusals, then the others; those of services name the services."""
    places: set[tuple[str, int, int]] = set()
    for one in refusals:
        places.add(one.gap.span.order)
        yield one.gap
    yield from (gap for gap in gaps if gap.span.order not in places)
