"""Files: their place, their purpose, and how they load."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.project_facts.views import plain

import tightship.engine.check as run
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths, plan_texts
from tightship.project_facts.groups import subjects
from tightship.project_facts.values import Facts, Items, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tightship.engine.plan.plan import Plan

OTHER = "services: {b: {image: b}}\n"
SERVICE = "services: {a: {image: b}}\n"


def put(tree: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def services(plan: Plan, *, settles: bool = True) -> Iterator[Facts]:
    for verdict in run.check(plan):
        if verdict.project is not None:
            found = subjects(verdict.project, settles=settles)
            yield from (one for one in found if one.group.name == "service")


def file_of(plan: Plan, name: str, *, settles: bool = True) -> Facts:
    """Return the facts about a file that has a service."""
    found = (one.get("file") for one in services(plan, settles=settles))
    made = (one for one in found if isinstance(one, Facts) and plain(one.get("path")) == name)
    return next(made)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


MAKEFILE = {"Makefile": "up:\n\tdocker compose -f compose.yaml -f hard.yaml up\n"}


@pytest.mark.parametrize(
    ("name", "more", "purpose", "loading", "settled"),
    [
        ("compose.yaml", {}, "product", "alone", ("product", "alone")),
        ("d/compose.yaml", {}, "product", "alone", ("product", "alone")),
        ("tests/compose.yaml", {}, "test", "alone", ("test", "alone")),
        ("compose.test.yaml", {}, "test", "alone", ("test", ...)),
        # A command in the repository tells it, and another change may tell it otherwise.
        ("hard.yaml", {**MAKEFILE, "compose.yaml": OTHER}, "product", "overlay", ("product", ...)),
        ("d/app.yaml", {"tests/run.sh": "docker compose -f tests/x.yaml -f d/app.yaml up\n",
                        "tests/x.yaml": OTHER}, "test", "overlay", (..., ...)),
    ],
)  # fmt: skip
def test_roles(
    name: str, more: dict[str, str], purpose: str, loading: str, settled: object, tree: Path
) -> None:
    put(tree, {**more, name: SERVICE})
    file = file_of(plan_paths(["."], Configs(isolated=True)), name)
    assert (plain(file.get("purpose")), plain(file.get("loading"))) == (purpose, loading)
    file = file_of(plan_paths(["."], Configs(isolated=True)), name, settles=False)
    assert (plain(file.get("purpose")), plain(file.get("loading"))) == settled


def test_the_evidence_is_the_origin(tree: Path) -> None:
    put(tree, {**MAKEFILE, "compose.yaml": OTHER, "hard.yaml": SERVICE})
    loading = file_of(plan_paths(["."], Configs(isolated=True)), "hard.yaml").get("loading")
    assert isinstance(loading, Scalar)
    assert loading.span.source.name == "Makefile"
    assert loading.span.source.point(loading.span.start)[0] == 1


def test_no_settings_and_no_path_of_the_command_line_tell_a_role(tree: Path) -> None:
    put(tree, {"tests/compose.yaml": SERVICE, "d/compose.yaml": SERVICE})
    text = "[[roles]]\npaths = ['*']\npurpose = 'example'\nloading = 'part'\n"
    put(tree, {"tightship.toml": text})
    file = file_of(plan_paths(["tests"], Configs()), "tests/compose.yaml")
    assert (plain(file.get("purpose")), plain(file.get("folder"))) == ("test", "tests")
    assert (
        plain(file_of(plan_paths(["."], Configs()), "d/compose.yaml").get("purpose")) == "product"
    )


def test_all_of_an_example_is_added() -> None:
    plan = plan_texts({"d/compose.yaml": SERVICE, "x": ""}, Configs(isolated=True))
    [service] = services(plan)
    assert plain(service.get("change")) == "added"
    project = service.get("project")
    assert isinstance(project, Facts)
    files = project.get("changed-files")
    assert isinstance(files, Items)
    assert [plain(one.get("path")) for one in files.items] == ["d/compose.yaml", "x"]
    assert {plain(one.get("change")) for one in files.items} == {"added"}
