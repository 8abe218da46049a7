"""The options that compare with a Git commit."""

from __future__ import annotations

from tightship.cli.console import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser


class ChangeOptions:
    """The commit before a change, and what of the change counts.

    ``since`` limits reports to new findings, and ``settings_of`` does not. ``reference``
    is the commit of either, and ``option`` the name of that option.
    """

    def __init__(self, given: Given) -> None:
        self.since: str = given.get("changed_since", "")
        self.settings_of: str = given.get("settings_of", "")
        self.trust: bool = given.get("trust_change", False)
        self.reference = self.since or self.settings_of
        self.option = "--changed-since" if self.since else "--settings-of"

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser."""
        group = parser.add_argument_group(
            "changes", "A finding that only the settings or comments of a change hide is reported."
        )
        group.add_argument(
            "--changed-since",
            metavar="REF",
            help="report only findings that are new since this Git commit, in projects"
            " with a changed file; uncommitted changes count, too",
        )
        group.add_argument(
            "--settings-of",
            metavar="REF",
            help="report all findings, and those that only changes since this Git commit hide",
        )
        group.add_argument(
            "--trust-change",
            action="store_true",
            help="let settings and comments of the change hide findings, as after a review",
        )

    def refuse_contradictions(self, paths: list[str], *, writes: bool) -> None:
        """Refuse options that make no sense together.

        Raises:
            UsageError: if there are some.

        """
        if self.since and self.settings_of:
            raise UsageError(
                "--changed-since already takes the settings of its commit: leave out --settings-of"
            )
        if self.trust and not self.since:
            raise UsageError("--trust-change is about a change: add --changed-since")
        if self.reference and paths == ["-"]:
            raise UsageError(f"{self.option} does not work with standard input")
        if self.reference and writes:
            raise UsageError(f"a baseline needs all findings: leave out {self.option}")
