"""Which findings comments accept: looked up by place, for both may be many."""

from __future__ import annotations

from tightship.engine.verdict import Accepted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tightship.engine.verdict import Judged
    from tightship.findings.suppression import RuleReference, Suppression
    from tightship.text import Source

_BLOCK = 4096  # characters
_WIDE = 16  # blocks


class _Group:
    """The words that accept the same rules at the same place."""

    __slots__ = ("end", "reason", "rules", "start", "words")

    def __init__(self, suppression: Suppression, rules: frozenset[str]) -> None:
        self.start = suppression.start
        self.end = suppression.end
        self.reason = suppression.reason
        self.rules = rules
        self.words: list[RuleReference] = []


class _Places:
    """The groups of one source, by the blocks of its text; wide ones are apart."""

    __slots__ = ("_blocks", "_groups", "_wide")

    def __init__(self) -> None:
        self._groups: dict[tuple[int, int, bool, frozenset[str]], _Group] = {}
        self._blocks: dict[int, list[_Group]] = {}
        self._wide: list[_Group] = []

    def add(self, suppression: Suppression, word: RuleReference) -> None:
        start, end = suppression.start, suppression.end
        key = (start, end, bool(suppression.reason), word.rules)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(suppression, word.rules)
            first, last = start // _BLOCK, end // _BLOCK
            if last - first > _WIDE:
                self._wide.append(group)
            else:
                for block in range(first, last + 1):
                    self._blocks.setdefault(block, []).append(group)
        group.words.append(word)

    def at(self, offset: int) -> Iterable[_Group]:
        for group in (*self._blocks.get(offset // _BLOCK, ()), *self._wide):
            if group.start <= offset <= group.end:
                yield group


class CommentLookup:
    """Finds the comments that accept a finding, by its place."""

    __slots__ = ("_sources",)

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        """Take comments; one that lacks the reason it needs accepts nothing."""
        self._sources: dict[Source, _Places] = {}
        for suppression in suppressions:
            if suppression.needs_reason and not suppression.reason:
                continue
            places = self._sources.setdefault(suppression.span.source, _Places())
            for word in suppression.words:
                places.add(suppression, word)

    def accepting(self, one: Judged) -> tuple[Accepted | None, Sequence[RuleReference]]:
        """Return the acceptance of a finding, and all words that accept it.

        A part that could not be judged is accepted only with a reason.
        """
        places = self._sources.get(one.span.source)
        if places is None:
            return None, ()
        accepted: Accepted | None = None
        words: list[RuleReference] = []
        for group in places.at(one.span.start):
            if one.rule.name not in group.rules or (one.is_gap and not group.reason):
                continue
            if accepted is None or not accepted.reason:
                accepted = Accepted("comment", group.reason)
            words += group.words
        return accepted, words
