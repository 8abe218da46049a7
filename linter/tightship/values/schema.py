"""Checks the data of a TOML file by a schema, with the place of each problem.

A schema is one of JSON Schema, of which it has the words that are used here, and two more:
`is` returns whether it is a value that `title` describes, `problem` what is wrong with a text.
"""

from __future__ import annotations

from itertools import islice

from tightship.syntax import SyntaxProblem
from tightship.syntax.toml import is_array, is_table
from tightship.text import alternatives
from tightship.values.matching import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Any, Literal, TypeAlias

    from tightship.syntax.toml import Path, Toml

    Schema: TypeAlias = dict[str, Any]


MOST_PROBLEMS = 50
"""How many problems of a file are named."""

TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def check(file: Toml, schema: Schema, *path: str) -> list[SyntaxProblem]:
    """Return the first problems of a file, or of the table that a path leads to."""
    table: Any = file.data
    for key in path:
        table = table[key]
    return [*islice(_Check(file).value(path, table, schema), MOST_PROBLEMS)]


class _Check:
    """Yields the problems of values at their paths."""

    def __init__(self, file: Toml) -> None:
        self._file = file

    def value(self, path: Path, value: object, wanted: Schema) -> Iterator[SyntaxProblem]:
        """Yield what is wrong with a value, and with those in it."""
        kind = "array" if is_array(value) else "object" if is_table(value) else ""
        choices = wanted.get("anyOf", (wanted,))
        inner = next((one for one in choices if kind and one.get("type") == kind), None)
        if not _fits(value, wanted) if inner is None else not value and _is_needed(inner):
            each = "each of " if path and isinstance(path[-1], int) else ""
            near = closest(str(value), map(str, wanted.get("enum", ())))
            meant = f"; did you mean `{near}`?" if near else ""
            yield self._at(path, f"{each}{_name(path)} has to be {_words(wanted)}{meant}")
        elif problem := wanted["problem"](value) if "problem" in wanted else None:
            yield self._at(path, problem)
        elif inner is not None and is_table(value):
            yield from self._table(path, value, inner)
        elif inner is not None and is_array(value):
            for number, one in enumerate(value):
                yield from self.value((*path, number), one, inner["items"])

    def _table(
        self, path: Path, table: dict[str, object], wanted: Schema
    ) -> Iterator[SyntaxProblem]:
        known: dict[str, Schema] = wanted.get("properties", {})
        named: Schema = wanted.get("propertyNames", {})
        other: Schema | Literal[False] = wanted.get("additionalProperties", False)
        unknown = table.keys() - known.keys() if other is False else ()
        for name, value in table.items():
            place, inside = self._file.key(*path, name), (*path, name)
            if name in unknown:
                yield SyntaxProblem(place, f"unknown key `{name}` here{_hint(name, known)}")
                continue
            wrong = self.value(inside, name, named)
            yield from (SyntaxProblem(place, one.message) for one in wrong)
            yield from self.value(inside, value, known.get(name, other or {}))
        # An unknown key may be meant for one that is needed.
        for name in _needed(table, wanted) if not unknown else ():
            if name not in table:
                what = known[name].get("description") or _words(known[name])
                yield self._at(path, f"{_name(path)} needs `{name}`: {what}")

    def _at(self, path: Path, message: str) -> SyntaxProblem:
        return SyntaxProblem(self._file.value(*path), message)


def _needed(table: dict[str, object], wanted: Schema) -> Sequence[str]:
    if "if" in wanted and not table.keys() >= {*wanted["if"]["required"]}:
        wanted = wanted["else"]
    needed: Sequence[str] = wanted.get("required", ())
    return needed


def _is_needed(wanted: Schema) -> bool:
    return bool(wanted.get("minItems") or wanted.get("minProperties"))


def _fits(value: object, wanted: Schema) -> bool:
    """Return whether a value follows a schema that looks into no table and no array."""
    if "anyOf" in wanted:
        return any(_fits(value, one) for one in wanted["anyOf"])
    if "is" in wanted:
        return bool(wanted["is"](value))
    if "enum" in wanted:
        return value in wanted["enum"]
    kind = wanted.get("type")
    if kind == "string":
        return isinstance(value, str) and _has_form(value, wanted)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "number"):
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if kind == "number":
            return is_number or isinstance(value, float)
        least, most = wanted["minimum"], wanted.get("maximum", 1 << 63)
        return isinstance(value, int) and is_number and least <= value <= most
    return kind is None


def _has_form(text: str, wanted: Schema) -> bool:
    from re import search

    # `$` matches before a last line break, too.
    pattern = wanted.get("pattern")
    return pattern is None or (bool(search(pattern, text)) and not text.endswith("\n"))


def _words(wanted: Schema) -> str:
    """Return what a value has to be, as the rest of a sentence."""
    if "title" in wanted:
        return str(wanted["title"])
    if "anyOf" in wanted:
        return " or ".join(map(_words, wanted["anyOf"]))
    if "enum" in wanted:
        return alternatives([str(one) for one in wanted["enum"]])
    if wanted["type"] == "integer":
        most = wanted.get("maximum")
        return f"a whole number from {wanted['minimum']} {f'to {most}' if most else 'on'}"
    return {
        "string": "a text",
        "boolean": "true or false",
        "number": "a number",
        "array": "a list of texts",
        "object": "a table",
    }[str(wanted["type"])]


def _name(path: Path) -> str:
    """Return the last key of a path, as people see it."""
    name = next((part for part in reversed(path) if isinstance(part, str)), None)
    return "this file" if name is None else f"`{name}`"


def _hint(name: str, known: Collection[str]) -> str:
    """Return which known name was probably meant, or all of them, as the end of a message."""
    near = closest(name, known)
    return f"; did you mean `{near}`?" if near else f"; known are {alternatives([*known])}"
