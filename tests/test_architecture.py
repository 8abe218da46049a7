"""The house rules that no other tool holds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = sorted([*ROOT.glob("linter/**/*.py"), *ROOT.glob("lsp/**/*.py")])
EVERY = [*PRODUCT, *sorted(ROOT.glob("tests/**/*.py"))]
# These read and write the disk; everything else is handed what they read.
DISK = {
    "linter/tightship/engine/disk/regular.py",
    "linter/tightship/engine/disk/folder.py",
}
NULL_DEVICE = {"linter/tightship/cli/console.py"}
# It asks the user's own Git what has changed, when it is told to, and turns off all that
# a repository could have Git start. Nothing else may start a program.
ASKS_GIT = {"linter/tightship/cli/changed.py"}

every_file = pytest.mark.parametrize(
    "path", EVERY, ids=lambda path: str(path.relative_to(ROOT))
)
product_file = pytest.mark.parametrize(
    "path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT))
)


@every_file
def test_a_file_says_by_its_name_what_it_holds(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "base", "misc", "types"}


@product_file
def test_a_file_can_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 420


@product_file
def test_only_the_files_layer_touches_the_disk(path: Path) -> None:
    if str(path.relative_to(ROOT)).replace("\\", "/") in DISK | NULL_DEVICE:
        return
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<![.\w])open\(|os\.open\(|read_text\(", text)


@product_file
def test_nothing_is_executed_or_fetched(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    modules = "urllib|socket|http|ssl|ctypes|pty|multiprocessing"
    if str(path.relative_to(ROOT)).replace("\\", "/") not in ASKS_GIT:
        modules += "|subprocess"
    assert not re.search(rf"^\s*(?:from|import) (?:{modules})\b", text, re.MULTILINE)
    assert not re.search(r"\bos\.(?:system|popen|exec\w*|spawn\w*|fork)\b", text)
    assert not re.search(r"(?<![.\w])(?:eval|exec)\(", text)


def test_the_arrows_point_down() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint_imports], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_linter_and_lsp_are_source_roots_and_no_packages() -> None:
    assert not (ROOT / "linter" / "__init__.py").exists()
    assert not (ROOT / "lsp" / "__init__.py").exists()
