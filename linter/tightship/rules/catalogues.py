"""Catalogues of controls: what a standard asks for, and the rules that decide it.

Those of Tightship are data (``facts/controls/``), and the only place that says which rule
belongs to which control. A file of an organisation has the same format.
"""

from __future__ import annotations

from tightship.lazy import Record, cache
from tightship.lazy.modules import facts, frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any, Literal

    from tightship.images.schema import Schema
    from tightship.syntax import SyntaxProblem
    from tightship.syntax.toml import Path, Toml
    from tightship.text import Source

    Decidable = Literal["yes", "partly", "no"]

BUILT_IN = ("cis", "owasp", "nist", "bsi")
"""The catalogues that Tightship has, by the names of their files."""

_TEXT: Schema = {"type": "string", "title": "a text on one line", "pattern": r"^[^\x00-\x1f]+$"}
_ID: Schema = {
    "type": "string",
    "title": "letters, digits and `._-`",
    "pattern": r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
}
_NAMES: Schema = {"type": "array", "items": _ID}
_KEYS: Mapping[str, Schema] = {
    "id": _ID,
    "title": _TEXT,
    "release": _TEXT,
    "link": {"type": "string", "title": "an address with https", "pattern": r"^https://\S+$"},
    "contribution": {"type": "boolean"},
}
_OF_CONTROL: Mapping[str, Schema] = {
    "title": _TEXT,
    "decidable": {"enum": ["yes", "partly", "no"]},
    "who": _TEXT,
    "rules": _NAMES,
}


class Control(Record):
    """One requirement of a catalogue.

    ``rules`` are those whose findings show that it is not met; of one that is not
    ``decidable``, they are only about the same subject. ``who`` decides what files do not.
    """

    id: str
    title: str
    decidable: Decidable
    who: str = ""
    rules: tuple[str, ...] = ()


class Catalogue(Record):
    """The controls of a standard in one release.

    Files alone seldom prove a whole requirement of one with ``contribution``.
    """

    id: str
    title: str
    controls: tuple[Control, ...]
    release: str = ""
    link: str = ""
    contribution: bool = False

    @property
    def name(self) -> str:
        """Return its title with its release."""
        return f"{self.title} {self.release}".rstrip()

    def reference(self, control: Control) -> str:
        """Return a control as a reference of a page, in Markdown."""
        return f"[{self.name}, {control.id}]({self.link})"


def _made(data: dict[str, Any]) -> Catalogue:
    own = {**data}
    tables: dict[str, dict[str, Any]] = own.pop("controls")
    return Catalogue(controls=tuple(Control(id=key, **one) for key, one in tables.items()), **own)


@cache
def built_in(name: str) -> Catalogue:
    """Return a catalogue of Tightship."""
    return _made(facts(f"controls/{name}"))


@cache
def _by_rule() -> dict[str, list[tuple[Catalogue, Control]]]:
    found: dict[str, list[tuple[Catalogue, Control]]] = {}
    for catalogue in map(built_in, BUILT_IN):
        for control in catalogue.controls:
            for rule in control.rules:
                found.setdefault(rule, []).append((catalogue, control))
    return found


def controls_of(rule: str) -> list[tuple[Catalogue, Control]]:
    """Return the controls of Tightship's catalogues that a rule belongs to."""
    return _by_rule().get(rule, [])


def numbers_in(name: str, rule: str) -> list[str]:
    """Return the controls of one of these catalogues that a rule belongs to."""
    return [one.id for one in built_in(name).controls if rule in one.rules]


def read(source: Source, known: Collection[str]) -> Catalogue | list[SyntaxProblem]:
    """Return the catalogue in a file, or its problems.

    Args:
        source: the file.
        known: the names of rules that it may use.

    """
    from tightship.syntax import SyntaxProblem, toml

    try:
        file = toml.read(source)
    except toml.TomlError as error:
        return [SyntaxProblem(error.span, error.message)]
    found = [*_problems(file, known)]
    if not found:
        return _made(frozen(file.data))
    return [SyntaxProblem(file.key(*path), message) for path, message in found]


def _problems(file: Toml, known: Collection[str]) -> Iterator[tuple[Path, str]]:
    from tightship.syntax.toml import is_table

    data = dict(file.data)
    controls = data.pop("controls", None)
    yield from _of_table((), data, _KEYS, ("id", "title"))
    if not is_table(controls) or not controls:
        yield ("controls",), "a catalogue needs a table `[controls.ID]` for each control"
        return
    for key, control in controls.items():
        path = ("controls", key)
        if not is_table(control):
            yield path, f"`{key}` has to be a table"
            continue
        found = [*_of_table(path, control, _OF_CONTROL, ("title", "decidable"))]
        yield from found
        if not found:
            yield from _of_control(path, control, known)


def _of_control(
    path: Path, control: dict[str, Any], known: Collection[str]
) -> Iterator[tuple[Path, str]]:
    for number, rule in enumerate(control.get("rules", ())):
        if rule not in known:
            yield (*path, "rules", number), f"unknown rule `{rule}`{_hint(rule, known)}"
    if control["decidable"] != "yes" and "who" not in control:
        yield path, "a control that files do not decide alone needs `who`: who decides the rest"
    if control["decidable"] == "yes" and not control.get("rules"):
        yield path, "a control that files decide needs `rules`"


def _of_table(
    path: Path, table: dict[str, Any], keys: Mapping[str, Schema], needed: tuple[str, ...]
) -> Iterator[tuple[Path, str]]:
    from tightship.images.schema import fits, words

    for name, value in table.items():
        if name not in keys:
            yield (*path, name), f"unknown key `{name}`{_hint(name, keys)}"
        elif not fits(value, keys[name]):
            yield (*path, name), f"`{name}` has to be {words(keys[name])}"
    for name in needed:
        if name not in table:
            yield path, f"`{name}` is missing"


def _hint(word: str, known: Collection[str]) -> str:
    from tightship.values.matching import closest

    near = closest(word, known)
    return f"; did you mean `{near}`?" if near else ""
