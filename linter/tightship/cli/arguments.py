"""Command lines, read with argparse."""

from __future__ import annotations

import argparse
import os

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
        )

    def read(self, arguments: list[str], operands: str) -> argparse.Namespace:
        """Parse; what follows ``--`` joins the operands, whatever it looks like."""
        end = arguments.index("--") if "--" in arguments else len(arguments)
        found = self.parse_intermixed_args(arguments[:end])
        getattr(found, operands).extend(arguments[end + 1 :])
        return found
