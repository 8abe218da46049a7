"""A variable in a setting that can lower isolation is said, whatever the setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check, check_file

from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship.isolation.deciding import DECIDING_KEYS, left_open

if TYPE_CHECKING:
    from pathlib import Path

    from tests.isolation.conftest import ContainerOf

    from tightship.frontends.compose.specification.shape import Shape

_KEYS = SERVICE.keys or {}
RULE = "security-setting-from-environment"

# No value of these gives more of the host than their absence does: what runs, how it is named,
# started, measured and reached. `ports` and `environment` have rules about their values.
_INNOCENT = frozenset((
    "annotations", "attach", "blkio_config", "command", "container_name", "cpu_count",
    "cpu_percent", "cpu_period", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpuset",
    "credential_spec", "depends_on", "dns", "dns_opt", "dns_search", "domainname",
    "entrypoint", "env_file", "environment", "expose", "extends", "external_links",
    "extra_hosts", "healthcheck", "hostname", "image", "init", "isolation", "label_file",
    "labels", "links", "logging", "mac_address", "mem_reservation", "mem_swappiness",
    "memswap_limit", "models", "networks", "platform", "ports", "pre_start", "profiles",
    "provider", "pull_policy", "pull_refresh_after", "restart", "scale", "shm_size",
    "stdin_open", "stop_grace_period", "stop_signal", "storage_opt", "sysctls", "tmpfs", "tty",
    "ulimits", "umask", "working_dir",
))  # fmt: skip
_SAMPLES = {
    "build": "{context: ., privileged: '${X}'}",
    "configs": "[c]",
    "deploy": "{resources: {limits: {memory: '${X}'}}}",
    "develop": "{watch: [{path: ., action: sync+exec, exec: {command: id, user: '${X}'}}]}",
    "devices": "['${X}:/dev/a']",
    "post_start": "[{command: id, privileged: '${X}'}]",
    "pre_stop": "[{command: id, user: '${X}'}]",
    "secrets": "[c]",
    "volumes": "['${X}:/a']",
}
_TOP = "configs: {c: {file: '${X}'}}\nsecrets: {c: {file: '${X}'}}\n"


def _said(service: str, top: str = "") -> list[str]:
    text = f"services:\n  s:\n    image: alpine:3.23\n    {service}\n{top}"
    (verdict,) = check_file("compose.yaml", text, [RULE])
    return [one.finding.message for one in verdict.findings if one.rule.name == RULE]


def _sample(shape: Shape) -> str:
    return "['${X}']" if shape.items is not None else "'${X}'"


def test_each_key_of_a_service_is_innocent_or_decides() -> None:
    assert set(_KEYS) == _INNOCENT | set(DECIDING_KEYS)
    assert _INNOCENT.isdisjoint(DECIDING_KEYS)


@pytest.mark.parametrize("key", DECIDING_KEYS)
def test_a_variable_of_each_key_is_said(key: str) -> None:
    written = _SAMPLES.get(key) or _sample(_KEYS[key])
    (said,) = _said(f"{key}: {written}", _TOP if key in ("configs", "secrets") else "")
    assert said.startswith("`X` decides ")
    assert said.endswith(", but its value is unknown")


@pytest.mark.parametrize("key", DECIDING_KEYS)
def test_a_value_of_each_key_is_not_unknown(key: str) -> None:
    written = _SAMPLES.get(key) or _sample(_KEYS[key])
    top = _TOP if key in ("configs", "secrets") else ""
    assert _said(f"{key}: {written}".replace("${X}", "a"), top.replace("${X}", "a")) == []


@pytest.mark.parametrize(
    "options",
    [
        "type: none, o: bind, device: '${X}'",
        "type: none, o: bind, device: '${X}/data'",
        "type: none, o: '${X}', device: /srv",
        "type: '${X}', device: /srv",
        "type: ext4, device: '${X}'",
        "type: overlay, device: overlay, o: 'lowerdir=${X}'",
    ],
)
def test_a_volume_of_any_path_is_said(options: str) -> None:
    top = f"volumes: {{data: {{driver_opts: {{{options}}}}}}}\n"
    (said,) = _said("volumes: ['data:/data']", top)
    assert said == "`X` decides which host path `s` mounts, but its value is unknown"


@pytest.mark.parametrize(
    "options",
    [
        "type: nfs, o: 'addr=${X},rw', device: ':/srv'",
        "type: nfs, o: '${X}', device: '${X}'",
        "type: tmpfs, o: 'size=${X}', device: tmpfs",
        "type: none, o: bind, device: './${X}'",
        "type: none, o: bind, device: '${X}/etc'",  # judged
    ],
)
def test_a_volume_of_no_other_path_of_the_host_is_not(options: str) -> None:
    top = f"volumes: {{data: {{driver_opts: {{{options}}}}}}}\n"
    assert _said("volumes: ['data:/data']", top) == []


@pytest.mark.parametrize(
    "service",
    [
        "use_api_socket: '${X}true'",  # judged
        "security_opt: ['label:level:${X}']",
        "devices: ['/dev/ttyUSB0:/dev/${X}']",
        "user: '0:${X}'",
        "volumes: ['/etc:/e:${X}']",
        "mem_limit: '${X:-1g}'",
    ],
)
def test_what_is_known_is_not_said(service: str) -> None:
    assert _said(service) == []


def test_mounts_of_a_foreign_container_leave_rules_about_mounts_open(
    container_of: ContainerOf,
) -> None:
    body = "volumes_from: ['container:x', other]"
    [one] = left_open(container_of(body))
    assert (one.span.text, one.what) == ("'container:x'", "whose mounts {} gets")
    assert {"host-root-mounted", "docker-socket-mounted"} <= {*one.rules.split()}


def test_the_propagation_of_a_mount_is_said() -> None:
    mount = "{type: bind, source: ./a, target: /a, bind: {propagation: '${X}'}}"
    assert _said(f"volumes: [{mount}]") == [
        "`X` decides the propagation of a mount of `s`, but its value is unknown"
    ]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("volumes: ['..:/x']", ".."),
        ("volumes: ['${PWD}/../..:/x']", "${PWD}/../.."),
        ("volumes: [{type: bind, source: ../../.., target: /x}]", "../../.."),
        ("volumes: ['data:/x']", "${PWD}/../.."),
    ],
)
def test_a_folder_above_the_repository_is_said(written: str, path: str) -> None:
    top = "volumes: {data: {driver_opts: {type: none, o: bind, device: '${PWD}/../..'}}}\n"
    assert _said(written, top) == [
        f"`{path}` is above the repository, whose place decides what of the host `s` gets"
    ]


def test_a_folder_of_the_repository_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    text = "services: {s: {image: alpine:3.23, volumes: ['../..:/x', '../../..:/y', '../c:/z']}}\n"
    (tmp_path / "a" / "b" / "compose.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    (verdict,) = check(["."], [RULE])
    assert [one.finding.message.split("`")[1] for one in verdict.findings] == ["../../.."]
