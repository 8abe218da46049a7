"""Which rules have nothing to say, so that they are not asked again.

Most rules are silent about most of a file, and while it is typed nearly all of it stays
as it is. What a rule says of a subject is decided by the subject's ``content``, unless it
has ``looked around``: then something else had a say in it, and from then on nobody knows
what came of that. A rule that is silent before is silent about all that has that content.
What is found is found anew each time, for it has a place.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence
    from typing import TypeAlias

    from tightship.findings import Finding
    from tightship.rules.kit import Rule

    Key: TypeAlias = tuple[type[object], Hashable]
    Rules: TypeAlias = frozenset[Rule]

# The last contents that were met are remembered, each a few thousand characters at most.
_MOST = 10_000


class Silence:
    """Remembers the silence of rules, as long as a session lasts."""

    __slots__ = ("_kept", "_known", "_nothing")

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._kept: dict[Key, _Known] = {}
        self._nothing = _Known(frozenset(), frozenset())
        # Subjects are many, and what is known of them is mostly the same.
        self._known: dict[tuple[Rules, Rules], _Known] = {}

    def ask(
        self, rules: tuple[Rule, ...], subject: object
    ) -> Iterator[tuple[Rule, Finding]]:
        """Yield what rules find, each with its rule; ask those that may find something.

        A subject that can be relied on has the attributes ``content``, which is not
        None, and ``has_looked_around``.
        """
        content: Hashable = getattr(subject, "content", None)
        if content is None:
            for rule in rules:
                for finding in rule.check(subject):
                    yield rule, finding
            return
        key = type(subject), content
        known = self._kept.pop(key, self._nothing)
        found: list[tuple[Rule, Finding]] = []
        silent: set[Rule] = set()
        last: set[Rule] = set()
        before = _has_looked_around(subject)
        for rule in known.asked(rules):
            size = len(found)
            found += [(rule, finding) for finding in rule.check(subject)]
            after = before or _has_looked_around(subject)
            if len(found) > size or after is not before:
                last.add(rule)
            elif not after:
                silent.add(rule)
            before = after
        self._keep(key, self._learned(known, silent, last))
        if len(found) > 1:
            found.sort(key=lambda pair: rules.index(pair[0]))
        yield from found

    def _learned(self, known: _Known, silent: set[Rule], last: set[Rule]) -> _Known:
        if not silent and last <= known.last:
            return known
        pair = known.silent | silent, known.last | last
        return self._known.setdefault(pair, _Known(*pair))

    def _keep(self, key: Key, known: _Known) -> None:
        self._kept[key] = known  # behind what was asked for longer ago
        if len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]
        if len(self._known) > _MOST:
            self._known.clear()


class _Known:
    """Which rules are silent, and which ones have found something or looked around.

    These are the ``last`` to be asked, so that ever more of the others are known.
    """

    __slots__ = ("_asked", "last", "silent")

    def __init__(self, silent: Rules, last: Rules) -> None:
        self.silent = silent
        self.last = last
        self._asked: dict[tuple[Rule, ...], Sequence[Rule]] = {}

    def asked(self, rules: tuple[Rule, ...]) -> Sequence[Rule]:
        """Return those of some rules that may find something, in the best order."""
        asked = self._asked.get(rules)
        if asked is None:
            open_ = [rule for rule in rules if rule not in self.silent]
            asked = sorted(open_, key=self.last.__contains__)
            self._asked[rules] = asked
        return asked


def _has_looked_around(subject: object) -> bool:
    looked: bool = getattr(subject, "has_looked_around", True)
    return looked
