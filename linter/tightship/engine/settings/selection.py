"""Which rules a run asks for, in the words of ``--select`` and ``--ignore``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tightship.findings import Finding
    from tightship.rules.kit import Rule

DEFAULT, STRICT = "default", "strict"
_ALWAYS = "not-checked"


class UnknownWordError(ValueError):
    """A word that names no rule, theme or set, nor anything that a peer calls one."""

    def __init__(self, word: str, guess: str | None) -> None:
        hint = f"; did you mean `{guess}`?" if guess else ""
        super().__init__(f"no rule, theme or set is called `{word}`{hint}")
        self.word = word
        self.guess = guess


class Selection:
    """What to look for.

    A word is a rule's name, a theme, a set (``default``, ``strict``) or a peer's id
    (``CL-0007``, ``DL3002``, ``kics:ae5b6871``), in any case; ``-`` and ``_`` are the
    same. Several may stand in one string, between commas.

    A theme selects its rules of the default set: what only the strict set holds has
    to be asked for by its name, or with ``strict``. What is ignored is ignored, however
    it was selected. ``not-checked`` stays unless it is ignored by its name or its
    theme, so that no gap in coverage is hidden by selecting something else.
    """

    __slots__ = ("_ignore", "_select")

    def __init__(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> None:
        """Take the words as they were given; with none, the default set is selected."""
        self._select = _words(select) or {DEFAULT: DEFAULT}
        self._ignore = _words(ignore)

    @property
    def names_sets_only(self) -> bool:
        """Tell whether it needs no rule to be known to be understood."""
        return all(w in (DEFAULT, STRICT) for w in (*self._select, *self._ignore))

    def rules(self, every: Iterable[Rule]) -> list[Rule]:
        """Return those of all the rules that are wanted, in their order.

        Raises:
            UnknownWordError: if a word stands for none of them.

        """
        every = list(every)
        self._refuse_unknown(every)
        return [rule for rule in every if self.takes(rule)]

    def wants(self, rule: Rule, finding: Finding) -> bool:
        """Tell whether a finding of a wanted rule is wanted too.

        A strict one of a rule in the default set is left out, unless the strict set is
        selected, or the rule by its name.
        """
        if not finding.strict or rule.strict:
            return True
        if STRICT in self._ignore:
            return False
        return STRICT in self._select or _named(rule, self._select)

    def takes(self, rule: Rule) -> bool:
        """Tell whether a rule is wanted."""
        ignored = (
            _named(rule, self._ignore)
            or plain(rule.theme) in self._ignore
            or (rule.name != _ALWAYS and _set(rule) in self._ignore)
        )
        return not ignored and (
            rule.name == _ALWAYS
            or STRICT in self._select
            or _named(rule, self._select)
            or (
                not rule.strict
                and (DEFAULT in self._select or plain(rule.theme) in self._select)
            )
        )

    def _refuse_unknown(self, every: list[Rule]) -> None:
        if self.names_sets_only:
            return
        known = set(vocabulary(every))
        for word, written in (self._select | self._ignore).items():
            if word not in known:
                raise UnknownWordError(written, guess(word, every))


def vocabulary(rules: Iterable[Rule]) -> list[str]:
    """Return every word that selects something: names, themes, sets, peers' ids."""
    words = {DEFAULT: None, STRICT: None}
    for rule in rules:
        words[rule.name] = words[plain(rule.theme)] = None
        words.update((plain(alias), None) for alias in rule.aliases)
    return list(words)


def guess(word: str, rules: Collection[Rule]) -> str | None:
    """Return the word that somebody may have meant, or nothing if none is near.

    An id of a peer is never guessed: one digit apart is another check altogether.
    """
    from tightship.values.edit_distance import closest

    words = {DEFAULT, STRICT}
    for rule in rules:
        words |= {rule.name, plain(rule.theme)}
    return closest(plain(word), sorted(words))


def named(word: str, rules: Iterable[Rule]) -> list[Rule]:
    """Return the rule of this name, or those that a peer calls so."""
    word = plain(word)
    return [rule for rule in rules if _named(rule, {word})]


def plain(word: str) -> str:
    """Return a word as words are compared."""
    return word.strip().lower().replace("_", "-")


def _words(given: Iterable[str]) -> dict[str, str]:
    words = [word.strip() for text in given for word in text.split(",")]
    return {plain(word): word for word in words if word}


def _set(rule: Rule) -> str:
    return STRICT if rule.strict else DEFAULT


def _named(rule: Rule, words: Collection[str]) -> bool:
    return rule.name in words or any(plain(alias) in words for alias in rule.aliases)
