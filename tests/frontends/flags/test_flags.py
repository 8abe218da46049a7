"""The table of flags, and the words of a command as flags, an image and a command."""

from __future__ import annotations

from typing import Any

import pytest
from tests.frontends.docker_run.commands_of import settings_of, shown

from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship.frontends.flags.entries import READERS
from tightship.frontends.flags.flags import flag_of, table

EVERY = [*table()["flags"], *table()["podman"]]
# What a container gets by default, as far as a flag is about it.
CASES: list[tuple[str, dict[str, Any]]] = [
    ("x:1", {"image": "x:1"}),
    ("--privileged x:1", {"privileged": "true", "image": "x:1"}),
    ("--privileged=false x:1", {"privileged": "false", "image": "x:1"}),
    ("-it x:1 sh -c 'a b'", {
        "stdin_open": "true", "tty": "true", "image": "x:1", "command": ["sh", "-c", "a b"],
    }),
    ("-p8080:80 -p 9:9 x", {"ports": ["8080:80", "9:9"], "image": "x"}),
    ("-itp 8080:80 x", {
        "stdin_open": "true", "tty": "true", "ports": ["8080:80"], "image": "x",
    }),
    ("-m=1g x", {"mem_limit": "1g", "image": "x"}),
    ("--memory=1g --memory 2g x", {"mem_limit": "2g", "image": "x"}),
    ("--read-only -- x --privileged", {
        "read_only": "true", "image": "x", "command": ["--privileged"],
    }),
    ("x --privileged", {"image": "x", "command": ["--privileged"]}),
    ("--net host x", {"network_mode": "host", "image": "x"}),
    ("--network a --network name=b,alias=c x", {"networks": ["a", "b"], "image": "x"}),
    ("--network container:a x", {"network_mode": "container:a", "image": "x"}),
    ("--network default x", {"image": "x"}),
    ("-v $PWD/a:/a:ro -v \"$(pwd)\":/b -v ${HOME}/c:/c -w $PWD x", {
        "volumes": ["./a:/a:ro", ".:/b", "~/c:/c"], "working_dir": "${PWD}", "image": "x",
    }),
    ("--mount type=bind,src=/a,dst=/b,readonly x", {
        "volumes": [{"type": "bind", "source": "/a", "target": "/b", "read_only": "true"}],
        "image": "x",
    }),
    ("--mount source=a,target=/b,bind-propagation=shared,ro=false x", {
        "volumes": [{
            "source": "a", "target": "/b", "read_only": "false", "type": "volume",
            "bind": {"propagation": "shared"},
        }],
        "image": "x",
    }),
    ("--privileged=1 --read-only=T --init=f --tty=maybe x", {
        "privileged": "true", "read_only": "true", "init": "false", "tty": "maybe", "image": "x",
    }),
    ("--device /dev/a:r --device /dev/b:rwm --device /dev/c:/dev/d --device /dev/e:rr x", {
        "devices": ["/dev/a:/dev/a:r", "/dev/b:/dev/b:rwm", "/dev/c:/dev/d", "/dev/e:rr"],
        "image": "x",
    }),
    ("-p published=1,target=2 -p 3=4 x", {"ports": ["1:2/tcp", ":/tcp"], "image": "x"}),
    ("--network host --network container:a x", {"network_mode": "host", "image": "x"}),
    ("--network Name=a,alias=b --network name=host x", {
        "networks": ["a"], "network_mode": "host", "image": "x",
    }),
    ("--mount 'Type=bind,\"src=/a,\"\"b\",dst=/c,readonly=1' x", {
        "volumes": [{"type": "bind", "source": '/a,"b', "target": "/c", "read_only": "true"}],
        "image": "x",
    }),
    ("-u= x", {"user": "=", "image": "x"}),
    ("--log-opt max-size=1m --log-opt max-file=2 --log-driver local x", {
        "image": "x",
        "logging": {"options": {"max-size": "1m", "max-file": "2"}, "driver": "local"},
    }),
    ("--ulimit nofile=1:2 --ulimit nproc=3 x", {
        "image": "x",
        "ulimits": {"nofile": {"soft": "1", "hard": "2"}, "nproc": {"soft": "3", "hard": "3"}},
    }),
    ("--volumes-from a --entrypoint sh -e A=b -e C x", {
        "volumes_from": ["container:a"], "entrypoint": ["sh"], "environment": ["A=b", "C"],
        "image": "x",
    }),
    ("--no-healthcheck --gpus all --storage-opt size=1G x", {
        "gpus": "all", "image": "x", "healthcheck": {"disable": "true"},
        "storage_opt": {"size": "1G"},
    }),
    ("-e 'A=$b' x", {"environment": ["A=$b"], "image": "x"}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), CASES, ids=[one for one, _ in CASES])
