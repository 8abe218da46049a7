"""The rule `host-network-namespace`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.rules.compose.namespaces.host_network_namespace import (
    host_network_namespace,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_the_hosts_network_by_another_name(judge: Judge) -> None:
    text = """
services:
  a: {image: x, networks: {inside: , outside: {aliases: [a]}}}
  b: {image: x, network_mode: "service:a"}
networks:
  inside:
  outside: {external: true, name: host}
"""
    direct, through = judge(text, [host_network_namespace])
    assert (direct.span.text, direct.finding.fix) == ("outside", None)
    assert through.span.text == '"service:a"'
    assert [r.span.text for r in through.finding.because] == ["outside"]
