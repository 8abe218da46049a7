"""The rule `docker-socket-volume`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.filesystem.docker_socket_volume import docker_socket_volume

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "path",
    [
        "/var/run/docker.sock",
        "/run/docker.sock",
        "//run/./docker.sock",
        "/host/docker.sock",
        "/run/podman",
        "/run/user/1000/docker.sock",
        "/run/containerd/containerd.sock",
        "/var/run/crio/crio.sock",
    ],
)
def test_a_socket_as_a_volume(path: str, found: Found) -> None:
    assert found(image(f"VOLUME {path}"), docker_socket_volume) == [("warning", path)]


@pytest.mark.parametrize(
    "path",
    [
        "/run",
        "/var/run",
        "/run/dbus",
        "/run/systemd",
        "/var/run/postgresql",
        "/var/lib/docker",
        "/",
        "docker.sock",
        "/data/app.sock",
        "$SOCKET",
        "/etc/docker.sock.d",
    ],
)
def test_a_volume_without_a_socket(path: str, found: Found) -> None:
    assert found(image(f"VOLUME {path}"), docker_socket_volume) == []
