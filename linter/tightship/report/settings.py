"""The settings in effect, and where each comes from: as TOML, and for programs."""

from __future__ import annotations

from tightship.config.keys import KEYS
from tightship.findings import Severity
from tightship.lazy.regex import regex
from tightship.syntax.toml import is_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeGuard

    from tightship.config.keys import Key
    from tightship.config.settings import Settings
    from tightship.report.json import Json
    from tightship.text import Span

_BARE = regex(r"[A-Za-z0-9_-]+")


class Effective:
    """Settings of files, overridden by a command line.

    ``given`` are the values that it sets, by key, and ``added`` the keys that it only
    adds to. ``shown`` returns the path and line of a place for people.
    """

    __slots__ = ("_added", "_given", "_settings", "_shown")

    def __init__(
        self,
        settings: Settings,
        given: Mapping[str, object],
        added: Mapping[str, tuple[str, ...]],
        shown: Callable[[Span], str],
    ) -> None:
        self._settings = settings
        self._given = given
        self._added = added
        self._shown = shown

    def toml(self) -> str:
        """Return a file with all of these settings, and their origins as comments."""
        return "".join(f"{line}\n" for line in self._lines())

    def json(self) -> Json:
        """Return all values and their origins, by key."""
        settings: dict[str, Json] = {}
        origins: dict[str, Json] = {}
        for key in KEYS:
            value = self._value(key)
            settings[key.name] = _plain(value)
            if key.form == "table":
                parts = {one.name: self._origin(key.name, one.name) for one in key.keys}
                origins[key.name] = {**parts}
            elif key.form == "tables":
                places = (self._place(key.name, n) for n in range(len(_list(value))))
                origins[key.name] = [*places]
            else:
                origins[key.name] = self._origin(key.name)
        return {"settings": settings, "origins": origins}

    def _lines(self) -> Iterator[str]:
        for key in KEYS:
            value = self._value(key)
            if key.form == "tables":
                for number, one in enumerate(_list(value)):
                    yield ""
                    yield f"[[{key.name}]]  # {self._place(key.name, number)}"
                    for name, item in _table(one).items():
                        yield f"{_key(name)} = {written(item)}"
            elif key.form == "table":
                yield ""
                yield f"[{key.name}]"
                for name, item in _table(value).items():
                    origin = self._origin(key.name, name)
                    yield f"{_key(name)} = {written(item)}  # {origin}"
            elif value in (None, ""):
                yield f"# {key.name} is not set"
            else:
                yield f"{key.name} = {written(value)}  # {self._origin(key.name)}"

    def _value(self, key: Key) -> object:
        if key.name in self._given:
            return self._given[key.name]
        value = _read(self._settings, key)
        added = self._added.get(key.name, ())
        return (*_list(value), *added) if added else value

    def _origin(self, *path: str) -> str:
        if path[0] in self._given:
            return f"--{path[0]}"
        origin = self._place(*path)
        if not self._added.get(path[0]):
            return origin
        option = f"--{path[0]}"
        return option if origin == "default" else f"{origin}, {option}"

    def _place(self, *path: str | int) -> str:
        place = self._settings.place(*path)
        return "default" if place is None else self._shown(place)


def _read(holder: object, key: Key) -> object:
    """Return the value of a key, with tables as dictionaries."""
    attribute = {"project": "projects"}.get(key.name, key.name.replace("-", "_"))
    if key.name == "files" and not hasattr(holder, attribute):
        attribute = "paths"
    value = getattr(holder, attribute)
    if key.form == "table":
        return {one.name: _read(value, one) for one in key.keys}
    if key.form == "tables":
        tables = [{k.name: _read(one, k) for k in key.keys} for one in value]
        return tuple(
            {name: item for name, item in table.items() if item or item is False}
            for table in tables
        )
    return value


def written(value: object) -> str:
    """Return a value in TOML, with characters that are not printable escaped."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Severity):
        return f'"{value.word}"'
    if is_table(value):
        items = (f"{_key(key)} = {written(one)}" for key, one in value.items())
        inside = ", ".join(items)
        return f"{{ {inside} }}" if inside else "{}"
    if _is_list(value):
        return f"[{', '.join(map(written, value))}]"
    return f'"{"".join(map(_escaped, str(value)))}"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else written(name)


def _plain(value: object) -> Json:
    """Return a value for JSON."""
    if isinstance(value, Severity):
        return value.word
    if is_table(value):
        return {key: _plain(one) for key, one in value.items()}
    if _is_list(value):
        return [_plain(one) for one in value]
    return value if isinstance(value, bool) or value is None else str(value)


def _is_list(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


def _list(value: object) -> tuple[object, ...]:
    return value if _is_list(value) else ()


def _table(value: object) -> dict[str, object]:
    return value if is_table(value) else {}
