"""Files that were seen and not checked: each is listed, with the reason."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.checking import check

import tightship
from tightship.engine import check as engine
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths
from tightship.engine.plan.scope import SkippedFile
from tightship.report.report import Summary

if TYPE_CHECKING:
    from pathlib import Path

WEB = "services:\n  web:\n    image: nginx:1.29\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def skipped(*paths: str) -> dict[str, str]:
    """Return the files that a run skips: the reason of each, by its name."""
    summary = Summary()
    for verdict in engine.check(plan_paths(paths or ["."], Configs(), scope=summary.scope)):
        summary.add(verdict)
    return {one.name: one.reason for one in summary.scope.left}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("docker-compose.config.yml", "a: b\n", "no-services"),
        ("compose.k8s.yaml", "apiVersion: v1\nkind: Pod\n", "no-services"),
        ("compose.notes.yaml", "# later\n", "empty"),
        ("docker-compose.yml.example", WEB, "template"),
        ("docker-compose.prod.yaml.j2", WEB, "template"),
        ("compose.yaml.orig", WEB, "template"),
        ("Dockerfile.j2", "FROM x\n", "template"),
        ("Dockerfile-in.cmake", "FROM x\n", "template"),
        ("Dockerfile.include", "FROM x\n", "template"),
        ("app.Dockerfile", "hello\n", "no-instruction"),
        ("app.Dockerfile", "FROM {{ base }}\n", "template"),
        ("Dockerfile-packages", "# For all\nRUN dnf install -y gcc\n", "no-base"),
        ("stack.yml", WEB.replace("nginx", "{{ image }}"), "template"),
        ("stack.yml", WEB.replace("nginx", '"{{ image }}"'), "template"),
        ("stack.yml", WEB.replace("nginx", "app:{{ tag }}"), "template"),
        ("stack.yml", WEB.replace("web:", "{{ name }}:"), "template"),
        ("stack.yml", "{% if x %}\n" + WEB, "template"),
    ],
)
def test_files_that_look_relevant_are_listed(
    name: str, text: str, reason: str, tmp_path: Path
) -> None:
    put(tmp_path, {"compose.yaml": WEB, f"app/{name}": text})
    assert skipped() == {f"app/{name}": reason}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("config.yml", "a: b\n"),
        ("openapi.yaml", "paths: {}\n"),
        ("pipeline.yml", "services:\n  - postgres\njob:\n  image: x\n"),
        ("chart.yaml.j2", "a: b\n"),
        ("docker-composer.yml", "a: b\n"),
        ("compose.md", "text\n"),
        ("profile.in", "text\n"),
        ("Dockerfile.dockerignore", "*\n"),
        ("stack.yml", WEB + '    hostname: "{{.Node.Hostname}}"\n'),
    ],
)
def test_judged_and_unrelated_files_are_not_listed(name: str, text: str, tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": WEB, f"app/{name}": text})
    assert skipped() == {}


def test_special_files_are_listed(tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": WEB})
    os.mkfifo(tmp_path / "compose.pipe.yaml")
    (tmp_path / "compose.gone.yaml").symlink_to("nowhere.yaml")
    (tmp_path / "compose.same.yaml").symlink_to("compose.yaml")
    large = tmp_path / "large.yml"
    large.touch()
    os.truncate(large, 10_000_001)
    assert skipped() == {
        "compose.gone.yaml": "missing",
        "compose.pipe.yaml": "not-regular",
        "large.yml": "too-large",
    }


def test_an_unreadable_file_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tightship.engine.disk.regular import Refusal
    from tightship.engine.plan import walk

    put(tmp_path, {"compose.yaml": WEB, "stack.yml": WEB})

    def refuse(path: str, limit: int = 0) -> Refusal:
        del limit
        return Refusal(path, "not-readable", "cannot be read: no access")

    monkeypatch.setattr(walk, "read_regular", refuse)
    assert skipped() == {"stack.yml": "not-readable"}


def test_a_makefile_that_nobody_may_read_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its commands may merge files, so the roles of these are not known for certain."""
    from tightship.engine.disk.regular import Refusal
    from tightship.engine.roles import tree

    command = "up:\n\tdocker compose -f compose.yaml -f hard.yml up\n"
    put(tmp_path, {"compose.yaml": WEB, "hard.yml": WEB, "Makefile": command})

    def refuse(path: str, limit: int = 0) -> Refusal:
        del limit
        return Refusal(path, "not-readable", "cannot be read: no access")

    monkeypatch.setattr(tree, "read_regular", refuse)
    assert skipped() == {"Makefile": "not-readable"}


