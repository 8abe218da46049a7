"""Our modules are found without a search as Python finds them with one."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
import zipfile
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

import tightship
from tightship.lazy.modules import ModulesOf

ROOT = Path(tightship.__file__).parent
NAMES = [
    module.name for module in pkgutil.walk_packages(tightship.__path__, "tightship.")
]


def test_every_module_is_found_as_python_finds_it() -> None:
    finder = ModulesOf("tightship")
    for name in NAMES:
        folder = ROOT.parent.joinpath(*name.split(".")[:-1])
        ours = finder.find_spec(name, [str(folder)])
        theirs = PathFinder.find_spec(name, [str(folder)])
        assert ours is not None, name
        assert theirs is not None
        assert ours == theirs, name
        assert ours.cached == theirs.cached
        assert ours.parent == theirs.parent


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("tightship.none", [str(ROOT)]),
        ("tightship", None),
        ("tightship.api", None),
        ("tightship.api", []),
        ("json.decoder", [str(ROOT)]),
        ("tightship_lsp.server", [str(ROOT)]),
    ],
)
def test_other_modules_are_left_to_others(name: str, path: list[str] | None) -> None:
    assert ModulesOf("tightship").find_spec(name, path) is None


def test_tightship_runs_from_an_archive(tmp_path: Path) -> None:
    """No file is in its usual place there."""
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in ROOT.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                file.write(path, path.relative_to(ROOT.parent))
    (tmp_path / "Dockerfile").write_text("FROM scratch\nUSER 1\n")
    code = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); sys.argv[1:] = ['check', '.'];"
        "from tightship.cli.main import main; import tightship;"
        "print(tightship.__file__, flush=True); sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(str(archive))
    assert (done.returncode, done.stderr) == (0, "")
