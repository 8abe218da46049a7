"""``tightship convert``: print a command that starts a container as a Compose service."""

from __future__ import annotations

import os

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.engine.disk.files import Files
from tightship.engine.disk.root import canonical, project_root, real_path
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.docker_run.settings import CommandSettings

_ABOUT = """\
Prints the `docker run` command at a line as a Compose file with one service of the same
isolation. A comment lists the flags that no key of Compose stands for. Nothing is printed
if only a run decides what the command sets.

FILE is a script, a Makefile, a file of a CI, a systemd unit or a page of documentation.
Without a LINE, it has one such command.
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

    name, _, number = operand.rpartition(":")
    if not name or not number.isdecimal() or os.path.lexists(operand):
        name, number = operand, ""
    path = canonical(name)
    files = Files(project_root(path, here=real_path(os.curdir)))
    source = files.read(path)
    if not isinstance(source, Source):
        raise UsageError(f"{name}: {source.message}")
    every = declare(FileProject(source, files))
    if not every:
        raise UsageError(f"no command in {name} starts a container")
    lines = [_lines(one) for one in every]
    chosen = [
        one
        for one, (first, last) in zip(every, lines, strict=True)
        if not number or first <= int(number) <= last
    ]
    if len(chosen) == 1:
        return chosen[0]
    shown = ", ".join(f"{name}:{first}" for first, _ in lines)
    what = "several commands start containers" if chosen else f"no command begins at {operand}"
    raise UsageError(f"{what}: name one of {shown}")


def _lines(settings: CommandSettings) -> Sequence[int]:
    """Return the first and the last line of a command, counted from one."""
    whole = settings.command.whole
    return [whole.source.point(offset)[0] + 1 for offset in (whole.start, whole.end)]


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("convert", "FILE[:LINE]", _ABOUT, _EPILOG)
    made.add_argument(
        "operands", nargs="*", metavar="FILE", help="a file, with the line of a command"
    )
    return made
