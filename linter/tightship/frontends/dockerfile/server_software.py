"""The server software of a stage's image, by names."""

from __future__ import annotations

from tightship.frontends.dockerfile.steps import Run
from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Cmd, Entrypoint

_INSTALLERS = frozenset(("apt", "apt-get", "apk", "dnf", "microdnf", "yum", "zypper", "pacman"))
# In the names of packages that are for the other side of the connection.
_FOR_CLIENTS = regex(
    r"^lib|-(?:cli|dev|devel|tools)\b|client|connector|driver|perl|php|python|ruby"
)
# A version may follow at once, as in `openjdk17`.
_PARTS = regex("[a-z]+(?:[0-9]+[a-z]+)*")
_MOST_STAGES = 20
_MOST_WORDS = 2_000
_LONGEST = 200


def server_words(stage: Stage) -> frozenset[str]:
    """Return the words, in lower case, that may name the server of an image.

    They come from the base image, the names of its stages and of the Dockerfile, its
    command, and the packages that it installs: ``redis`` and ``server`` of
    ``redis-server``.
    """
    found: set[str] = set()
    for count, name in enumerate(_names(stage)):
        if count == _MOST_WORDS:
            break
        found.update(_PARTS.findall(name[:_LONGEST].lower()))
    return frozenset(found)


def _names(stage: Stage) -> Iterator[str]:
    yield from stage.build.source.name.split("/")[-2:]
    if stage.image is not None:
        yield stage.image.repository
        yield stage.image.tag or ""
    yield from _commands(stage.entrypoint)
    yield from _commands(stage.command)
    for one in stage.ancestry[:_MOST_STAGES]:
        yield one.name
        for step in one.steps:
            if isinstance(step, Run):
                yield from _packages(step)


def _commands(step: Entrypoint | Cmd | None) -> Iterator[str]:
    for call in step.calls if step else ():
        for word in call.command.words:
            yield word.head


def _packages(step: Run) -> Iterator[str]:
    for call in step.calls:
        program = call.program
        if program is None or program.name not in _INSTALLERS:
            continue
        for word in program.words:
            if not _FOR_CLIENTS.search(word.head[:_LONGEST].lower()):
                yield word.head
