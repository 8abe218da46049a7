"""That edits did what they were meant to, and nothing else, shown before they are written.

Three witnesses: the rules judge the new text, another YAML library reads it, and what
differs for that library has to be what differs for Tightship.
"""

from __future__ import annotations

from collections import Counter

from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, Sequence, path_at
from tightship.syntax.yaml.read import read
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from tightship.engine.verdict import Judged, Verdict
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Edit

    Path = tuple[str, ...]
    # What is at each path: the kind of node, and the text of a scalar.
    Flat = dict[Path, tuple[str, str]]
    # Reads a text by another library, or raises Doubt.
    Reader = Callable[[str], Flat]
    Place = tuple[str, str, str, tuple[str, ...]]


class ProofFailed(Exception):  # noqa: N818 - it is none of Python's errors
    """Why edits are not written: they did something that was not meant."""


# -- by the rules


def check_findings(
    before: Iterable[Verdict], after: Iterable[Verdict], fixed: Iterable[Judged]
) -> None:
    """Tell that what was fixed is gone, and that nothing new is found.

    In the place of what was fixed, something of a lesser grade may be found: a mount
    that was writable may still be readable.

    Raises:
        Doubt: if either is not so.

    """
    fixed = list(fixed)
    old, new = Counter(map(_place, _all(before))), list(_all(after))
    grades: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for one in fixed:
        spot = _place(one)[1:]
        grades[spot] = max(grades.get(spot, 0), one.severity)
    left = Counter(_place(one) for one in new)
    allowed = old.copy()
    for one in fixed:
        allowed[_place(one)] -= 1
    for one in new:
        place = _place(one)
        if left[place] <= allowed[place]:
            continue
        if one.severity < grades.get(place[1:], 0):
            continue
        what = "is still found" if place in old else "would be found anew"
        raise ProofFailed(f"{one.rule.name} {what}: {one.finding.message}")


def _all(verdicts: Iterable[Verdict]) -> Iterator[Judged]:
    pending = [one for verdict in verdicts for one in verdict.findings]
    while pending:
        one = pending.pop()
        yield one
        pending += one.absorbed


def _place(one: Judged) -> Place:
    return (
        one.rule.name,
        one.span.source.name,
        f"{one.subject.kind} {one.subject.name}",
        one.key_path,
    )


# -- by another library


def read_by_another(text: str) -> Flat:
    """Return the table of a text as ruamel.yaml reads it.

    Raises:
        Doubt: if it does not.

    """
    from ruamel.yaml.error import YAMLError

    try:
        return _other(text)
    except YAMLError as error:
        reason = str(error).partition("\n")[0]
        raise ProofFailed(f"another YAML library does not read it: {reason}") from None


def check_yaml(
    source: Source, text: str, edits: Iterable[Edit], witness: Reader = read_by_another
) -> None:
    """Tell that another library reads the new text, and sees the same differences.

    Raises:
        Doubt: if it does not, or if something differs far from any edit.

    """
    old, new = witness(source.text), witness(text)
    changed = differences(old, new)
    odd = changed ^ differences(_own(source), _own(Source(source.name, text)))
    if odd:
        raise ProofFailed(
            f"two YAML libraries differ on what changed at `{_shown(odd)}`"
        )
    documents = read(source).documents
    ways = {_way(documents, edit.span.start) for edit in edits}
    ways |= {_way(documents, edit.span.end) for edit in edits}
    for path in changed:
        # What was there and is other now leads to an edit; what is new or gone may
        # stand beside one.
        is_other = path in old and path in new
        if not any(_meets(_keys(path), way, is_other=is_other) for way in ways):
            raise ProofFailed(f"`{_shown({path})}` would change, which is not meant")


def _meets(path: Path, way: Path, *, is_other: bool) -> bool:
    if way[: len(path)] == path or path[: len(way)] == way:
        return True
    above = path[:-1]
    return not is_other and way[: len(above)] == above


def _keys(path: Path) -> Path:
    """Return a path as it is told of places: without documents and numbers of items."""
    return tuple(key for key in path[1:] if not key.startswith("#"))


def _way(documents: list[Node], offset: int) -> Path:
    for document in reversed(documents):
        if document.span.start <= offset:
            return path_at(document, offset)
    return ()


def _shown(paths: set[Path]) -> str:
    return ".".join(key.lstrip("#") for key in min(paths)[1:]) or "the file"


def differences(old: Flat, new: Flat) -> set[Path]:
    """Return the paths of what is other in one text than in another, the uppermost."""
    paths = {path for path in {**old, **new} if old.get(path) != new.get(path)}
    return {path for path in paths if not _is_below(path, paths)}


