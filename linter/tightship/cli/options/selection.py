"""The options that select rules, and the severity that makes a run fail."""

from __future__ import annotations

from tightship.engine.settings.selection import Selection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.cli.arguments import Given, Parser
    from tightship.findings import Severity


class SelectionOptions:
    """The words that select rules, severities by such words, and ``--fail-on``."""

    def __init__(self, given: Given) -> None:
        self.select: list[str] = given.get("select", [])
        self.ignore: list[str] = given.get("ignore", [])
        self.extend: list[str] = given.get("extend_select", [])
        given_severities: list[Sequence[tuple[str, Severity]]] = given.get("severity", [])
        self.severity = {word: level for some in given_severities for word, level in some}
        self.fail_on: str = given.get("fail_on", "")

    @property
    def selection(self) -> Selection:
        """Return the rules that the words select."""
        return Selection(self.select, self.ignore, self.extend)

    def only(self, word: str) -> SelectionOptions:
        """Return options that select what one word names."""
        return SelectionOptions({"select": [word], "fail_on": self.fail_on})

    @staticmethod
    def add_to(parser: Parser, same_help: str = "") -> None:
        """Add the options to a parser; one help text may replace those of all."""
        add = parser.add_argument
        add(
            "--select",
            action="append",
            metavar="WORDS",
            help=same_help or "run only these rules (default: the set `default`)",
        )
        add(
            "--extend-select",
            action="append",
            metavar="WORDS",
            help=same_help or "run these rules, too, in addition to all others",
        )
        add(
            "--ignore", action="append", metavar="WORDS", help=same_help or "do not run these rules"
        )
        add(
            "--severity",
            action="append",
            type=_severities,
            metavar="WORD=LEVEL",
            help=same_help
            or "the severity of the findings of a rule, theme or set: error, warning or info;"
            " may be given several times",
        )
        add(
            "--fail-on",
            choices=("error", "warning", "info", "never"),
            metavar="SEVERITY",
            help=same_help
            or "the lowest severity that gives exit code 1: "
            "error, warning, info or never (default: as configured, or warning)",
        )


def _severities(text: str) -> list[tuple[str, Severity]]:
    """Read ``WORD=LEVEL``, or several with commas between them."""
    from argparse import ArgumentTypeError

    from tightship.engine.plan.vocabulary import Vocabulary
    from tightship.findings import Severity

    levels = {severity.word: severity for severity in Severity}
    known, read = Vocabulary(), list[tuple[str, Severity]]()
    for part in text.split(","):
        word, equals, level = (one.strip() for one in part.partition("="))
        if not equals:
            raise ArgumentTypeError(f"`{part}` has no level: write `{part}=error`")
        if level not in levels:
            choices = ", ".join(reversed(levels))
            raise ArgumentTypeError(f"unknown level `{level}`; choose from {choices}")
        if not known.knows(word):
            guess = known.guess(word)
            hint = f"did you mean `{guess}`?" if guess else "`tightship rule` lists them"
            raise ArgumentTypeError(f"unknown rule, theme or set `{word}`; {hint}")
        read.append((word, levels[level]))
    return read
