"""What `tightship try` has left on the engine is removed, and said."""

from __future__ import annotations

from contextlib import contextmanager

from tightship.cli.console import Output, print_error
from tightship_annexes.trial.cleaning import clean, clean_ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator

    from tightship_annexes.trial.announcement import Progress
    from tightship_annexes.trial.engine import Engine

_CLEANED = {
    "ended": "removed",
    "running": "left alone: it is running",
    "elsewhere": "left alone: another machine, or a container, made it; run `--clean` there",
    "unknown": "left alone: it is not known who made it",
}


@contextmanager
def cleaned(engine: Engine, label: str, progress: Progress) -> Generator[None]:
    """Remove in the end what has a label, whatever happens; say so if that fails."""
    left, is_whole = [label], False
    try:
        yield
        is_whole = not engine.has_killed
    finally:
        progress.say("removing the copy")
        try:
            left = clean(engine, label, is_whole=is_whole)
        finally:
            if left:
                print_error("not everything is removed: `tightship try --clean` tries again")


def remove_ended(engine: Engine, progress: Progress) -> None:
    """Remove what earlier runs have left, if they were killed."""
    for label, made_by, left in clean_ended(engine):
        if made_by == "ended":
            progress.say(f"{'could not remove' if left else 'removed'} what run {label} has left")


def clean_all(engine: Engine) -> int:
    """Remove what ended runs have left; return the exit code."""
    output, code = Output(), 0
    for label, made_by, left in clean_ended(engine):
        output.write(f"{label}: {_CLEANED[made_by] if not left else 'a part is left'}\n")
        code |= bool(left)
    output.close()
    return code
