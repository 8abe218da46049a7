from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.cli.main import main
from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Related, Severity
from tightship.report.formats import GROUPINGS
from tightship.report.groups import grouped
from tightship.report.redaction import redacted
from tightship.report.report import ReportOptions, Summary, seen_from
from tightship.report.text_brief import BriefTextReport
from tightship.report.text_verbose import VerboseTextReport
from tightship.rules import every_rule
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from tests.report.conftest import Make

    from tightship.report.text import TextReport

PLAIN = """
services:
  «web»:
    image: «nginx»
  «db»:
    image: «postgres»
"""
PAGE = """A thing is bad.

## How to fix

Make the thing `good`, and keep
it so from now on. Then look again.

    good: true
"""

RULES = [rule.load() for rule in every_rule()]
MEASURES = {rule.measure: rule.name for rule in RULES if rule.measure}
LACKING = [rule for rule in RULES if rule.measure]

Place = tuple[str, str, int, str]
"""Severity, path, line, rule."""


def places(text: str) -> set[Place]:
    """Read all places from a report: those of findings, and those that are folded."""
    head = re.compile(r"(\S+):(\d+):\d+: (error|warning|info): (.*) \[([\w -]+)\]")
    found, last = set[Place](), ("", "", 0, "")
    # What continues a note has two blanks more.
    for line in text.replace("\n    ", " ").splitlines():
        if match := head.fullmatch(line):
            path, number, severity, message, rule = match.groups()
            last = severity, path, int(number), rule
            lacks = re.search(r" lacks hardening(?: that `.*` adds)?: ([^;]*)", message)
            rules = [MEASURES[one] for one in lacks[1].split(", ")] if lacks else [rule]
            if " services lack hardening" not in message:
                found |= {(severity, path, int(number), rule) for rule in rules}
        elif match := re.fullmatch(r"  also on lines? (.*)", line):
            for number in re.findall(r"(?:^|, )(\d+)(?= \(|,|$)", match[1]):
                found.add((last[0], last[1], int(number), last[3]))
        elif match := re.fullmatch(r"  also in (.*)", line):
            for path, number in re.findall(r"(\S+):(\d+)", match[1]):
                found.add((last[0], path, int(number), last[3]))
        elif match := re.fullmatch(r"  (`.*\)): (.*)", line):
            rules = [MEASURES[one] for one in match[2].split(", ")]
            for number in re.findall(r"\(line (\d+)\)", match[1]):
                found |= {(last[0], last[1], int(number), rule) for rule in rules}
            for path, number in re.findall(r"\(([^ ()]+):(\d+)\)", match[1]):
                found |= {(last[0], path, int(number), rule) for rule in rules}
    return found


def expected(verdict: Verdict, here: str = "", *, infos: bool = False) -> set[Place]:
    return {
        (
            one.severity.word,
            seen_from(here, verdict.root, one.span.source.name),
            one.span.source.point(one.span.start)[0] + 1,
            one.rule.name,
        )
        for one in verdict.findings
        if one.severity > Severity.INFO or infos
    }


def test_a_finding_is_its_place_severity_message_and_rule_in_a_line(make: Make) -> None:
    _, [web, image, *_] = make.file(PLAIN)
    assert make.body(make.found(image, service=web)) == (
        "compose.yaml:3:12: warning: a thing is bad [bad-thing]\n"
    )


def test_an_error_has_its_line_and_its_fix(make: Make) -> None:
    _, [web, image, *_] = make.file(PLAIN)
    fix = make.tightens("Pin it", Edit(image, "nginx:1.29"), may_break="old clients")
    found = make.found(image, service=web, severity=Severity.ERROR, fix=fix)
    assert make.body(found) == make.golden(
        """
        compose.yaml:3:12: error: a thing is bad [bad-thing]
          3 |     image: nginx
            |            ^^^^^
          3 -     image: nginx
            +     image: nginx:1.29
          fix (tightens): Pin it
          may break: old clients
        """
    )


def test_the_line_to_write_is_named_where_it_replaces_one(make: Make) -> None:
    _, [web, image, *_] = make.file(PLAIN)
    fix = make.keeps("Pin it", Edit(image, "nginx:1.29"))
    assert make.body(make.found(image, service=web, fix=fix)) == make.golden(
        """
        compose.yaml:3:12: warning: a thing is bad [bad-thing]
          fix (keeps behaviour): Pin it: `image: nginx:1.29`
        """
    )


