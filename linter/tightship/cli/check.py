"""``tightship check``: judge files and report what is found."""

from __future__ import annotations

import os
import sys

from tightship.cli.check_options import (
    BaselineOptions,
    ChangeOptions,
    FixOptions,
    OutputOptions,
    SuppressionOptions,
    number_of_jobs,
    refuse_contradictions,
)
from tightship.cli.console import Output, UsageError
from tightship.cli.options import (
    ComposeOptions,
    ConfigurationOptions,
    SelectionOptions,
    print_problems,
)
from tightship.cli.reports import Progress, Reports, write_baseline
from tightship.config.key import ConfigError
from tightship.engine.check import Filters, check
from tightship.engine.disk.regular import MAX_BYTES
from tightship.engine.disk.root import project_root
from tightship.engine.plan.plan import plan_paths, plan_text
from tightship.engine.settings import CommandLine
from tightship.engine.settings.selection import MissingExtraError, UnknownWordError
from tightship.lazy import partial
from tightship.report.formats import FORMATS
from tightship.report.redaction import redacted
from tightship.report.report import Summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.cli.arguments import Given, Parser
    from tightship.cli.git_changes import GitChanges, HiddenFindings
    from tightship.engine.change.changes import Changes
    from tightship.engine.disk.git_tree import UndoneChange
    from tightship.engine.fix.run import Rewriting
    from tightship.engine.plan.plan import Plan
    from tightship.engine.plan.skipped import SkippedFile
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.engine.worker_pool import Judging, Workers

_ABOUT = """\
Checks the isolation of containers in Compose files and Dockerfiles.

A folder means the Compose projects and Dockerfiles in it and below it, a file means the
projects that it belongs to, and - means a file on standard input. A Dockerfile that a
service builds is checked together with that service.
"""

_EPILOG = """\
words of --select, --extend-select, --ignore and --severity, separated by commas:
  a rule            writable-root-filesystem
  a theme           filesystem, capabilities, namespaces, resources, ...
  a set             default, hygiene, shellcheck, or strict for all but shellcheck
  an id of another linter
                    CL-0007, hadolint:DL3002, SC2086, AVD-DS-0002, CKV_DOCKER_3
--ignore wins over --select.

examples:
  tightship check
  tightship check compose.yaml compose.prod.yaml
  tightship check web/Dockerfile
  tightship check -f compose.yaml -f compose.prod.yaml
  tightship check --select strict --fail-on info
  tightship check --extend-select no-healthcheck --severity root-user=error
  tightship check --exclude vendor/ --exclude '*.example.yaml'
  tightship check --statistics --select strict
  tightship check --show-files --output-format json
  tightship check --add-ignores --reason 'accepted until the move in May'
  tightship check --no-ignores --fail-on never
  tightship check --ignore supply_chain --output-format json > report.json
  tightship check --output-format text --output-format sarif=results.sarif
  tightship check --diff --unsafe-fixes
  tightship check --target B
  tightship check --changed-since origin/main
  tightship check --watch web
  tightship check --write-baseline
  tightship check --baseline known.json
  tightship check --fix --fix-only obsolete-version,duplicate-key
  tightship check - --stdin-filename app/compose.yaml < compose.yaml

exit codes:
  0  no findings at or above the severity of --fail-on; after --fix, none left
  1  findings; with --diff, fixes would change something
  2  invalid arguments, nothing to check, or a part could not be checked, such as a
     file that is missing or not YAML
  3  Tightship failed: a bug, or its output could not be written
"""


class Options:
    """The command line of ``check``; without options, the defaults."""

    def __init__(self, arguments: list[str]) -> None:
        """Read a command line; argparse ends the run if it is invalid."""
        self.arguments = arguments
        given: Given = {"paths": arguments}
        if any(word.startswith("-") for word in arguments):
            given = parser().read(arguments, "paths")
        self.paths: list[str] = given["paths"]
        self.stdin_filename: str = given.get("stdin_filename", "compose.yaml")
        self.changes = ChangeOptions(given)
        self.watch: bool = given.get("watch", False)
        self.jobs: int = given.get("jobs", 0)  # 0 is one for each processor
        self.selection = SelectionOptions(given)
        self.output = OutputOptions(given)
        self.fixes = FixOptions(given)
        self.baseline = BaselineOptions(given)
        self.suppressions = SuppressionOptions(given)
        self.configuration = ConfigurationOptions(given)
        self.compose = ComposeOptions(given)


def run(arguments: list[str]) -> int:
    """Check what the arguments name; return the exit code."""
    options = Options(arguments)
    if options.watch:
        if options.paths == ["-"]:
            raise UsageError("standard input cannot be watched")
        if options.fixes.fix or options.suppressions.add or options.baseline.write:
            raise UsageError("--watch only reports: leave it out to write files")
        from tightship.cli.watch import watch

        watch(
            [*options.compose.loading.files] or options.paths or ["."],
            lambda seen: _run(options, seen),
        )
    return _run(options)


