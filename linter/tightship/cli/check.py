"""``tightship check``: judge files and report what is found."""

from __future__ import annotations

import os
import sys
from functools import partial

from tightship.cli.console import Output, UsageError, print_error
from tightship.cli.options.baseline import BaselineOptions, write_baseline
from tightship.cli.options.compose import ComposeOptions
from tightship.cli.options.configuration import ConfigurationOptions, print_problems
from tightship.cli.options.fixes import FixOptions
from tightship.cli.options.output import OutputOptions
from tightship.cli.options.selection import SelectionOptions
from tightship.cli.progress import Progress
from tightship.cli.reports import Reports
from tightship.config.problem import ConfigError
from tightship.engine.check import Run, check
from tightship.engine.disk.regular import MAX_BYTES
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import (
    MissingExtraError,
    Selection,
    UnknownWordError,
)
from tightship.report.formats import PROFILED
from tightship.report.summary import Summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.cli.arguments import Given, Parser
    from tightship.cli.git_changes import GitChanges
    from tightship.engine.ahead import Judge
    from tightship.engine.fix.run import Fixing
    from tightship.engine.plan.skipped import SkippedFile
    from tightship.engine.verdict import Judged, Verdict

_ABOUT = """\
Checks the isolation of containers in Compose files and Dockerfiles.

A folder means the Compose projects and Dockerfiles in it and below it, a file means the
projects that it belongs to, and - means a file on standard input. A Dockerfile that a
service builds is checked together with that service.
"""

_MOST_JOBS = 256

_EPILOG = """\
words of --select and --ignore, separated by commas:
  a rule            writable-root-filesystem
  a theme           filesystem, capabilities, namespaces, resources, ...
  a set             default, hygiene, shellcheck, or strict for all but shellcheck
  an id of a peer   CL-0007, DL3002, SC2086, kics:ae5b6871
--ignore wins over --select.

examples:
  tightship check
  tightship check compose.yaml compose.prod.yaml
  tightship check web/Dockerfile
  tightship check -f compose.yaml -f compose.prod.yaml
  tightship check --select strict --fail-on info
  tightship check --ignore supply_chain --output-format json > report.json
  tightship check --output-format text --output-format sarif=results.sarif
  tightship check --diff --unsafe-fixes
  tightship check --target B
  tightship check --changed-since origin/main
  tightship check --write-baseline
  tightship check --baseline tightship-baseline.json
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
        # Loading argparse takes an eighth of a run, and paths alone do not need it.
        if any(word.startswith("-") for word in arguments):
            given = _parser().read(arguments, "paths")
        self.paths: list[str] = given["paths"]
        self.stdin_filename: str = given.get("stdin_filename", "compose.yaml")
        self.changed_since: str = given.get("changed_since", "")
        self.jobs: int = given.get("jobs", 0)
        self.selection = SelectionOptions(given)
        self.output = OutputOptions(given)
        self.fixes = FixOptions(given)
        self.baseline = BaselineOptions(given)
        self.configuration = ConfigurationOptions(given)
        self.compose = ComposeOptions(given)


def run(arguments: list[str]) -> int:
    """Check what the arguments name; return the exit code."""
    options, output = Options(arguments), Output()
    reports = Reports(options.output, output, is_diff=options.fixes.diff)
    summary = Summary(changed_since=options.changed_since)
    progress = Progress(sys.stderr)
    findings: list[Judged] = []
    try:
        plan = Plan(options)
        reports.begin()
        for verdict in plan.verdicts(summary.skip):
            summary.add(verdict)
            if options.baseline.write:
                findings += verdict.findings
            text = reports.verdict(verdict)
            if text:
                progress.erase()
                output.write(text)
            progress.show(summary)
        closing = reports.closing(summary)
        baseline = options.baseline.target(plan.configs)
    except UnknownWordError as error:
        raise UsageError(f"{error} (`tightship rule` lists them)") from None
    except MissingExtraError as error:
        raise UsageError(str(error)) from None
    except ConfigError as error:
        return print_problems(error)
    finally:
        reports.discard()
        progress.erase()
    if plan.fixing is not None and options.fixes.diff:
        return _write_diff(plan.fixing, summary, options.output, output)
    output.write(closing)
    if plan.fixing is not None and (not options.output.quiet or plan.fixing.refused):
        from tightship.report.fixed import fix_summary

        stream = output if reports.show_text else sys.stderr
        stream.write(fix_summary(plan.fixing, written=True))
    output.close()
    if summary.failure is not None:
        raise summary.failure
    if not summary.files and not summary.gaps:
        return _explain_nothing(options, summary)
    if options.baseline.write:
        sys.stderr.write(write_baseline(baseline, findings))
        return 0
    if summary.gaps or (plan.fixing is not None and plan.fixing.refused):
        return 2
    return int(summary.fails)


class Plan:
    """What a run judges, and how."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.fixing = options.fixes.fixing(is_stdin=options.paths == ["-"])
        self.paths, self.stdin = _inputs(options)
        self._git = _git_changes(options, self.paths)
        self.baseline = options.baseline.load()
        self.configs = options.configuration.configs(
            options.selection.select,
            options.selection.ignore,
            overlay=self.fixing.overlay if self.fixing is not None else None,
            baselines=not options.baseline.write,
        )

    def verdicts(self, skipped: Callable[[SkippedFile], None]) -> Iterator[Verdict]:
        """Yield one verdict after another; call ``skipped`` with each other file."""
        options, git = self._options, self._git
        try:
            yield from check(
                self.paths,
                _selection(options),
                stdin=self.stdin,
                options=options.compose.loading,
                environment=options.compose.environment,
                fixing=self.fixing,
                baseline=self.baseline,
                changes=git.changes if git is not None else None,
                configs=self.configs,
                fail_on=options.selection.fail_on,
                skipped=skipped,
                jobs=_jobs(options),
                begin=partial(begin, options.arguments),
            )
        finally:
            if git is not None:
                git.close()


