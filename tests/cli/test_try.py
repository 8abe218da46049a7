"""``tightship try`` with an engine that only pretends: questions, refusals, and errors."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main
from tightship.images.facts import ImageFamily, NewPrivileges
from tightship.images.toml_file import Measurement, facts_file
from tightship_annexes.trial import command as try_project
from tightship_annexes.trial.danger import WORDS
from tightship_annexes.trial.exercise import Exercise
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.proving import Proof, Tried

if TYPE_CHECKING:
    from pathlib import Path

# A `docker` that notes its words, and answers from a file.
FAKE = """\
#!{python}
import json, os, sys
words = sys.argv[1:]
folder = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(folder, "calls"), "a") as log:
    print(*words, file=log)
answers = json.load(open(os.path.join(folder, "answers")))
for key, (code, out, err) in answers.items():
    if " ".join(words).find(key) >= 0:
        print(out)
        print(err, file=sys.stderr)
        sys.exit(code)
"""
INFO = json.dumps({"ServerVersion": "26.1.5", "CgroupVersion": "2", "SecurityOptions": []})
IMAGE = json.dumps({"Id": "sha256:1", "Config": {}})
CONFIG = {
    "name": "shop",
    "services": {"web": {"image": "nginx:1.29"}, "agent": {"image": "agent", "privileged": True}},
}
COMPOSE = """\
services:
  web: {image: "nginx:1.29"}
  agent: {image: agent, privileged: true}
"""


class Docker:
    """The folder with the pretended `docker`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        program = folder / "docker"
        program.write_text(FAKE.format(python=sys.executable))
        program.chmod(0o755)
        self.answers: dict[str, tuple[int, str, str]] = {
            "compose version": (0, "2.26.1", ""),
            "info": (0, INFO, ""),
            "version --format": (0, '{"Components": [{"Name": "Engine"}]}', ""),
            "context inspect": (0, "unix:///run/docker.sock", ""),
            "config --format json": (0, json.dumps(CONFIG), ""),
            "image inspect": (0, IMAGE, ""),
        }
        self.save()

    def save(self) -> None:
        (self.folder / "answers").write_text(json.dumps(self.answers))

    @property
    def calls(self) -> str:
        calls = self.folder / "calls"
        return calls.read_text() if calls.exists() else ""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    project, programs = tmp_path / "project", tmp_path / "programs"
    project.mkdir()
    programs.mkdir()
    (project / "compose.yaml").write_text(COMPOSE)
    monkeypatch.chdir(project)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    return Docker(programs)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run the command, which has to end with 2, and return what it says."""
    assert main(["try", *words]) == 2
    return capsys.readouterr().err


def test_docker_is_missing(docker: Docker, capsys: pytest.CaptureFixture[str]) -> None:
    (docker.folder / "docker").unlink()
    assert "`docker` is not installed" in told(capsys)
    assert "`docker` is not installed" in told(capsys, "--clean")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ((0, "1.29.2", ""), "Docker Compose 1.29.2 is too old: install version 2.20 or later"),
        ((1, "", "no such command"), "`docker compose` is not installed"),
    ],
)
def test_compose_is_missing_or_old(
    docker: Docker, capsys: pytest.CaptureFixture[str], answer: tuple[int, str, str], text: str
) -> None:
    docker.answers["compose version"] = answer
    docker.save()
    assert text in told(capsys)


def test_no_engine_answers(docker: Docker, capsys: pytest.CaptureFixture[str]) -> None:
    docker.answers["info"] = (1, json.dumps({"ServerErrors": ["it is off"]}), "")
    docker.save()
    assert "no engine answers (it is off): start it, or set DOCKER_HOST" in told(capsys)


def test_it_says_what_it_starts_and_asks(
    docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(capsys)
    assert "This runs the project's own code" in said
    assert "  web  nginx:1.29\n" in said
    assert f"Its own files: those in {docker.folder.parent / 'project'}; others need" in said
    assert "  agent: it is `privileged` (`--allow privileged`)" in said
    assert "there is no terminal to ask: add --yes if you agree" in said
    assert not {"up", "create", "pull", "build", "rm"} & {*docker.calls.split()}


def test_without_git_the_project_is_the_folder_of_its_file(
    docker: Docker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = docker.folder.parent / "project"
    monkeypatch.chdir(project.parent)
    assert f"Its own files: those in {project}; others" in told(capsys, "./project")
    named = ("-f", "project/compose.yaml", "--project-directory", ".")
    assert f"Its own files: those in {project.parent}; others" in told(capsys, *named)


def test_it_says_what_the_containers_may_take(
    docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(capsys)
    assert "Each container: no bound of this engine, or the limits that the project has" in said
    assert "Disk: no bound, because the disk of the engine cannot be seen from here" in said
    more = {"MemoryLimit": True, "PidsLimit": True, "MemTotal": 8 * 10**9}
    info = json.loads(INFO) | more | {"DockerRootDir": str(docker.folder)}
    docker.answers["info"] = (0, json.dumps(info), "")
    docker.save()
    said = told(capsys)
    assert "Each container: 4.0 GB of memory and 16,384 processes, or" in said
    assert "Disk: the trial stops before less than 2 GB are free" in said


def test_podman_has_internal_networks_and_says_so(
    docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    docker.answers["version --format"] = (0, '{"Components": [{"Name": "Podman Engine"}]}', "")
    docker.save()
    assert "Ports: none on this machine" in told(capsys)
    assert "Ports: free ones on 127.0.0.1" in told(capsys, "--network")


PROBES = """
[[probe]]
service = "web"
image = "curl:8"
command = "curl -fsS http://localhost/"

