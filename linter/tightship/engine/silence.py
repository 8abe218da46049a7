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
    from typing import Protocol, TypeAlias, TypeGuard

    from tightship.findings import Finding
    from tightship.rules.kit import Rule

    class Confined(Protocol):
        """A subject that tells what decides what is said of it."""

        @property
        def content(self) -> Hashable | None:
            """Return all that decides what it is by itself, if that is certain."""
            ...

        @property
        def has_looked_around(self) -> bool:
            """Tell whether something else had a say in what was asked of it."""
            ...

    Key: TypeAlias = tuple[type[object], Hashable]
    Rules: TypeAlias = frozenset[Rule]

# The last contents that were met are remembered, each a few thousand characters at most.
_MOST = 10_000


class Silence:
    """Remembers the silence of rules, as long as a session lasts."""

    __slots__ = ("_by_content", "_nothing", "_shared")

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._by_content: dict[Key, _Known] = {}
        self._nothing = _Known(frozenset(), frozenset())
        # Subjects are many, and what is known of them is mostly the same.
        self._shared: dict[tuple[Rules, Rules], _Known] = {}

    def ask(
        self, rules: tuple[Rule, ...], subject: object
    ) -> Iterator[tuple[Rule, Finding]]:
        """Yield what rules find, each with its rule; ask those that may find something."""
        if not _is_confined(subject) or (content := subject.content) is None:
            for rule in rules:
                for finding in rule.check(subject):
                    yield rule, finding
            return
        key = type(subject), content
        known = self._by_content.pop(key, self._nothing)
        found: list[tuple[Rule, Finding]] = []
        silent: set[Rule] = set()
        late: set[Rule] = set()
        looked = subject.has_looked_around
        for rule in known.asked(rules):
            size, had_looked = len(found), looked
            found += [(rule, finding) for finding in rule.check(subject)]
            looked = subject.has_looked_around
            if len(found) > size or looked is not had_looked:
                late.add(rule)
            elif not looked:
                silent.add(rule)
            # Of one that is silent after a look, nothing is known: it is early next time.
        self._keep(key, self._learned(known, silent, late))
        if len(found) > 1:
            found.sort(key=lambda pair: rules.index(pair[0]))
        yield from found

    def _learned(self, known: _Known, silent: set[Rule], late: set[Rule]) -> _Known:
        if not silent and late <= known.late:
            return known
        pair = known.silent | silent, known.late | late
        return self._shared.setdefault(pair, _Known(*pair))

    def _keep(self, key: Key, known: _Known) -> None:
        self._by_content[key] = known  # behind what was met longer ago
        if len(self._by_content) > _MOST:
            del self._by_content[next(iter(self._by_content))]
        if len(self._shared) > _MOST:
            self._shared.clear()


class _Known:
    """Which rules are silent, and which ones have found something or looked around.

    These are asked ``late``, so that ever more of the others are known.
    """

    __slots__ = ("_asked", "late", "silent")

    def __init__(self, silent: Rules, late: Rules) -> None:
        self.silent = silent
        self.late = late
        self._asked: dict[tuple[Rule, ...], Sequence[Rule]] = {}

    def asked(self, rules: tuple[Rule, ...]) -> Sequence[Rule]:
        """Return those of some rules that may find something, in the best order."""
        asked = self._asked.get(rules)
        if asked is None:
            open_ = [rule for rule in rules if rule not in self.silent]
            asked = sorted(open_, key=self.late.__contains__)
            self._asked[rules] = asked
        return asked


def _is_confined(subject: object) -> TypeGuard[Confined]:
    return hasattr(type(subject), "content")
