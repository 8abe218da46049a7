"""Our modules are found without a search as Python finds them with one."""

from __future__ import annotations

import json
import os
import pkgutil
import py_compile
import subprocess
import sys
import tomllib
import zipfile
from importlib.machinery import PathFinder, SourceFileLoader
from importlib.util import cache_from_source, module_from_spec
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest

import tightship
from tightship.lazy import modules
from tightship.lazy.modules import ModulesOf, as_module, data_of, facts

ROOT = Path(tightship.__file__).parent
NAMES = [module.name for module in pkgutil.walk_packages(tightship.__path__, "tightship.")]


def test_every_module_is_found_as_python_finds_it() -> None:
    finder = ModulesOf("tightship")
    for name in NAMES:
        folder = ROOT.parent.joinpath(*name.split(".")[:-1])
        ours = finder.find_spec(name, [str(folder)])
        theirs = PathFinder.find_spec(name, [str(folder)])
        assert ours is not None, name
        assert theirs is not None
        for fact in (
            "name",
            "origin",
            "submodule_search_locations",
            "has_location",
            "cached",
            "parent",
        ):
            assert getattr(ours, fact) == getattr(theirs, fact), name
        assert isinstance(ours.loader, SourceFileLoader)
        assert isinstance(theirs.loader, SourceFileLoader)
        assert ours.loader.name == theirs.loader.name
        assert ours.loader.path == theirs.loader.path


def executed(folder: Path) -> object:
    """Return the value of a module that our finder finds in a folder."""
    spec = ModulesOf("package").find_spec("package.module", [str(folder)])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.VALUE


def test_current_bytecode_stands_for_the_source(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("VALUE = 1")
    py_compile.compile(str(file))
    # A text of the same size and time, which is all that Python compares.
    facts = file.stat()
    file.write_text("VALUE = 2")
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert executed(tmp_path) == 1


def test_a_source_without_bytecode_is_compiled_and_the_bytecode_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "module.py"
    file.write_text("VALUE = 1")
    assert executed(tmp_path) == 1
    assert Path(cache_from_source(str(file))).exists()


@pytest.mark.parametrize("changed", ["size", "time"])
def test_stale_bytecode_is_not_used(tmp_path: Path, changed: str) -> None:
    file = tmp_path / "module.py"
    file.write_text("VALUE = 1")
    py_compile.compile(str(file))
    time = file.stat().st_mtime
    file.write_text("VALUE = 22" if changed == "size" else "VALUE = 2")
    os.utime(file, (time, time if changed == "size" else time - 10))
    assert executed(tmp_path) == (22 if changed == "size" else 2)


@pytest.mark.parametrize("damage", ["other Python", "cut off", "empty"])
def test_bytecode_that_is_not_ours_is_not_used(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "module.py"
    file.write_text("VALUE = 2")
    bytecode = Path(py_compile.compile(str(file)) or "")
    stored = bytecode.read_bytes()
    damaged = {"other Python": b"1234" + stored[4:], "cut off": stored[:9], "empty": b""}
    bytecode.write_bytes(damaged[damage])
    assert executed(tmp_path) == 2


@pytest.mark.parametrize("mode", PycInvalidationMode)
def test_bytecode_is_validated_by_its_own_flags(tmp_path: Path, mode: PycInvalidationMode) -> None:
    """By a hash of the source instead of its time, for instance, or not at all."""
    file = tmp_path / "module.py"
    file.write_text("VALUE = 1")
    py_compile.compile(str(file), invalidation_mode=mode)
    file.write_text("VALUE = 23")
    unchecked = mode is PycInvalidationMode.UNCHECKED_HASH
    assert executed(tmp_path) == (1 if unchecked else 23)


def test_a_large_module_is_loaded_whole(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(f"TEXT = {'-' * 70_000!r}\nVALUE = len(TEXT)")
    py_compile.compile(str(file))
    assert executed(tmp_path) == 70_000


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
def test_other_modules_are_found_by_python(name: str, path: list[str] | None) -> None:
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
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith(str(archive))
    assert (done.returncode, done.stderr) == (0, "")


def test_facts_are_the_toml_of_their_file() -> None:
    text = (ROOT / "facts" / "images" / "nginx.toml").read_text("utf-8")
    assert json.loads(json.dumps(facts("images/nginx"))) == tomllib.loads(text)


def test_facts_are_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modules, "_PACKAGE", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "facts" / "acme.toml"
    file.parent.mkdir()
    file.write_text("ports = [80, 443]")
    assert facts("acme") == {"ports": (80, 443)}
    monkeypatch.setattr(modules, "as_module", None)  # it would have to be called again
    assert facts("acme") == {"ports": (80, 443)}
    monkeypatch.undo()
    monkeypatch.setattr(modules, "_PACKAGE", str(tmp_path))
    file.write_text("ports = [80, 443, 8080]")
    assert facts("acme") == {"ports": (80, 443, 8080)}


@pytest.mark.parametrize(
    ("name", "text"),
    [("acme.py", "ports = [80, 443]"), ("a.py", "acme.ports = [80, 443]\nagain.ports = [1]")],
)
def test_a_wheel_has_the_same_facts_as_a_module(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "facts" / name
    file.parent.mkdir()
    file.write_text(as_module(data_of(text.encode())), encoding="utf-8")
    monkeypatch.setattr(modules, "_PACKAGE", str(tmp_path))
    assert facts("acme") == {"ports": (80, 443)}
    assert "tightship.facts.acme" not in sys.modules


def test_an_archive_has_the_facts(tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in ROOT.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                file.write(path, path.relative_to(ROOT.parent))
    code = (
        f"import sys; sys.path.insert(0, {str(archive)!r}); sys.argv[1:] = ['image', 'nginx'];"
        "from tightship.cli.main import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("# nginx\n"), done.stderr
