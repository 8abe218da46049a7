"""Annotations, read as GitHub's runner reads workflow commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.findings import Severity
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from tests.report.conftest import Make

    from tightship.engine.verdict import JudgedFinding, Verdict

DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
PROPERTY = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def unescaped(text: str, table: dict[str, str]) -> str:
    for code, char in table.items():  # %25 comes last, as in ActionCommand.cs.
        text = text.replace(code, char)
    return text


def command(line: str) -> tuple[str, dict[str, str], str]:
    """Take a line apart: the command, its properties and its data."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    name, _, rest = head.partition(" ")
    pairs = [pair.partition("=") for pair in rest.split(",")]
    properties = {key: unescaped(value, PROPERTY) for key, _, value in pairs}
    return name, properties, unescaped(data, DATA)


def commands(make: Make, *findings: JudgedFinding) -> list[tuple[str, dict[str, str], str]]:
    return commands_of(make, make.verdict(*findings))


def commands_of(make: Make, *verdicts: Verdict) -> list[tuple[str, dict[str, str], str]]:
    return [command(line) for line in make.document("github", *verdicts).splitlines()]


def test_a_finding_is_an_annotation_at_its_place(make: Make) -> None:
    _, [web] = make.file("services:\n  «web»: {}\n")
    assert commands(make, make.found(web, message="it is bad, 100% sure: yes")) == [
        (
            "warning",
            {
                "file": "compose.yaml",
                "line": "2",
                "endLine": "2",
                "col": "3",
                "endColumn": "6",
                "title": "bad-thing",
            },
            "it is bad, 100% sure: yes",
        )
    ]


@pytest.mark.parametrize(
    ("severity", "name"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_severities_are_those_of_github(make: Make, severity: Severity, name: str) -> None:
    _, [web] = make.file("«a»: b\n")
    [(found, _, _)] = commands(make, make.found(web, severity=severity))
    assert found == name


def test_columns_are_left_out_over_several_lines(make: Make) -> None:
    _, [both] = make.file("«a: b\nc: d»\n")
    [(_, properties, _)] = commands(make, make.found(both))
    assert properties.keys() == {"file", "line", "endLine", "title"}
    assert (properties["line"], properties["endLine"]) == ("1", "2")


def test_a_fix_has_its_own_lines(make: Make) -> None:
    _, [web] = make.file("«a»: b\n")
    fix = make.tightens("Drop it", Edit(web, ""), may_break="all of it")
    [(_, _, message)] = commands(make, make.found(web, fix=fix))
    assert message == "a thing is bad\nFix (tightens): Drop it\nMay break: all of it"


def test_the_proof_of_a_fix_keeps_its_letters(make: Make) -> None:
    _, [web] = make.file("«a»: b\n")
    fix = make.tightens("Drop it", Edit(web, "")).replaced(
        known=lambda: "from the image's Dockerfile"
    )
    [(_, _, message)] = commands(make, make.found(web, fix=fix))
    assert "Fix (tightens; from the image's Dockerfile): Drop it" in message
    assert "from the image's Dockerfile" in make.document(
        "markdown", make.verdict(make.found(web, fix=fix))
    )


def test_a_name_keeps_what_the_syntax_uses(make: Make) -> None:
    name = "a,b:c=d%0A::e\n.yaml"
    source = Source(name, "a: b\n")
    [(_, properties, _)] = commands(make, make.found(Span(source, 0, 1)))
    assert properties["file"] == name
    assert properties["title"] == "bad-thing"


def test_a_message_cannot_begin_a_command(make: Make) -> None:
    _, [web] = make.file("«a»: b\n")
    [(name, _, message)] = commands(make, make.found(web, message="x\n::error::y"))
    assert name == "warning"
    assert message == "x<U+000A>::error::y"


def test_errors_come_first_over_all_projects(make: Make) -> None:
    places = [make.file("«a»: b\n", name)[1][0] for name in ("one.yaml", "two.yaml")]
    severities = Severity.WARNING, Severity.ERROR
    verdicts = [
        make.verdict(make.found(place, severity=severity))
        for place, severity in zip(places, severities, strict=True)
    ]
    assert [name for name, _, _ in commands_of(make, *verdicts)] == ["error", "warning"]


def test_one_cause_is_one_annotation(make: Make) -> None:
    _, spans = make.file("«a»: b\n«c»: d\n«e»: f\n")
    same = [make.found(span, message=f"`{n}` is bad") for n, span in enumerate(spans)]
    [(_, properties, message)] = commands(make, *same)
    assert properties["line"] == "1"
    assert message == "`0` is bad\nAlso at compose.yaml:2, compose.yaml:3"


@pytest.mark.parametrize(("count", "shown"), [(10, 10), (11, 10), (500, 10)])
def test_github_shows_ten_of_a_severity(make: Make, count: int, shown: int) -> None:
    _, spans = make.file("«a»: b\n" * count)
    found = [make.found(span, message=f"thing {n}, bad") for n, span in enumerate(spans)]
    critical = make.found(spans[-1], message="it is worse", severity=Severity.ERROR)
    every = commands(make, *found, critical)
    assert [name for name, _, _ in every] == ["error", *["warning"] * shown]
    if count > 10:
        _, properties, message = every[-1]
        assert properties["title"] == f"{count - 9} more warnings"
        assert message == (
            f"{count - 9} more warnings: bad-thing ({count - 9})\n"
            "They are in compose.yaml.\n`tightship check -v` shows them all."
        )