def _run(options: Options, seen: Callable[[Verdict], None] | None = None) -> int:
    """Run one check, and call ``seen`` with each verdict; return the exit code."""
    output = Output()
    reports = Reports(options.output, output, is_diff=options.fixes.diff)
    summary = Summary(changed_since=options.changes.since)
    progress = Progress(sys.stderr)
    findings: list[JudgedFinding] = []
    try:
        asked = Run(options)
        reports.begin()
        for verdict in asked.verdicts(summary.skip, progress.expect):
            summary.add(verdict)
            if seen is not None:
                seen(verdict)
            if options.baseline.write:
                findings += verdict.findings
            text = reports.verdict(verdict)
            if text:
                progress.erase()
                output.write(text)
            progress.show(summary)
        asked.conclude(summary)
        closing = reports.closing(summary)
        baseline = options.baseline.target(asked.configs)
    except UnknownWordError as error:
        raise UsageError(f"{error} (`tightship rule` lists them)") from None
    except MissingExtraError as error:
        raise UsageError(str(error)) from None
    except ConfigError as error:
        return print_problems(error)
    finally:
        progress.erase()
        output.write(reports.discard())
    _close(asked, summary, output, closing, is_text=reports.show_text)
    if options.baseline.write and (summary.files or summary.gaps):
        gaps = [gap for _, gap in summary.gaps]
        named = bool(options.baseline.file)
        sys.stderr.write(write_baseline(baseline, findings, gaps, is_named=named))
        return 0
    return _exit_code(asked, summary)


def _close(asked: Run, summary: Summary, output: Output, closing: str, *, is_text: bool) -> None:
    """Write what comes after the last verdict."""
    options, rewriting = asked.options, asked.rewriting
    proposed = rewriting if options.fixes.diff else None
    if proposed is not None:
        from tightship.cli.reports import write_patch

        write_patch(proposed, options.output, output)
    else:
        output.write(closing)
        if rewriting is not None and (not options.output.quiet or rewriting.refused):
            from tightship.report.rewriting import rewriting_summary

            stream = output if is_text else sys.stderr
            stream.write(rewriting_summary(rewriting, written=True))
    output.close()
    if summary.failure is not None:
        raise summary.failure


def _exit_code(asked: Run, summary: Summary) -> int:
    options, rewriting = asked.options, asked.rewriting
    if not summary.files and not summary.gaps:
        from tightship.cli.reports import explain_nothing

        is_fine = explain_nothing(summary, options.paths, options.output)
        return 0 if is_fine or options.configuration.force_exclude else 2
    if rewriting is not None and options.fixes.diff:
        from tightship.cli.reports import explain_patch

        return explain_patch(rewriting, summary, options.output)
    if summary.gaps or (rewriting is not None and rewriting.refused):
        return 2
    return int(summary.fails)


class Run:
    """What a command line asks for: what is judged, and how."""

    def __init__(self, options: Options) -> None:
        self.options = options
        refuse_contradictions(
            *(options.paths, options.output, options.fixes),
            *(options.baseline, options.suppressions, options.changes),
        )
        self.rewriting: Rewriting | None
        if options.suppressions.add:
            self.rewriting = options.suppressions.adding(write=not options.fixes.diff)
        else:
            self.rewriting = options.fixes.fixing(is_stdin=options.paths == ["-"])
        self.paths, self.stdin = _inputs(options)
        self._git: GitChanges | None = None
        if options.changes.reference:
            from tightship.cli.git_changes import GitChanges

            named = options.compose.loading.files or self.paths
            self._git = GitChanges(options.changes.reference, named, options.changes.option)
        self.hidden: HiddenFindings | None = None
        self.configs = options.configuration.configs(
            _command_line(options),
            overlay=self.rewriting.overlay if self.rewriting is not None else None,
            baseline=options.baseline.load(),
            baselines=not options.baseline.write,
        )

    def verdicts(
        self, skipped: Callable[[SkippedFile], None], planned: Callable[[int], None]
    ) -> Iterator[Verdict]:
        """Yield the verdicts; call ``planned`` with the number of files, ``skipped`` with others."""
        options, git = self.options, self._git
        changes = git.changes if git is not None else None
        filters = Filters(self.rewriting, changes, None if options.fixes.diff else redacted)
        try:
            undone = changes.undone if changes is not None else None
            is_draft = options.suppressions.add or options.fixes.diff
            if changes is not None and undone is not None and not is_draft:
                self.hidden = self._hidden(changes, undone)
            plan = self._plan(filters, skipped)
            planned(len(plan.inputs.found))
            verdicts = check(plan, filters, partial(_workers, options))
            if self.hidden is None:
                yield from verdicts
                return
            again = Filters(changes=changes, redact=filters.redact)
            yield from self.hidden.after(
                verdicts,
                lambda paths, configs: check(
                    plan_paths(paths, configs, options.compose.loading, disk=again.disk), again
                ),
                plan.roles,
            )
        finally:
            if git is not None:
                git.close()

    def _plan(self, filters: Filters, skipped: Callable[[SkippedFile], None]) -> Plan:
        """Return the jobs of the run."""
        invocation = self.options.compose.loading
        if self.stdin is not None:
            return plan_text(*self.stdin, self.configs, invocation)
        return plan_paths(self.paths, self.configs, invocation, disk=filters.disk, skip=skipped)

    def _hidden(self, changes: Changes, undone: UndoneChange) -> HiddenFindings | None:
        """Return what checks the change by the settings before it, unless it is trusted."""
        options = self.options
        if options.changes.trust:
            return None
        from tightship.cli.git_changes import HiddenFindings

        return HiddenFindings(
            *(changes, undone, self.configs),
            options.compose.loading.files or self.paths,
            *(options.configuration, _command_line(options), options.baseline),
            is_whole=not options.changes.since,
        )

    def conclude(self, summary: Summary) -> None:
        """Tell a summary what the configuration did, after the last verdict."""
        if self.hidden is not None:
            summary.added_settings = self.hidden.added
        if self.configs.met():
            from tightship.engine.plan.effect import effects

            summary.effects = effects(self.configs, _words(self.options).select)
        if self.options.output.view != "show-files":
            return
        # What is excluded: folders, and files with a known name.
        from tightship.engine.plan.candidates import language_of
        from tightship.engine.plan.skipped import excluded_file

        for path, is_folder in self.configs.excluded.items():
            if is_folder or language_of(os.path.basename(path)):
                root = project_root(path)
                summary.skip(excluded_file(path).below(root))


