"""Read a configuration file: settings, or its problems with their places."""

from __future__ import annotations

import posixpath

from tightship.config.key import LONGEST, ConfigError, ConfigProblem, pattern_problem
from tightship.config.keys import KEYS, SEVERITIES
from tightship.config.settings import (
    Host,
    Override,
    PlatformDefinition,
    ProbeDefinition,
    ProjectDefinition,
    Provided,
    RoleDefinition,
    Settings,
)
from tightship.findings import Severity
from tightship.syntax import toml
from tightship.values.matching import closest
from tightship.values.registry import registry_problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any, Protocol

    from tightship.config.key import Form, Key
    from tightship.syntax.toml import Path, Toml
    from tightship.text import Source, Span

    class Vocabulary(Protocol):
        """The words for rules, and the options of rules."""

        def knows(self, word: str) -> bool:
            """Return whether a word names a rule, a theme or a set."""
            ...

        def guess(self, word: str) -> str | None:
            """Return the word that somebody may have meant."""
            ...

        @property
        def rules(self) -> Collection[str]:
            """Return the names of the rules."""
            ...

        def options(self, rule: str) -> Sequence[Key]:
            """Return the options of a rule."""
            ...

    Table = dict[str, object]


PYPROJECT = "pyproject.toml"
MAX_CHARACTERS = 256_000
"""A longer file is refused: to read it may take longer than anybody waits."""

# What is linted is not trusted, and so its configuration may be made to take long. These
# are counts over the whole file; each pattern may be asked about each file or service.
_MOST: dict[Form, int] = {
    "patterns": 2_000,
    "names": 200,
    "registries": 200,
    "several": 200,
    "paths": 500,
    "tables": 200,
    "words": 2_000,
}
_MOST_PROBLEMS = 50


def read(source: Source, folder: str, vocabulary: Vocabulary) -> Settings | None:
    """Read a file; None if it is a `pyproject.toml` without a table of Tightship.

    Args:
        source: the file; its name tells whether it is a `pyproject.toml`.
        folder: what paths in it are relative to.
        vocabulary: the words for rules, and their options.

    Raises:
        ConfigError: if it is invalid.

    """
    is_shared = posixpath.basename(source.name) == PYPROJECT
    try:
        file = toml.read(source, MAX_CHARACTERS)
    except toml.TomlError as error:
        raise ConfigError([ConfigProblem(error.span, error.message)]) from None
    path: tuple[str, ...] = ("tool", "tightship") if is_shared else ()
    table: object = file.data
    for key in path:
        table = table.get(key) if toml.is_table(table) else None
        if table is None:
            return None
    checked = _Check(file, vocabulary)
    given = checked.table(table, KEYS, path)
    if checked.problems:
        raise ConfigError(checked.problems)
    return _settings(Settings(folder, file, path), given, file)


