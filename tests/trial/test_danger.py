"""What is not started unless the user allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship_annexes.trial.copy import Choices, Image, copied
from tightship_annexes.trial.danger import KNOWN, WORDS, dangers
from tightship_annexes.trial.sources import Sources

if TYPE_CHECKING:
    import os
    from pathlib import Path

Tree = dict[str, Any]
OUT = "/etc/shells"
REFUSED: list[tuple[str, Tree]] = [
    ("privileged", {"privileged": True}),
    ("privileged", {"post_start": [{"command": ["x"], "privileged": True}]}),
    ("privileged", {"pre_stop": [{"command": ["x"], "privileged": True}]}),
    ("capabilities", {"cap_add": ["SYS_ADMIN"]}),
    ("capabilities", {"cap_add": ["cap_net_admin"]}),
    ("capabilities", {"cap_add": ["ALL"]}),
    ("unconfined", {"security_opt": ["seccomp=unconfined"]}),
    ("unconfined", {"security_opt": ["seccomp:unconfined"]}),
    ("unconfined", {"security_opt": ["seccomp=/p/profile.json"]}),
    ("unconfined", {"security_opt": ["apparmor=unconfined"]}),
    ("unconfined", {"security_opt": ["apparmor=chrome"]}),
    ("unconfined", {"security_opt": ["label=disable"]}),
    ("unconfined", {"security_opt": ["label=type:container_runtime_t"]}),
    ("unconfined", {"security_opt": ["label:type:spc_t"]}),
    ("unconfined", {"security_opt": ["systempaths=unconfined"]}),
    ("unconfined", {"security_opt": ["writable-cgroups=true"]}),
    ("unconfined", {"security_opt": ["disable"]}),
    ("unconfined", {"security_opt": ["something-new=1"]}),
    ("unconfined", {"runtime": "mine"}),
    ("gpus", {"runtime": "nvidia"}),
    ("gpus", {"gpus": [{"count": -1}]}),
    ("gpus", {"deploy": {"resources": {"reservations": {"devices": [{"capabilities": ["gpu"]}]}}}}),
    *[("host-namespaces", {key: "host"}) for key in ("network_mode", "pid", "ipc", "uts")],
    ("host-namespaces", {"userns_mode": "host"}),
    ("host-namespaces", {"cgroup": "host"}),
    ("host-namespaces", {"uts": "something-new"}),
    ("host-namespaces", {"network_mode": "ns:/proc/1/ns/net"}),
    ("host-namespaces", {"network_mode": "slirp4netns:allow_host_loopback=true"}),
    ("host-namespaces", {"network_mode": "pasta:-T,auto"}),
    ("other-containers", {"network_mode": "container:other"}),
    ("other-containers", {"pid": "container:other"}),
    ("other-containers", {"volumes_from": ["container:other:ro"]}),
    ("devices", {"devices": [{"source": "/dev/fuse", "target": "/dev/fuse"}]}),
    ("devices", {"device_cgroup_rules": ["c 1:3 rmw"]}),
    ("devices", {"volumes": [{"type": "volume", "source": "disk", "target": "/x"}]}),
    ("control-socket", {"use_api_socket": True}),
    ("control-socket", {"volumes": [{"type": "bind", "source": "/var/run/docker.sock", "target": "/s"}]}),
    ("host-paths", {"volumes": [{"type": "bind", "source": "/etc", "target": "/x"}]}),
    ("host-paths", {"volumes": [{"type": "bind", "source": "/", "target": "/x", "read_only": True}]}),
    ("host-paths", {"volumes": [{"type": "volume", "source": "bound", "target": "/x"}]}),
    ("host-paths", {"volumes": [{"type": "npipe", "source": "x", "target": "/x"}]}),
    ("outside-files", {"secrets": [{"source": "out"}]}),
    ("outside-files", {"configs": [{"source": "out"}]}),
    ("outside-files", {"secrets": [{"source": "external"}]}),
    ("outside-files", {"credential_spec": {"file": "x"}}),
    ("unknown-keys", {"something_new": 1}),
]  # fmt: skip
BUILDS: list[tuple[str, Tree]] = [
    ("privileged", {"privileged": True}),
    ("privileged", {"entitlements": ["security.insecure"]}),
    ("host-namespaces", {"network": "host"}),
    ("outside-files", {"ssh": ["default"]}),
    ("outside-files", {"secrets": [{"source": "out"}]}),
    ("outside-files", {"context": "/etc"}),
    ("outside-files", {"context": "https://example.com/x.git"}),
    ("outside-files", {"additional_contexts": {"x": "/etc"}}),
    ("outside-files", {"additional_contexts": {"x": "service:/../../etc"}}),
    ("outside-files", {"context": "service:/../../etc"}),
    ("outside-files", {"dockerfile": "../etc/passwd"}),
    ("outside-files", {"cache_from": ["type=local,src=/etc"]}),
    ("host-namespaces", {"network": "container:other"}),
]
FILES = {"out": {"file": OUT}, "external": {"external": True, "name": "x"}, "own": {"content": "x"}}
PROJECT: Tree = {
    "secrets": FILES,
    "configs": FILES,
    "volumes": {
        "disk": {"driver_opts": {"type": "ext4", "device": "/dev/vda"}},
        "bound": {"driver_opts": {"type": "none", "o": "bind", "device": "/etc"}},
    },
}
HARMLESS: list[Tree] = [
    {"cap_add": ["NET_RAW", "CAP_IPC_LOCK"], "cap_drop": ["ALL"]},
    {"security_opt": ["no-new-privileges:true", "apparmor=docker-default", "label=user:x"]},
    {"network_mode": "none", "pid": "service:web", "ipc": "shareable", "cgroup": "private"},
    {"secrets": [{"source": "own"}], "x-mine": 1, "init": True, "tmpfs": ["/run"]},
    {"volumes": [{"type": "tmpfs", "target": "/t"}, {"type": "volume", "target": "/v"}]},
]


def found(service: Tree, root: str | os.PathLike[str] = "/p", *, builds: bool = False) -> set[str]:
    config = {**PROJECT, "services": {"web": {"image": "x", **service}}}
    return {one.word for one in dangers(config, Sources(str(root)), builds=builds)}


@pytest.mark.parametrize(("word", "service"), REFUSED)
def test_a_way_to_the_host_is_refused_until_its_word_allows_it(word: str, service: Tree) -> None:
    assert found(service) == {word}
    config = {**PROJECT, "name": "shop", "services": {"web": {"image": "x", **service}}}
    for allowed in (frozenset[str](), frozenset([word]), frozenset(WORDS) - {word}):
        images = {"web": Image("x")}
        subnets = ["10.200.0.0/24"]
        how = Choices("n", "r", Sources("/p"), images=images, subnets=subnets, allowed=allowed)
        made = copied(config, how)
        assert bool(made.config["services"]) == (word in allowed)
        assert bool(made.left_out) == (word not in allowed)


@pytest.mark.parametrize(("word", "build"), BUILDS)
def test_a_build_is_refused_only_if_it_is_built(word: str, build: Tree) -> None:
    service = {"build": {"context": "/p", **build}}
    assert found(service, builds=True) == {word}
    assert not found(service)


@pytest.mark.parametrize("service", HARMLESS)
def test_what_confines_is_started(service: Tree) -> None:
    assert not found(service)


def test_a_build_of_the_project_is_built() -> None:
    contexts = {"base": "service:web", "image": "docker-image://alpine"}
    build: Tree = {"context": "/p", "dockerfile": "x/Dockerfile", "network": "none"}
    build |= {"additional_contexts": contexts, "cache_from": ["shop/web:1", "type=gha"]}
    assert not found({"build": build}, builds=True)


def test_a_dockerfile_may_be_a_link_in_the_project_only(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").symlink_to(OUT)
    (tmp_path / "own").symlink_to("x")
    build = {"context": str(tmp_path)}
    assert found({"build": build}, tmp_path, builds=True) == {"outside-files"}
    for own in ({"dockerfile": "own"}, {"dockerfile_inline": "FROM x"}):
        assert not found({"build": {**build, **own}}, tmp_path, builds=True)


def test_a_name_as_of_a_variant_is_never_started() -> None:
    config = {"services": {"web--1": {"image": "x"}, "web--one": {"image": "x"}}}
    every = [*dangers(config, Sources("/p"), builds=False)]
    assert [(one.service, one.word) for one in every] == [("web--1", "")]


def test_a_program_of_the_host_is_never_started() -> None:
    assert found({"provider": {"type": "x"}}) == {""}


def test_the_keys_of_compose_that_are_not_known_are_these() -> None:
    every = {*(SERVICE.keys or ())}
    assert every - KNOWN == {"extends", "models", "pre_start"}  # Compose resolves the first
    assert every > KNOWN


def test_every_word_has_a_case() -> None:
    assert {word for word, _ in REFUSED} == WORDS.keys() - {"data-and-network"}


def test_a_link_out_of_the_project_is_outside(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "data").mkdir(parents=True)
    (root / "out").symlink_to("/etc")
    (root / "in").symlink_to("data")

    def mounted(name: str) -> set[str]:
        mount = {"type": "bind", "source": str(root / name), "target": "/x"}
        return found({"volumes": [mount]}, root)

    assert mounted("out") == mounted("out/ssl") == {"host-paths"}
    assert mounted("in") == mounted("data") == mounted("missing") == set()
    assert mounted("../project2") == {"host-paths"}


def test_a_folder_with_a_socket_is_copied_without_it(tmp_path: Path) -> None:
    import socket

    (tmp_path / "run").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "run" / "s"))
    look = Sources(str(tmp_path))
    assert look(str(tmp_path / "run" / "s")).kind == "special"
    assert look(str(tmp_path / "run")).has_special
    assert look(str(tmp_path / "run")).is_copied(read_only=True)
    assert found(
        {"volumes": [{"type": "bind", "source": str(tmp_path / "run" / "s"), "target": "/s"}]},
        tmp_path,
    ) == {"control-socket"}


def test_a_folder_too_deep_to_copy_is_not_mounted(tmp_path: Path) -> None:
    (tmp_path / "/".join("a" * 300)).mkdir(parents=True)
    mount = {"type": "bind", "source": str(tmp_path), "target": "/x"}
    assert found({"volumes": [mount]}, tmp_path) == {"control-socket"}
