"""Units of Podman: each key as the flag that means the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.frontends.docker_run.commands_of import NoFiles, settings_of as command_settings, shown
from tests.frontends.quadlet.units_of import project_of

from tightship.cli.main import main
from tightship.frontends.flags.flags import flag_of
from tightship.frontends.quadlet.project import UnitSettings, declare
from tightship.frontends.quadlet.unit import keys
from tightship.isolation.containers import containers
from tightship.model.file_project import FileProject
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
[Unit]
Image=none

[Container]
Image=docker.io/library/nginx:1.29
; a comment
Exec=nginx -g 'daemon off;'
AddCapability=NET_ADMIN SYS_TIME
DropCapability=all
Volume=/srv:/srv:ro
Volume=data.volume:/data
PublishPort=127.0.0.1:8080:80
Environment=A=b "C=d e"
NoNewPrivileges=true
ReadOnly=yes
RunInit=no
Network=host
PodmanArgs=--pid=host \\
  --memory 1g
User=1000

[Service]
Restart=always
"""


def settings_of(text: str, name: str = "web.container") -> list[UnitSettings]:
    project = FileProject(Source(name, text), NoFiles())
    declare(project)
    return [one for one in project.services.values() if isinstance(one, UnitSettings)]


def test_keys_are_settings() -> None:
    [made] = settings_of(TEXT)
    assert made.name == "web"
    assert shown(made) == {
        "image": "docker.io/library/nginx:1.29",
        "command": ["nginx", "-g", "daemon off;"],
        "cap_add": ["NET_ADMIN", "SYS_TIME"],
        "cap_drop": ["all"],
        "volumes": ["/srv:/srv:ro", "data.volume:/data"],
        "ports": ["127.0.0.1:8080:80"],
        "environment": ["A=b", "C=d e"],
        "security_opt": ["no-new-privileges"],
        "read_only": "true",
        "network_mode": "host",
        "pid": "host",
        "mem_limit": "1g",
        "user": "1000",
    }
    assert made.table.entries["pid"].value.span.text == "host"
    assert made.table.entries["cap_add"].key.span.text == "AddCapability"
    assert made.complete


def test_podman_has_its_own_defaults() -> None:
    project = FileProject(Source("a.container", "[Container]\nImage=x:1\n"), NoFiles())
    declare(project)
    [container] = containers(project)
    kept = container.capabilities.bounding
    assert "CHOWN" in kept
    assert not kept & {"NET_RAW", "MKNOD", "AUDIT_WRITE"}


def test_specifiers_are_unknown_but_the_folders_of_a_user() -> None:
    text = """\
[Container]
Image=example/%p:%i
ContainerName=%N-100%%
Volume=%h/data:/data
Volume=%t/podman/podman.sock:/run/podman.sock
Environment=A=%H B=c
AddDevice=-/dev/dri
User=%U
PodmanArgs=--hostname %i
"""
    [made] = settings_of(text)
    assert shown(made) == {
        "image": "example/${_}:${_}",
        "container_name": "${_}-100%",
        "volumes": ["~/data:/data", "${XDG_RUNTIME_DIR}/podman/podman.sock:/run/podman.sock"],
        "environment": ["A=${_}", "B=c"],
        "devices": ["/dev/dri"],
        "user": "${UID}",
        "hostname": "${_}",
    }


def test_other_files_declare_nothing() -> None:
    assert not settings_of(TEXT, "web.service")
    assert not settings_of("[Unit]\nUser=1\n")


@pytest.mark.parametrize(
    ("kind", "of"), [("container", "docker_run"), ("pod", "docker_run"), ("build", "docker_build")]
)
def test_each_key_is_a_flag_of_podman(kind: str, of: str) -> None:
    meanings = (meaning.split(" ")[1:2] for meaning in keys(kind).values())
    assert [name for one in meanings for name in one if flag_of(name, "podman", of) is None] == []


@given(st.text(alphabet="[]Container=\\\n -\"'#;AddVolume%", max_size=100))
def test_any_text_is_read(text: str) -> None:
    settings_of(text)
    settings_of(f"[Container]\nImage=x\nPodmanArgs={text}")


UNIT = "[Container]\nImage=x:1\n"


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        (f"{UNIT}Network=host\nUser=1\n", "network_mode", f"{UNIT}User=1\n"),
        (f"{UNIT}Network = host", "network_mode", UNIT),
        (f"{UNIT}PodmanArgs=--privileged\r\nUser=1\n", "privileged", f"{UNIT}User=1\n"),
        (f"{UNIT}PodmanArgs=--init --pid host\n", "pid", f"{UNIT}PodmanArgs=--init\n"),
        (f"{UNIT}PodmanArgs=\\\n  --privileged\nUser=1\n", "privileged", None),
    ],
)
def test_a_line_goes_with_its_only_flag(before: str, key: str, after: str | None) -> None:
    [made] = settings_of(before)
    edits = made.editor.remove(key)
    assert (apply_edits(made.span.source, edits) if edits else None) == after


