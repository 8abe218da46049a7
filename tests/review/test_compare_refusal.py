"""A side that Compose refuses, against what docker-compose 2.26.1 was recorded to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.review.trees import compared

RECORDED = Path(__file__).parents[1] / "oracles" / "compose-config.json"


def test_no_project_that_compose_accepts_is_rejected() -> None:
    """And most that it refuses are: the others depend on the environment of the run."""
    found = {True: list[str](), False: list[str]()}
    count = 0
    for run in runs():
        reasons = refusals(run["files"])
        count += 1
        if reasons:
            found[run["rc"] == 0].append(run["name"])
    assert count > 100
    assert found[True] == []
    assert len(found[False]) > 20


def test_parts_that_a_platform_provides_refuse_no_side() -> None:
    text = "services: {app_proxy: {}, web: {image: 'a:1', networks: [umbrel_main_network]}}"
    assert refusals({"compose.yaml": text})
    assert refusals({"compose.yaml": text, "umbrel-app.yml": "manifestVersion: 1"}) == []


def test_keys_that_something_else_reads_refuse_no_side() -> None:
    text = "# slogan: x\n# port: 1\nservices: {web: {image: 'a:1', exclude_from_hc: true}}"
    assert refusals({"compose.yaml": text.replace("exclude_from_hc", "routes")})
    assert refusals({"compose.yaml": text}) == []


def runs() -> list[dict[str, Any]]:
    every: list[dict[str, Any]] = json.loads(RECORDED.read_text("utf-8"))
    return [run for run in every if "compose.yaml" in run["files"]]


def refusals(files: dict[str, str]) -> list[str]:
    """Return why Compose refuses a project, as the comparison with none says it."""
    inside = {name: text for name, text in files.items() if ".." not in name}
    return [
        one.gap.reason for one in compared({}, inside).gaps if "Compose rejects" in one.gap.reason
    ]
