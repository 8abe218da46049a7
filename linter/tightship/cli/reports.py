"""The output of a run: its reports, each in its format and place, and what is said beside."""

from __future__ import annotations

import os
import sys
from time import monotonic

from tightship.cli.console import UsageError, is_terminal, print_error
from tightship.engine.disk.root import real_path
from tightship.findings import Severity
from tightship.report.formats import FORMATS, FormatUnavailableError, report, view
from tightship.report.redaction import redacted
from tightship.report.report import ReportOptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from tightship.cli.check_options import OutputOptions
    from tightship.cli.console import Output
    from tightship.cli.output_file import OutputFile
    from tightship.engine.fix.run import Rewriting
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.report.report import Report, Summary


_WIDTH = 100  # of a line in a file, as on a terminal of unknown width
_MARGIN = 12  # The columns to the left of a line of code.

_DELAY, _PAUSE = 0.5, 0.1  # seconds


class Reports:
    """Writes every report verdict by verdict, each to its place.

    The text for standard output is returned. Files are opened before the first verdict,
    so that a run does not learn at its end that it cannot write them. They are in their
    places when all reports are complete; an interrupted run changes none.
    """

    def __init__(self, options: OutputOptions, output: Output, *, is_diff: bool) -> None:
        """Sort out what goes where; with a diff, there are no reports.

        Raises:
            UsageError: if two reports have the same place, or if a format needs a
                library that is not installed.

        """
        self._stdout: Report | None = None
        self._planned: list[tuple[Report, str]] = []
        self._files: list[tuple[Report, OutputFile]] = []
        self._opened = False
        self.show_text = self._only_failing = False
        for name, path in _destinations(options):
            if path:
                made = _report(name, options, None)
                self._planned.append((made, path))
            elif not is_diff:
                self._stdout = _report(name, options, output)
                self.show_text = name == "text"  # People read standard output.
                self._only_failing = options.only_failing and name in ("text", "concise")
        _refuse_grouping(options)
        if is_diff and self._planned:
            raise UsageError("--diff prints changes instead of a report")

    def begin(self) -> None:
        """Open all files.

        Raises:
            OutputError: if one cannot be written.

        """
        if self._planned:
            from tightship.cli.output_file import OutputFile

            for made, path in self._planned:
                file = OutputFile(path)
                self._files.append((made, file))
                file.write(made.opening)

    def verdict(self, verdict: Verdict) -> str:
        """Write a verdict without its secrets; return the text for standard output."""
        if self._stdout is None and not self._files:
            return ""
        text = self._opening()
        verdict = redacted(verdict)
        for made, file in self._files:
            file.write(made.verdict(verdict))
        if self._only_failing:
            verdict = verdict.replaced(findings=[*filter(verdict.fails, verdict.findings)])
        return text if self._stdout is None else text + self._stdout.verdict(verdict)

    def closing(self, summary: Summary) -> str:
        """Finish all files; return the rest of the text for standard output."""
        text = self._opening()
        for made, file in self._files:
            file.write(made.closing(summary))
        for _, file in self._files:
            file.finish()
        return text if self._stdout is None else text + self._stdout.closing(summary)

    def discard(self) -> str:
        """Remove the files that are not finished; return the text that is left to write."""
        for _, file in self._files:
            file.discard()
        return self._stdout.pending() if self._stdout is not None else ""

    def _opening(self) -> str:
        if self._opened or self._stdout is None:
            return ""
        self._opened = True
        return self._stdout.opening


def _report(name: str, options: OutputOptions, output: Output | None) -> Report:
    """Return a report for standard output, or without that for a file."""
    chosen = _report_options(options, output)
    if options.view:
        if name not in ("text", "json"):
            raise UsageError(f"--{options.view} is shown as text or json, not as {name}")
        return view(options.view, name, chosen)
    try:
        return report(name, chosen)
    except FormatUnavailableError as error:
        raise UsageError(str(error)) from None


def _refuse_grouping(options: OutputOptions) -> None:
    """Refuse to group findings if no report can."""
    names = [name for name, _ in options.formats] or ["text"]
    if options.group_by and (options.view or not any(FORMATS[name].groups for name in names)):
        formats = " and ".join(name for name, one in FORMATS.items() if one.groups)
        raise UsageError(f"--group-by is for findings as {formats}; json has their `cause`")


def _destinations(options: OutputOptions) -> Iterator[tuple[str, str]]:
    """Yield formats with the paths of their files, or no path for standard output."""
    formats = options.formats or [("text", "")]
    without = [name for name, path in formats if not path]
    if len(without) > 1:
        where = options.file or "standard output"
        raise UsageError(
            f"{' and '.join(without)} would all go to {where}; FORMAT=PATH sends each"
            " to a separate file"
        )
    if options.file and not without:
        raise UsageError(
            "every --output-format has a PATH, so there is no report for --output-file"
        )
    taken = set[str]()
    for name, given in formats:
        path = given or options.file
        path = "" if path == "-" else path
        place = real_path(path) if path else ""
        if place in taken:
            raise UsageError(
                f"two reports would go to {path or 'standard output'}: name a separate"
                " file for each, as FORMAT=PATH"
            )
        taken.add(place)
        yield name, path


