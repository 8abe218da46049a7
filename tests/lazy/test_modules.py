"""Our modules are imported without a search as Python imports them with one."""

from __future__ import annotations

import builtins
import json
import os
import pkgutil
import py_compile
import subprocess
import sys
import tomllib
import zipfile
from importlib import invalidate_caches
from importlib.machinery import PathFinder
from importlib.util import cache_from_source
from pathlib import Path
from py_compile import PycInvalidationMode
from threading import Thread
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

import tightship
from tightship.lazy import modules
from tightship.lazy.modules import as_module, data_of, facts, import_directly

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(tightship.__file__).parent
NAMES = [module.name for module in pkgutil.walk_packages(tightship.__path__, "tightship.")]


@pytest.fixture(autouse=True)
def imports(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a test change how this process imports a package."""
    before = {*sys.modules}
    monkeypatch.setattr(builtins, "__import__", builtins.__import__)
    monkeypatch.setattr(modules, "_executed", {})
    yield
    for name in {*sys.modules} - before:
        if name.partition(".")[0] == "package":
            del sys.modules[name]


def package(folder: Path) -> None:
    """Import the modules of a folder directly, as those of a package."""
    made = ModuleType("package")
    made.__path__ = [str(folder)]
    sys.modules["package"] = made
    invalidate_caches()
    import_directly("package")


def write(folder: Path, texts: dict[str, str]) -> None:
    """Write modules, with their bytecode."""
    for name, text in texts.items():
        file = folder / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        py_compile.compile(str(file))


def is_direct(name: str) -> bool:
    return sys.modules[name].__spec__ is None


def executed(folder: Path) -> object:
    """Return the value of a module in a folder."""
    package(folder)
    return __import__("package.module", fromlist=("VALUE",)).VALUE


EVERY = """
import sys
from tightship.lazy.modules import import_directly
import_directly("tightship")
for name in sys.argv[1:]:
    __import__(name)
    module = sys.modules[name]
    print(name, module.__file__, module.__cached__, *getattr(module, "__path__", ()), sep="|")
"""


def test_every_module_is_where_python_finds_it() -> None:
    names = [name for name in NAMES if "__main__" not in name]
    done = subprocess.run(
        [sys.executable, "-c", EVERY, *names],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    for name, line in zip(names, done.stdout.splitlines(), strict=True):
        folder = ROOT.parent.joinpath(*name.split(".")[:-1])
        spec = PathFinder.find_spec(name, [str(folder)])
        assert spec is not None
        path = spec.submodule_search_locations or ()
        assert line == "|".join((name, str(spec.origin), str(spec.cached), *path))


def test_modules_of_a_package_are_imported_directly(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "inner/__init__": "NAME = __name__",
            "inner/one": "import package.inner.two\nfrom package.inner import NAME as VALUE, two",
            "inner/two": "VALUE = 2",
        },
    )
    package(tmp_path)
    one = __import__("package.inner.one", fromlist=("VALUE",))
    assert (one.VALUE, one.two.VALUE) == ("package.inner", 2)
    assert one.package is sys.modules["package"] is __import__("package.inner")
    assert sys.modules["package"].inner.one is one
    assert all(map(is_direct, ("package.inner", "package.inner.one", "package.inner.two")))


def test_modules_may_import_one_another(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "module": "import package.other\nVALUE = 1",
            "other": "from package import module\nSEEN = hasattr(module, 'VALUE')",
        },
    )
    assert executed(tmp_path) == 1
    assert sys.modules["package.other"].SEEN is False


def test_a_module_that_fails_is_tried_again(tmp_path: Path) -> None:
    text = "import sys\nif not hasattr(sys, 'again'): raise KeyError\nVALUE = 1"
    write(tmp_path, {"module": text})
    with pytest.raises(KeyError):
        executed(tmp_path)
    assert "package.module" not in sys.modules
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "again", True, raising=False)
        assert executed(tmp_path) == 1


def test_what_is_not_there_is_an_error_as_usual(tmp_path: Path) -> None:
    write(tmp_path, {"module": "", "inner/__init__": ""})
    package(tmp_path)
    for text, error in (
        ("import package.none", "No module named 'package.none'"),
        ("import package.module.none", "'package.module' is not a package"),
        ("from package.module import none", "cannot import name 'none' from 'package.module'"),
        ("from package.inner import none", "cannot import name 'none' from 'package.inner'"),
    ):
        with pytest.raises(ImportError, match=error):
            exec(text, {})


def test_a_thread_waits_for_a_module_that_another_one_executes(tmp_path: Path) -> None:
    write(tmp_path, {"module": "import time\ntime.sleep(0.2)\nVALUE = 1"})
    package(tmp_path)
    found: list[object] = []

    def use() -> None:
        found.append(__import__("package.module", fromlist=("VALUE",)).VALUE)

    threads = [Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1]


def test_imports_that_are_timed_are_those_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys._xoptions, "importtime", True)
    write(tmp_path, {"module": "VALUE = 1"})
    assert executed(tmp_path) == 1
    assert not is_direct("package.module")


def test_current_bytecode_stands_for_the_source(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("VALUE = 1")
    py_compile.compile(str(file))
    # A text of the same size and time, which is all that Python compares.
    facts = file.stat()
    file.write_text("VALUE = 2")
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert executed(tmp_path) == 1
    assert is_direct("package.module")


def test_a_source_without_bytecode_is_compiled_and_the_bytecode_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "module.py"
    file.write_text("VALUE = 1")
    assert executed(tmp_path) == 1
    assert not is_direct("package.module")
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


def test_modules_of_other_packages_are_imported_by_python(tmp_path: Path) -> None:
    write(tmp_path, {"module": "import wave"})  # nothing else here imports it
    sys.modules.pop("wave", None)
    package(tmp_path)
    __import__("package.module")
    assert not is_direct("wave")


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
