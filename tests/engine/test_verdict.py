"""A verdict is a value: no step changes the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import judged

from tightship.engine.accept.baseline import Baseline, BaselineCount
from tightship.engine.disk.files import Files
from tightship.engine.filters import ReportedOnce
from tightship.engine.plan.candidates import named
from tightship.engine.plan.job import Job
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.report.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.verdict import JudgedFinding, Verdict

COMPOSE = """\
x-shared: &shared
  privileged: true
  environment:
    DB_PASSWORD: "vK8dPq2LmZx4"
services:
  web:
    <<: *shared
    build:
      context: .
      dockerfile_inline: |
        FROM alpine:${TAG:-latest}
        RUN curl -k https://example.org | sh
  worker: # tightship: ignore[unlimited-resources] until April
    <<: *shared
    image: example/worker:${TAG}
"""
FILES = {"/nowhere/compose.yaml": COMPOSE, "/nowhere/.env": "TAG=edge\n"}


def told(findings: Iterable[JudgedFinding]) -> list[object]:
    """Return all that a report could show of findings."""
    return [
        (
            one.rule.name,
            one.severity,
            one.finding.message,
            str(one.span),
            one.span.text,
            [(related.message, related.span.text) for related in one.finding.because],
            one.finding.fix and [edit.text for edit in one.finding.fix.edits],
            one.accepted and (one.accepted.by, one.accepted.reason),
            one.services,
            one.fingerprint,
            told(one.absorbed),
        )
        for one in findings
    ]


RUNNER = RuleRunner(Selection(["strict"]))
FOUND = Files("/nowhere", dict(FILES))


def everything(verdict: Verdict) -> list[object]:
    lists = verdict.findings, verdict.accepted, verdict.known
    return [*map(told, lists), verdict.gaps, verdict.fail_on]


@pytest.fixture
def verdict() -> Verdict:
    [verdict] = judged(FOUND, named("/nowhere/compose.yaml"), RUNNER)
    return verdict


def test_steps_return_new_verdicts(verdict: Verdict) -> None:
    assert len(verdict.findings) > 10
    assert verdict.accepted
    before = everything(verdict)
    group_hash = [(one.group_hash, 1) for one in verdict.findings]
    steps = (
        BaselineCount(Baseline(group_hash)).without_known(verdict),
        redacted(verdict),
        verdict.about(verdict.sources[0]),
        verdict.without(lambda one: one.severity.word == "info"),
        verdict.replaced(fail_on="never"),
    )
    once, job = ReportedOnce(), Job(FOUND, named("/nowhere/compose.yaml"), RUNNER, file_sets=())
    assert once.without_repeated(verdict, job).findings == verdict.findings
    assert once.without_repeated(verdict, job).findings == []
    assert all(everything(step) != before for step in steps[:2])
    assert everything(verdict) == before


def test_a_baseline_can_be_used_twice(verdict: Verdict) -> None:
    baseline = Baseline([(one.group_hash, 1) for one in verdict.findings])
    first, second = (BaselineCount(baseline).without_known(verdict).findings for _ in range(2))
    assert first == second == []


def test_a_baseline_counts_within_one_run(verdict: Verdict) -> None:
    count = BaselineCount(Baseline([(verdict.findings[0].group_hash, 1)]))
    first, second = (count.without_known(verdict) for _ in range(2))
    assert len(first.known) == 1
    assert first.known[0].accepted is not None
    assert first.known[0].accepted.by == "baseline"
    assert not second.known


def test_the_verdict_carries_the_project_that_was_judged(verdict: Verdict) -> None:
    loaded = verdict.project
    assert loaded is not None
    assert [one.name for one in loaded.containers] == ["web", "worker"]
    web, worker = loaded.containers
    assert web.siblings["worker"] is worker
    assert loaded.built is not None
    assert web.stage is loaded.built.images[0].stage
    assert loaded.built.images[0].containers == (web,)
    assert worker.stage is None
