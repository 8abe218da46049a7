"""What tests of controls share: the state of a control in files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.controls.assessment import assessed, rules_of, subjects
from tightship.engine.check import Filters, check
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_texts
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.rules.catalogues import BUILT_IN, built_in
from tightship.rules.index import INDEX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.controls.assessment import Assessment
    from tightship.policies.policy import Policy

GAPS = [entry.name for entry in INDEX if "gap" in entry.tags]


def assess(files: str | dict[str, str], key: str, policies: Sequence[Policy] = ()) -> Assessment:
    """Return the state of a control, such as ``cis:5.5``, in files."""
    name, _, number = key.partition(":")
    texts = files if isinstance(files, dict) else {"compose.yaml": files}
    runner = RuleRunner(Selection([*rules_of(map(built_in, BUILT_IN)), *GAPS]))
    runner.policies = policies
    plan = plan_texts(texts, Configs(isolated=True, baselines=False))
    verdicts = list(check(plan, Filters(runner=runner)))
    found = [one for verdict in verdicts for one in subjects(verdict)]
    return next(
        one for one in assessed(built_in(name), found, policies) if one.control.id == number
    )


def states(files: str | dict[str, str], key: str) -> list[tuple[str, str]]:
    """Return the name of each service or image with its state."""
    return [(one.subject.name, one.state) for one in assess(files, key).outcomes]
