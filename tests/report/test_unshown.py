"""What the brief text leaves out is named in few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main
from tightship.findings import Severity
from tightship.report.report import ReportOptions
from tightship.report.text_brief import BriefTextReport
from tightship.report.unshown import KINDS
from tightship.rules import every_rule
from tightship.text import Edit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.report.conftest import Make

    from tightship.engine.verdict import Verdict

SERVICES = "services:\n  «api»: {}\n  «worker»: {}\n  «web»: {}\n  «db»: {}\n  «mail»: {}\n"
MEASURES = ("a read-only root", "fewer capabilities", "limits", "no-new-privileges")


def lacking(make: Make, services: int, path: str = "compose.yaml") -> Verdict:
    _, spans = make.file(SERVICES, path)
    found = [
        make.found(one, measure, measure, service=one, severity=Severity.INFO, measure=measure)
        for one in spans[:services]
        for measure in MEASURES
    ]
    return make.verdict(*found, services=services)


@pytest.mark.parametrize(
    ("services", "who"),
    [
        (1, "`api` lacks"),
        (3, "`api`, `worker` and `web` lack"),
        (5, "`api`, `worker` and 3 more lack"),
    ],
)
def test_services_with_unknown_needs_are_named_in_a_line(
    make: Make, services: int, who: str
) -> None:
    text = make.text(lacking(make, services), report=BriefTextReport(ReportOptions(width=300)))
    whose = "its" if services == 1 else "their"
    assert text.startswith(
        f"compose.yaml: {who} a read-only root, fewer capabilities, limits and"
        f" no-new-privileges; {whose} needs are not known yet: `tightship try` finds them\n\n"
    )
    assert "Also:" not in text, "the line has named them"


def test_only_what_is_lacking_is_said(make: Make) -> None:
    verdict = lacking(make, 2)
    wide = ReportOptions(width=300)
    found = [one for one in verdict.findings if one.rule.measure != "limits"]
    text = make.text(verdict.replaced(findings=found), report=BriefTextReport(wide))
    assert "lack a read-only root, fewer capabilities and no-new-privileges;" in text
    text = make.text(verdict.replaced(findings=found[2:]), report=BriefTextReport(wide))
    assert "lack some of: a read-only root, fewer capabilities and no-new-privileges;" in text


def test_what_is_known_needs_no_trial(make: Make) -> None:
    _, [web, *_] = make.file(SERVICES)
    fix = make.tightens("Lock it", Edit(web, "x"))
    found = make.found(
        web, "unlimited-resources", service=web, severity=Severity.INFO, measure="limits", fix=fix
    )
    refused = make.found(web, service=web, severity=Severity.INFO, measure="a lock")
    refused = refused.replaced(finding=refused.finding.replaced(advice="the service needs this: x"))
    text = make.text(make.verdict(found, refused))
    assert "tightship try" not in text
    assert "\nAlso: 1 without limits, bad-thing (1) (`-v`).\n" in text


def test_many_projects_are_not_many_lines(make: Make) -> None:
    verdicts = [lacking(make, 2, f"a{number}/compose.yaml") for number in range(8)]
    text = make.text(*verdicts, report=BriefTextReport(ReportOptions(width=300)))
    assert text.count("`api` and `worker` lack") == 2
    assert "`tightship try a1/compose.yaml` finds them\n12 services of 6 more projects lack" in text
    few = make.text(*verdicts[:5], report=BriefTextReport(ReportOptions(width=300)))
    assert few.count("`api` and `worker` lack") == 5
    again = make.text(verdicts[0], verdicts[0], report=BriefTextReport(ReportOptions(width=300)))
    assert again.count("`api` and `worker` lack") == 1


def test_only_compose_projects_are_tried(make: Make) -> None:
    text = make.text(lacking(make, 1, "run.sh").replaced(noun="container"))
    assert "its needs are not known yet\n" in text.replace("\n  ", " ")
    assert "tightship try" not in text


def test_infos_that_are_not_shown_are_named_by_kind(make: Make) -> None:
    _, [web, *_] = make.file(SERVICES)
    names = ["image-runs-as-root"] * 4 + ["untagged-base-image"] * 3 + ["whole-file-system-copied"]
    found = [make.found(web, name, severity=Severity.INFO) for name in names]
    kinds = "4 images run as root, 3 bases without a tag, 1 copy of a whole file system"
    assert f"\nAlso: {kinds} (`-v`).\n" in make.text(make.verdict(*found))
    found += [make.found(web, f"r{n}", severity=Severity.INFO) for n in range(5)]
    text = make.text(make.verdict(*found))
    assert f"Also: {kinds}, r0 (1), r1 (1), r2 (1), 2 other infos (`-v`).\n" in text
    one = make.found(web, "image-runs-as-root", severity=Severity.INFO)
    assert "Also: 1 image runs as root (`-v`).\n" in make.text(make.verdict(one))


def test_nothing_is_named_that_is_shown_or_not_asked_for(make: Make) -> None:
    verdict = lacking(make, 2)
    quiet = BriefTextReport(ReportOptions(infos="none", summary=False))
    assert make.text(verdict, report=quiet) == ""
    for whole in (
        make.text(verdict.replaced(fail_on="info")),
        make.text(verdict, report=BriefTextReport(ReportOptions(group_by="file", infos="full"))),
    ):
        assert "not known yet" not in whole
        assert "Also:" not in whole


def test_each_kind_is_a_rule_in_few_words() -> None:
    assert not KINDS.keys() - {rule.load().name for rule in every_rule()}
    assert all(len(words) < 40 for words in KINDS.values())


def test_a_newcomer_sees_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").write_text("services: {api: {image: acme/api:1.2}}\n")
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 0, "it fails nothing"
    assert (
        capsys.readouterr()
        .out.replace("\n  ", " ")
        .startswith(
            "compose.yaml: `api` lacks a read-only root, fewer capabilities, limits and"
            " no-new-privileges; its needs are not known yet: `tightship try` finds them\n"
        )
    )
