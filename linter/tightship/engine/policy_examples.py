"""Runs the examples of a policy: each rule on the files that are written beside it."""

from __future__ import annotations

from tightship.engine.check import check
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_texts
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.policies.policy import Example, Policy, PolicyRule


class Failure(Record):
    """An example that does not show what it is said to, and why."""

    rule: PolicyRule
    example: Example
    why: str


def failures(policy: Policy) -> Iterator[Failure]:
    """Yield the examples that fail: good ones with a finding, bad ones without."""
    for rule in policy.rules:
        alone = policy.replaced(rules=(rule,), exceptions=(), builtin=())
        for example in rule.examples:
            why = _problem(alone, example)
            if why:
                yield Failure(rule, example, why)


def _problem(policy: Policy, example: Example) -> str:
    configs = Configs(isolated=True)
    configs.plain = RuleRunner(Selection(), ())
    configs.plain.policies = [policy]
    verdicts = [*check(plan_texts(example.files, configs, of_all=True))]
    if not verdicts:
        return "it has nothing that starts a container or builds an image"
    unread = [gap for one in verdicts for gap in one.gaps]
    if unread:
        return f"a part of it is not checked: {unread[0].reason}"
    found = [one for verdict in verdicts for one in verdict.findings]
    if example.is_good:
        return f"it is good, and breaks the rule: {found[0].finding.message}" if found else ""
    return "" if found else "it is bad, and does not break the rule"
