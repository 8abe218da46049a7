"""A command as a Compose service: the same isolation, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st
from tests.frontends.docker_run.commands_of import containers_of, settings_of

from tightship.cli.main import main
from tightship.engine.check import check
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_texts
from tightship.engine.settings import CommandLine
from tightship.frontends.docker_run.convert import NotConvertible, as_service
from tightship.isolation.profile import Profile

if TYPE_CHECKING:
    from pathlib import Path

PARTS = (
    "--privileged", "--read-only", "--read-only=false", "--cap-add SYS_ADMIN", "--cap-add=ALL",
    "--cap-drop ALL", "--cap-drop=NET_RAW", "--security-opt no-new-privileges",
    "--security-opt seccomp=unconfined", "--security-opt apparmor:unconfined",
    "--security-opt label=disable", "--network host", "--net=none", "--network bridge",
    "--network back", "--pid host", "--ipc=host", "--ipc shareable", "--uts host",
    "--userns host", "--cgroupns host", "-u 1000:1000", "--user root", "-p 8080:80",
    "-p127.0.0.1:9090:90/udp", "-v /:/host", "-v data:/data:ro", "-v /etc:/etc:ro,z",
    "--mount type=bind,src=/var/run/docker.sock,dst=/sock,readonly", "--mount type=tmpfs,dst=/run",
    "--tmpfs /tmp:size=64m", "-m 512m", "--memory-swap=1g", "--cpus 1.5", "--pids-limit 100",
    "--device /dev/kvm", "--device=/dev/sda:/dev/x:r", "--device-cgroup-rule 'c 1:3 rwm'",
    "--group-add 999", "--oom-kill-disable", "--oom-score-adj=-500", "--sysctl kernel.shmmax=1",
    "--ulimit nofile=1024:2048", "-e A=b", "-e PASSWORD=hunter2", "--label a=b", "--restart always",
    "--add-host a:1.2.3.4", "--dns 1.1.1.1", "-w /app", "--entrypoint sh", "--init", "-it", "--rm",
    "-d", "--log-driver none", "--log-opt max-size=1m", "--shm-size=1g", "--runtime runsc",
    "--cgroup-parent /a", "--gpus all", "--volumes-from other", "--health-cmd 'true'",
    "--no-healthcheck", "--storage-opt size=1G", "--platform linux/arm64", "--annotation a=b",
)  # fmt: skip


def profile_of_service(text: str) -> Profile:
    plan = plan_texts({"compose.yaml": text}, Configs(CommandLine(), isolated=True))
    [verdict] = check(plan)
    assert verdict.project is not None
    [container] = verdict.project.containers
    return Profile(container)


def rows(profile: Profile) -> list[tuple[str, str, str]]:
    return [(row.mechanism, row.mark, row.state) for row in profile.rows]


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PARTS), max_size=8, unique=True))
def test_the_service_has_the_same_profile(parts: list[str]) -> None:
    text = f"docker run {' '.join(parts)} nginx:1.29 nginx -t\n"
    [container] = containers_of(text)
    mine = Profile(container)
    theirs = profile_of_service(as_service(settings_of(text)[0]))
    assert rows(mine) == rows(theirs)
    assert mine.grade == theirs.grade


def service_of(text: str) -> dict[str, Any]:
    [made] = settings_of(text)
    loaded: dict[str, Any] = yaml.safe_load(as_service(made))
    [service] = loaded["services"].values()
    return {**loaded, "services": service}


def test_networks_and_volumes_are_defined_as_the_engine_has_them() -> None:
    made = service_of("docker run --network a -v bb:/b -v /c:/c -v /d x:1\n")
    assert made["networks"] == {"a": {"external": True}}
    assert made["volumes"] == {"bb": {"name": "bb"}}
    assert made["services"]["volumes"] == ["bb:/b", "/c:/c", "/d"]


def test_files_of_variables_keep_the_reading_of_docker() -> None:
    made = service_of("docker run --env-file a.env x:1\n")
    assert made["services"]["env_file"] == [{"path": "a.env", "format": "raw"}]


def test_flags_without_a_key_are_named() -> None:
    [made] = settings_of("docker run -it --rm --ip 1.2.3.4 -P x:1\n")
    assert as_service(made).startswith("# Not carried over: --ip, --publish-all\n")


def test_arguments_that_a_run_decides_are_left_out() -> None:
    [made] = settings_of('docker run --rm --pid host x:1 "$@"\n')
    text = as_service(made)
    assert text.startswith("# Not carried over: its arguments\n")
    assert yaml.safe_load(text)["services"]["x"] == {"pid": "host", "image": "x:1"}
    [made] = settings_of("docker run x:1 a $B\n")
    assert yaml.safe_load(as_service(made))["services"]["x"]["command"] == ["a", "${B}"]


def test_a_variable_of_an_outer_script_has_its_name() -> None:
    [made] = settings_of('bash -c "docker run -p $PORT:80 x:1"\n')
    assert as_service(made).startswith("# Set these variables, as the script does: PORT\n")


def test_variables_and_defaults_of_podman_are_named() -> None:
    [made] = settings_of("docker run -p $PORT:80 -e A=${B:-c} -v $HOME/d:/d x:$TAG\n")
    first, *_ = as_service(made).splitlines()
    assert first == "# Set these variables, as the script does: PORT, TAG"
    [made] = settings_of("podman run x:1\n")
    first, *_ = as_service(made).splitlines()
    assert first.startswith("# For Podman: Docker has other default capabilities")


@pytest.mark.parametrize(
    "words",
    ["$OPTIONS x:1", '"$@"', "--new x:1", "--rm", "-v $(mktemp -d):/a x:1", "x:$(date +%s)"],
)
def test_what_is_not_certain_is_not_converted(words: str) -> None:
    [made] = settings_of(f"docker run {words}\n")
    with pytest.raises(NotConvertible):
        as_service(made)


@pytest.mark.parametrize(
    ("operand", "code", "words"),
    [
        ("a.sh:1", 0, "image: x:1"),
        ("a.sh:3", 0, "image: y:1"),
        ("a.sh", 2, "several commands start containers: name one of a.sh:1, a.sh:2, a.sh:4"),
        ("a.sh:4", 2, '`"$@"`'),
        ("a.sh:9", 2, "no command begins at a.sh:9"),
        ("b.sh", 2, "no command in b.sh starts a container"),
        ("c.sh", 2, "does not exist"),
        ("d.sh:1", 2, "start containers: name one of d.sh:1:1, d.sh:1:18"),
        ("d.sh:1:18", 0, "image: b:1"),
        ("d.sh:1:2", 2, "no command begins at d.sh:1:2: name one of d.sh:1:1, d.sh:1:18"),
        ("a.sh:1:1", 0, "image: x:1"),
    ],
)
def test_a_line_names_a_command(
    operand: str,
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.sh").write_text('docker run x:1\ndocker run \\\n  y:1\ndocker run "$@"\n')
    (tmp_path / "b.sh").write_text("true\n")
    (tmp_path / "d.sh").write_text("docker run a:1 | docker run b:1\n")
    monkeypatch.chdir(tmp_path)
    assert main(["convert", operand]) == code
    printed = capsys.readouterr()
    assert words in (printed.err if code else printed.out)