def test_findings_that_differ_in_code_only_are_one(make: Make) -> None:
    _, [web, image, db, other] = make.file(PLAIN)
    shown = make.body(
        make.found(image, message="service `web` has `A` in `x`", service=web),
        make.found(other, message="service `db` has `A` in `y`", service=db),
        make.found(db, message="service `web` has `A` in `x`", service=web),
        make.found(db, message="service `web` has no `A`", service=web),
    )
    assert shown == make.golden(
        """
        compose.yaml:3:12: warning: service `web` has `A` in `x` [bad-thing]
          also on lines 5 (`db`, `y`), 4
        compose.yaml:4:3: warning: service `web` has no `A` [bad-thing]
        """
    )


def test_what_services_lack_is_one_block_with_the_command_that_adds_it(make: Make) -> None:
    _, [web, _, db, _] = make.file(PLAIN)
    fix = make.tightens("Lock it", Edit(web, "x"))
    found = [
        make.found(service, rule, f"`{service.text}`", service=service, fix=fix, measure=measure)
        for service in (web, db)
        for rule, measure in (("writable", "read-only root"), ("unlimited", "limits"))
    ]
    assert make.text(make.verdict(*found, services=2)) == make.golden(
        """
        compose.yaml:2:3: warning: 2 services lack hardening that `tightship harden --write` adds [2 rules]
          `web` (line 2), `db` (line 4): read-only root, limits

        2 services in 1 file: 4 warnings. `-v` shows more, `tightship rule NAME` explains a rule.
        Fixes: 4 harden (`tightship harden --write`); `--diff` in place of `--write` shows the changes.
        """
    )
    assert make.body(*found[:3]).endswith(
        "  `web` (line 2): read-only root, limits\n  `db` (line 4): read-only root\n"
    )
    assert make.body(*found[:2]) == (
        "compose.yaml:2:3: warning: service `web` lacks hardening that `tightship harden"
        " --write` adds: read-only root, limits [2 rules]\n"
    )


def test_what_services_of_many_projects_lack_is_one_block(make: Make) -> None:
    verdicts = list[Verdict]()
    for number in range(5):
        _, [web, *_] = make.file(PLAIN, f"apps/a{number:02}/compose.yaml")
        fix = make.tightens("Lock it", Edit(web, "x"))
        found = [
            make.found(web, rule, "`web`", service=web, fix=fix, measure=rule)
            for rule in ("writable", "unlimited")
        ]
        verdicts.append(make.verdict(*found, services=1))
    text = make.text(*verdicts)
    assert text.count(" hardening") == 1
    assert text.startswith(
        "apps/a00/compose.yaml:2:3: warning: 5 services of 5 projects lack hardening that"
        " `tightship harden apps --write` adds [2 rules]\n"
        "  also in apps/a01/compose.yaml:2, apps/a02/compose.yaml:2, apps/a03/compose.yaml:2"
        " and 1 more place\n"
    )
    assert make.text(*verdicts[:3]).count(" hardening") == 3
    whole = BriefTextReport(ReportOptions(group_by="cause", infos="full"))
    assert make.text(*verdicts, report=whole).count(" hardening") == 5


def test_a_block_promises_no_more_than_there_are_fixes(make: Make) -> None:
    _, [web, *_] = make.file(PLAIN, "app/my compose.yaml")
    fix = make.tightens("Lock it", Edit(web, "x"))
    found = [
        make.found(web, rule, "`web`", service=web, fix=known, measure=rule)
        for rule, known in (("writable", fix), ("unlimited", None))
    ]
    assert make.body(*found).startswith(
        "app/my compose.yaml:2:3: warning: service `web` lacks hardening: writable, unlimited;"
        " `tightship harden 'app/my compose.yaml' --write` adds 1 of 2 measures ["
    )
    assert " lacks hardening: unlimited [unlimited]\n" in make.body(found[1])
    assert "service `web` lacks hardening" not in make.body(
        found[0].replaced(severity=Severity.ERROR)
    )