class _Check:
    """Checks tables, collects their problems, and makes the values of settings."""

    def __init__(self, file: Toml, vocabulary: Vocabulary) -> None:
        self._left = dict(_MOST)
        self._file = file
        self._vocabulary = vocabulary
        self.problems: list[ConfigProblem] = []

    def table(self, given: object, keys: Sequence[Key], path: Path) -> Table:
        """Return the values of a table, by key."""
        if not toml.is_table(given):
            self._wrong(path, "a table")
            return {}
        known = {key.name: key for key in keys}
        found: Table = {}
        for name, value in given.items():
            key = known.get(name)
            if key is None:
                self._say(self._file.key(*path, name), _unknown(name, known))
            else:
                found[name] = self._value(value, key, (*path, name))
        for key in keys:
            if key.needed and key.name not in given:
                what = f"`{_name_of(path)}`" if path else "this"
                place = self._file.key(*path)
                self._say(place, f"{what} needs `{key.name}`: {_lower(key.about)}")
        return found

    def _value(self, given: object, key: Key, path: Path) -> object:
        if key.form == "table":
            return self.table(given, key.keys, path)
        if key.form == "tables":
            items = self._list(given, key, path, f"`[[{key.name}]]` tables")
            return [
                self.table(item, key.keys, (*path, number)) for number, item in enumerate(items)
            ]
        if key.form == "rules":
            return self._rules(given, path)
        if key.form == "flag":
            if not isinstance(given, bool):
                self._wrong(path, "true or false")
            return given
        if key.form == "integer":
            return self._integer(given, key, path)
        if key.form == "choice":
            return self._choice(given, key.choices, path)
        if key.form == "choices":
            return self._choices(given, key, path)
        if key.form == "severities":
            return self._severities(given, path)
        if key.form in ("text", "path"):
            text = self._text(given, path)
            return text if key.form == "text" else self._path(text, path)
        items = self._list(given, key, path, "a list of texts")
        if key.needed and given == []:
            self._wrong(path, "a list of one text at least")
        return tuple(self._entry(item, key, (*path, number)) for number, item in enumerate(items))

    def _entry(self, given: object, key: Key, path: Path) -> str:
        text = self._text(given, path)
        if not text:
            return text
        if key.form == "words":
            self._word(text, self._file.value(*path))
        elif key.form == "paths":
            return self._path(text, path)
        elif key.form == "patterns":
            why = pattern_problem(text)
            if why is not None:
                self._say(self._file.value(*path), why)
        elif key.form == "several":
            return self._choice(text, key.choices, path)
        elif key.form == "registries":
            why = registry_problem(text)
            if why:
                self._say(self._file.value(*path), why)
        return text

    def _rules(self, given: object, path: Path) -> dict[str, Table]:
        """Return the options of rules, by rule."""
        if not toml.is_table(given):
            self._wrong(path, "a table such as `[rules.untrusted-registry]`")
            return {}
        found: dict[str, Table] = {}
        for rule, values in given.items():
            options = self._vocabulary.options(rule)
            if options:
                found[rule] = self.table(values, options, (*path, rule))
            elif rule in self._vocabulary.rules:
                self._say(self._file.key(*path, rule), f"`{rule}` has no options")
            else:
                guess = _like(rule, self._vocabulary.rules)
                hint = f"; did you mean `{guess}`?" if guess else ""
                message = f"unknown rule `{rule}`{hint}"
                self._say(self._file.key(*path, rule), message)
        return found

    def _integer(self, given: object, key: Key, path: Path) -> object:
        if isinstance(given, bool) or not isinstance(given, int):
            self._wrong(path, "an integer")
        elif key.bounds and not key.bounds[0] <= given <= key.bounds[1]:
            self._wrong(path, f"from {key.bounds[0]} to {key.bounds[1]}")
        return given

    def _choices(self, given: object, key: Key, path: Path) -> dict[str, str]:
        if not toml.is_table(given):
            self._wrong(path, f"a table such as `{key.example}`")
            return {}
        self._left["names"] -= len(given)
        if self._left["names"] < 0:
            message = f"with these, there are more than {_MOST['names']} names in this file"
            self._say(self._file.key(*path), message)
            return {}
        return {
            name: self._choice(choice, key.choices, (*path, name)) for name, choice in given.items()
        }

    def _severities(self, given: object, path: Path) -> dict[str, Severity]:
        if not toml.is_table(given):
            self._wrong(path, 'a table such as `{ root-user = "error" }`')
            return {}
        found: dict[str, Severity] = {}
        for word, severity in given.items():
            self._word(word, self._file.key(*path, word))
            severity = self._choice(severity, SEVERITIES, (*path, word))
            if severity in SEVERITIES:
                found[word] = Severity[severity.upper()]
        return found

    def _choice(self, given: object, choices: Sequence[str], path: Path) -> str:
        if isinstance(given, str) and given in choices:
            return given
        every = f"{', '.join(choices[:-1])} or {choices[-1]}"
        guess = closest(given, choices) if isinstance(given, str) else None
        self._wrong(path, every + (f"; did you mean `{guess}`?" if guess else ""))
        return ""

    def _word(self, word: str, place: Span) -> None:
        if not self._vocabulary.knows(word):
            guess = self._vocabulary.guess(word)
            hint = f"; did you mean `{guess}`?" if guess else ""
            self._say(place, f"unknown rule, theme or set `{word}`{hint}")

    def _path(self, text: str, path: Path) -> str:
        if posixpath.isabs(text) or "\\" in text or "\0" in text or text[1:2] == ":":
            message = "paths are relative to the folder of this file, with `/`"
            self._say(self._file.value(*path), message)
        return text

    def _list(self, given: object, key: Key, path: Path, what: str) -> Sequence[object]:
        if not toml.is_array(given):
            self._wrong(path, what)
            return []
        self._left[key.form] -= len(given)
        if self._left[key.form] < 0:
            most = f"{_MOST[key.form]:,}"
            message = f"with these, there are more than {most} {key.form} in this file"
            self._say(self._file.key(*path), message)
            return []
        return given

    def _text(self, given: object, path: Path) -> str:
        if not isinstance(given, str):
            self._wrong(path, "a text")
        elif not given.strip():
            self._say(self._file.value(*path), "this is empty")
        elif "\0" in given:
            self._say(self._file.value(*path), "this has a NUL character")
        elif len(given) > LONGEST:
            message = f"this is longer than {LONGEST:,} characters"
            self._say(self._file.value(*path), message)
        else:
            return given
        return ""

    def _wrong(self, path: Path, what: str) -> None:
        place = self._file.value(*path)
        each = "each of " if path and isinstance(path[-1], int) else ""
        self._say(place, f"{each}`{_name_of(path)}` has to be {what}")

    def _say(self, place: Span, message: str) -> None:
        self.problems.append(ConfigProblem(place, message))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise ConfigError(self.problems)


