"""The rule `port-on-all-interfaces`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.rules.compose.network.port_on_all_interfaces import port_on_all_interfaces

if TYPE_CHECKING:
    from tests.rules.conftest import Fixed


def test_all_ports_are_bound_at_once(fixed: Fixed) -> None:
    text = "services:\n  s:\n    ports:\n      - 80\n      - '[::]:81:81'  # so\n"
    wanted = text.replace("- 80", "- 127.0.0.1::80").replace("[::]", "127.0.0.1")
    assert fixed(text, port_on_all_interfaces) == wanted
