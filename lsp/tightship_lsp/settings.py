"""What the user sets for the server, below `tightship` in the editor's settings."""

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
    """What holds for a session.

    ``select`` and ``ignore`` are words as those options of `tightship check` take
    them. ``debounce`` is how many milliseconds after the last change a document is
    judged, and ``code_lens`` whether what isolates a service stands above it.
    ``rule_pages`` is where the editor itself shows the page of a rule, and is empty
    where it shows none; ``findings_in_hovers`` tells that it is for hovers to say what
    is found, since the editor does not add that. Both count only when a session begins.
    ``problems`` says what was set and makes no sense, a sentence each.
    """

    __slots__ = (
        "code_lens",
        "debounce",
        "findings_in_hovers",
        "ignore",
        "problems",
        "rule_pages",
        "select",
    )

    def __init__(self) -> None:
        self.select: tuple[str, ...] = ()
        self.ignore: tuple[str, ...] = ()
        self.debounce = 150
        self.code_lens = True
        self.findings_in_hovers = True
        self.rule_pages = ""
        self.problems: list[str] = []

    @classmethod
    def read(cls, given: object) -> Settings:
        """Read settings as an editor sends them, with or without the section's name.

        What makes no sense is left as it is by default, and said in ``problems``.
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
        return settings

    @property
    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what decides on the findings."""
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
        if type(value) is int and 0 <= value <= _LONGEST:  # a bool is none
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

    def _complain(self, key: str, wanted: str) -> None:
        self.problems.append(f"the setting `{SECTION}.{key}` has to be {wanted}")


def _table(given: object) -> Mapping[str, object]:
    """Return what came as JSON as a table; anything else is an empty one."""
    if not isinstance(given, dict):
        return {}
    table = cast("dict[object, object]", given)
    return {key: value for key, value in table.items() if isinstance(key, str)}