def test_flags_are_the_keys_that_mean_the_same(words: str, expected: dict[str, Any]) -> None:
    [made] = settings_of(f"docker run {words}\n")
    assert shown(made) == expected
    assert made.complete


@pytest.mark.parametrize("name", EVERY)
def test_a_flag_has_a_kind_that_is_read_and_a_key_of_compose(name: str) -> None:
    flag = flag_of(name, "podman")
    assert flag is not None
    assert flag.kind in READERS
    assert bool(flag.path) == (flag.kind not in ("value", "flag"))
    if flag.path:
        assert flag.path[0] in (SERVICE.keys or ())


def test_short_and_other_names_are_those_of_known_flags() -> None:
    names = (*table()["short"].values(), *table()["also"].values())
    assert [name for name in names if flag_of(name) is None] == []


@pytest.mark.parametrize(
    ("words", "image", "is_complete"),
    [
        ("$OPTIONS x:1", "x:1", False),
        ("$A --privileged x:1", "x:1", False),
        ("$TTY a/b sh", "a/b", False),
        ('"$@" x:1', "x:1", False),
        ('"${flags[@]}" x:1 sh', "x:1", False),
        ("$IMAGE sh", "${IMAGE}", True),
        ("$NETWORK $IMAGE sh", "${IMAGE}", False),
        ('$CONTAINER_NAME $ENVS "$IMAGE" sh', "${IMAGE}", False),
        ("$IMAGE $BASE_IMAGE", "${IMAGE}", True),
        ('"$A" sh', "${A}", True),
        ("$A sh", "${A}", False),
        ("$A", "${A}", False),
        ('--rm "$@"', None, False),
        ("--new-flag 1 x:1", None, False),
        ("--$A x:1", None, False),
        ("--rm ...", None, False),
        ("--rm", None, False),
    ],
)
def test_what_only_a_run_decides_is_unknown(
    words: str, image: str | None, is_complete: bool
) -> None:
    [made] = settings_of(f"docker run {words}\n")
    assert shown(made).get("image") == image
    assert made.complete is is_complete
    assert made.flag("read_only").could_be(True) is not is_complete


def test_a_variable_that_the_script_decides_has_its_value() -> None:
    [made] = settings_of("OPTS='--privileged -v /:/host'\ndocker run $OPTS x:1\n")
    assert shown(made) == {"privileged": "true", "volumes": ["/:/host"], "image": "x:1"}


@pytest.mark.parametrize(
    ("name", "text", "volume"),
    [
        ("Makefile", "a:\n\tdocker run -v $(CURDIR)/b:/b x\n", "./b:/b"),
        ("Makefile", 'a:\n\tdocker run -v "$(HOME):/b" x\n', "~:/b"),
        ("Makefile", "a:\n\tdocker run -v $(B):/b x\n", "${B}:/b"),
        ("Makefile", "a:\n\tdocker run -v $(dir $(B)):/b x\n", "${_}:/b"),
        ("a.yml", "a: docker run -v {{ b }}:/b x\n", "${b}:/b"),
        ("a.yml", "a: docker run -v ${{ env.B }}:/b x\n", "${_}:/b"),
        ("a.sh", "docker run -v $(mktemp -d):/b x\n", "${_}:/b"),
    ],
)
def test_an_unknown_part_has_its_name_if_it_has_one(name: str, text: str, volume: str) -> None:
    [made] = settings_of(text, name)
    assert shown(made)["volumes"] == [volume]


def test_options_of_podman_may_follow_its_verb() -> None:
    [made] = settings_of("podman run --root /a --log-level=debug --net=host x\n")
    assert shown(made) == {"network_mode": "host", "image": "x"}
    assert made.complete
    [made] = settings_of("docker run --context a --net=host x\n")
    assert not made.complete


@pytest.mark.parametrize("option", ["Z", "relabel=private"])
def test_a_mount_of_podman_may_relabel(option: str) -> None:
    [made] = settings_of(f"podman run --mount type=bind,src=/a,dst=/b,{option} x\n")
    [volume] = made.volumes
    assert volume.selinux == "Z"


def test_files_of_variables_and_all_ports_leave_a_part_unknown() -> None:
    [made] = settings_of("docker run -P --env-file a x:1\n")
    assert made.complete
    assert made.may_have("ports")
    assert made.may_have("environment")
    assert not made.may_have("read_only")
