"""``tightship harden``: what it shows, what it writes, and what it leaves."""

from __future__ import annotations

import contextlib
import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main
from tightship.engine.harden.measures import MEASURES
from tightship.rules import every_rule

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """\
services:
  web:
    image: nginx:1.29-alpine  # pinned
  api:
    image: example/api:1.2
    pid: host
  cache:
    image: redis:7
  second:
    image: redis:7
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(PROJECT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def hardened(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["harden", *words]) == code
    return capsys.readouterr().out


def test_each_service_has_patches_grades_and_remaining_weaknesses(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = hardened(capsys)
    web, api, caches, closing = text.split("\n\n", 3)
    assert web.splitlines()[0] == "web (nginx:1.29-alpine) compose.yaml:2"
    assert "  + tmpfs: [/var/cache/nginx, /run]" in web.splitlines()
    [caps] = [line for line in web.splitlines() if "cap_drop: [ALL]" in line]
    assert caps.endswith("  ran on an engine")
    assert "+" not in api
    assert "nothing is known about the image `example/api`" in " ".join(api.split())
    assert "[host-pid-namespace]" in api
    assert caches.startswith("cache, second (redis:7) compose.yaml:7\n")
    assert "left: limits: the memory of the image `redis` grows with its data" in caches
    assert closing.startswith("Would harden 3 of 4 services.\n")
    assert "`tightship try` can find out more" in closing
    assert (project / "compose.yaml").read_text() == PROJECT


def test_only_the_named_services_are_hardened(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = hardened(capsys, "web", "--write")
    assert "Hardened 1 of 1 service in compose.yaml.\n" in written
    assert "tightship try" not in written
    text = (project / "compose.yaml").read_text()
    head, _, rest = text.partition("  api:\n")
    assert rest == PROJECT.partition("  api:\n")[2]
    assert head.startswith("services:\n  web:\n    image: nginx:1.29-alpine  # pinned\n")
    assert "    cap_add:\n      - CHOWN\n      - SETGID\n      - SETUID\n" in head


def test_the_written_patch_is_the_one_in_report_and_diff(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = json.loads(hardened(capsys, "--output-format", "json"))
    diff = hardened(capsys, "--diff", code=1)
    hardened(capsys, "--write")
    again = json.loads(hardened(capsys, "--output-format", "json"))
    assert all(not one["patches"] for one in again["services"])
    added = [line[1:].strip() for line in diff.splitlines() if line.startswith("+ ")]
    keys = [
        key
        for service in shown["services"]
        for patch in service["patches"]
        for key in patch["settings"]
    ]
    assert sorted(keys) == sorted(
        line.partition(":")[0] for line in added if ":" in line and line[0] != "-"
    )
    assert hardened(capsys, "--diff") == ""
    assert "mem_limit: 256m" in (project / "compose.yaml").read_text()


@pytest.mark.parametrize("existing", [False, True])
def test_an_override_file_has_the_same_effect_as_the_patch(
    project: Path, capsys: pytest.CaptureFixture[str], existing: bool
) -> None:
    override = project / "compose.hardened.yaml"
    if existing:
        hardened(capsys, "--to", override.name)
    text = hardened(capsys, "--to", override.name)
    command = "docker compose -f compose.yaml -f compose.hardened.yaml up -d"
    assert text.endswith(f"Start it with: {command}\n")
    assert (project / "compose.yaml").read_text() == PROJECT
    files = ("-f", "compose.yaml", "-f", override.name)
    main(["explain", *files, "--output-format", "json"])
    overlaid = json.loads(capsys.readouterr().out)["config"]
    hardened(capsys, "--write")
    main(["explain", "--output-format", "json"])
    assert json.loads(capsys.readouterr().out)["config"] == overlaid


def test_docker_compose_reads_the_override_as_the_patch(
    project: Path, capsys: pytest.CaptureFixture[str], docker_compose: str
) -> None:
    def config(*files: str) -> str:
        words = [docker_compose, *files, "config"]
        return subprocess.run(words, cwd=project, check=True, capture_output=True, text=True).stdout

    hardened(capsys, "--to", "over.yaml")
    overlaid = config("-f", "compose.yaml", "-f", "over.yaml")
    hardened(capsys, "--write")
    assert config() == overlaid


def test_a_replaced_list_item_cannot_be_an_override(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.yaml").write_text(
        "services:\n  web:\n    image: nginx:1.29\n    security_opt: [no-new-privileges=false]\n"
    )
    assert main(["harden", "--to", "over.yaml"]) == 2
    assert "--write changes the files" in capsys.readouterr().err
    assert not (project / "over.yaml").exists()


def test_no_other_file_is_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("compose.yaml", "notes.txt"):
        (project / name).touch()
        before = (project / name).read_bytes()
        assert main(["harden", "--to", name]) == 2
        assert f"`{name}` is another file" in capsys.readouterr().err
        assert (project / name).read_bytes() == before


def test_a_named_volume_is_part_of_an_override(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.yaml").write_text("services: {c: {image: 'caddy:2'}}\n")
    shown = json.loads(hardened(capsys, "--output-format", "json"))
    settings = {
        key: value
        for patch in shown["services"][0]["patches"]
        for key, value in patch["settings"].items()
    }
    hardened(capsys, "--to", "over.yaml")
    text = (project / "over.yaml").read_text()
    named = [item.partition(":")[0] for item in settings.get("volumes", ())]
    assert named
    assert all(f"  {name}: {{}}\n" in text.partition("\nvolumes:\n")[2] for name in named)


@pytest.mark.usefixtures("project")
def test_an_unknown_service_is_named_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["harden", "wbe"]) == 2
    error = capsys.readouterr().err
    assert "unknown service `wbe`; did you mean `web`?" in error


def test_a_folder_without_a_project_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["harden"]) == 2
    assert "no Compose file in this folder" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["harden", "map"])
def test_projects_below_are_listed(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "compose.yaml").write_text(PROJECT)
    (tmp_path / "a" / "Dockerfile").write_text("FROM scratch\n")
    monkeypatch.chdir(tmp_path)
    assert main([command]) == 2
    assert capsys.readouterr().err.endswith(
        "; below are 2 projects: a/compose.yaml, b/compose.yaml; name one, or `.` for all of them\n"
    )
    assert main([command, "."]) == 0


def test_a_screen_is_wide_enough_for_each_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "-".join(["service"] * 6)
    services = "".join(
        f"  {long}-{n}:\n    image: registry.example/{'team/' * 9}nginx:1.29\n" for n in range(30)
    )
    folder = tmp_path / ("deep-" * 12) / ("folder-" * 12)
    folder.mkdir(parents=True)
    (folder / "compose.yaml").write_text(
        f"services:\n{services}{PROJECT.partition('services:')[2]}"
    )
    (tmp_path / "compose.yaml").write_text(PROJECT)
    monkeypatch.chdir(tmp_path)
    for words in ([], ["."]):
        text = hardened(capsys, *words)
        titles = f"{folder.relative_to(tmp_path)}/compose.yaml"
        assert [line for line in text.splitlines() if len(line) > 100 and titles not in line] == []
    assert f"{long}-7 and 22 others" in " ".join(text.split())


def test_a_folder_above_with_the_name_of_a_project_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").mkdir()
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    assert main(["harden"]) == 2
    # docker-compose 2.26.1 refuses it, too: "read …/compose.yaml: is a directory".
    assert "../compose.yaml was not checked: `compose.yaml` is a directory" in (
        capsys.readouterr().err
    )


def test_accepted_findings_are_not_hardened(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "tightship.toml").write_text('ignore = ["unlimited-resources"]\n', encoding="utf-8")
    text = hardened(capsys, "web")
    assert "mem_limit" not in text
    assert "cap_drop" in text


def test_an_incompletely_judged_project_exits_with_2(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.yaml").write_text(PROJECT + "include: [missing.yaml]\n")
    assert "web" in hardened(capsys, code=2)


def test_what_is_known_about_each_measure_is_known() -> None:
    named = {rule.name for rule in every_rule() if rule.load().measure}
    assert named == MEASURES.keys()


@pytest.mark.parametrize("leads", ["../elsewhere", ".git/hooks"])
def test_an_override_file_is_not_written_through_a_link(
    leads: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "work" / ".git" / "hooks").mkdir(parents=True)
    (project / "elsewhere").mkdir()
    (project / "work" / "compose.yaml").write_text(PROJECT)
    (project / "work" / "folder").symlink_to(leads)
    with contextlib.chdir(project / "work"):
        code = main(["harden", "--to", "folder/new.yaml"])
    assert code in (2, 3)
    assert "folder/new.yaml" in capsys.readouterr().err
    assert [*(project / "work/folder").iterdir()] == []


def test_an_override_file_is_not_written_into_git(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".git").mkdir()
    assert main(["harden", "--to", ".git/new.yaml"]) == 2
    assert "name another file" in capsys.readouterr().err
    assert [*(project / ".git").iterdir()] == []


def test_standard_output_cannot_be_the_override_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["harden", "--to", "-"]) == 2
    assert "--diff prints the changes" in capsys.readouterr().err
    assert not (project / "-").exists()


@pytest.fixture
def override(project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the override file of a project that it hardens as a whole."""
    text = PROJECT.replace("    pid: host\n", "").replace("example/api:1.2", "postgres:18")
    (project / "compose.yaml").write_text(text)
    hardened(capsys, "--to", "hard.yml")
    return project / "hard.yml"


