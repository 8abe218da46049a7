"""The format of files of facts, and the check of a file.

The classes of facts are the table behind it: their fields are the keys of a fact, and
their docstrings describe them, in the schema for editors, too.
"""

from __future__ import annotations

import re

from tightship.images import facts
from tightship.images.conditions import alternatives, condition_problem
from tightship.images.facts import ASPECTS, ImageFamily, fields
from tightship.images.reader import families_at, tables_in
from tightship.images.toml_file import Measurement
from tightship.lazy import regex
from tightship.lazy.modules import frozen
from tightship.syntax import SyntaxProblem, toml
from tightship.text import Span
from tightship.values.capability import ALL_CAPABILITIES
from tightship.values.matching import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    from tightship.images.reader import Open
    from tightship.lazy import Record
    from tightship.syntax.toml import Path, Toml
    from tightship.text import Source

    Table = dict[str, object]
    Schema: TypeAlias = dict[str, Any]


FORMATS = (1, 2)
"""The versions of the format: 2 has `service` and `measured`. A file need not name its own."""

MAX_CHARACTERS = 256_000
"""A longer file is refused: it may be anybody's, and is read at each run."""

# The most families of a file, and the most problems of it that are named.
_MOST_FAMILIES = 500
_MOST_PROBLEMS = 50

_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_SOURCE = f"^({'|'.join(facts.GRADES)}): .+"
_TMPFS = "^(exec|uid=[0-9]+|gid=[0-9]+|mode=[0-7]{3,4}|size=[0-9]+[kmg])$"
# It opens every file of the host by its handle; DAC_OVERRIDE suffices.
_CAPABILITIES = [name for name in ALL_CAPABILITIES if name != "DAC_READ_SEARCH"]


def _text(title: str, pattern: str) -> Schema:
    return {"type": "string", "title": title, "pattern": pattern}