def test_help_is_for_measures_without_a_fix(make: Make) -> None:
    _, [web, *_] = make.file(PLAIN)
    rule = make.rule("bad-thing", doc=PAGE, measure="a good thing")
    subject = Subject("service", "web", web)
    found = JudgedFinding(rule, Finding(web, "bad"), rule.severity, subject)
    assert make.body(found).endswith(
        "\n  help: make the thing `good`, and keep it so from now on\n"
    )


COPY = "FROM «nginx»\n"


def test_copies_are_shown_once_in_a_run(make: Make) -> None:
    verdicts = list[Verdict]()
    for name in "abcdef":
        _, [image] = make.file(COPY, f"{name}/Dockerfile")
        verdicts.append(make.verdict(make.found(image), services=0))
    assert make.text(*verdicts) == make.golden(
        """
        a/Dockerfile:1:6: warning: a thing is bad [bad-thing]
          also in b/Dockerfile:1, c/Dockerfile:1, d/Dockerfile:1 and 2 more places

        6 files: 6 warnings. `-v` shows more, `tightship rule NAME` explains a rule.
        """
    )
    by_file = make.text(*verdicts, report=BriefTextReport(ReportOptions(group_by="file")))
    assert by_file.count("a thing is bad") == 6
    whole = BriefTextReport(ReportOptions(group_by="cause", infos="full"))
    assert "f/Dockerfile:1\n" in make.text(*verdicts, report=whole)


def test_all_places_of_an_error_are_shown(make: Make) -> None:
    verdicts = list[Verdict]()
    for name in "abcdef":
        _, [image] = make.file(COPY, name)
        verdicts.append(make.verdict(make.found(image, severity=Severity.ERROR)))
    assert "  also in b:1, c:1, d:1, e:1, f:1\n" in make.text(*verdicts)


def test_many_lines_of_a_file_are_counted(make: Make) -> None:
    source, _ = make.file("x\n" * 30)
    found = [make.found(Span(source, 2 * number, 2 * number + 1)) for number in range(30)]
    assert make.body(*found).endswith("\n  also on lines 2, 3, 4, 5, 6, 7, 8, 9 and 21 more\n")
    alone = make.body(*found, report=BriefTextReport(ReportOptions(group_by="none")))
    assert alone.count("a thing is bad") == 30


@given(st.data())
def test_each_finding_is_in_one_group(data: st.DataObject) -> None:
    findings = data.draw(verdicts()).findings
    for by in GROUPINGS:
        groups = grouped(findings, by)
        of_groups = [id(one) for group in groups for one in group.findings]
        assert sorted(of_groups) == sorted(map(id, findings))
    assert len(grouped(findings, "none")) == len(findings)
    for group in grouped(findings, "file"):
        assert not group.elsewhere
        assert len({(one.rule, one.severity) for one in group.findings}) == 1
    known: dict[tuple[str, str, Severity], int] = {}
    for group in grouped(findings, "cause"):
        for one in group.findings:
            cause = one.rule.name, one.cause, one.severity
            assert known.setdefault(cause, id(group)) == id(group)


def test_help_is_printed_once_in_a_run_and_a_risk_once_in_a_file(make: Make) -> None:
    verdicts = list[Verdict]()
    for name in "ab":
        source, [web, image, *_] = make.file(PLAIN, name)
        rule = make.rule("bad-thing", doc=PAGE)
        plain = JudgedFinding(rule, Finding(image, name), rule.severity, Subject("file", ""))
        fix = make.tightens("Do", make.insert(source, 0, "# x\n"), may_break="old clients")
        verdicts.append(make.verdict(plain, make.found(web, "other", name, fix=fix)))
    shown = make.text(*verdicts)
    assert shown.count("  help: make the thing `good`, and keep") == 1
    assert shown.count("  may break: old clients") == 2


def test_errors_come_first_and_absences_last_across_files(make: Make) -> None:
    _, [web, image, *_] = make.file(PLAIN)
    _, [pid] = make.file("pid: «host»\n", "override.yaml")
    shown = make.body(
        make.found(web, "absent", service=web, measure="a lock"),
        make.found(image, "weak", service=web),
        make.found(pid, "open", severity=Severity.ERROR, service=web),
    )
    order = [shown.index(name) for name in ("[open]", "[weak]", "[absent]")]
    assert order == sorted(order)


