"""A service that Compose rejects changes nothing about the services that it shares nothing with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings, strategies as st
from tests.checking import judged
from tests.frontends.compose.refused_services import FILES, FINE, KINDS, VOLUMES, projects

from tightship.engine.disk.files import Files
from tightship.engine.plan.candidates import Candidate
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import STRICT, Selection
from tightship.isolation.reach_map import ReachMap
from tightship.report.profile import overview
from tightship.report.terminal import Paint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.engine.verdict import Verdict
    from tightship.isolation.profile import Profile

ROOT = "/no/such/folder"
RUNNER = RuleRunner(Selection([STRICT]))


def judge(text: str) -> Verdict:
    files = Files(ROOT, {"compose.yaml": text, **FILES})
    path = files.path("compose.yaml")
    [verdict] = judged(files, Candidate(path, "main", path, "compose"), RUNNER)
    return verdict


def found(verdict: Verdict) -> list[tuple[object, ...]]:
    """Return the findings about services other than the rejected one."""
    return [
        (one.rule.name, one.finding.message, one.span.start, one.severity)
        for one in verdict.findings
        if one.subject.kind == "service" and one.subject.name != "bad"
    ]


def rows(profiles: Sequence[Profile]) -> dict[str, list[tuple[object, ...]]]:
    return {
        one.name: [(row.mechanism, row.mark, row.state) for row in one.rows]
        for one in profiles
        if one.name != "bad"
    }


@given(projects(), st.sampled_from(sorted(KINDS)))
@settings(max_examples=settings().max_examples * 2)
def test_findings_and_states_of_the_others_stay_the_same(text: str, kind: str) -> None:
    alone, both = judge(text + VOLUMES), judge(text + KINDS[kind].text + VOLUMES)
    assert found(alone) == found(both)
    assert alone.project is not None
    assert both.project is not None
    assert rows(alone.project.profiles()) == rows(both.project.profiles())
    assert alone.project.unchecked == {}
    assert both.unchecked
    # Which services reach the host, and from where they are reached, is the same as well.
    first, second = (ReachMap(one.project.profiles()) for one in (alone, both) if one.project)
    assert {node for node in second.published if node.name != "bad"} == {*first.published}


def test_nothing_that_it_lacks_is_strong() -> None:
    loaded = judge(f"{FINE}  bad: {{image: 'nginx:1.29', imagee: y}}\n").project
    assert loaded is not None
    [one] = [one for one in loaded.profiles() if one.name == "bad"]
    assert {row.mark for row in one.rows} == {"unknown"}
    assert (one.best, one.worst) == ("A", "F")
    line = next(line for line in overview([one], Paint(on=False)).splitlines() if "bad" in line)
    assert line.split() == ["bad", "A-F", *"????????", "not", "checked"]
