"""The project that Compose would load in the current folder, or from the files of `-f`."""

from __future__ import annotations

import os

from tightship.cli.console import UsageError, print_error
from tightship.engine.disk.files import Files
from tightship.engine.disk.root import canonical, project_root, real_path
from tightship.engine.judge.judge import judge
from tightship.engine.plan.candidates import Candidate, main_file
from tightship.engine.plan.job import Job, job_for
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.engine.verdict import Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tightship.cli.options import ComposeOptions, ConfigurationOptions
    from tightship.isolation.loaded_project import LoadedProject


class InvokedProject:
    """A project that commands about one project ask; ``files`` are those on the disk."""

    def __init__(self, options: ComposeOptions) -> None:
        """Find the project.

        Raises:
            UsageError: if there is none.

        """
        here = real_path(os.curdir)
        given = options.loading.files
        first = canonical(given[0]) if given else _main_file_above(here)
        if first is None:
            raise UsageError("no Compose file in this folder or above; name one with `-f`")
        self.files = Files(project_root(first, others=given, here=here))
        self._options = options
        self._candidate = Candidate(first, "named" if given else "main", first, "compose")

    def rule_runner(self, configuration: ConfigurationOptions) -> RuleRunner:
        """Return the rules that the configuration selects for the project.

        Raises:
            ConfigError: if a configuration file is invalid.

        """
        configs = configuration.configs()
        configs.plain = RuleRunner(Selection())
        return job_for(self._candidate, self.files, configs, self._options.loading).runner

    def judged(self, runner: RuleRunner, files: Files | None = None) -> list[Verdict]:
        """Return the verdict on the project; none if it is no project."""
        job = Job(files or self.files, self._candidate, runner, self._options.loading)
        return [one for one in judge(job) if isinstance(one, Verdict)]


def loaded_project(verdicts: Sequence[Verdict]) -> LoadedProject:
    """Return the project of the verdict on it, and print what could not be checked.

    Raises:
        UsageError: if there is no project, or it has no services.

    """
    if verdicts and verdicts[0].gaps:
        from tightship.report.report import Summary
        from tightship.report.wording import gap_lines

        summary = Summary()
        summary.add(verdicts[0])
        for line in gap_lines(summary.gaps, real_path(os.curdir), is_whole=True):
            print_error(line)
    loaded = verdicts[0].project if verdicts else None
    if loaded is None or not loaded.containers:
        raise UsageError("the project has no services here; `tightship check` shows why")
    return loaded


def check_services(names: Iterable[str], known: list[str]) -> None:
    """Check that a project has services of these names.

    Raises:
        UsageError: if it lacks one.

    """
    from tightship.report.terminal import brief
    from tightship.report.wording import listed
    from tightship.values.matching import closest

    for name in names:
        if name not in known:
            guess = closest(name, known)
            hint = f"did you mean `{guess}`?" if guess else f"choose from {listed(known)}"
            raise UsageError(f"unknown service `{brief(name)}`; {hint}")


def _main_file_above(folder: str) -> str | None:
    while (found := main_file(folder)) is None:
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return found
