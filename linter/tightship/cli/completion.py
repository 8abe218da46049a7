"""``tightship completion``: a script that completes command lines in a shell."""

from __future__ import annotations

from tightship.cli.arguments import Parser
from tightship.cli.console import Output
from tightship.cli.synopsis import Vocabulary, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.synopsis import Command

SHELLS = ("bash", "zsh", "fish")

_ABOUT = """\
Prints a script that completes commands, options, rules, themes, sets and images in a
shell.
"""

_EPILOG = """\
examples:
  source <(tightship completion bash)        in ~/.bashrc
  source <(tightship completion zsh)         in ~/.zshrc, below `compinit`
  tightship completion fish > ~/.config/fish/completions/tightship.fish
"""


def run(arguments: list[str]) -> int:
    """Print the script for a shell; return the exit code."""
    reader = parser()
    shell = reader.read(arguments).get("shell")
    if shell is None:
        reader.error(f"`SHELL` takes one of these values: {', '.join(SHELLS)}")
    output = Output()
    output.close(script(shell))
    return 0


def script(shell: str) -> str:
    """Return the script for one of :data:`SHELLS`."""
    every, vocabulary = every_command(), Vocabulary()
    if shell == "bash":
        from tightship.cli.shells import bash

        return bash.script(every, vocabulary)
    if shell == "zsh":
        from tightship.cli.shells import zsh

        return zsh.script(every, vocabulary)
    from tightship.cli.shells import fish

    return fish.script(every, vocabulary)


def every_command() -> list[Command]:
    """Return all commands, this one included."""
    return commands(("completion", parser()))


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("completion", "SHELL", _ABOUT, _EPILOG)
    made.add_argument("shell", nargs="?", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
    return made
