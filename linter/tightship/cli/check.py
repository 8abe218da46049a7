"""``tightship check``: judge files and report what is found."""

from __future__ import annotations

import os
import sys
from functools import partial

from tightship.cli.check_command import Options
from tightship.cli.check_run import Run, command_line
from tightship.cli.console import Output, UsageError, print_error
from tightship.cli.options import print_problems
from tightship.cli.reports import BaselineWriter, Progress, Reports
from tightship.config.key import ConfigError
from tightship.engine.disk.root import real_path
from tightship.engine.settings.selection import MissingExtraError, UnknownWordError
from tightship.lazy import TYPE_CHECKING
from tightship.report.formats import FORMATS
from tightship.report.redaction import redacted
from tightship.report.report import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.engine.verdict import Verdict
    from tightship.engine.worker_pool import Judging, Workers


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
    writer = BaselineWriter() if options.baseline.write else None
    try:
        asked = Run(options, partial(_workers, options))
        reports.begin()
        for verdict in asked.verdicts(summary.scope, progress.expect):
            summary.add(verdict)
            if seen is not None:
                seen(verdict)
            if writer is not None:
                writer.add(verdict)
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
    if writer is not None and (summary.scope.files or summary.scope.gaps):
        named = bool(options.baseline.file)
        sys.stderr.write(writer.write(baseline, summary, is_named=named))
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
        if rewriting is not None:
            from tightship.report.rewriting import rewriting_summary, rewritten

            stream = output if is_text else sys.stderr
            if options.output.quiet:
                stream.write(rewritten(rewriting, real_path(os.curdir)))
            else:
                stream.write(rewriting_summary(rewriting, written=True))
    output.close()
    if not (is_text or options.output.quiet) and summary.scope.files:
        if summary.known_errors:
            print_error(f"{summary.known_errors_text}.")
        if summary.scope.left:
            from tightship.report.wording import skipped_lines

            for line in skipped_lines(summary.scope.left, real_path(os.curdir), is_whole=False):
                print_error(line)
    if summary.failure is not None:
        raise summary.failure


def _exit_code(asked: Run, summary: Summary) -> int:
    options, rewriting = asked.options, asked.rewriting
    if not summary.scope.files and not summary.scope.gaps:
        from tightship.cli.reports import explain_nothing

        is_fine = explain_nothing(summary, options.paths, options.output)
        return 0 if is_fine or options.configuration.force_exclude else 2
    if rewriting is not None and options.fixes.diff:
        from tightship.cli.reports import explain_patch

        return explain_patch(rewriting, summary, options.output)
    if summary.scope.gaps or (rewriting is not None and rewriting.refused):
        return 2
    return int(summary.fails)


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
    configs = options.configuration.configs(command_line(options), baselines=False)
    return Judging(configs, options.compose.loading, redacted)


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
