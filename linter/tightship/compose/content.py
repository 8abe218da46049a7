"""What decides about a service: its text, and what that refers to.

Two services with the same content are the same in all that can be seen of them without
a look at other services. An editor's next judgement of a file, of which one letter is
another, need not see all of it again.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import chain

from tightship.compose.loading.reading import BUDGET
from tightship.syntax import yaml
from tightship.text.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from tightship.compose.project import Project
    from tightship.compose.service import Service
    from tightship.text import Span

    Content: TypeAlias = tuple[bytes, str]

_FROM_ELSEWHERE = ("include", "extends")
_MOST_UNFOLDED = BUDGET // 4  # then a project never comes near to what cuts it off
_SIGNS = ":-,[{?"  # each entry and each item has at least one of them
_LONGEST = 4_000  # a service that is longer is not kept, for there may be many of it
# More names than a parser takes: what only looks like one does no harm.
_ALIAS = regex(r"\*([0-9A-Za-z_-]*+)")
_BLANK = regex(r"\s*+")


class Surroundings:
    """What a project adds to the texts of its services.

    Nothing is told where services may be put together from anywhere: of a project that
    includes or extends others, in which what is outside of services refers into one, or
    whose aliases unfold to so much that something may be cut off.
    """

    __slots__ = ("_files", "_plain", "_templated")

    def __init__(self, project: Project) -> None:
        """Look at a project."""
        self._files: dict[str, _File] = {}
        streams, root = list(project.loading.streams.values()), project.root
        files = [_File(stream) for stream in streams]
        if (
            root is None
            or any(word in file.text for file in files for word in _FROM_ELSEWHERE)
            or not all(map(_File.is_closed, files))
            or sum(map(_unfolded, streams)) > _MOST_UNFOLDED
        ):
            return
        outside = [(file.name, file.outside) for file in files]
        whole = project.complete, project.is_layered, sorted(project.built)
        self._plain = _digest(root.reading.directory, *whole, outside)
        self._templated = _digest(self._plain, root.reading.variables.content)
        if any("$" in text for _, texts in outside for text in texts):
            self._plain = self._templated
        for file, stream in zip(files, streams, strict=True):
            if _is_whole(stream):
                file.others = [other.text for other in files if other is not file]
                self._files[file.name] = file

    def content(self, service: Service) -> Content | None:
        """Return all that decides about a service; None if that is not certain.

        It is not where several places, or files, have a say in it.
        """
        table = service.table
        file = self._files.get(table.span.source.name)
        if file is None or table.below is not None or table.trail:
            return None
        own = file.own(service.span, table.span)
        if own is None or any(service.name in other for other in file.others):
            return None
        return (self._templated if "$" in own else self._plain), own


class _File:
    """One of the files of a project: what is outside of services, and its anchors."""

    __slots__ = ("_known", "name", "others", "outside", "text")

    def __init__(self, stream: yaml.Stream) -> None:
        self.name = stream.source.name
        self.text = stream.source.text
        self.outside = tuple(_outside(stream))
        self.others: list[str] = []
        self._known: dict[str, bool] = {}

    def is_closed(self) -> bool:
        """Tell whether what is outside of services refers to nothing within one."""
        return all(map(self._is_outside, _aliases(*self.outside)))

    def own(self, key: Span, value: Span) -> str | None:
        """Return the text of a service, unless it needs that of another one."""
        own = self.text[key.start : _end(self.text, value)]
        if not own or len(own) > _LONGEST:
            return None
        if "*" not in own or all(
            self._is_outside(name) or self._is_there(name, (*self.outside, own))
            for name in _aliases(own)
        ):
            return own
        return None

    def _is_outside(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = self._is_there(name, self.outside)
        return self._known[name]

    def _is_there(self, name: str, texts: Iterable[str]) -> bool:
        """Tell whether texts hold whatever may be an anchor of a name."""
        anchor = f"&{name}"
        count = self.text.count(anchor)
        return count > 0 and sum(text.count(anchor) for text in texts) == count


def _is_whole(stream: yaml.Stream) -> bool:
    """Tell whether a file is one document, and none that is half typed."""
    return not stream.problems and len(stream.documents) == 1


def _outside(stream: yaml.Stream) -> Iterator[str]:
    """Yield what is outside of the services, without the comments in between."""
    text, root = stream.source.text, stream.documents[0] if stream.documents else None
    if not _is_whole(stream) or not isinstance(root, yaml.Mapping) or "%TAG" in text:
        yield text
        return
    for key, value in root.entries:
        if isinstance(key, yaml.Scalar) and key.value == "services":
            # An alias stands for what is anywhere; and what is above is not below.
            yield "" if isinstance(value, yaml.Mapping) else text
        else:
            yield text[key.span.start : _end(text, value.span)]


def _unfolded(stream: yaml.Stream) -> int:
    """Return how many values there are at most once all aliases are followed."""
    text = stream.source.text
    if "*" not in text:
        return sum(map(text.count, _SIGNS))
    sizes: dict[int, int] = {}
    todo: list[tuple[yaml.Node, bool]] = [(root, False) for root in stream.documents]
    while todo:
        node, is_ready = todo.pop()
        below = list(_collections(node))
        if is_ready:
            size = len(getattr(node, "entries", getattr(node, "items", ())))
            size += sum(sizes[id(one)] for one in below)
            sizes[id(node)] = min(size, BUDGET)
        elif id(node) not in sizes:
            todo.append((node, True))
            todo += [(one, False) for one in below]
    return sum(sizes[id(root)] for root in stream.documents)


def _collections(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield the lists and mappings right below a node, and what stands for some."""
    below: Iterable[yaml.Node] = ()
    if isinstance(node, yaml.Mapping):
        below = chain.from_iterable(node.entries)
    elif isinstance(node, yaml.Sequence):
        below = node.items
    elif isinstance(node, yaml.Alias):
        below = () if node.target is None else (node.target,)
    for one in below:
        if not isinstance(one, yaml.Scalar):
            yield one


def _end(text: str, value: Span) -> int:
    """Return where a value ends with the line ends that a block scalar may keep."""
    blank = _BLANK.match(text, value.end)
    return blank.end() if blank is not None else value.end


def _aliases(*texts: str) -> Iterator[str]:
    """Yield what may be the names of aliases."""
    for text in texts:
        yield from _ALIAS.findall(text)


def _digest(*parts: object) -> bytes:
    """Return a few bytes that stand for all that is the same, as nothing else has."""
    return blake2b(
        repr(parts).encode("utf-8", "surrogatepass"), digest_size=16
    ).digest()
