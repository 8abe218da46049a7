"""The settings of the server, below `tightship` in the editor's settings."""

from __future__ import annotations

from typing import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION = "tightship"
RULE = "{rule}"
"""The placeholder for the name of a rule in a client's own address of a page."""

FEATURES = (
    *("definition", "references", "highlight", "rename", "symbols", "links", "folding"),
    *("selection", "completion", "hover", "hints", "tokens", "signatures"),
)
"""The features that can be turned off, where another server has them."""

HINTS = ("overrides", "origins", "users", "ports")
"""The kinds of inlay hints, each of which can be turned off."""

LANGUAGES = frozenset(("compose", "dockerfile"))
"""The languages in which a feature can be on."""

_LONGEST = 10_000
_BUILD_CHECK = "buildkit:"
_KEPT = frozenset(
    (
        "buildkit:CopyIgnoredFile",  # experimental: BuildKit itself does not show it by default
        "buildkit:SecretsUsedInArgOrEnv",  # goes by names alone, and our rules by values too
    )
)


class Settings:
    """The settings of a session.

    ``select`` and ``ignore`` have the words of these options of `tightship check`.
    ``build_kit_checks`` is ``off`` where another server shows BuildKit's checks; ``auto``
    is for clients that know whether one does.
    ``infos`` shows infos, too, which an editor has to ask for, as the command line does.
    ``debounce`` is the time in milliseconds from the last change to the judgement, and
    ``code_lens`` turns code lenses on. ``rule_pages`` is the address at which the editor
    itself shows the page of a rule, or empty; ``findings_in_hovers`` puts messages into
    hovers, for editors that do not add them. ``report_command`` is a command of the editor
    that shows the report of a project, or empty. These three count only when a session
    begins. Without ``trusted``, configuration files of the workspace hide no findings.
    ``hints`` has the kinds of inlay hints that are shown.
    ``features`` has the languages in which each feature is on. One that is on in none is not
    offered, which counts when a session begins.
    ``problems`` has a sentence for each invalid setting.
    """

    def __init__(self) -> None:
        self.select: tuple[str, ...] = ()
        self.ignore: tuple[str, ...] = ()
        self.build_kit_checks = "auto"
        self.infos = True
        self.debounce = 150
        self.code_lens = True
        self.findings_in_hovers = True
        self.rule_pages = ""
        self.report_command = ""
        self.trusted = True
        self.features: dict[str, frozenset[str]] = dict.fromkeys(FEATURES, LANGUAGES)
        self.hints = frozenset(HINTS)
        self.problems: list[str] = []

    @classmethod
    def read(cls, given: object) -> Settings:
        """Read settings as an editor sends them, with or without the section's name.

        Invalid settings keep their defaults, and are in ``problems``.
        """
        settings = cls()
        table = _table(given)
        table = _table(table.get(SECTION, table))
        settings.select = settings._words(table, "select")
        settings.ignore = settings._words(table, "ignore")
        settings.build_kit_checks = settings._choice(table, "buildKitChecks", "auto", "on", "off")
        settings.infos = settings._switch(table, "infos", default=False)
        settings.debounce = settings._milliseconds(table, "debounce")
        settings.code_lens = settings._switch(table, "codeLens")
        settings.findings_in_hovers = settings._switch(table, "findingsInHovers")
        settings.rule_pages = settings._address(table, "rulePages")
        settings.report_command = settings._command(table, "reportCommand")
        settings.trusted = settings._switch(table, "trusted")
        settings._turn_off(table)
        settings.hints = settings._kinds(table)
        return settings

    @property
    def without(self) -> frozenset[str]:
        """Return the features that are on in no language."""
        return frozenset(name for name, languages in self.features.items() if not languages)

    @property
    def choice(self) -> tuple[object, ...]:
        """Return all that decides which findings there are."""
        return *self.words, self.trusted

    @property
    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words that select rules."""
        if self.build_kit_checks != "off":
            return self.select, self.ignore
        return self.select, (*self.ignore, *_build_kit_checks())

    def _words(self, table: Mapping[str, object], key: str) -> tuple[str, ...]:
        value = table.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list):
            value = cast("list[object]", value)
            words = [word for word in value if isinstance(word, str)]
            if len(words) == len(value):
                return tuple(words)
        self._complain(key, "a list of words")
        return ()

    def _choice(self, table: Mapping[str, object], key: str, *choices: str) -> str:
        """Return one of some words, the first of which is the default."""
        value = table.get(key)
        if isinstance(value, str) and value in choices:
            return value
        if value is not None:
            self._complain(key, f"{', '.join(choices[:-1])} or {choices[-1]}")
        return choices[0]

    def _milliseconds(self, table: Mapping[str, object], key: str) -> int:
        value = table.get(key)
        if value is None:
            return self.debounce
        if type(value) is int and 0 <= value <= _LONGEST:  # not a bool
            return value
        self._complain(key, f"a number of milliseconds from 0 to {_LONGEST}")
        return self.debounce

    def _switch(self, table: Mapping[str, object], key: str, *, default: bool = True) -> bool:
        value = table.get(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self._complain(key, "true or false")
        return default

    def _address(self, table: Mapping[str, object], key: str) -> str:
        value = table.get(key)
        if isinstance(value, str) and RULE in value:
            return value
        if value is not None:
            self._complain(key, f"an address with `{RULE}` in it")
        return ""

    def _command(self, table: Mapping[str, object], key: str) -> str:
        value = table.get(key)
        if isinstance(value, str):
            return value
        if value is not None:
            self._complain(key, "the name of a command")
        return ""

    def offers(self, feature: str, language: str | None) -> bool:
        """Return whether a feature is on in a language, or anywhere for any other file."""
        languages = self.features[feature]
        return bool(languages) if language is None else language in languages

    def _kinds(self, table: Mapping[str, object]) -> frozenset[str]:
        """Return the kinds of hints that a table of switches leaves on."""
        given = table.get("hints")
        switches = _table(given)
        if given is not None and not isinstance(given, dict):
            self._complain("hints", "a table of kinds with true or false")
        for name, value in switches.items():
            if name not in HINTS:
                self.problems.append(f"`{SECTION}.hints` has no kind `{name}`")
            elif not isinstance(value, bool):
                self._complain(f"hints.{name}", "true or false")
        return frozenset(name for name in HINTS if switches.get(name) is not False)

    def _turn_off(self, table: Mapping[str, object]) -> None:
        """Take a table of features: true, false, or the languages in which each is on."""
        given = table.get("features")
        table = _table(given)
        if given is not None and not isinstance(given, dict):
            self._complain("features", "a table of features with true or false")
        for name, value in table.items():
            languages = _languages(value)
            if name not in FEATURES:
                self.problems.append(f"`{SECTION}.features` has no feature `{name}`")
            elif languages is None:
                self._complain(f"features.{name}", "true, false or a list of languages")
            else:
                self.features[name] = languages

    def _complain(self, key: str, wanted: str) -> None:
        self.problems.append(f"the setting `{SECTION}.{key}` has to be {wanted}")


def _languages(value: object) -> frozenset[str] | None:
    """Return the languages in which a feature is on, or None if the value is invalid."""
    if isinstance(value, bool):
        return LANGUAGES if value else frozenset()
    if not isinstance(value, list):
        return None
    languages = frozenset(map(str, cast("list[object]", value)))
    return languages if languages <= LANGUAGES else None


def _build_kit_checks() -> tuple[str, ...]:
    """Return BuildKit's names of the checks that rules repeat."""
    from tightship.rules.index import INDEX

    names = (name for rule in INDEX for name in rule.aliases)
    found = dict.fromkeys(name for name in names if name.startswith(_BUILD_CHECK))
    return tuple(name for name in found if name not in _KEPT)


def _table(given: object) -> Mapping[str, object]:
    """Return JSON data as a table; anything else is an empty one."""
    if not isinstance(given, dict):
        return {}
    table = cast("dict[object, object]", given)
    return {key: value for key, value in table.items() if isinstance(key, str)}
