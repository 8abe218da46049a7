"""The rule `foreign-cgroup-parent`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.resources.foreign_cgroup_parent import foreign_cgroup_parent

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "parent",
    [
        *("/", "-.slice", "init.scope", "/user.slice", "user-1000.slice"),
        *("machine.slice", "machine-qemu.slice", "kubepods.slice", "/kubepods/burstable"),
        *("system.slice/ssh.service", "system-getty.slice", "/user.slice/x"),
    ],
)
def test_cgroups_of_others_are_foreign(found: Found, parent: str) -> None:
    text = service(f"cgroup_parent: '{parent}'")
    assert found(text, foreign_cgroup_parent) == [("warning", f"'{parent}'")]


@pytest.mark.parametrize(
    "parent",
    [
        *("batch.slice", "/batch", "docker.slice", "system.slice", "/docker", ""),
        *("users.slice", "machines", "/srv/user.slice", "${SLICE}"),
    ],
)
def test_an_own_parent_is_not_foreign(judge: Judge, parent: str) -> None:
    text = service(f"cgroup_parent: '{parent}'")
    assert judge(text, [foreign_cgroup_parent]) == []
