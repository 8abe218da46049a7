"""The facts about a project as plain data: a stable contract, for `explain` and the API."""

from __future__ import annotations

from tightship.project_facts.groups import subjects
from tightship.project_facts.values import Facts, Items, Scalar, Texts
from tightship.report.explanation import value_without_secrets
from tightship.report.terminal import HIDDEN
from tightship.values.secret import is_placeholder_or_reference, is_secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.isolation.loaded_project import LoadedProject
    from tightship.project_facts.values import Fact, Value
    from tightship.report.json import Json

VERSION = 1
"""The version of the contract: facts may be added to it, and none changes its meaning."""

_LISTS = {"service": "services", "image": "images", "stage": "stages"}
_BY_NAME = ("service", "project")


def is_left_out(owner: str, fact: Fact) -> bool:
    """Return whether a fact is elsewhere in the data: that of the project of a service."""
    return fact.type == "group" and fact.of in _BY_NAME and owner != "hook"


def is_by_name(fact: Fact) -> bool:
    """Return whether a list has the names of services, which are elsewhere in the data."""
    return fact.type == "list" and fact.of in _BY_NAME


def facts_data(
    loaded: LoadedProject, names: Sequence[str] = (), *, shows_secrets: bool = False
) -> dict[str, Json]:
    """Return the facts about a project, in the form of ``facts.schema.json``.

    Args:
        loaded: the project.
        names: the services to give; without any, everything.
        shows_secrets: whether to give secrets as they are.

    """
    writer = _Writer(frozenset() if shows_secrets else _secrets(loaded), hides=not shows_secrets)
    project: Json = None
    lists: dict[str, list[Json]] = {name: [] for name in _LISTS.values()}
    for one, other in _paired([*subjects(loaded)], [*subjects(loaded, settles=False)]):
        kind = one.group.name
        if names and (kind != "service" or _name(one) not in names):
            continue
        if kind == "project":
            project = writer.thing(one, other)
        else:
            lists[_LISTS[kind]].append(writer.thing(one, other))
    return {"version": VERSION, "project": project, **lists}


def _secrets(loaded: LoadedProject) -> frozenset[str]:
    """Return the values of variables that have the name of a secret."""
    if loaded.compose is None:
        return frozenset()
    variables = loaded.compose.variables
    values = [variables.get(name) for name in variables.names if is_secret_name(name)]
    return frozenset(one for one in values if one and not is_placeholder_or_reference(one))


def _name(one: Facts) -> str:
    found = one.get("name")
    return str(found.value) if isinstance(found, Scalar) else ""


def _paired(
    found: Sequence[Facts], others: Sequence[Facts]
) -> Iterator[tuple[Facts, Facts | None]]:
    """Yield things with the same ones in the view in which no variable decides.

    Several at one place, such as the ports of a range, have the same order there; where
    there are fewer, the last one stands for the rest.
    """
    places: dict[object, list[Facts]] = {}
    for one in others:
        places.setdefault(_place(one), []).append(one)
    for one in found:
        here = places.get(_place(one), [])
        yield one, here[0] if here else None
        if len(here) > 1:
            del here[0]


def _place(one: Facts) -> object:
    return one.group.name, one.span.source.name, one.span.start, one.span.end


class _Writer:
    """Makes data of things; ``secrets`` are texts that it hides, wherever they are."""

    def __init__(self, secrets: frozenset[str], *, hides: bool) -> None:
        self._secrets = secrets
        self._hides = hides

    def thing(self, one: Facts, other: Facts | None) -> Json:
        """Return a thing as its facts by name; none stands for no thing, or an unknown one."""
        if one.source is None:
            return None
        if other is not None and other.source is None:
            other = None
        entry = _name(one) if one.group.name in ("entry", "variable") else ""
        return {
            name: self._fact(
                fact,
                (entry if name == "value" else "") or name,
                one.get(name),
                other.get(name) if other is not None else None,
            )
            for name, fact in one.group.facts.items()
            if not is_left_out(one.group.name, fact)
        }

    def _fact(self, fact: Fact, name: str, value: Value, other: Value | None) -> Json:
        known, data, more = self._value(fact, name, value, other)
        return {
            "value": data,
            "known": known,
            "settled": known and other is not None and _is_known(other),
            **more,
            "origin": {"file": value.span.source.name, "line": value.span.line},
        }

    def _value(
        self, fact: Fact, name: str, value: Value, other: Value | None
    ) -> tuple[bool, Json, dict[str, Json]]:
        known = _is_known(value)
        if isinstance(value, Scalar):
            return known, self._plain(name, value.value), {} if known else self._part(name, value)
        if isinstance(value, Texts):
            possible = value.possibly if not known else None
            more = {} if possible is None else {"possible": self._texts(name, possible)}
            return known, self._texts(name, value.surely), {**more}
        if isinstance(value, Items):
            same = other if isinstance(other, Items) else None
            sure = [one for one in value.items if one.is_sure]
            rest = [one for one in value.items if not one.is_sure]
            data = self._items(fact, sure, same)
            return known, data, {"possible": self._items(fact, rest, same)} if rest else {}
        return known, self.thing(value, other if isinstance(other, Facts) else None), {}

    def _part(self, name: str, value: Scalar) -> dict[str, Json]:
        if value.lowest is not None and value.highest is not None:
            return {"lowest": value.lowest, "highest": value.highest}
        return {"beginning": self._plain(name, value.beginning)} if value.beginning else {}

    def _items(self, fact: Fact, items: Sequence[Facts], other: Items | None) -> Json:
        if is_by_name(fact):
            return [*map(_name, items)]
        pairs = _paired(items, other.items if other is not None else ())
        if fact.type == "table":
            return {_name(one): self.thing(one, same) for one, same in pairs}
        return [self.thing(one, same) for one, same in pairs]

    def _texts(self, name: str, texts: frozenset[str]) -> list[Json]:
        return [self._plain(name, one) for one in sorted(texts)]

    def _plain(self, name: str, value: str | float | bool | None) -> Json:
        if not isinstance(value, str) or not self._hides:
            return value
        for one in self._secrets:
            value = value.replace(one, HIDDEN)
        return value_without_secrets(value, name, ())


def _is_known(value: Value) -> bool:
    if isinstance(value, Texts):
        return value.possibly == value.surely
    return value.known
