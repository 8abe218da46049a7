"""What decides about a service: its text, and what that refers to.

Two services with the same content are the same in all that can be seen of them without
a look at other services. An editor's next judgement of a file, of which one letter is
another, need not see all of it again.
"""

from __future__ import annotations

from hashlib import blake2b

from tightship.compose.loading.reading import BUDGET
from tightship.syntax import yaml
from tightship.text.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from tightship.compose.loading.tree import Table
    from tightship.compose.project import Project
    from tightship.compose.service import Service

    Content: TypeAlias = tuple[bytes, str]

_LONGEST = 4_000  # a service that is longer is not kept, for there may be many of it
_ALIAS = regex(r"\*([^\s,\[\]{}]++)")
_BLANK = regex(r"\s*+")


class Surroundings:
    """What a project adds to the texts of its services.

    Nothing is told of a project of several files or documents, nor of one that is half
    typed: there a service may be put together from anywhere.
    """

    __slots__ = (
        "_known",
        "_outside",
        "_setting",
        "_templated",
        "_text",
    )

    def __init__(self, project: Project) -> None:
        """Look at a project."""
        self._setting: bytes | None = None
        streams, root = list(project.loading.streams.values()), project.root
        if len(streams) != 1 or root is None:
            return
        [stream] = streams
        self._text = text = stream.source.text
        if stream.problems or len(stream.documents) != 1 or "extends" in text:
            return
        self._outside = tuple(_sections(root, text))
        self._known: dict[str, bool] = {}
        if not all(map(self._is_outside, _aliases(*self._outside))):
            return
        self._setting = _digest(
            stream.source.name,
            root.reading.directory,
            project.complete,
            sorted(project.built),
            self._outside,
        )
        variables = root.reading.variables.content
        self._templated = _digest(self._setting, variables)
        if any("$" in text for text in self._outside):
            self._setting = self._templated

    def content(self, service: Service) -> Content | None:
        """Return all that decides about a service; None if that is not certain."""
        value, bounds = service.table.span, service.table.reading.bounds
        # Once much has been unfolded, a service may be cut short for the sake of others.
        if self._setting is None or bounds.budget < BUDGET // 2:
            return None
        # The line ends that a block scalar may keep are behind it.
        blank = _BLANK.match(self._text, value.end)
        end = blank.end() if blank is not None else value.end
        own = self._text[service.span.start : end]
        if len(own) > _LONGEST or ("*" in own and not self._is_closed(own)):
            return None
        return (self._templated if "$" in own else self._setting), own

    def _is_closed(self, own: str) -> bool:
        """Tell whether a service refers to no anchor within another one."""
        return all(
            self._is_outside(name) or self._is_there(name, (*self._outside, own))
            for name in _aliases(own)
        )

    def _is_outside(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = self._is_there(name, self._outside)
        return self._known[name]

    def _is_there(self, name: str, texts: Iterable[str]) -> bool:
        """Tell whether texts hold whatever may be an anchor of a name."""
        anchor = f"&{name}"
        found = sum(text.count(anchor) for text in texts)
        return found == self._text.count(anchor)


def _digest(*parts: object) -> bytes:
    """Return a few bytes that stand for all that is the same, as nothing else has."""
    return blake2b(
        repr(parts).encode("utf-8", "surrogatepass"), digest_size=16
    ).digest()


def _aliases(*texts: str) -> Iterator[str]:
    """Yield what may be the names of aliases."""
    for text in texts:
        yield from _ALIAS.findall(text)


def _sections(root: Table, text: str) -> Iterator[str]:
    """Yield what is outside of the services, without the comments in between."""
    for key, value in root.node.entries:
        if isinstance(key, yaml.Scalar) and key.value == "services":
            if not isinstance(value, yaml.Mapping):
                yield text  # that of an alias, which is anywhere
        else:
            blank = _BLANK.match(text, value.span.end)
            yield text[key.span.start : blank.end() if blank else value.span.end]
