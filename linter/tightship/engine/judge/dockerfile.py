"""The verdict on a Dockerfile that no service builds."""

from __future__ import annotations

import os

from tightship.engine.judge.judge import judge_project, unreadable
from tightship.engine.load.dockerfiles import load_dockerfile
from tightship.findings import Gap
from tightship.syntax.dockerfile.instruction import FORMS
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.engine.disk.files import Files
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.verdict import Verdict
    from tightship.syntax.dockerfile.nodes import Dockerfile

_NAMES = frozenset(("dockerfile", "containerfile"))


def judge_dockerfile(
    disk: Files,
    candidate: Candidate,
    runner: RuleRunner,
    check_cancelled: Callable[[], None] | None = None,
) -> Verdict | None:
    """Return the verdict on a Dockerfile alone: its default target is what runs.

    Return None where a sweep met a file that only has the name of a Dockerfile.
    """
    runner.load_rules("dockerfile")
    source = disk.read_dockerfile(candidate.path)
    if not isinstance(source, Source):
        name = disk.name(candidate.path) or candidate.path
        gap = Gap(Span(Source(name, ""), 0, 0), source.message)
        return unreadable(disk.root, name, [gap], runner)
    loaded = load_dockerfile(disk, source)
    assert loaded.built is not None
    file, is_named = loaded.built.files[source.name], candidate.kind == "named"
    if not is_named and not _is_dockerfile(candidate.path, file):
        return None
    return judge_project(disk.root, loaded, runner, check_cancelled)


def _is_dockerfile(path: str, file: Dockerfile) -> bool:
    """Return whether a file is a Dockerfile by its whole name, or by its content."""
    if os.path.basename(path).lower() in _NAMES:
        return True
    return any(one.name in FORMS for one in file.instructions)
