"""The table of what isolates a container."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tightship.engine.disk.files import Files
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import named
from tightship.engine.plan.job import project_files
from tightship.frontends.compose.loading.invocation import Options
from tightship_lsp.judging.inspect import Inspection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Inspect = Callable[..., Inspection]

BARE = "services: {s: {image: 'example/app:1'}}\n"


@pytest.fixture
def inspect(tmp_path: Path) -> Inspect:
    def made(text: str, **more: str) -> Inspection:
        names = {"compose.yaml": dedent(text).lstrip("\n")}
        names |= {name.replace("__", "."): text for name, text in more.items()}
        for name, content in names.items():
            (tmp_path / name).write_text(content)
        disk, main = Files(str(tmp_path)), named(str(tmp_path / "compose.yaml"))
        return Inspection(load_project(disk, project_files(disk, main, Options())))

    return made


def rows(inspection: Inspection) -> dict[str, tuple[str, str]]:
    [service] = inspection.services
    return {row.mechanism: (row.mark, row.state) for row in service.rows}


def test_a_plain_service_has_docker_s_defaults(inspect: Inspect) -> None:
    found = rows(inspect(BARE))
    assert found["root file system"] == ("weak", "writable")
    assert found["capabilities"][0] == "weak"
    assert found["capabilities"][1].startswith("14: ")
    assert found["setuid programs"] == ("weak", "can gain privileges")
    assert found["seccomp"][0] == "strong"
    assert found["user"] == ("unknown", "set by the image")
    assert found["user namespace"][0] == "unknown"
    assert found["cgroup namespace"] == ("unknown", "its own under cgroup v2, the host's under v1")
    assert found["own namespaces"] == ("strong", "pid, network, ipc, uts")
    assert found["limits"] == ("weak", "none on memory, CPU and processes")


def test_a_hardened_service_has_nothing_weak(inspect: Inspect) -> None:
    inspection = inspect("""
        services:
          s:
            image: example/app:1
            user: "1000"
            read_only: true
            cap_drop: [ALL]
            security_opt: [no-new-privileges]
            mem_limit: 1g
            cpus: 1
            pids_limit: 100
        """)
    assert inspection.services[0].weak == ()
    for row in inspection.services[0].rows:
        if row.place is not None:
            assert row.place.source.name == "compose.yaml"


def test_values_known_at_run_time_are_neither_weak_nor_strong(inspect: Inspect) -> None:
    found = rows(
        inspect("""
        services:
          s:
            image: example/app:1
            read_only: ${RO}
            cap_drop: ["${CAPS}"]
            user: ${WHO}
            pid: ${PID}
        """)
    )
    for name in ("root file system", "capabilities", "user", "pid namespace"):
        assert found[name] == ("unknown", "known only at run time")


def test_privileged_turns_each_mechanism_off(inspect: Inspect) -> None:
    bare = rows(inspect(BARE))
    text = "services: {s: {image: 'example/app:1', privileged: true, pid: host}}\n"
    found = rows(inspect(text))
    assert found["capabilities"] == ("weak", "all, by `privileged`")
    for name in ("seccomp", "AppArmor", "SELinux", "masks over /proc and /sys"):
        assert bare[name][0] == "strong"
        assert found[name] == ("weak", "off, by `privileged`")
    assert found["host device"] == ("weak", "all, by `privileged`")
    assert found["pid namespace"] == ("weak", "the host's")
    assert bare.keys() <= found.keys()


def test_privileged_keeps_named_profiles_but_no_label(inspect: Inspect) -> None:
    found = rows(
        inspect("""
        services:
          s:
            image: x
            privileged: true
            security_opt: ["seccomp=a.json", "apparmor=mine", "label=type:mine_t"]
        """)
    )
    # Engine 26.1.5 was seen to leave seccomp off.
    state = "off, by `privileged`, unless the engine has moby#47500"
    assert found["seccomp"] == ("unknown", state)
    assert found["AppArmor"] == ("strong", "mine")
    assert found["SELinux"][0] == "weak"


def test_undecided_privileged_leaves_the_rest_undecided(inspect: Inspect) -> None:
    text = "services: {s: {image: x, privileged: '${P}', cap_drop: [ALL]}}\n"
    found = rows(inspect(text))
    for name in ("capabilities", "seccomp", "masks over /proc and /sys"):
        assert found[name] == ("unknown", "known only at run time")


@pytest.mark.parametrize(
    ("added", "row"),
    [
        ("SYS_ADMIN", ("weak", "1: SYS_ADMIN")),
        ("net_admin, CHOWN", ("weak", "2: NET_ADMIN, CHOWN")),
        ("SYS_TIME, '${MORE}'", ("weak", "1: SYS_TIME")),
        ("CHOWN", ("strong", "1: CHOWN")),
        ("CHOWN, '${MORE}'", ("unknown", "known only at run time")),
    ],
)
def test_a_capability_beyond_docker_s_default_is_weak(
    added: str, row: tuple[str, str], inspect: Inspect
) -> None:
    text = f"services: {{s: {{image: x, cap_drop: [ALL], cap_add: [{added}]}}}}\n"
    assert rows(inspect(text))["capabilities"] == row


def test_all_capabilities_are_weak_even_with_drops(inspect: Inspect) -> None:
    text = "services: {s: {image: x, cap_drop: [ALL], cap_add: [ALL]}}\n"
    mark, state = rows(inspect(text))["capabilities"]
    assert mark == "weak"
    assert "SYS_ADMIN" in state or "more" in state


def test_mounts_and_devices_are_rows_of_their_own(inspect: Inspect) -> None:
    text = """
        services:
          s:
            image: x
            volumes: ['/etc:/etc', '/usr:/usr:ro', './src:/src:ro', data:/data]
            devices: [/dev/sda]
        volumes: {data: {}}
        """
    found = rows(inspect(text))
    assert found["host path"] == ("weak", "/etc is writable")
    assert found["host device"] == ("weak", "/dev/sda")


@pytest.mark.parametrize(
    ("mount", "state"),
    [
        ("/var/run/docker.sock:/d:ro", "/var/run/docker.sock commands the Docker daemon"),
        ("/run:/run:ro", "/run commands the Docker daemon"),
        ("/:/host:ro", "/ is readable"),
        ("/etc:/e:ro", "/etc is readable"),
        ("~/.aws:/aws:ro", "~/.aws is readable"),
        ("/etc/shadow:/s:${MODE}", "/etc/shadow is readable"),
        ("/run/chrony:/c:ro", "/run/chrony commands the host's clock"),
        ("./src:/src", "./src is writable"),
        ("/mnt:/mnt:ro,rshared", "/mnt gets the mounts that the container makes"),
        ("./src:/src:ro", ""),
        ("/etc/passwd:/p:ro", ""),
        ("/usr/share:/s:${MODE}", ""),
    ],
)
def test_a_mount_is_weak_for_what_it_gives_away(mount: str, state: str, inspect: Inspect) -> None:
    text = f"services: {{s: {{image: x, volumes: ['{mount}']}}}}\n"
    expected = ("weak", state) if state else None
    assert rows(inspect(text)).get("host path") == expected


def test_a_device_that_is_mounted_is_one_row(inspect: Inspect) -> None:
    text = "services: {s: {image: x, volumes: ['/dev/sda:/dev/sda']}}\n"
    found = rows(inspect(text))
    assert found["host device"] == ("weak", "/dev/sda")
    assert "host path" not in found


def test_weaknesses_beside_the_mechanisms_have_rows(inspect: Inspect) -> None:
    found = rows(
        inspect("""
        services:
          s:
            image: x
            security_opt: ["systempaths=unconfined", "label=type:spc_t"]
            group_add: [audio, "6"]
            device_cgroup_rules: ["c 189:* rw", "a *:* rwm"]
            post_start: [{command: ./tune, privileged: true}]
        """)
    )
    assert found["masks over /proc and /sys"] == ("weak", "off")
    assert found["SELinux"] == ("weak", "off")
    assert found["group"] == ("weak", "6 (disk): may read and write the raw disks")
    assert found["device rule"] == ("weak", "a *:* rwm opens every device")
    assert found["post_start"] == ("weak", "runs with every capability")


def test_namespaces_that_services_share_are_not_their_own(inspect: Inspect) -> None:
    inspection = inspect("""
        services:
          a: {image: x}
          s: {image: x, pid: "service:a", ipc: "service:a", network_mode: "service:a"}
        """)
    service = inspection.service("s")
    assert service is not None
    found = {row.mechanism: (row.mark, row.state) for row in service.rows}
    for kind in ("pid", "ipc", "network"):
        assert found[f"{kind} namespace"] == ("weak", "that of the service `a`")
    assert found["own namespaces"] == ("strong", "uts")


_BY_IMAGE = "`{}`, with the ID that the image gives it"


@pytest.mark.parametrize(
    ("dockerfile", "row"),
    [
        ("FROM scratch\nUSER 7\n", ("strong", "7, set by the image")),
        ("FROM scratch\n", ("weak", "root, set by the image")),
        ("FROM x\nUSER toor\n", ("unknown", "set by the base image")),
        ("FROM x\nUSER app:42\n", ("unknown", _BY_IMAGE.format("app"))),
        ("FROM x\nUSER 7:app\n", ("strong", "7:app, set by the image")),
        ("FROM x\nRUN useradd -u 7 app\nUSER app\n", ("strong", "app, set by the image")),
        ("FROM x\nRUN useradd -o -u 0 app\nUSER app\n", ("weak", "root, set by the image")),
        ("FROM example/x:1\n", ("unknown", "set by the base image")),
    ],
)
def test_the_user_comes_from_what_is_built(
    dockerfile: str, row: tuple[str, str], inspect: Inspect
) -> None:
    inspection = inspect("services: {s: {build: .}}\n", Dockerfile=dockerfile)
    assert rows(inspection)["user"] == row
    assert inspection.services[0].dockerfile == "Dockerfile"


@pytest.mark.parametrize(
    ("user", "mark"), [("toor", "unknown"), ("nobody:1000", "unknown"), ("'1000:x'", "strong")]
)
def test_the_image_resolves_a_user_name(inspect: Inspect, user: str, mark: str) -> None:
    found = rows(inspect(f"services: {{s: {{image: 'example/app:1', user: {user}}}}}\n"))
    assert found["user"][0] == mark


@pytest.mark.parametrize(
    ("step", "mark"),
    [
        ("RUN useradd app", "strong"),
        ("RUN useradd -o -u 0 app", "weak"),
        ("RUN apt-get install -y app", "unknown"),
    ],
)
def test_a_build_step_resolves_a_user_name(inspect: Inspect, step: str, mark: str) -> None:
    text = "services: {s: {build: ., user: app}}\n"
    found = rows(inspect(text, Dockerfile=f"FROM debian:13\n{step}\n"))
    assert found["user"][0] == mark


def test_a_private_cgroup_namespace_must_be_set(inspect: Inspect) -> None:
    found = rows(inspect("services: {s: {image: x, cgroup: private}}\n"))
    assert found["own namespaces"] == ("strong", "pid, network, ipc, uts, cgroup")


def test_an_official_image_is_known_to_run_as_root(inspect: Inspect) -> None:
    assert rows(inspect("services: {s: {image: 'alpine:3'}}\n"))["user"][0] == "weak"


# -- values


def test_a_plain_value_has_no_provenance(inspect: Inspect) -> None:
    inspection = inspect(BARE)
    assert inspection.provenance_at("compose.yaml", BARE.index("example")) is None


def test_a_value_names_its_variables(inspect: Inspect) -> None:
    text = "services: {s: {image: 'x:${TAG:-1}', user: '${WHO}'}}\n"
    inspection = inspect(text, __env="WHO=me\n")
    tag = inspection.provenance_at("compose.yaml", text.index("TAG"))
    assert tag is not None
    assert (tag.text, tag.in_effect) == ("x:1", True)
    assert "`TAG` is not set" in tag.steps[0][0]
    who = inspection.provenance_at("compose.yaml", text.index("WHO"))
    assert who is not None
    assert who.text == "me"
    assert who.steps[0][1].source.name == ".env"


def test_a_replaced_value_names_its_replacement(inspect: Inspect) -> None:
    over = "services: {s: {user: '7'}}\n"
    text = "services: {s: {image: x, user: root}}\n"
    inspection = inspect(text, compose__override__yaml=over)
    provenance = inspection.provenance_at("compose.yaml", text.index("root"))
    assert provenance is not None
    assert (provenance.in_effect, provenance.text) == (False, "7")
    assert provenance.place.source.name == "compose.override.yaml"


def test_a_service_is_found_by_its_name(inspect: Inspect) -> None:
    inspection = inspect(BARE)
    found = inspection.service("s")
    assert found is not None
    assert found.name == "s"
    assert inspection.service("t") is None


@pytest.mark.parametrize(
    ("service", "row"),
    [
        ("image: postgres:18, user: postgres", ("strong", "postgres")),
        (
            "image: postgres:18, user: mail",
            ("unknown", "`mail`, with the ID that the image gives it"),
        ),
        # Apache and PHP-FPM stay root; only their workers are `www-data`.
        ("image: nextcloud:apache", ("weak", "root, the default of the image")),
        ("image: nextcloud:fpm", ("weak", "root, the default of the image")),
        ("image: wordpress:6", ("weak", "root, the default of the image")),
    ],
)
def test_the_user_of_a_known_image_is_that_of_its_first_process(
    inspect: Inspect, service: str, row: tuple[str, str]
) -> None:
    assert rows(inspect(f"services: {{s: {{{service}}}}}\n"))["user"] == row


@pytest.mark.parametrize(
    ("runtime", "state"),
    [
        ("runsc", "gVisor, a kernel in user space"),
        ("runsc-kvm", "gVisor, a kernel in user space"),
        ("io.containerd.runsc.v1", "gVisor, a kernel in user space"),
        ("kata", "Kata Containers, a virtual machine with its own kernel"),
        ("io.containerd.kata.v2", "Kata Containers, a virtual machine with its own kernel"),
        ("kata-runtime", "Kata Containers, a virtual machine with its own kernel"),
        ("sysbox-runc", "Sysbox, the host's kernel with a user namespace"),
    ],
)
def test_a_sandbox_is_known_to_the_host_alone_and_changes_no_grade(
    inspect: Inspect, runtime: str, state: str
) -> None:
    found = inspect(f"services: {{s: {{image: 'x:1', runtime: {runtime}}}}}\n")
    condition = "if the host's daemon has it under this name"
    assert rows(found)["runtime"] == ("unknown", f"{state}, {condition}")
    plain = inspect("services: {s: {image: 'x:1'}}\n")
    [one], [other] = found.services, plain.services
    assert one.profile.grade == other.profile.grade


@pytest.mark.parametrize("runtime", ["runc", "crun", "nvidia", "''", "'${R}'"])
def test_other_runtimes_add_no_boundary(inspect: Inspect, runtime: str) -> None:
    found = inspect(f"services: {{s: {{image: 'x:1', runtime: {runtime}}}}}\n")
    assert "runtime" not in rows(found)


def test_a_sandbox_does_not_keep_the_docker_socket_from_the_container(inspect: Inspect) -> None:
    socket = "/var/run/docker.sock:/var/run/docker.sock"
    text = f"services: {{s: {{image: 'x:1', runtime: runsc, volumes: ['{socket}']}}}}\n"
    [service] = inspect(text).services
    assert service.profile.grade == "F"
