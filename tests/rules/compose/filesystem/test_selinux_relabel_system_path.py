"""The rule `selinux-relabel-system-path`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.filesystem.conftest import volumes
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "filesystem")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        *((s, True) for s in ("/", "/etc", "/usr", "/home", "/root", "/var", "/tmp")),
        *((s, True) for s in ("/etc/ssh", "/var/lib/docker", "/boot", "/proc", "/dev")),
        *((s, True) for s in ("~/.ssh", "/etc/localtime", "/var/log")),
        *((s, False) for s in ("/srv/x", "/home/u/app", "/var/lib/mysql", "./x", "x")),
        *((s, False) for s in ("/etc/pihole", "/tmp/x", "/run/docker.sock")),
    ],
)
def test_relabelling_of_system_paths_is_found(judge: Judge, source: str, found: bool) -> None:
    rules = [r for r in RULES if r.name == "selinux-relabel-system-path"]
    assert bool(judge(volumes(f"{source}:/t:ro,Z"), rules)) is found
