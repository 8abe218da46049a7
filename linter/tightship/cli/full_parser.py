"""Command lines as argparse reads them: with help, and errors that say what to do."""

from __future__ import annotations

import argparse
import sys

from tightship import __version__
from tightship.cli.console import Output, terminal_columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_NARROWEST, _WIDEST = 40, 88  # columns of a help text


class _Help(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        # argparse would import shutil for the width, even when no help is shown.
        width = min(terminal_columns(sys.stdout) or _WIDEST, _WIDEST)
        super().__init__(prog, max_help_position=26, width=max(width, _NARROWEST))


class FullParser(argparse.ArgumentParser):
    """A parser for one command; paths and options may come in any order."""

    def __init__(self, command: str, usage: str, about: str, epilog: str) -> None:
        """Make a parser that knows ``--help`` and ``--version`` only."""
        super().__init__(
            prog=f"tightship {command}",
            usage=f"tightship {command} {usage}".rstrip(),
            description=about,
            epilog=epilog,
            formatter_class=_Help,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            exit_on_error=False,
        )
        self.add_argument(
            "-V",
            "--version",
            action="version",
            version=f"tightship {__version__}",
            help="show the version and exit",
        )

    def read(self, arguments: list[str], operands: str = "") -> Mapping[str, Any]:
        """Return what a line gives, as ``Parser.read`` says, or end the run with an error."""
        end = arguments.index("--") if "--" in arguments else len(arguments)
        try:
            # A later version of Python would suggest choices, and no options.
            known, unknown = self.parse_known_intermixed_args(arguments[:end])
        except argparse.ArgumentError as error:
            self.error(self._wrong(error))
        if unknown:
            self.error(self._unknown(unknown[0]))
        given = vars(known)
        if not operands:
            if arguments[end + 1 :]:
                self.error(self._unknown(arguments[end + 1]))
            return given
        return given | {operands: [*given.get(operands, ()), *arguments[end + 1 :]]}

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help with the errors of any output; argparse would ignore them."""
        if file is not sys.stdout:
            super()._print_message(message, file)
            return
        output = Output()
        output.close(message)

    def _wrong(self, error: argparse.ArgumentError) -> str:
        """Return what an argument takes, where argparse says only that it is wrong."""
        for action in self._actions:
            names = action.option_strings
            if error.argument_name not in ("/".join(names), action.metavar):
                continue
            name = names[-1] if names else action.metavar
            choices = ", ".join(map(str, action.choices or ()))
            if error.message.startswith("ignored explicit argument"):
                return f"`{name}` takes no value"
            if error.message.startswith("expected"):
                return f"`{name}` needs a value: {choices or action.metavar}"
            if error.message.startswith("invalid choice"):
                return f"`{name}` takes one of these values: {choices}"
        return str(error)

    def _unknown(self, word: str) -> str:
        from tightship.report.terminal import brief
        from tightship.values.matching import closest

        if not word.startswith("-"):
            takes_none = all(one.option_strings for one in self._actions)
            why = f": `{self.prog}` takes options only" if takes_none else ""
            return f"unexpected argument `{brief(word)}`{why}"
        option = brief(word.partition("=")[0])
        long = [one for one in self._option_string_actions if one.startswith("--")]
        guess = closest(option, long)
        hint = f"did you mean `{guess}`?" if guess else f"`{self.prog} --help` lists all"
        return f"unknown option `{option}`; {hint}"
