"""What hangs on the core and may be left alone: the annexes, and what each brings.

An annexe is a package of `tightship_annexes`, with its own README and tests. The core knows it
by this table alone. It imports the core, never another annexe; an installation without it says
which part is missing when its command is asked for, and is the same in all else.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

PACKAGE = "tightship_annexes"
COMMANDS = {"migrate": "migration", "try": "trial"}
"""The commands that annexes bring, each with its annexe: the module `command` in it runs it."""


class MissingAnnexeError(Exception):
    """An installation lacks an annexe."""


def module_of(command: str) -> ModuleType:
    """Return the module that runs a command of an annexe.

    Raises:
        MissingAnnexeError: if the annexe is not installed.

    """
    annexe = COMMANDS[command]
    try:
        return __import__(f"{PACKAGE}.{annexe}.command", fromlist=("run",))
    except ModuleNotFoundError as error:
        if error.name not in (PACKAGE, f"{PACKAGE}.{annexe}"):
            raise
        text = (
            f"`tightship {command}` needs the part `{annexe}`, which this installation lacks; "
            "install Tightship again"
        )
        raise MissingAnnexeError(text) from None
