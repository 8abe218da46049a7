"""How alike services and projects are: those on one side of a change are found on the other."""

from __future__ import annotations

from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeVar

    from tightship.isolation.profile import Profile
    from tightship.model.value import Value

    T = TypeVar("T")

LEAST = 0.6
"""The part of the settings that a renamed service keeps at least."""

# Where it runs, and not what it is or how it is isolated.
_LEFT_OUT = frozenset(("container_name", "hostname", "profiles"))


def likeness(before: Profile, after: Profile) -> float:
    """Return how alike two services are: the part of their settings that both have.

    Services of different images are not alike at all.
    """
    if _software(before) != _software(after):
        return 0.0
    return shared(_settings(before), _settings(after))


def shared(before: frozenset[object], after: frozenset[object]) -> float:
    """Return the part of two sets that both have."""
    every = before | after
    return len(before & after) / len(every) if every else 1.0


def alike(
    before: Sequence[T], after: Sequence[T], likeness: Callable[[T, T], float]
) -> list[tuple[T, T]]:
    """Return the pairs that are alike enough, each thing once, the closest first."""
    found = [
        (-grade, a, b)
        for a, old in enumerate(before)
        for b, new in enumerate(after)
        if (grade := likeness(old, new)) >= LEAST
    ]
    pairs: list[tuple[T, T]] = []
    done_before, done_after = set[int](), set[int]()
    for _, a, b in sorted(found):
        if a not in done_before and b not in done_after:
            done_before.add(a)
            done_after.add(b)
            pairs.append((before[a], after[b]))
    return pairs


def project_likeness(before: Iterable[Profile], after: Iterable[Profile]) -> float:
    """Return how alike two projects are: the part of their services that both have."""
    old, new = (frozenset((it.name, _software(it)) for it in side) for side in (before, after))
    return shared(old, new)


def _software(profile: Profile) -> str:
    """Return what a service runs: its image without the tag, or where it is built."""
    service = profile.container.settings
    build = service.value("build")
    if build is not None:
        return f"build {_plain(build)}"
    name = service.text("image").value
    return image.parse(name).familiar if name else ""


def _settings(profile: Profile) -> frozenset[object]:
    return frozenset(_flat(profile.container.settings.table))


def _flat(table: MappingValue) -> Iterator[object]:
    for key, entry in table.entries.items():
        if key in _LEFT_OUT:
            continue
        value = entry.value
        if isinstance(value, SequenceValue):
            yield from ((key, _plain(one)) for one in value.items)
        elif isinstance(value, MappingValue):
            yield from ((key, f"{name}={_plain(one.value)}") for name, one in value.entries.items())
        else:
            yield key, _plain(value)


def _plain(value: Value) -> str:
    if isinstance(value, ScalarValue):
        return value.text
    if isinstance(value, SequenceValue):
        return ",".join(_plain(one) for one in value.items)
    return ",".join(f"{name}={_plain(one.value)}" for name, one in sorted(value.entries.items()))
