"""The rules that a run selects, in the words of ``--select`` and ``--ignore``."""

from __future__ import annotations

from tightship.rules.definition import FINDING, SHELLCHECK, RuleEntry, code_of, rule_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import TypeVar

    from tightship.findings import Finding
    from tightship.rules.definition import Rule

    R = TypeVar("R", bound=RuleEntry)

DEFAULT, STRICT, HYGIENE = "default", "strict", "hygiene"
_UUID_LENGTH = 36
SETS: tuple[str, ...] = (DEFAULT, STRICT, HYGIENE, SHELLCHECK)
"""The sets; ``strict`` selects every rule but those of ShellCheck, another program."""


class UnknownWordError(ValueError):
    """A word that is no name of a rule, theme or set, and no id of a peer."""

    def __init__(self, word: str, guess: str | None) -> None:
        hint = f"; did you mean `{guess}`?" if guess else ""
        super().__init__(f"unknown rule, theme or set `{word}`{hint}")
        self.word = word
        self.guess = guess


class MissingExtraError(ValueError):
    """A selected set of rules needs an extra of the package that is not installed."""

    def __init__(self, name: str, program: str) -> None:
        super().__init__(f"the set {name} needs {program}: `pip install 'tightship[{name}]'`")


class Selection:
    """A selection of rules.

    A word is a rule's name, a theme, a set (``default``, ``strict``, ``hygiene``,
    ``shellcheck``) or a peer's id (``CL-0007``, ``DL3002``, ``SC2086``,
    ``kics:ae5b6871``), in any case; ``-`` and ``_`` are the same. Several may stand in one string, between commas.

    A theme selects its rules of the default set: what only the strict set holds has
    to be asked for by its name, or with ``strict``. What is ignored is ignored, however
    it was selected. A rule about gaps stays unless it is ignored by its name or its
    theme, so that no gap in coverage is hidden by selecting something else.
    """

    def __init__(
        self, select: Iterable[str] = (), ignore: Iterable[str] = (), extend: Iterable[str] = ()
    ) -> None:
        """Take the words as they were given; with none, the default set is selected.

        The words of ``extend`` add to the selected ones.
        """
        self._select = (_words(select) or {DEFAULT: DEFAULT}) | _words(extend)
        self._ignore = _words(ignore)
        # No rule and no id is called like a set.
        self._selected_by_name = {*self._select}.difference(SETS)

    @property
    def names_sets_only(self) -> bool:
        """Return whether all words are names of sets."""
        return all(w in SETS for w in (*self._select, *self._ignore))

    def rules(self, every: Iterable[R]) -> list[R]:
        """Return the selected ones of all the rules, in their order.

        Raises:
            UnknownWordError: if a word selects none of them.

        """
        every = list(every)
        self._refuse_unknown(every)
        return [rule for rule in every if self.takes(rule)]

    def wants(self, rule: Rule, finding: Finding) -> bool:
        """Return whether a finding of a selected rule is selected too.

        A strict one of a rule in the default set is left out, unless the strict set is
        selected, or the rule by its name. One that an ignored id means is left out, and
        where only ids select the rule, so is one that none of them means.
        """
        if self._ignore and _is_meant(self._ignore, rule, finding):
            return False
        if finding.known_as is not None and self._selected_by_name:
            ids = self._selected_by_name.intersection(map(plain, rule.aliases))
            by_id = ids and rule.name not in self._selected_by_name and not self._holds(rule)
            if by_id and not _is_meant(ids, rule, finding):
                return False
        if rule.set == SHELLCHECK:
            return self.takes(rule)
        if not finding.strict or rule.strict:
            return True
        if STRICT in self._ignore:
            return False
        return STRICT in self._select or self._names(rule)

    def takes(self, rule: RuleEntry) -> bool:
        """Return whether a rule is selected."""
        ignore = self._ignore
        about_gaps = "gap" in rule.tags
        if ignore and (
            _is_ignored(rule, ignore)
            or plain(rule.theme) in ignore
            or (not about_gaps and rule.set in ignore)
            or (STRICT in ignore and rule.set == HYGIENE)
        ):
            return False
        return about_gaps or self._holds(rule) or self._names(rule)

    def _holds(self, rule: RuleEntry) -> bool:
        """Return whether a selected set or theme has a rule."""
        select = self._select
        return (
            rule.set in select
            or (STRICT in select and rule.set != SHELLCHECK)
            or (rule.set == DEFAULT and plain(rule.theme) in select)
        )

    def _names(self, rule: RuleEntry) -> bool:
        words = self._selected_by_name
        return bool(words) and _named(rule, words)

    def _refuse_unknown(self, every: Collection[RuleEntry]) -> None:
        if self.names_sets_only:
            return
        known = set(vocabulary(every))
        for word, written in (self._select | self._ignore).items():
            if word not in known and not named(word, every):
                raise UnknownWordError(written, guess(word, every))


