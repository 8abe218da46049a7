"""What messages say of a mount that the documentation of the image asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge

_CADVISOR = "gcr.io/cadvisor/cadvisor:v0.49.1"


@pytest.mark.parametrize(
    ("image", "mount", "message"),
    [
        (
            _CADVISOR,
            "/:/rootfs:ro",
            "service `s` can read the whole file system of the host, at `/rootfs`, and reach"
            " the sockets in it; according to its documentation, `cadvisor` uses it for the file"
            " systems of the host",
        ),
        (
            _CADVISOR,
            "/:/rootfs",
            "service `s` can write to the whole file system of the host, at `/rootfs`;"
            " according to its documentation, `cadvisor` uses it for the file systems of the host;"
            " a safer way: mount it read-only",
        ),
        (
            _CADVISOR,
            "/var/lib/docker/:/var/lib/docker:ro",
            "service `s` can read `/var/lib/docker/` of the host, which holds secrets;"
            " according to its documentation, `cadvisor` uses it for the sizes of containers",
        ),
        (
            "portainer/agent:2.20.3",
            "/var/lib/docker/volumes:/var/lib/docker/volumes",
            "service `s` can write to `/var/lib/docker/volumes`, which the host runs or"
            " trusts; according to its documentation, `agent` uses it for browsing volumes; a safer way:"
            " remove it if you do not browse volumes",
        ),
        (
            "grafana/promtail:2.9.0",
            "/var/log:/var/log",
            "service `s` can change and erase logs of the host in `/var/log`; according to its"
            " documentation, `promtail` uses it for the logs of the host; a safer way: mount it read-only",
        ),
        (
            "ghcr.io/wg-easy/wg-easy:14",
            "/lib/modules:/lib/modules:ro",
            "service `s` can read `/lib/modules` of the host, the modules that its kernel"
            " loads; according to its documentation, `wg-easy` uses it for loading the modules of"
            " WireGuard and iptables; a safer way: load `wireguard` and `ip_tables` on the host, by a file in"
            " `/etc/modules-load.d`",
        ),
        (
            "traefik:v3.1",
            "/var/run/docker.sock:/var/run/docker.sock:ro",
            "service `s` can command the Docker daemon through `/var/run/docker.sock`;"
            " `:ro` does not help: the socket still takes every command; according to"
            " its documentation, `traefik` uses it for finding the containers and their labels; a safer way: a socket proxy"
            " that allows reading containers only",
        ),
        (
            "example/agent:1",
            "/usr/src:/usr/src",
            "service `s` can write to `/usr/src` of the host, the sources that its"
            " modules are built from",
        ),
    ],
)
def test_the_message_names_purpose_and_safer_alternative(
    judge: Judge, image: str, mount: str, message: str
) -> None:
    text = f"services:\n  s:\n    image: {image}\n    volumes: ['{mount}']\n"
    found = judge(text, every_rule())
    assert message in [one.finding.message for one in found]
