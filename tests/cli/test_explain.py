"""``tightship explain``: what Compose would run, and where it comes from."""

from __future__ import annotations

import json
import os
import shlex
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from tightship.cli.main import main
from tightship.engine.disk import names as names_module, root as root_module

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
x-hard: &hard
  read_only: true
services:
  base: {image: "example/app:${TAG:-1}", cap_drop: [ALL], user: "1000"}
  web:
    <<: *hard
    extends: base
    ports: ["8080:80"]
    environment: {LEVEL: "${LEVEL}", UNSET: "${NOWHERE}"}
"""
OVER = """\
services:
  web: {user: root, ports: !override ["127.0.0.1:8080:80"]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(BASE)
    (tmp_path / "compose.override.yaml").write_text(OVER)
    (tmp_path / ".env").write_text("LEVEL=debug\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explained(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_a_service_is_shown_with_the_origin_of_each_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert explained(capsys, "web") == dedent(
        """\
        image: example/app:1      # compose.yaml:4, through extends: base at compose.yaml:7, the default of ${TAG}
        cap_drop:
          - ALL                   # compose.yaml:4, through extends: base at compose.yaml:7
        user: root                # compose.override.yaml:2, over compose.yaml:4
        environment:
          LEVEL: debug            # compose.yaml:9, ${LEVEL} from .env:1
          UNSET: ""               # compose.yaml:9, ${NOWHERE} is not set
        read_only: true           # compose.yaml:2, through <<: *hard at compose.yaml:6
        ports:
          - mode: ingress         # compose.override.yaml:2
            host_ip: "127.0.0.1"  # compose.override.yaml:2
            target: 80            # compose.override.yaml:2
            published: "8080"     # compose.override.yaml:2
            protocol: tcp         # compose.override.yaml:2
        networks:
          default:                # implied, for compose.override.yaml:2
        """
    )


@pytest.mark.usefixtures("project")
def test_the_output_is_yaml(capsys: pytest.CaptureFixture[str]) -> None:
    yaml: Any = YAML(typ="safe", pure=True)
    whole = yaml.load(explained(capsys))
    assert whole["services"]["web"]["user"] == "root"
    assert whole["services"]["web"]["ports"][0]["published"] == "8080"


@pytest.mark.usefixtures("project")
def test_a_key_is_shown_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert explained(capsys, "web", "environment.LEVEL") == (
        "debug  # compose.yaml:9, ${LEVEL} from .env:1\n"
    )


@pytest.mark.usefixtures("project")
def test_json_has_the_configuration_and_origins_of_the_same_shape(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = json.loads(explained(capsys, "--output-format", "json"))
    assert whole.keys() == {"config", "origins", "facts"}
    config, origins = whole["config"]["services"], whole["origins"]["services"]
    assert config["web"]["cap_drop"] == ["ALL"]
    [origin] = origins["web"]["cap_drop"]
    assert (origin["file"], origin["line"]) == ("compose.yaml", 4)
    assert origin["way"] == [{"kind": "extends", "name": "base", "file": "compose.yaml", "line": 7}]


def test_files_can_be_named_as_for_compose(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "prod.yaml").write_text("services: {web: {read_only: false}}\n")
    shown = explained(capsys, "-f", "compose.yaml", "-f", "prod.yaml", "web", "user")
    assert shown.startswith('"1000"  # compose.yaml:4')


def test_the_environment_is_used_only_on_request(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAG", "7")
    assert "app:1" in explained(capsys, "web", "image")
    assert "app:7" in explained(capsys, "--env-from-process", "web", "image")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["wbe"], "unknown service `wbe` here; did you mean `web`?"),
        (["web", "usr"], "unknown key `usr` here; did you mean `user`?"),
        (["web", "user.x"], "unknown key `x` here\n"),
        (["a", "b", "c"], "explain takes a path, a service and a key, not more"),
    ],
)
def test_an_unknown_service_or_key_is_an_error(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *words]) == 2
    assert said in capsys.readouterr().err


