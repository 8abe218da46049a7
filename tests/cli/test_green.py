"""From findings to green: what one command leaves, and what it says about that."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tightship.engine.harden.measures import MEASURES

if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "corpus" / "awesome-compose"
OWN = [ROOT / "linter" / "docs" / "first-look", ROOT / "tests" / "projects" / "shop"]
NAMES = (
    *("angular", "django", "elasticsearch-logstash-kibana", "flask-redis", "gitea-postgres"),
    *("nextcloud-redis-mariadb", "nginx-golang-mysql", "prometheus-grafana", "wireguard"),
    "wordpress-mysql",
)
PROJECTS = [*OWN, *(REAL / name for name in NAMES)]
LEFT = re.compile(r"^Left: (?:(\d+) errors?)?(?:, )?(?:(\d+) warnings?)?, which `([^`]+)`", re.M)
WEB = "services:\n  web: {image: 'nginx:1.29', pid: host}\n"


def grave(in_folder: InFolder) -> list[dict[str, Any]]:
    """Return the errors and warnings of a check."""
    in_folder("check", "--output-format", "json")
    return [one for one in json.loads(in_folder.out)["findings"] if one["severity"] != "info"]


@pytest.fixture(params=PROJECTS, ids=lambda path: path.name)
def project(request: pytest.FixtureRequest, in_folder: InFolder) -> InFolder:
    if not request.param.is_dir():
        pytest.skip("the corpus is not here")
    shutil.copytree(request.param, in_folder.folder, dirs_exist_ok=True)
    return in_folder


def test_hardening_leaves_nothing_that_it_offers_to_fix(project: InFolder) -> None:
    before = {(one["rule"], one["severity"]) for one in grave(project)}
    assert project("harden", ".", "--write") == 0
    told = project.out
    left = grave(project)
    assert not [one for one in left if one["rule"] in MEASURES and one["fix"]]
    # Whatever is left was as severe before.
    assert {(one["rule"], one["severity"]) for one in left} <= before
    found = LEFT.search(told)
    counts = tuple(sum(one["severity"] == level for one in left) for level in ("error", "warning"))
    assert counts == (tuple(int(one or 0) for one in found.groups()[:2]) if found else (0, 0))
    assert found is None or found[3] == "tightship check ."
    project("harden", ".")
    assert "Nothing to write" in project.out


def test_a_baseline_makes_a_check_green_until_something_gets_worse(project: InFolder) -> None:
    project("check", "--write-baseline")
    assert project("check") == 0
    assert not grave(project)
    project.write("worse/compose.yaml", "services: {a: {image: 'nginx:1.29', privileged: true}}\n")
    assert project("check") == 1
    assert "worse/compose.yaml" in {one["path"] for one in grave(project)}


def test_a_known_service_that_gets_worse_is_red(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", WEB)
    in_folder("check", "--write-baseline")
    assert in_folder("check") == 0
    in_folder.write("compose.yaml", WEB.replace("pid: host", "pid: host, ipc: host"))
    assert in_folder("check") == 1
    assert [one["rule"] for one in grave(in_folder)] == ["host-ipc-namespace"]


def test_what_is_left_comes_with_the_next_command(in_folder: InFolder) -> None:
    in_folder.write("sub/compose.yaml", WEB.replace("pid", "ports: ['9200:9200'], pid"))
    assert in_folder("harden", "sub/compose.yaml", "web") == 0
    found = LEFT.search(in_folder.out)
    assert found is not None
    command = found[3]
    assert command == "tightship check sub/compose.yaml"
    in_folder("harden", "sub/compose.yaml", "--write")
    in_folder(*command.split()[1:])
    assert "host-pid-namespace" in in_folder.out


def test_the_next_command_names_a_project_above(
    in_folder: InFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_folder.write("compose.yaml", WEB)
    (in_folder.folder / "sub").mkdir()
    monkeypatch.chdir("sub")
    for words in (["harden"], ["harden", "web"]):
        in_folder(*words)
        found = LEFT.search(in_folder.out)
        assert found is not None
        assert in_folder(*found[3].split()[1:]) == 1
        assert "host-pid-namespace" in in_folder.out


def test_findings_that_a_baseline_may_know_are_not_counted(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", WEB)
    in_folder("check", "--write-baseline")
    in_folder("harden", "--write")
    assert "Left:" not in in_folder.out