def begin(arguments: list[str]) -> Judge:
    """Return the judge of a command line, in another process."""
    options = Options(arguments)
    configs = options.configuration.configs(
        options.selection.select, options.selection.ignore, baselines=False
    )
    run = Run(
        RuleRunner(_selection(options), options=configs.options),
        options.compose.loading,
        options.compose.environment,
        configs=configs,
    )
    return run.outcomes


def _selection(options: Options) -> Selection:
    return Selection(options.selection.select, options.selection.ignore)


def _jobs(options: Options) -> int:
    """Return the number of processes: as many as there are processors, by default.

    The profiles in some reports need the models of projects, which stay where they are.
    """
    names = [name for name, _ in options.output.formats]
    if any(name in PROFILED for name in names):
        return 1
    if options.jobs:
        return options.jobs
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _inputs(options: Options) -> tuple[list[str], tuple[str, bytes] | None]:
    """Return the paths to check, or the name and text of standard input."""
    if options.compose.loading.files and options.paths:
        raise UsageError("-f does not work together with a PATH")
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


def _git_changes(options: Options, paths: list[str]) -> GitChanges | None:
    """Return the changes since the commit of ``--changed-since``, if it is given."""
    if not options.changed_since:
        return None
    if not paths:
        raise UsageError("--changed-since does not work with standard input")
    if options.baseline.write:
        raise UsageError("a baseline of a part would lack all other findings")
    from tightship.cli.git_changes import GitChanges

    return GitChanges(options.changed_since, options.compose.loading.files or paths)


def _write_diff(
    fixing: Fixing, summary: Summary, options: OutputOptions, output: Output
) -> int:
    """Write what fixes would change, and nothing to any file; return the exit code."""
    from tightship.report.fixed import diff, fix_summary
    from tightship.report.terminal import Paint

    paint = Paint(on=output.is_colored(options.color))
    output.write(diff(fixing.changes, os.path.realpath(os.curdir), paint))
    output.close()
    if not options.quiet:
        sys.stderr.write(fix_summary(fixing, written=False))
    if summary.failure is not None:
        raise summary.failure
    return 2 if summary.gaps else int(bool(fixing.changes))


def _explain_nothing(options: Options, summary: Summary) -> int:
    """Print why nothing was checked; return the exit code."""
    if options.changed_since:
        print_error(f"nothing to check has changed since {options.changed_since}")
        return 0
    where = ", ".join(options.paths) or "."
    print_error(f"no Compose file or Dockerfile found below {where}")
    if summary.skipped and not options.output.quiet:
        from tightship.report.unchecked import skipped_lines

        here, is_whole = os.path.realpath(os.curdir), options.output.verbose
        for line in skipped_lines(summary, here, is_whole=is_whole):
            print_error(line)
    return 0 if options.configuration.force_exclude else 2


def _count(word: str) -> int:
    """Read a number of processes."""
    from argparse import ArgumentTypeError

    if not word.isdecimal() or not 1 <= int(word[:4]) <= _MOST_JOBS:
        raise ArgumentTypeError(f"`{word}` is no number from 1 to {_MOST_JOBS}")
    return int(word)


def _parser() -> Parser:
    from tightship.cli.arguments import Parser

    parser = Parser("check", "[PATH ...] [options]", _ABOUT, _EPILOG)
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="folders, files, or - (default: .)")
    SelectionOptions.add_to(parser)
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
    parser.add_color()
    add(
        "--changed-since",
        metavar="REF",
        help="report only findings that are new since this Git commit, in projects with"
        " a changed file; changes that are not committed count, too",
    )
    add(
        "--jobs",
        type=_count,
        metavar="N",
        help="check in this many processes, if there are 200 Compose files or more"
        " (default: one per processor); json and html use one",
    )
    OutputOptions.add_to(parser)
    FixOptions.add_to(parser)
    BaselineOptions.add_to(parser)
    ConfigurationOptions.add_to(parser)
    ComposeOptions.add_to(parser, profiles=False)
    return parser
