"""Policies of many organisations, with examples that take another way than the obvious one."""

from __future__ import annotations

from pathlib import Path

from tightship.engine.rule_examples import failures
from tightship.policies.reader import read
from tightship.text import Source

_FILE = Path(__file__).with_name("whole.toml")


def test_every_example_shows_what_it_is_said_to() -> None:
    policy = read(Source(_FILE.name, _FILE.read_text()))
    assert [(one.rule.id, one.why) for one in failures(policy)] == []
    assert all(sum(not one.is_good for one in rule.examples) > 1 for rule in policy.rules)
