"""The settings in effect, and where each comes from: as TOML, and for programs."""

from __future__ import annotations

from tightship.config.settings import Settings
from tightship.config.text import is_tuple, toml_key, toml_value
from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record
from tightship.syntax.toml import is_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tightship.config.key import Key
    from tightship.report.json import Json
    from tightship.text import Span


class Added(Record):
    """What an option of the command line adds to a key: to a list, or to a table."""

    option: str
    value: tuple[str, ...] | Mapping[str, object]


class Effective(Record):
    """Settings of files, overridden by a command line.

    ``keys`` are the keys to show. ``given`` are the values that the command line sets,
    by key, and ``added`` the values that it adds, by key. ``shown`` returns the path and
    line of a place for people.
    """

    _settings: Settings
    _keys: Sequence[Key]
    _given: Mapping[str, object]
    _added: Mapping[str, Added]
    _shown: Callable[[Span], str]

    def toml(self) -> str:
        """Return a file with all of these settings, and their origins as comments."""
        return "".join(f"{line}\n" for line in self._lines())

    def json(self) -> Json:
        """Return all values and their origins, by key."""
        settings: dict[str, Json] = {}
        origins: dict[str, Json] = {}
        for key in self._keys:
            value = self._value(key)
            settings[key.name] = _plain(value)
            if key.form == "tables":
                places = (self._place(key.name, n) for n in range(len(_list(value))))
                origins[key.name] = [*places]
            else:
                origins[key.name] = self._origins(key, ())
        return {"settings": settings, "origins": origins}

    def _origins(self, key: Key, above: tuple[str, ...]) -> Json:
        path = (*above, key.name)
        if key.form != "table":
            return self._origin(*path)
        return {one.name: self._origins(one, path) for one in key.keys}

    def _lines(self) -> Iterator[str]:
        for key in self._keys:
            value = self._value(key)
            if key.form == "tables":
                for number, one in enumerate(_list(value)):
                    yield ""
                    yield f"[[{key.name}]]  # {self._place(key.name, number)}"
                    for name, item in _table(one).items():
                        yield f"{toml_key(name)} = {toml_value(item)}"
            else:
                yield from self._lines_of(key, value, ())

    def _lines_of(self, key: Key, value: object, above: tuple[str, ...]) -> Iterator[str]:
        path = (*above, key.name)
        if key.form == "table":
            if any(one.form != "table" for one in key.keys):
                yield ""
                yield f"[{'.'.join(map(toml_key, path))}]"
            for one in key.keys:
                yield from self._lines_of(one, _table(value)[one.name], path)
        elif value in (None, ""):
            yield f"# {key.name} is not set"
        else:
            yield f"{key.name} = {toml_value(value)}  # {self._origin(*path)}"

    def _value(self, key: Key) -> object:
        if key.name in self._given:
            return self._given[key.name]
        value = _read(self._settings, key)
        added = self._added.get(key.name)
        if added is None or not added.value:
            return value
        if is_tuple(added.value):
            return (*_list(value), *added.value)
        return _table(value) | _table(added.value)

    def _origin(self, *path: str) -> str:
        if path[0] in self._given:
            return f"--{path[0]}"
        origin = self._place(*path)
        added = self._added.get(path[0])
        if added is None or not added.value:
            return origin
        is_all = origin == "default" and not _read(Settings(""), self._key(path[0]))
        return added.option if is_all else f"{origin}, {added.option}"

    def _key(self, name: str) -> Key:
        return next(key for key in self._keys if key.name == name)

    def _place(self, *path: str | int) -> str:
        place = self._settings.place(*path)
        if place is None:
            # Another name of an option may set it.
            names = (one.name for one in self._keys if one.option == path[1:])
            place = next(filter(None, map(self._settings.place, names)), None)
        return "default" if place is None else self._shown(place)


def _read(holder: object, key: Key) -> object:
    """Return the value of a key, with tables as dictionaries."""
    value: object
    if is_table(holder):
        value = holder.get(key.name, {} if key.form == "table" else key.default)
    else:
        attribute = {"project": "projects"}.get(key.name, key.name.replace("-", "_"))
        if key.name == "files" and not hasattr(holder, attribute):
            attribute = "paths"
        value = getattr(holder, attribute)
    if key.form == "table":
        return {one.name: _read(value, one) for one in key.keys} if value is not None else None
    if key.form == "tables":
        tables = [{k.name: _read(one, k) for k in key.keys} for one in _list(value)]
        return tuple(map(_set, tables))
    return value


def _set(table: dict[str, object]) -> dict[str, object]:
    """Return the keys of a table that have a value."""
    kept = {name: item for name, item in table.items() if item or item is False}
    return {name: _set(item) if is_table(item) else item for name, item in kept.items()}


def _plain(value: object) -> Json:
    """Return a value for JSON."""
    if isinstance(value, Severity):
        return value.word
    if is_table(value):
        return {key: _plain(one) for key, one in value.items()}
    if is_tuple(value):
        return [_plain(one) for one in value]
    return value if isinstance(value, int) or value is None else str(value)


def _list(value: object) -> tuple[object, ...]:
    return value if is_tuple(value) else ()


def _table(value: object) -> dict[str, object]:
    return value if is_table(value) else {}