HARDENING = (
    "--select=writable-root-filesystem,privilege-escalation-allowed,default-capabilities-kept"
)


@pytest.mark.parametrize(
    "words", [(), (".",), ("compose.yaml",), ("hard.yml",), ("compose.yaml", "hard.yml")]
)
def test_the_next_check_judges_hardened_services_as_merged(
    override: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", HARDENING, *words]) == 0, capsys.readouterr().out
    override.unlink()
    assert main(["check", HARDENING, "compose.yaml"]) == 1


def test_a_weakness_in_an_override_file_is_found(
    override: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    override.write_text(override.read_text().replace("  web:\n", "  web:\n    privileged: true\n"))
    for words in ((), ("hard.yml",)):
        assert main(["check", *words]) == 1
        assert "hard.yml:5:17: error: service `web` is privileged" in capsys.readouterr().out


@pytest.mark.parametrize(
    "hiding",
    [
        "privileged: !reset null",
        "privileged: false",
        "volumes: !override []",
        "volumes: [data:/var/run/docker.sock]",
        "tmpfs: [/var/run/docker.sock/]",
        "tmpfs: /var/run/docker.sock",
        "volumes: ['data:${SOCKET:-/var/run/docker.sock}']",
        "deploy: {replicas: 0}",
        "profiles: [never]",
    ],
)
def test_an_override_file_that_claims_to_be_hardening_hides_nothing(
    project: Path, hiding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    socket = "volumes: [/var/run/docker.sock:/var/run/docker.sock]"
    web = f"services:\n  web:\n    image: nginx:1.29\n    privileged: true\n    {socket}\n"
    (project / "compose.yaml").write_text(web)
    assert main(["check"]) == 1
    before = capsys.readouterr().out
    (project / "hard.yml").write_text(
        "# Written by `tightship harden`. Use it in this folder with:\n"
        f"#   docker compose -f compose.yaml -f hard.yml up -d\nservices:\n  web:\n    {hiding}\n"
    )
    assert main(["check"]) == 1
    after = capsys.readouterr().out
    errors = [line for line in before.splitlines() if line.startswith("compose.yaml:")]
    assert len([line for line in errors if ": error: " in line]) == 2
    assert {line for line in errors if ": error: " in line} <= {*after.splitlines()}


def test_the_command_is_recorded_from_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/compose.yaml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    text = hardened(capsys, "shop", "--to", "shop/hard.yml")
    assert text.endswith(
        "Start it with: docker compose -f shop/compose.yaml -f shop/hard.yml up -d\n"
    )
    for words in ((), ("shop",), ("shop/compose.yaml",), ("shop/hard.yml",)):
        assert main(["check", HARDENING, *words]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    assert main(["check", HARDENING]) == 0


def test_an_override_file_that_no_check_finds_is_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "out").mkdir()
    text = hardened(capsys, "--to", "out/hard.txt")
    assert (
        "`tightship check` does not find it by itself: use `tightship check -f compose.yaml"
        " -f out/hard.txt`, or list the files in `COMPOSE_FILE` or in a `[[project]]`"
    ) in text
    assert main(["check", HARDENING, "-f", "compose.yaml", "-f", "out/hard.txt"]) == 0
    assert main(["check", HARDENING]) == 1
    assert "does not find" not in hardened(capsys, "--to", "hard.txt"), "it names itself"
    assert main(["check", HARDENING]) == 0
