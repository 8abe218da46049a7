"""What it costs a cold run that configuration files are looked for, and read."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.bench.measure import Command, median_of

OTHERS = '[project]\nname = "tightship"\n' + "# a line of others\n" * 100
OURS = 'fail-on = "error"\nignore = ["unlimited-log"]\n'


def bench(tightship: Command, file: Path, runs: int) -> None:
    """Print what the files add, in the folder of a file with nothing else, and with."""
    with tempfile.TemporaryDirectory() as root:
        folders = {
            "no file": Path(root, "none"),
            "a pyproject.toml of others": Path(root, "others"),
            "a tightship.toml": Path(root, "ours"),
        }
        commands: dict[str, Command] = {}
        for name, folder in folders.items():
            inner = folder / "deploy" / "web"
            inner.mkdir(parents=True)
            (folder / ".git").mkdir()
            shutil.copy(file, inner / "compose.yaml")
            path = str(inner / "compose.yaml")
            commands[name] = [*tightship, path]
            commands[f"{name}, not looked for"] = [*tightship, "--no-config", path]
        (folders["a pyproject.toml of others"] / "pyproject.toml").write_text(OTHERS)
        (folders["a tightship.toml"] / "tightship.toml").write_text(OURS)
        times = median_of(commands, runs)
    for name in folders:
        added = times[name] - times[f"{name}, not looked for"]
        print(f"  {name:28}{times[name]:9.1f} ms CPU, of which {added:5.1f} for it")