[[probe]]
service = "of-another-project"
image = "not-there"
command = "true"
"""


def test_probes_of_the_configuration_are_announced(
    docker: Docker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "project" / "tightship.toml").write_text(PROBES)
    said = told(capsys)
    assert "Probes, in containers without rights, or to ports of the copy:\n" in said
    assert "  web in curl:8: curl -fsS http://localhost/\n" in said
    assert "Probes for no service here:\n  of-another-project: true\n" in said


def test_a_name_of_a_service_that_is_nearly_right_is_asked_about(
    docker: Docker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "project" / "tightship.toml").write_text(PROBES.replace('"web"', '"wbe"'))
    assert "  wbe (did you mean web?): curl -fsS http://localhost/\n" in told(capsys)


def test_the_image_of_a_probe_is_not_pulled(
    docker: Docker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "project" / "tightship.toml").write_text(PROBES)
    docker.answers = {"-- curl:8": (1, "", "no such image"), **docker.answers}
    docker.save()
    assert "`curl:8`, the image of a probe, is not on this engine: pull it" in told(
        capsys, "--pull"
    )


def test_what_nobody_asks_for_is_not_said(
    docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "agent" not in told(capsys, "web")


def test_a_service_without_an_image_or_an_active_profile_is_not_started(
    docker: Docker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    compose = (
        "{name: shop, services: {api: {provider: {type: x}}, idle: {image: y, profiles: [z]}}}"
    )
    (tmp_path / "project" / "compose.yaml").write_text(compose)
    config = {"name": "shop", "services": {"api": {"provider": {"type": "x"}}}}
    docker.answers["config --format json"] = (0, json.dumps(config), "")
    docker.answers["image inspect"] = (1, "", "")
    docker.save()
    assert "api: its `provider` is a program of the host\n" in told(capsys, "--pull")
    assert "idle: its profile is not active; --profile activates it\n" in told(capsys, "idle")


STARTS = Tried("web", "", Hardening(no_new_privileges=True))
ANSWERS = STARTS.replaced(exercised=(Exercise("answers", "port 80: `HTTP 200`"),))
WORKS = STARTS.replaced(exercised=(Exercise("used", "`curl`"),))
MEASURED = Measurement("nginx:1.29", "2026-11-29", f"sha256:{64 * '0'}", "Docker Engine 26.1.5")


def facts_of(service: str) -> ImageFamily:
    needed = NewPrivileges(MEASURED.source, (), needed=False)
    return ImageFamily(
        *((), "a service", "nginx:1.29"),
        service=service,
        measured=MEASURED,
        new_privileges=(needed,),
    )


def shown(
    monkeypatch: pytest.MonkeyPatch, found: list[Tried], facts: dict[str, ImageFamily]
) -> None:
    """Let a trial show this without starting anything."""

    def proved(*_: object) -> list[Tried]:
        return found

    def measured(*_: object) -> dict[str, ImageFamily]:
        return facts

    monkeypatch.setattr(Proof, "tried", proved)
    monkeypatch.setattr(try_project, "families", measured)


@pytest.mark.parametrize(
    ("found", "words", "code", "text"),
    [
        (WORKS, ["web"], 0, "used: no-new-privileges"),
        (WORKS, [], 1, "not started"),  # the other service
        (ANSWERS, ["web"], 1, "\nweb: starts and answers; its real use was not seen: `--use`"),
        (STARTS, ["web"], 1, "\nweb: starts; its real use was not seen: `--use`"),
        (Tried("web", "it is unhealthy as it is"), ["web"], 1, "nothing was found: it is"),
    ],
)
def test_the_exit_code_tells_whether_each_service_is_proved(
    docker: Docker,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    found: Tried,
    words: list[str],
    code: int,
    text: str,
) -> None:
    shown(monkeypatch, [found], {})
    assert main(["try", "--yes", *words]) == code
    said = capsys.readouterr().out
    assert f"Proved for {int(found is WORKS)} of 1 service." in said
    assert text in said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_facts_are_added_to_a_file_in_its_own_words(
    docker: Docker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "project" / "tightship-facts.toml"
    path.write_text(facts_file({"db": facts_of("db")}), encoding)
    shown(monkeypatch, [WORKS], {"web": facts_of("web")})
    assert main(["try", "--yes", "web"]) == 0
    text = path.read_text("utf-8")
    assert text.startswith("format = 2")
    assert '[families."db"]' in text
    assert '[families."web"]' in text


@pytest.mark.parametrize(
    ("before", "is_updated"),
    [
        (" [ families . 'web' ] # by hand\n{}", True),
        ("[families]\n[families.web]\n{}", True),
        ("[families]\nweb = {{ service = 'web', summary = 'a', holds_for = 'b' }}\n", False),
    ],
)
def test_facts_by_hand_are_replaced_or_stay(
    docker: Docker,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    before: str,
    is_updated: bool,
) -> None:
    path = tmp_path / "project" / "tightship-facts.toml"
    text = before.format("service = 'web'\nsummary = 'a'\nholds_for = 'by hand'\n")
    path.write_text(text, "utf-8")
    shown(monkeypatch, [WORKS], {"web": facts_of("web")})
    assert main(["try", "--yes", "web"]) == (0 if is_updated else 3)
    now = path.read_text("utf-8")
    assert "by hand" not in now
    assert (now == text) is not is_updated
    assert ("is not updated" in capsys.readouterr().err) is not is_updated


def test_facts_that_cannot_be_written_cost_no_report(
    docker: Docker,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def proved(*_: object) -> list[Tried]:
        (tmp_path / "project" / "tightship-facts.toml").mkdir()
        return [WORKS]

    shown(monkeypatch, [], {"web": facts_of("web")})
    monkeypatch.setattr(Proof, "tried", proved)
    assert main(["try", "--yes", "web"]) == 3
    said = capsys.readouterr()
    assert "used: no-new-privileges" in said.out
    assert "is a directory" in said.err


def test_an_override_that_cannot_be_written_costs_no_report(
    docker: Docker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(monkeypatch, [WORKS], {"web": facts_of("web")})
    assert main(["try", "--yes", "web", "--to", "compose.yaml"]) == 2
    said = capsys.readouterr()
    assert "used: no-new-privileges" in said.out
    assert "compose.yaml" in said.err.splitlines()[-1]


def test_with_nothing_to_start_it_ends(docker: Docker, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing can be started" in told(capsys, "agent", "--yes")
    assert "up" not in docker.calls.split()


@pytest.mark.parametrize("answer", ["\n", "n\n", "no\n", "yess\n", ""])
def test_only_a_yes_starts(
    docker: Docker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    terminal = io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert "nothing was started" in told(capsys)
    assert "up" not in docker.calls.split()


@pytest.mark.parametrize(
    ("service", "text"),
    [
        ("env_file: /etc/hosts", "web: `env_file: /etc/hosts` is outside"),
        ("env_file: [{path: ../x.env, required: false}]", "web: `env_file: ../x.env` is outside"),
        ("env_file: ~/x.env", "`--allow outside-files` permits that"),
        ("env_file: link.env", "a part is unknown"),
        ("label_file: ../labels", "web: `label_file: ../labels` is outside"),
        ("label_file: '${UNKNOWN}/x'", "`--allow outside-files` permits that"),
        ("extends: {file: ../other.yaml, service: x}", "a part is unknown"),
    ],
)
def test_compose_reads_no_file_outside_of_the_project(
    docker: Docker, capsys: pytest.CaptureFixture[str], tmp_path: Path, service: str, text: str
) -> None:
    project = tmp_path / "project"
    (tmp_path / "x.env").write_text("A=1\n")
    (project / "link.env").symlink_to("../x.env")
    (project / "compose.yaml").write_text(f"services: {{web: {{image: x, {service}}}}}\n")
    assert text in told(capsys, "--yes")
    assert "config" not in docker.calls.split()


def test_an_included_file_outside_is_not_read(
    docker: Docker, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "project" / "compose.yaml").write_text("include: [../x.yaml]\n" + COMPOSE)
    assert "a part is unknown" in told(capsys, "--yes")
    assert "config" not in docker.calls.split()


@pytest.mark.parametrize("link", [".env", "part/.env", "part/x.env"])
def test_variables_outside_are_not_read(
    docker: Docker, capsys: pytest.CaptureFixture[str], tmp_path: Path, link: str
) -> None:
    named = "x.env" in link
    include = f"{{path: part/c.yaml{', env_file: part/x.env' if named else ''}}}"
    (tmp_path / "x.env").write_text("TOKEN=1\n")
    part = tmp_path / "project" / "part"
    part.mkdir()
    (part / "c.yaml").write_text("services: {part: {image: x}}\n")
    (tmp_path / "project" / "compose.yaml").write_text(f"include: [{include}]\n{COMPOSE}")
    assert "there is no terminal to ask" in told(capsys) or named
    (docker.folder / "calls").unlink(missing_ok=True)
    (tmp_path / "project" / link).symlink_to(tmp_path / "x.env")
    said = told(capsys, "--yes")
    assert "a part is unknown" in said or "--allow outside-files" in said
    assert "config" not in docker.calls.split()


def test_words_of_the_project_are_no_options_and_act_on_no_terminal(
    docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    config = {"name": "shop", "services": {"web": {"image": "--help"}, "b": {"image": "\x1b[2J"}}}
    docker.answers["config --format json"] = (0, json.dumps(config), "")
    docker.answers["image inspect"] = (1, "", "")
    docker.save()
    said = told(capsys, "--pull")
    assert "Pulled first: --help, <U+001B>[2J\n" in said
    assert "there is no terminal to ask" in said
    assert "\x1b" not in said
    assert "-- --help" in docker.calls


def test_a_configuration_that_was_cut_off_is_an_error(
    docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    docker.answers["config --format json"] = (0, '{"services": {', "")
    docker.save()
    assert "is too large to read" in told(capsys, "--yes")


def test_data_and_network_need_a_word(docker: Docker, capsys: pytest.CaptureFixture[str]) -> None:
    assert "add `--allow data-and-network`" in told(capsys, "--network", "--with-data", "--yes")
    assert not docker.calls


def test_an_unknown_word_has_a_guess(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", "--allow", "devices,privleged"]) == 2
    assert "did you mean `privileged`?" in capsys.readouterr().err


def test_help_has_every_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(f"\n  {word} " in text for word in WORDS)


def test_nothing_to_clean(docker: Docker, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", "--clean"]) == 0
    assert not capsys.readouterr().out
    assert "rm" not in docker.calls.split()
