"""The page about the facts of a project, and the schema of their data."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from tests.generate.pages import DOCS, ROOT, table, with_block
from tests.project_facts.views import loaded

from tightship.project_facts.groups import GROUPS, SUBJECTS, subjects
from tightship.project_facts.values import TYPES, Facts, Items, Scalar, Texts
from tightship.report.facts import VERSION, is_by_name, is_left_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tightship.project_facts.values import Fact, Group, Value

_PAGE = DOCS / "facts.md"
_PLAIN = {
    "text": "string", "path": "string", "number": "number", "size": "number",
    "duration": "number", "flag": "boolean",
}  # fmt: skip
_FOLDER = ROOT / "tests" / "project_facts" / "example"
_PROJECT = {one.name: one.read_text("utf-8") for one in sorted(_FOLDER.iterdir())}
_TABLES = ("entry", "variable")
_ABOUT_SUBJECTS = "A policy can be about it."


def page() -> dict[Path, str]:
    """Return the page with the types and the facts of each group."""
    types = table(("type", "meaning"), (f"| {name} | {said} |" for name, said in TYPES.items()))
    text = with_block(_PAGE.read_text("utf-8"), "types", types)
    return {_PAGE: with_block(text, "facts", "".join(map(_section, GROUPS.values())))}


def _section(group: Group) -> str:
    about = f"{group.title[0].upper()}{group.title[1:]}."
    if group.name in SUBJECTS:
        about += f" {_ABOUT_SUBJECTS}"
    shown = _examples().get(group.name, {})
    rows = (
        f"| `{name}` | {_type(fact)} | {fact.doc} | {shown.get(name, '')} |"
        for name, fact in group.facts.items()
    )
    return f"\n### {group.name}\n\n{about}\n" + table(("fact", "type", "meaning", "example"), rows)


@cache
def _examples() -> dict[str, dict[str, str]]:
    """Return the first value of each fact in a project that has all kinds of things."""
    found: dict[str, dict[str, str]] = {}
    todo = [*subjects(loaded(_PROJECT))]
    for one in todo:
        mine = found.setdefault(one.group.name, {})
        for name, fact in one.group.facts.items():
            value = one.get(name)
            if fact.of not in SUBJECTS:
                todo += value.items if isinstance(value, Items) else ()
                todo += [value] if isinstance(value, Facts) and value.source is not None else ()
            if shown := _shown(value):
                mine.setdefault(name, shown)
    return found


def _shown(value: Value) -> str:
    if isinstance(value, Texts):
        return ", ".join(f"`{one}`" for one in sorted(value.surely)[:2])
    if isinstance(value, Items) and value.items and value.items[0].group.name in _TABLES:
        name, shown = (value.items[0].get(part) for part in ("name", "value"))
        assert isinstance(name, Scalar)
        assert isinstance(shown, Scalar)
        return f"`{name.value}`: `{shown.value}`"
    if not isinstance(value, Scalar) or not value.known or value.value in (None, ""):
        return ""
    text = value.value
    return f"`{str(text).lower() if isinstance(text, bool) else text}`"


def _type(fact: Fact) -> str:
    if fact.type == "group":
        return f"[{fact.of}](#{fact.of})"
    return f"{fact.type} of [{fact.of}](#{fact.of})" if fact.of else fact.type


def schema_file() -> dict[Path, str]:
    """Return the JSON schema of the facts."""
    things = {name: _thing(group) for name, group in GROUPS.items()}
    facts = [fact for group in GROUPS.values() for _, fact in _kept(group)]
    shapes = {_shape(fact): _fact(fact) for fact in facts}
    lists = {f"{name}s": _list(_ref(name)) for name in SUBJECTS if name != "project"}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The facts about a project",
        **_object({"version": {"const": VERSION}, "project": _or_null(_ref("project")), **lists}),
        "$defs": {"origin": _origin(), **shapes, **things},
    }
    return {DOCS / "facts.schema.json": json.dumps(schema, indent=1) + "\n"}


def _thing(group: Group) -> dict[str, object]:
    return _object(
        {name: {"description": fact.doc, **_ref(_shape(fact))} for name, fact in _kept(group)}
    )


def _kept(group: Group) -> Iterator[tuple[str, Fact]]:
    """Yield the facts of a group that a report has."""
    for name, fact in group.facts.items():
        if not is_left_out(group.name, fact):
            yield name, fact


def _shape(fact: Fact) -> str:
    """Return the name of what is known of a fact, which all facts of its type share."""
    kind = "texts" if is_by_name(fact) else fact.type
    return f"{kind}-of-{fact.of}" if fact.of and kind != "texts" else f"known-{kind}"


def _fact(fact: Fact) -> dict[str, object]:
    flag = {"type": "boolean"}
    parts = {"value": _value(fact), "known": flag, "settled": flag, "origin": _ref("origin")}
    return {**_object(parts), "properties": {**parts, **dict(_more(fact))}}


def _more(fact: Fact) -> Iterator[tuple[str, object]]:
    plain = _PLAIN.get(fact.type)
    if fact.type == "set":
        yield "possible", _list({"type": "string"})
    elif fact.type == "list" and not is_by_name(fact):
        yield "possible", _value(fact)
    elif plain == "number":
        yield from (("lowest", {"type": "number"}), ("highest", {"type": "number"}))
    elif plain == "string":
        yield "beginning", {"type": "string"}


def _value(fact: Fact) -> dict[str, object]:
    if fact.type in _PLAIN:
        return {"type": [_PLAIN[fact.type], "null"]}
    if fact.type == "set" or is_by_name(fact):
        return _list({"type": "string"})
    if fact.type == "list":
        return _list(_ref(fact.of))
    if fact.type == "table":
        return {"type": "object", "additionalProperties": _ref(fact.of)}
    return _or_null(_ref(fact.of))


def _origin() -> dict[str, object]:
    return _object({"file": {"type": "string"}, "line": {"type": "integer", "minimum": 1}})


def _object(properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": [*properties]}


def _ref(name: str) -> dict[str, object]:
    return {"$ref": f"#/$defs/{name}"}


def _or_null(one: dict[str, object]) -> dict[str, object]:
    return {"anyOf": [one, {"type": "null"}]}


def _list(one: dict[str, object]) -> dict[str, object]:
    # A thing that is there and unknown is null.
    return {"type": "array", "items": one if "type" in one else _or_null(one)}
