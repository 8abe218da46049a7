"""Announces the scripts of a whole run, so that few processes of ShellCheck read them."""

from __future__ import annotations

from tightship.config.key import ConfigError
from tightship.engine.disk.regular import Refusal
from tightship.engine.judge.judge import Remembering, judge
from tightship.engine.settings.selection import MissingExtraError, UnknownWordError
from tightship.engine.shellcheck.answers import shellcheck
from tightship.engine.verdict import Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.plan.plan import Plan


def prefetch(plan: Plan, *, keep: bool) -> None:
    """Announce the scripts of all jobs; ``keep`` what is loaded for Dockerfiles alone."""
    if len(plan.inputs.found) < 2:
        return  # its scripts are asked about together anyway
    ahead, above = plan.again(), Remembering()
    for job in ahead.jobs():
        if isinstance(job, Refusal):
            continue
        try:
            found = judge(job.replaced(runner=job.runner.expecting), above)
        except (ConfigError, UnknownWordError, MissingExtraError):
            raise
        except Exception:  # the run meets it, too, and reports it
            continue
        verdicts = [one for one in found if isinstance(one, Verdict)]
        ahead.add(job, verdicts)
        if keep:
            plan.keep_loaded(job, verdicts)
    shellcheck().begin()
