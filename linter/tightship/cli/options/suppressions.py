"""The options about suppression comments, and all else that accepts findings."""

from __future__ import annotations

from tightship.cli.console import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser
    from tightship.engine.fix.run import AddingIgnores


_REASON = "found when Tightship was adopted"


class SuppressionOptions:
    """Whether findings get comments, and whether accepted ones are reported as others."""

    def __init__(self, given: Given) -> None:
        self.disregard: bool = given.get("no_ignores", False)
        self.add: bool = given.get("add_ignores", False)
        self.has_reason = "reason" in given
        self.reason: str = given.get("reason", _REASON)

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser."""
        add = parser.add_argument_group("suppressions").add_argument
        add(
            "--add-ignores",
            action="store_true",
            help="write a comment for each finding that accepts it, and prove that"
            " nothing else changes; with --diff, print what would be written",
        )
        add(
            "--reason",
            metavar="TEXT",
            help=f"the reason in the comments of --add-ignores (default: {_REASON})",
        )
        add(
            "--no-ignores",
            action="store_true",
            help="report accepted findings, too, for audits: no comment, no exception in"
            " the configuration and no baseline counts",
        )

    def adding(self, *, write: bool) -> AddingIgnores:
        """Return what adds comments to the files of a run, or keeps them in memory.

        Raises:
            UsageError: if the reason is empty.

        """
        from tightship.engine.fix.run import AddingIgnores

        reason = " ".join(self.reason.split())
        if not reason:
            raise UsageError("--reason takes a text: why the findings are accepted")
        return AddingIgnores(reason, write=write)
