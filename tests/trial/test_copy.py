"""The copy of a project: whatever it declares, nothing of the original is touched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from tightship_annexes.trial.copy import (
    LABEL,
    NOWHERE,
    Choices,
    Image,
    checked_often,
    copied,
    volume_key,
    without_way_out,
)
from tightship_annexes.trial.danger import WORDS
from tightship_annexes.trial.sources import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship_annexes.trial.copy import ProjectCopy

Tree = dict[str, Any]
NAME, RUN = "tightship-try-1", "run-1"
IMAGE = Image("nginx", "sha256:1", volumes=["/var/data"])

SOURCES = {
    "/p/data": Source("folder", is_inside=True),
    "/p/big": Source("folder", is_inside=True, why="it has more than 500 MB or 50,000 files"),
    "/p/sockets": Source("folder", is_inside=True, has_special=True),
    "/p/file": Source("file", is_inside=True, why="a single file is not copied"),
    "/p/none": Source("missing", is_inside=True),
    "/p/socket": Source("special", is_inside=True),
}


def source(path: str) -> Source:
    return SOURCES.get(path, Source("folder", is_inside=f"{path}/".startswith("/p/")))


def copy_of(
    service: Tree, *, image: Image = IMAGE, project: Tree | None = None, **choices: Any
) -> ProjectCopy:
    config = {"name": "shop", "services": {"web": {"image": "nginx", **service}}, **(project or {})}
    images = choices.pop("images", dict.fromkeys(config["services"], image))
    subnets = [f"10.200.{number}.0/24" for number in range(9)]
    how = Choices(NAME, RUN, source, images=images, subnets=subnets, **choices)
    return copied(config, how)


def web(service: Tree, **choices: Any) -> Tree:
    made: Tree = copy_of(service, **choices).config["services"]["web"]
    return made


def notes(service: Tree, **choices: Any) -> list[str]:
    return [one.text for one in copy_of(service, **choices).changed]


def bind(path: str, **how: Any) -> Tree:
    return {"type": "bind", "source": path, "target": "/in", **how}


@pytest.mark.parametrize(
    "dropped",
    [
        {"container_name": "shop-web"},
        {"labels": {"traefik.enable": "true"}},
        {"external_links": ["other"]},
        {"cgroup_parent": "/system.slice"},
        {"mac_address": "02:42:ac:11:00:02"},
        {"scale": 3},
        {"deploy": {"replicas": 3, "restart_policy": {"condition": "any"}}},
        {"profiles": ["x"]},
        {"dns": ["10.0.0.1"]},
        {"oom_kill_disable": True},
        {"oom_score_adj": -1000},
        {"logging": {"driver": "syslog", "options": {"syslog-address": "tcp://10.0.0.1"}}},
        {"restart": "always"},
        {"pull_policy": "always"},
        {"pull_refresh_after": "1d"},
    ],
)
def test_what_names_the_original_or_acts_on_others_is_left_out(dropped: Tree) -> None:
    assert web(dropped) == web({})


def test_a_log_cannot_fill_the_disk() -> None:
    assert web({})["logging"]["options"] == {"max-size": "64m"}


def test_a_container_without_limits_gets_those_of_the_trial() -> None:
    bounds = {"mem_limit": 1 << 33, "pids_limit": 16_384}
    made = web({"mem_limit": "1g", "deploy": {"replicas": 2}}, bounds=bounds)
    assert (made["mem_limit"], made["pids_limit"]) == ("1g", 16_384)
    assert copy_of({}, bounds=bounds).bounds == bounds


def test_the_target_of_a_mount_adds_no_option_to_docker() -> None:
    target = "/x,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=."
    assert re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9.-]{,99}", volume_key("web", target))
    [key] = copy_of({"volumes": [bind("/p/data", target=target)]}).folders
    assert key == volume_key("web", target)


def test_mounts_of_two_services_have_two_volumes() -> None:
    assert volume_key("a", "/b/c") != volume_key("a-b", "/c")
    assert volume_key("a", "/b c") != volume_key("a", "/b,c")


def test_what_a_service_is_stays() -> None:
    kept = {
        "command": ["a", "$$HOME"],
        "environment": {"A": "$$x"},
        "user": "1000",
        "hostname": "h",
        "cap_drop": ["ALL"],
        "stop_grace_period": "30s",
        "tmpfs": ["/run"],
        "extra_hosts": ["a=1.2.3.4"],
        "deploy": {"resources": {"limits": {"memory": "10485760"}}},
    }
    made = web(kept)
    assert {key: made[key] for key in kept} == kept


def test_ports_are_free_ones_of_this_machine() -> None:
    port = {"mode": "ingress", "target": 80, "published": "8080", "protocol": "tcp"}
    assert (
        web({"ports": [port, {**port, "host_ip": "0.0.0.0"}]})["ports"]
        == [{"target": 80, "protocol": "tcp", "host_ip": "127.0.0.1"}] * 2
    )


def test_networks_have_no_way_out_and_names_answer() -> None:
    listed = {"front": {"aliases": ["w"], "ipv4_address": "10.5.0.5"}, "ext": None}
    networks = {"front": {"name": "xx"}, "ext": {"name": "theirs", "external": True}}
    made = copy_of({"networks": listed}, project={"networks": networks})
    assert made.config["services"]["web"]["networks"] == {
        "front": {"aliases": ["w"]},
        "ext": {"aliases": []},
    }
    assert made.config["services"]["web"]["dns"] == [NOWHERE]
    assert {name: one["name"] for name, one in made.config["networks"].items()} == {
        "front": f"{NAME}_front",
        "ext": f"{NAME}_ext",
    }
    subnets = [one["ipam"]["config"][0]["subnet"] for one in made.config["networks"].values()]
    assert len({*subnets}) == 2
    assert [one.text for one in made.changed] == [
        "its fixed address on front is left out",
        "the external network ext is replaced by one of its own",
    ]


def test_a_network_may_have_a_way_out() -> None:
    made = copy_of({}, has_network=True)
    assert "dns" not in made.config["services"]["web"]
    labels = {LABEL: RUN}
    assert made.config["networks"] == {"default": {"name": f"{NAME}_default", "labels": labels}}


@pytest.mark.parametrize("mode", ["bridge", "default", "theirs"])
def test_a_mode_that_names_a_network_is_a_network_of_the_copy(mode: str) -> None:
    made = web({"network_mode": mode})
    assert "network_mode" not in made
    assert [*made["networks"]] == [mode]


def test_the_network_of_another_service_and_none_stay() -> None:
    for mode in ("none", "service:db"):
        project = {"services": {"web": {"network_mode": mode}, "db": {}}}
        made = copy_of({}, project=project).config["services"]["web"]
        assert made["network_mode"] == mode
        assert "networks" not in made
        assert "dns" not in made


def test_without_free_subnets_the_networks_are_internal() -> None:
    images = {"web": Image("nginx:1", "sha256:1")}
    how = Choices(NAME, RUN, source, images=images)
    config = {"name": "shop", "services": {"web": {"image": "nginx:1"}}}
    [network] = copied(config, how).config["networks"].values()
    assert network["internal"]


def test_the_default_gateway_is_an_address_that_nobody_has() -> None:
    made = without_way_out("10.200.3.0/24")
    [pool] = made["ipam"]["config"]
    assert pool["aux_addresses"] == {"DefaultGatewayIPv4": "10.200.3.254"}
    assert made["driver_opts"] == {"com.docker.network.bridge.enable_ip_masquerade": "false"}


def test_volumes_are_new_ones() -> None:
    mounts = [
        {"type": "volume", "source": "data", "target": "/data"},
        {"type": "volume", "source": "ext", "target": "/ext"},
        {"type": "volume", "target": "/anonymous"},
    ]
    given = {
        "data": {"name": "shop_data"},
        "ext": {"name": "theirs", "external": True},
        "unused": {"name": "shop_unused"},
    }
    made = copy_of({"volumes": mounts}, project={"volumes": given})
    labels = {LABEL: RUN}
    assert made.config["volumes"] == {
        "data": {"name": f"{NAME}_data", "labels": labels},
        "ext": {"name": f"{NAME}_ext", "labels": labels},
        (one := volume_key("web", "/anonymous")): {"name": f"{NAME}_{one}", "labels": labels},
        (two := volume_key("web", "/var/data")): {"name": f"{NAME}_{two}", "labels": labels},
    }
    assert made.data == {}
    assert [one.text for one in made.changed] == [
        "the external volume theirs is replaced by an empty one"
    ]


def test_data_is_copied_where_it_is_there_and_asked_for() -> None:
    mounts = [{"type": "volume", "source": one, "target": f"/{one}"} for one in ("a", "b")]
    given = {"a": {"name": "shop_a"}, "b": {"name": "shop_b"}}
    made = copy_of(
        {"volumes": mounts}, project={"volumes": given}, data=frozenset(["shop_a", "other"])
    )
    assert made.data == {"a": "shop_a"}
    assert made.config["volumes"]["a"]["name"] == f"{NAME}_a"


@pytest.mark.parametrize(
    "cover", [{"tmpfs": ["/var/data:size=1m"]}, {"volumes": [bind("/p/data", target="/var/data/")]}]
)
def test_a_volume_of_the_image_that_something_covers_gets_none(cover: Tree) -> None:
    targets = [one["target"] for one in web(cover).get("volumes", ())]
    assert "/var/data" not in targets


@pytest.mark.parametrize(
    ("path", "read_only", "kind", "note"),
    [
        ("/p/data", False, "volume", "/p/data is a copy"),
        ("/p/data", True, "bind", None),
        ("/p/sockets", True, "volume", "/p/sockets is a copy"),
        ("/p/sockets", False, "volume", "/p/sockets is a copy"),
        ("/p/big", False, "bind", "/p/big is read-only: it has more than"),
        ("/p/big", True, "bind", None),
        ("/p/file", False, "bind", "/p/file is read-only: a single file"),
        ("/p/none", False, "volume", "/p/none is empty: it does not exist"),
    ],
)
def test_folders_of_the_project_are_never_written(
    path: str, read_only: bool, kind: str, note: str | None
) -> None:
    made = copy_of({"volumes": [bind(path, read_only=read_only)]}, image=Image("x"))
    [mount] = made.config["services"]["web"]["volumes"]
    assert mount["type"] == kind
    assert bool(mount.get("read_only")) == (kind == "bind" or read_only)
    texts = [one.text for one in made.changed]
    assert texts[0].startswith(note) if note else not texts
    assert made.folders == ({mount["source"]: path} if kind == "volume" else {})
    if kind == "bind":
        assert mount["bind"] == {"create_host_path": False}


def test_a_build_gets_a_name_of_the_copy_and_takes_none() -> None:
    build = {"context": "/p", "tags": ["me/app:1"], "cache_to": ["type=local,dest=/x"]}
    made = web({"build": build, "image": "me/app"}, builds=True, images={})
    assert made["image"] == f"{NAME}-web"
    assert made["build"] == {"context": "/p", "labels": {LABEL: RUN}}
    assert "build" not in web({"build": build})


def test_without_its_image_a_service_is_left_out_and_what_needs_it_too() -> None:
    services = {
        "web": {"image": "a", "depends_on": {"db": {"required": True}}},
        "db": {"image": "b"},
        "job": {"image": "a", "depends_on": {"db": {"required": False}}},
        "side": {"image": "a", "network_mode": "service:web"},
    }
    images = dict.fromkeys(("web", "job", "side"), IMAGE)
    made = copy_of({}, project={"services": services}, images=images)
    assert {one.service: one.text for one in made.left_out} == {
        "db": "its image is not on this engine; --pull pulls it",
        "web": "it needs db",
        "side": "it needs web",
    }
    assert [*made.config["services"]] == ["job"]
    assert made.config["services"]["job"]["depends_on"] == {}


def test_what_nobody_asks_for_is_not_reported() -> None:
    services = {
        "web": {"depends_on": {"db": {"required": True}}},
        "db": {"privileged": True},
        "other": {"privileged": True},
    }
    made = copy_of({}, project={"services": services}, services=["web", "idle"])
    assert {one.service: one.text for one in made.left_out} == {
        "db": "it is `privileged` (`--allow privileged`)",
        "web": "it needs db",
        "idle": "its profile is not active; --profile activates it",
    }


def test_an_image_that_is_still_to_come_is_started() -> None:
    assert not copy_of({}, images={}).services
    made = copy_of({}, images={}, pulls=True)
    assert made.services == ["web"]
    assert not made.left_out
    assert not copy_of({"build": {"context": "/p"}}, images={}, pulls=True).services


def test_only_what_is_asked_for_starts_with_what_it_needs() -> None:
    services = {"web": {"links": ["db:database"]}, "db": {}, "other": {"privileged": True}}
    made = copy_of({}, project={"services": services}, services=["web"])
    assert made.services == ["web"]
    assert [*made.config["services"]] == ["web", "db"]


@pytest.mark.parametrize(
    ("given", "interval", "retries"),
    [
        ({"test": ["CMD", "x"]}, "1s", 90),
        ({"test": ["CMD", "x"], "interval": "15s", "retries": 5}, "1s", 75),
        ({"test": ["CMD", "x"], "interval": "1m30s", "retries": 1}, "1s", 90),
        ({"test": ["CMD", "x"], "interval": "500ms"}, "500ms", None),
    ],
)
def test_health_is_looked_at_often_and_as_long(
    given: Tree, interval: str, retries: int | None
) -> None:
    made = checked_often(given, None)
    assert made is not None
    assert (made["interval"], made.get("retries")) == (interval, retries)


def test_health_of_an_image_too_and_none_where_there_is_none() -> None:
    of_image = {"Test": ["CMD", "x"], "Interval": 5_000_000_000, "Retries": 2}
    assert checked_often(None, of_image) == {"interval": "1s", "retries": 10}
    assert checked_often(None, None) is None
    assert checked_often({"disable": True}, of_image) == {"disable": True}
    assert checked_often({"test": ["NONE"]}, of_image) == {"test": ["NONE"]}


def options(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


PATHS = (*SOURCES, "/etc", "/var/run/docker.sock", "/p/other", "/")
MOUNT: st.SearchStrategy[Tree] = st.fixed_dictionaries(
    {"type": options("bind", "volume"), "target": options("/a", "/b/", "/var/data")},
    optional={"read_only": st.booleans()},
).flatmap(
    lambda one: options(*(PATHS if one["type"] == "bind" else ("v", "ext", "disk"))).map(
        lambda source: {**one, "source": source}
    )
)
SERVICE: st.SearchStrategy[Tree] = st.fixed_dictionaries(
    {},
    optional={
        "container_name": options("x"),
        "ports": st.lists(
            st.fixed_dictionaries(
                {"target": options(80, 443)},
                optional={"published": options("80"), "host_ip": options("0.0.0.0", "10.0.0.1")},
            )
        ),
        "privileged": st.booleans(),
        "network_mode": options("host", "bridge", "none", "container:x", "theirs", "service:b"),
        "networks": options({"n": None}, {"e": {"ipv4_address": "10.0.0.2"}}),
        "pid": options("host", "container:x", "service:b"),
        "ipc": options("host", "shareable", "container:x"),
        "uts": options("host"),
        "userns_mode": options("host"),
        "cgroup": options("host", "private"),
        "cap_add": st.lists(options("SYS_ADMIN", "NET_ADMIN", "CAP_CHOWN", "all")),
        "security_opt": st.lists(
            options("seccomp=unconfined", "label:disable", "no-new-privileges:true")
        ),
        "devices": options([{"source": "/dev/fuse", "target": "/dev/fuse"}]),
        "volumes": st.lists(MOUNT, max_size=4),
        "volumes_from": options(["container:x"], ["b"]),
        "labels": options({"a": "b"}),
        "external_links": options(["x"]),
        "restart": options("always"),
        "build": options({"context": "/p", "tags": ["x"]}),
        "use_api_socket": options(True),
        "provider": options({"type": "x"}),
        "gpus": options([{"count": 1}]),
        "new_key": options("x"),
    },
)
PROJECT = {
    "name": "shop",
    "networks": {"n": {"name": "shop_n"}, "e": {"name": "e", "external": True}},
    "volumes": {
        "v": {"name": "shop_v"},
        "ext": {"name": "ext", "external": True},
        "disk": {"name": "shop_disk", "driver_opts": {"o": "bind", "device": "/etc"}},
    },
}


@given(SERVICE, SERVICE, st.frozensets(options(*WORDS)), st.booleans())
def test_nothing_of_the_original_is_in_any_copy(
    a: Tree, b: Tree, allowed: frozenset[str], builds: bool
) -> None:
    config = {**PROJECT, "services": {"a": {"image": "x", **a}, "b": {"image": "y", **b}}}
    subnets = [f"10.200.{number}.0/24" for number in range(9)]
    images: Mapping[str, Image] = {"a": IMAGE, "b": IMAGE}
    how = Choices(NAME, RUN, source, images=images, subnets=subnets, allowed=allowed, builds=builds)
    made = copied(config, how)
    for group in ("networks", "volumes"):
        for one in made.config[group].values():
            assert one["name"].startswith(f"{NAME}_")
            assert one["labels"] == {LABEL: RUN}
            assert not {"external", "driver"} & one.keys() or one.get("driver") == "bridge"
    for service in made.config["services"].values():
        assert service["labels"] == {LABEL: RUN}
        assert service["restart"] == "no"
        assert "container_name" not in service
        assert all(
            p["host_ip"] == "127.0.0.1" and "published" not in p for p in service.get("ports", ())
        )
        assert not {*service.get("networks", ())} - made.config["networks"].keys()
        for mount in service.get("volumes", ()):
            if mount["type"] == "volume":
                assert mount["source"] in made.config["volumes"]
            elif source(mount["source"]).is_inside:
                assert mount["read_only"]
            else:
                assert {"host-paths", "control-socket"} & allowed
        held = {
            "privileged": service.get("privileged"),
            "host-namespaces": "host"
            in {
                service.get(key)
                for key in ("network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup")
            },
            "devices": service.get("devices"),
            "control-socket": service.get("use_api_socket"),
            "gpus": service.get("gpus"),
            "unknown-keys": service.get("new_key"),
            "never": service.get("provider"),
        }
        assert {word for word, value in held.items() if value} <= allowed