def test_the_files_of_each_of_several_projects_are_named_above_its_findings(make: Make) -> None:
    main, [web] = make.file("services: {«web»: {build: web}}\n", "app/compose.yaml")
    other, [root] = make.file("FROM «nginx»\n", "app/web/Dockerfile")
    _, [last] = make.file("FROM «x»\n", "z/Dockerfile")
    note = Related(web, "service `web` runs it")
    verdict = Verdict(
        "/project",
        (main, other),
        [make.found(root, because=(note,))],
        builders={"app/web/Dockerfile": ["web"]},
    )
    second = make.verdict(make.found(last, message="no"))
    line = "app/web/Dockerfile:1:6: warning: a thing is bad [bad-thing]\n\n"
    title = "app/compose.yaml with web/Dockerfile (built by web)\n"
    assert make.text(verdict).startswith(line)
    by_file = BriefTextReport(ReportOptions(group_by="file"))
    assert make.text(verdict, second, report=by_file).startswith(title + line + "z/Dockerfile:1:6")
    some = verdict.replaced(builders={"app/web/Dockerfile": ["web", "worker"]})
    # Not every service that builds it is concerned.
    assert "  note: service `web` runs it (app/compose.yaml:1:12)\n" in make.text(some)


def test_findings_have_no_blank_lines_between_them(make: Make) -> None:
    verdicts = list[Verdict]()
    for name in "abcd":
        _, [word] = make.file("FROM «x»\n", name)
        because = (Related(word, "see it"),) if name == "c" else ()
        found = make.found(word, message=f"{name} is bad", because=because)
        verdicts.append(make.verdict(found, services=0))
    assert make.text(*verdicts) == make.golden(
        """
        a:1:6: warning: a is bad [bad-thing]
        b:1:6: warning: b is bad [bad-thing]
        c:1:6: warning: c is bad [bad-thing]
          note: see it (c:1:6)
        d:1:6: warning: d is bad [bad-thing]

        4 files: 4 warnings. `-v` shows more, `tightship rule NAME` explains a rule.
        """
    )


def test_related_places_and_absorbed_findings_are_one_note_each(make: Make) -> None:
    _, [web, image, *_] = make.file(PLAIN)
    absorbed = make.found(web, "no-cap-drop", service=web)
    for places_, more in ((3, ""), (4, "; and 1 more place"), (9, "; and 6 more places")):
        because = tuple(Related(image, f"see {n}") for n in range(places_))
        found = make.found(image, because=because, absorbed=(absorbed, absorbed))
        note = "; ".join(f"see {n} (compose.yaml:3:12)" for n in range(3))
        assert make.body(found, report=BriefTextReport(ReportOptions(width=200))) == (
            "compose.yaml:3:12: warning: a thing is bad [bad-thing]\n"
            f"  note: {note}{more}\n"
            "  made irrelevant by this: no-cap-drop at compose.yaml:2:3\n"
        )


def test_infos_are_counted_unless_the_run_fails_on_them(make: Make) -> None:
    _, [web, image, *_] = make.file(PLAIN)
    verdict = make.verdict(make.found(image, severity=Severity.INFO, service=web))
    assert make.text(verdict) == (
        "1 service in 1 file: 1 info. `-v` shows more, `tightship rule NAME` explains a rule.\n"
        "Also: bad-thing (1) (`-v`).\n"
    )
    for infos in ("none", "brief"):
        report = BriefTextReport(ReportOptions(infos=infos, summary=False))
        assert make.text(verdict.replaced(fail_on="info"), report=report) == (
            "compose.yaml:3:12: info: a thing is bad [bad-thing]\n"
        )


def test_fixes_of_all_findings_are_counted(make: Make) -> None:
    source, [web, image, *_] = make.file(PLAIN)
    safe = make.keeps("A", make.insert(source, 0, "# a\n"))
    unsafe = make.tightens("B", make.insert(source, 0, "# b\n"))
    shown = make.text(
        make.verdict(
            make.found(web, fix=safe, severity=Severity.INFO),
            make.found(web, fix=unsafe),
            make.found(image, fix=unsafe),
        )
    )
    assert shown.endswith(
        "\nFixes: 1 keeps behaviour (`--fix`), 2 tighten (`--fix --all-fixes`); `--diff` in"
        " place of `--fix` shows the changes.\n"
    )


