"""An engine shows by what only one of this machine can do where its ports are."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from tightship_annexes.trial.engine import Completed
from tightship_annexes.trial.reach import address, reach

NETWORK = {"Id": "0123456789abcdef", "IPAM": {"Config": [{"Gateway": "127.0.0.1"}]}}
PROXY = "driver failed: Error starting userland proxy: listen tcp4: bind: address already in use"


class Machine:
    """An engine with one network; ``said`` is why it does not start the container."""

    def __init__(self, said: str = "no such file", *, is_podman: bool = False) -> None:
        self.said, self.is_podman, self.is_remote = said, is_podman, False
        self.info: dict[str, Any] = {}
        self.calls = list[tuple[str, ...]]()

    def docker(self, *words: str, **_: object) -> Completed:
        self.calls.append(words)
        answers = {
            ("network", "ls"): Completed(0, "0123456789abcdef\n", ""),
            ("network", "inspect"): Completed(0, json.dumps(NETWORK), ""),
            ("start", "c1"): Completed(1, "", self.said),
        }
        return answers.get((words[0], words[1]), Completed(0, "c1\n", ""))


def reached(machine: Any) -> str:
    return reach(machine, "label", "image")


def test_an_address_counts_where_the_bridge_of_the_network_is_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "if_nameindex", lambda: [(1, "lo"), (2, "br-0123456789ab")])
    assert reached(Machine()) == "address"


@pytest.mark.parametrize(
    ("said", "how"),
    [
        (PROXY, "loopback"),
        ("Ports are not available: exposing port TCP 127.0.0.1:4000", "loopback"),
        ('exec: "/none": stat /none: no such file or directory', ""),
    ],
)
def test_loopback_counts_where_the_engine_cannot_take_a_taken_port(said: str, how: str) -> None:
    machine = Machine(said)
    assert reached(machine) == how
    assert machine.calls[-1][0] == "rm"


@pytest.mark.parametrize(
    ("rootless", "remote", "how"), [(False, False, "address"), (True, False, ""), (False, True, "")]
)
def test_of_podman_the_gateway_has_to_be_here(rootless: bool, remote: bool, how: str) -> None:
    machine = Machine(is_podman=True)
    machine.is_remote = remote
    machine.info = {"SecurityOptions": ["name=rootless"] if rootless else []}
    assert reached(machine) == how


def test_a_port_is_asked_where_the_copy_is_reached() -> None:
    about: dict[str, Any] = {
        "NetworkSettings": {
            "Networks": {"a": {"IPAddress": "10.192.0.2"}},
            "Ports": {"80/tcp": [{"HostPort": "4000"}], "81/tcp": None},
        }
    }
    assert address(about, 80, "address") == ("10.192.0.2", 80)
    assert address(about, 80, "loopback") == ("127.0.0.1", 4000)
    assert address(about, 81, "loopback") is None
    assert address(about, 80, "") is None
