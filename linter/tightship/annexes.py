"""What hangs on the core and may be left alone: the annexes, and what each brings.

An annexe is a package of `tightship_annexes`, with its own README and tests. The core knows it
by these tables alone. It imports the core, never another annexe; an installation without it says
which part is missing when its command or format is asked for, and is the same in all else.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

PACKAGE = "tightship_annexes"
COMMANDS = {
    "diff": "review.diff",
    "map": "review.map",
    "migrate": "migration.command",
    "try": "trial.command",
}
"""The commands that annexes bring, each with the module that runs it, below the package."""

FORMATS = {"html": "review.html.report", "markdown": "review.report.markdown"}
"""The formats of a report that annexes bring, each with the module that makes it."""


class MissingAnnexeError(Exception):
    """An installation lacks an annexe."""


def command(name: str) -> ModuleType:
    """Return the module that runs a command of an annexe.

    Raises:
        MissingAnnexeError: if the annexe is not installed.

    """
    return _module(COMMANDS[name], f"`tightship {name}`")


def format(name: str) -> ModuleType:
    """Return the module that makes a format of an annexe.

    Raises:
        MissingAnnexeError: if the annexe is not installed.

    """
    return _module(FORMATS[name], f"the format {name}")


def _module(path: str, who: str) -> ModuleType:
    annexe = path.partition(".")[0]
    try:
        return __import__(f"{PACKAGE}.{path}", fromlist=("run",))
    except ModuleNotFoundError as error:
        if error.name not in (PACKAGE, f"{PACKAGE}.{annexe}"):
            raise
        text = (
            f"{who} needs the part `{annexe}`, which this installation lacks; "
            "install Tightship again"
        )
        raise MissingAnnexeError(text) from None
