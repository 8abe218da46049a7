"""The rule `shellcheck-finding`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.engine.settings.selection import named
from tightship.findings import Severity
from tightship.rules.any.shellcheck.shellcheck_finding import shellcheck_finding
from tightship.rules.index import INDEX
from tightship.rules.page import page

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import FixedFiles


def test_a_finding_has_the_id_and_the_severity_of_shellcheck(judge: Judge) -> None:
    text = "FROM debian:13\nRUN echo $A; [ $b == 1 ]; echo `x`; cd /x\n"
    found = {
        (one.rule.name, one.severity, one.span.text)
        for one in judge({"Dockerfile": text}, [shellcheck_finding])
    }
    assert found >= {
        ("SC2086", Severity.INFO, "$A"),
        ("SC2154", Severity.WARNING, "$b"),
        ("SC3014", Severity.WARNING, "=="),
        ("SC2006", Severity.INFO, "`x`"),
        ("SC2164", Severity.WARNING, "cd /x"),
    }


def test_a_syntax_error_is_an_error_and_hides_no_other_script(judge: Judge) -> None:
    text = "FROM debian:13\nRUN if true; then foo\nRUN echo $A\n"
    found = judge({"Dockerfile": text}, [shellcheck_finding])
    assert max(one.severity for one in found) is Severity.ERROR
    assert [one.rule.name for one in found if one.span.text == "$A"] == ["SC2086"]


def test_the_message_is_that_of_shellcheck(judge: Judge) -> None:
    [one] = judge({"Dockerfile": "FROM debian:13\nRUN echo $A\n"}, [shellcheck_finding])
    assert one.finding.message == ("Double quote to prevent globbing and word splitting")
    assert one.rule.theme == one.rule.set == "shellcheck"


def test_a_fix_edits_each_place_also_across_lines(fixed_files: FixedFiles) -> None:
    text = "FROM debian:13\nRUN echo $A && \\\n    # why\n    echo \\\n$B/x\\\ny `date`\n"
    made = fixed_files({"Dockerfile": text}, shellcheck_finding)["Dockerfile"]
    assert 'echo "$A" && \\\n' in made
    assert '"$B"/x\\\ny' in made or '"$B/x\\\ny"' in made


def test_a_fix_is_written_as_the_scalar_is(fixed_files: FixedFiles) -> None:
    text = (
        "services:\n  a:\n    image: debian:13\n"
        '    command: [sh, -c, "echo $$A"]\n'
        "  b:\n    image: debian:13\n"
        "    command: ['sh', '-c', 'echo $$A']\n"
        "  c:\n    image: debian:13\n    entrypoint: [sh, -c]\n"
        "    command:\n      - |\n        echo $$A\n"
    )
    made = fixed_files({"compose.yaml": text}, shellcheck_finding)["compose.yaml"]
    assert r'[sh, -c, "echo \"$$A\""]' in made
    assert "'echo \"$$A\"'" in made
    assert '        echo "$$A"\n' in made


def test_each_id_has_a_page_with_its_own_id() -> None:
    rule = shellcheck_finding.with_code("SC2154")
    text = page(rule)
    assert text.startswith("# SC2154\n")
    assert "https://www.shellcheck.net/wiki/SC2154" in text
    assert "SC2086" not in text
    assert rule.advice == "https://www.shellcheck.net/wiki/SC2154 explains it"
    [entry] = named("sc2154", INDEX)
    assert page(entry.load()) == text
