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


def test_the_message_names_all_files_of_the_main_project(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {web: {image: x}}\n",
        "compose.override.yaml": "services: {web: {init: true}}\n",
        "compose.ci.yaml": "services: {web: {init: false}}\n",
    }
    [message] = messages(tmp_path, "compose.ci.yaml", files)
    names = ("compose.yaml", "compose.override.yaml", "compose.ci.yaml")
    whole = " ".join(f"-f {name}" for name in names)
    assert f"`tightship check {whole}` checks the whole project" in message


def test_an_overlay_of_unknown_files_is_one_too(tmp_path: Path) -> None:
    files = {"compose.ci.yaml": "services: {web: {init: false}}\n"}
    [message] = messages(tmp_path, "compose.ci.yaml", files)
    assert "the other files were not found" in message


def test_a_mount_of_a_volume_of_the_main_file_makes_an_overlay(tmp_path: Path) -> None:
    files = {
        "compose.yaml": "services: {a: {image: x}}\nvolumes: {data: }\n",
        "compose.ci.yaml": "services: {b: {image: x, volumes: ['data:/d']}}\n",
    }
    assert messages(tmp_path, "compose.ci.yaml", files)
    own = files["compose.ci.yaml"] + "volumes: {data: }\n"
    files["compose.ci.yaml"] = own
    assert not messages(tmp_path, "compose.ci.yaml", files)
