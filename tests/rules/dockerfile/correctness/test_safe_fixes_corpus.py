"""Safe fixes change nothing in real Dockerfiles, and hostile ones cost little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.bounded import within

from tightship.engine.judge.subjects import build_subjects
from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.steps import PairsStep
from tightship.rules import every_rule
from tightship.syntax.dockerfile.read import read
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.findings import Finding

RULES = [
    rule
    for rule in every_rule()
    if rule.name
    in (
        "deprecated-maintainer",
        "legacy-key-value",
        "relative-workdir",
        "repeated-instruction",
        "shell-form-entrypoint",
        "undefined-variable",
    )
]


def findings(build: Build) -> Iterator[Finding]:
    for subject in build_subjects(build):
        for rule in RULES:
            if type(subject) in rule.on:
                yield from rule.check(subject)


def meaning(build: Build) -> list[object]:
    """Return what an image is made of: what counts of each stage, words expanded."""
    found: list[object] = []
    for stage in build.stages:
        for step in stage.steps:
            if isinstance(step, PairsStep):
                for pair in step.pairs:
                    value = pair.value and (pair.value.text, pair.value.decided)
                    found.append((step.name, pair.name.text, value))
            elif step.name not in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
                found.append((step.name, step.instruction.body.text))
        for last in (stage.command, stage.entrypoint, stage.healthcheck):
            found.append(last and (last.name, last.instruction.body.text))
    return found


def test_safe_fixes_leave_real_images_as_they_are(dockerfiles: list[Source]) -> None:
    count = 0
    for source in dockerfiles:
        before = Build(read(source))
        fixes = [finding.fix for finding in findings(before) if finding.fix]
        safe = [fix for fix in fixes if fix.keeps_behaviour]
        edits = [edit for fix in safe for edit in fix.edits]
        count += len(safe)
        after = Build(read(Source(source.name, apply_edits(source, edits))))
        assert meaning(after) == meaning(before)
        assert not any(finding.fix and finding.fix.keeps_behaviour for finding in findings(after))
    assert count > 300


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "text",
    [
        "WORKDIR b\n" * 4_000,
        "# x\nCMD a\n\n" * 4_000,
        "FROM a\nCMD [ -x\n" * 2_000,
        "MAINTAINER b\n" * 4_000,
        "ENV b c d\n" * 4_000,
        "ENV a " + "b c" * 40_000,
        "ENV A=" + "$b'" * 10_000,
        "COPY <<E x\n" + "$a '${b" * 20_000 + "\nE\n",
        "".join(f"ENV B{i}=$A{i}\n" for i in range(4_000)),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_hostile_file_costs_little(text: str) -> None:
    build = Build(read(Source("Dockerfile", "FROM a\n" + text)))
    with within(3):
        for _ in findings(build):
            pass
