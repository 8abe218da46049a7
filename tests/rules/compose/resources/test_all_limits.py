"""A service with every limit is silent for all rules about resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "resources")

HARDENED = """
services:
  s:
    image: x
    mem_limit: 64m
    cpus: 1
    pids_limit: 9
    ulimits: {nofile: 99}
    logging: {driver: local}
"""


def test_a_bounded_service_is_silent(judge: Judge) -> None:
    assert judge(HARDENED, RULES) == []


def test_a_provider_has_no_limits(judge: Judge) -> None:
    assert judge("services:\n  s: {provider: {type: x}}\n", RULES) == []