@pytest.mark.parametrize(
    ("services", "files", "summary"),
    [
        (1, 1, "No findings in 1 file, 1 service.\n"),
        (7, 3, "No findings in 3 files, 7 services.\n"),
        (0, 1, "No findings in 1 file.\n"),
        (0, 0, ""),
    ],
)
def test_a_clean_run_counts_the_checked_files(
    make: Make, services: int, files: int, summary: str
) -> None:
    sources = tuple(Source(f"{number}.yaml", "") for number in range(files))
    assert make.text(Verdict("/project", sources, [], services=services)) == summary


def test_a_file_that_two_projects_read_counts_once(make: Make) -> None:
    shared, one, two = Source("base", ""), Source("one", ""), Source("two", "")
    verdicts = [
        Verdict("/project", (one, shared), [], services=1),
        Verdict("/project", (two, shared), [], services=1),
    ]
    assert make.text(*verdicts) == "No findings in 3 files, 2 services.\n"


def test_the_summary_counts_each_severity_and_the_gaps(make: Make) -> None:
    _, [web, *_] = make.file(PLAIN)
    severities = [Severity.ERROR, *[Severity.WARNING] * 2, *[Severity.INFO] * 3]
    found = [make.found(web, service=web, severity=severity) for severity in severities]
    for gaps, tail in ((0, ""), (1, " 1 part"), (2, " 2 parts")):
        shown = make.text(make.verdict(*found, services=2, gaps=gaps))
        end = f"{tail} could not be checked." if gaps else ""
        assert f"2 services in 1 file: 1 error, 2 warnings, 3 infos.{end} `-v`" in shown


@pytest.mark.parametrize(
    ("fail_on", "severity", "said"),
    [
        ("error", Severity.WARNING, True),
        ("never", Severity.ERROR, True),
        ("warning", Severity.INFO, False),
        ("warning", Severity.WARNING, False),
        ("error", Severity.ERROR, False),
        ("info", Severity.INFO, False),
    ],
)
def test_findings_below_fail_on_are_shown_and_counted(
    make: Make, fail_on: str, severity: Severity, said: bool
) -> None:
    _, [web, *_] = make.file(PLAIN)
    verdict = make.verdict(make.found(web, service=web, severity=severity))
    shown = make.text(verdict.replaced(fail_on=fail_on))
    assert (f"No finding fails the run: fail-on is `{fail_on}`." in shown) is said
    if severity > Severity.INFO:
        assert make.body(*verdict.findings) in shown


def test_gaps_are_named_even_without_a_summary(make: Make) -> None:
    _, [web, *_] = make.file(PLAIN)
    quiet = BriefTextReport(ReportOptions(summary=False))
    shown = make.text(make.verdict(make.found(web), gaps=2), report=quiet)
    assert shown.splitlines()[-2:] == [
        "other.yaml:1 was not checked: reason 0",
        "other.yaml:2 was not checked: reason 1",
    ]


@pytest.mark.parametrize("report", [BriefTextReport, VerboseTextReport])
def test_an_identical_patch_is_shown_once(make: Make, report: type[TextReport]) -> None:
    _, [web, image, _, other] = make.file(PLAIN)
    error = Severity.ERROR
    pin = make.tightens("Pin it", Edit(image, "nginx:1.29"), may_break="old clients")
    change = make.tightens("Change it", Edit(image, "caddy:2"))
    same = make.tightens("Pin that", Edit(other, "nginx:1.29"))
    found = [
        make.found(image, "bad-thing", "one", service=web, severity=error, fix=pin),
        make.found(image, "worse-thing", "two", service=web, severity=error, fix=pin),
        make.found(image, "bad-thing", "three", service=web, severity=error, fix=change),
        make.found(other, "bad-thing", "four", service="db", severity=error, fix=same),
    ]
    shown = make.text(make.verdict(*found), report=report(ReportOptions()))
    assert shown.count("3 -     image: nginx\n") == 2
    # The same text elsewhere is another patch.
    assert shown.count("+     image: nginx:1.29\n") == 2
    assert shown.count("+     image: caddy:2\n") == 1
    assert shown.count("fix (tightens): Pin it") == 2
    assert all(f"error: {word} [" in shown for word in ("one", "two", "three", "four"))


