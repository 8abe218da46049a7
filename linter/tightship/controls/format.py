"""What a control asks of the facts, the format of a catalogue of controls, and its check."""

from __future__ import annotations

from itertools import chain, islice

from tightship.config.key import ConfigProblem
from tightship.lazy import TYPE_CHECKING, Record
from tightship.lazy.modules import frozen
from tightship.policies import conditions as made
from tightship.policies.language import OF_TABLE, ConditionError, Reader
from tightship.project_facts.groups import GROUPS
from tightship.project_facts.values import Facts, Items, Scalar, Texts, texts
from tightship.rules.catalogues import by_key, catalogue_of
from tightship.syntax import toml
from tightship.values.matching import closest
from tightship.values.quantity import bytes_in_units
from tightship.values.schema import MOST_PROBLEMS, TEXT, check

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from tightship.policies.conditions import Condition
    from tightship.policies.operators import Holds
    from tightship.project_facts.values import Fact, Group, Value
    from tightship.rules.catalogues import Catalogue
    from tightship.syntax.toml import Path
    from tightship.text import Source, Span
    from tightship.values.schema import Schema

    Control = Mapping[str, Any]


SUBJECTS = ("service", "stage")
"""The groups of facts that a control may be about; a stage is the image that it makes."""

_FOREIGN = "container:"
_MOST_ITEMS = 50
_NONE: Mapping[str, Fact] = {}


class Evidence(Record):
    """A fact with its value in words, such as ``read-only: yes``, and its place."""

    told: str
    span: Span


class Demand(Record):
    """The conditions of a control on one kind of thing.

    It applies where ``when`` holds. It is met where ``requires`` holds and the facts at the
    paths ``known`` are known, as long as no rule of the control finds anything. ``paths``
    lead to all facts that it asks for, and ``default`` is what holds where a file sets
    nothing, with its source. ``by_silence`` names a rule of a policy that reports what is
    unknown, too: its silence is evidence. The default of a variable decides nothing unless
    it ``settles_defaults``.
    """

    when: Condition | None
    requires: Condition | None
    known: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    default: str = ""
    by_silence: str = ""
    settles_defaults: bool = False

    @property
    def decides(self) -> bool:
        """Return whether the facts can show that it is met."""
        return self.requires is not None or bool(self.known or self.by_silence)

    def applies(self, facts: Facts) -> Holds:
        """Return whether it applies to a thing."""
        return True if self.when is None else self.when.holds(facts, facts)

    def holds(self, facts: Facts) -> Holds:
        """Return whether a thing meets it: none where only a run decides."""
        found = True if self.requires is None else self.requires.holds(facts, facts)
        if found is False:
            return False
        return found if all(_is_known(facts, path) for path in self.known) else None

    def evidence(self, facts: Facts, *, is_open: bool = False) -> Iterator[Evidence]:
        """Yield the facts that decide, or those that only a run decides if it ``is_open``."""
        if self.by_silence:
            yield Evidence(f"{self.by_silence}: nothing found", facts.span)
        paths = (one for one in self.paths if not is_open or not _is_known(facts, one))
        found = chain(*(_evidence(path, facts, path) for path in paths))
        # Several facts about things of which there are none say the same.
        yield from {(one.told, one.span.order): one for one in found}.values()


def _evidence(told: str, value: Value, path: str) -> Iterator[Evidence]:
    name, _, rest = path.partition(".")
    if isinstance(value, Facts) and name:
        found, kind = value.get(name), value.group.facts[name].type
        if rest and kind == "table":
            found, rest = _of_table(found, rest), ""
        if kind == "size" and isinstance(found, Scalar) and isinstance(found.value, int):
            found = found.replaced(value=bytes_in_units(found.value))
        yield from _evidence(told, found, rest)
    elif isinstance(value, Items) and name and value.items:
        for one in value.items[:_MOST_ITEMS]:
            yield from _evidence(told, one, path)
    elif isinstance(value, Items) and name:
        yield Evidence(f"{told.removesuffix(f'.{path}')}: {made.shown(value)}", value.span)
    else:
        is_hidden = isinstance(value, Facts) and not value.known
        shown = "known only at run time" if is_hidden else made.shown(value)
        yield Evidence(f"{told}: {shown}", value.span)


