"""The first screen: errors first, then causes by weight, and the rest by rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.findings import Severity
from tightship.report.report import ReportOptions
from tightship.report.text_brief import BriefTextReport

if TYPE_CHECKING:
    from tests.report.conftest import Make

    from tightship.engine.verdict import JudgedFinding, Verdict

LEVELS = {"e": Severity.ERROR, "w": Severity.WARNING}


def project(make: Make, number: int, *wanted: tuple[str, str]) -> Verdict:
    """Return a project with findings of a level and a message each, of rules named after these."""
    _, [span] = make.file("image: «nginx»\n", f"a{number:03}/compose.yaml")
    found = [
        make.found(span, f"rule-{message[0]}", message, severity=LEVELS[level])
        for level, message in wanted
    ]
    return make.verdict(*found)


def of_theme(found: JudgedFinding, theme: str) -> JudgedFinding:
    found.rule.theme = theme
    return found


def test_errors_of_all_projects_come_first(make: Make) -> None:
    text = make.text(
        project(make, 1, ("w", "a is weak")),
        project(make, 2, ("e", "b is open"), ("w", "c is weak")),
        project(make, 3, ("e", "d is open")),
    )
    order = [text.index(word) for word in ("b is", "d is", "a is", "c is")]
    assert order == sorted(order)


def test_causes_come_by_what_they_give_away_and_then_by_their_number(make: Make) -> None:
    _, [span] = make.file("image: «nginx»\n")
    themes = ("hygiene", "resources", "supply_chain", "secrets", "host_interfaces")
    found = [of_theme(make.found(span, f"r{n}", t), t) for n, t in enumerate(themes)]
    text = make.text(make.verdict(*found))
    assert re.findall(r"warning: (\w+)", text) == [*reversed(themes)]
    often = [project(make, n, ("w", "b is weak")) for n in range(3)]
    text = make.text(project(make, 9, ("w", "a is weak")), *often)
    assert text.index("b is weak") < text.index("a is weak")
    assert "also in a001/compose.yaml:1, a002/compose.yaml:1\n" in text


def test_advice_is_with_the_first_finding_that_is_shown(make: Make) -> None:
    often = [project(make, n, ("w", "b is weak")) for n in range(3)]
    first = project(make, 9, ("w", "back is weak"))
    rule = often[0].findings[0].rule
    rule.help = "do something about it"
    first.findings[0].rule.help = "do something about it"
    lines = make.text(first, *often).splitlines()
    assert lines.index("  help: do something about it") < lines.index(
        "a009/compose.yaml:1:8: warning: back is weak [rule-b]"
    )


def test_what_a_screen_has_no_room_for_is_counted_by_rule(make: Make) -> None:
    wanted = [("w", f"{letter} {n}") for letter in "abc" for n in range(60)][:150]
    verdicts = [project(make, n, one) for n, one in enumerate(wanted)]
    verdicts += [project(make, 200 + n, ("e", f"z {n}")) for n in range(5)]
    text = make.text(*verdicts)
    assert len(text.splitlines()) <= 60
    counted = re.search(r"More warnings: ((?:\S+ \(\d+\)(?:, )?)+) \(`-v`\)\n", text)
    assert counted is not None
    numbers = [int(number) for number in re.findall(r"\((\d+)\)", counted[1])]
    assert numbers == sorted(numbers, reverse=True)
    assert sum(numbers) + text.count("warning: ") == 150
    assert text.count("error: ") == 5


def test_many_errors_are_lines_before_they_are_numbers(make: Make) -> None:
    verdicts = [project(make, n, ("e", f"a {n}")) for n in range(45)]
    text = make.text(*verdicts, project(make, 99, *(("w", f"w {n}") for n in range(20))))
    assert text.count("error: a ") == 45, "without frames"
    assert "More warnings: rule-w (" in text
    verdicts = [project(make, n, ("e", f"a {n}")) for n in range(100)]
    text = make.text(*verdicts)
    assert 50 < len(text.splitlines()) <= 60
    shown = text.count("error: a ")
    assert f"More errors: rule-a ({100 - shown}) (`-v`)\n" in text


@pytest.mark.parametrize("how", [{"infos": "full", "group_by": "cause"}, {"summary": False}])
def test_all_is_shown_where_all_or_no_summary_is_asked_for(
    make: Make, how: dict[str, object]
) -> None:
    verdicts = [project(make, n, ("w", f"a {n}")) for n in range(100)]
    options = ReportOptions().replaced(**how)
    assert make.text(*verdicts, report=BriefTextReport(options)).count("warning: a ") == 100


@given(st.lists(st.lists(st.tuples(st.sampled_from("ew"), st.text("abcdef 12", min_size=1)))))
def test_every_finding_is_shown_or_counted(make: Make, wanted: list[list[tuple[str, str]]]) -> None:
    verdicts = [
        project(make, n, *((level, f"x {message}") for level, message in one))
        for n, one in enumerate(wanted)
    ]
    text = make.text(*verdicts)
    assert len(text.splitlines()) <= 60
    first_warning = text.find(": warning: ")
    assert first_warning < 0 or ": error: " not in text[first_warning:]
    for level, word in (("e", "error"), ("w", "warning")):
        causes = {message for one in wanted for own, message in one if own == level}
        assert text.count(f": {word}: ") <= len(causes)
        if f"More {word}s: " not in text:
            assert text.count(f": {word}: ") == len(causes)
