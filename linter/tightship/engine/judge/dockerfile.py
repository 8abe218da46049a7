"""The verdict on a Dockerfile that no service builds."""

from __future__ import annotations

import os

from tightship.engine.judge.judge import judge_project, refused
from tightship.engine.load.dockerfiles import load_dockerfile
from tightship.engine.plan.skipped import SkippedFile
from tightship.syntax.dockerfile.instruction import FORMS
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.engine.disk.files import Files
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.verdict import Verdict
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.syntax.dockerfile.nodes import Dockerfile

_NAMES = frozenset(("dockerfile", "containerfile"))


def judge_dockerfile(
    disk: Files,
    candidate: Candidate,
    runner: RuleRunner,
    check_cancelled: Callable[[], None] | None = None,
    loaded: LoadedProject | None = None,
) -> Verdict | SkippedFile:
    """Return the verdict on a Dockerfile alone, with its default target.

    A file that was not named and only has the name of a Dockerfile is skipped. One that
    is ``loaded`` is not read again.
    """
    if loaded is not None:
        return judge_project(disk.root, loaded, runner, check_cancelled)
    source = disk.read_dockerfile(candidate.path)
    if not isinstance(source, Source):
        return refused(disk.root, source, runner)
    loaded = load_dockerfile(disk, source)
    assert loaded.built is not None
    file, is_named = loaded.built.files[source.name], candidate.kind == "named"
    if not is_named and not _is_dockerfile(candidate.path, file):
        message = "it has no instruction of Dockerfiles"
        return SkippedFile(candidate.path, "no-instruction", message)
    return judge_project(disk.root, loaded, runner, check_cancelled)


def _is_dockerfile(path: str, file: Dockerfile) -> bool:
    """Return whether a file is a Dockerfile by its whole name, or by its content."""
    if os.path.basename(path).lower() in _NAMES:
        return True
    return any(one.name in FORMS for one in file.instructions)
