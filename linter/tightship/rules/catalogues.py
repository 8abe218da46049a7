"""Catalogues of controls: what a standard asks for, and the rules that belong to it.

Those of Tightship are data (``facts/controls/``), and the only place that says which rule
belongs to which control. A file of an organisation has the same format
(:mod:`tightship.controls.format`).
"""

from __future__ import annotations

from functools import cache

from tightship.lazy import TYPE_CHECKING, Record
from tightship.lazy.modules import facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, Literal, TypeAlias

    Decidable: TypeAlias = Literal["yes", "partly", "no"]
    Table: TypeAlias = Mapping[str, Any]

BUILT_IN = ("cis", "owasp", "nist", "bsi")
"""The catalogues that Tightship has, by the names of their files."""


class Control(Record):
    """One requirement of a catalogue.

    ``rules`` are those whose findings show that it is not met, and ``related`` those that
    are only about the same subject. It asks for what the controls that it is ``like`` ask
    for, too. ``who`` decides what files do not. ``table`` has its conditions.
    """

    catalogue: Catalogue
    id: str
    title: str
    decidable: Decidable
    table: Table
    who: str = ""
    rules: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    like: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return its id with that of its catalogue, as ``CIS-Docker-1.6:5.4``."""
        return f"{self.catalogue.id}:{self.id}"

    @property
    def given(self) -> str:
        """Return what the host or the daemon has to have, for one that is met only then."""
        return str(self.table.get("given", ""))

    @property
    def reference(self) -> str:
        """Return it as a reference of a page, in Markdown."""
        return f"[{self.catalogue.name}, {self.id}]({self.catalogue.link})"


class Catalogue(Record, frozen=False):
    """The controls of a standard in one release.

    Files alone seldom prove a whole requirement of one with ``contribution``.
    """

    id: str
    title: str
    controls: tuple[Control, ...] = ()
    release: str = ""
    link: str = ""
    contribution: bool = False

    @property
    def name(self) -> str:
        """Return its title with its release."""
        return f"{self.title} {self.release}".rstrip()


def catalogue_of(data: Table) -> Catalogue:
    """Return the catalogue that a table describes, which has the format."""
    own = {key: value for key, value in data.items() if key != "controls"}
    made = Catalogue(**own)
    made.controls = tuple(_control(made, key, table) for key, table in data["controls"].items())
    return made


def _control(catalogue: Catalogue, key: str, table: Table) -> Control:
    return Control(
        catalogue,
        key,
        table["title"],
        table["decidable"],
        table,
        table.get("who", ""),
        tuple(table.get("rules", ())),
        tuple(table.get("related", ())),
        tuple(table.get("like", ())),
    )


@cache
def built_in(name: str) -> Catalogue:
    """Return a catalogue of Tightship."""
    return catalogue_of(facts(f"controls/{name}"))


@cache
def by_key() -> dict[str, Control]:
    """Return the controls of Tightship's catalogues."""
    return {one.key: one for name in BUILT_IN for one in built_in(name).controls}


@cache
def _by_rule() -> dict[str, list[Control]]:
    found: dict[str, list[Control]] = {}
    for control in by_key().values():
        for rule in dict.fromkeys(_rules(control)):
            found.setdefault(rule, []).append(control)
    return found


def _rules(control: Control) -> Iterator[str]:
    yield from control.rules
    yield from control.related
    for key in control.like:
        yield from _rules(by_key()[key])


def controls_of(rule: str) -> list[Control]:
    """Return the controls of Tightship's catalogues that a rule belongs to."""
    return _by_rule().get(rule, [])


def numbers_in(name: str, rule: str) -> list[str]:
    """Return the controls of one of these catalogues that a rule belongs to."""
    return [one.id for one in controls_of(rule) if one.catalogue is built_in(name)]
