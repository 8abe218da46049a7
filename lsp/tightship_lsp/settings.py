"""The settings of the server, below `tightship` in the editor's settings."""

from __future__ import annotations

from typing import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SECTION = "tightship"
RULE = "{rule}"
"""The placeholder for the name of a rule in a client's own address of a page."""

_LONGEST = 10_000


class Settings:
    """The settings of a session.

    ``select`` and ``ignore`` have the words of these options of `tightship check`.
    ``debounce`` is the time in milliseconds from the last change to the judgement, and
    ``code_lens`` turns code lenses on. ``rule_pages`` is the address at which the editor
    itself shows the page of a rule, or empty; ``findings_in_hovers`` puts messages into
    hovers, for editors that do not add them. ``report_command`` is a command of the editor
    that shows the report of a project, or empty. These three count only when a session
    begins.
    ``problems`` has a sentence for each invalid setting.
    """

    def __init__(self) -> None:
        self.select: tuple[str, ...] = ()
        self.ignore: tuple[str, ...] = ()
        self.debounce = 150
        self.code_lens = True
        self.findings_in_hovers = True
        self.rule_pages = ""
        self.report_command = ""
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
        settings.debounce = settings._milliseconds(table, "debounce")
        settings.code_lens = settings._switch(table, "codeLens")
        settings.findings_in_hovers = settings._switch(table, "findingsInHovers")
        settings.rule_pages = settings._address(table, "rulePages")
        settings.report_command = settings._command(table, "reportCommand")
        return settings

    @property
    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words that select rules."""
        return self.select, self.ignore

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

    def _milliseconds(self, table: Mapping[str, object], key: str) -> int:
        value = table.get(key)
        if value is None:
            return self.debounce
        if type(value) is int and 0 <= value <= _LONGEST:  # not a bool
            return value
        self._complain(key, f"a number of milliseconds from 0 to {_LONGEST}")
        return self.debounce

    def _switch(self, table: Mapping[str, object], key: str) -> bool:
        value = table.get(key)
        if isinstance(value, bool):
            return value
        if value is not None:
            self._complain(key, "true or false")
        return True

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

    def _complain(self, key: str, wanted: str) -> None:
        self.problems.append(f"the setting `{SECTION}.{key}` has to be {wanted}")


def _table(given: object) -> Mapping[str, object]:
    """Return JSON data as a table; anything else is an empty one."""
    if not isinstance(given, dict):
        return {}
    table = cast("dict[object, object]", given)
    return {key: value for key, value in table.items() if isinstance(key, str)}
