"""The reports of a run: in which formats, and where each of them goes."""

from __future__ import annotations

import os

from tightship.cli.console import OutputError, UsageError
from tightship.report.formats import FORMATS, ReportOptions, report
from tightship.report.redaction import redacted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.cli.arguments import Parser
    from tightship.cli.check import Options
    from tightship.cli.console import Output
    from tightship.engine.disk.new_file import NewFile
    from tightship.engine.verdict import Verdict
    from tightship.report.formats import Report
    from tightship.report.summary import Summary

_MARGIN = 12  # What stands before a line of code.


def add_reports(parser: Parser) -> None:
    """Add the options that say what is reported, and where."""
    width = max(map(len, FORMATS))
    formats = "\n".join(f"  {name:{width}}  {what}" for name, what in FORMATS.items())
    group = parser.add_argument_group("reports", f"formats:\n{formats}")
    add = group.add_argument
    add(
        "--output-format",
        action="append",
        default=[],
        type=_format,
        metavar="FORMAT[=PATH]",
        help="the format of the report (default: text), and a file for it; may be given"
        " several times, and one report may go to standard output",
    )
    add(
        "--output-file",
        default="",
        metavar="PATH",
        help="where to write the report of the format that has no PATH of its own",
    )


def _format(word: str) -> tuple[str, str]:
    """Read ``FORMAT`` or ``FORMAT=PATH``."""
    from argparse import ArgumentTypeError

    name, equals, path = word.partition("=")
    if name not in FORMATS:
        from tightship.values.edit_distance import closest

        guess = closest(name, FORMATS)
        hint = f"did you mean {guess}?" if guess else f"there are {', '.join(FORMATS)}"
        raise ArgumentTypeError(f"there is no format {name!a}; {hint}")
    if equals and not path:
        raise ArgumentTypeError(f"no PATH after `{name}=`")
    return name, path


class Reports:
    """Writes every report verdict by verdict, each to its place.

    What belongs on standard output is returned. Files are begun before the first
    verdict, so that a run does not learn at its end that it cannot write them. They
    are in their places when all reports are complete; a run that does not come so far
    changes none.
    """

    __slots__ = ("_files", "_name", "_opened", "_shown", "_wanted")

    def __init__(self, options: Options, output: Output) -> None:
        """Sort out what goes where.

        Raises:
            UsageError: if two reports want the same place.

        """
        self._name = ""
        self._shown: Report | None = None
        self._wanted: list[tuple[Report, str]] = []
        self._files: list[tuple[Report, NewFile]] = []
        self._opened = False
        for name, path in _places(options):
            if path:
                manner = _manner(options, None)
                self._wanted.append((report(name, manner), path))
            else:
                self._name = name
                self._shown = report(name, _manner(options, output))
        if options.diff and self._wanted:
            raise UsageError("--diff prints what fixes would change, and no report")

    @property
    def show_text(self) -> bool:
        """Tell whether people read what goes to standard output."""
        return self._name == "text"

    def begin(self) -> None:
        """Begin all files.

        Raises:
            OutputError: if one cannot be written.

        """
        for made, path in self._wanted:
            file = _begun(path)
            self._files.append((made, file))
            _write(file, made.opening())

    def verdict(self, verdict: Verdict) -> str:
        """Write a verdict without its secrets, and return what is to be shown of it."""
        text = self._opening()
        verdict = redacted(verdict)
        for made, file in self._files:
            _write(file, made.verdict(verdict))
        return text if self._shown is None else text + self._shown.verdict(verdict)

    def closing(self, tally: Summary) -> str:
        """Finish all files, and return what is to be shown at the end."""
        text = self._opening()
        for made, file in self._files:
            _write(file, made.closing(tally))
        for _, file in self._files:
            _finish(file)
        return text if self._shown is None else text + self._shown.closing(tally)

    def discard(self) -> None:
        """Drop the files that are not finished."""
        for _, file in self._files:
            file.discard()

    def _opening(self) -> str:
        if self._opened or self._shown is None:
            return ""
        self._opened = True
        return self._shown.opening()


def _places(options: Options) -> Iterator[tuple[str, str]]:
    """Yield formats with the paths of their files, or no path for standard output."""
    wanted = options.output_format or [("text", "")]
    without = [name for name, path in wanted if not path]
    if len(without) > 1:
        where = options.output_file or "standard output"
        raise UsageError(
            f"{' and '.join(without)} would all go to {where}; FORMAT=PATH sends each"
            " to a file of its own"
        )
    if options.output_file and not without:
        raise UsageError(
            "every --output-format has a PATH, so there is no report for --output-file"
        )
    taken = set[str]()
    for name, given in wanted:
        path = given or options.output_file
        path = "" if path == "-" else path
        place = os.path.realpath(path) if path else ""
        if place in taken:
            where = path or "standard output"
            raise UsageError(f"two reports would go to {where}")
        taken.add(place)
        yield name, path


def _manner(options: Options, output: Output | None) -> ReportOptions:
    """Return how a report is wanted on standard output, or in a file."""
    manner = ReportOptions(
        here=os.path.realpath(os.curdir),
        color=options.color == "always",
        infos="frames" if options.verbose else "none" if options.quiet else "names",
        summary=not options.quiet,
    )
    if output is not None:
        manner.color = output.is_colored(options.color)
        manner.width = output.width - _MARGIN
    return manner


def _begun(path: str) -> NewFile:
    from tightship.engine.disk.new_file import NewFile, UnwritableError

    try:
        return NewFile(path)
    except UnwritableError as error:
        raise OutputError(_shown(error)) from None


def _write(file: NewFile, text: str) -> None:
    from tightship.engine.disk.new_file import UnwritableError

    try:
        file.write(text)
    except UnwritableError as error:
        raise OutputError(_shown(error)) from None


def _finish(file: NewFile) -> None:
    from tightship.engine.disk.new_file import UnwritableError

    try:
        file.finish()
    except UnwritableError as error:
        raise OutputError(_shown(error)) from None


def _shown(error: Exception) -> str:
    from tightship.report.terminal import brief

    return brief(str(error))
