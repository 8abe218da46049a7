"""The needs of a container by facts of the user's own, over what Tightship knows.

They count for fixes alone. What Tightship knows to be needed stays needed, so that no fix
causes a finding; where both speak of the same and differ, the source says so.
"""

from __future__ import annotations

from tightship.images.facts import ASPECTS
from tightship.images.lookup import known_name
from tightship.images.needs import Needs
from tightship.images.own_facts import changed, text_digest, version_differences
from tightship.isolation.image_needs import start_of, words_of
from tightship.isolation.user import names_root
from tightship.isolation.writable_paths import clean, covers
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from tightship.images.facts import Fact, ImageFamily
    from tightship.images.own_facts import OwnFacts, OwnFamily
    from tightship.images.toml_file import Measurement
    from tightship.isolation.container import Container

_HIDDEN = "****"  # in place of a secret, as in reports


class OwnKnowledge(Record):
    """What a file of the user's own says about a container.

    ``refusal`` tells why that does not hold for it, as a clause, or is empty.
    ``differences`` are what else was measured than is run now.
    """

    own: OwnFamily
    refusal: str = ""
    differences: Sequence[str] = ()


def own_knowledge(container: Container, facts: OwnFacts) -> OwnKnowledge | None:
    """Return what files of the user's own say about a container: the closest facts."""
    found: OwnKnowledge | None = None
    image = container.pulled_image
    by_image = facts.of_image(image) if image is not None else None
    for own in (facts.of_service(container.name), by_image):
        if own is None:
            continue
        refusal = _refusal(container, own)
        if not refusal:
            return OwnKnowledge(own, differences=[*_differences(container, own)])
        found = found or OwnKnowledge(own, refusal)
    return found


def own_needs(container: Container, facts: OwnFacts, known: Needs | None) -> Needs | None:
    """Return the needs of a container by the user's facts, completed by what is known."""
    found = own_knowledge(container, facts)
    if found is None or found.refusal:
        return known
    family = found.own.but(found.differences)
    family = family if known is None else _over(family, known)
    stage = container.stage
    image = stage.image if stage is not None else container.pulled_image
    return Needs(family, start_of(container, image, family))


def _refusal(container: Container, own: OwnFamily) -> str:
    """Return why facts do not hold for a container, as a clause."""
    measured, image = own.family.measured, container.pulled_image
    if measured is None or own.image is None:
        return ""
    if measured.dockerfile is not None:
        if container.stage is None:
            return "its image was built"
    elif image is None or known_name(image) != known_name(own.image):
        return f"its image was `{own.image.familiar}`"
    was, now = _program(measured.entrypoint, measured.command), _program(*_started(container))
    # Facts about an image name the programs that they hold for.
    if was != now and (own.family.service or own.family.programs is None):
        return f"it ran {f'`{was}`' if was else 'what the image starts'}"
    user = container.user
    if not user.decided or _is_root(user.value) is not _is_root(measured.user):
        return f"its user was {f'`{measured.user}`' if measured.user else 'that of the image'}"
    return ""


def _differences(container: Container, own: OwnFamily) -> Iterator[str]:
    """Yield what a container runs and was not measured."""
    measured, image = own.family.measured, container.pulled_image
    if measured is None:
        return
    if image is not None and measured.dockerfile is None:
        yield from version_differences(own, image)
    if container.stage is not None and measured.dockerfile is not None:
        source = container.stage.build.source
        if text_digest(source.text) != measured.dockerfile:
            yield f"this text of `{source.name}`"
    if own.family.service:
        yield from _settings(container, measured)


def _settings(container: Container, measured: Measurement) -> Iterator[str]:
    entrypoint, command = _started(container)
    if not _are_same(entrypoint, measured.entrypoint):
        yield "this entrypoint"
    if not _are_same(command, measured.command):
        yield "this command"
    if (container.user.value or None) != measured.user:
        yield "this user"


def _are_same(now: tuple[str, ...] | None, was: tuple[str, ...] | None) -> bool:
    """Return whether words are those that were measured, in which secrets are hidden."""
    if now is None or was is None or len(now) != len(was):
        return now == was
    return all(map(_is_same, now, was))


def _is_same(now: str, was: str) -> bool:
    first, *rest = was.split(_HIDDEN)
    return now == was or (bool(rest) and now.startswith(first) and now.endswith(rest[-1]))


def _started(container: Container) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    return words_of(container.value("entrypoint")), words_of(container.value("command"))


def _program(entrypoint: tuple[str, ...] | None, command: tuple[str, ...] | None) -> str:
    """Return the program that a service starts; empty if that is the image's own."""
    first = (*(entrypoint or ()), *(command or ()))[:1]
    return "" if not first or first[0].startswith("-") else first[0]


def _is_root(user: str | None) -> bool | None:
    return names_root(user) if user else None


def _over(own: ImageFamily, known: Needs) -> ImageFamily:
    """Return facts of the user's own over those that Tightship knows."""
    values: dict[str, Any] = {}
    holds = bool(known.runs_the_image)
    for aspect in ASPECTS:
        found, others = getattr(own, aspect), getattr(known.family, aspect)
        if found is None and (holds or aspect in ("user", "volumes")):
            values[aspect] = others
    if holds:
        values.update(_needed_anyway(own, known))
    if holds and (own.writes is None or own.read_only is None):
        # Where it writes depends on the settings that the image gets.
        values.update(names=known.family.names, programs=known.family.programs)
    return changed(own, values)


def _needed_anyway(own: ImageFamily, known: Needs) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    """Yield the aspects in which what is surely needed is added, or differs."""
    if own.capabilities is not None:
        names = {one.name for one in own.capabilities}
        more = [one for one in known.certain_capabilities if one.name not in names]
        yield "capabilities", (*own.capabilities, *more)
    if own.writes is not None:
        paths = [clean(one.path) for one in own.writes]
        paths += [clean(one.path) for one in own.volumes or ()]
        writes = [
            one
            for one in known.certain_writes
            if not any(covers(path, clean(one.path)) for path in paths)
        ]
        yield "writes", (*own.writes, *writes)
    for aspect, says in (("read_only", "works"), ("new_privileges", "needed")):
        found: Sequence[Any] = getattr(own, aspect) or ()
        other: Any = getattr(known, aspect)
        if found and other is not None:
            but = f"{other.source.where} says the opposite"
            value = getattr(other, says)
            yield (
                aspect,
                tuple(one if getattr(one, says) is value else _but(one, but) for one in found),
            )


def _but(fact: Any, but: str) -> Fact:
    """Return a fact that says what contradicts it."""
    source, why = fact.source, f"{fact.why}; {but}" if fact.why else but
    disputed: Fact = fact.replaced(source=source.replaced(where=f"{source.where}; {but}"), why=why)
    return disputed
