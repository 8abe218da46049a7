"""The acceptance of findings by comments, and which of the comments are of use."""

from __future__ import annotations

from tightship.engine.settings.selection import means
from tightship.engine.verdict import Accepted
from tightship.lazy import TYPE_CHECKING, Record
from tightship.rules.definition import rule_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence, Set

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import RuleReference, Suppression
    from tightship.text import Source

_BLOCK = 4096  # characters
_WIDE = 16  # blocks


def accepted_by_comments(
    findings: Iterable[JudgedFinding], suppressions: Iterable[Suppression]
) -> tuple[list[JudgedFinding], frozenset[RuleReference]]:
    """Return findings with their acceptance, and the references that accept some.

    A finding is accepted with all that it absorbs. A gap needs a reason.
    """
    lookup = CommentLookup(suppressions)
    made: list[JudgedFinding] = []
    used: set[RuleReference] = set()
    for one in findings:
        for absorbed in one.absorbed:
            used.update(lookup.accepting(absorbed)[1])
        accepted, references = lookup.accepting(one)
        used.update(references)
        made.append(one.replaced(accepted=accepted) if accepted is not None else one)
    return made, frozenset(used)


def with_use(
    suppression: Suppression, used: Collection[RuleReference], selected: Set[str]
) -> Suppression:
    """Return a suppression that knows which of its references are used and selected.

    Args:
        suppression: the comment.
        used: the references that accept a finding.
        selected: the names of the rules that the run selects.

    """
    words = tuple(
        word.replaced(
            is_used=word in used, is_selected=not selected.isdisjoint(map(rule_of, word.rules))
        )
        for word in suppression.words
    )
    return suppression.replaced(words=words)


class _Group(Record):
    """The rule references that accept the same rules at the same place, and the first of them."""

    comment: Suppression
    first: RuleReference
    references: list[RuleReference]


class _Places:
    """The groups of one source by block of its text; wide groups are kept apart."""

    def __init__(self) -> None:
        self._groups: dict[tuple[int, int, bool, str, frozenset[str]], _Group] = {}
        self._blocks: dict[int, list[_Group]] = {}
        self._wide: list[_Group] = []

    def add(self, suppression: Suppression, reference: RuleReference) -> None:
        start, end = suppression.start, suppression.end
        reason, word = bool(suppression.reason), reference.word
        key = (start, end, reason, word, reference.rules)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(suppression, reference, [])
            first, last = start // _BLOCK, end // _BLOCK
            if last - first > _WIDE:
                self._wide.append(group)
            else:
                for block in range(first, last + 1):
                    self._blocks.setdefault(block, []).append(group)
        group.references.append(reference)

    def at(self, offset: int) -> Iterable[_Group]:
        for group in (*self._blocks.get(offset // _BLOCK, ()), *self._wide):
            if group.comment.start <= offset <= group.comment.end:
                yield group


class CommentLookup:
    """Finds the comments that accept a finding, by its place."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        """Index comments; one that lacks a required reason accepts nothing."""
        self._sources: dict[Source, _Places] = {}
        for suppression in suppressions:
            if suppression.needs_reason and not suppression.reason:
                continue
            places = self._sources.setdefault(suppression.span.source, _Places())
            for reference in suppression.words:
                if reference.rules:
                    places.add(suppression, reference)

    def accepting(self, one: JudgedFinding) -> tuple[Accepted | None, Sequence[RuleReference]]:
        """Return the acceptance of a finding, and all references that accept it.

        A gap is accepted only with a reason.
        """
        places = self._sources.get(one.span.source)
        if places is None:
            return None, ()
        accepted: Accepted | None = None
        references: list[RuleReference] = []
        for group in places.at(one.span.start):
            name, rules, reason = one.rule.name, group.first.rules, group.comment.reason
            is_named = name in rules or rule_of(name) in rules
            if not is_named or (one.is_gap and not reason):
                continue
            if not means(group.first.word, one.rule, one.finding):
                continue
            if accepted is None or not accepted.reason:
                accepted = Accepted("comment", reason, group.comment.span)
            references += group.references
        return accepted, references