_NAMES: Schema = {
    "type": "array",
    "items": _text("a name such as `postgres` or `ghcr.io/owner/app`", "^[a-z0-9][a-z0-9._/-]*$"),
}
_PATH = _text(
    "an absolute path without a slash at its end, and without `$`", r"^/[^\s:,$]*[^/\s:,$]$"
)
_PHRASE = _text("a phrase without a full stop", r"^$|[^. ]$")
_PORT: Schema = {"type": "integer", "minimum": 1, "maximum": 65535}
_SIZE = _text("a size such as `64m`", "^[0-9]+[mg]$")
_TYPES: Mapping[str, Schema] = {
    "str": _TEXT,
    "str | None": _TEXT,
    "tuple[str, ...] | None": _TEXTS,
    "int": {"type": "integer", "minimum": 0},
    "int | None": {"type": "integer", "minimum": 1},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "tuple[str, ...]": _TEXTS,
    "Kind": {"enum": [*facts.KINDS]},
    "Moment": {"enum": [*facts.MOMENTS]},
    "Protocol": {"enum": [*facts.PROTOCOLS]},
}
_SPECIAL: Mapping[tuple[str, str], Schema] = {
    ("capabilities", "name"): {"title": "a capability such as `CHOWN`", "enum": _CAPABILITIES},
    ("heap", "default"): _SIZE,
    ("memory", "floor"): _SIZE,
    ("open_ports", "port"): _PORT,
    ("ports", "number"): _PORT,
    ("volumes", "path"): _PATH,
    ("writes", "options"): {
        "type": "array",
        "items": _text("an option of a tmpfs such as `exec` or `uid=101`", _TMPFS),
    },
    ("writes", "path"): _PATH,
}
_DIGEST = _text("a digest such as `sha256:` and 64 digits", "^sha256:[0-9a-f]{64}$")
_OF_MEASUREMENT: Mapping[str, Schema] = {
    "date": _text("a day such as `2026-11-29`", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    "digest": _DIGEST,
    "dockerfile": _DIGEST,
    "exercised": {"type": "array", "items": _PHRASE},
    "kept": {"type": "array", "items": _PHRASE},
}
_CONTROL = regex(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PHRASES = ("why", "what", "needs", "instead")
_SETS = "sets of facts to take the rest from: the first that says something counts"
# What a table holds beside aspects, with schema and meaning: a family, a set or a file.
FAMILY_KEYS: Mapping[str, tuple[Schema, str]] = {
    "names": (_NAMES, ""),
    "each": (_NAMES, "the images of which each is a family, which differ in their names only"),
    "summary": (_TEXT, ""),
    "holds_for": (_TEXT, ""),
    "about": (_TEXT, ""),
    "programs": (_TEXTS, ""),
    "needs_entrypoint": ({"type": "boolean"}, ""),
    "service": (_text("the name of a service", "^[a-zA-Z0-9._-]+$"), ""),
    "measured": ({}, ""),
    "like": ({"anyOf": [_TEXT, _TEXTS]}, _SETS),
    "none": (
        {"type": "array", "items": {"enum": [*ASPECTS]}},
        "the aspects that are known to be empty",
    ),
    "source": (_TEXT, "the source of facts that name none, a key of `sources`"),
    "sources": (
        {
            "type": "object",
            "additionalProperties": _text(
                f"a grade ({alternatives(facts.GRADES)}), a colon, and where it says so", _SOURCE
            ),
        },
        "the sources by short names: a grade, a colon, and where it says so",
    ),
}
FILE_KEYS: Mapping[str, tuple[Schema, str]] = {
    "format": ({"enum": [*FORMATS]}, "the version of this format"),
    **FAMILY_KEYS,
    "prefix": (_TEXT, "what the names of all images begin with"),
}
TABLES = {
    "families": "the families, by the name of their image or any other word",
    "sets": "sets of facts that families are like",
}


def described(kind: type) -> tuple[str, Mapping[str, str]]:
    """Return what the docstring of a class says: of it, and of each of its fields."""
    text, _, rest = (kind.__doc__ or "").partition("Attributes:\n")
    found = re.findall(r"^ {8}(\w+): (.*(?:\n {9,}.*)*)", rest, re.MULTILINE)
    return text.partition("\n")[0].strip(), {name: " ".join(said.split()) for name, said in found}


def keys_of_measurement() -> Mapping[str, Schema]:
    """Return the schema of each key of a measurement."""
    kinds = fields(Measurement).items()
    return {name: _OF_MEASUREMENT.get(name) or _TYPES[kind] for name, kind in kinds}


def keys_of(aspect: str) -> Mapping[str, Schema]:
    """Return the schema of each key of a fact."""
    own = {
        name: _SPECIAL.get((aspect, name)) or (_PHRASE if name in _PHRASES else _TYPES[kind])
        for name, kind in fields(ASPECTS[aspect]).items()
    }
    return {**own, "source": _TEXT, "when": _TEXT, "like": _TEXT}


def needed_keys(kind: type[Record]) -> list[str]:
    """Return the keys that are always there: the fields before those with a default."""
    own = [*fields(kind)]
    return own[: len(own) - len(kind._defaults)]


def problems(source: Source, open_file: Open) -> list[SyntaxProblem]:
    """Return the problems of a file of facts, as :func:`read` does."""
    return read(source, open_file)[0]


def read(
    source: Source, open_file: Open
) -> tuple[list[SyntaxProblem], list[tuple[Span, ImageFamily]]]:
    """Return the problems of a file of facts, and if there are none, its families.

    Both have their places.

    Args:
        source: the file.
        open_file: returns the data of another file, whose sets this one may name.

    """
    try:
        if len(source.text) > MAX_CHARACTERS:
            message = f"the file is longer than {MAX_CHARACTERS:,} characters"
            raise toml.TomlError(Span(source, 0, 0), message)
        file = toml.read(source)
    except toml.TomlError as error:
        return [SyntaxProblem(error.span, error.message)], []
    check = _Check(file)
    families = [] if check.problems else [*check.families(open_file)]
    return check.problems[:_MOST_PROBLEMS], [] if check.problems else families


class _Check:
    """Checks the tables of a file, and collects their problems."""

    def __init__(self, file: Toml) -> None:
        self._file = file
        self.problems: list[SyntaxProblem] = []
        self._table((), file.data, FILE_KEYS)
        self._printable((), file.data)
        for name in TABLES:
            tables = file.data.get(name, {})
            if not toml.is_table(tables):
                self._say((name,), f"`{name}` has to be a table of tables")
                continue
            for key, table in tables.items():
                self._table((name, key), table, FAMILY_KEYS)

    def _printable(self, path: Path, value: object) -> None:
        """Refuse characters that act on a terminal."""
        items: Iterable[tuple[str | int, object]] = ()
        if toml.is_table(value):
            items = value.items()
        elif toml.is_array(value):
            items = enumerate(value)
        elif isinstance(value, str) and _CONTROL.search(value):
            self._say(path, "this text has a control character")
        for key, one in items:
            self._printable((*path, key), one)

    def families(self, open_file: Open) -> Iterator[tuple[Span, ImageFamily]]:
        """Yield the families that are made of the tables, and collect their problems."""
        data, number = frozen(self._file.data), 0
        for key, names in tables_in(data):
            path = ("families", key) if key else ()
            number += len(names) or 1
            if number > _MOST_FAMILIES:
                self._say(path, f"a file may be about at most {_MOST_FAMILIES} images")
                return
            what = f"`{names[0]}`" if names else f"the service `{data.get('service', key)}`"
            try:
                for family in families_at(data, key, names, open_file):
                    self._complete(path, family, what)
                    yield self._file.key(*path), family
            except LookupError as error:
                self._say(path, f"the facts about {what}: {error.args[0]}")
        if not number:
            self._say((), "no image is named: add `names`, `service` or `families`")

    def _complete(self, path: Path, family: ImageFamily, what: str) -> None:
        for key in ("summary", "holds_for"):
            if not getattr(family, key):
                self._say(path, f"the facts about {what} need `{key}`")
        if family.service and family.names:
            self._say(path, f"the facts about {what} are about a service or about images, not both")

    def _table(self, path: Path, table: object, keys: Mapping[str, tuple[Schema, str]]) -> None:
        if not toml.is_table(table):
            self._say(path, f"`{path[-1]}` has to be a table")
            return
        for name, value in table.items():
            if name in ASPECTS:
                self._aspect((*path, name), value)
            elif name == "measured":
                self._measurement((*path, name), value)
            elif name in keys:
                self._value((*path, name), value, keys[name][0])
            elif path or name not in TABLES:
                self._unknown((*path, name), [*keys, *ASPECTS])

    def _aspect(self, path: Path, value: object) -> None:
        items = [(path, value)]
        if toml.is_array(value):
            items = [((*path, number), one) for number, one in enumerate(value)]
        for place, one in items:
            if toml.is_table(one):
                self._fact(place, one, str(path[-1]))
            else:
                self._say(place, f"a fact of `{path[-1]}` has to be a table")

    def _fact(self, path: Path, fact: dict[str, object], aspect: str) -> None:
        kind = ASPECTS[aspect]
        self._keys(path, fact, keys_of(aspect))
        if "like" not in fact:
            self._needs(path, fact, keys_of(aspect), kind, f"a fact of `{aspect}`")
        when = fact.get("when")
        problem = condition_problem(when) if isinstance(when, str) else None
        if problem is not None:
            self._say((*path, "when"), problem)

    def _measurement(self, path: Path, value: object) -> None:
        if not toml.is_table(value):
            self._say(path, "`measured` has to be a table")
            return
        keys = keys_of_measurement()
        self._keys(path, value, keys)
        self._needs(path, value, keys, Measurement, "`measured`")

    def _keys(self, path: Path, table: Table, keys: Mapping[str, Schema]) -> None:
        for name, value in table.items():
            if name in keys:
                self._value((*path, name), value, keys[name])
            else:
                self._unknown((*path, name), keys)

    def _needs(
        self, path: Path, table: Table, keys: Mapping[str, Schema], kind: type[Record], what: str
    ) -> None:
        # An unknown key may be meant for one that is needed.
        is_known = table.keys() <= keys.keys()
        for name in needed_keys(kind) if is_known else ():
            if name not in table:
                self._say(path, f"{what} needs `{name}`: {described(kind)[1][name]}")

    def _value(self, path: Path, value: object, wanted: Schema) -> None:
        if fits(value, wanted):
            return
        name = next(part for part in reversed(path) if isinstance(part, str))
        items: Sequence[tuple[str | int, object]]
        if wanted.get("type") == "array" and toml.is_array(value):
            items, each = [*enumerate(value)], wanted["items"]
        elif wanted.get("type") == "object" and toml.is_table(value):
            items, each = [*value.items()], wanted["additionalProperties"]
        else:
            self._say(path, f"`{name}` has to be {words(wanted)}")
            return
        for key, one in items:
            self._value((*path, key), one, each)

    def _unknown(self, path: Path, known: Collection[str]) -> None:
        near = closest(str(path[-1]), known)
        hint = f"did you mean `{near}`?" if near else f"known are {alternatives([*known])}"
        message = f"unknown key `{path[-1]}`; {hint}"
        self.problems.append(SyntaxProblem(self._file.key(*path), message))

    def _say(self, path: Path, message: str) -> None:
        span = self._file.value(*path) if self._file.has(*path) else self._file.key(*path)
        self.problems.append(SyntaxProblem(span, message))


def fits(value: object, wanted: Schema) -> bool:
    """Return whether a value follows a schema."""
    if "anyOf" in wanted:
        return any(fits(value, one) for one in wanted["anyOf"])
    if "enum" in wanted:
        return value in wanted["enum"]
    kind = wanted["type"]
    if kind == "array":
        return toml.is_array(value) and all(fits(one, wanted["items"]) for one in value)
    if kind == "object":
        each = wanted["additionalProperties"]
        return toml.is_table(value) and all(fits(one, each) for one in value.values())
    if kind == "string":
        pattern = wanted.get("pattern")
        # `$` matches before a last line break, too.
        return isinstance(value, str) and (
            pattern is None or (bool(re.search(pattern, value)) and not value.endswith("\n"))
        )
    if kind == "boolean":
        return isinstance(value, bool)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return is_number or isinstance(value, float)
    least, most = wanted["minimum"], wanted.get("maximum", 1 << 63)
    return isinstance(value, int) and is_number and least <= value <= most


def words(wanted: Schema) -> str:
    """Return what a value has to be, as the rest of a sentence."""
    if "title" in wanted:
        return str(wanted["title"])
    if "anyOf" in wanted:
        return " or ".join(map(words, wanted["anyOf"]))
    if "enum" in wanted:
        return alternatives([str(one) for one in wanted["enum"]])
    if wanted["type"] == "integer":
        most = wanted.get("maximum")
        return f"a whole number from {wanted['minimum']} {f'to {most}' if most else 'on'}"
    return {
        "string": "a text",
        "boolean": "true or false",
        "number": "a number",
        "array": "an array of texts",
        "object": "a table of texts",
    }[str(wanted["type"])]
