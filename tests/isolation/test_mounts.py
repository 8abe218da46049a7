"""Mounts of the host: every way that one comes, and what of it is certain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from tests.checking import check_file

from tightship.findings import Severity
from tightship.isolation.host_path import HostPath, normalise

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf, ContainersOf

    from tightship.isolation.mounts import Mount


ORACLE = Path(__file__).parents[1] / "oracles" / "compose-config.json"


def facts(mount: Mount) -> tuple[str, str, str, HostPath]:
    return mount.span.text, mount.target, mount.route, mount.host


def test_the_short_and_the_long_syntax_say_the_same(container_of: ContainerOf) -> None:
    short, long = container_of(
        "volumes: ['/etc:/a/:ro', {type: bind, source: /etc, target: /b, read_only: true}]"
    ).mounts
    assert facts(short) == ("'/etc:/a/:ro'", "/a", "volumes", HostPath.POWER)
    assert facts(long) == ("/etc", "/b", "volumes", HostPath.POWER)
    assert short.read_only
    assert long.read_only
    assert not short.writable
    assert not long.writable


@pytest.mark.parametrize(
    ("entry", "writable", "read_only"),
    [
        ("/etc:/x", True, False),
        ("/etc:/x:rw,z", True, False),
        ("/etc:/x:z,ro", False, True),
        ("/etc:/x:ro,rw", True, False),
        ("/etc:/x:${MODE}", False, False),
        ("/etc:/x:${MODE:-ro}", False, True),
        ("/etc:/x:cached", True, False),
    ],
)
def test_an_undecided_mode_is_neither_writable_nor_read_only(
    container_of: ContainerOf, entry: str, writable: bool, read_only: bool
) -> None:
    [mount] = container_of(f"volumes: ['{entry}']").mounts
    assert (mount.writable, mount.read_only) == (writable, read_only)


@pytest.mark.parametrize(
    "last",
    [
        "/dev/null:/sock:ro",
        "/sock",
        "data:/sock/",
        "{type: tmpfs, target: /sock}",
        "{type: volume, source: data, target: //sock/../sock}",
    ],
)
def test_the_last_entry_of_a_target_wins(container_of: ContainerOf, last: str) -> None:
    item = last if last.startswith("{") else f"'{last}'"
    container = container_of(f"volumes: ['/run/docker.sock:/sock', {item}]")
    assert HostPath.CONTROL_SOCKET not in [mount.host for mount in container.mounts]


def test_two_targets_are_two_mounts(container_of: ContainerOf) -> None:
    # Verified with docker-compose 2.26.1: /var/run is another target than /run.
    both = container_of(
        "volumes: ['/run/docker.sock:/var/run/docker.sock', '/run/docker.sock:/run/docker.sock']"
    ).mounts
    assert [mount.host for mount in both] == [HostPath.CONTROL_SOCKET] * 2


@pytest.mark.parametrize(
    "entry",
    [
        "'${DATA}:/data'",
        "'${DATA}/lib:/data'",
        "data:/data",
        "/data",
        "{type: '${TYPE}', source: data, target: /data}",
        "{type: tmpfs, target: /etc}",
        "{type: bind, target: /etc}",
    ],
)
def test_an_undecided_path_has_no_class(container_of: ContainerOf, entry: str) -> None:
    hosts = {mount.host for mount in container_of(f"volumes: [{entry}]").mounts}
    assert hosts <= {HostPath.OTHER}


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("'${HOME}:/home'", HostPath.POWER),
        ("'${SSH_AUTH_SOCK}:/agent'", HostPath.CREDENTIALS),
        ("'${XDG_RUNTIME_DIR}/docker.sock:/sock'", HostPath.CONTROL_SOCKET),
        ("'${SOCKET:-/run/docker.sock}:/sock'", HostPath.CONTROL_SOCKET),
        ("{type: '${T}', source: /etc, target: /etc}", HostPath.POWER),
        (r"{type: npipe, source: '\\.\pipe\docker_engine', target: /p}", HostPath.CONTROL_SOCKET),
    ],
)
def test_a_variable_with_a_known_value_counts(
    container_of: ContainerOf, entry: str, kind: HostPath
) -> None:
    [mount] = container_of(f"volumes: [{entry}]").mounts
    assert mount.host is kind


def test_a_default_is_in_the_provenance_of_path_and_mode(container_of: ContainerOf) -> None:
    mounts = container_of(
        "volumes: ['${A:-/etc}:/a', {type: bind, source: '${B:-/etc}', target: /b,"
        " read_only: '${C:-false}'}]"
    ).mounts
    defaults = [[s.name for s in m.provenance if s.kind == "default"] for m in mounts]
    assert defaults == [["A"], ["B", "C"]]


def test_a_volume_may_be_a_bind_mount(containers_of: ContainersOf) -> None:
    [mount] = containers_of("""
        services:
          s: {image: x, volumes: ["root:/host:ro"]}
        volumes:
          root: {driver: local, driver_opts: {type: none, o: "bind", device: /}}
    """)["s"].mounts
    assert facts(mount) == ("/", "/host", "driver_opts", HostPath.ROOT)
    assert mount.read_only
    [related] = mount.because
    assert related.span.text == '"root:/host:ro"'


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("{driver_opts: {type: none, o: 'rbind,ro', device: /etc}}", (False, True)),
        # Seen on Docker Engine 26.1.5: a blank, or a later word, makes it writable.
        ("{driver_opts: {type: none, o: 'rbind, ro', device: /etc}}", (True, False)),
        ("{driver_opts: {type: none, o: 'bind,ro,rw', device: /etc}}", (True, False)),
        ("{driver_opts: {type: none, o: 'rw,ro,bind', device: /etc}}", (False, True)),
        ("{driver_opts: {type: none, o: BIND, device: /etc}}", None),
        ("{driver_opts: {type: none, o: 'bind,ro${X}', device: /etc}}", (False, False)),
        ("{driver_opts: {o: bind, device: /etc}}", (True, False)),
        ("{driver_opts: {o: '${O:-bind}', device: '${D:-/etc}'}}", (True, False)),
        ("{driver_opts: {type: nfs, o: addr=10.0.0.1, device: ':/etc'}}", None),
        ("{driver: rclone, driver_opts: {o: bind, device: /etc}}", None),
        ("{driver_opts: {o: bind}}", None),
        ("{external: true}", None),
    ],
)
def test_only_the_local_drivers_bind_is_one(
    containers_of: ContainersOf, options: str, found: tuple[bool, bool] | None
) -> None:
    made = containers_of(f"""
        services:
          s: {{image: x, volumes: ["vol:/v"]}}
        volumes:
          vol: {options}
    """)
    mounts = [(m.writable, m.read_only) for m in made["s"].mounts]
    assert mounts == ([] if found is None else [found])


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("type: none, o: bind, device: ./../../..", ["/"]),
        ("type: none, o: rbind, device: ../x/../../etc", ["/etc"]),
        ("type: none, o: bind, device: ./etc", ["./etc"]),
        ("type: proc, device: proc", ["/proc"]),
        ("type: sysfs, device: x", ["/sys"]),
        ("type: debugfs, device: x, o: ro", ["/sys/kernel/debug"]),
        ("type: cgroup2, device: x", ["/sys/fs/cgroup"]),
        ("type: devtmpfs, device: dev", ["/dev"]),
        ("type: ext4, device: /dev/vda", ["/dev/vda"]),
        ("type: tmpfs, device: tmpfs", []),
        ("type: ext4, device: ./image", []),
        ("type: none, device: /dev/vda", []),
        ("device: /dev/vda", []),
        ("type: proc", []),
        ("type: '${TYPE}', device: /dev/vda", []),
        ("type: overlay, device: x, o: 'lowerdir=/etc:/usr'", ["/etc", "/usr"]),
        ("type: overlay, device: x, o: 'lowerdir=/etc,upperdir=/opt,workdir=/w'", ["/etc", "/opt"]),
    ],
)
def test_a_local_volume_mounts_file_systems(
    containers_of: ContainersOf, options: str, found: list[str]
) -> None:
    made = containers_of(f"""
        services:
          s: {{image: x, volumes: ["vol:/v"]}}
        volumes:
          vol: {{driver_opts: {{{options}}}}}
    """)
    assert [mount.source for mount in made["s"].mounts] == found


def test_only_the_upper_directory_of_an_overlay_is_written_to(containers_of: ContainersOf) -> None:
    made = containers_of("""
        services:
          s: {image: x, volumes: ["vol:/v"]}
        volumes:
          vol:
            driver_opts: {type: overlay, device: x, o: "lowerdir=/etc,upperdir=/opt"}
    """)
    lower, upper = made["s"].mounts
    assert (lower.writable, lower.read_only) == (False, True)
    assert (upper.writable, upper.read_only) == (True, False)


def test_volumes_from_passes_mounts_on_with_their_provenance(containers_of: ContainersOf) -> None:
    made = containers_of("""
        services:
          a: {image: x, volumes_from: [b]}
          b: {image: x, volumes_from: ["c:ro"]}
          c: {image: x, volumes: ["/etc:/etc"]}
    """)
    [mount] = made["a"].mounts
    assert facts(mount) == ("b", "/etc", "volumes_from", HostPath.POWER)
    # Seen with Compose 2.26.1, which drops the mode.
    assert mount.writable
    assert [r.span.text for r in mount.because] == ['"c:ro"', '"c:ro"', '"/etc:/etc"']
    assert made["c"].mounts[0].writable


def test_own_entries_win_over_volumes_from(containers_of: ContainersOf) -> None:
    made = containers_of("""
        services:
          a: {image: x, volumes_from: [c, b], volumes: ["data:/one"]}
          b: {image: x, volumes: ["/etc:/one", "/etc:/two"]}
          c: {image: x, volumes: ["/run/docker.sock:/two", "/usr:/three"]}
        volumes: {data: {}}
    """)
    found = {mount.target: mount.source for mount in made["a"].mounts}
    assert found == {"/two": "/etc", "/three": "/usr"}


@pytest.mark.parametrize("item", ["container:b", "'${FROM}'", "nobody", "a"])
def test_containers_outside_the_project_pass_nothing_on(
    containers_of: ContainersOf, item: str
) -> None:
    made = containers_of(f"""
        services:
          a: {{image: x, volumes_from: [{item}]}}
          container: {{image: x, volumes: ["/etc:/etc"]}}
    """)
    assert made["a"].mounts == []


def test_cycles_of_volumes_from_end(containers_of: ContainersOf) -> None:
    made = containers_of("""
        services:
          a: {image: x, volumes_from: [b, a]}
          b: {image: x, volumes_from: [a, b], volumes: ["/etc:/etc"]}
    """)
    assert [mount.source for mount in made["a"].mounts] == ["/etc"]


def test_many_paths_to_one_service_do_not_multiply(containers_of: ContainersOf) -> None:
    # Two services a layer, each handing on to both of the next: 2 ** 30 ways.
    layers = "".join(
        f"  {side}{n}: {{image: x, volumes_from: [l{n + 1}, r{n + 1}],"
        f" volumes: ['/etc:/{side}{n}']}}\n"
        for n in range(30)
        for side in "lr"
    )
    made = containers_of(f"services:\n{layers}  l30: {{image: x}}\n  r30: {{image: x}}\n")
    assert 1 < len(made["l0"].mounts) <= 10


@pytest.mark.parametrize("section", ["secrets", "configs"])
@pytest.mark.parametrize(("item", "target"), [("api", None), ("{source: api, target: /x}", "/x")])
def test_a_socket_may_come_as_a_file(
    containers_of: ContainersOf, section: str, item: str, target: str | None
) -> None:
    folder = "/run/secrets/" if section == "secrets" else "/"
    made = containers_of(f"""
        services:
          s: {{image: x, {section}: [{item}, other]}}
        {section}:
          api: {{file: /var/run/docker.sock}}
          other: {{file: ~/.ssh/deploy_key}}
    """)
    [mount] = made["s"].mounts
    assert facts(mount) == (
        "/var/run/docker.sock",
        target or f"{folder}api",
        section,
        HostPath.CONTROL_SOCKET,
    )


@pytest.mark.parametrize(
    ("value", "count"), [("true", 1), ("false", 0), ("'${API}'", 0), ("null", 0)]
)
def test_use_api_socket_mounts_the_daemons(
    container_of: ContainerOf, value: str, count: int
) -> None:
    mounts = container_of(f"use_api_socket: {value}").mounts
    assert [m.listener for m in mounts] == ["the Docker daemon"] * count


def test_below_includes_the_directory_itself(container_of: ContainerOf) -> None:
    [mount] = container_of("volumes: ['/var/run/chrony/x:/x']").mounts
    assert mount.path == "/run/chrony/x"
    assert mount.is_below("/nowhere", "/run/chrony")
    assert not mount.is_below("/run/chron")


def test_binds_are_those_that_compose_makes(containers_of: ContainersOf) -> None:
    # The cases were recorded by root, whose home is /root.
    compared = 0
    for case in json.loads(ORACLE.read_text(encoding="utf-8")):
        files = case["files"]
        if case["rc"] or list(files) != ["compose.yaml"] or case["args"] != ["config"]:
            continue
        text = files["compose.yaml"]
        if "volumes" not in text or case["env"] or "extends" in text or "\n---" in text:
            continue
        wanted = yaml.safe_load(case["stdout"])["services"]
        for name, container in containers_of(text).items():
            if name not in wanted:
                continue
            compared += 1
            found = {
                (mount.target, mount.path.replace("~", "/root"))
                for mount in container.mounts
                if mount.route == "volumes" and mount.path.startswith(("/", "~"))
            }
            assert found == {
                (volume["target"], normalise(volume["source"]))
                for volume in wanted[name].get("volumes", ())
                if volume["type"] == "bind" and volume["source"].startswith("/")
            }, case["name"]
    assert compared >= 8


@pytest.mark.parametrize("source", ["alpine:3", "/etc", "/var/run/docker.sock", "/"])
def test_a_mounted_image_is_not_part_of_the_host(containers_of: ContainersOf, source: str) -> None:
    made = containers_of(f"""
        services:
          s:
            image: x
            volumes: [{{type: image, source: "{source}", target: /host}}]
    """)
    assert made["s"].mounts == []


@pytest.mark.parametrize("name", ["id_rsa", "id_ed25519"])
def test_a_key_of_a_person_is_no_secret_of_a_service(
    containers_of: ContainersOf, name: str
) -> None:
    made = containers_of(f"""
        services:
          s: {{image: x, secrets: [key]}}
        secrets:
          key: {{file: ~/.ssh/{name}}}
    """)
    assert [mount.source for mount in made["s"].mounts] == [f"~/.ssh/{name}"]


def test_a_volume_of_the_kernels_programs_is_an_interface_of_the_kernel(
    containers_of: ContainersOf,
) -> None:
    made = containers_of("""
        services:
          s: {image: x, volumes: ['programs:/x']}
        volumes:
          programs: {driver_opts: {type: binfmt_misc, device: binfmt_misc}}
    """)
    assert [mount.host for mount in made["s"].mounts] == [HostPath.KERNEL_INTERFACE]


@pytest.mark.parametrize("path", ["/", "/var", "/var/lib", "/var/snap", "/run"])
def test_a_read_only_folder_is_as_grave_as_the_socket_below_it(path: str) -> None:
    text = f"services:\n  s:\n    image: alpine:3.23\n    volumes: ['{path}:/x:ro']\n"
    [verdict] = check_file("compose.yaml", text)
    assert Severity.ERROR in {one.severity for one in verdict.findings}
