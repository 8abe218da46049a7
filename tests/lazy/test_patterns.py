"""Compiled patterns are equal to those that `re` compiles, and are kept only as such."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tightship
from tightship.lazy import patterns
from tightship.lazy.modules import SourceLoader

PACKAGE = Path(tightship.__file__).parent
USE = """
import sys
from tightship.lazy import regex, patterns
assert regex(r"(?i)(?P<word>[a-z]+)-(x)|é").match("AB-x")["word"] == "AB"
print("re" in sys.modules)
patterns.keep()
"""


def constant_patterns() -> set[str]:
    """Return the patterns of the package that are written as one text."""
    return {
        call.args[0].value
        for path in PACKAGE.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "regex"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_each_pattern_of_the_package_is_restored_as_an_equal_one() -> None:
    found = constant_patterns()
    assert len(found) > 200
    for pattern in found:
        made = re.compile(pattern)
        restored = patterns._restored(pattern, *patterns._entry(pattern, made))
        assert restored == made
        assert restored.groupindex == made.groupindex
        assert restored.flags == made.flags


def test_patterns_are_made_at_import_only() -> None:
    # Those of functions could come from a linted file, and are not to be kept.
    inside = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        # The tables of ways to bypass a verification call it as they are made.
        and getattr(function, "name", "") != "config_lines"
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "regex"
    ]
    assert not inside


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a folder with a package that has nothing but our `lazy`."""
    for name in ("__init__.py", "lazy/__init__.py", "lazy/modules.py", "lazy/patterns.py"):
        path = tmp_path / "tightship" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((PACKAGE / name).read_bytes())
    kept = PACKAGE / "lazy" / "kept_patterns.py"
    (tmp_path / "tightship" / "lazy" / kept.name).write_bytes(kept.read_bytes())
    return tmp_path


def use(folder: Path, **environment: str) -> bool:
    """Return whether a process that uses a pattern has imported `re`."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", USE],
        cwd=folder,
        env={"PYTHONPATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip() == "True"


def bytecode(folder: Path) -> list[Path]:
    return [*folder.rglob("kept_patterns*.pyc")]


def test_the_second_run_needs_no_re(installed: Path) -> None:
    assert use(installed)
    assert not use(installed)
    assert len(bytecode(installed)) == 1


def test_a_run_keeps_what_others_have_kept(installed: Path) -> None:
    use(installed)
    [path] = bytecode(installed)
    before = path.stat().st_size
    other = USE.replace("[a-z]+", "[a-y]+")
    subprocess.run(
        [sys.executable, "-S", "-c", other],
        env={"PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert path.stat().st_size > before
    assert not use(installed)


def test_another_version_of_the_file_has_kept_nothing(installed: Path) -> None:
    use(installed)
    source = installed / "tightship" / "lazy" / "kept_patterns.py"
    source.write_text(source.read_text() + "\n# another version\n")
    assert use(installed)
    assert not use(installed)


def test_nothing_is_kept_where_no_bytecode_is_wanted(installed: Path) -> None:
    assert use(installed, PYTHONDONTWRITEBYTECODE="1")
    assert not bytecode(installed)


def test_a_folder_that_cannot_be_written_changes_nothing(installed: Path) -> None:
    # A file is in the place of the folder for bytecode.
    (installed / "tightship" / "lazy" / "__pycache__").write_text("")
    assert use(installed)
    assert use(installed)


@pytest.mark.parametrize("damage", [b"", b"\x00" * 999, None])
def test_damaged_bytecode_is_replaced(installed: Path, damage: bytes | None) -> None:
    use(installed)
    [path] = bytecode(installed)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else whole[:16] + damage)
    assert use(installed)
    assert not use(installed)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_may_write_what_others_run(installed: Path) -> None:
    before = os.umask(0)
    try:
        use(installed)
    finally:
        os.umask(before)
    [path] = bytecode(installed)
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("missing", [TypeError, AttributeError])
def test_nothing_is_kept_if_python_compiles_in_another_way(
    monkeypatch: pytest.MonkeyPatch, missing: type[Exception]
) -> None:
    def entry(*_: object) -> None:
        raise missing

    kept: list[str] = []

    def keep(_: SourceLoader, source: str) -> None:
        kept.append(source)

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(patterns, "_new", {"a": re.compile("a")})
    monkeypatch.setattr(SourceLoader, "keep", keep)
    patterns.keep()
    assert len(kept) == 1
    monkeypatch.setattr(patterns, "_entry", entry)
    patterns.keep()
    assert len(kept) == 1


def test_a_folder_that_others_own_costs_no_second_compilation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled: list[object] = []

    def entry(*one: object) -> None:
        compiled.append(one)

    def access(*_: object) -> bool:
        return False

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(patterns, "_new", {"a": re.compile("a")})
    monkeypatch.setattr(patterns, "_entry", entry)
    monkeypatch.setattr(os, "access", access)
    patterns.keep()
    assert not compiled
