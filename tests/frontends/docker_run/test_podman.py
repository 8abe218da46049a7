"""What Podman has and Docker has not: user namespaces, security options, its own defaults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.frontends.docker_run.commands_of import containers_of

from tightship.isolation.mechanisms import table
from tightship.isolation.seccomp_default import PODMAN, default_profile
from tightship.isolation.seccomp_filter import Environment, Filter
from tightship.project_facts.security import capabilities
from tightship.values.capability import DEFAULTS

if TYPE_CHECKING:
    from pathlib import Path


def rows(line: str) -> dict[str, tuple[str, str]]:
    [container] = containers_of(f"{line}\n")
    return {one.mechanism: (one.mark, one.state) for one in table(container)}


@pytest.mark.parametrize("mode", ["auto", "auto:size=9", "keep-id", "keep-id:uid=1", "nomap"])
def test_root_is_no_root_of_the_host_in_an_own_user_namespace(mode: str) -> None:
    found = rows(f"podman run --userns={mode} --user root x:1")
    assert found["user"] == ("strong", "root at most of its own user namespace")
    assert "user" in found["own namespaces"][1]


@pytest.mark.parametrize("flags", ["", "--userns=host", "--userns=ns:/a", "--uidmap 0:1:9"])
def test_other_user_namespaces_are_unknown(flags: str) -> None:
    found = rows(f"podman run {flags} --user root x:1")
    assert found["user"] == ("weak", "root")
    assert found["user namespace"][0] == "unknown"


def test_docker_has_no_such_mode() -> None:
    assert rows("docker run --userns=keep-id --user root x:1")["user"] == ("weak", "root")


def found(root: Path, name: str, text: str) -> dict[str, tuple[str, str]]:
    (root / ".git").mkdir()
    (root / name).write_text(text)
    verdicts = check([str(root / name)], ("default",), configured=True)
    every = (one for verdict in verdicts for one in verdict.findings)
    return {one.rule.name: (one.severity.word, one.finding.message) for one in every}


@pytest.mark.parametrize(("mode", "severity"), [("keep-id", "info"), ("host", "warning")])
def test_an_own_user_namespace_lowers_what_needs_root_of_the_host(
    mode: str, severity: str, tmp_path: Path
) -> None:
    text = f"podman run -d --name a --userns={mode} --cap-add SYS_TIME x:1\n"
    every = found(tmp_path, "a.sh", text)
    assert every["host-clock-control"][0] == severity
    assert not every.keys() & {"host-user-namespace", "invalid-container-name"}


@pytest.mark.parametrize(
    ("flags", "state"),
    [
        ("--security-opt unmask=ALL", ("weak", "off")),
        ("--security-opt unmask=all", ("weak", "off")),
        ("--security-opt unmask=/sys/firmware:/proc/*", ("weak", "off")),
        ("--security-opt unmask=/proc/acpi", ("unknown", "known only at run time")),
        ("--security-opt mask=/a", ("strong", "Podman's default")),
    ],
)
def test_paths_are_unmasked_by_podmans_option(
    flags: str, state: tuple[str, str], tmp_path: Path
) -> None:
    assert rows(f"podman run {flags} x:1")["masks over /proc and /sys"] == state
    assert "invalid-security-option" not in found(tmp_path, "a.sh", f"podman run {flags} x:1\n")


def test_a_profile_is_compared_with_that_of_its_engine(tmp_path: Path) -> None:
    profile = default_profile(PODMAN)
    (tmp_path / "p.json").write_text(json.dumps(profile))
    line = "run -d --name web --security-opt seccomp=p.json x:1\n"
    podman = found(tmp_path, "a.sh", f"podman {line}")
    assert "weak-seccomp-profile" not in podman
    (tmp_path / ".git").rmdir()
    docker = found(tmp_path, "a.sh", f"docker {line}")
    assert "`mount`" in docker["weak-seccomp-profile"][1]


def test_a_command_may_run_where_its_profile_is(tmp_path: Path) -> None:
    line = "docker run --security-opt seccomp=no.json x:1\n"
    assert "invalid-security-option" not in found(tmp_path, "a.sh", line)


@pytest.mark.parametrize(("engine", "is_known"), [("docker", True), ("podman", False)])
def test_builtin_is_dockers_profile_and_to_podman_a_path(
    engine: str, is_known: bool, tmp_path: Path
) -> None:
    line = f"{engine} run --security-opt seccomp=builtin x:1"
    assert (rows(line)["seccomp"] == ("strong", "Docker's default")) is is_known
    every = found(tmp_path, "a.sh", f"{line}\n")
    assert ("invalid-security-option" in every) is not is_known


@pytest.mark.parametrize(("engine", "is_known"), [("docker", False), ("podman", True)])
def test_podman_has_a_word_for_no_name_server(engine: str, is_known: bool, tmp_path: Path) -> None:
    every = found(tmp_path, "a.sh", f"{engine} run --dns none x:1\n")
    assert ("invalid-value" not in every) is is_known


@pytest.mark.parametrize(
    ("flags", "rule", "remedy"),
    [
        ("-v a/b:/c", "invalid-mount", "`a/b` is no name of a volume; write `./a/b` for a folder"),
        ("--expose 80:80", "invalid-value", "write the port of the container alone"),
    ],
)
def test_what_the_engine_rejects_of_flags(
    flags: str, rule: str, remedy: str, tmp_path: Path
) -> None:
    assert remedy in found(tmp_path, "a.sh", f"docker run {flags} x:1\n")[rule][1]
    (tmp_path / ".git").rmdir()
    assert rule not in found(tmp_path, "b.sh", "docker run -v $A/b:/c -v a:/b --expose 80 x:1\n")


@pytest.mark.parametrize("mode", ["slirp4netns", "slirp4netns:mtu=1", "pasta:-t,80", "ns:/run/a"])
def test_a_mode_of_podman_is_no_network_of_others(mode: str) -> None:
    [container] = containers_of(f"podman run --network {mode} x:1\n")
    assert container.text("network_mode").value == mode
    assert container.value("networks") is None
    assert container.namespace("network").owner == ("unknown" if mode[:2] == "ns" else "own")


def test_podmans_profile_allows_what_needs_a_user_namespace() -> None:
    usual = Filter(default_profile(PODMAN), Environment("amd64", (6, 1), DEFAULTS["Podman"]))
    assert all(usual.allows(one, {}) for one in ("mount", "unshare", "clone3", "keyctl"))
    assert not any(usual.allows(one, {}) for one in ("bpf", "userfaultfd", "vmsplice"))
    assert not usual.allows("socket", {0: 16, 2: 9})
    assert usual.allows("socket", {0: 40, 2: 0})


def test_keys_of_units_are_security_options(tmp_path: Path) -> None:
    text = (
        "[Container]\nImage=x:1\nSeccompProfile=unconfined\nAppArmor=unconfined\n"
        "SecurityLabelType=spc_t\nUnmask=ALL\nUserNS=keep-id\n"
    )
    assert found(tmp_path, "web.container", text).keys() >= {
        "seccomp-unconfined", "apparmor-unconfined", "selinux-disabled", "system-paths-unmasked",
    }  # fmt: skip


def test_a_root_file_system_is_no_image(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("podman run --rootfs ./rootfs sh\n")
    [verdict] = check([str(tmp_path / "a.sh")])
    names = {one.rule.name for one in verdict.findings}
    assert not names & {"invalid-value", "mutable-image-tag"}
    assert "writable-root-filesystem" in names


def test_podmans_own_commands_are_advised(tmp_path: Path) -> None:
    (tmp_path / "a.sh").write_text("podman run x:1\ndocker run y:1\n")
    [verdict] = check([str(tmp_path / "a.sh")])
    advice = {one.advice for one in verdict.findings}
    for command in ("diff", "stats"):
        assert sum(f"`podman {command}`" in one for one in advice) == 1
        assert sum(f"`docker {command}`" in one for one in advice) == 1


@pytest.mark.parametrize(("engine", "has_raw"), [("docker", True), ("podman", False)])
def test_facts_have_the_capabilities_of_the_engine(engine: str, *, has_raw: bool) -> None:
    [container] = containers_of(f"{engine} run --cap-drop CHOWN x:1\n")
    found = capabilities(container)
    assert found.surely == found.possibly == container.capabilities.bounding
    assert ("NET_RAW" in found.surely) is has_raw
