from __future__ import annotations

import pytest
from tests.report.conftest import Make

from tightship.engine.verdict import JudgedFinding, Subject
from tightship.findings import Related, Severity
from tightship.report.report import ReportOptions
from tightship.report.text_verbose import VerboseTextReport
from tightship.text import Edit, Source, Span

PLAIN = """
services:
  «web»:
    image: «nginx»
  «db»:
    image: postgres
"""


@pytest.fixture
def make() -> Make:
    return Make(VerboseTextReport)


def test_a_finding_has_severity_message_rule_place_and_frame(make: Make) -> None:
    _, [web, image, _] = make.file(PLAIN)
    assert make.body(make.found(image, service=web)) == make.golden(
        """
        compose.yaml
          web (line 2)
            warning: a thing is bad [bad-thing]
            --> compose.yaml:3:12
            3 |     image: nginx
              |            ^^^^^
        """
    )


def test_the_absences_of_a_service_share_a_frame_and_a_fix(make: Make) -> None:
    source, [web, _, _] = make.file(PLAIN)
    end = source.text.index("  db")
    read_only = make.tightens(
        "Make it read-only",
        make.insert(source, end, "    read_only: true\n"),
        may_break="a service that writes",
    )
    limits = make.tightens(
        "Limit it",
        make.insert(source, end, "    mem_limit: 512m\n    cpus: 1\n"),
        may_break="a service that is large",
    )
    shown = make.text(
        make.verdict(
            make.found(web, "writable", "it can write", service=web, fix=read_only),
            make.found(web, "unlimited", "it has no limit", service=web, fix=limits),
            make.found(web, "unfixed", "it has no name", service=web),
        )
    )
    assert shown == make.golden(
        """
        compose.yaml
          web (line 2)
            warning: it can write [writable]
            warning: it has no limit [unlimited]
            warning: it has no name [unfixed]
            --> compose.yaml:2:3
            2 |   web:
              |   ^^^
              +     read_only: true
              +     mem_limit: 512m
              +     cpus: 1
              = may break: a service that writes
              = may break: a service that is large

        1 service in 1 file: 3 warnings. `tightship rule NAME` explains a rule.
        Fixes: 2 tighten (`--fix --all-fixes`); `--diff` in place of `--fix` shows the changes.
        """
    )


def test_verbose_shows_infos_with_frames_and_fixes(make: Make) -> None:
    source, [web, image, _] = make.file(PLAIN)
    end = source.text.index("  db")
    one = make.tightens("One", make.insert(source, end, "    one: 1\n"))
    two = make.tightens("Two", make.insert(source, end, "    two: 2\n"))
    info = Severity.INFO
    shown = make.text(
        make.verdict(
            make.found(web, "aye", "says one", service=web, fix=one),
            make.found(web, "bee", "says two", severity=info, service=web, fix=two),
            make.found(image, "cee", "says three", severity=info, service=web),
        )
    )
    assert shown == make.golden(
        """
        compose.yaml
          web (line 2)
            info: says three [cee]
            --> compose.yaml:3:12
            3 |     image: nginx
              |            ^^^^^
            warning: says one [aye]
            info: says two [bee]
            --> compose.yaml:2:3
            2 |   web:
              |   ^^^
              +     one: 1
              +     two: 2

        1 service in 1 file: 1 warning, 2 infos. `tightship rule NAME` explains a rule.
        Fixes: 2 tighten (`--fix --all-fixes -v`); `--diff` in place of `--fix` shows the changes.
        """
    )


def test_errors_come_first_and_absences_last_in_a_service(make: Make) -> None:
    _, [web, image, _] = make.file(PLAIN)
    shown = make.body(
        make.found(web, "absent", service=web),
        make.found(image, "weak", service=web),
        make.found(image, "open", severity=Severity.ERROR, service=web),
    )
    places = [shown.index(name) for name in ("[open]", "[weak]", "[absent]")]
    assert places == sorted(places)


def test_findings_on_the_file_come_before_its_services(make: Make) -> None:
    _, [web, image, _] = make.file(PLAIN)
    assert make.body(make.found(web, service=web), make.found(image)) == make.golden(
        """
        compose.yaml
          warning: a thing is bad [bad-thing]
          --> compose.yaml:3:12
          3 |     image: nginx
            |            ^^^^^

          web (line 2)
            warning: a thing is bad [bad-thing]
            --> compose.yaml:2:3
            2 |   web:
              |   ^^^
        """
    )


