"""The knowledge behind each hardening: the sources of its facts, or why there is none.

Each function answers for one container with the sources of all facts that the patch
rests on, or with a clause that says why no patch is known to work.
"""

from __future__ import annotations

from tightship.images.facts import GRADES, derived
from tightship.isolation.needed_capabilities import why_root_is_undecided, why_root_is_written
from tightship.isolation.needed_limits import filling_setting, memory_limit
from tightship.isolation.writable_paths import needs_writable_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Literal, TypeAlias

    from tightship.images.facts import Fact, Grade, Source
    from tightship.images.needs import Needs
    from tightship.isolation.container import Container

    Knowledge: TypeAlias = Sequence[Source] | str
    Topic: TypeAlias = Literal["read-only root", "capabilities", "new privileges", "limits"]

_MEASURE = "measure it at its busiest with `docker stats`"
_PROOFS: dict[Grade, str] = {
    "measured": "ran on an engine",
    "documented": "from the image's documentation",
    "derived": "from the image's Dockerfile",
}
_PROCESSES = derived("the limit that Podman gives every container, for any program")
_USER = derived("its processes run as another user than root, who holds no capability")


def of_read_only_root(container: Container) -> Knowledge:
    """Answer for a read-only root file system and its writable paths."""
    if why := refusal("read-only root", container):
        return why
    needs = _needs(container)
    if isinstance(needs, str):
        return needs
    fact = needs.read_only
    if fact is None:
        return _undecided(container) or (
            f"it is not known whether {_image(container)} runs with one"
        )
    if needs.writes is None or needs.volumes is None:
        return f"it is not known where {_image(container)} writes"
    from tightship.isolation.own_paths import own_paths

    own = own_paths(container, needs)
    if own.unwritable is not None:
        return own.unwritable.why
    if why := why_root_is_written(container):
        return why
    return (*_sources(needs, (fact, *needs.writes, *needs.volumes)), *own.sources)


def of_capabilities(container: Container) -> Knowledge:
    """Answer for the capabilities that stay after all are dropped."""
    if why := why_root_is_undecided(container):
        return why
    needs = _needs(container)
    if isinstance(needs, str):
        return needs
    if needs.capabilities is None:
        return (
            _undecided(container) or f"it is not known which capabilities {_image(container)} needs"
        )
    return _sources(needs, needs.capabilities)


def of_new_privileges(container: Container) -> Knowledge:
    """Answer for ``no-new-privileges``."""
    needs = _needs(container)
    if isinstance(needs, str):
        return needs
    fact = needs.new_privileges
    if fact is None:
        return _undecided(container) or (
            f"it is not known whether {_image(container)} uses setuid programs"
        )
    return refusal("new privileges", container) or _sources(needs, (fact,))


def refusal(topic: Topic, container: Container) -> str:
    """Return why a service is known not to work with a hardening, or nothing."""
    if topic == "read-only root" and needs_writable_root(container):
        return "Compose copies a config or a secret into its root file system"
    needs = _needs(container)
    if isinstance(needs, str):
        return ""
    if topic == "read-only root" and needs.read_only is not None and not needs.read_only.works:
        return f"{_image(container)} does not run read-only{_because(needs.read_only.why)}"
    privileges = needs.new_privileges
    if topic == "new privileges" and privileges is not None and privileges.needed:
        return f"{_image(container)} gains privileges to work{_because(privileges.why)}"
    return ""


def of_limits(container: Container) -> Knowledge:
    """Answer for the limits of memory and processes."""
    needs = _needs(container)
    if isinstance(needs, str):
        return needs
    if memory_limit([container]) is None:
        fact = needs.memory
        if fact is not None and fact.grows:
            bound = f", unless {fact.bound} bounds it" if fact.bound else ""
            return f"the memory of {_image(container)} grows with its data{bound}"
        if filling_setting(container, needs) is not None:
            return (
                "temporary files of requests may be in memory, and are as large as these:"
                f" {_MEASURE}"
            )
        return f"it is not known how much memory {_image(container)} needs: {_MEASURE}"
    facts: list[Fact] = [*needs.heaps]
    if needs.memory is not None:
        facts.append(needs.memory)
    return (*_sources(needs, facts), _PROCESSES)