def _report_options(options: OutputOptions, output: Output | None) -> ReportOptions:
    """Return the options of a report on standard output, or in a file."""
    return ReportOptions(
        here=real_path(os.curdir),
        color=output.is_colored(options.color) if output else options.color == "always",
        infos="full" if options.verbose else "none" if options.quiet else "brief",
        group_by=options.group_by,
        summary=not options.quiet,
        width=(output.width if output else _WIDTH) - _MARGIN,
        columns=output.columns if output else 0,
    )


class Progress:
    """Shows a count on a terminal once a run takes longer than half a second."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream if is_terminal(stream) else None
        self._next = monotonic() + _DELAY
        self._shown = 0
        self._total = 0

    def expect(self, files: int) -> None:
        """Set the number of files to check."""
        self._total = files

    def show(self, summary: Summary) -> None:
        """Show the counts so far, at most ten times a second."""
        if self._stream is None or monotonic() < self._next:
            return
        count = f"{summary.scope.files}"
        # Files that others include count, too, and so there may be more than expected.
        if self._total >= summary.scope.files:
            count += f" of {self._total}"
        text = f"{count} files, {summary.findings} findings ..."
        self._stream.write(f"\r{text.ljust(self._shown)}")
        self._stream.flush()
        self._shown = max(self._shown, len(text))
        self._next = monotonic() + _PAUSE

    def erase(self) -> None:
        """Remove the line, so that something else can be written."""
        if self._stream is not None and self._shown:
            self._stream.write(f"\r{' ' * self._shown}\r")
            self._stream.flush()
            self._shown = 0


def explain_nothing(summary: Summary, paths: Sequence[str], options: OutputOptions) -> bool:
    """Print why nothing was checked; return whether nothing has changed."""
    is_named = bool(paths) and all(map(os.path.isfile, paths))
    if summary.changed_since:
        print_error(f"nothing to check has changed since {summary.changed_since}")
    elif options.quiet or not is_named:
        where = ", ".join(paths) or "."
        print_error(f"no Compose file or Dockerfile found below {where}")
    _explain_settings(summary, options)
    if summary.scope.left and not options.quiet:
        from tightship.report.wording import skipped_lines

        here = real_path(os.curdir)
        is_whole = options.verbose or is_named
        for line in skipped_lines(summary.scope.left, here, is_whole=is_whole, builds=True):
            print_error(line)
    return bool(summary.changed_since)


def _explain_settings(summary: Summary, options: OutputOptions) -> None:
    if options.quiet or not (summary.effects or summary.added_settings):
        return
    from tightship.report.wording import configuration_lines

    for line in configuration_lines(summary, real_path(os.curdir)):
        print_error(line)


def write_patch(rewriting: Rewriting, options: OutputOptions, output: Output) -> None:
    """Write what a run would change, and nothing to any file."""
    from tightship.report.rewriting import diff
    from tightship.report.terminal import Paint

    paint = Paint(on=output.is_colored(options.color))
    output.write(diff(rewriting.changes, real_path(os.curdir), paint))


def explain_patch(rewriting: Rewriting, summary: Summary, options: OutputOptions) -> int:
    """Print what the patch does, and what was not checked; return the exit code."""
    from tightship.report.rewriting import rewriting_summary
    from tightship.report.wording import gap_lines

    if not options.quiet:
        sys.stderr.write(rewriting_summary(rewriting, written=False))
    here = real_path(os.curdir)
    for line in gap_lines(summary.scope.gaps, here, is_whole=options.verbose):
        print_error(line)
    return 2 if summary.scope.gaps else int(bool(rewriting.changes))


class BaselineWriter:
    """Writes the findings of a run to a baseline, and says what later runs accept by it."""

    def __init__(self) -> None:
        from tightship.report.lines import ConciseReport

        self._findings: list[JudgedFinding] = []
        self._lines = ConciseReport(ReportOptions(here=real_path(os.curdir)))
        self._errors: list[str] = []

    def add(self, verdict: Verdict) -> None:
        """Add the findings of a verdict."""
        self._findings += verdict.findings
        errors = verdict.without(lambda one: one.severity < Severity.ERROR)
        self._errors.append(self._lines.verdict(errors))

    def write(self, path: str, summary: Summary, *, is_named: bool) -> str:
        """Write the baseline, and return sentences about it and the next run, and the errors.

        Args:
            path: the file.
            summary: the counts of the run.
            is_named: whether the command line names the file, as the next one has to.

        Raises:
            OutputError: if it cannot be written.

        """
        from tightship.cli.output_file import write_file
        from tightship.engine.accept.baseline import written
        from tightship.engine.verdict import without_reported
        from tightship.report.wording import counted, severities_text

        write_file(path, written(self._findings))
        run = f"with `--baseline {path}`, a run" if is_named else "the next run"
        counts = f" ({severities_text(summary)})" if self._findings else ""
        text = (
            f"Wrote {counted(len(self._findings), 'finding')}{counts} to {path}: {run} reports only"
            " new findings.\n"
        )
        errors = "".join(self._errors)
        if errors:
            text += f"Later runs only count these errors, so look at them first:\n{errors}"
        left = without_reported((gap for _, gap in summary.scope.gaps), self._findings)
        if left:
            text += (
                f"It still exits with 2: {counted(len(left), 'part')} could not be checked, and"
                " `not-checked`, which reports this, is ignored. Fix the cause, or select the rule"
                " and write the baseline again.\n"
            )
        return text
