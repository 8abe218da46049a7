"""Command lines, read with argparse."""

from __future__ import annotations

import argparse
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    # The options of a command line, by name; options that were not given are absent.
    Given = Mapping[str, Any]

_WIDEST = 88


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        # argparse would import shutil for the width, even when no help is shown.
        try:
            width = min(int(os.environ.get("COLUMNS", "")), _WIDEST)
        except ValueError:
            width = _WIDEST
        super().__init__(prog, max_help_position=26, width=max(width, 40))


class Parser(argparse.ArgumentParser):
    """A parser for one command; paths and options may come in any order."""

    def __init__(self, command: str, usage: str, about: str, epilog: str) -> None:
        """Make a parser that knows ``--help`` only."""
        super().__init__(
            prog=f"tightship {command}",
            usage=f"tightship {command} {usage}",
            description=about,
            epilog=epilog,
            formatter_class=_Help,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
        )

    def add_color(self) -> None:
        """Add ``--color``."""
        self.add_argument(
            "--color",
            choices=("auto", "always", "never"),
            metavar="WHEN",
            help="auto, always or never (default: auto, which heeds NO_COLOR)",
        )

    def add_text_or_json(self, text: str) -> None:
        """Add an ``--output-format`` with two choices."""
        self.add_argument(
            "--output-format",
            choices=("text", "json"),
            metavar="FORMAT",
            help=f"{text} or json (default: text)",
        )

    def read(self, arguments: list[str], operands: str) -> Given:
        """Parse; what follows ``--`` joins the operands, whatever it looks like."""
        end = arguments.index("--") if "--" in arguments else len(arguments)
        given = vars(self.parse_intermixed_args(arguments[:end]))
        return given | {operands: [*given.get(operands, ()), *arguments[end + 1 :]]}