def _is_below(path: Path, paths: set[Path]) -> bool:
    return any(path[:length] in paths for length in range(len(path)))


class _Flattener:
    """Makes a table of paths of a text that comes piece by piece.

    A path begins with the number of the document; items of lists are ``#number``, and
    a key that is there again is ``key#2``. A list also tells how long it is, so that
    one that grows differs as a whole.
    """

    __slots__ = ("_counts", "_keys", "flat")

    def __init__(self) -> None:
        self.flat: Flat = {}
        self._counts: dict[Path, int] = {}
        self._keys: dict[Path, Counter[str]] = {}

    def item(self, above: Path) -> Path:
        """Return the path of the next item of a list."""
        number = self._counts.get(above, 0)
        self._counts[above] = number + 1
        self.flat[above] = ("sequence", str(number + 1))
        return (*above, f"#{number}")

    def entry(self, above: Path, key: str) -> Path:
        """Return the path of an entry of a mapping."""
        keys = self._keys.setdefault(above, Counter())
        keys[key] += 1
        return (*above, key if keys[key] == 1 else f"{key}#{keys[key]}")


def _own(source: Source) -> Flat:
    """Return the table of a text as Tightship reads it."""
    made = _Flattener()
    stream = read(source)
    if stream.lost:
        raise ProofFailed("a part of it is lost to a syntax error")
    pending = [(made.item(()), document) for document in stream.documents]
    while pending:
        path, node = pending.pop()
        if isinstance(node, Mapping):
            made.flat[path] = ("mapping", "")
            for key, below in node.entries:
                name = key.value if isinstance(key, Scalar) else "?"
                pending.append((made.entry(path, name), below))
        elif isinstance(node, Sequence):
            made.flat[path] = ("sequence", "")
            pending += [(made.item(path), below) for below in node.items]
        elif isinstance(node, Alias):
            made.flat[path] = ("alias", node.name)
        elif isinstance(node, Scalar):
            kind = "text" if node.style else "scalar"
            made.flat[path] = (kind, node.value)
    return made.flat


_BEGINS = {"MappingStartEvent": "mapping", "SequenceStartEvent": "sequence"}
_ENDS = ("MappingEndEvent", "SequenceEndEvent")


def _other(text: str) -> Flat:
    """Return the table of a text as ruamel.yaml reads it, which loads it as well."""
    from ruamel.yaml import YAML

    loader: Any = YAML(typ="rt", pure=True)  # its types leave much open
    loader.allow_duplicate_keys = True
    for _ in loader.load_all(text):
        pass
    reader: Any = YAML(typ="rt", pure=True)
    made = _Flattener()
    stack, skipped = [_Open("sequence", ())], 0
    for event in reader.parse(text):
        name = type(event).__name__
        if name in _ENDS:
            if skipped:
                skipped -= 1
            else:
                stack.pop()
            continue
        begins = _BEGINS.get(name)
        if begins is None and name not in ("ScalarEvent", "AliasEvent"):
            continue
        if skipped:
            skipped += begins is not None
            continue
        above = stack[-1]
        if above.kind == "mapping" and above.key is None:
            above.key = str(event.value) if name == "ScalarEvent" else "?"
            skipped = int(begins is not None)
            continue
        path = (
            made.entry(above.path, above.key)
            if above.key is not None
            else made.item(above.path)
        )
        above.key = None
        if begins is not None:
            made.flat[path] = (begins, "")
            stack.append(_Open(begins, path))
        elif name == "AliasEvent":
            made.flat[path] = ("alias", str(event.anchor))
        else:
            made.flat[path] = ("text" if event.style else "scalar", str(event.value))
    return made.flat


class _Open:
    """A collection of which more is to come; ``key`` waits for its value."""

    __slots__ = ("key", "kind", "path")

    def __init__(self, kind: str, path: Path) -> None:
        self.kind = kind
        self.path = path
        self.key: str | None = None


# -- of Dockerfiles


def check_dockerfile(source: Source, text: str, edits: Iterable[Edit]) -> None:
    """Tell that no instruction differs but those that are edited, or new.

    Raises:
        Doubt: if another one does.

    """
    from tightship.syntax.dockerfile import read as dockerfile_read

    edits = list(edits)
    old = dockerfile_read.read(source).instructions
    new = dockerfile_read.read(Source(source.name, text)).instructions
    kept = [
        one.span.text
        for one in old
        if not any(
            edit.span.start <= one.span.end and one.span.start <= edit.span.end
            for edit in edits
        )
    ]
    left = iter(one.span.text for one in new)
    for wanted in kept:
        if not any(found == wanted for found in left):
            word = wanted.partition(" ")[0]
            raise ProofFailed(f"a {word} instruction would change, which is not meant")
