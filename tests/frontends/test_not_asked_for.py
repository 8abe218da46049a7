"""A search names the files that start containers, and that nobody asked to read."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "start.sh": "docker run -d nginx:1.29\n",
    "README.md": "```sh\ndocker run --rm nginx:1.29\n```\n",
    "notes.sh": "echo no container\n",
    "web.container": "[Container]\nImage=nginx:1.29\n",
    ".github/workflows/ci.yml": "jobs: {a: {container: node:22, steps: [{run: make}]}}\n",
    ".github/workflows/docs.yml": "jobs: {a: {steps: [{run: docker ps}]}}\n",
}
NOTHING = "tightship: no Compose file or Dockerfile found below .\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def skipped(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    main(["check", "--show-files", "--output-format", "json"])
    found = json.loads(capsys.readouterr().out)["skipped"]
    return {one["path"]: one["message"] for one in found if one["reason"] == "not-asked-for"}


@pytest.mark.usefixtures("tree")
def test_each_file_is_listed_with_its_front_end(capsys: pytest.CaptureFixture[str]) -> None:
    expected = {".github/workflows/ci.yml": "actions", "start.sh": "docker-run"}
    expected["web.container"] = "quadlet"
    assert skipped(capsys) == {
        name: f'it starts containers: `front-ends = ["{one}"]` asks for it'
        for name, one in expected.items()
    }


@pytest.mark.usefixtures("tree")
def test_the_message_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        f"{NOTHING}tightship: Not read: `.github/workflows/ci.yml:1` and 2 other files start containers;"
        " `front-ends` in tightship.toml reads them. `-v` lists them.\n"
    )
    assert main(["check", "start.sh"]) == 1


def test_what_is_asked_for_is_read_and_the_rest_is_said(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "tightship.toml").write_text('front-ends = ["quadlet"]\n')
    assert set(skipped(capsys)) == {".github/workflows/ci.yml", "start.sh"}
    (tree / "tightship.toml").unlink()
    (tree / "Dockerfile").write_text("FROM nginx:1.29\nEXPOSE 80\n")
    assert set(skipped(capsys)) == {".github/workflows/ci.yml", "start.sh", "web.container"}
    assert main(["check"]) == 1
    assert "Not read: `.github/workflows/ci.yml:1` and 2 other" in capsys.readouterr().out


@pytest.mark.usefixtures("tree")
def test_a_named_file_says_nothing_of_others(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "compose.yaml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    main(["check", "compose.yaml"])
    assert "Not read" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("up.sh", "set -e\nsudo docker run nginx:1.29\n", 2),
        ("up.sh", "A=1 B='x y' docker container run nginx:1.29\n", 1),
        ("up.sh", "true && docker run nginx:1.29\n", 1),
        ("up.sh", "x=$(docker run nginx:1.29)\n", 1),
        ("up.sh", "cat <<E\nusage\nE\ndocker run nginx:1.29\n", 4),
        ("run", "#!/bin/sh\ndocker create nginx:1.29\n", 2),
        ("Makefile", "up:\n\t@docker run nginx:1.29\n", 2),
        ("app.service", "[Service]\nExecStart=/usr/bin/podman run nginx:1.29\n", 2),
        (".github/workflows/x.yml", "jobs: {a: {steps: [{run: 'docker run x:1'}]}}\n", 1),
        (".gitlab-ci.yml", "a:\n  script:\n    - docker run nginx:1.29\n", 3),
        ("package.json", '{"scripts": {"up": "docker run nginx:1.29"}}\n', 1),
        (".devcontainer/devcontainer.json", '{"image": "node:22"}\n', 1),
        (".bashrc", "a() { docker run nginx:1.29; }\n", 1),
        ("up.sh", "true\ndocker exec --privileged c sh\n", 2),
        ("up.sh", 'd() { docker "$@"; }\nd run --privileged v\n', 1),
        ("tasks/a.yml", "- command: [docker, run, --privileged, v]\n", 1),
        ("tasks/a.yml", "- a: b\n  docker_container:\n    privileged: true\n", 2),
        ("up.ps1", "$a = @('run')\n& docker @a\n", 2),
        ("Jenkinsfile", "node {\n docker.image('x').inside('--privileged') { }\n}\n", 2),
        ("Jenkinsfile", "agent {\n docker {\n  image 'x'\n  args '-v /:/h'\n }\n}\n", 2),
        ("Jenkinsfile", "node {\n docker.withRegistry('x') { }\n}\n", None),
        ("w.container.in", "[Unit]\n[Container]\nImage=@IMAGE@\n", 2),
        ("all.quadlets", "# FileName=w\n[Container]\nImage=x:1\n", 2),
        ("k8s.pod.tmpl", "kind: Pod\n", None),
        ("up.sh", "true\nenvsubst < a | docker compose -f - up\n", 2),
        ("up.sh", "docker compose -f https://git.example/x.git#main:compose.yaml up\n", 1),
        ("up.sh", "cat > /tmp/c.yml <<E\nservices: {}\nE\ndocker compose -f /tmp/c.yml up\n", 4),
        ("up.sh", "echo 'a | docker compose -f - up'\n", None),
        ("up.sh", "cd a && docker compose -f b.yaml up\n", None),
        ("crontab", "# 0 5 * * 1 docker run v:1\n", None),
        ("pipeline.groovy", "sh 'docker ps'\n", None),
        ("k8s.yml", "needs: [docker, build]\n", None),
        ("up.sh", "# docker run nginx:1.29\n", None),
        ("up.sh", "echo 'docker run nginx:1.29'\n", None),
        ("up.sh", 'echo "usage:\ndocker run nginx:1.29"\n', None),
        ("up.sh", "cat <<E\ndocker run nginx:1.29\nE\n", None),
        ("up.sh", "docker ps\n", None),
        ("README.md", "```sh\ndocker run nginx:1.29\n```\n", None),
        ("notes.yml", "text: docker run nginx:1.29\n", None),
    ],
)
def test_only_what_surely_starts_a_container_is_said(
    name: str,
    text: str,
    line: int | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for one, content in {"Dockerfile": "FROM nginx:1.29\nEXPOSE 80\n", name: text}.items():
        path = tmp_path / one
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    monkeypatch.chdir(tmp_path)
    main(["check", "--output-format", "json"])
    left = json.loads(capsys.readouterr().out)["skipped"]
    expected = [] if line is None else [(name, line, "starts")]
    assert [(one["path"], one["line"], one["does"]) for one in left] == expected


def test_a_script_of_powershell_may_be_in_utf_16(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "up.ps1").write_text("$a = 1\ndocker run nginx:1.29\n", encoding="utf-16")
    (tree / "Makefile").write_text("a:\n\tdocker buildx bake -f ci.hcl\n")
    main(["check", "--output-format", "json"])
    left = {one["path"]: one for one in json.loads(capsys.readouterr().out)["skipped"]}
    assert (left["up.ps1"]["line"], left["up.ps1"]["does"]) == (2, "starts")
    assert (left["Makefile"]["line"], left["Makefile"]["does"]) == (2, "builds")


def test_what_a_search_leaves_out_is_not_listed(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / ".gitignore").write_text("start.sh\n")
    (tree / "tightship.toml").write_text('exclude = ["*.container"]\n')
    assert set(skipped(capsys)) == {".github/workflows/ci.yml"}


POLICY = '[policy]\nname = "p"\nversion = "1"\nbuiltin = ["privileged-container"]\n'


def test_under_a_policy_a_start_that_nobody_reads_is_a_gap(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "compose.yaml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    (tree / "p.toml").write_text(POLICY)
    asked = ["check", "--fail-on", "error", "--policy", "p.toml"]
    assert main(asked) == 2
    assert "start.sh:1 was not checked: it starts containers" in capsys.readouterr().out
    (tree / "tightship.toml").write_text('front-ends = ["docker-run", "actions", "quadlet"]\n')
    assert main(asked) == 0
    (tree / "start.sh").write_text("docker run --privileged nginx:1.29\n")
    assert main(asked) == 1


def test_a_start_in_a_changed_file_is_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    (tmp_path / "old.sh").write_text("docker run nginx:1.29\n")
    for one in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *one], check=True)
    assert main(["check", "--changed-since", "HEAD"]) == 0
    (tmp_path / "new.sh").write_text("docker run --privileged nginx:1.29\n")
    assert main(["check", "--changed-since", "HEAD"]) == 2
    found = capsys.readouterr().out
    assert "new.sh:1 was not checked" in found
    assert "old.sh:1 was not" not in found


LOADS = {
    "a file that is not there": ("docker compose -f made.txt up -d\n", "Makefile"),
    "a file above": ("docker compose -f ../stack.txt up -d\n", "Makefile"),
    "standard input": ("docker compose -p x -f - up <<E\nE\n", "Makefile"),
    "a registry": ("podman compose -f oci://registry.example/app:1 up\n", "Makefile"),
}
NO_LOADS = {
    "a stack": "docker stack deploy -c stack.txt s\n",
    "a name of no YAML": "docker compose -f stack.txt up -d\n",
    "a folder of tools": "@docker-compose --file .venv/compose.yaml up\n",
    "a name that a search reads": "docker compose -f deploy/stack.yml up -d\n",
    "logs are followed": "docker compose logs -f stack.txt\n",
    "nothing starts": "docker compose -f stack.txt config\n",
    "a comment": "# docker compose -f stack.txt up -d\n",
    "a printed text": "echo 'use docker compose -f stack.txt up -d'\n",
}


def loaded(folder: Path, command: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the files that a search leaves out, although a recipe starts what they declare."""
    for name in ("stack.txt", ".venv/compose.yaml", "deploy/stack.yml", "compose.yaml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("services: {web: {image: nginx:1.29}}\n")
    (folder / "Makefile").write_text(f"up:\n\t{command}")
    main(["check", "--output-format", "json"])
    found = json.loads(capsys.readouterr().out)["skipped"]
    return [one["path"] for one in found if one["does"] == "starts"]


@pytest.mark.parametrize(("command", "path"), LOADS.values(), ids=LOADS)
def test_a_file_that_only_a_command_names_is_not_passed_over(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    path: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert loaded(tmp_path, command, capsys) == [path]
    main(["check"])
    shown = capsys.readouterr().out
    assert f"Not read: `{path}" in shown
    assert "no search and no front end reads it" in shown


@pytest.mark.parametrize("command", NO_LOADS.values(), ids=NO_LOADS)
def test_a_command_that_starts_nothing_else_is_passed_over(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert loaded(tmp_path, command, capsys) == []


NO_FRONT_END = {
    "Justfile": "up:\n    docker run --privileged v:1\n",
    "x.fish": "docker run --privileged v:1\n",
    "x.ps1": "docker run --privileged v:1\n",
    "bin/start": "docker run --privileged v:1\n",
    ".envrc": "docker run --privileged v:1\n",
    "crontab": "0 5 * * 1 root docker run --privileged v:1\n",
    "backup.cron": "0 5 * * 1 docker run --privileged v:1\n",
    "Jenkinsfile": "node {\n  sh 'docker run --privileged v:1'\n}\n",
    "ci.groovy": 'sh "docker run --privileged v:1"\n',
    "app.service.in": "[Service]\nExecStart=@docker@ x\nExecStop=docker run v:1\n",
    "app.service.d/more.conf": "[Service]\nExecStartPre=/usr/bin/podman run v:1\n",
    "run.sh.j2": "{% if a %}docker run --privileged v:1{% endif %}\n",
}


@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize(("name", "text"), NO_FRONT_END.items(), ids=NO_FRONT_END)
def test_what_no_front_end_reads_is_said_even_if_all_are_asked_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str,
    asks: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx:1.29}}\n")
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    if asks:
        (tmp_path / "tightship.toml").write_text('front-ends = ["docker-run", "documents"]\n')
    main(["check", "--output-format", "json"])
    [one] = json.loads(capsys.readouterr().out)["skipped"]
    assert one["message"] == "it starts containers, and no front end reads it"


def test_files_of_both_kinds_are_two_sentences(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "compose.yaml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    (tree / "compose.yaml.j2").write_text("services: {}\n")
    main(["check"])
    assert (
        "Not read: `.github/workflows/ci.yml:1` and 2 other files start containers; `front-ends` in"
        " tightship.toml reads them. 1 more file was not read. `-v` lists them.\n"
    ) in capsys.readouterr().out


def test_an_empty_unit_is_no_project_of_compose(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "empty.container").write_text("")
    assert main(["check", "empty.container"]) == 2
    assert "this file is empty [not-checked]" in capsys.readouterr().out


@pytest.mark.usefixtures("tree")
def test_other_formats_say_it_too(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "compose.yaml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    (tree / "start.sh").write_text("true\ndocker run -d nginx:1.29\n")
    main(["check", "--output-format", "concise"])
    assert "start.sh" not in capsys.readouterr().out
    main(["check", "-v", "--output-format", "concise"])
    assert "\nstart.sh:2 was not checked: it starts" in capsys.readouterr().out
    main(["check", "--output-format", "markdown"])
    assert "\nNot read: " in capsys.readouterr().out
    main(["check", "--output-format", "sarif"])
    [run] = json.loads(capsys.readouterr().out)["runs"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    places = [one["locations"][0]["physicalLocation"] for one in notes]
    lines = {one["artifactLocation"]["uri"]: one["region"]["startLine"] for one in places}
    assert lines["start.sh"] == 2


NAMED = {
    "an option": {"run.sh": "docker compose -f stack.txt up\n"},
    "a folder of the command": {"run.sh": "cd deploy && docker compose -f stack up\n"},
    "a variable": {"Makefile": "F := deploy/stack\nup:\n\tdocker compose -f $(F) up\n"},
    "its default": {"run.sh": 'docker compose -f "${F:-.venv/compose.yaml}" up\n'},
    "a folder in a variable": {"run.sh": 'docker compose -f "$ROOT/stack.txt" up\n'},
    "a list": {"up.mk": "export COMPOSE_FILE=stack.txt:deploy/stack\nup:; docker compose up\n"},
    "an included file": {
        "Makefile": "include x.inc\nup:\n\tdocker compose $(FILES) up\n",
        "x.inc": "ifdef CI\nFILES := -f stack.txt\nendif\n",
    },
    "a document": {"README.md": "```sh\npodman-compose --file=stack.txt up\n```\n"},
    "a workflow": {
        ".github/workflows/a.yml": "jobs: {a: {steps: [{run: docker compose -f stack.txt up}]}}\n"
    },
    "a build": {"run.sh": "docker build -f Dockerfile.bak .\n"},
    "an action": {".github/workflows/a.yml": "with:\n  file: Dockerfile.bak\n# build: docker\n"},
}
NOT_NAMED = {
    "another program": "grep -q image -f stack.txt\n",
    "it is removed": "docker compose down\nrm -f stack.txt\n",
    "it is tested": "docker compose ps; [ -f stack.txt ]\n",
    "another file": "docker compose -f notes.txt up\n",
    "above": "docker compose -f ../stack.txt up\n",
}


def read(folder: Path, texts: dict[str, str], capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the names of the files with findings in a repository that has some of any name."""
    (folder / ".git").mkdir()
    services = "services: {web: {image: nginx}}\n"
    every = dict.fromkeys(("stack.txt", "deploy/stack", ".venv/compose.yaml"), services)
    every |= {"Dockerfile.bak": "FROM nginx\n", "notes.txt": "from here\n", **texts}
    for name, text in every.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    main(["check", str(folder), "--output-format", "json"])
    return {one["path"] for one in json.loads(capsys.readouterr().out)["findings"]}


@pytest.mark.parametrize("texts", NAMED.values(), ids=NAMED)
def test_a_file_that_a_text_names_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], texts: dict[str, str]
) -> None:
    text = "".join(texts.values()).replace("deploy && docker compose -f ", "deploy/")
    known = ("stack.txt", "deploy/stack", ".venv/compose.yaml", "Dockerfile.bak")
    assert read(tmp_path, texts, capsys) == {one for one in known if one in text}


@pytest.mark.parametrize("text", NOT_NAMED.values(), ids=NOT_NAMED)
def test_a_file_that_no_text_names_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert read(tmp_path, {"run.sh": text}, capsys) == set()


def test_a_document_that_a_text_names_is_none_of_compose(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {
        "setup.cfg": "description = file: README.md\nkeywords = docker-compose\n",
        "README.md": "Docker Compose:\n\nservices:\n  web: {image: a}\n",
    }
    assert read(tmp_path, texts, capsys) == set()
    main(["check", str(tmp_path)])
    assert "Not read" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("mise.toml", '[tasks.up]\nrun = "docker run --privileged alpine"\n', 2),
        (
            "pyproject.toml",
            "[tool.poe.tasks]\nup.cmd = ['docker', 'run', '--privileged', 'a']\n",
            2,
        ),
        ("bom.toml", '\ufeffrun = "docker run --privileged alpine"\r\n', 1),
        ("tox.ini", "[testenv]\ncommands =\n    docker compose -f a.yml up\n", 3),
        ("facts.toml", 'about = """\\\n  Whether it stays open, as with `docker run -i`."""\n', 0),
        ("setup.cfg", "description = a tool for docker run\n", 0),
    ],
)
def test_a_value_may_be_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, line: int
) -> None:
    (tmp_path / name).write_text(text)
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    main(["check", str(tmp_path)])
    said = re.search(rf"Not read: `\S*\b{name}:{line}` starts", capsys.readouterr().out)
    assert (said is not None) is bool(line)


def test_what_is_excluded_or_ignored_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"run.sh": "docker compose -f stack.txt -f deploy/stack up\n", ".gitignore": "deploy\n"}
    texts["tightship.toml"] = 'exclude = ["stack.txt"]\n'
    assert read(tmp_path, texts, capsys) == set()


C = "docker run --privileged alpine"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ci/Jenkinsfile.release", f"node {{ sh '{C}' }}\n"),
        (".woodpecker.yml", f"steps:\n- commands:\n  - {C}\n"),
        (".pre-commit-config.yaml", f"repos:\n- hooks:\n  - id: a\n    entry: {C}\n"),
        ("ci/build.gitlab-ci.yml", f"a:\n  script:\n    - {C}\n"),
        ("lefthook.yml", f"pre-commit:\n  commands:\n    a:\n      run: {C}\n"),
        ("cloud-init.yaml", f"#cloud-config\nruncmd:\n  - {C}\n"),
        ("composer.json", json.dumps({"scripts": {"a": C}})),
        (".vscode/tasks.json", json.dumps({"tasks": [{"command": C}]})),
        ("web.kube", "[Kube]\nYaml=web.yml\n"),
    ],
)
def test_a_start_in_a_file_of_another_tool_is_listed(
    name: str, text: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text)
    main(["check", "--show-files", "--output-format", "json"])
    found = json.loads(capsys.readouterr().out)["skipped"]
    assert name in [one["path"] for one in found]
    # What only speaks of an engine is none.
    (tree / name).write_text(text.replace("docker run", "docker logs").replace("[Kube]", "[Unit]"))
    main(["check", "--show-files", "--output-format", "json"])
    found = json.loads(capsys.readouterr().out)["skipped"]
    assert name not in [one["path"] for one in found]
