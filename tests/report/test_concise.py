from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tightship.engine.verdict import Verdict
from tightship.findings import Severity
from tightship.report.report import ReportOptions
from tightship.text import Source, Span

if TYPE_CHECKING:
    from tests.report.conftest import Make


def test_a_finding_is_one_line_that_editors_parse(make: Make) -> None:
    source, [web, port] = make.file("services:\n  «web»:\n    ports: [«80:80»]\n")
    verdict = make.verdict(
        make.found(web, "bad-thing", "it is bad", severity=Severity.ERROR),
        make.found(port, "worse-thing", "it is\nworse"),
    )
    assert source.text
    assert make.document("concise", verdict) == make.golden(
        """
        compose.yaml:2:3: error: it is bad [bad-thing]
        compose.yaml:3:13: warning: it is<U+000A>worse [worse-thing]
        """
    )


def test_vims_errorformat_finds_file_line_column_and_text(make: Make) -> None:
    _, [web] = make.file("«a»: b\n", "web/compose.yaml")
    line = make.document("concise", make.verdict(make.found(web)))
    # %f:%l:%c: %m, as `:make` has it.
    found = re.fullmatch(r"(.+?):(\d+):(\d+): (.*)\n", line)
    assert found
    assert found.groups() == ("web/compose.yaml", "1", "1", "warning: a thing is bad [bad-thing]")


def test_paths_are_relative_to_the_current_folder(make: Make) -> None:
    source = Source("web/compose.yaml", "a: b\n")
    finding = make.found(Span(source, 0, 1))
    verdict = Verdict("/project", (source,), [finding], services=1)
    for here, path in (
        ("/project", "web/compose.yaml"),
        ("/project/web", "compose.yaml"),
        ("/project/db", "../web/compose.yaml"),
        ("", "web/compose.yaml"),
    ):
        text = make.document("concise", verdict, options=ReportOptions(here=here))
        assert text.startswith(f"{path}:1:1: ")


def test_infos_can_be_left_out(make: Make) -> None:
    _, [web] = make.file("«a»: b\n")
    verdict = make.verdict(make.found(web, severity=Severity.INFO), make.found(web))
    assert make.document("concise", verdict).count("\n") == 2
    shown = make.document("concise", verdict, options=ReportOptions(infos="none"))
    assert shown == "compose.yaml:1:1: warning: a thing is bad [bad-thing]\n"


def test_no_findings_are_no_lines(make: Make) -> None:
    assert make.document("concise", make.verdict()) == ""