def _of_table(value: Value, name: str) -> Value:
    """Return the value that a table has by a name, or the set of its names."""
    assert isinstance(value, Items)
    if name != "keys":
        return value.named(name)
    names = [str(one.value) for one in _names(value)]
    return texts(value.span, names, whole=value.whole)


def _names(value: Items) -> Iterator[Scalar]:
    for one in value.items:
        found = one.get("name")
        if isinstance(found, Scalar):
            yield found


def conditions(table: Control, path: Path = ()) -> dict[str, Demand]:
    """Return what the table of a control demands, by the group of the thing.

    Raises:
        ConditionError: if a condition is wrong, with the path to it.

    """
    about = table.get("for", "service")
    names = (about,) if isinstance(about, str) else tuple(about)
    return {name: _demand(table, name, path) for name in names}


def _demand(table: Control, name: str, path: Path) -> Demand:
    group = GROUPS[name]
    reader = Reader(group)
    when, require, forbid = (
        read(_thawed(table[key]), group, (*path, key)) if key in table else None
        for key, read in (
            ("when", reader.thing),
            ("require", reader.thing),
            ("forbid", reader.forbidden),
        )
    )
    parts = [one for one in (require, forbid) if one is not None]
    known: tuple[str, ...] = tuple(table.get("known", ()))
    for number, one in enumerate(known):
        _check_path(one, name, (*path, "known", number))
    paths = (_paths(table[key], group) for key in ("require", "forbid") if key in table)
    return Demand(
        when,
        made.Every(parts) if parts else None,
        known,
        tuple(dict.fromkeys((*chain(*paths), *known))),
        str(table.get("default", "")),
    )


def _paths(table: Any, group: Group) -> Iterator[str]:
    """Yield the paths of the facts that a condition names."""
    kind = table.__class__
    if kind in (list, tuple):
        yield from chain(*(_paths(one, group) for one in table))
    for name, value in table.items() if kind is dict else ():
        fact = group.facts.get(name)
        if fact is None:  # `any`, `not`, or a quantifier
            yield from _paths(value, group)
            continue
        if fact.type == "table" and value.__class__ is dict:
            yield from (name if one in OF_TABLE else f"{name}.{one}" for one in value)
            continue
        below = [*_paths(value, GROUPS[fact.of])] if fact.of else []
        yield from (f"{name}.{path}" for path in below) if below else (name,)


def _check_path(written: str, group: str, path: Path) -> None:
    facts: Mapping[str, Fact] = GROUPS[group].facts
    for part in written.split("."):
        if part not in facts:
            raise ConditionError(path, f"no fact `{written}` of a {group}")
        of = facts[part].of
        facts = GROUPS[of].facts if of else _NONE


def _thawed(value: Any) -> Any:
    """Return data with lists for its tuples, as it is in a file."""
    kind = value.__class__
    if kind is dict:
        return {key: _thawed(one) for key, one in value.items()}
    return [*map(_thawed, value)] if kind is tuple else value


def _is_known(value: Value, path: str) -> bool:
    name, _, rest = path.partition(".")
    if isinstance(value, Facts):
        if name == "driver" and value.group.name == "mount":
            return value.known and _is_own_driver(value.get(name))
        found = value.get(name) if name else value
        if rest and value.group.facts[name].type == "table":
            found, rest = _of_table(found, rest), ""
        return value.known and (not name or _is_known(found, rest))
    if isinstance(value, Items):
        return value.known and all(_is_known(one, path) for one in value.items)
    if isinstance(value, Texts):
        return value.possibly == value.surely
    assert isinstance(value, Scalar)
    # What another container has, its own start decides.
    return value.known and not str(value.value).startswith(_FOREIGN)


