"""The options that set what is reported, in which formats, and where to."""

from __future__ import annotations

from tightship.report.formats import FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser


_VIEWS = {
    "statistics": "show the number of findings and fixes of each rule, as text or json",
    "show-files": "show the files to check with their roles, and skipped files with the"
    " reason, as text or json; no rule is applied",
}


class OutputOptions:
    """Formats with their paths, and how much is shown; ``file`` is ``--output-file``.

    ``view`` is ``statistics`` or ``show-files`` if that takes the place of findings.
    """

    def __init__(self, given: Given) -> None:
        self.formats: list[tuple[str, str]] = given.get("output_format", [])
        self.file: str = given.get("output_file", "")
        self.color: str = given.get("color", "auto")
        self.verbose: bool = given.get("verbose", False)
        self.quiet: bool = given.get("quiet", False)
        self.view: str = given.get("view", "")

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser, which has ``--color`` already."""
        width = max(map(len, FORMATS))
        formats = "\n".join(f"  {name:{width}}  {it}" for name, it in FORMATS.items())
        group = parser.add_argument_group("reports", f"formats:\n{formats}")
        group.add_argument(
            "--output-format",
            action="append",
            type=_format,
            metavar="FORMAT[=PATH]",
            help="the format of the report (default: text), and a file for it; can"
            " be repeated; one report can go to standard output",
        )
        views = group.add_mutually_exclusive_group()
        for view, text in _VIEWS.items():
            views.add_argument(
                f"--{view}", action="store_const", const=view, dest="view", help=text
            )
        group.add_argument(
            "--output-file",
            metavar="PATH",
            help="a file for the report of the format without a PATH",
        )
        detail = parser.add_mutually_exclusive_group()
        detail.add_argument(
            "-v",
            "--verbose",
            action="store_true",
            help="show every finding with its source line, including infos",
        )
        detail.add_argument(
            "-q",
            "--quiet",
            action="store_true",
            help="omit the summary, and infos unless they fail the run",
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
