"""Commands of pacman, whose verbs are options: pacman(8), operations."""

from __future__ import annotations

from tightship.commands.packages import Manager, PackageCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.commands.calls import Call
    from tightship.commands.program import Arguments

_QUERIES = ("-g", "-i", "-l", "-s", "--groups", "--info", "--list", "--search")


def read(call: Call, manager: Manager) -> PackageCommand | None:
    """Return what a command of pacman does, or None if it changes nothing."""
    program = call.program
    assert program is not None
    arguments = program.arguments(manager.valued)
    found = _action(arguments)
    if found is None:
        return None
    action, name = found
    command = PackageCommand(call, "pacman", manager, arguments, action, 0)
    flag = arguments.flag(*name)
    command.verbs = (flag.word,) if flag is not None else ()
    return command


def _action(arguments: Arguments) -> tuple[str, tuple[str, str]] | None:
    if arguments.flag("-R", "--remove"):
        return "remove", ("-R", "--remove")
    if arguments.flag("-U", "--upgrade"):
        return "local", ("-U", "--upgrade")
    sync = ("-S", "--sync")
    if not arguments.flag(*sync) or arguments.flag(*_QUERIES):
        return None
    if arguments.flag("-c", "--clean"):
        return "clean", sync
    if arguments.operands:
        return "install", sync
    return ("upgrade" if arguments.flag("-u", "--sysupgrade") else "refresh"), sync
