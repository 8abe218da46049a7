"""The facts about package managers have the form that their readers expect."""

from __future__ import annotations

from typing import Any

import pytest

from tightship.lazy.modules import facts

MANAGERS: dict[str, dict[str, Any]] = facts("managers")
REQUIRED = {"manual", "programs", "kind", "valued", "shows", "separators", "files", "verbs"}
OPTIONS = {"global", "valued", "shows", "answers", "repairs", "pins", "sources", "lists", "types"}
SWITCHES = {"dashed", "tags", "paths", "shorthand", "dotted", "one_dash", "build_options"}
TEXTS = {"asks", "git", "reference"} | OPTIONS | REQUIRED - {"verbs"}
ACTIONS = {"install", "run", "inject", "local", "group", "dependencies", "sync"} | {
    *("choose", "swap", "remove", "upgrade", "refresh", "clean")
}
STORE = {"name", "paths", "filled_by", "emptied_by"}
OTHERS = {"off", "settings"}


@pytest.mark.parametrize("name", MANAGERS)
def test_a_manager_has_the_known_keys(name: str) -> None:
    known = MANAGERS[name]
    assert REQUIRED <= known.keys() <= TEXTS | SWITCHES | {"verbs", "bare", "stores"}
    assert all(isinstance(known[key], str) for key in TEXTS & known.keys())
    assert all(known[key] is True for key in SWITCHES & known.keys())
    assert known["kind"] in ("system", "language")
    assert known["manual"]


@pytest.mark.parametrize("name", MANAGERS)
def test_options_begin_with_dashes(name: str) -> None:
    known = MANAGERS[name]
    for key in OPTIONS & known.keys():
        words = known[key].split()
        assert words
        assert all(word.startswith("-") for word in words)
        assert len(words) == len({*words})
    valued = {*known["valued"].split(), *known.get("global", "").split()}
    taking = {"sources", "lists"} & known.keys()
    assert all({*known[key].split()} <= valued for key in taking)


@pytest.mark.parametrize("name", MANAGERS)
def test_a_verb_has_one_known_action(name: str) -> None:
    known = MANAGERS[name]
    verbs = [verb.strip() for one in known["verbs"].values() for verb in one.split(",")]
    assert len(verbs) == len({*verbs})
    assert all(0 < len(verb.split()) <= 3 for verb in verbs)
    actions = {*known["verbs"], *known.get("bare", {}).values(), *known.get("asks", "").split()}
    assert actions <= ACTIONS
    assert known.get("bare", {}).keys() <= {*known["programs"].split()}
    assert ("answers" in known) == ("asks" in known)


@pytest.mark.parametrize("name", MANAGERS)
def test_a_store_is_filled_and_emptied_by_known_verbs(name: str) -> None:
    known = MANAGERS[name]
    words = {verb for one in known["verbs"].values() for verb in one.replace(",", " ").split()}
    for store in known.get("stores", ()):
        assert STORE <= store.keys() <= STORE | OTHERS
        assert {*store["filled_by"].split(), *store["emptied_by"].split()} <= ACTIONS | words
        assert all(path.startswith(("/", "~/")) for path in store["paths"].split())


def test_a_program_belongs_to_one_manager() -> None:
    programs = [one for known in MANAGERS.values() for one in known["programs"].split()]
    assert len(programs) == len({*programs})
    assert all(not one[-1].isdigit() for one in programs)
