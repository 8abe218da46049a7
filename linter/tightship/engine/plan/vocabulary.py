"""The words that a configuration or a command line may use."""

from __future__ import annotations

from tightship.engine.settings.selection import SETS, plain
from tightship.rules.definition import code_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tightship.config.key import Key


class Vocabulary:
    """The words that select rules, and the options of rules."""

    def __init__(self) -> None:
        self._known: frozenset[str] | None = None

    def knows(self, word: str) -> bool:
        """Return whether a word is a rule, a theme, a set or an id of another linter."""
        if word in SETS or code_of(word):
            return True
        if self._known is None:
            from tightship.engine.settings.selection import vocabulary
            from tightship.rules.definition import known_rules

            self._known = frozenset(vocabulary(known_rules()))
        return plain(word) in self._known

    def guess(self, word: str) -> str | None:
        """Return the most similar known word."""
        from tightship.engine.settings.selection import guess
        from tightship.rules.definition import known_rules

        return guess(word, known_rules())

    @property
    def rules(self) -> Collection[str]:
        """Return the names of the rules."""
        from tightship.rules.definition import known_rules

        return [entry.name for entry in known_rules()]

    def options(self, rule: str) -> Sequence[Key]:
        """Return the options of a rule."""
        from tightship.rules import every_option

        return every_option().get(rule, ())
