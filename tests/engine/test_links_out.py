"""Links of a repository that lead out of it: a mount of one is a mount of its target."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main
from tightship.engine.disk.files import Files
from tightship.engine.disk.git_tree import LINK, Entry, Listing, TreeFiles
from tightship.engine.disk.recorded import RecordedFiles
from tightship.values.hole import UNKNOWN_TARGET

if TYPE_CHECKING:
    from pathlib import Path

SERVICE = "services:\n  web:\n    image: nginx:1.29\n    user: '101'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repo"
    (root / "data").mkdir(parents=True)
    (root / "sub").mkdir()
    for name, target in {
        "root": "/",
        "socket": "/var/run/docker.sock",
        "again": "root",
        "sub/up": "../again",
        "near": "data",
        "loop": "loop",
        "climbs": "../../../../../../../../etc",
        "gone": "/nothing/there",
        "disk": "/dev/sda",
    }.items():
        (root / name).symlink_to(target)
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("root", "/"),
        ("root/", "/"),
        ("root/etc/shadow", "/etc/shadow"),
        ("again/etc", "/etc"),
        ("sub/up/home", "/home"),
        ("sub/../socket", "/var/run/docker.sock"),
        ("climbs/passwd", "../../../../../../../../etc/passwd"),
        ("gone/x", "/nothing/there/x"),
        ("loop", UNKNOWN_TARGET),
        *((one, None) for one in ("near", "near/x", "data", "absent/x", "..", ".", "/etc")),
    ],
)
def test_a_link_is_read_as_text(folder: Path, path: str, target: str | None) -> None:
    assert Files(str(folder)).leads_out(path) == target


def test_what_is_outside_is_not_looked_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, looked = Files(str(folder)), list[str]()
    lstat = os.lstat

    def noted(path: str) -> os.stat_result:
        looked.append(path)
        return lstat(path)

    monkeypatch.setattr(os, "lstat", noted)
    assert files.leads_out("sub/up/etc/shadow") == "/etc/shadow"
    monkeypatch.undo()
    assert looked
    assert all(one.startswith(str(folder)) for one in looked)


def test_a_link_whose_text_is_missing_leads_to_an_unknown_place(tmp_path: Path) -> None:
    listing = Listing({"link": Entry(LINK, "blob")})
    files = TreeFiles(str(tmp_path), listing, lambda _name, _limit: None)
    assert files.leads_out("link/x") == UNKNOWN_TARGET


def test_each_name_that_may_become_a_link_is_recorded(folder: Path) -> None:
    files = RecordedFiles(str(folder))
    assert files.leads_out("data/x/y") is None
    assert files.lookups == {"data", "data/x", "data/x/y"}
    files.leads_out("sub/up")
    assert {"sub/up", "again", "root"} <= files.reads


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("    volumes: ['./root:/x']\n", "host-root-mounted"),
        ("    volumes: ['./socket:/x:ro']\n", "docker-socket-mounted"),
        ("    volumes: ['${PWD}/again/etc:/x']\n", "sensitive-host-path-writable"),
        ("    volumes: [{type: bind, source: sub/up, target: /x}]\n", "host-root-mounted"),
        ("    volumes: ['./data/../climbs:/x']\n", "sensitive-host-path-writable"),
        ("    configs: [c]\nconfigs: {c: {file: ./root}}\n", "host-root-mounted"),
        ("    secrets: [c]\nsecrets: {c: {file: ./socket}}\n", "docker-socket-mounted"),
        (
            "    volumes: ['vol:/x']\n"
            "volumes: {vol: {driver_opts: {type: none, o: bind, device: ./root}}}\n",
            "host-root-mounted",
        ),
        ("    devices: ['./disk:/dev/a']\n", "host-disk-device"),
        ("    devices: ['${PWD}/root/dev/mem:/dev/a']\n", "host-memory-device"),
        ("    devices: [{source: ./again/dev/mem, target: /dev/a}]\n", "host-memory-device"),
        (
            "    volumes: ['vol:/x']\n"
            "volumes: {vol: {driver_opts: {type: ext4, device: '${PWD}/disk'}}}\n",
            "host-disk-device",
        ),
        ("    security_opt: ['seccomp=./gone']\n", "weak-seccomp-profile"),
        (
            "    volumes_from: [b]\n  b:\n    image: nginx:1.29\n    volumes: ['./root:/x']\n",
            "host-root-mounted",
        ),
    ],
)
def test_a_mount_of_a_link_is_a_mount_of_its_target(
    folder: Path, capsys: pytest.CaptureFixture[str], body: str, rule: str
) -> None:
    (folder / "compose.yaml").write_text(SERVICE + body, "utf-8")
    main(["check", "--verbose", "."])
    out = capsys.readouterr().out
    assert f"[{rule}]" in out
    assert "is a link" in out


def test_a_mount_of_a_link_inside_is_a_usual_mount(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "compose.yaml").write_text(SERVICE + "    volumes: ['./near:/x']\n", "utf-8")
    main(["check", "."])
    out = capsys.readouterr().out
    assert "is a link" not in out
    assert "of the host" not in out


def test_a_policy_sees_the_target(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "compose.yaml").write_text(SERVICE + "    volumes: ['./root/etc:/x']\n", "utf-8")
    (folder.parent / "policy.toml").write_text(
        '[policy]\nname = "p"\n[[rule]]\nid = "p/etc"\nfor = "service"\nmessage = "m"\n'
        'forbid.mounts.some = { source = "/etc" }\n[[rule.good]]\n'
        '"compose.yaml" = "services: {a: {image: b}}"\n[[rule.bad]]\n'
        '"compose.yaml" = "services: {a: {image: b, volumes: [/etc:/x]}}"\n',
        "utf-8",
    )
    main(["check", "--policy", "../policy.toml", "."])
    assert "[p/etc]" in capsys.readouterr().out
