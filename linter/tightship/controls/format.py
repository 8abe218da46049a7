"""The format of a catalogue of controls, and its check."""

from __future__ import annotations

from tightship.config.key import ConfigProblem
from tightship.controls.demand import SUBJECTS, conditions
from tightship.images.format import fits, words
from tightship.lazy.modules import frozen
from tightship.policies.language import ConditionError
from tightship.rules.catalogues import by_key, catalogue_of
from tightship.syntax import toml
from tightship.text import Span
from tightship.values.matching import closest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tightship.images.format import Schema
    from tightship.rules.catalogues import Catalogue
    from tightship.syntax.toml import Path
    from tightship.text import Source

    Table = dict[str, object]

_TEXT: Schema = {"type": "string", "title": "a text on one line", "pattern": r"^[^\x00-\x1f]+$"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_ID: Schema = {
    "type": "string",
    "title": "letters, digits and `._-`",
    "pattern": r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
}
_KEYS: Mapping[str, Schema] = {
    "id": _ID,
    "title": _TEXT,
    "release": _TEXT,
    "link": {"type": "string", "title": "an address with https", "pattern": r"^https://\S+$"},
    "contribution": {"type": "boolean"},
    "controls": {},
}
_SUBJECT: Schema = {"enum": [*SUBJECTS]}
_SUBJECTS: Schema = {
    "title": "`service`, `stage` or a list of both",
    "anyOf": [_SUBJECT, {"type": "array", "items": _SUBJECT}],
}
_OF_CONTROL: Mapping[str, Schema] = {
    "title": _TEXT,
    "decidable": {"enum": ["yes", "partly", "no"]},
    "who": _TEXT,
    "given": _TEXT,
    "like": _TEXTS,
    "rules": _TEXTS,
    "related": _TEXTS,
    "for": _SUBJECTS,
    "when": {},
    "require": {},
    "forbid": {},
    "known": _TEXTS,
    "default": _TEXT,
}
_HINTS = {
    "rule": "; `tightship rule` lists them",
    "control": "; it is one of Tightship's, such as `CIS-Docker-1.6:5.5`",
}
_NONE: Mapping[str, str] = {}
_MOST_PROBLEMS = 50
_MAX_CHARACTERS = 1_000_000


def read(
    source: Source, rules: Collection[str], taken: Mapping[str, str] = _NONE
) -> Catalogue | list[ConfigProblem]:
    """Return the catalogue in a file, or its problems with their places.

    Args:
        source: the file.
        rules: the names of rules that it may use.
        taken: the ids of other catalogues, and in words which ones have them.

    """
    try:
        if len(source.text) > _MAX_CHARACTERS:
            raise toml.TomlError(Span(source, 0, 0), "the catalogue is too long")
        file = toml.read(source)
    except toml.TomlError as error:
        return [ConfigProblem(error.span, error.message)]
    found = [*_problems(file.data, rules)]
    if (has := taken.get(str(file.data.get("id")))) is not None:
        found.append((("id",), f"{has} has this id: give this catalogue another one"))
    if not found:
        return catalogue_of(frozen(file.data))
    return [ConfigProblem(file.key(*path), text) for path, text in found[:_MOST_PROBLEMS]]


def _problems(data: Table, rules: Collection[str]) -> Iterator[tuple[Path, str]]:
    yield from _of_table((), data, _KEYS, ("id", "title"))
    controls = data.get("controls")
    if not toml.is_table(controls) or not controls:
        yield ("controls",), "a catalogue needs a table `[controls.ID]` for each control"
        return
    for key, control in controls.items():
        path = ("controls", key)
        if not fits(key, _ID):
            yield path, f"the id `{key}` has to be {words(_ID)}"
        if not toml.is_table(control):
            yield path, f"`{key}` has to be a table"
            continue
        found = [*_of_table(path, control, _OF_CONTROL, ("title", "decidable"))]
        yield from found or _of_control(path, control, rules)


def _of_control(path: Path, control: Table, rules: Collection[str]) -> Iterator[tuple[Path, str]]:
    for key, what, known in (
        ("rules", "rule", rules),
        ("related", "rule", rules),
        ("like", "control", by_key()),
    ):
        named = control.get(key, [])
        for number, name in enumerate(named if toml.is_array(named) else ()):
            if name not in known:
                hint = _hint(str(name), known) or _HINTS[what]
                yield (*path, key, number), f"unknown {what} `{name}`{hint}"
    try:
        conditions(control, path)
    except ConditionError as error:
        yield error.path, error.message
    if control.get("for") == []:
        yield (*path, "for"), "`for` is empty: write `service`, `stage` or both"
    decided = ("rules", "require", "forbid", "like")
    if control["decidable"] != "yes" and "who" not in control:
        yield path, "a control that files do not decide alone needs `who`: who decides the rest"
    if control["decidable"] == "yes" and not any(control.get(key) for key in decided):
        yield path, "a control that files decide needs `rules`, `require`, `forbid` or `like`"


def _of_table(
    path: Path, table: Table, keys: Mapping[str, Schema], needed: tuple[str, ...]
) -> Iterator[tuple[Path, str]]:
    for name, value in table.items():
        if name not in keys:
            yield (*path, name), f"unknown key `{name}`{_hint(name, keys)}"
        elif keys[name] and not fits(value, keys[name]):
            yield (*path, name), f"`{name}` has to be {words(keys[name])}"
    for name in needed:
        if name not in table:
            yield path, f"`{name}` is missing"


def _hint(word: str, known: Collection[str]) -> str:
    near = closest(word, known)
    return f"; did you mean `{near}`?" if near else ""
