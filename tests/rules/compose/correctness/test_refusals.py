"""What a Docker engine refused to run, and what it ran, recorded once.

``tests/oracles/refusals.json`` has projects with the outcome of ``docker compose up``.
Those that only some hosts refuse have the reason in ``by_host``, and nothing is said
about them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge

ORACLE = Path(__file__).parents[3] / "oracles" / "refusals.json"
# The rules whose findings say that a project does not start.
REFUSING = frozenset((
    "contradicting-settings", "dependency-cycle", "duplicate-key",
    "incomplete-definition", "invalid-limit", "invalid-mount", "invalid-namespace",
    "invalid-network-address", "invalid-security-option", "invalid-sysctl", "invalid-user",
    "invalid-value", "port-address-without-brackets",
    "undefined-reference", "unknown-capability", "unknown-key", "wrong-type",
))  # fmt: skip


class Project(TypedDict):
    """A project that was run, and whether it was refused."""

    id: str
    refused: bool
    compose: str
    files: NotRequired[dict[str, str]]
    by_host: NotRequired[str]


PROJECTS: list[Project] = json.loads(ORACLE.read_text("utf-8"))["projects"]
RULES = [rule for rule in every_rule() if rule.name in REFUSING]


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["id"])
def test_a_project_is_rejected_where_the_engine_rejects_it(judge: Judge, project: Project) -> None:
    refused = project["refused"] and "by_host" not in project
    files = {"compose.yaml": project["compose"], **project.get("files", {})}
    findings = [one.finding.message for one in judge(files, RULES)]
    assert bool(findings) is refused, findings
