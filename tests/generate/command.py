"""The command ``tightship`` as pages show it: always on the same day."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.generate.day import TODAY

import tightship

_SCRIPT = f"""\
#!{sys.executable}
import datetime
import sys

from tightship.cli.main import main
from tightship.values import quantity

TODAY = datetime.date({TODAY.year}, {TODAY.month}, {TODAY.day})
quantity.today = lambda *, days_ago=0: str(TODAY - datetime.timedelta(days_ago))
sys.exit(main())
"""


@cache
def _folder() -> TemporaryDirectory[str]:
    """Return a folder with the script; it is removed when the process ends."""
    folder = TemporaryDirectory(prefix="tightship-command-")
    script = Path(folder.name) / "tightship"
    script.write_text(_SCRIPT, encoding="utf-8")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return folder


def environment(home: Path) -> dict[str, str]:
    """Return the variables of a command: its output depends on none of the user's."""
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join((_folder().name, scripts, os.environ["PATH"]))
    linter = str(Path(tightship.__file__).parents[1])
    of_windows = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {"PATH": path, "HOME": str(home), "PYTHONPATH": linter, **of_windows}


def printed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, without a terminal."""
    return subprocess.run(
        [sys.executable, Path(_folder().name) / "tightship", *words],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