def test_a_key_with_two_values_keeps_the_other() -> None:
    [made] = settings_of(f"{UNIT}AddCapability=SYS_ADMIN NET_ADMIN\nUser=1\n")
    for item in made.items("cap_add"):
        assert made.editor.remove_item("cap_add", item) == ()


def test_a_patch_has_what_is_added_and_the_words_of_podman(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "[Container]\nImage=docker.io/traefik:v3\nSecurityLabelDisable=true\n"
    (tmp_path / "web.container").write_text(text)
    assert main(["harden", str(tmp_path / "web.container")]) == 0
    out = capsys.readouterr().out
    assert "+ NoNewPrivileges=true " in out
    assert "SecurityLabelDisable" not in out
    assert "`podman stats`" in out


POD = "[Pod]\nNetwork=host\nVolume=/var/run/docker.sock:/s\nPublishPort=1:1\nUserNS=auto\n"
OF_POD = {
    "network_mode": "host",
    "volumes": ["/var/run/docker.sock:/s"],
    "ports": ["1:1"],
    "userns_mode": "auto",
}


def test_a_pod_holds_for_its_containers() -> None:
    files = {"w.container": f"{UNIT}Pod=p.pod\nUser=1\n", "p.pod": POD}
    project = project_of(files)
    [made] = project.services.values()
    assert isinstance(made, UnitSettings)
    assert shown(made) == {"image": "x:1", "user": "1"} | OF_POD
    assert made.complete
    assert made.table.entries["ports"].value.span.source.name == "p.pod"
    assert not project.gaps
    assert not project_of(files, "p.pod").services


def test_a_pod_without_containers_is_one_of_which_little_is_known() -> None:
    [made] = project_of({"p.pod": POD}).services.values()
    assert isinstance(made, UnitSettings)
    assert shown(made) == OF_POD
    assert not made.complete


@pytest.mark.parametrize(
    ("lines", "gap"),
    [
        ("Pod=p.pod\n", "p.pod"),
        ("Volume=v.volume:/v\n", "v.volume:/v"),
        ("Mount=type=volume,source=v.volume,target=/v\n", "type=volume,source=v.volume,target=/v"),
        ("Network=n.network\n", "n.network"),
        ("Network=c.container\n", "c.container"),
        ("Image=i.build\n", "i.build"),
        ("Image=i.image\n", "i.image"),
        ("Bogus=1\n", "Bogus"),
        ("GlobalArgs=--runtime=x\n", "GlobalArgs"),
        ("ContainersConfModule=/x\n", "ContainersConfModule"),
        ("user=1\n", "user"),
    ],
)
def test_what_is_not_there_or_not_understood_is_a_gap(lines: str, gap: str) -> None:
    project = project_of({"w.container": UNIT + lines})
    assert [one.span.text for one in project.gaps] == [gap]


@pytest.mark.parametrize("lines", ["Bogus=1\n", "Pod=p.pod\n"])
def test_what_is_not_understood_may_set_anything(lines: str) -> None:
    [made] = settings_of(UNIT + lines)
    assert not made.complete


def test_a_manifest_is_a_gap() -> None:
    [gap] = project_of({"k.kube": "[Kube]\nYaml=k.yml\n"}).gaps
    assert gap.span.text == "k.yml"
    assert "Kubernetes" in gap.reason


def test_a_volume_may_be_a_folder_of_the_host() -> None:
    unit = f"{UNIT}Volume=v.volume:/v\n"
    volume = "[Volume]\nDevice=/etc\nType=none\nOptions=bind\n"
    [container] = containers(project_of({"w.container": unit, "v.volume": volume}))
    assert [(one.source, one.route) for one in container.mounts] == [("/etc", "driver_opts")]
    [unknown] = containers(project_of({"w.container": unit}))
    assert unknown.settings.project.text("volumes", "v.volume", "driver_opts", "device")


def test_a_network_is_made_by_its_unit() -> None:
    network = "[Network]\nDriver=macvlan\nInternal=true\n"
    project = project_of(
        {"w.container": f"{UNIT}Network=n.network:ip=10.0.0.2\n", "n.network": network}
    )
    [made] = project.services.values()
    assert isinstance(made, UnitSettings)
    assert shown(made)["networks"] == ["n.network"]
    texts = {key: project.text("networks", "n.network", key) for key in ("driver", "internal")}
    assert {key: one.text for key, one in texts.items() if one} == {
        "driver": "macvlan",
        "internal": "true",
    }


def test_a_drop_in_belongs_to_its_unit() -> None:
    files = {"w.container": UNIT, "w.container.d/1.conf": "[Container]\nUnmask=ALL\n"}
    assert not project_of(files, "w.container.d/1.conf").services
    [alone] = project_of({"w.container.d/1.conf": "[Container]\nUnmask=ALL\n"}).services.values()
    assert isinstance(alone, UnitSettings)
    assert (alone.name, shown(alone)) == ("w", {"security_opt": ["unmask=ALL"]})
    assert not alone.complete


def test_a_build_is_an_image() -> None:
    build = "[Build]\nImageTag=localhost/b:1\nFile=sub/Cf\nSetWorkingDirectory=file\nTarget=t\n"
    project = project_of({"i.build": build, "sub/Cf": "FROM alpine:3.22 AS t\n"})
    [made] = project.images.values()
    texts = {key: made.text("build", key).value for key in ("context", "dockerfile", "target")}
    assert texts == {"context": "sub", "dockerfile": "Cf", "target": "t"}
    assert made.texts("build", "tags").items[0].value == "localhost/b:1"


def test_a_variable_is_that_of_the_service() -> None:
    text = "[Container]\nImage=${IMG}:$TAG\nContainerName=$NAME\nHostName=a$$b\n[Service]\n"
    [made] = settings_of(f"{text}Environment=IMG=alpine NAME=c\n")
    assert shown(made) == {"image": "alpine:$TAG", "container_name": "c", "hostname": "a$b"}
    [other] = settings_of(f"{text}Environment=IMG=alpine\nEnvironmentFile=/etc/x\n")
    assert shown(other)["image"] == "${IMG}:$TAG"
    assert not other.text("image").value


@pytest.mark.parametrize("given", ["--volume=/:/h", "--cap-add=ALL", "--device=/dev/sda"])
def test_what_arguments_give_to_a_build_is_a_gap(given: str) -> None:
    text = "[Build]\nImageTag=x\nSetWorkingDirectory=unit\nPodmanArgs=--quiet "
    [gap] = project_of({"w.build": f"{text}{given}\n"}).gaps
    assert gap.span.text == given


IMAGE = "[Container]\nImage=x:1\n"
HOST = "[Volume]\nType=none\nOptions=bind\nDevice=/\n"


@pytest.mark.parametrize(
    ("line", "can_write"),
    [("Rootfs=/", True), ("Rootfs=/:O", False), ("Rootfs=/\nReadOnly=true", False)],
)
def test_a_root_file_system_is_a_mount(line: str, *, can_write: bool) -> None:
    [made] = settings_of(f"[Container]\n{line}\n")
    [mount] = made.volumes
    assert (mount.source, mount.read_only) == ("/", not can_write)


def test_a_command_may_have_a_root_file_system() -> None:
    [made] = command_settings("podman run --rootfs / sh\n")
    assert [one.source for one in made.volumes] == ["/"]


@pytest.mark.parametrize(
    ("path", "mode"),
    [("/proc/1/ns/net", "host"), ("/proc/self/ns/net", "host"), ("/run/a", "ns:/run/a")],
)
def test_a_namespace_of_the_first_process_is_the_hosts(path: str, mode: str) -> None:
    [made] = settings_of(f"{IMAGE}Network=ns:{path}\nPodmanArgs=--pid=ns:{path}\n")
    assert [made.text(key).value for key in ("network_mode", "pid")] == [mode, mode]


@pytest.mark.parametrize("lines", ["Network=none\nNetwork=host\n", "Network=host\nNetwork=none\n"])
def test_of_two_modes_the_hosts_network_counts(lines: str) -> None:
    [made] = settings_of(IMAGE + lines)
    assert made.text("network_mode").value == "host"


@pytest.mark.parametrize("words", ["$X", "${X}", "%i", "a", "--memory 1g $X"])
@pytest.mark.parametrize("name", ["w.container", "p.pod", "b.build"])
def test_arguments_that_may_be_any_are_a_gap(words: str, name: str) -> None:
    kind = name.rpartition(".")[2]
    first = {"container": "Image=x:1", "pod": "PodName=p", "build": "ImageTag=x:1"}[kind]
    project = project_of({name: f"[{kind.capitalize()}]\n{first}\nPodmanArgs={words}\n"})
    reasons = [one.reason for one in project.gaps]
    assert reasons == ["which flags this adds is known only at run time"]


@pytest.mark.parametrize(
    ("volume", "named"), [("systemd-d", HOST), ("mine", f"{HOST}VolumeName=mine\n")]
)
def test_a_unit_may_mount_the_volume_of_another_by_its_name(volume: str, named: str) -> None:
    files = {"w.container": f"{IMAGE}Volume={volume}:/h\n", "d.volume": named}
    [container] = containers(project_of(files))
    assert [one.source for one in container.mounts] == ["/"]
    [container] = containers(project_of({**files, "d.volume": f"{HOST}VolumeName=other\n"}))
    assert [one.source for one in container.mounts] != ["/"]
