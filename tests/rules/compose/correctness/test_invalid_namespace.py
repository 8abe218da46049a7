"""Namespaces that the engine rejects, alone or beside other settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_namespace import invalid_namespace

if TYPE_CHECKING:
    from tests.conftest import Judge

OWNER = "\n  v: {image: y, ipc: shareable}"


def found(judge: Judge, keys: str, rest: str = OWNER) -> list[tuple[str, str]]:
    text = f"services:\n  s: {{image: x, {keys}}}{rest}\n"
    return [(one.span.text, one.severity.word) for one in judge(text, (invalid_namespace,))]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("pid: private", "private"),
        ("pid: Host", "Host"),
        ("pid: foo", "foo"),
        ("uts: private", "private"),
        ('uts: "service:v"', '"service:v"'),
        ("ipc: foo", "foo"),
        ('network_mode: "service:v", ports: ["80:80"]', '["80:80"]'),
        ('network_mode: "service:v", ports: [{target: 80}]', "[{target: 80}]"),
        ('network_mode: "container:v", expose: ["80"]', '["80"]'),
        ('network_mode: "service:v", hostname: x', "x"),
        ("uts: host, hostname: x", "x"),
    ],
)
def test_rejected_values(judge: Judge, keys: str, place: str) -> None:
    assert found(judge, keys) == [(place, "error")]


@pytest.mark.parametrize(
    "keys",
    [
        "pid: host",
        'pid: ""',
        'pid: "service:v"',
        "pid: ${MODE}",
        "ipc: none",
        'ipc: "service:v"',
        "network_mode: foo",
        "network_mode: host, hostname: x, ports: ['80:80']",
        "network_mode: none, ports: ['80:80']",
        'network_mode: "service:v", ports: []',
        'network_mode: "service:v", ports: ["${PORT}"]',
        "uts: '${UTS}', hostname: x",
        "userns_mode: foo",
    ],
)
def test_accepted_values(judge: Judge, keys: str) -> None:
    assert found(judge, keys) == []


@pytest.mark.parametrize(
    ("mode", "severities"),
    [
        ("ipc: private", ["error"]),
        ("ipc: none", ["error"]),
        ("init: true", ["warning"]),
        ("ipc: shareable", []),
        ("ipc: host", []),
        ("ipc: '${IPC}'", []),
        ("extends: {file: other.yaml, service: v}", []),
    ],
)
def test_only_a_shareable_ipc_namespace_is_lent(
    judge: Judge, mode: str, severities: list[str]
) -> None:
    donor = f"\n  v: {{image: y, {mode}}}"
    found_here = found(judge, 'ipc: "service:v"', donor)
    assert [severity for _, severity in found_here] == severities


@pytest.mark.parametrize(
    ("definition", "count"),
    [
        ("{external: true, name: host}", 1),
        ("{external: true, name: bridge}", 1),
        ("{external: {name: host}}", 1),
        ("{driver: host}", 1),
        ("{external: true, name: mine}", 0),
        ("{external: true, name: '${NAME}'}", 0),
        ("{name: host}", 0),
        ("{driver: bridge}", 0),
    ],
)
@pytest.mark.parametrize("networks", ["[n]", "{n: {}}"])
def test_dockers_own_networks_take_no_aliases(
    judge: Judge, networks: str, definition: str, count: int
) -> None:
    rest = f"\nnetworks:\n  n: {definition}"
    assert len(found(judge, f"networks: {networks}", rest)) == count
