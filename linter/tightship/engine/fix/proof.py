"""Proves, before edits are written, that they do what they should and nothing else.

The rules judge the new text, another YAML library reads it, and that library has to see
the same differences as Tightship.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from itertools import accumulate

from tightship.engine.judge.corrections import Isolation, weakened
from tightship.findings import FixEffect, Severity
from tightship.lazy import TYPE_CHECKING
from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, Sequence, path_at, walk
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.syntax.yaml.nodes import Node, Stream
    from tightship.text import Edit

    Path = tuple[str, ...]
    # The kind of the node at each path, and the text of a scalar.
    Flat = dict[Path, tuple[str, str]]
    # Reads a text with another library, or raises ProofFailed.
    Reader = Callable[[str], Flat]
    Place = tuple[str, str, str, tuple[str, ...]]
    Subject = tuple[str, str]


class ProofFailed(Exception):  # noqa: N818 - not a programming error
    """Edits do something that they should not; the message says what.

    ``subjects`` are those with findings that should not be there, each with its file.
    """

    def __init__(self, message: str, subjects: Iterable[Subject] = ()) -> None:
        super().__init__(message)
        self.subjects = frozenset(subjects)


# -- by the rules


def check_findings(
    before: Iterable[Verdict], after: Iterable[Verdict], fixed: Iterable[JudgedFinding]
) -> None:
    """Check that the fixed findings are gone, and that there are no new ones.

    A fixed finding may leave one of lower severity in its place: a mount that was
    writable may still be readable. A corrected error, such as a misspelt key, may
    uncover findings of its subject: they were there, but hidden.

    Raises:
        ProofFailed: if a finding remains, is new, or cannot be corrected any longer.

    """
    fixed, earlier = list(fixed), list(_all(before))
    old, new = Counter(map(_place, earlier)), list(_all(after))
    severities: dict[tuple[str, str, tuple[str, ...]], int] = {}
    left, allowed = Counter(map(_place, new)), old.copy()
    for one in fixed:
        place = _place(one)
        allowed[place] -= 1
        severities[place[1:]] = max(severities.get(place[1:], 0), one.severity)
    corrected = {subject_of(one) for one in fixed if _may_correct(one) and _is_rejected(one)}
    wrong = [
        one
        for one in new
        if left[_place(one)] > allowed[_place(one)]
        and one.severity >= severities.get(_place(one)[1:], 0)
        and not (_place(one) not in old and _is_uncovered(one, corrected))
    ]
    if wrong:
        one = wrong[0]
        what = "is still found" if _place(one) in old else "would be a new finding"
        message = f"{one.rule.name} {what}: {one.finding.message}"
        raise ProofFailed(message, map(subject_of, wrong))
    _check_corrections(earlier, new)


def check_isolation(
    before: Iterable[Verdict], after: Iterable[Verdict], fixed: Iterable[JudgedFinding]
) -> None:
    """Check that no container is isolated less, unless a fix says that it changes behaviour.

    Raises:
        ProofFailed: if one is.

    """
    fixes = (one.finding.fix for one in fixed)
    if any(one is not None and one.effect is FixEffect.CHANGES for one in fixes):
        return
    old, new = (Isolation([one.project for one in side]) for side in (before, after))
    for weaker in weakened(old, new):
        raise ProofFailed(f"it would weaken the isolation of {weaker}")


def _check_corrections(earlier: list[JudgedFinding], new: list[JudgedFinding]) -> None:
    """Check that no error has lost its correction.

    The right key next to a misspelt one would be there twice once that is corrected.
    """
    lost = {_place(one) for one in new if _may_correct(one) and one.finding.fix is None} & {
        _place(one) for one in earlier if _may_correct(one) and one.finding.fix
    }
    if lost:
        rule, file, subject, _ = min(lost)
        message = f"{rule} can no longer be fixed"
        raise ProofFailed(message, [(file, subject)])


def _may_correct(one: JudgedFinding) -> bool:
    return one.rule.theme == "correctness" and one.rule.fix is FixEffect.KEEPS


def _is_rejected(one: JudgedFinding) -> bool:
    """Return whether Docker rejects a file with the finding."""
    severity = one.finding.severity or one.rule.severity
    return one.rule.theme == "correctness" and severity is Severity.ERROR


def _is_uncovered(one: JudgedFinding, corrected: set[Subject]) -> bool:
    """Return whether a new finding says what a corrected subject has always said."""
    if _is_rejected(one):
        return False
    file, subject = subject_of(one)
    return (file, subject) in corrected or any(
        name == file and not kind.startswith("service ") for name, kind in corrected
    )


def _all(verdicts: Iterable[Verdict]) -> Iterator[JudgedFinding]:
    pending = [one for verdict in verdicts for one in verdict.findings]
    while pending:
        one = pending.pop()
        yield one
        pending += one.absorbed


def _place(one: JudgedFinding) -> Place:
    return (one.rule.name, *subject_of(one), one.key_path)


def subject_of(one: JudgedFinding) -> Subject:
    """Return the file and the subject of a finding, such as a service."""
    return one.span.source.name, f"{one.subject.kind} {one.subject.name}"


# -- by another library


@lru_cache(maxsize=4)  # the text before is the same for many proofs, and reading is slow
def read_by_another(text: str) -> Flat:
    """Return the nodes of a text by path, as ruamel.yaml reads them.

    Raises:
        ProofFailed: if it rejects the text.

    """
    from ruamel.yaml.error import YAMLError

    try:
        return _nodes_of_ruamel(text)
    except YAMLError as error:
        reason = str(error).partition("\n")[0]
        raise ProofFailed(f"another YAML library does not read it: {reason}") from None


def check_yaml(
    source: Source, text: str, edits: Iterable[Edit], witness: Reader = read_by_another
) -> None:
    """Check that another library reads the new text, and sees the same differences.

    Raises:
        ProofFailed: if it does not, or if something differs far from all edits.

    """
    edits = list(edits)
    old, new = witness(source.text), witness(text)
    changed = differences(old, new)
    stream, fixed = read(source), read(Source(source.name, text))
    odd = changed ^ differences(_nodes(stream), _nodes(fixed))
    if odd:
        raise ProofFailed(f"two YAML libraries differ on what changed at `{_shown(odd)}`")
    documents = stream.documents
    _check_untouched(documents, fixed.documents, edits)
    edited = {
        _path_at(documents, offset) for edit in edits for offset in (edit.span.start, edit.span.end)
    }
    for path in changed:
        # A node that differs has an edit on its path; one that is new or gone may be
        # next to an edit.
        is_kept = path in old and path in new
        if not any(_meets(_keys(path), one, is_kept=is_kept) for one in edited):
            raise ProofFailed(f"`{_shown({path})}` would change, which is not meant")


def _check_untouched(old: list[Node], new: list[Node], edits: Iterable[Edit]) -> None:
    """Check that each scalar which no edit touches is the same one in the new text.

    A line that is put below a scalar must not become a part of it.
    """
    ordered = sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
    ends = [edit.span.end for edit in ordered]
    lengths = (len(e.text) - (e.span.end - e.span.start) for e in ordered)
    moved = [0, *accumulate(lengths)]
    found = {leaf.span.start: _content(leaf) for leaf in _leaves(new)}
    for leaf in _leaves(old):
        start, end = leaf.span.start, leaf.span.end
        count = bisect_right(ends, start)
        if count < len(ordered) and ordered[count].span.start < end:
            continue
        if found.get(start + moved[count]) != _content(leaf):
            path = ".".join(_path_at(old, start))
            raise ProofFailed(f"`{path}` would change, which is not meant")


def _leaves(documents: list[Node]) -> Iterator[Scalar | Alias]:
    for document in documents:
        for node in walk(document):
            if isinstance(node, (Scalar, Alias)) and node.span.start < node.span.end:
                yield node


def _content(leaf: Scalar | Alias) -> tuple[str, str]:
    return ("*", leaf.name) if isinstance(leaf, Alias) else (leaf.style, leaf.value)


def _meets(path: Path, edited: Path, *, is_kept: bool) -> bool:
    if edited[: len(path)] == path or path[: len(edited)] == edited:
        return True
    above = path[:-1]
    return not is_kept and edited[: len(above)] == above


def _keys(path: Path) -> Path:
    """Return the keys of a path, without documents and numbers of items."""
    return tuple(key for key in path[1:] if not key.startswith("#"))


def _path_at(documents: list[Node], offset: int) -> Path:
    for document in reversed(documents):
        if document.span.start <= offset:
            return path_at(document, offset)
    return ()


def _shown(places: set[Path]) -> str:
    return ".".join(key.lstrip("#") for key in min(places)[1:]) or "the file"


def differences(old: Flat, new: Flat) -> set[Path]:
    """Return the uppermost paths that differ between two texts."""
    paths = {path for path in {**old, **new} if old.get(path) != new.get(path)}
    return {
        path for path in paths if not any(path[:length] in paths for length in range(len(path)))
    }


class _Flattener:
    """Makes the paths of a text that is read node by node.

    A path begins with the number of the document; items of lists are ``#number``, and
    a repeated key is ``key#2``. A list has its length as text, so that a list that grows
    differs as a whole.
    """

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


def _nodes(stream: Stream) -> Flat:
    """Return the nodes of a text by path, as Tightship reads them."""
    made = _Flattener()
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


def _nodes_of_ruamel(text: str) -> Flat:
    """Return the nodes of a text by path, as ruamel.yaml reads them; it loads them too."""
    from ruamel.yaml import YAML

    loader: Any = YAML(typ="rt", pure=True)  # its types are incomplete
    loader.allow_duplicate_keys = True
    # An anchor may be set again (YAML 1.2, 3.2.2.2); a warning would show the file.
    loader.composer.warn_double_anchors = False
    made = _Flattener()
    for document in loader.compose_all(text):
        _add(made, made.item(()), document, set())
        loader.constructor.construct_document(document)
    return made.flat


def _add(made: _Flattener, path: Path, node: Any, known: set[int]) -> None:
    """Add a node of ruamel.yaml; an alias is a node that is known."""
    if id(node) in known:
        made.flat[path] = ("alias", str(node.anchor))
        return
    known.add(id(node))
    made.flat[path] = (node.id, "")
    if node.id == "scalar":
        made.flat[path] = ("text" if node.style else "scalar", str(node.value))
    elif node.id == "sequence":
        for below in node.value:
            _add(made, made.item(path), below, known)
    else:
        for key, below in node.value:
            is_text = key.id == "scalar" and id(key) not in known
            _add(_Flattener(), (), key, known)  # what is in a key has no path
            _add(made, made.entry(path, str(key.value) if is_text else "?"), below, known)


# -- of Dockerfiles


def check_dockerfile(source: Source, text: str, edits: Iterable[Edit]) -> None:
    """Check that only instructions that are edited or new differ.

    Raises:
        ProofFailed: if another one differs.

    """
    from tightship.syntax.dockerfile import read as dockerfile_read

    edits = list(edits)
    old = dockerfile_read.read(source).instructions
    new = dockerfile_read.read(Source(source.name, text)).instructions
    kept = [
        one.span.text
        for one in old
        if not any(
            edit.span.start <= one.span.end and one.span.start <= edit.span.end for edit in edits
        )
    ]
    left = iter(one.span.text for one in new)
    for text_before in kept:
        if text_before not in left:
            word = text_before.partition(" ")[0]
            raise ProofFailed(f"a {word} instruction would change, which is not meant")
