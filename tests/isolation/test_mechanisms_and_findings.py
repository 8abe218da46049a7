"""What is found about a container's isolation stands as weak in its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.engine.disk.files import Files
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import named
from tightship.engine.plan.job import project_files
from tightship.findings import Severity
from tightship.frontends.compose.loading.invocation import Options
from tightship.isolation.mounts import Mount
from tightship.rules import every_rule
from tightship.rules.example import Bad, marked
from tightship_lsp.judging.inspect import Inspection

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Judge

    from tightship.engine.verdict import JudgedFinding
    from tightship.isolation.weakness import MechanismState
    from tightship.rules.definition import Rule

ISOLATION = {
    "capabilities",
    "devices",
    "filesystem",
    "host_interfaces",
    "mandatory_access",
    "namespaces",
    "resources",
    "users",
}
# Rules about what the table says nothing of, neither well nor ill.
SPARED = "no row tells who is spared when memory runs out"
WITHOUT_ROW = {
    "oom-killer-disabled": SPARED,
    "oom-score-shielded": SPARED,
    "foreign-cgroup-parent": "its limits hold there as well",
    "logging-disabled": "logs isolate nothing",
}


def cases() -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.name}-{index}")
        for rule in every_rule()
        if rule.language == "compose"
        if rule.theme in ISOLATION and rule.name not in WITHOUT_ROW
        for index, example in enumerate(rule.examples)
        if isinstance(example, Bad) and (example.severity or rule.severity).reaches("warning")
    ]


def tells_of(row: MechanismState, found: JudgedFinding) -> bool:
    """Tell whether a row is about what is found: they share a place, or both none.

    A rule about a mount may point at an option of it, and its row at the path.
    """
    if row.mark != "weak":
        return False
    if found.rule.on == (Mount,) and row.mechanism == "host path":
        return True
    place, span = row.place, found.span
    if place is None:
        return found.is_absence
    if place.source.name != span.source.name:
        return False
    return place.start < span.end and span.start < place.end


@pytest.mark.parametrize(("rule", "example"), cases())
def test_findings_are_weak_in_the_table(
    rule: Rule, example: Bad, judge: Judge, tmp_path: Path
) -> None:
    files = example.files
    texts = files if isinstance(files, dict) else {"compose.yaml": files}
    texts = {name: marked(text)[0] for name, text in texts.items()}
    main = str(tmp_path / next(iter(texts)))
    disk = Files(str(tmp_path), dict(texts))
    made_of = project_files(disk, named(main), Options())
    inspection = Inspection(load_project(disk, made_of))
    found = [one for one in judge(texts, [rule]) if one.severity >= Severity.WARNING]
    assert found
    for one in found:
        assert one.services
        for name in one.services:
            service = inspection.service(name)
            assert service is not None
            assert any(tells_of(row, one) for row in service.rows), service.rows


def test_every_exception_is_a_rule_about_isolation() -> None:
    themes = {rule.name: rule.theme for rule in every_rule()}
    assert {themes[name] for name in WITHOUT_ROW} <= ISOLATION
