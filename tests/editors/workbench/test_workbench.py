"""The packaged extension in the real VS Code workbench."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from tests.editors.conftest import NAMES, renamed

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.editors.conftest import Expected, Untouched
    from tests.editors.workbench.conftest import CodeServer

SCRIPT = Path(__file__).with_name("scenario.mjs")
PATIENCE = 180


class Play(Protocol):
    """Play a scenario on the project's page, and return what it saw.

    ``suite`` names what the extension for tests is to look at from the inside.
    """

    def __call__(
        self, scenario: str, environment: dict[str, str], suite: str = ""
    ) -> dict[str, Any]: ...


@pytest.fixture
def play(
    code_server: CodeServer,
    project: Path,
    node: str,
    chromium: str,
    artefacts: Path,
    tmp_path: Path,
) -> Play:
    def run(scenario: str, environment: dict[str, str], suite: str = "") -> dict[str, Any]:
        inside = {"SELFTEST_OUT": str(tmp_path / "seen.json"), "SELFTEST_SUITE": suite}
        with code_server.serving({**environment, **(inside if suite else {})}) as url:
            done = subprocess.run(
                [node, SCRIPT, scenario, f"{url}?folder={project}", artefacts],
                env={**os.environ, **inside, "CHROMIUM": chromium},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}{code_server.logs}"
        seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return seen

    return run


def test_a_user_sees_and_fixes_findings_without_saving(
    play: Play,
    code_server: CodeServer,
    only_python: dict[str, str],
    expected: Expected,
    untouched: Untouched,
) -> None:
    seen = play("everything", only_python)

    rows = " ".join(seen["compose"])
    assert "can command the Docker daemon through `/var/run/docker.sock`" in rows
    assert "tightship docker-socket-mounted [Ln 11, Col 9]" in rows
    assert "Mount it read-only" in seen["quickfixes"]
    assert "Anyone who can connect to the Docker socket" in seen["hover"]
    assert seen["hover"].count("can command the Docker daemon") == 1
    assert "commands the Docker daemon" in seen["serviceHover"]
    assert tuple(seen["lenses"]) == expected.lenses
    assert tuple(seen["lensesFixed"]) == expected.lenses_fixed
    for page in (seen["pageOfProblem"], seen["pageOfHover"]):
        assert "The container has access to the socket of the Docker daemon." in page
    assert "this extension" in seen["status"]
    assert seen["unsaved"] == [True, True]
    assert "The root of the host's file system is mounted." in seen["rule"]
    assert untouched()
    assert "from this extension" in code_server.logs
    assert "[error]" not in code_server.logs


def test_unsaved_edits_of_related_files_count(
    play: Play, code_server: CodeServer, only_python: dict[str, str], project: Path
) -> None:
    compose = project / "compose.yaml"
    text = compose.read_text(encoding="utf-8")
    text = text.replace("  db:\n", "  db:\n    privileged: ${POWER:-false}\n")
    compose.write_text(text, encoding="utf-8")
    (project / ".env").write_text("\n", encoding="utf-8")
    (project / "tightship.toml").write_text("\n", encoding="utf-8")
    (project / "values.yaml").write_text("services:\n", encoding="utf-8")
    before = {path: path.read_bytes() for path in project.iterdir()}

    seen = play("beside", only_python)

    assert seen["lensesPrivileged"][0] == seen["lenses"][0]
    assert "tightship configuration" in seen["complaint"]
    assert seen["others"] == []
    assert seen["lensesOfOthers"] == 0
    assert before == {path: path.read_bytes() for path in project.iterdir()}


def test_names_complete_are_found_and_renamed(
    play: Play, code_server: CodeServer, only_python: dict[str, str], project: Path
) -> None:
    shutil.copytree(NAMES, project, dirs_exist_ok=True)
    seen = play("names", only_python)

    assert seen["completion"] == ["cache redis:8"]
    for name in ("compose.yaml", "compose.override.yaml"):
        assert (project / name).read_text(encoding="utf-8") == renamed(name)
    assert "[error]" not in code_server.logs


def test_the_extension_passes_its_tests_in_the_extension_host(
    play: Play,
    code_server: CodeServer,
    selftest: Path,
    only_python: dict[str, str],
    expected: Expected,
) -> None:
    code_server.install(selftest)
    seen = play("inside", only_python, "everything")

    assert seen["languages"] == ["dockercompose", "dockerfile"]
    assert tuple(seen["compose"]) == expected.compose
    assert tuple(seen["dockerfile"]) == expected.dockerfile
    assert seen["composeFixed"] == expected.fixed("compose.yaml")
    assert seen["dockerfileFixed"] == expected.fixed("Dockerfile")
    assert seen["preferred"] is True
    assert seen["fixAllKinds"] == []  # nothing is left to fix
    assert "Anyone who can connect to the Docker socket" in seen["hover"]
    assert "commands the Docker daemon" in seen["serviceHover"]
    assert tuple(seen["lenses"]) == expected.lenses_fixed
    assert seen["unsaved"] == [True, True]
    assert seen["link"] == "tightship-rule:/timezone-mount-writable.md"
    assert seen["page"].startswith("# privileged-container\n")


def test_a_workspace_that_is_not_trusted_runs_nothing_of_its_own(
    play: Play,
    code_server: CodeServer,
    selftest: Path,
    only_python: dict[str, str],
    expected: Expected,
    project: Path,
) -> None:
    marker = project / "run"
    for folder in (project / ".venv" / "bin", project):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("tightship", "python3"):
            trap = folder / name
            trap.write_text(f"#!/bin/sh\necho $0 >> {marker}\n", encoding="utf-8")
            trap.chmod(0o755)
    settings = project / ".vscode" / "settings.json"
    settings.parent.mkdir()
    wanted = {
        "tightship.path": ["${workspaceFolder}/tightship"],
        "tightship.interpreter": str(project / "python3"),
    }
    settings.write_text(json.dumps(wanted), encoding="utf-8")
    code_server.install(selftest)
    code_server.configure(
        {
            "security.workspace.trust.enabled": True,
            "security.workspace.trust.startupPrompt": "never",
        }
    )

    seen = play("inside", only_python, "untrusted")

    assert seen["trusted"] is False
    assert tuple(seen["compose"]) == expected.compose
    assert not marker.exists(), marker.read_text(encoding="utf-8")
    assert "from this extension" in code_server.logs


def test_a_workspace_that_is_trusted_runs_what_is_in_its_environment(
    play: Play,
    code_server: CodeServer,
    selftest: Path,
    only_python: dict[str, str],
    project: Path,
    tightship: Path,
) -> None:
    scripts = project / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / "tightship").symlink_to(tightship)
    code_server.install(selftest)

    seen = play("inside", only_python, "untrusted")

    assert seen["trusted"] is True
    assert "from the workspace's environment" in code_server.logs


def test_together_with_dockers_extension_each_check_is_reported_once(
    play: Play, code_server: CodeServer, docker_dx: Path, only_python: dict[str, str]
) -> None:
    casing = "inconsistent-casing"  # `ConsistentInstructionCasing` of BuildKit
    alone = " ".join(play("dockerfile", only_python)["problems"])
    assert casing in alone
    assert "leaves out BuildKit's checks" not in code_server.logs

    code_server.install(docker_dx)
    together = " ".join(play("dockerfile", only_python)["problems"])
    assert casing not in together
    assert "`COPY` does the same as this `ADD`" in together
    assert "leaves out BuildKit's checks" in code_server.logs

    trust = {"security.workspace.trust.enabled": False}
    code_server.configure({**trust, "tightship.buildKitChecks": "on"})
    assert casing in " ".join(play("dockerfile", only_python)["problems"])


@pytest.mark.parametrize("name", ["select", "ignore"])
def test_settings_complete_the_names_of_rules(
    play: Play,
    code_server: CodeServer,
    selftest: Path,
    only_python: dict[str, str],
    project: Path,
    name: str,
) -> None:
    settings = project / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps({f"tightship.{name}": [""]}), encoding="utf-8")
    code_server.install(selftest)
    seen = play("inside", only_python, "settings")
    [rule] = [rule for rule in every_rule() if rule.name == "root-user"]
    assert seen["documentation"] == rule.summary


def test_without_python_there_is_one_clear_message(
    play: Play, tmp_path: Path, code_server: CodeServer
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    seen = play("withoutPython", {"PATH": str(empty)})

    assert "Tightship needs Python 3.11 or newer, and found none." in seen["message"]
    assert "Choose Python" in seen["message"]
    assert seen["notifications"] == 1
    assert "found none" in code_server.logs
