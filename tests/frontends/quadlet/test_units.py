"""Units of Podman: each key as the flag that means the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.frontends.docker_run.commands_of import NoFiles, shown

from tightship.cli.main import main
from tightship.frontends.flags.flags import flag_of
from tightship.frontends.quadlet.project import UnitSettings, declare
from tightship.isolation.containers import containers
from tightship.lazy.modules import facts
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


def test_other_files_and_units_without_an_image_declare_nothing() -> None:
    assert not settings_of(TEXT, "web.service")
    assert not settings_of("[Container]\nUser=1\n")


@pytest.mark.parametrize("section", ["values", "lists", "switches"])
def test_each_key_is_a_flag_of_podman(section: str) -> None:
    names = facts("quadlet")[section].values()
    assert [name for name in names if flag_of(name, "podman") is None] == []


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