def vocabulary(rules: Iterable[RuleEntry]) -> list[str]:
    """Return every word that selects something: names, themes, sets, peers' ids."""
    words: dict[str, None] = dict.fromkeys(SETS)
    for rule in rules:
        words[rule.name] = words[plain(rule.theme)] = None
        words.update((plain(alias), None) for alias in rule.aliases)
    return list(words)


def guess(word: str, rules: Collection[RuleEntry]) -> str | None:
    """Return the known word that is most like a word, or None if none is near.

    Without one, that is the first rule whose name begins with the word, or has it. An id of
    a peer is never guessed: one digit apart is another check altogether.
    """
    from tightship.rules.definition import first_name
    from tightship.values.matching import closest

    names = {rule.name: rule.name for rule in rules}
    for rule in rules:
        names.setdefault(first_name(rule.name), rule.name)
    words = {*SETS, *names, *(plain(rule.theme) for rule in rules)}
    meant = plain(word)
    having = [name for name in names if f"-{meant}-" in f"-{name}-"] if meant else []
    begun = [name for name in having if name.startswith(meant)]
    found = closest(meant, sorted(words)) or next(iter(begun + having), None)
    return found and names.get(found, found)


def of_theme_or_set(word: str, rules: Iterable[R]) -> list[R]:
    """Return the rules of the theme or the set of this name, of the theme if both are.

    The set ``strict`` has every rule but those of ShellCheck.
    """
    word, every = plain(word), [*rules]
    if word == STRICT:
        return [rule for rule in every if rule.set != SHELLCHECK]
    in_theme = [rule for rule in every if plain(rule.theme) == word]
    return in_theme or [rule for rule in every if rule.set == word]


def named(word: str, rules: Iterable[RuleEntry]) -> list[RuleEntry]:
    """Return the rule of this name or code, or those that a peer calls so."""
    word = plain(word)
    code = code_of(word)
    if code:
        found = (rule for rule in rules if rule.name == FINDING)
        return [RuleEntry(one.module, one.subjects, name=code, aliases=(code,)) for one in found]
    return [rule for rule in rules if _named(rule, {word})]


def means(word: str, rule: RuleEntry, finding: Finding) -> bool:
    """Return whether a word for a rule, such as an id of a peer, means a finding of it."""
    return (
        finding.known_as is None
        or word in map(plain, finding.known_as)
        or word not in map(plain, rule.aliases)
    )


def plain(word: str) -> str:
    """Return the form of a word in which words are compared.

    Every form of another linter's id becomes that of the aliases of rules.
    """
    word = word.strip().lower().replace("_", "-")
    # Our own names have no such signs, and begin with none of these.
    if (
        ":" not in word
        and "/" not in word
        and len(word) != _UUID_LENGTH
        and not word.startswith(("ckv", "ds", "avd-"))
    ):
        return word
    from tightship.values.peer_id import alias_in

    return alias_in(word)


def _words(given: Iterable[str]) -> dict[str, str]:
    words = [word.strip() for text in given for word in text.split(",")]
    return {plain(word): word for word in words if word}


def _named(rule: RuleEntry, words: Collection[str]) -> bool:
    if rule.name == FINDING and any(map(code_of, words)):
        return True
    return rule_of(rule.name) in words or any(plain(alias) in words for alias in rule.aliases)


def _is_ignored(rule: RuleEntry, words: Collection[str]) -> bool:
    """Return whether words ignore all that a rule finds.

    If a rule has several ids of one peer, `Selection.wants` decides for each finding.
    """
    if rule_of(rule.name) in words:
        return True
    ids = [plain(alias) for alias in rule.aliases]
    peers = [_peer(one) for one in ids]
    return any(
        one in words and peers.count(peer) == 1 for one, peer in zip(ids, peers, strict=True)
    )


def _is_meant(words: Iterable[str], rule: Rule, finding: Finding) -> bool:
    ids = {plain(alias) for alias in rule.aliases}
    return any(word in ids and means(word, rule, finding) for word in words)


def _peer(alias: str) -> str:
    """Return what the ids of one peer have in common: `kics`, `dl`."""
    peer, colon, _ = alias.partition(":")
    return peer if colon else peer.rstrip("0123456789")