def test_what_compose_rejects_is_reported_with_its_place(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.yaml").write_text("services: {a: {image: x, networks: [n]}}\n")
    (project / "compose.override.yaml").unlink()
    assert main(["explain"]) == 2
    assert "compose.yaml:1:37: service `a` uses network `n`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# services:\n", "Compose rejects an empty project"),
        ("services: {web: {image: x, foo: 1}}\n", "`foo` is not a key"),
        ("services: {web: {image: x, ports: 80}}\n", "`ports` must be"),
        ("services: {web: {image: x}\n", "this `{` is never closed"),
        ("services: {web: {user: x}}\n", "neither `image` nor `build`"),
    ],
)
def test_a_rejection_has_a_reason(
    text: str, reason: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.override.yaml").unlink()
    (project / "compose.yaml").write_text(text)
    assert main(["explain"]) == 2
    assert reason in capsys.readouterr().err


def test_a_default_of_compose_is_not_that_of_a_variable(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.override.yaml").unlink()
    (project / "compose.yaml").write_text("services: {web: {build: ./app}}\n")
    out = explained(capsys)
    assert "Compose's default, for compose.yaml:1" in out
    assert "None" not in out


def test_the_home_is_that_of_the_user(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    text = "services: {web: {image: x, volumes: ['~/a:/a', '~b/c:/c']}}\n"
    (project / "compose.yaml").write_text(text)
    (project / "compose.override.yaml").unlink()
    out = explained(capsys, "web", "volumes")
    assert "/home/me/a" in out
    assert "/home/me/b/c" in out  # as docker-compose 2.26.1 resolves it


def test_a_folder_without_a_project_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["explain"]) == 2
    assert "no Compose file in this folder" in capsys.readouterr().err


def test_hostile_values_reach_no_terminal(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.yaml").write_text(
        'services: {web: {image: "x\\e[31m", labels: {"k\\a": "v\\u202e"}}}\n'
    )
    out = explained(capsys)
    assert not {"\x1b", "\a", "\u202e"} & set(out)


SECRETS = """\
services:
  web:
    image: app:1
    environment:
      DB_PASSWORD: ${DB_PASSWORD}
      API_TOKEN: hunter3
      LEVEL: debug
      URL: postgres://app:hunter4@db/app
    command: [run, --token, hunter5, --verbose, "${DB_PASSWORD}"]
"""


@pytest.fixture
def secret_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compose.yaml").write_text(SECRETS)
    (tmp_path / ".env").write_text("DB_PASSWORD=hunter2\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("secret_project")
def test_secrets_are_hidden_and_everything_else_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = explained(capsys, "web")
    assert "hunter" not in shown
    for line in (
        "  - run ",
        "  - --verbose ",
        "LEVEL: debug ",
        "postgres://app:****@db/app ",
        'DB_PASSWORD: "****" ',
        "${DB_PASSWORD} from .env:1",
    ):
        assert line in shown
    assert shown.endswith("# **** hides a secret: --show-secrets prints it\n")
    whole = explained(capsys, "--output-format", "json")
    assert "hunter" not in whole
    assert json.loads(whole)["config"]["services"]["web"]["environment"]["URL"] == (
        "postgres://app:****@db/app"
    )
    assert explained(capsys, "web", "environment.LEVEL") == ("debug  # compose.yaml:7\n")


@pytest.mark.usefixtures("secret_project")
def test_show_secrets_prints_the_exact_values(capsys: pytest.CaptureFixture[str]) -> None:
    shown = explained(capsys, "--show-secrets", "web")
    assert "****" not in shown
    assert [f"hunter{n}" in shown for n in range(2, 6)] == [True] * 4


@pytest.mark.usefixtures("secret_project")
def test_a_secret_of_the_environment_is_hidden(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_PASSWORD", "hunter9")
    shown = explained(capsys, "--env-from-process")
    assert "hunter9" not in shown
    assert "${DB_PASSWORD} from the environment" in shown
    exact = explained(capsys, "--env-from-process", "--show-secrets")
    assert exact.count("hunter9") == 2


def _explain_with(folder: Path, monkeypatch: pytest.MonkeyPatch, variables: str) -> int:
    (folder / "compose.yaml").write_text('services: {a: {image: "b:${A}"}}\n')
    (folder / ".env").write_text(variables)
    monkeypatch.chdir(folder)
    return main(["explain", "a", "image"])


@pytest.mark.parametrize("variables", ["A=$A\n", "A=${A}\n", "A=$B\nB=1\n"])
def test_a_variable_that_a_file_takes_from_itself_is_empty(
    variables: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Docker Compose 2.26.1 prints `b:`."""
    assert _explain_with(tmp_path, monkeypatch, variables) == 0
    assert '"b:"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ("A=${X:?}\n", 2),
        ("A=${X?no}\nX=1\n", 2),
        ("X=\nA=${X:?}\n", 2),
        ("X=\nA=${X?}\n", 0),
        ("X=1\nA=${X:?}\n", 0),
    ],
)
def test_a_file_of_variables_may_require_one_that_is_not_set(
    variables: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Docker Compose 2.26.1 refuses the project, though lines below set the variable."""
    assert _explain_with(tmp_path, monkeypatch, variables) == code
    told = capsys.readouterr().err
    assert ("`X` must have a value, but is not set" in told) is bool(code)


def test_a_check_does_not_know_what_the_environment_sets(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text('services: {a: {image: "b:${A}"}}\n')
    (tmp_path / ".env").write_text("A=${X:?}\n")
    assert main(["check", str(tmp_path)]) == 0


def test_a_file_has_its_role_with_the_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "compose.yaml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    (tmp_path / "hard.yml").write_text("services: {web: {init: true}}\n")
    (tmp_path / "run.sh").write_text("docker compose -f compose.yaml -f hard.yml up\n")
    monkeypatch.chdir(tmp_path)
    assert main(["explain", "hard.yml"]) == 0
    first, second, *rest = capsys.readouterr().out.splitlines()
    assert first == "# hard.yml: an overlay of compose.yaml"
    assert second.startswith("#   run.sh:1 runs `docker compose -f compose.yaml -f hard.yml up`")
    assert any("init: true" in line for line in rest)
    assert main(["explain", "hard.yml", "--output-format", "json"]) == 0
    role = json.loads(capsys.readouterr().out)["role"]
    assert (role["loading"], role["evidence"][0]["place"]) == ("overlay", "run.sh:1")


def test_a_file_of_several_projects_has_the_commands_that_explain_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "compose.yaml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    (tmp_path / "hard.yml").write_text("services: {web: {init: true}}\n")
    (tmp_path / "b c.yml").write_text("services: {db: {image: db}}\n")
    (tmp_path / "run.sh").write_text(
        "docker compose -f compose.yaml -f hard.yml up\n"
        "docker compose -f compose.yaml -f 'b c.yml' -f hard.yml --env-file x.env up\n"
    )
    monkeypatch.chdir(tmp_path)
    assert main(["explain", "hard.yml"]) == 0
    first, *_, why, one, other = capsys.readouterr().out.splitlines()
    assert first == "# hard.yml: an overlay of compose.yaml"
    assert why == "# Several projects load it. Print one of them:"
    assert one == "tightship explain -f compose.yaml -f hard.yml"
    assert other == ("tightship explain -f compose.yaml -f 'b c.yml' -f hard.yml --env-file x.env")
    (tmp_path / "x.env").touch()
    assert main(shlex.split(other)[1:]) == 0
    assert "image: db" in capsys.readouterr().out
    assert main(["explain", "hard.yml", "--output-format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["files"][1] for one in found["projects"]] == ["hard.yml", "b c.yml"]
    assert found["role"]["loading"] == "overlay"


@pytest.mark.parametrize("name", ["hard.yml", "compose.yaml", "Dockerfile"])
def test_the_repository_is_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "compose.yaml").write_text("services: {web: {build: .}}\n")
    (tmp_path / "hard.yml").write_text("services: {web: {init: true}}\n")
    (tmp_path / "Dockerfile").write_text("FROM debian:13\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/run.sh").write_text("docker compose -f ../compose.yaml -f ../hard.yml up\n")
    monkeypatch.chdir(tmp_path)
    listed, usual = list[str](), root_module.entries_of

    def counted(path: str) -> object:
        listed.append(os.path.abspath(path))
        return usual(path)

    for module in (root_module, names_module):
        monkeypatch.setattr(module, "entries_of", counted)
    assert main(["explain", name]) == 0
    assert listed
    assert listed.count(str(tmp_path / "sub")) <= 1


def test_a_dockerfile_that_no_service_builds_has_its_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "Dockerfile.ci").write_text("FROM debian:13\nRUN id\nCMD pytest\n")
    (tmp_path / "Dockerfile").write_text("FROM debian:13\n")
    monkeypatch.chdir(tmp_path)
    assert main(["explain", "Dockerfile.ci"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "# Dockerfile.ci: Dockerfile, built by no service here, for tests",
        "#   Dockerfile.ci has `ci` in its name",
    ]
    assert main(["explain", "Dockerfile.ci", "--output-format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["role"]["purpose"], found["facts"]["project"]) == ("test", None)
    (tmp_path / "compose.yaml").write_text("services: {web: {build: .}}\n")
    assert main(["explain", "Dockerfile"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "# Dockerfile: Dockerfile, built by service web of compose.yaml"
    assert any("dockerfile: Dockerfile" in line for line in rest)


def test_a_file_that_is_none_of_compose_has_its_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "Dockerfile").write_text("FROM debian:13\n")
    (tmp_path / "start.sh").write_text("docker run -d debian:13 sleep 9\n")
    (tmp_path / "build.sh").write_text("docker build -t shop .\n")
    monkeypatch.chdir(tmp_path)
    assert main(["explain", "start.sh"]) == 0
    assert capsys.readouterr().out == (
        "# start.sh: starts containers\n"
        "# `tightship explain --isolation start.sh` explains its containers\n"
    )
    assert main(["explain", "build.sh"]) == 0
    assert capsys.readouterr().out == (
        "# build.sh: builds images\n# Dockerfile: Dockerfile, built as image shop of build.sh\n"
    )
    assert main(["map", "build.sh"]) == 2
    assert "nothing here starts a container" in capsys.readouterr().err
