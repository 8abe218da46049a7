"""The plan of a run: how each candidate is judged, in which order, and what is new.

The command line, the API and the language server plan with this module alone. They
differ in where candidates come from, and in when each is judged.
"""

from __future__ import annotations

import os

from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import holds, real_path
from tightship.engine.plan.candidates import Candidate, main_file
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.accept.baseline import Baseline, BaselineCount
    from tightship.engine.disk.files import Files
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.frontends.compose.loading.options import Options

FEWEST_AHEAD = 200
"""The number of Compose files from which on processes pay for their start."""


class JudgingPlan(Record):
    """How a candidate is judged.

    ``runner`` runs the rules that are selected for its folder, and ``baseline`` holds
    the known findings there. Findings of severity ``fail_on`` and above make a run fail.
    ``file_sets`` are those that the configuration defines for it, or None if it belongs
    to the project that Compose loads by itself.
    """

    runner: RuleRunner
    file_sets: Sequence[FileSet] | None = None
    baseline: Baseline | None = None
    fail_on: str = "warning"

    def projects(
        self, candidate: Candidate, options: Options | None = None
    ) -> list[tuple[Candidate, Options | None]]:
        """Return the projects to judge, each with the options of its invocation."""
        if self.file_sets is None:
            return [(candidate, options)]
        return [(one.candidate(candidate), one.options) for one in self.file_sets]

    def without(self, done: Collection[tuple[str, ...]]) -> JudgingPlan:
        """Return the plan without the file sets of some paths."""
        if self.file_sets is None:
            return self
        left = [one for one in self.file_sets if one.paths not in done]
        return JudgingPlan(self.runner, left, self.baseline, self.fail_on)

    def without_known(
        self, verdicts: list[Verdict], counts: dict[int, BaselineCount]
    ) -> list[Verdict]:
        """Return verdicts whose known findings do not count.

        ``counts`` holds what is left of each baseline, by its identity.
        """
        if self.baseline is None:
            return verdicts
        key = id(self.baseline)
        if key not in counts:
            from tightship.engine.accept.baseline import BaselineCount

            counts[key] = BaselineCount(self.baseline)
        return [counts[key].without_known(one) for one in verdicts]


def plan_for(
    candidate: Candidate,
    configs: Configs,
    files: Files,
    options: Options | None = None,
    *,
    baseline: Baseline | None = None,
) -> JudgingPlan:
    """Return the plan for a candidate.

    Args:
        candidate: a file, and its relation to its folder.
        configs: the settings of the run.
        files: gives configuration files.
        options: the options of the invocation of Compose.
        baseline: replaces those that configuration files name.

    Raises:
        ConfigError: if a configuration file is invalid.

    """
    folder = os.path.dirname(candidate.path)
    runner = configs.runner(folder, files)
    baseline = baseline or configs.baseline(folder, files)
    settings = configs.of(folder, files)
    file_sets = planned_file_sets(candidate, settings, options)
    fail_on = settings.fail_on if settings is not None else "warning"
    return JudgingPlan(runner, file_sets, baseline, fail_on)


def planned_file_sets(
    candidate: Candidate, settings: Settings | None, options: Options | None = None
) -> list[FileSet] | None:
    """Return the file sets that a candidate is judged with, or None.

    A Dockerfile has none, and neither has a project that the command line names.
    """
    is_named = options is not None and options.files
    if settings is None or not settings.projects or is_named:
        return None
    if candidate.language == "dockerfile":
        return None
    from tightship.engine.plan.file_sets import file_sets_for

    return file_sets_for(candidate, settings, options)


def in_order(
    candidates: Iterable[Candidate | Refusal],
    file_sets: Callable[[], Iterable[FileSet]],
    judged: Callable[[str], bool],
) -> Iterator[Candidate | Refusal]:
    """Yield candidates in the order in which they are judged, each with its project.

    Compose files come as they are found, then the file sets without a candidate, then
    Dockerfiles, since a Dockerfile that a service builds is judged with that service.

    Args:
        candidates: the candidates of discovery.
        file_sets: returns the file sets that no candidate stands for.
        judged: returns whether a path is part of a project that was judged before.

    """
    dockerfiles = list[Candidate]()
    for one in candidates:
        if isinstance(one, Refusal):
            yield one
        elif one.language == "dockerfile":
            dockerfiles.append(one)
        elif not judged(one.path):
            # A run over ten thousand files must not hold them all.
            yield one
    for file_set in file_sets():
        yield Candidate(file_set.paths[0], "side", None, "compose")
    for one in dockerfiles:
        if not judged(one.path):
            yield one


def file_sets_below(folders: Iterable[str], file_sets: Iterable[FileSet]) -> Iterator[FileSet]:
    """Yield the file sets whose main file is in or below one of some folders."""
    folders = [real_path(folder) for folder in folders]
    for one in file_sets:
        if any(holds(folder, one.paths[0]) for folder in folders):
            yield one


def main_files_above(
    path: str,
    root: str,
    exists: Callable[[str], bool] = os.path.lexists,
    read: Callable[[str], bytes | Refusal] | None = None,
    *,
    top: str = "",
) -> Iterator[Candidate]:
    """Yield the main Compose file of a path's folder, and of the folders up to a root.

    A project in a folder above may build a Dockerfile, or include a Compose file.

    Args:
        path: the absolute path of a file.
        root: the highest folder.
        exists: tells whether there is a file at an absolute path.
        read: gives the bytes of `.env`; without it, the disk does.
        top: the folder of the repository; without it, the disk is asked.

    """
    folder = os.path.dirname(path)
    while True:
        main = main_file(folder, exists, read, top=top)
        if main is not None:
            yield Candidate(main, "main", main, "compose", folder)
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return
        folder = above


class Reported:
    """The findings that a run has reported, so that it reports each of them once.

    Several projects may build the same Dockerfile, or share a Compose file. If their
    settings differ, each of them has its own findings: one may have a baseline.
    """

    def __init__(self) -> None:
        # Of each file, hashes of findings: there may be millions of them, in many files.
        self._known: dict[str, set[int]] = {}

    def only_new(self, verdict: Verdict, *, everywhere: bool, settings: Hashable = None) -> Verdict:
        """Return a verdict without the findings that were reported before.

        Unless ``everywhere``, only findings in Dockerfiles are compared. ``settings``
        are those that decide whether a finding counts.
        """
        if not verdict.builders and not everywhere:
            return verdict

        files: dict[str, set[int]] = {}

        def is_repeated(one: JudgedFinding) -> bool:
            name = one.span.source.name
            if not everywhere and name not in verdict.builders:
                return False
            if name not in files:
                path = os.path.join(verdict.root, name)
                files[name] = self._known.setdefault(path, set())
            key = hash((one.identity, settings))
            is_known = key in files[name]
            files[name].add(key)
            return is_known

        earlier = [one for one in verdict.earlier if not is_repeated(one)]
        if len(earlier) < len(verdict.earlier):
            verdict = verdict.replaced(earlier=earlier)
        return verdict.without(is_repeated)
