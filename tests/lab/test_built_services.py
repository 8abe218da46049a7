"""A service that a project builds gets what its files decide, and works with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lab.built_services import (
    BuiltService,
    built_services,
    failure,
    make_bases,
    missing_file_system,
)

if TYPE_CHECKING:
    from tests.lab.engine import Engine


@pytest.mark.parametrize("service", [pytest.param(one, id=one.name) for one in built_services()])
def test_a_built_service_survives_its_hardening(running: Engine, service: BuiltService) -> None:
    if not running.own:
        pytest.skip("stand-ins are made only in an engine of the lab's own")
    if root := missing_file_system(service):
        pytest.skip(f"no file system `{root}` in the cache; `make lab-images` makes it")
    make_bases(running)
    assert failure(running, service) == ""
