"""Does a service still work after Tightship's fixes: ``python -m tests.lab.fixes``.

The plain Compose file of each stand-in is fixed with ``--fix --all-fixes``, as a
person would do it, and tried (``tests/lab/hardening.py``): on new volumes, and on those
that the plain file has filled; with named volumes, and with folders of the host. It fails
if one service does not work.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from tests.lab.engine import LabError, engine, missing_part
from tests.lab.hardening import Expected, Users, run_on_plain_volumes, run_trial
from tests.lab.stand_ins import build, stand_ins
from tests.lab.variants import with_bind_mounts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

AT_A_TIME = 2
FIX_SECONDS = 60


class PlainFileError(Exception):
    """A Compose file does not work before it is changed."""


def fixed(text: str) -> str:
    """Return a Compose file as Tightship leaves it after all its fixes."""
    return fixed_files({"compose.yaml": text.lstrip()})["compose.yaml"]


def fixed_files(files: Mapping[str, str], python: str = sys.executable) -> dict[str, str]:
    """Return the files of a project as Tightship leaves them after all its fixes.

    ``python`` runs it.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            place = Path(folder) / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        fix = ("check", "--fix", "--all-fixes", "--fail-on", "never", folder)
        done = subprocess.run(
            (python, "-m", "tightship", *fix),
            capture_output=True,
            text=True,
            timeout=FIX_SECONDS,
            check=False,
        )
        if done.returncode:
            raise LabError(f"tightship {' '.join(fix)}: {done.stderr.strip()}")
        return {path: (Path(folder) / path).read_text("utf-8") for path in files}


def try_change(engine: Engine, stand_in: StandIn, change: Callable[[str], str]) -> tuple[str, str]:
    """Change the plain Compose file, and return the new file and what fails with it.

    Raises:
        PlainFileError: The plain file does not work.
    """
    build(engine, stand_in)
    plain = run_trial(engine, stand_in, stand_in.compose, Expected(frozenset()))
    if plain.failed:
        raise PlainFileError(plain.failed)
    text = change(stand_in.compose)
    expected = Expected(
        _users(engine, stand_in, text) or plain.users, 2 * plain.answer + 8, plain.stop, plain.stops
    )
    trial = run_trial(engine, stand_in, text, expected)
    if not trial.failed:
        trial = run_on_plain_volumes(engine, stand_in, text, expected)
    return text, trial.failed


def _users(engine: Engine, stand_in: StandIn, text: str) -> Users:
    """Return the user that a Compose file sets, as a number."""
    [service] = yaml.safe_load(text)["services"].values()
    user = str(service.get("user", ""))
    if not user:
        return frozenset()
    run = ("run", "--rm", "--user", user, "--entrypoint", "sh", stand_in.image)
    numbers = engine.docker(*run, "-c", 'echo "$(id -u):$(id -g)"')
    return frozenset({numbers.strip()})


def _added(plain: str, text: str) -> str:
    """Return the keys that a change added to the service, in one line."""

    def body(of: str) -> dict[str, Any]:
        [service] = yaml.safe_load(of)["services"].values()
        return dict(service)

    before = body(plain)
    return ", ".join(
        f"{key}: {value}" for key, value in body(text).items() if before.get(key) != value
    )


def _try(engine: Engine, stand_in: StandIn, how: str) -> bool:
    """Try the fixes and print what came of it; return whether the service works."""
    try:
        text, failed = try_change(engine, stand_in, fixed)
        what = _added(stand_in.compose, text)
    except PlainFileError as error:
        # Some images cannot write to a folder that is root's, whatever is fixed.
        print(f"{stand_in.name}{how}: not tried, {error}", flush=True)
        return bool(how)
    except LabError as error:
        what, failed = "", str(error)
    print(f"{stand_in.name}{how}: {failed or 'works'}\n    {what}", flush=True)
    return not failed


def main() -> int:
    """Try the fixes of the stand-ins that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="tests.lab.fixes")
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    options = parser.parse_args()
    missing = missing_part()
    if missing is not None:
        print(f"the lab is skipped: {missing}")
        return 0
    start = time.monotonic()
    with engine() as running, ThreadPoolExecutor(AT_A_TIME) as pool:

        def works(stand_in: StandIn, running: Engine = running) -> bool:
            """Try both kinds of volumes: named ones, and folders that are root's."""
            text = with_bind_mounts(stand_in.compose)
            found = _try(running, stand_in, "")
            if text == stand_in.compose:
                return found
            bound = replace(stand_in, compose=text)
            return _try(running, bound, " with bind mounts") and found

        worked = list(pool.map(works, stand_ins(options.only)))
    seconds = time.monotonic() - start
    print(f"{sum(worked)} of {len(worked)} work after the fixes; {seconds:.0f} s")
    return 0 if all(worked) else 1


if __name__ == "__main__":
    sys.exit(main())
