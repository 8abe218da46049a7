"""The reports of a run: in which formats, and where each of them goes."""

from __future__ import annotations

import os

from tightship.cli.console import UsageError
from tightship.engine.disk.root import real_path
from tightship.report.formats import FormatUnavailableError, report, view
from tightship.report.redaction import redacted
from tightship.report.report import ReportOptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.cli.console import Output
    from tightship.cli.options.output import OutputOptions
    from tightship.cli.output_file import OutputFile
    from tightship.engine.verdict import Verdict
    from tightship.report.report import Report, Summary

_WIDTH = 100  # of a line in a file, as on a terminal of unknown width
_MARGIN = 12  # The columns to the left of a line of code.


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
        self.show_text = False
        for name, path in _destinations(options):
            if path:
                made = _report(name, options, None)
                self._planned.append((made, path))
            elif not is_diff:
                self._stdout = _report(name, options, output)
                self.show_text = name == "text"  # People read standard output.
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
        return text if self._stdout is None else text + self._stdout.verdict(verdict)

    def closing(self, summary: Summary) -> str:
        """Finish all files; return the rest of the text for standard output."""
        text = self._opening()
        for made, file in self._files:
            file.write(made.closing(summary))
        for _, file in self._files:
            file.finish()
        return text if self._stdout is None else text + self._stdout.closing(summary)

    def discard(self) -> None:
        """Remove the files that are not finished."""
        for _, file in self._files:
            file.discard()

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
        summary=not options.quiet,
        width=(output.width if output else _WIDTH) - _MARGIN,
        columns=output.columns if output else 0,
    )
