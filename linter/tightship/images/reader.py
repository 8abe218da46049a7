"""Makes families of images from the data of a file of facts.

A file describes one family, or the families of its table ``families``. A family takes the
keys that it does not have from the sets that it is ``like``, and then from the file.
"""

from __future__ import annotations

from tightship.images.conditions import conditions
from tightship.images.facts import ASPECTS, GRADES, ImageFamily, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from tightship.images.facts import Fact, Grade

    Table: TypeAlias = dict[str, Any]
    Open: TypeAlias = Callable[[str], Table]
    # A table that has facts, and the file that it is in.
    Layer: TypeAlias = tuple[Table, Table]

_GRADES: dict[str, Grade] = {grade: grade for grade in GRADES}


def names_in(file: Table) -> Iterator[str]:
    """Yield the names of all images that a file describes."""
    yield from file.get("names", ())
    for key, table in file.get("families", {}).items():
        yield from _names(file, key, table)


def family_in(file: Table, name: str, open_file: Open) -> ImageFamily:
    """Return the family of an image.

    Args:
        file: the data of the file.
        name: the name of the image, which is in the file.
        open_file: returns the data of another file, whose sets this one may name.

    """
    for key, table in file.get("families", {}).items():
        names = _names(file, key, table)
        if name in names:
            only = (name,) if "each" in table else names
            return _Reading(only, file, (table, file), open_file).family()
    return _Reading(tuple(file["names"]), file, (file,), open_file).family()


def _names(file: Table, key: str, table: Table) -> tuple[str, ...]:
    given = table.get("each") or table.get("names") or (key,)
    prefix = file.get("prefix", "")
    return tuple(f"{prefix}{name}" for name in given)


def _items(value: Any) -> Iterable[Any]:
    """Return the items of an array, or the one that stands for itself."""
    return value if value.__class__ in (tuple, list) else (value,)


class _Reading:
    """Makes one family, from layers of tables: the first that says something counts."""

    def __init__(
        self, names: tuple[str, ...], file: Table, tables: Iterable[Table], open_file: Open
    ) -> None:
        self._names = names
        self._open = open_file
        self._layers = [layer for table in tables for layer in self._with_sets(table, file)]
        self._sources = dict[tuple[int, str], Source]()

    def family(self) -> ImageFamily:
        found: Table = {aspect: self._aspect(aspect) for aspect in ASPECTS}
        programs = self._value("programs")
        return ImageFamily(
            self._names,
            self._filled(self._value("summary") or ""),
            self._value("holds_for") or "",
            about=self._value("about") or "",
            programs=None if programs is None else tuple(programs),
            needs_entrypoint=self._value("needs_entrypoint") is not False,
            **found,
        )

    def _with_sets(self, table: Table, file: Table) -> Iterator[Layer]:
        yield table, file
        for name in _items(table.get("like", ())):
            yield from self._with_sets(*self._set(name, file))

    def _set(self, name: str, file: Table) -> Layer:
        """Return a set of facts by its name, ``other/name`` in another file."""
        place, _, own = name.rpartition("/")
        other = self._open(place) if place else file
        if own not in other.get("sets", ()):
            raise LookupError(f"`sets` has no `{own}`")
        return other["sets"][own], other

    def _value(self, key: str) -> Any:
        return next((table[key] for table, _ in self._layers if key in table), None)

    def _aspect(self, aspect: str) -> tuple[Fact, ...] | None:
        for layer in self._layers:
            if aspect in layer[0]:
                return tuple(self._facts(aspect, layer))
            if aspect in layer[0].get("none", ()):
                return ()
        return None

    def _facts(self, aspect: str, layer: Layer) -> Iterator[Fact]:
        table, file = layer
        for one in _items(table[aspect]):
            if "like" in one:
                yield from self._facts(aspect, self._set(one["like"], file))
                continue
            own: Table = dict(one)
            key = own.pop("source", None) or table.get("source") or file.get("source", "")
            when = conditions(own.pop("when", ""))
            yield ASPECTS[aspect](source=self._source(key, file), when=when, **own)

    def _source(self, key: str, file: Table) -> Source:
        """Return a source of a file, unless a family or a set of it replaces that."""
        known = self._sources.get((id(file), key))
        if known is None:
            tables = (*(table for table, around in self._layers if around is file), file)
            found = (t["sources"][key] for t in tables if key in t.get("sources", ()))
            text: str | None = next(found, None)
            if text is None:
                raise LookupError(f"`sources` has no `{key}`" if key else "a fact has no source")
            grade, _, where = self._filled(text).partition(": ")
            known = self._sources[id(file), key] = Source(_GRADES[grade], where)
        return known

    def _filled(self, text: str) -> str:
        """Return a text with the name of the image in place of ``{name}`` and ``{short}``."""
        if "{" not in text:
            return text
        name = self._names[0]
        return text.replace("{name}", name).replace("{short}", name.rpartition("/")[2])
