"""The rule `selinux-disabled`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.mandatory_access.conftest import options

from tightship.rules.compose.mandatory_access.selinux_disabled import selinux_disabled

if TYPE_CHECKING:
    from tests.rules.conftest import Found


def test_selinux_stays_off_after_later_options(found: Found) -> None:
    text = options("label=disable", "label=type:container_t")
    assert found(text, selinux_disabled) == [("warning", "label=disable")]