def _settings(settings: Settings, given: Mapping[str, Any], file: Toml) -> Settings:
    """Put checked values in the place of defaults."""
    for key in KEYS:
        if key.option and key.name in given:
            rule, option = key.option
            settings.rules[rule] = {option: given[key.name]}
    for name, value in given.items():
        if name == "rules":
            for rule, options in value.items():
                settings.rules.setdefault(rule, {}).update(options)
        elif name == "host":
            settings.host = Host(**_arguments(value))
        elif name == "provided":
            settings.provided = Provided(file.key(*settings.table, name), **value)
        elif name in _ENTRIES:
            make, attribute = _ENTRIES[name], name.replace("-", "_")
            places = (file.key(*settings.table, name, number) for number in range(len(value)))
            made = tuple(
                make(place, **_arguments(one)) for place, one in zip(places, value, strict=True)
            )
            setattr(settings, "projects" if name == "project" else attribute, made)
        else:
            setattr(settings, name.replace("-", "_"), value)
    return settings


def _arguments(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key.replace("-", "_"): value for key, value in table.items()}


def _path(place: Span, *, provided: Mapping[str, Any] | None = None, **given: Any) -> Override:
    made = Provided(**provided) if provided is not None else None
    return Override(place, provided=made, **given)


def _service(place: Span, **given: Any) -> Override:
    return Override(place, paths=given.pop("files", ()), **given)


_ENTRIES: dict[
    str,
    Callable[
        ..., Override | PlatformDefinition | ProbeDefinition | ProjectDefinition | RoleDefinition
    ],
] = {
    "platform": PlatformDefinition,
    "probe": ProbeDefinition,
    "project": ProjectDefinition,
    "roles": RoleDefinition,
    "per-path": _path,
    "per-service": _service,
}


def _like(name: str, known: Collection[str]) -> str | None:
    """Return the known name that a name was probably meant to be."""
    wanted = name.replace("_", "-")
    return wanted if wanted in known else closest(wanted, known)


def _unknown(name: str, known: Mapping[str, Key]) -> str:
    guess = _like(name, known)
    hint = f"did you mean `{guess}`?" if guess else f"there are {', '.join(known)}"
    return f"unknown key `{name}` here; {hint}"


def _name_of(path: Path) -> str:
    """Return the last key of a path, as people see it."""
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _lower(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}".removesuffix(".")
