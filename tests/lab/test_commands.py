"""Commands and the services that they are converted to, on a real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.commands import commands, differences

if TYPE_CHECKING:
    from tests.lab.engine import Engine


def test_an_engine_isolates_a_command_and_its_service_alike(running: Engine) -> None:
    running.run("docker", "network", "create", "back")
    found = [differences(running, one, at) for at, one in enumerate(commands(12, 2))]
    assert [one for one in found if one] == []
    assert found.count([]) >= 6
