"""``tightship map``: who reaches what, as text, as a diagram, and for programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.bounded import within

from tightship.cli.main import main
from tightship.isolation.reach_map import LIMITS

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """\
services:
  web:
    image: nginx
    ports: ["8080:80"]
    networks: [front]
    depends_on: [api]
  api:
    image: example/api
    networks: [front, back]
    environment: {DB: db}
    secrets: [token]
  db:
    image: postgres:18
    networks: [back]
    volumes: ["data:/var/lib/postgresql"]
  backup:
    image: example/backup
    network_mode: none
    volumes: ["data:/data:ro"]
  agent:
    image: example/agent
    networks: [back]
    volumes: ["/run/docker.sock:/run/docker.sock"]
networks: {front: {}, back: {}}
volumes: {data: {}}
secrets: {token: {file: ./token}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(PROJECT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["map", *words]) == code
    return capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_the_map_shows_what_is_reached_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys)
    lines = text.splitlines()
    assert lines[0] == (
        "5 services, 1 reached from outside, 1 that controls the host, 1 data store."
    )
    assert "  web  port 8080/tcp  compose.yaml:4" in lines
    assert "  back   api, db, agent" in lines
    assert "  volume data  db writes, backup reads" in lines
    assert "  outside -> web -> api -> db" in lines
    assert "  outside -> web -> api -> agent -> host" in lines
    assert "  One change, `agent` without its control socket, cuts 1 of 2 paths." in lines
    assert text.replace("\n", " ").count(LIMITS) == 1


@pytest.mark.usefixtures("project")
def test_a_service_shows_what_its_attacker_reaches(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "api")
    direct, further = text.split("and from there")
    assert [line.split()[0] for line in direct.splitlines()[1:] if line] == [
        *("web", "db", "agent", "secret")
    ]
    assert re.search(r"host +through agent: control socket", further)
    assert re.search(r"backup +through db: volume `data`", further)
    assert "reached from outside through web" in further


