"""Read a configuration file: settings, or its problems with their places."""

from __future__ import annotations

import posixpath
from functools import partial

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
from tightship.lazy import TYPE_CHECKING
from tightship.lazy.modules import frozen
from tightship.syntax import toml
from tightship.values.matching import closest
from tightship.values.registry import registry_problem
from tightship.values.schema import check

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import Any, Protocol

    from tightship.config.key import Form, Key
    from tightship.syntax.toml import Toml
    from tightship.text import Source, Span
    from tightship.values.schema import Schema

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
    "choices": 200,
    "patterns": 2_000,
    "names": 200,
    "registries": 200,
    "several": 200,
    "paths": 500,
    "tables": 200,
    "words": 2_000,
}
_LARGEST = 2**63


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
    rules = table.get("rules") if toml.is_table(table) else None
    schemas = _Schemas(vocabulary, rules if toml.is_table(rules) else {})
    if wrong := check(file, schemas.table(KEYS), *path):
        raise ConfigError([ConfigProblem(one.span, one.message) for one in wrong])
    assert toml.is_table(table)
    return _settings(Settings(folder, file, path), _values(table, KEYS), file)


class _Schemas:
    """Makes the schemas of keys, which count the entries of one file."""

    def __init__(self, vocabulary: Vocabulary, rules: Iterable[str]) -> None:
        """Take the words, and the rules whose options the file sets."""
        self._left = dict(_MOST)
        self._vocabulary = vocabulary
        self._rules = rules
        self._text_problems: Mapping[Form, Callable[[str], str | None]] = {
            "path": _path_problem,
            "paths": _path_problem,
            "patterns": pattern_problem,
            "registries": registry_problem,
            "words": self._word_problem,
        }

    def table(self, keys: Sequence[Key]) -> Schema:
        """Return the schema of a table."""
        return {
            "type": "object",
            "properties": {
                key.name: {"description": _lower(key.about), **self._value(key)} for key in keys
            },
            "required": [key.name for key in keys if key.needed],
        }

    def _value(self, key: Key) -> Schema:
        if key.form == "table":
            return self.table(key.keys)
        if key.form == "rules":
            return self._options()
        if key.form == "flag":
            return {"type": "boolean"}
        if key.form == "integer":
            least, most = key.bounds or (-_LARGEST, _LARGEST)
            return {"type": "integer", "minimum": least, "maximum": most}
        if key.form == "choice":
            return {"enum": key.choices}
        if key.form in ("text", "path"):
            return self._text(key.form)
        counted: Schema = {"problem": partial(self._count, key.form)}
        if key.form in ("severities", "choices"):
            choices = key.choices or SEVERITIES
            named = {"problem": self._word_problem} if key.form == "severities" else {}
            return {
                **counted,
                "type": "object",
                "title": f"a table such as `{key.example}`",
                "propertyNames": named,
                "additionalProperties": {"enum": choices},
            }
        title, items = f"`[[{key.name}]]` tables", self.table(key.keys)
        if key.form != "tables":
            title = f"a list of {'one text at least' if key.needed else 'texts'}"
            items = {"enum": key.choices} if key.form == "several" else self._text(key.form)
        return {**counted, "type": "array", "title": title, "items": items, "minItems": key.needed}

    def _options(self) -> Schema:
        """Return the schema of the options of rules, by rule."""
        options = {rule: self._vocabulary.options(rule) for rule in self._rules}
        return {
            "type": "object",
            "title": "a table such as `[rules.untrusted-registry]`",
            "propertyNames": {"problem": self._rule_problem},
            "properties": {rule: self.table(keys) for rule, keys in options.items() if keys},
            "additionalProperties": {},
        }

    def _text(self, form: Form) -> Schema:
        more = self._text_problems.get(form)

        def problem(text: str) -> str | None:
            return _text_problem(text) or (more(text) if more else None)

        return {"type": "string", "problem": problem}

    def _count(self, form: Form, entries: Collection[object]) -> str | None:
        if form not in _MOST:
            return None
        self._left[form] -= len(entries)
        most = f"more than {_MOST[form]:,} {form} in this file"
        return f"with these, there are {most}" if self._left[form] < 0 else None

    def _word_problem(self, word: str) -> str | None:
        if self._vocabulary.knows(word):
            return None
        return f"unknown rule, theme or set `{word}`{_meant(self._vocabulary.guess(word))}"

    def _rule_problem(self, rule: str) -> str | None:
        if self._vocabulary.options(rule):
            return None
        known, wanted = self._vocabulary.rules, rule.replace("_", "-")
        if rule in known:
            return f"`{rule}` has no options"
        guess = wanted if wanted in known else closest(wanted, known)
        return f"unknown rule `{rule}`{_meant(guess)}"


def _meant(guess: str | None) -> str:
    return f"; did you mean `{guess}`?" if guess else ""


def _text_problem(text: str) -> str | None:
    if not text.strip():
        return "this is empty"
    if "\0" in text:
        return "this has a NUL character"
    return f"this is longer than {LONGEST:,} characters" if len(text) > LONGEST else None


def _path_problem(text: str) -> str | None:
    if posixpath.isabs(text) or "\\" in text or text[1:2] == ":":
        return "paths are relative to the folder of this file, with `/`"
    return None


def _values(table: Mapping[str, Any], keys: Iterable[Key]) -> Table:
    """Return the values of a table that follows its schema, by key."""
    return {key.name: _value(table[key.name], key) for key in keys if key.name in table}


def _value(given: Any, key: Key) -> object:
    if key.form == "table":
        return _values(given, key.keys)
    if key.form == "tables":
        return [_values(one, key.keys) for one in given]
    if key.form == "severities":
        return {word: Severity[severity.upper()] for word, severity in given.items()}
    return frozen(given)


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


def _lower(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}".removesuffix(".")