def test_a_fix_shows_removed_and_added_lines(make: Make) -> None:
    source, [web, privileged, line] = make.file(
        """
        services:
          «web»:
            privileged: «true»
        «    userns_mode: host
        »    image: nginx
        """
    )
    shown = make.body(
        make.found(
            privileged,
            service=web,
            fix=make.tightens(
                "Run it without privileges",
                Edit(privileged, "false"),
                may_break="a service that needs a device",
            ),
        ),
        make.found(line, service=web, fix=make.keeps("Drop it", Edit(line, ""))),
    )
    assert shown == make.golden(
        """
        compose.yaml
          web (line 2)
            warning: a thing is bad [bad-thing]
            --> compose.yaml:3:17
            3 |     privileged: true
              |                 ^^^^
            3 -     privileged: true
              +     privileged: false
              = fix (tightens): Run it without privileges
              = may break: a service that needs a device
            warning: a thing is bad [bad-thing]
            --> compose.yaml:4:1
            4 |     userns_mode: host
              | ^^^^^^^^^^^^^^^^^^^^^
            4 -     userns_mode: host
              = fix (keeps behaviour): Drop it
        """
    )
    assert source.text.startswith("services")


def test_related_places_and_absorbed_findings_are_below_the_frame(make: Make) -> None:
    _, [web, image, _] = make.file(PLAIN)
    _, [pid] = make.file("services: {web: {«pid»: host}}", "base/compose.yaml")
    moot = make.found(web, "no-cap-drop", service=web)
    finding = make.found(
        image,
        service=web,
        because=(Related(pid, "it is set here"),),
        absorbed=(moot, moot, make.found(image, "unconfined", service=web)),
    )
    assert make.body(finding).endswith(
        "      = base/compose.yaml:1:18: it is set here\n"
        "      = made irrelevant by this: no-cap-drop at compose.yaml:2:3; unconfined at compose.yaml:3:12\n"
    )


def test_the_first_of_many_related_places_are_shown(make: Make) -> None:
    _, [web, image, _] = make.file(PLAIN)
    for places, last in ((5, "see it"), (6, "and 1 more place"), (99, "and 94 more places")):
        because = tuple(Related(web, "see it") for _ in range(places))
        shown = make.body(make.found(image, service=web, because=because))
        assert shown.count("compose.yaml:2:3: see it") == 5
        assert shown.endswith(f"{last}\n")


def test_a_reason_of_several_settings_is_shown_once(make: Make) -> None:
    _, [web, _, _] = make.file(PLAIN)
    reason = (Related(web, "info rather than warning: it is for tests"),)
    lacks = [make.found(web, one, service=web, because=reason) for one in ("no-a", "no-b")]
    assert make.body(*lacks).count("info rather than warning") == 1


def test_each_file_of_a_project_has_its_own_part(make: Make) -> None:
    _, [web, _, _] = make.file(PLAIN)
    _, [pid] = make.file("services: {web: {pid: «host»}}\n", "override.yaml")
    shown = make.text(make.verdict(make.found(pid, service=web), make.found(web, service=web)))
    assert shown == make.golden(
        """
        override.yaml with compose.yaml
          web (compose.yaml:2:3)
            warning: a thing is bad [bad-thing]
            --> override.yaml:1:23
            1 | services: {web: {pid: host}}
              |                       ^^^^

        compose.yaml with override.yaml
          web (line 2)
            warning: a thing is bad [bad-thing]
            --> compose.yaml:2:3
            2 |   web:
              |   ^^^

        1 service in 2 files: 2 warnings. `tightship rule NAME` explains a rule.
        """
    )


def test_the_edits_of_another_file_are_shown_with_its_name(make: Make) -> None:
    _, [web, _, _] = make.file(PLAIN)
    _, [pid] = make.file("pid: «host»\n", "override.yaml")
    fix = make.tightens("Give it its own", Edit(pid, "private"))
    assert make.body(make.found(web, service=web, fix=fix)).endswith(
        "      --> override.yaml\n    1 - pid: host\n      + pid: private\n"
    )


def test_a_service_without_a_place_is_named_alone(make: Make) -> None:
    _, [_, image, _] = make.file(PLAIN)
    assert "\n  ghost\n" in make.body(make.found(image, service="ghost"))


def test_long_notes_break_between_words(make: Make) -> None:
    _, [web, image, _] = make.file(PLAIN)
    related = Related(web, " ".join(["word"] * 20))
    shown = make.body(
        make.found(image, service=web, because=(related,)),
        report=VerboseTextReport(ReportOptions(width=40)),
    )
    notes = shown.split("^^^^^\n")[1].splitlines()
    assert notes[0] == "      = compose.yaml:2:3: word word word word"
    assert all(len(line) <= 8 + 40 for line in notes)
    assert all(line.startswith(" " * 10 + "word") for line in notes[1:])
    assert sum(line.count("word") for line in notes) == 20