@pytest.mark.usefixtures("project")
def test_json_has_the_whole_map(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(printed(capsys, "--output-format", "json"))
    assert {one["name"]: one["store"] for one in data["services"]} == {
        **dict.fromkeys(["web", "api", "backup", "agent"], False),
        "db": True,
    }
    [volume, reading] = [one for one in data["connections"] if one["name"] == "data"]
    assert [node["name"] for node in volume["sources"]] == ["db"]
    assert reading["leads_on"] is False
    assert volume["places"][0] == {
        "node": {"kind": "service", "name": "db"},
        "path": "compose.yaml",
        "line": 15,
    }
    assert [path["target"]["kind"] for path in data["paths"]] == ["service", "host"]
    assert data["change"]["services"] == ["agent"]
    one = json.loads(printed(capsys, "backup", "--output-format", "json"))
    [backup] = one["services"]
    assert [it["name"] for it in backup["reaches"]] == ["db"]


@pytest.mark.usefixtures("project")
def test_a_diagram_has_each_service_and_each_edge(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--output-format", "mermaid").splitlines()
    assert lines[0] == "flowchart LR"
    ids = {
        match[2]: match[1]
        for line in lines
        if (match := re.fullmatch(r'  (\w+)[\[({]+"([^"]+)"[\])}]+', line))
    }
    assert {"web", "api", "db", "backup", "agent", "outside", "host"} <= ids.keys()
    assert f'  outside -->|"8080/tcp"| {ids["web"]}' in lines
    assert f'  {ids["agent"]} -->|"control socket"| host' in lines
    assert f'  {ids["db"]} -->|"volume data"| {ids["backup"]}' in lines
    assert f"  {ids['api']} --- {ids['back']}" in lines


def test_names_from_files_are_escaped_in_diagrams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = 'a"] --> x; %%{init: {}}%% <script>`|\\u202E'
    (tmp_path / "compose.yaml").write_text(
        f"services:\n  {json.dumps(name)}: {{image: x, ports: ['80:80']}}\n"
    )
    monkeypatch.chdir(tmp_path)
    main(["map", "--output-format", "mermaid"])
    lines = capsys.readouterr().out.splitlines()
    [shown] = [line for line in lines if line.startswith("  s0[")]
    label = shown.removeprefix('  s0["').removesuffix('"]')
    assert re.fullmatch(r"[\w .,/:()-]*(#\d+;[\w .,/:()-]*)+", label)
    assert label.endswith(" (not checked)")  # Compose takes no such name.
    assert sum("script" in line for line in lines) == 1


def test_an_unknown_service_and_a_folder_without_a_project(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["map", "wep"]) == 2
    assert "did you mean `web`?" in capsys.readouterr().err
    empty = project / "empty"
    empty.mkdir()
    (project / "compose.yaml").unlink()
    monkeypatch.chdir(empty)
    assert main(["map"]) == 2
    assert "no Compose file in this folder" in capsys.readouterr().err


def test_values_known_at_run_time_are_named_and_a_gap_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = (
        "services:\n"
        "  a: {image: x, networks: [proxy], ports: ['80:80']}\n"
        "  b: {image: postgres, networks: [proxy]}\n"
        "networks: {proxy: {external: true}}\n"
    )
    (tmp_path / "compose.yaml").write_text(project)
    monkeypatch.chdir(tmp_path)
    text = printed(capsys)
    assert "  outside -> a -> b (possible)\n" in text
    assert "the files do not show the traffic that network `proxy` allows" in text
    (tmp_path / "compose.yaml").write_text(f"include: [gone.yaml]\n{project}")
    text = printed(capsys, code=2)
    assert "  outside -> a -> host (possible)\n" in text
    assert "\nNot checked\n  a  `gone.yaml` does not exist  compose.yaml:1\n  b  " in text


@pytest.mark.parametrize("form", ["text", "mermaid", "json"])
def test_a_hostile_project_takes_bounded_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    services = "".join(
        f"  s{n}: {{image: redis, ports: ['{n + 1}:80'], networks: [n{n % 20}, all],"
        f" privileged: true, volumes: ['v{n % 9}:/v'], depends_on: [s{n + 1}]}}\n"
        for n in range(300)
    )
    services += "  s300: {image: redis}\n"
    networks = ", ".join(f"n{n}: {{}}" for n in range(20))
    (tmp_path / "compose.yaml").write_text(
        f"services:\n{services}networks: {{all: {{}}, {networks}}}\n"
        f"volumes: {{{', '.join(f'v{n}: {{}}' for n in range(9))}}}\n"
    )
    monkeypatch.chdir(tmp_path)
    with within(20):
        text = printed(capsys, "--output-format", form)
    assert len(text) > 1000
    if form != "json":
        assert len(text) < 100_000


def test_a_socket_proxy_is_named_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n"
        "  web: {image: x, ports: ['80:80'], environment: {DOCKER_HOST: 'tcp://p:1'}}\n"
        "  p:\n"
        "    image: tecnativa/docker-socket-proxy\n"
        "    volumes: ['/run/docker.sock:/run/docker.sock:ro']\n"
    )
    monkeypatch.chdir(tmp_path)
    text = printed(capsys)
    assert "; a proxy, which passes only allowed requests" in text
    assert "  outside -> web -> p -> host\n" in text


def test_a_proxy_that_allows_creating_containers_does_not_filter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n"
        "  p:\n"
        "    image: tecnativa/docker-socket-proxy\n"
        "    environment: {POST: 1, CONTAINERS: 1}\n"
        "    volumes: ['/run/docker.sock:/run/docker.sock:ro']\n"
    )
    monkeypatch.chdir(tmp_path)
    text = printed(capsys)
    assert "commands the Docker daemon" in text
    assert "only allowed requests" not in text


def test_similar_services_of_a_large_project_share_a_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    many = "".join(f"  worker-{n}: {{image: x, networks: [back]}}\n" for n in range(40))
    (tmp_path / "compose.yaml").write_text(
        "services:\n"
        "  web: {image: x, ports: ['80:80'], networks: [front, back]}\n"
        "  db: {image: postgres, networks: [back]}\n"
        f"{many}networks: {{front: {{}}, back: {{}}}}\n"
    )
    monkeypatch.chdir(tmp_path)
    text = printed(capsys, "--output-format", "mermaid")
    assert '"worker-0 and 39 more"' in text
    assert "worker-1" not in text
    assert len(text.splitlines()) < 12
