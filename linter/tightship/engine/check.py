"""From paths to verdicts: a run over files and folders."""

from __future__ import annotations

import os

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import KnownDisk, Roots, canonical, project_root, real_path
from tightship.engine.plan.candidates import Candidate, find, language_of, main_file
from tightship.engine.plan.plan import FEWEST_AHEAD
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.run import Run, verdicts_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.fix.run import Rewriting
    from tightship.engine.plan.changes import Changes
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.skipped import SkippedFile
    from tightship.engine.settings.selection import Selection
    from tightship.engine.verdict import Verdict
    from tightship.engine.worker_pool import Judge
    from tightship.frontends.compose.loading.options import Options


def check(
    paths: Iterable[str],
    selection: Selection,
    *,
    stdin: tuple[str, str | bytes] | None = None,
    options: Options | None = None,
    environment: Mapping[str, str] | None = None,
    fixing: Rewriting | None = None,
    baseline: Baseline | None = None,
    changes: Changes | None = None,
    configs: Configs | None = None,
    fail_on: str = "",
    skipped: Callable[[SkippedFile], None] | None = None,
    planned: Callable[[int], None] | None = None,
    jobs: int = 1,
    begin: Callable[[], Judge] | None = None,
    redact: Callable[[Verdict], Verdict] | None = None,
) -> Iterator[Verdict]:
    """Judge files and folders, one verdict for each project.

    Dockerfiles come last, unless a service builds them: then they are part of the
    verdict on its project.

    Args:
        paths: files, and folders to search.
        selection: selects the rules.
        stdin: a name and a text, judged in place of the file of that name.
        options: the options of the invocation of Compose. If they name files, these
            are the one project that is judged, and the paths are ignored.
        environment: the process environment, if variables may come from it.
        fixing: rewrites each project before the verdict on it.
        baseline: known findings, which do not count.
        changes: changed paths; projects that they do not touch are left out, and so are
            findings that were there before, if the changes lead to the files as they were.
        configs: the settings from configuration files; without it, none are read.
        fail_on: the severity that makes a run fail, in place of the configured one.
        skipped: is called with each file that was seen and is not checked.
        planned: is called with the number of files, if settings are checked first.
        jobs: the number of processes that judge, where there are many projects; their
            verdicts know the files of a project, and not its model.
        begin: returns a judge with the same settings, in another process.
        redact: returns a verdict without secrets, for reports.

    Raises:
        UnknownWordError: if the selection names no rule, theme, set or id.
        MissingExtraError: if it names a set whose extra is not installed.
        ConfigError: if a configuration is invalid; then nothing is judged.

    """
    here = real_path(os.curdir)

    def skip(file: SkippedFile) -> None:
        if skipped is not None:
            skipped(file.below(project_root(file.path, here=here)))

    run = Run(
        configs.plain_runner(selection) if configs else RuleRunner(selection),
        options,
        environment,
        fixing,
        baseline,
        changes,
        configs,
        fail_on,
        skip,
        redact,
    )
    overlay = fixing.overlay if fixing is not None else None
    # A run that writes files, or asks for those of an earlier commit, asks again.
    disk = KnownDisk() if fixing is None and changes is None else None

    def files_below(root: str) -> Files:
        if changes is None:
            return Files(root, overlay, disk)
        from tightship.engine.disk.recorded import RecordedFiles

        return RecordedFiles(root, overlay)

    if stdin is not None:
        path = canonical(stdin[0])
        overlay = {path: stdin[1]}
        files = files_below(project_root(path, here=here))
        yield from verdicts_on(run, files, named(path))
        return
    if options is not None and options.files:
        first = canonical(options.files[0])
        files = files_below(project_root(first, paths=options.files, here=here))
        candidate = Candidate(first, "named", first, "compose")
        yield from verdicts_on(run, files, candidate)
        return
    paths = list(paths)
    roots = Roots(paths, here, disk)
    candidates: Iterable[Candidate | Refusal] = find(paths, skipped=skip, disk=disk)
    if configs is not None:
        candidates = found = configs.checked(
            find(paths, excluded=configs.excludes(roots), skipped=skip, disk=disk), roots
        )
        if planned is not None:
            planned(len(found))
        composed = (isinstance(one, Candidate) and one.language == "compose" for one in found)
        jobs = jobs if sum(composed) >= FEWEST_AHEAD else 1
    asks = run.runner.asks_shellcheck or (configs and configs.mention_shellcheck())
    if asks:
        from tightship.engine.prefetch import prefetch

        candidates = list(candidates)
        prefetch(run, candidates, paths, roots)
    elif jobs > 1 and begin is not None and fixing is None and changes is None:
        from tightship.engine.worker_pool import WorkerPool

        run.ahead = WorkerPool(jobs, begin, roots)
        candidates = run.ahead.through(candidates)
    try:
        for one in run.in_order(candidates, paths):
            if isinstance(one, Refusal):
                from tightship.engine.judge.judge import refused

                yield refused(os.getcwd(), one, run.runner)
            else:
                yield from verdicts_on(run, files_below(roots.of(one.path)), one)
    finally:
        if asks:
            from tightship.engine.shellcheck.answers import shellcheck

            shellcheck().end()


def named(path: str) -> Candidate:
    """Return the candidate for a named file, which may not exist yet."""
    folder, name = os.path.split(path)
    return Candidate(path, "named", main_file(folder), language_of(name))
