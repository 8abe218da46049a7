"""Which services need which others, as far as a project's files show it.

A dependency opens no way by itself. It tells which ways are there on purpose, so that no
change is proposed that would separate two services that have to talk.
"""

from __future__ import annotations

from tightship.isolation.command import commands_in
from tightship.lazy import regex
from tightship.model.value import MappingValue, ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.isolation.container import Container

_WORDS = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_LONGEST = 2_000


def needed_services(containers: Sequence[Container]) -> dict[str, set[str]]:
    """Return for each service the services that it needs, or that need it."""
    names: dict[str, str] = {}
    for one in containers:
        for name in _names(one):
            names.setdefault(name, one.name)
    found = {one.name: set[str]() for one in containers}
    for one in containers:
        for name in (*_dependencies(one), *_mentioned(one, names)):
            if name != one.name and name in found:
                found[one.name].add(name)
                found[name].add(one.name)
    return found


def _names(container: Container) -> Iterator[str]:
    """Yield the names by which others may speak of a service."""
    yield container.name
    for key in ("container_name", "hostname"):
        if name := container.text(key).value:
            yield name
    for network in container.networks:
        for alias in container.texts("networks", network, "aliases").items:
            if alias.value:
                yield alias.value


def _dependencies(container: Container) -> Iterator[str]:
    listed = container.value("depends_on")
    if isinstance(listed, MappingValue):
        yield from listed.entries
    for key in ("depends_on", "links", "volumes_from"):
        for item in container.texts(key).items:
            yield (item.value or "").partition(":")[0]


def _mentioned(container: Container, names: dict[str, str]) -> Iterator[str]:
    """Yield the services whose names are words of a variable or of the command."""
    texts = list[str]()
    for pair in container.environment.values():
        source = pair.value.source
        text = source.text if isinstance(source, ScalarValue) else pair.value.value or ""
        texts.append(text.removeprefix(f"{pair.name}="))
    for key in ("entrypoint", "command"):
        for line in commands_in(container.value(key)):
            texts += (word.text for word in line)
    for text in texts:
        for word in _WORDS.findall(text[:_LONGEST]):
            if word in names:
                yield names[word]
