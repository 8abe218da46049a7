"""A service that Compose rejects changes nothing about the services that it shares nothing with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st
from tests.checking import judged
from tests.engine.trees import ROOT, compared, shown
from tests.frontends.compose.refused_services import FILES, FINE, KINDS

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

RUNNER = RuleRunner(Selection([STRICT]))
VOLUMES = "volumes: {data: {}}\n"

SETTINGS = (
    "privileged: true",
    "read_only: true",
    "user: '1000'",
    "cap_drop: [ALL]",
    "pid: host",
    "network_mode: none",
    "ports: ['8080:80']",
    "volumes: ['/var/run/docker.sock:/s']",
    "volumes: ['data:/data']",
    "mem_limit: 1g",
    "image: postgres:18",
    "image: '${IMAGE}'",
    "environment: {PASSWORD: hunter2hunter2}",
)


@st.composite
def projects(draw: st.DrawFn) -> str:
    """Return a project that Compose takes, with two to four services."""
    lines = ["services:"]
    for number in range(draw(st.integers(2, 4))):
        own = {one.partition(":")[0]: one for one in draw(st.sets(st.sampled_from(SETTINGS)))}
        own.setdefault("image", "image: nginx:1.29")
        lines.append(f"  s{number}: {{{', '.join(own.values())}}}")
    return "\n".join([*lines, ""])


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


@given(projects(), st.sampled_from(sorted(KINDS)), st.sampled_from(SETTINGS))
def test_a_change_of_another_service_is_the_same_next_to_it(text: str, kind: str, new: str) -> None:
    changed = text.replace("  s0: {", f"  s0: {{{new}, " if new not in text else "  s0: {")
    duplicate = (
        changed.partition("\n")[2].partition("\n")[0].count(f"{new.partition(':')[0]}: ") > 1
    )
    if duplicate:
        return
    alone = compared({"compose.yaml": text + VOLUMES}, {"compose.yaml": changed + VOLUMES})
    bad = KINDS[kind].text + VOLUMES
    both = compared({"compose.yaml": text + bad, **FILES}, {"compose.yaml": changed + bad, **FILES})
    about = [(one.name, one.direction, one.kind, len(one.rows)) for one in alone.services]
    assert about == [
        (one.name, one.direction, one.kind, len(one.rows))
        for one in both.services
        if one.name != "bad"
    ]
    assert {one.side for one in both.gaps} <= {"both"}


def side(settings: str) -> dict[str, str]:
    return {"compose.yaml": f"{FINE}  bad: {{image: x, {settings}}}\n"}


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        # What is written in a rejected service counts, on one side or on both.
        ("imagee: y", "imagee: y, privileged: true", "worse"),
        ("imagee: y, privileged: true", "imagee: y", "better"),
        ("imagee: y, read_only: true", "imagee: y", "worse"),
        ("user: '1'", "imagee: y, user: '1', pid: host", "worse"),
        ("imagee: y, user: '1'", "user: '1', pid: host", "worse"),
        ("imagee: y", "imagee: y, volumes: ['/var/run/docker.sock:/s']", "worse"),
        ("imagee: y, volumes: ['/:/host']", "imagee: y", "better"),
        # A name that is spelled right now has an effect.
        ("privilged: true", "privileged: true", "worse"),
        ("read_onyl: true", "read_only: true", "better"),
        ("read_only: true", "read_onyl: true", "worse"),
        ("privileged: [y]", "privileged: true", "worse"),
    ],
)
def test_what_is_written_in_it_is_compared(before: str, after: str, direction: str) -> None:
    found = compared(side(before), side(after))
    assert [(one.name, one.direction) for one in found.services] == [("bad", direction)]
    assert found.gaps


def test_nothing_that_it_lacks_is_strong() -> None:
    loaded = judge(f"{FINE}  bad: {{image: 'nginx:1.29', imagee: y}}\n").project
    assert loaded is not None
    [one] = [one for one in loaded.profiles() if one.name == "bad"]
    assert {row.mark for row in one.rows} == {"unknown"}
    assert (one.best, one.worst) == ("A", "F")
    line = next(line for line in overview([one], Paint(on=False)).splitlines() if "bad" in line)
    assert line.split() == ["bad", "A-F", *"????????", "not", "checked"]


@pytest.mark.parametrize("change", [("imagee: y", "tty: true"), ("tty: true", "imagee: y")])
def test_a_rejection_alone_changes_no_isolation(change: tuple[str, str]) -> None:
    found = compared(*map(side, change))
    assert found.services == ()
    assert [one.side for one in found.gaps] in (["before"], ["after"])


def test_another_reason_is_a_new_gap() -> None:
    found = compared(side("imagee: y"), side("prots: []"))
    assert [one.side for one in found.gaps] == ["before", "after"]


def test_a_gap_stays_one_where_the_main_file_gets_another_name() -> None:
    before = side("imagee: y")
    after = {"docker-compose.yml": before["compose.yaml"]}
    assert [one.side for one in compared(before, after).gaps] == ["both"]


def test_a_service_that_loses_all_its_settings_is_not_removed() -> None:
    before, after = side("user: '1'"), {"compose.yaml": f"{FINE}  bad:\n"}
    assert shown(compared(before, after))[:-1] == []
    [new] = compared(after, side("privileged: true")).services
    assert (new.kind, new.direction) == ("new", "worse")


def test_a_rejected_project_leaves_the_others() -> None:
    other = {"other/compose.yaml": "services: {x: {image: y}}\n"}
    worse = {"other/compose.yaml": "services: {x: {image: y, privileged: true}}\n"}
    for text in ("services: [\n", "services: 5\n", "include: [compose.yaml]\nservices: {}\n"):
        broken = {"compose.yaml": text}
        found = compared({**broken, **other}, {**broken, **worse}, every=True)
        assert [one.name for one in found.services] == ["x"]
        assert {one.side for one in found.gaps} == {"both"}
        assert [one.is_compared for one in found.projects] == [False, True]


def test_a_new_overlay_is_compared_next_to_a_rejected_service() -> None:
    main = FINE + KINDS["unknown key"].text
    overlay = "services: {web: {privileged: true}}\n"
    before = {"compose.yaml": main}
    found = compared(before, {**before, "compose.prod.yaml": overlay})
    assert [one.name for one in found.services if one.direction == "worse"] == ["web"]
