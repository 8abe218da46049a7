"""Options of rules: their types, their page, and how a rule gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.generate.configuration_schema import schema

from tightship.config.key import ConfigError, Option, Options
from tightship.config.keys import with_options
from tightship.config.read import read
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings import CommandLine
from tightship.engine.settings.rule_settings import RuleSettings
from tightship.engine.settings.selection import Selection
from tightship.report.settings import Effective
from tightship.rules import Finding, Findings, rule
from tightship.rules.page import page
from tightship.text import Source, Span

if TYPE_CHECKING:
    from tightship.config.settings import Settings

DEEP = Option("deep", "flag", bool, "Whether it looks deep.", "true", default=False)
MOST = Option("most", "integer", int, "How many.", "5", default=3, bounds=(1, 9))
SIZE = Option(
    "size", "choice", str, "How large.", '"small"', default="large", choices=("small", "large")
)
NAMES = Option("names", "names", tuple, "Which.", '["a*"]')
OPTIONS: tuple[Option[Any], ...] = (DEEP, MOST, SIZE, NAMES)


def counted(subject: Span, options: Options) -> Findings:
    values = options[DEEP], options[MOST] + 1, options[SIZE], len(options[NAMES])
    yield Finding(subject, " ".join(map(str, values)))


counted.__module__ = "tightship.rules.compose.network.counted"
COUNTED = rule(on=Span, severity="info", doc="Things are counted.", options=OPTIONS, examples=())(
    counted
)
PLACE = Span(Source("f", "text"), 0, 4)


class Words:
    """The vocabulary of a house with two rules."""

    rules = ("counted", "plain")

    def knows(self, word: str) -> bool:
        return word in self.rules

    def guess(self, word: str) -> str | None:
        return None if word in self.rules else "counted"

    def options(self, rule: str) -> tuple[Option[Any], ...]:
        return OPTIONS if rule == "counted" else ()


def settings(text: str, name: str = "tightship.toml") -> Settings:
    found = read(Source(name, text), "/", Words())
    assert found is not None
    return found


def found(text: str) -> list[str]:
    """Return what the rule finds with these settings."""
    rule_settings = RuleSettings(settings(text), "/", CommandLine(["strict"]))
    runner = RuleRunner(Selection(), [COUNTED], rule_settings)
    assert runner.names(()) == {"counted"}
    return [one.finding.message for group in runner.run([PLACE]).groups for one in group]


def test_a_rule_gets_typed_values_and_defaults() -> None:
    assert found("[rules.counted]\nnames = ['a', 'b']") == ["False 4 large 2"]
    text = "rules.counted = {deep = true, most = 9, size = 'small', names = ['a']}"
    assert found(text) == ["True 10 small 1"]


def test_a_rule_is_off_until_each_option_without_a_default_is_set() -> None:
    assert COUNTED.needs == ("names",)
    assert found("") == found("[rules.counted]\ndeep = true") == []
    assert RuleRunner(Selection(), [COUNTED]).run([PLACE]).groups == [[]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[rules.countd]", "1:8: unknown rule `countd`; did you mean `counted`?"),
        ("[rules.nothing]", "1:8: unknown rule `nothing`"),
        ("[rules.plain]", "1:8: `plain` has no options"),
        ("[rules]\ncounted = 1", "2:11: `counted` has to be a table"),
        ("rules = 1", "1:9: `rules` has to be a table such as `[rules.untrusted-registry]`"),
        ("[rules.counted]\nmosst = 1", "2:1: unknown key `mosst` here; did you mean `most`?"),
        ("rules.counted.most = 0", "1:22: `most` has to be a whole number from 1 to 9"),
        ("rules.counted.most = true", "1:22: `most` has to be a whole number from 1 to 9"),
        ("rules.counted.most = '3'", "1:22: `most` has to be a whole number from 1 to 9"),
        ("rules.counted.deep = 1", "1:22: `deep` has to be true or false"),
        (
            "rules.counted.size = 'smal'",
            "1:22: `size` has to be `small` or `large`; did you mean `small`?",
        ),
        ("rules.counted.names = [1]", "1:24: each of `names` has to be a text"),
    ],
)
def test_an_invalid_option_is_an_error_at_its_place(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(text)
    assert [str(one) for one in caught.value.problems] == [f"tightship.toml:{message}"]


def test_options_are_read_from_a_pyproject() -> None:
    text = "[tool.tightship.rules.counted]\nmost = 2\n"
    assert settings(text, "pyproject.toml").rules == {"counted": {"most": 2}}


def test_the_page_explains_options() -> None:
    text = page(COUNTED)
    assert '[rules.counted]\ndeep = true\nmost = 5\nsize = "small"\n' in text
    assert "- `deep`: Whether it looks deep. By default: `false`.\n" in text
    assert "- `most`: How many. From 1 to 9. By default: `3`.\n" in text
    assert '- `size`: How large. One of small, large. By default: `"large"`.\n' in text
    assert "- `names`: Which. The rule is off until this is set.\n" in text


def test_the_schema_has_types_and_bounds_of_options() -> None:
    made = schema([], [], with_options({"counted": OPTIONS}))
    properties: Any = made["properties"]
    table = properties["rules"]["properties"]["counted"]
    assert not table["additionalProperties"]
    most = {"type": "integer", "minimum": 1, "maximum": 9}
    about = {"description": "How many.", "default": 3}
    assert table["properties"]["most"] == {**most, **about}


def test_settings_in_effect_have_options_with_their_origins() -> None:
    def shown(place: Span) -> str:
        return f"{place.source.name}:{place.source.point(place.start)[0] + 1}"

    keys = with_options({"counted": OPTIONS})
    given = settings("[rules.counted]\nmost = 2\n")
    effective = Effective(given, keys, {}, {}, shown)
    assert (
        "\n[rules.counted]\ndeep = false  # default\nmost = 2  # tightship.toml:2\n"
        'size = "large"  # default\n# names is not set\n'
    ) in effective.toml()
    document: Any = effective.json()
    assert document["settings"]["rules"]["counted"]["most"] == 2
    assert document["origins"]["rules"]["counted"]["most"] == "tightship.toml:2"


def test_a_rule_without_options_has_no_section_of_them() -> None:
    def plain(subject: Span) -> Findings:
        yield from ()
        del subject

    plain.__module__ = "tightship.rules.compose.network.plain"
    made = rule(on=Span, severity="info", doc="A.", examples=())(plain)
    assert "## Options" not in page(made)
