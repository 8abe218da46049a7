"""The rule `privileged-group`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.users.privileged_group import privileged_group

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "group",
    [
        "root",
        "docker",
        "disk",
        "shadow",
        "kvm",
        "adm",
        "systemd-journal",
        "lxd",
        "incus-admin",
        "libvirt",
        "0",
        "'0'",
        "4",
        "'006'",
        "42",
        "'${G:-docker}'",
    ],
)
def test_privileged_groups(found: Found, group: str) -> None:
    text = service(f"group_add: [audio, {group}]")
    assert found(text, privileged_group) == [("warning", group)]


@pytest.mark.parametrize("group", ["audio", "1000", "'${G}'", "''", "'00x'", "40", "60"])
def test_ordinary_groups(found: Found, group: str) -> None:
    assert found(service(f"group_add: [{group}]"), privileged_group) == []


def test_a_number_is_explained(judge: Judge) -> None:
    [one] = judge(service("group_add: [6]"), [privileged_group])
    assert "group `6`, which is `disk`, and so can" in one.finding.message
