"""Makes families of images from the data of a file of facts.

A file describes one family, or the families of its table ``families``. A family takes the
keys that it does not have from the sets that it is ``like``, and then from the file. A
family with a ``service`` is about that service, and about no image by its name.
"""

from __future__ import annotations

from tightship.images.conditions import conditions
from tightship.images.facts import ASPECTS, GRADES, ImageFamily, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeAlias

    from tightship.images.facts import Fact, Grade
    from tightship.images.toml_file import Measurement

    Table: TypeAlias = dict[str, Any]
    Open: TypeAlias = Callable[[str], Table]
    # A table that has facts, and the file that it is in.
    Layer: TypeAlias = tuple[Table, Table]

_GRADES: dict[str, Grade] = {grade: grade for grade in GRADES}
# The most sets that a family takes facts from, and the most facts that it takes.
_MOST_SETS = 100
_MOST_FACTS = 1_000


def tables_in(file: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each table that describes a family or several, with the names of their images.

    It is given by its key in ``families``, and by an empty one if it is the file itself.
    """
    for key, table in file.get("families", {}).items():
        yield key, _names(file, key, table)
    if "names" in file or "service" in file:
        yield "", tuple(file.get("names", ()))


def family_in(file: Table, name: str, open_file: Open) -> ImageFamily:
    """Return the family of an image.

    Args:
        file: the data of the file.
        name: the name of the image, which is in the file.
        open_file: returns the data of another file, whose sets this one may name.

    """
    key, names = next(found for found in tables_in(file) if name in found[1])
    return next(one for one in families_at(file, key, names, open_file) if name in one.names)


def families_at(
    file: Table, key: str, names: tuple[str, ...], open_file: Open
) -> Iterator[ImageFamily]:
    """Yield the families that a table of a file describes: one, or one for each image.

    Raises:
        LookupError: if the file lacks a source or a set that it names, or takes too many.

    """
    tables = (file["families"][key], file) if key else (file,)
    for some in ((one,) for one in names) if "each" in tables[0] else (names,):
        yield _Reading(some, file, tables, open_file).family()


def _names(file: Table, key: str, table: Table) -> tuple[str, ...]:
    given = table.get("each") or table.get("names")
    if given is None:
        given = () if "service" in table else (key,)
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
        self._left = {"sets": _MOST_SETS, "facts": _MOST_FACTS}
        self._layers = [layer for table in tables for layer in self._with_sets(table, file)]
        self._sources = dict[tuple[int, str], Source]()
        self._measured = self._measurement()

    def _measurement(self) -> Measurement | None:
        measured = self._value("measured")
        if measured is None:
            return None
        from tightship.images.toml_file import Measurement  # Tightship's own facts have none

        made = Measurement(**measured)
        if self._value("service"):
            return made
        # Another service of the image is used in another way.
        return made.replaced(used=(), answers=(*made.answers, *made.used))

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
            service=self._value("service") or "",
            measured=self._measured,
            **found,
        )

    def _count(self, what: str) -> None:
        """Count a set or a fact: sets may name one another, and repeat what they hold."""
        self._left[what] -= 1
        if self._left[what] < 0:
            raise LookupError(f"it takes too many {what}, or `like` leads in a circle")

    def _with_sets(self, table: Table, file: Table) -> Iterator[Layer]:
        yield table, file
        self._count("sets")
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
            self._count("facts")
            if "like" in one:
                found = self._set(one["like"], file)
                yield from self._facts(aspect, found) if aspect in found[0] else ()
                continue
            own: Table = dict(one)
            key = own.pop("source", None) or table.get("source") or file.get("source", "")
            when = conditions(own.pop("when", ""))
            yield ASPECTS[aspect](source=self._source(key, file, aspect), when=when, **own)

    def _source(self, key: str, file: Table, aspect: str) -> Source:
        """Return a source of a file, unless a family or a set of it replaces that."""
        if not key and self._measured is not None:
            return self._measured.source.replaced(tried=self._measured.tried(aspect))
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