def test_a_file_without_services_is_counted_without_them(make: Make) -> None:
    _, [web, *_] = make.file(PLAIN)
    assert "\n1 file: 1 warning. " in make.text(make.verdict(make.found(web), services=0))


NAMES = ["a.yaml", "b/Dockerfile", "c.yml"]


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    """Return a verdict with findings of all kinds, many of them alike."""
    sources = [Source(name, "word\n" * 9) for name in NAMES]
    findings = list[JudgedFinding]()
    for _ in range(draw(st.integers(1, 25))):
        source = draw(st.sampled_from(sources))
        start = 5 * draw(st.integers(0, 8))
        span = Span(source, start, start + draw(st.integers(0, 4)))
        name = draw(st.sampled_from(["web", "db", "1", "3, 4"]))
        message = draw(st.sampled_from(["`{}` is `x`", "no `{}`", "bad, 5", ""]))
        absence = draw(st.booleans())
        subject = Subject("service", name, span if absence else None)
        finding = Finding(span, message.format(name))
        severity = draw(st.sampled_from([*Severity]))
        rule = draw(st.sampled_from([*RULES[:3], *LACKING[:3]]))
        findings.append(JudgedFinding(rule, finding, severity, subject))
    builders = {NAMES[1]: ["web"]} if draw(st.booleans()) else {}
    return Verdict("/p", tuple(sources), findings, builders=builders)


@given(verdicts(), st.integers(20, 200), st.sampled_from(GROUPINGS))
def test_every_place_is_shown_if_all_are_asked_for(
    verdict: Verdict, width: int, group_by: str
) -> None:
    options = ReportOptions(width=width, infos="full", group_by=group_by)
    report = BriefTextReport(options)
    shown = report.verdict(verdict) + report.closing(Summary())
    assert places(shown) == expected(verdict, infos=True)


PROJECTS = sorted(
    path for path in (Path(__file__).parents[1] / "projects").iterdir() if path.is_dir()
)


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_every_finding_of_a_project_is_shown_with_its_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = list[Verdict]()
    written = BriefTextReport.verdict

    def spy(report: BriefTextReport, verdict: Verdict) -> str:
        shown.append(verdict)
        return written(report, verdict)

    monkeypatch.setattr(BriefTextReport, "verdict", spy)
    monkeypatch.chdir(project)
    main(["check", "-v", "--group-by", "cause"])
    out = capsys.readouterr().out
    every = {one for verdict in shown for one in expected(verdict, str(project), infos=True)}
    assert places(out) == every
    main(["check"])
    first = capsys.readouterr().out
    assert len(first.splitlines()) <= 60
    assert {one for one in places(first) if one[0] == "error"} == {
        one for one in every if one[0] == "error"
    }


def test_the_first_finding_of_a_rule_has_advice(make: Make) -> None:
    _, [image] = make.file("image: «nginx»\n")
    for rule in RULES:
        one = JudgedFinding(
            rule, Finding(image, "it is bad"), Severity.WARNING, Subject("file", "")
        )
        _, first, *_ = make.body(one).splitlines()
        assert re.match(r"  help: \S.{9,}", first), (rule.name, first)


def test_a_secret_is_in_no_part_of_a_report(make: Make) -> None:
    source, [web, value] = make.file("services:\n  «web»:\n    PASSWORD: «hunter2»\n")
    edit = Edit(value, "hunter2x")
    for severity in (Severity.WARNING, Severity.ERROR):
        for span in (web, value):
            found = make.found(
                span,
                message="`hunter2` is bad",
                severity=severity,
                service=web,
                fix=make.tightens("Write `hunter2`", edit, may_break="hunter2"),
                because=(Related(value, "`hunter2` is here"),),
            )
            verdict = Verdict("/p", (source,), [found, found], secrets=[value])
            shown = make.text(redacted(verdict))
            assert "hunter2" not in shown
            assert "****" in shown


@pytest.mark.parametrize("name", ["`", "a`", "`a`b"])
def test_a_name_with_a_backtick_is_folded_with_no_other(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(f"FROM debian:13.1\n{name} x\n&& y\nUSER 1000\n", "utf-8")
    assert main(["check", str(path)]) == 1
    printed = capsys.readouterr().out
    assert "Dockerfile:2:1" in printed
    assert "Dockerfile:3:1" in printed
