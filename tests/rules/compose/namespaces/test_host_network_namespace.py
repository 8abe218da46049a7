"""The rule `host-network-namespace`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.rules.compose.namespaces.host_network_namespace import host_network_namespace

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_an_external_network_named_host_is_not_in_use(judge: Judge) -> None:
    text = """
services:
  a: {image: x, networks: {inside: , outside: {aliases: [a]}}}
  b: {image: x, network_mode: "service:a"}
networks:
  inside:
  outside: {external: true, name: host}
"""
    assert judge(text, [host_network_namespace]) == []