def _is_own_driver(driver: Value) -> bool:
    """Return whether the engine itself makes a mount; a plug-in may mount what it likes."""
    return isinstance(driver, Scalar) and driver.known and driver.value in (None, "local")


_TEXT: Schema = {**TEXT, "title": "a text on one line", "pattern": r"^[^\x00-\x1f]+$"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_ID: Schema = {
    **TEXT,
    "title": "letters, digits and `._-`",
    "pattern": r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
}
_SUBJECT: Schema = {"enum": [*SUBJECTS]}
_CONTROL: Schema = {
    "type": "object",
    "properties": {
        "title": _TEXT,
        "decidable": {"enum": ["yes", "partly", "no"]},
        "who": _TEXT,
        "given": _TEXT,
        "like": _TEXTS,
        "rules": _TEXTS,
        "related": _TEXTS,
        "for": {
            "title": "`service`, `stage` or a list of one or both",
            "anyOf": [_SUBJECT, {"type": "array", "items": _SUBJECT, "minItems": 1}],
        },
        "when": {},
        "require": {},
        "forbid": {},
        "known": _TEXTS,
        "default": _TEXT,
    },
    "required": ["title", "decidable"],
}
_CATALOGUE: Schema = {
    "type": "object",
    "properties": {
        "id": _ID,
        "title": _TEXT,
        "release": _TEXT,
        "link": {**TEXT, "title": "an address with https", "pattern": r"^https://\S+$"},
        "contribution": {"type": "boolean"},
        "controls": {
            "title": "a table `[controls.ID]` for each control",
            "type": "object",
            "propertyNames": _ID,
            "additionalProperties": _CONTROL,
            "minProperties": 1,
        },
    },
    "required": ["id", "title", "controls"],
}
_HINTS = {
    "rule": "; `tightship rule` lists them",
    "control": "; it is one of Tightship's, such as `CIS-Docker-1.6:5.5`",
}
_NO_IDS: Mapping[str, str] = {}


def read(
    source: Source, rules: Collection[str], taken: Mapping[str, str] = _NO_IDS
) -> Catalogue | list[ConfigProblem]:
    """Return the catalogue in a file, or its problems with their places.

    Args:
        source: the file.
        rules: the names of rules that it may use.
        taken: the ids of other catalogues, and in words which ones have them.

    """
    try:
        file = toml.read(source)
    except toml.TomlError as error:
        return [ConfigProblem(error.span, error.message)]
    found = [ConfigProblem(one.span, one.message) for one in check(file, _CATALOGUE)]
    if not found:
        wrong = islice(_problems(file.data, rules, taken), MOST_PROBLEMS)
        found = [ConfigProblem(file.key(*path), text) for path, text in wrong]
    return found or catalogue_of(frozen(file.data))


def _problems(
    data: Mapping[str, Any], rules: Collection[str], taken: Mapping[str, str]
) -> Iterator[tuple[Path, str]]:
    if (has := taken.get(data["id"])) is not None:
        yield ("id",), f"{has} has this id: give this catalogue another one"
    for key, control in data["controls"].items():
        yield from _of_control(("controls", key), control, rules)


def _of_control(path: Path, control: Control, rules: Collection[str]) -> Iterator[tuple[Path, str]]:
    for key, what, known in (
        ("rules", "rule", rules),
        ("related", "rule", rules),
        ("like", "control", by_key()),
    ):
        for number, name in enumerate(control.get(key, ())):
            if name not in known:
                near = closest(name, known)
                hint = f"; did you mean `{near}`?" if near else _HINTS[what]
                yield (*path, key, number), f"unknown {what} `{name}`{hint}"
    try:
        conditions(control, path)
    except ConditionError as error:
        yield error.path, error.message
    decided = ("rules", "require", "forbid", "like")
    if control["decidable"] != "yes" and "who" not in control:
        yield path, "a control that files do not decide alone needs `who`: who decides the rest"
    if control["decidable"] == "yes" and not any(control.get(key) for key in decided):
        yield path, "a control that files decide needs `rules`, `require`, `forbid` or `like`"
