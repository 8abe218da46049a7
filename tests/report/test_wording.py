"""What was not checked is said in the text: which file, which line, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.engine.plan.scope import SkippedFile
from tightship.engine.verdict import Verdict
from tightship.findings import Gap
from tightship.report.report import ReportOptions, Summary
from tightship.report.text_brief import BriefTextReport
from tightship.report.text_verbose import VerboseTextReport
from tightship.report.wording import gap_lines, risks_joined
from tightship.text import Source, Span

if TYPE_CHECKING:
    from tests.report.conftest import Make

    from tightship.report.text import TextReport

FILE = Source("app/compose.yaml", "a\nb\nc\nd\ne\n")


def gap(line: int, reason: str = "it is missing") -> Gap:
    start = 2 * (line - 1)
    return Gap(Span(FILE, start, start + 1), reason)


def summary_of(*gaps: Gap, root: str = "/project") -> Summary:
    summary = Summary()
    summary.add(Verdict(root, (FILE,), [], gaps=gaps))
    return summary


def lines(summary: Summary, here: str = "/project", *, is_whole: bool = False) -> list[str]:
    return [*gap_lines(summary.scope.gaps, here, is_whole=is_whole)]


def test_a_gap_names_file_line_and_reason() -> None:
    [line] = lines(summary_of(gap(3)))
    assert line == "app/compose.yaml:3 was not checked: it is missing"


def test_the_path_is_the_displayed_one() -> None:
    [line] = lines(summary_of(gap(3)), "/project/app")
    assert line.startswith("compose.yaml:3 ")


def test_a_missing_file_has_no_line() -> None:
    summary = Summary()
    gone = Source("gone.yaml", "")
    summary.add(Verdict("/p", (gone,), [], gaps=[Gap(Span(gone, 0, 0), "no file")]))
    assert lines(summary, "/p") == ["gone.yaml was not checked: no file"]


def test_only_the_first_of_many_gaps_are_shown() -> None:
    summary = summary_of(*(gap(number) for number in range(1, 6)))
    shown = lines(summary)
    assert len(shown) == 4
    assert shown[-1] == "2 more parts could not be checked; `-v` lists them."
    assert len(lines(summary, is_whole=True)) == 5


def test_a_gap_that_two_projects_meet_counts_once() -> None:
    summary = Summary()
    for _ in range(2):
        summary.add(Verdict("/project", (FILE,), [], gaps=[gap(1), gap(2)]))
    summary.add(Verdict("/other", (FILE,), [], gaps=[gap(1)]))
    assert len(summary.scope.gaps) == 3


def test_a_reason_shows_no_secret() -> None:
    text = "include: [https://me:ghp_0123456789abcdefghijABCDEFGHIJ012345@h/x.git]\n"
    source = Source("compose.yaml", text)
    url = text[10:-2]
    one = Gap(Span(source, 10, len(text) - 2), f"`{url}` is not fetched")
    summary = Summary()
    summary.add(Verdict("/p", (source,), [], gaps=[one]))
    [line] = lines(summary, "/p")
    assert "ghp_" not in line
    assert line.endswith("is not fetched")


@pytest.mark.parametrize("form", [BriefTextReport, VerboseTextReport])
def test_skipped_files_are_counted_and_listed_with_verbose(
    make: Make, form: type[TextReport]
) -> None:
    summary = summary_of()
    for name in ("a.yml", "b.yml"):
        file = SkippedFile(f"/project/{name}", "template", "it is a template")
        summary.scope.leave(file.below("/project"))
    shown = form(ReportOptions(here="/project")).closing(summary)
    if form is VerboseTextReport:
        assert "\na.yml was not checked: it is a template\nb.yml was not" in shown
    else:
        assert shown.endswith("\nNot read: 2 files. `-v` lists them.\n")
        summary.scope.leave(SkippedFile("/project/vendor/c.yml", "vendored", "it is in `vendor`"))
        shown = form(ReportOptions(here="/project")).closing(summary)
        assert shown.endswith(
            "\nNot read: 3 files (1 with code of other people). `-v` lists them.\n"
        )
        script = SkippedFile("/project/up.sh", "not-asked-for", "", does="starts", line=3)
        summary.scope.leave(script)
        shown = form(ReportOptions(here="/project")).closing(summary)
        assert shown.endswith(
            "\nNot read: `up.sh:3` starts containers; `front-ends` in tightship.toml reads it."
            " 3 more files (1 with code of other people) were not read. `-v` lists them.\n"
        )
    assert make.text(Verdict("/project", (FILE,), [])) == "No findings in 1 file.\n"


@pytest.mark.parametrize("form", [BriefTextReport, VerboseTextReport])
def test_a_gap_that_is_a_finding_has_no_second_line(make: Make, form: type[TextReport]) -> None:
    one = make.found(Span(FILE, 4, 5), "not-checked", "it is missing")
    verdict = Verdict("/project", (FILE,), [one], gaps=[gap(3), gap(4)])
    summary = Summary()
    summary.add(verdict)
    report = form(ReportOptions(here="/project"))
    shown = report.verdict(verdict) + report.closing(summary)
    assert shown.count("app/compose.yaml:3") == 1
    assert "app/compose.yaml:4 was not checked: it is missing\n" in shown


def test_services_with_the_same_risk_are_in_one_sentence() -> None:
    risks = [
        "service `a`, if it writes to other paths",
        "clients on other hosts",
        "service `b`, if it writes to other paths",
        "",
        "service `c`, if it traces others, if any",
        "service `b`, if it writes to other paths",
    ]
    assert [*risks_joined(risks)] == [
        "service `a` or `b`, if it writes to other paths",
        "clients on other hosts",
        "service `c`, if it traces others, if any",
    ]
    many = [f"service `s{number}`, if it is busy" for number in range(8)]
    assert [*risks_joined(many)] == [
        "any of `s0`, `s1`, `s2`, `s3`, `s4` and 3 others, if it is busy"
    ]
