"""The format of files of facts, and the check of a file.

The classes of facts are the table behind it: their fields are the keys of a fact, and
their docstrings describe them, in the schema for editors, too.
"""

from __future__ import annotations

import re
from functools import cache

from tightship.images import facts
from tightship.images.conditions import condition_problem
from tightship.images.facts import ASPECTS, Fact, ImageFamily, fields
from tightship.images.reader import families_at, tables_in
from tightship.images.toml_file import SETTINGS, Measurement
from tightship.lazy import regex
from tightship.lazy.modules import frozen
from tightship.syntax import SyntaxProblem, toml
from tightship.text import alternatives
from tightship.values.capability import ALL_CAPABILITIES
from tightship.values.schema import MOST_PROBLEMS, TEXT, TEXTS, check

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.images.reader import Open
    from tightship.lazy import Record
    from tightship.syntax.toml import Path, Toml
    from tightship.text import Source, Span
    from tightship.values.schema import Schema


FORMATS = (1, 2)
"""The versions of the format: 2 has `service` and `measured`. A file need not name its own."""

# A file may be anybody's, and is read at each run.
_MAX_CHARACTERS = 256_000
_MOST_FAMILIES = 500

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
    "str": TEXT,
    "str | None": TEXT,
    "tuple[str, ...] | None": TEXTS,
    "int": {"type": "integer", "minimum": 0},
    "int | None": {"type": "integer", "minimum": 1},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "tuple[str, ...]": TEXTS,
    "Kind": {"enum": [*facts.KINDS]},
    "Moment": {"enum": [*facts.MOMENTS]},
    "Protocol": {"enum": [*facts.PROTOCOLS]},
}
_SPECIAL: Mapping[tuple[str, str], Schema] = {
    ("capabilities", "name"): {"title": "a capability such as `CHOWN`", "enum": _CAPABILITIES},
    ("heap", "default"): _SIZE,
    ("memory", "floor"): _SIZE,
    ("memory", "limit"): _SIZE,
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
_TRIED: Schema = {"type": "array", "items": {"enum": [*SETTINGS]}}
_OF_MEASUREMENT: Mapping[str, Schema] = {
    "date": _text("a day such as `2026-11-29`", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    "digest": _DIGEST,
    "dockerfile": _DIGEST,
    "exercised": {"type": "array", "items": _PHRASE},
    "kept": {"type": "array", "items": _PHRASE},
    "used": _TRIED,
    "answers": _TRIED,
}
_CONTROL = regex(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_PHRASES = ("why", "what", "needs", "instead")
_LIKE = "a set whose facts are meant here"
_SETS = "sets of facts to take the rest from: the first that says something counts"
# What a table holds beside aspects, with schema and meaning: a family, a set or a file.
FAMILY_KEYS: Mapping[str, tuple[Schema, str]] = {
    "names": (_NAMES, ""),
    "each": (_NAMES, "the images of which each is a family, which differ in their names only"),
    "summary": (TEXT, ""),
    "holds_for": (TEXT, ""),
    "about": (TEXT, ""),
    "programs": (TEXTS, ""),
    "needs_entrypoint": ({"type": "boolean"}, ""),
    "service": (_text("the name of a service", "^[a-zA-Z0-9._-]+$"), ""),
    "measured": ({}, ""),
    "like": ({"anyOf": [TEXT, TEXTS]}, _SETS),
    "none": (
        {"type": "array", "items": {"enum": [*ASPECTS]}},
        "the aspects that are known to be empty",
    ),
    "source": (TEXT, "the source of facts that name none, a key of `sources`"),
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
    "prefix": (TEXT, "what the names of all images begin with"),
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


def fact_schema(aspect: str) -> Schema:
    """Return the schema of a fact."""
    kind = ASPECTS[aspect]
    own = {
        name: _SPECIAL.get((aspect, name)) or (_PHRASE if name in _PHRASES else _TYPES[of])
        for name, of in fields(kind).items()
    }
    said = {**described(kind)[1], **described(Fact)[1], "like": _LIKE}
    schema = _table({**own, "source": TEXT, "when": TEXT, "like": TEXT}, said)
    return {**schema, "if": {"required": ["like"]}, "else": {"required": _needed_keys(kind)}}


def measurement_schema() -> Schema:
    """Return the schema of a measurement."""
    keys = {
        name: _OF_MEASUREMENT.get(name) or _TYPES[kind]
        for name, kind in fields(Measurement).items()
    }
    schema = _table(keys, described(Measurement)[1])
    return {**schema, "required": _needed_keys(Measurement)}


def _table(keys: Mapping[str, Schema], said: Mapping[str, str]) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {**made, "description": said[name]} for name, made in keys.items()},
    }


def _needed_keys(kind: type[Record]) -> list[str]:
    """Return the keys that are always there: the fields before those with a default."""
    own = [*fields(kind)]
    return own[: len(own) - len(kind._defaults)]


@cache
def _schema() -> Schema:
    """Return the schema of a file."""
    own: dict[str, Schema] = {"measured": measurement_schema()}
    for aspect in ASPECTS:
        fact = fact_schema(aspect)
        fact["properties"]["when"] = {**TEXT, "problem": condition_problem}
        many = {"type": "array", "items": fact}
        own[aspect] = {"title": "a table or a list of tables", "anyOf": [fact, many]}

    def table(keys: Mapping[str, tuple[Schema, str]], more: Mapping[str, Schema]) -> Schema:
        properties = {**{name: one for name, (one, _) in keys.items()}, **own, **more}
        return {"type": "object", "properties": properties}

    each: Schema = {"type": "object", "additionalProperties": table(FAMILY_KEYS, {})}
    return table(FILE_KEYS, dict.fromkeys(TABLES, each))


def problems(source: Source, open_file: Open) -> Sequence[SyntaxProblem]:
    """Return the problems of a file of facts, as :func:`read` does."""
    return read(source, open_file)[0]


def read(
    source: Source, open_file: Open
) -> tuple[Sequence[SyntaxProblem], Sequence[tuple[Span, ImageFamily]]]:
    """Return the problems of a file of facts, and if there are none, its families.

    Both have their places.

    Args:
        source: the file.
        open_file: returns the data of another file, whose sets this one may name.

    """
    try:
        file = toml.read(source, _MAX_CHARACTERS)
    except toml.TomlError as error:
        return [SyntaxProblem(error.span, error.message)], []
    found = [*check(file, _schema()), *_printable(file, (), file.data)]
    if found:
        return found[:MOST_PROBLEMS], []
    families = _Families(file, open_file)
    made = [*families.made()]
    return families.problems, [] if families.problems else made


def _printable(file: Toml, path: Path, value: object) -> Iterator[SyntaxProblem]:
    """Refuse characters that act on a terminal."""
    items: Iterable[tuple[str | int, object]] = ()
    if toml.is_table(value):
        items = value.items()
    elif toml.is_array(value):
        items = enumerate(value)
    elif isinstance(value, str) and _CONTROL.search(value):
        yield SyntaxProblem(file.value(*path), "this text has a control character")
    for key, one in items:
        yield from _printable(file, (*path, key), one)


class _Families:
    """Makes the families of a file, and collects their problems."""

    def __init__(self, file: Toml, open_file: Open) -> None:
        self._file, self._open_file = file, open_file
        self.problems: list[SyntaxProblem] = []

    def made(self) -> Iterator[tuple[Span, ImageFamily]]:
        """Yield the families that are made of the tables."""
        data, number = frozen(self._file.data), 0
        for key, names in tables_in(data):
            path = ("families", key) if key else ()
            number += len(names) or 1
            if number > _MOST_FAMILIES:
                self._say(path, f"a file may be about at most {_MOST_FAMILIES} images")
                return
            what = f"`{names[0]}`" if names else f"the service `{data.get('service', key)}`"
            try:
                for family in families_at(data, key, names, self._open_file):
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

    def _say(self, path: Path, message: str) -> None:
        self.problems.append(SyntaxProblem(self._file.value(*path), message))