def test_lines_are_numbered_in_one_margin(make: Make) -> None:
    source, [web, late] = make.file("services:\n  «web»:\n" + "    #\n" * 8 + "    x: «y»\n")
    fix = make.tightens("Both", Edit(late, "z"), make.insert(source, 0, "# first\n"))
    assert make.body(make.found(web, service=web, fix=fix)) == make.golden(
        """
        compose.yaml
          web (line 2)
            warning: a thing is bad [bad-thing]
             --> compose.yaml:2:3
             2 |   web:
               |   ^^^
               + # first
            11 -     x: y
               +     x: z
        """
    )


def test_a_file_that_could_not_be_read_has_no_frame(make: Make) -> None:
    span = Span(Source("gone.yaml", ""), 0, 0)
    assert make.body(make.found(span, "not-checked", "it is missing")) == make.golden(
        """
        gone.yaml
          warning: it is missing [not-checked]
        """
    )


def test_a_finding_at_the_very_end_of_a_file_is_shown(make: Make) -> None:
    source = Source("compose.yaml", "a:\n")
    finding = make.found(Span(source, 3, 3))
    assert make.body(finding).endswith("  --> compose.yaml:2:1\n  2 |\n    | ^\n")


def test_stages_of_the_same_name_are_shown_separately(make: Make) -> None:
    text = "FROM «a»\nWORKDIR «x»\nFROM «a»\nWORKDIR «y»\n"
    _, [one, x, other, y] = make.file(text, "Dockerfile")
    found = list[JudgedFinding]()
    for stage, span in ((one, x), (other, y)):
        subject = Subject("stage", "FROM a", stage)
        found.append(make.found(span).replaced(subject=subject))
    assert make.body(*found) == make.golden(
        """
        Dockerfile
          FROM a (line 1)
            warning: a thing is bad [bad-thing]
            --> Dockerfile:2:9
            2 | WORKDIR x
              |         ^

          FROM a (line 3)
            warning: a thing is bad [bad-thing]
            --> Dockerfile:4:9
            4 | WORKDIR y
              |         ^
        """
    )


def test_paths_are_shown_relative_to_the_current_folder(make: Make) -> None:
    _, [web] = make.file("services:\n  «web»: {}\n", "sub/deep/compose.yaml")
    for here, shown in {
        "/project": "sub/deep/compose.yaml:2:3",
        "/project/sub": "deep/compose.yaml:2:3",
        "/project/other": "../sub/deep/compose.yaml:2:3",
        "/elsewhere": "../project/sub/deep/compose.yaml:2:3",
    }.items():
        report = VerboseTextReport(ReportOptions(here=here))
        assert f"--> {shown}\n" in make.body(make.found(web), report=report)


def test_an_overlong_fix_is_named_by_its_title(make: Make) -> None:
    long = f"services: {{«web»: {{command: {'x' * 300}}}}}\n"
    source, [web] = make.file(long)
    end = len(source.text) - 3
    fixes = [
        make.tightens(title, make.insert(source, end, text), may_break=f"{title}!")
        for title, text in (("Lock it", ", a: 1"), ("Limit it", ", b: 2"))
    ]
    shown = make.body(*(make.found(web, service=web, fix=fix) for fix in fixes))
    notes = [line.strip() for line in shown.splitlines() if " = " in line]
    assert notes == [
        "= fix (tightens): Lock it",
        "= fix (tightens): Limit it",
        "= may break: Lock it!",
        "= may break: Limit it!",
    ]


@pytest.mark.parametrize("words", ["::error::x", "##[error]x"])
def test_no_line_begins_with_a_command_of_a_ci_system(make: Make, words: str) -> None:
    _, [web, *_] = make.file(PLAIN)
    fix = make.keeps(f"{'a ' * 60}{words} {'b ' * 60}{words}", Edit(web, "x"))
    found = make.found(web, message=words, fix=fix, service=words)
    lines = make.body(found).split("\n")
    assert any(f" {words}" in line for line in lines)
    assert f"  `{words}`" in lines[1]
    assert not [line for line in lines if line.strip().startswith(words)]


def test_the_settings_that_a_service_lacks_have_their_proofs(make: Make) -> None:
    source, [web] = make.file("services:\n  «web»:\n    image: x\n")
    end = len(source.text)

    def absence(name: str, proof: str) -> JudgedFinding:
        fix = make.tightens(name, make.insert(source, end, f"    {name}: 1\n"))
        known = fix.replaced(known=lambda: proof)
        return make.found(web, name, fix=known, service=web, measure="a lock")

    found = [absence("a", "ran on an engine"), absence("b", ""), absence("c", "ran on an engine")]
    shown = make.text(make.verdict(*found), report=VerboseTextReport(ReportOptions()))
    assert "      = proof: ran on an engine\n" in shown
    assert shown.count("ran on an engine") == 1