def test_a_large_script_is_reported_and_a_large_program_is_not(tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": WEB, "hard.yml": WEB, "up": "#!/bin/sh\n", "program": ""})
    (tmp_path / "program").write_bytes(b"\x7fELF\2\1\1\0")
    for name in ("up", "program"):
        with (tmp_path / name).open("ab") as file:
            file.write(b"#" * 10_000_001)
    assert skipped() == {"up": "too-large"}


def test_a_compose_file_of_another_name_may_be_large(tmp_path: Path) -> None:
    put(tmp_path, {"stack.yml": WEB + "x-pad: " + "a" * 1_100_000 + "\n"})
    [verdict] = check(["."])
    assert verdict.services == 1


def test_an_ignored_file_is_reported_unless_judged(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    put(
        tmp_path,
        {
            ".gitignore": "*.local.yml\ncompose.override.yaml\nDockerfile.dev\nout/\n",
            "compose.yaml": WEB,
            "compose.override.yaml": "services: {web: {read_only: true}}\n",
            "compose.local.yml": WEB,
            "docker-compose.yml.local.yml": WEB,
            "Dockerfile.dev": "FROM x\n",
            "out/compose.yaml": WEB,
            "forced.local.yml": WEB,
        },
    )
    subprocess.run(["git", "add", "-f", "forced.local.yml"], cwd=tmp_path, check=True)
    # Compose loads the override, although Git ignores it.
    assert skipped() == {
        "Dockerfile.dev": "ignored",
        "compose.local.yml": "ignored",
        "docker-compose.yml.local.yml": "ignored",
    }


def test_excluded_files_are_not_reported(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "tightship.toml": 'exclude = ["old", "*.example"]\n',
            "compose.yaml": WEB,
            "compose.yaml.example": WEB,
            "old/docker-compose.config.yml": "a: b\n",
        },
    )
    assert skipped() == {}


def test_a_named_file_is_judged_and_never_skipped(tmp_path: Path) -> None:
    put(tmp_path, {"docker-compose.config.yml": "a: b\n", "Dockerfile.x": "hello\n"})
    assert skipped("docker-compose.config.yml", "Dockerfile.x") == {}


def test_a_name_starts_at_the_root_of_findings(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    put(tmp_path, {"a/b/compose.config.yaml": "a: b\n"})
    assert skipped("a/b") == {"a/b/compose.config.yaml": "no-services"}


def test_the_api_lists_them(tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": WEB, "app/docker-compose.yml.example": WEB})
    result = tightship.check(tmp_path)
    path = os.path.realpath(tmp_path / "app" / "docker-compose.yml.example")
    assert result.skipped == (path,)


def test_a_skipped_file_counts_once() -> None:
    summary = Summary()
    for _ in range(2):
        summary.scope.leave(SkippedFile("/a/compose.x.yaml", "empty", "it is empty"))
    assert len(summary.scope.left) == 1


@pytest.mark.parametrize(
    ("name", "text", "script"),
    [
        ("Dockerfile", "RUN make\n", ""),
        ("Dockerfile.web", "FORM debian:13\nRUN make\n", ""),
        ("Dockerfile.web", "RUN make\n", "docker build -f app/Dockerfile.web .\n"),
        ("Dockerfile", "FROM {{ base }}\n", ""),
    ],
)
def test_a_dockerfile_that_somebody_builds_needs_an_image(
    name: str, text: str, script: str, tmp_path: Path
) -> None:
    put(tmp_path, {".git/HEAD": "", "compose.yaml": WEB, f"app/{name}": text, "run.sh": script})
    assert skipped() == ({"run.sh": "not-asked-for"} if script else {})
    found = next(one for one in check(["."]) if one.sources[0].name == f"app/{name}")
    assert any(one.severity.word == "error" for one in found.findings)


@pytest.mark.parametrize(
    "more",
    [
        "    # see {{ x }}\n",
        "# {% if x %}\n",
        "    command: \"docker ps --format '{{.Names}}'\"\n",
        "    environment: {FORMAT: '{{ x }}', A: <% b %>}\n",
        "    healthcheck: {test: [CMD, x, '{{ y }}']}\n",
        "x-note: '{{ x }}'\n",
    ],
)
def test_a_template_that_can_be_read_is_judged(more: str, tmp_path: Path) -> None:
    put(tmp_path, {"compose.yaml": WEB, "app/stack.yaml": WEB + more})
    assert skipped() == {}
    found = [verdict.sources[0].name for verdict in check(["."])]
    assert "app/stack.yaml" in found


@pytest.mark.parametrize("name", ["stack.yml", "prod.compose.yml"])
def test_a_compose_file_that_breaks_off_is_judged_as_far_as_it_goes(
    name: str, tmp_path: Path
) -> None:
    text = WEB + "    privileged: true\n    a: b: c\n"
    put(tmp_path, {"compose.yaml": WEB, name: text})
    assert skipped() == {}
    found = next(one for one in check(["."]) if one.sources[0].name == name)
    assert "privileged-container" in {one.rule.name for one in found.findings}
    assert found.gaps


def test_what_a_command_starts_in_another_folder_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, {"up.sh": "cd b\ndocker compose -f c.txt up\n", "b/c.txt": WEB})
    assert skipped() == {}
    assert [one.sources[0].name for one in check(["."])] == ["b/c.txt"]


def test_what_a_command_names_and_is_too_large_is_reported(tmp_path: Path) -> None:
    put(tmp_path, {"up.sh": "docker compose -f c.txt up\n", "c.txt": WEB + "#" * 10_000_001})
    assert skipped() == {"c.txt": "too-large"}
