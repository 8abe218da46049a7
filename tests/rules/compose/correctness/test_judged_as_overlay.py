"""The rule `judged-as-overlay`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checking import judged
from tests.rules.conftest import rules_of

from tightship.engine.disk.files import Files
from tightship.engine.plan.candidates import Candidate
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

RULES = [one for one in rules_of("compose", "correctness") if one.name == "judged-as-overlay"]


def messages(root: Path, side: str, files: dict[str, str]) -> list[str]:
    path = str(root / side)
    runner = RuleRunner(Selection(["strict"]), RULES)
    candidate = Candidate(path, "side", None, "compose")
    [verdict] = judged(Files(str(root), dict(files)), candidate, runner)
    return [one.finding.message for one in verdict.findings]


def test_an_overlay_of_known_files_is_judged_with_them(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {web: {image: x}}\n",
        "compose.override.yaml": "services: {web: {init: true}}\n",
        "compose.ci.yaml": "services: {web: {init: false}}\n",
    }
    assert not messages(tmp_path, "compose.ci.yaml", files)


def test_an_overlay_of_unknown_files_is_named(tmp_path: Path) -> None:
    files = {"compose.ci.yaml": "services: {web: {init: false}}\n"}
    [message] = messages(tmp_path, "compose.ci.yaml", files)
    assert "merged over others that are not known" in message


def test_a_file_of_whole_services_is_a_project(tmp_path: Path) -> None:
    files = {"compose.ci.yaml": "services: {web: {image: x, networks: [nowhere]}}\n"}
    assert not messages(tmp_path, "compose.ci.yaml", files)
