"""The rule `host-control-socket-mounted`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.filesystem.docker_socket_mounted import docker_socket_mounted
from tightship.rules.compose.filesystem.host_control_socket_mounted import (
    host_control_socket_mounted,
)

if TYPE_CHECKING:
    from tests.conftest import Judge

BOTH = [docker_socket_mounted, host_control_socket_mounted]


@pytest.mark.parametrize(
    ("volume", "rule", "message"),
    [
        ("/run/docker.sock:/s", docker_socket_mounted, "can command the Docker daemon through"),
        ("/run/systemd/private:/s", host_control_socket_mounted, "can command systemd through"),
        ("/run/podman/podman.sock:/s", host_control_socket_mounted, "can command Podman through"),
        (
            "/run/containerd/containerd.sock:/s:ro",
            host_control_socket_mounted,
            "`:ro` does not help",
        ),
        # All sockets are below, and that of Docker is the first.
        ("/run:/host/run", docker_socket_mounted, "can command the Docker daemon through `/run`"),
        (
            "${S}/x:/run/containerd/containerd.sock:ro",
            host_control_socket_mounted,
            "commands containerd if the path",
        ),
        ("${S}:/var/run/docker.sock", docker_socket_mounted, "commands the Docker daemon if"),
    ],
)
def test_each_socket_has_one_rule_with_its_name(
    judge: Judge, volume: str, rule: object, message: str
) -> None:
    [one] = judge(f"services:\n  a:\n    image: a\n    volumes: ['{volume}']\n", BOTH)
    assert one.rule is rule
    assert message in one.finding.message


def test_a_file_of_another_name_is_no_socket(judge: Judge) -> None:
    text = "services:\n  a:\n    image: a\n    volumes: ['${S}:/data', './podman.md:/p']\n"
    assert judge(text, BOTH) == []
