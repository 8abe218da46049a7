from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.lsp.desk import Desk

from tightship_lsp.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["tightship", "select", "ignore", "debounce", "codeLens", "findingsInHovers"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("wrapped", [True, False])
def test_settings_are_read_with_or_without_their_section(wrapped: bool) -> None:
    given_: object = {
        "select": ["strict"],
        "ignore": "users,network",
        "debounce": 20,
        "codeLens": False,
    }
    settings = Settings.read({"tightship": given_} if wrapped else given_)
    assert settings.words == (("strict",), ("users,network",))
    assert settings.debounce == 20
    assert not settings.code_lens
    assert not settings.problems


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("select", 3),
        ("ignore", ["a", 1]),
        ("debounce", -1),
        ("debounce", True),
        ("debounce", 10**9),
        ("codeLens", "yes"),
        ("buildKitChecks", False),
        ("buildKitChecks", "never"),
        ("findingsInHovers", 0),
        ("rulePages", "pages/root-user"),
    ],
)
def test_invalid_settings_are_reported_and_the_old_ones_kept(key: str, value: object) -> None:
    settings = Settings.read({key: value})
    [problem] = settings.problems
    assert f"tightship.{key}" in problem
    usual = Settings()
    assert settings.words == usual.words
    assert settings.debounce == usual.debounce
    assert settings.code_lens == usual.code_lens
    assert settings.rule_pages == usual.rule_pages


@given(JSON)
def test_settings_can_be_made_of_anything(value: object) -> None:
    settings = Settings.read(value)
    assert 0 <= settings.debounce <= 10_000


def test_infos_are_shown_on_request(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    uri = desk.open("compose.yaml", "services:\n  web:\n    image: nginx\n")
    desk.session.configure(Settings.read({"infos": True}))
    every = desk.rules(uri)
    desk.session.configure(Settings.read({}))
    assert set(desk.rules(uri)) < set(every)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, set[str]()),
        (True, {"compose", "dockerfile"}),
        (["dockerfile"], {"dockerfile"}),
        (list[str](), set[str]()),
    ],
)
def test_a_feature_is_on_in_some_languages(value: object, expected: set[str]) -> None:
    found = Settings.read({"features": {"completion": value}})
    assert found.features["completion"] == expected
    assert found.problems == []
    assert ("completion" in found.without) is (not expected)
    assert found.offers("rename", "compose")


@pytest.mark.parametrize("value", ["auto", 1, ["yaml"], {"compose": True}])
def test_an_invalid_choice_of_languages_changes_nothing(value: object) -> None:
    found = Settings.read({"features": {"completion": value}})
    assert found.offers("completion", "compose")
    assert len(found.problems) == 1
