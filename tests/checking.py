"""Runs of the engine, as tests need them: over paths, texts, or one candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.engine import check as engine
from tightship.engine.check import Filters
from tightship.engine.judge.judge import judge
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.job import USUAL, Job
from tightship.engine.plan.planning import plan_paths, plan_text
from tightship.engine.settings import CommandLine
from tightship.engine.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.rule_runner import RuleRunner
    from tightship.frontends.compose.loading.invocation import Options


def check(
    paths: Iterable[str],
    select: Sequence[str] = (),
    *,
    configured: bool = False,
    options: Options = USUAL,
    filters: Filters | None = None,
) -> Iterator[Verdict]:
    """Check paths with some rules, by the settings of files if ``configured``."""
    filters = filters or Filters()
    configs = Configs(CommandLine(select), isolated=not configured)
    return engine.check(plan_paths([*paths], configs, options, disk=filters.disk), filters)


def check_file(
    path: str, text: str | bytes, select: Sequence[str] = (), *, configured: bool = False
) -> Iterator[Verdict]:
    """Check a text in place of a file."""
    configs = Configs(CommandLine(select), isolated=not configured)
    return engine.check(plan_text(path, text, configs))


def judged(files: Files, candidate: Candidate, runner: RuleRunner) -> list[Verdict]:
    """Return the verdicts on a candidate by itself."""
    settings = runner.rule_settings.settings if runner.rule_settings is not None else None
    job = Job(files, candidate, runner, settings=settings)
    return [one for one in judge(job) if isinstance(one, Verdict)]
