"""The option that sets in how many processes a run judges."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser

_MOST = 256


class JobsOptions:
    """A number of processes; 0 stands for one for each processor."""

    def __init__(self, given: Given) -> None:
        self.number: int = given.get("jobs", 0)

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the option to a parser."""
        parser.add_argument(
            "--jobs",
            type=_count,
            metavar="N",
            help="check in this many processes, if there are 200 Compose files or more"
            " (default: one per processor); json and html use one",
        )


def _count(word: str) -> int:
    """Read a number of processes."""
    from argparse import ArgumentTypeError

    if not word.isdecimal() or not 1 <= int(word[:4]) <= _MOST:
        raise ArgumentTypeError(f"`{word}` is not a number from 1 to {_MOST}")
    return int(word)
