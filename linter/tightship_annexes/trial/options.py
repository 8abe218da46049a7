"""Options of ``tightship try``: what is in the copy, who uses it, and what is written."""

from __future__ import annotations

from tightship.cli.arguments import wrong_value
from tightship.values.matching import closest
from tightship_annexes.trial import probe_file
from tightship_annexes.trial.danger import WORDS
from tightship_annexes.trial.engine_trials import PATIENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Parser

_LONGEST = 3600  # seconds of patience


def add_ways(made: Parser) -> None:
    """Add what exercises the copy beside probes, and what proposes these."""
    add = made.add_argument
    add(
        "--use",
        action="store_true",
        help="in the end, run the hardened copy on ports of 127.0.0.1 until you press Enter: use"
        " it, and what fails is given back",
    )
    add(
        "--propose-probes",
        action="store_true",
        help=f"only start the project as it is, and write a first {probe_file.NAME} with what its"
        " ports answer; where there is one, print it",
    )


def add_copy(made: Parser) -> None:
    """Add what is in the copy."""
    add = made.add_argument
    add("--pull", action="store_true", help="pull the images that are missing")
    add("--build", action="store_true", help="build the images of services with `build`")
    add(
        "--patience",
        type=_seconds,
        metavar="SECONDS",
        help="wait so long for ports and health checks, while the log has new lines"
        f" (default: {PATIENCE:g})",
    )
    add("--network", action="store_true", help="let the containers reach other networks")
    add("--with-data", action="store_true", help="copy the named volumes that are there")


def add_writing(made: Parser) -> None:
    """Add what is done with the result, and with what is left."""
    how = made.add_mutually_exclusive_group()
    how.add_argument(
        "--write", action="store_true", help="write what was found into the Compose files"
    )
    how.add_argument("--to", metavar="FILE", help="write it into an override file")
    how.add_argument("--diff", action="store_true", help="print it as a unified diff")
    add = made.add_argument
    add(
        "--changed",
        action="store_true",
        help="try only services that differ from what their facts were measured on",
    )
    add("--clean", action="store_true", help="only remove what interrupted runs have left")


def _seconds(text: str) -> float:
    """Read a number of seconds."""
    if not text.isdecimal() or not 0 < int(text) <= _LONGEST:
        raise wrong_value(f"a number of seconds is from 1 to {_LONGEST}")
    return float(text)


def ways(text: str) -> str:
    """Read words of `--allow`, with commas between them."""
    for word in text.split(","):
        if word not in WORDS:
            guess = closest(word, WORDS)
            hint = f"did you mean `{guess}`?" if guess else f"choose from {', '.join(WORDS)}"
            raise wrong_value(f"unknown word `{word}`; {hint}")
    return text
