"""The VS Code extension where it needs no editor: its finder, and its package."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.editors.conftest import Program

EXTENSION = Path(__file__).parents[3] / "vscode-ext"


def test_the_finder_passes_its_own_tests(node: str, program: Program) -> None:
    del node
    done = subprocess.run(
        [program("npm"), "test"],
        cwd=EXTENSION,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "# fail 0" in done.stdout


def test_the_package_runs_anywhere(vsix: Path) -> None:
    with zipfile.ZipFile(vsix) as package:
        names = package.namelist()
    libs = "extension/bundled/libs"
    assert {f"{libs}/tightship/cli/main.py", f"{libs}/pygls/server.py"} <= set(names)
    native = (".so", ".pyd", ".dll", ".dylib", ".exe", ".node")
    assert not [name for name in names if name.endswith((*native, ".pyc", ".map"))]
    assert not [name for name in names if "/node_modules/" in name or "/src/" in name]
    assert not [name for name in names if name.endswith("direct_url.json")]
