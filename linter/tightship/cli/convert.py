"""``tightship convert``: print a command that starts a container as a Compose service."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.engine.disk.files import Files
from tightship.engine.disk.given import look_up
from tightship.engine.disk.root import project_root, real_path
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.docker_run.project import CommandSettings

_ABOUT = """\
Prints the `docker run` command at a line as a Compose file with one service of the same
isolation. A comment lists the flags that no key of Compose stands for. Nothing is printed
if only a run decides what the command sets.

FILE is a script, a Makefile, a file of a CI, a systemd unit or a page of documentation.
Without a LINE, it has one such command; a COLUMN names one of several on a line.
"""

_EPILOG = """\
examples:
  tightship convert start.sh:12
  tightship convert Makefile > compose.yaml

exit codes:
  0  printed
  2  no such command, or what it sets is not certain
  3  Tightship failed: a bug, or its output could not be written
"""


def run(arguments: list[str]) -> int:
    """Print the command that the arguments name; return the exit code."""
    from tightship.frontends.docker_run.convert import NotConvertible, as_service

    given = parser().read(arguments, "operands")
    if len(given["operands"]) != 1:
        raise UsageError("name one file, with the line of a command: `start.sh:12`")
    output = Output()
    [operand] = given["operands"]
    found = _command(operand)
    try:
        output.write(as_service(found))
    except NotConvertible as error:
        raise UsageError(f"{operand}: {error}") from None
    output.close()
    return 0


def _command(operand: str) -> CommandSettings:
    """Return the command that an operand names.

    Raises:
        UsageError: if there is none, or several.

    """
    from tightship.frontends.docker_run.project import declare
    from tightship.model.file_project import FileProject

    name, line, column = _place(operand)
    given = look_up(name)
    files = Files(project_root(given, here=real_path(os.curdir)))
    source = files.read(given.full)
    if not isinstance(source, Source):
        raise UsageError(f"{name}: {source.message}")
    every = declare(FileProject(source, files))
    if not every:
        raise UsageError(f"no command in {name} starts a container")
    chosen = [one for one in every if not line or _starts(one)[0] <= line <= _last_line(one)]
    if column:
        chosen = [one for one in chosen if _starts(one) == (line, column)]
    if len(chosen) == 1:
        return chosen[0]
    places = [_starts(one) for one in chosen or every]
    lines = [first for first, _ in places]
    is_shared = len(set(lines)) < len(lines)
    shown = (f"{name}:{first}" + f":{at}" * is_shared for first, at in places)
    what = "several commands start containers" if chosen else f"no command begins at {operand}"
    raise UsageError(f"{what}: name one of {', '.join(shown)}")


def _place(operand: str) -> tuple[str, int, int]:
    """Return a file, and the line and the column behind it, or zero without one."""
    numbers = list[int]()
    name = operand
    while len(numbers) < 2 and not os.path.lexists(name):
        before, _, number = name.rpartition(":")
        if not before or not number.isdecimal():
            break
        name, numbers = before, [int(number), *numbers]
    line, column = [*numbers, 0, 0][:2]
    return name, line, column


def _starts(settings: CommandSettings) -> tuple[int, int]:
    """Return the line and the column in which a command begins, counted from one."""
    whole = settings.command.whole
    line, column = whole.source.point(whole.start)
    return line + 1, column + 1


def _last_line(settings: CommandSettings) -> int:
    whole = settings.command.whole
    return whole.source.point(whole.end)[0] + 1


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("convert", "FILE[:LINE[:COLUMN]]", _ABOUT, _EPILOG)
    made.add_argument(
        "operands", nargs="*", metavar="FILE", help="a file, with the line of a command"
    )
    return made