def _needs(container: Container) -> Needs | str:
    """Return the needs of the image that a container runs, or why they are unknown."""
    needs = container.image_needs
    if needs is None:
        own = own_refusal(container)
        return own or f"nothing is known about {_image(container)}"
    runs = needs.runs_the_image
    if runs is None:
        return f"a variable decides what it runs of {_image(container)}"
    if not runs:
        return f"it runs another program than {_image(container)} does by default"
    return needs


def _undecided(container: Container) -> str:
    if container.stage is None:
        return ""
    from tightship.isolation.built_image_needs import why_undecided

    return why_undecided(container)


def _image(container: Container) -> str:
    stage, image = container.stage, container.image
    if stage is not None:
        return f"the image that `{stage.build.source.name}` builds"
    if container.value("build") is not None:
        return "the image that it builds"
    return f"the image `{image.familiar}`" if image is not None else "its image"


def _because(why: str) -> str:
    return f": {why}" if why else ""


def _sources(needs: Needs, facts: Iterable[Fact]) -> tuple[Source, ...]:
    """Return the sources of facts, each once.

    That an image needs no capability is no fact of its own: it rests on what else is known.
    """
    found = [fact.source for fact in facts]
    if not found:
        found = [fact.source for fact in (needs.read_only, needs.user) if fact][:1] or [_USER]
        measured = needs.family.measured
        if measured is not None and found[0].tried:
            found = [found[0].replaced(tried=measured.tried("capabilities"))]
    return tuple({(one.grade, one.where): one for one in found}.values())


def proof(topic: Topic, container: Container) -> str:
    """Return how it is known that a service works with a hardening, or nothing."""
    known = _BY_TOPIC[topic](container)
    return "" if isinstance(known, str) else proof_by(known, container)


def proof_by(sources: Iterable[Source], container: Container) -> str:
    """Return what some sources prove, by the weakest of them."""
    # The limit of processes is a convention, with no source for a service.
    known = [source for source in sources if source is not _PROCESSES]
    found = {source.grade: source for source in sorted(known, key=lambda one: bool(one.place))}
    weakest = next((found[grade] for grade in reversed(GRADES) if grade in found), None)
    if weakest is None:
        return ""
    if weakest.place:
        return weakest.tried or "from your facts"
    if weakest.grade == "derived" and container.stage is not None:
        return "from your Dockerfile"
    return _PROOFS[weakest.grade]


_BY_TOPIC: dict[Topic, Callable[[Container], Knowledge]] = {
    "read-only root": of_read_only_root,
    "capabilities": of_capabilities,
    "new privileges": of_new_privileges,
    "limits": of_limits,
}


def own_sources(container: Container) -> tuple[Source, ...]:
    """Return the sources of the user's own facts that hold for a container."""
    needs = container.as_measured.image_needs
    found = (one.source for one in needs.family.facts) if needs is not None else ()
    return tuple({str(one): one for one in found if one.place}.values())


def was_tried(container: Container) -> bool:
    """Return whether `try` has measured a container as it is: another trial finds nothing new."""
    return any(one.grade == "measured" for one in own_sources(container))


def own_refusal(container: Container) -> str:
    """Return why the user's own facts about a container do not hold for it, as a clause."""
    measured = container.as_measured
    if measured.facts is None:
        return ""
    from tightship.isolation.own_needs import own_knowledge  # few have any

    found = own_knowledge(measured, measured.facts)
    if found is None or not found.refusal:
        return ""
    return f"{found.own.place} does not hold for it: {found.refusal} when it was measured"
