"""Removal of what runs made: by their label, until nothing is left; and of old facts."""

from __future__ import annotations

import time

from tightship.isolation.own_needs import own_knowledge
from tightship.trial.copy import LABEL
from tightship.trial.engine import EngineError
from tightship.trial.identity import owner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.isolation.container import Container
    from tightship.trial.copy import ProjectCopy
    from tightship.trial.engine import Engine


# How to list each kind by a filter, and to remove some. Containers hold the others.
_KINDS = (
    (("ps", "-aq", "--no-trunc"), ("rm", "-f", "-v")),
    (("network", "ls", "-q", "--no-trunc"), ("network", "rm")),
    (("volume", "ls", "-q"), ("volume", "rm", "-f")),
    (("image", "ls", "-q", "--no-trunc"), ("image", "rm", "-f")),
)
_SECONDS = 60
_QUIET = 1.0
"""How long nothing may appear: an engine finishes what a killed client has begun."""


def clean(
    engine: Engine, label: str, seconds: float = _SECONDS, *, is_whole: bool = False
) -> list[str]:
    """Remove all that has a label, and return what is left after that many seconds.

    ``is_whole`` tells that no client was killed: then nothing appears later.
    """
    end = time.monotonic() + seconds
    left = remove(engine, label)
    while time.monotonic() < end:
        time.sleep(0 if is_whole else _QUIET)
        found = remove(engine, label)
        if not found and not left:
            break
        left = found
    return left


def remove(engine: Engine, label: str) -> list[str]:
    """Remove what has a label now, and return what that was."""
    every = list[str]()
    for listing, removal in _KINDS:
        found = _listed(engine, listing, f"{LABEL}={label}")
        if found:
            engine.docker(*removal, *found)
        every += found
    return every


def _listed(engine: Engine, listing: Sequence[str], label: str) -> list[str]:
    done = engine.docker(*listing, "--filter", f"label={label}")
    if not done.is_done:
        raise EngineError(f"the engine does not list what is left: {done.reason}")
    return [*dict.fromkeys(done.out.split())]


def _labels(engine: Engine) -> Iterator[str]:
    """Yield the labels of all runs that have left something."""
    for words in (("ps", "-a"), ("network", "ls"), ("volume", "ls")):
        template = f'{{{{.Label "{LABEL}"}}}}'
        listing = (*words, "--filter", f"label={LABEL}", "--format", template)
        yield from engine.asked(*listing).split()
    images = _listed(engine, ("image", "ls", "-q", "--no-trunc"), LABEL)
    if images:
        template = f'{{{{index .Config.Labels "{LABEL}"}}}}'
        yield from engine.docker("image", "inspect", "--format", template, *images).out.split()


def clean_ended(engine: Engine) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Remove what ended runs have left; yield each label, its owner, and what is left of it."""
    for label in dict.fromkeys(_labels(engine)):
        made_by = owner(label)
        left = clean(engine, label) if made_by == "ended" else ()
        yield label, made_by, left


def changed_services(containers: Iterable[Container], copy: ProjectCopy) -> list[str]:
    """Return the services of a copy without facts that were measured on what they now are.

    That is their image with its digest, or their Dockerfile, and their command, entrypoint and
    user.
    """
    names = {*copy.services}
    return [one.name for one in containers if one.name in names and _has_changed(one, copy)]


def _has_changed(container: Container, copy: ProjectCopy) -> bool:
    facts = container.as_measured.facts
    found = own_knowledge(container, facts) if facts is not None else None
    if found is None or found.refusal or found.differences:
        return True
    measured = found.own.family.measured
    if measured is None or measured.dockerfile is not None:
        return measured is None
    image = copy.images.get(container.name)
    return image is None or image.id != measured.digest
