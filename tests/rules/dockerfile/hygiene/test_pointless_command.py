"""The rule `pointless-command`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.pointless_command import pointless_command

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "service x start",
        "vim a",
        "sudo mount a b",
        "free -m",
        "ls && top",
        "/sbin/reboot",
        "sudo /usr/sbin/service x start",
        "kill 1",
    ],
)
def test_a_command_without_a_purpose(found: Found, script: str) -> None:
    [(grade, _)] = found(image(f"RUN {script}"), pointless_command)
    assert grade == "info"


@pytest.mark.parametrize(
    "step",
    [
        "RUN apt-get install -y vim",
        "RUN vim --version",
        "RUN vim -c PlugInstall -c qa",
        "RUN systemctl enable x",
        "RUN --mount=type=ssh ssh -T git@x.org",
        "RUN --mount=type=bind,target=/x ls",
        "CMD service x start",
        "RUN echo top",
        'RUN x & sleep 1; kill "$!"',
        "RUN x & kill -9 $(cat /x.pid)",
        "RUN x & kill %1",
        "RUN ./service start",
        "RUN sudo /opt/app/bin/service start",
    ],
)
def test_commands_with_a_purpose(found: Found, step: str) -> None:
    assert found(image(step), pointless_command) == []


def test_the_commands_can_be_set(found: Found) -> None:
    files = image("RUN service x start && nmap a")
    files["tightship.toml"] = '[rules.pointless-command]\ncommands = ["nmap"]\n'
    assert found(files, pointless_command) == [("info", "nmap")]