def _workers(options: Options) -> Workers | None:
    """Return the processes that judge next to this one."""
    number = _jobs(options)
    if number == 1:
        return None
    from tightship.engine.worker_pool import Workers

    return Workers(number, partial(begin, options.arguments))


def begin(arguments: list[str]) -> Judging:
    """Return how a command line judges, in another process."""
    from tightship.engine.worker_pool import Judging

    options = Options(arguments)
    configs = options.configuration.configs(_command_line(options), baselines=False)
    return Judging(configs, options.compose.loading, redacted)


def _words(options: Options) -> SelectionOptions:
    """Return what selects rules: what is given, but nothing where files are shown."""
    if options.output.view == "show-files":
        return options.selection.only("not-checked")
    return options.selection


def _command_line(options: Options) -> CommandLine:
    """Return the settings that the options give."""
    words = _words(options)
    return CommandLine(
        select=words.select,
        ignore=words.ignore,
        extend_select=words.extend,
        severity=words.severity,
        fail_on=words.fail_on,
        accept=not options.suppressions.disregard,
    )


def _jobs(options: Options) -> int:
    """Return the number of processes; profiles in reports need models, which stay here."""
    names = [name for name, _ in options.output.formats]
    if not options.output.view and any(FORMATS[name].with_profiles for name in names):
        return 1
    if options.jobs:
        return options.jobs
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _inputs(options: Options) -> tuple[list[str], tuple[str, bytes] | None]:
    """Return the paths to check, or the name and text of standard input."""
    if options.compose.loading.files and options.paths:
        raise UsageError("-f does not work together with a PATH: leave one out")
    if "-" not in options.paths:
        return options.paths or ["."], None
    if len(options.paths) > 1:
        raise UsageError("`-` must be the only path")
    if sys.stdin is None:
        raise UsageError("`-` was given, but there is no standard input")
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageError(f"standard input is larger than {MAX_BYTES:,} bytes")
    return [], (options.stdin_filename, data)


def parser() -> Parser:
    """Return the parser of the command line."""
    from tightship.cli.arguments import Parser

    made = Parser("check", "[PATH ...] [options]", _ABOUT, _EPILOG)
    add = made.add_argument
    add("paths", nargs="*", metavar="PATH", help="folders, files, or - (default: .)")
    SelectionOptions.add_to(made)
    add(
        "--stdin-filename",
        metavar="NAME",
        help="the file name of standard input (default: compose.yaml)",
    )
    add(
        "--target",
        choices=("A", "B", "C", "D", "E"),
        metavar="GRADE",
        help="report each service with an isolation grade (A to F) below this one",
    )
    made.add_color()
    ChangeOptions.add_to(made)
    add(
        "--jobs",
        type=number_of_jobs,
        metavar="N",
        help="check in this many processes, if there are 200 Compose files or more"
        " (default: one per processor); json and html use one",
    )
    add("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    OutputOptions.add_to(made)
    FixOptions.add_to(made)
    BaselineOptions.add_to(made)
    SuppressionOptions.add_to(made)
    ConfigurationOptions.add_to(made, facts=True)
    ComposeOptions.add_to(made, profiles=False)
    return made
