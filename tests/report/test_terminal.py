from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.findings import Related, Severity
from tightship.report.report import ReportOptions
from tightship.report.terminal import Paint, brief, brief_name, columns, visible
from tightship.report.text_brief import BriefTextReport
from tightship.report.text_verbose import VerboseTextReport
from tightship.text import Source, Span

if TYPE_CHECKING:
    from tests.report.conftest import Make

    from tightship.report.text import TextReport

both_texts = pytest.mark.parametrize("text", [BriefTextReport, VerboseTextReport])

HOSTILE = "\x1b]0;owned\x07\x9b31m\u202egnp.exe\u2066\r\n\x00\u2028\ufeff\ud800\U000e0041"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain `text`, é, 日本", "plain `text`, é, 日本"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("a\nb\tc", "a<U+000A>b<U+0009>c"),
        ("a\u202eb", "a<U+202E>b"),
        ("zero\u200bwidth", "zero<U+200B>width"),
        ("\ud800", "<U+D800>"),
        ("\U000e0041", "<U+E0041>"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("no\xa0break", "no\xa0break"),
    ],
)
def test_control_and_hidden_characters_are_shown_by_number(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(max_size=30))
def test_no_terminal_control_gets_through(text: str) -> None:
    kinds = {unicodedata.category(char) for char in visible(text)}
    assert not kinds & {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(max_size=30))
def test_visible_characters_are_kept(text: str) -> None:
    assert visible(visible(text)) == visible(text)


def test_a_long_text_is_cut() -> None:
    assert brief("x" * 10_000, 10) == "x" * 10 + "..."
    assert brief("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("é", 1), ("e\u0301", 1), ("日本", 4), ("🐳", 2)]
)
def test_columns_are_those_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width


def test_nothing_is_coloured_by_default() -> None:
    assert Paint(on=False)("error", "x") == "x"
    assert Paint(on=True)("error", "x") == "\x1b[1;31mx\x1b[0m"
    assert Paint(on=True)("error", "") == ""


def strip_paint(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@both_texts
def test_colouring_changes_colours_only(make: Make, text: type[TextReport]) -> None:
    source, [web, image] = make.file("services:\n  «web»:\n    image: «nginx»\n")
    fix = make.tightens("Do it", make.insert(source, 0, "# new\n"))
    findings = [make.found(image, service=web, severity=severity, fix=fix) for severity in Severity]
    painted = make.body(*findings, report=text(ReportOptions(color=True)))
    assert "\x1b[1;31merror\x1b[0m" in painted
    assert strip_paint(painted) == make.body(*findings, report=text(ReportOptions()))


@both_texts
@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("severity", [*Severity])
def test_hostile_names_messages_and_lines_reach_no_terminal(
    make: Make, text: type[TextReport], severity: Severity, color: bool
) -> None:
    source = Source(HOSTILE + ".yaml", f"k: {HOSTILE}\n")
    span = Span(source, 3, 3 + len(HOSTILE))
    finding = make.found(
        span,
        message=f"service `{HOSTILE}` is bad",
        severity=severity,
        service=HOSTILE,
        because=(Related(span, HOSTILE),),
        fix=make.tightens(HOSTILE, make.insert(source, 0, HOSTILE), may_break=HOSTILE),
    )
    verdict = make.verdict(finding, finding).replaced(fail_on="info")
    shown = strip_paint(make.text(verdict, report=text(ReportOptions(color=color))))
    assert "owned" in shown
    assert all(char.isprintable() for char in shown.replace("\n", ""))


@both_texts
def test_a_name_of_a_megabyte_is_not_repeated_in_full(make: Make, text: type[TextReport]) -> None:
    name = "n" * 1_000_000
    source, [span] = make.file(f"services: {{«{name}»: {{}}}}")
    finding = make.found(span, message=f"service `{name}` is bad", service=span)
    report = text(ReportOptions())
    assert len(make.body(finding, finding, report=report)) < 3_000
    assert source.text


@pytest.mark.parametrize("path", ["::stop-commands::x/compose.yaml", "##vso[x]y.yaml"])
@pytest.mark.parametrize("form", ["text", "concise"])
def test_a_path_begins_no_command_of_a_ci_system(path: str, form: str, make: Make) -> None:
    source = Source(path, "a: b\n")
    verdict = make.verdict(make.found(Span(source, 0, 1)))
    lines = make.document(form, verdict).splitlines()
    assert not [line for line in lines if line.lstrip().startswith(("::", "##"))]
    assert any(line.startswith(f"./{path}") for line in lines)


def test_of_a_long_path_the_end_stays_with_whole_names() -> None:
    path = "deployments/a-customer-with-a-long-name/production/compose.override.yaml"
    assert brief_name(path, 80) == path
    assert brief_name(path, 60) == ".../production/compose.override.yaml"
    assert brief_name("compose." * 9, 20) == "compose.compose.comp..."
    assert brief_name(f"a/{'b' * 70}", 60) == f"a/{'b' * 58}..."
