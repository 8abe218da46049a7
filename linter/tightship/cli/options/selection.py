"""The options that select rules, and the severity that makes a run fail."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser


class SelectionOptions:
    """Words of ``--select`` and ``--ignore``, and the severity of ``--fail-on``."""

    def __init__(self, given: Given) -> None:
        self.select: list[str] = given.get("select", [])
        self.ignore: list[str] = given.get("ignore", [])
        self.fail_on: str = given.get("fail_on", "")

    @staticmethod
    def add_to(parser: Parser, same_help: str = "") -> None:
        """Add the options to a parser; one help text may replace those of all three."""
        add = parser.add_argument
        add(
            "--select",
            action="append",
            metavar="WORDS",
            help=same_help or "run only these rules (default: the set `default`)",
        )
        add(
            "--ignore",
            action="append",
            metavar="WORDS",
            help=same_help or "do not run these rules",
        )
        add(
            "--fail-on",
            choices=("error", "warning", "info", "never"),
            metavar="SEVERITY",
            help=same_help
            or "the lowest severity that gives exit code 1: "
            "error, warning, info or never (default: as configured, or warning)",
        )
