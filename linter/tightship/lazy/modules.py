"""Imports the modules of a package, and loads its data, without a search.

Python looks for a module in each place where one may be: in archives, among extension
modules, without source. For each, it makes a description, a loader and a lock. Ours are
files of Python in the folder of their package, and a run over one file imports two
hundred of them: to execute their bytecode at once saves a quarter of that run.
"""

from __future__ import annotations

import builtins
import os
import sys
from _thread import RLock
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import SourceFileLoader
    from importlib.util import MAGIC_NUMBER
    from types import CodeType, FunctionType, ModuleType
    from typing import Any

    _read_packed: Callable[[str], bytes]
else:
    # The classes that loaded this module: `importlib` takes a while to import.
    SourceFileLoader = type(__loader__)
    FunctionType, ModuleType = type(lambda: None), type(sys)
    _IMPORTS = sys.modules.get(SourceFileLoader.__module__)
    MAGIC_NUMBER = getattr(_IMPORTS, "MAGIC_NUMBER", b"")
    _read_packed = __loader__.get_data

_TAG = sys.implementation.cache_tag
_BYTECODE = f".{_TAG}.pyc"
_CHECKED_BY_TIME = MAGIC_NUMBER + bytes(4)
_HEADER = 16
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MOST = 1 << 16
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)


class SourceLoader(SourceFileLoader):
    """Loads the code of a file, by way of bytecode that is known to be current."""

    def __init__(self, name: str, path: str, bytecode: str, header: bytes) -> None:
        super().__init__(name, path)
        self._bytecode = bytecode
        self._header = header

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the module, from what is stored or from its source.

        As Python does, but in one read: it asks for the source's time and size once more,
        and opens the bytecode as a buffered stream.
        """
        code = _current(self._bytecode, self._header)
        return super().get_code(fullname) if code is None else code

    def run(self) -> dict[str, Any]:
        """Return the names that the code of the module makes."""
        names: dict[str, Any] = {}
        code = self.get_code(self.name)
        if code is not None:
            FunctionType(code, names)()
        return names


class _DataLoader(SourceLoader):
    """Loads a TOML file by way of bytecode: as the module that it is in a wheel."""

    if not TYPE_CHECKING:  # where the method is static, which it is not

        def source_to_code(self, data, path, **options):
            """Return the code of the module that a TOML file stands for."""
            return super().source_to_code(as_module(data_of(data)), path, **options)


def facts(name: str) -> dict[str, Any]:
    """Return the data of a TOML file of the folder ``facts``; its arrays are tuples.

    Python keeps the bytecode, as it does for modules: to read TOML takes far longer. A
    wheel has a module in place of the file, or one for all whose names have its first letter.
    """
    *folders, name = f"facts/{name}".split("/")
    folder = os.sep.join((_PACKAGE, *folders))
    for stem, ending, kind in (
        (name, ".toml", _DataLoader),
        (name, ".py", SourceLoader),
        (name[0], ".py", SourceLoader),
    ):
        loader = _loader(folder, stem, ending, kind)
        if loader is not None:
            data: dict[str, Any] = loader.run()["DATA"]
            return data if stem == name else data[name]
    return _packed(folder, ".".join(("tightship", *folders)), name)


def _loader(
    folder: str, stem: str, ending: str, kind: Callable[..., SourceLoader]
) -> SourceLoader | None:
    """Return a loader of a file, or None if there is none."""
    file = f"{folder}{os.sep}{stem}{ending}"
    try:
        source = os.stat(file)
    except OSError:
        return None
    bytecode = f"{folder}{os.sep}__pycache__{os.sep}{stem}{_BYTECODE}" if _is_usual() else ""
    return kind(stem, file, bytecode, _header(source))


def data_of(text: bytes) -> dict[str, Any]:
    """Return the data of TOML; its arrays are tuples."""
    import tomllib  # only where there is no bytecode

    data: dict[str, Any] = frozen(tomllib.loads(text.decode()))
    return data


def as_module(data: dict[str, Any]) -> str:
    """Return the Python of a module with data."""
    return f"DATA = {data!r}\n"


def _packed(folder: str, package: str, name: str) -> dict[str, Any]:
    """Return the data of a file in an archive, or of the module in its place."""
    for stem in (name, name[0]):
        try:
            data: dict[str, Any] = __import__(f"{package}.{stem}", fromlist=["DATA"]).DATA
        except ImportError:
            continue
        return data if stem == name else data[name]
    return data_of(_read_packed(f"{folder}{os.sep}{name}.toml"))


def frozen(value: Any) -> Any:
    """Return data of TOML with tuples for its arrays."""
    kind = value.__class__
    if kind is dict:
        return {key: frozen(one) for key, one in value.items()}
    return tuple(map(frozen, value)) if kind is list else value


def _is_usual() -> bool:
    """Return whether bytecode is where Python puts it unless a user says otherwise."""
    return bool(_TAG and not sys.pycache_prefix and not sys.flags.optimize)


def _header(source: os.stat_result) -> bytes:
    """Return how the bytecode of a source of this time and size begins."""
    time, size = int(source.st_mtime) & 0xFFFF_FFFF, source.st_size & 0xFFFF_FFFF
    return _CHECKED_BY_TIME + (size << 32 | time).to_bytes(8, "little")


def _current(bytecode: str, header: bytes) -> CodeType | None:
    """Return the code that a file of bytecode holds, or None if it has another header."""
    try:
        descriptor = os.open(bytecode, _READ)
        try:
            stored = os.read(descriptor, _MOST)
        finally:
            os.close(descriptor)
    except OSError:
        return None
    if len(stored) == _MOST or stored[:_HEADER] != header:
        return None
    code: CodeType = loads(memoryview(stored)[_HEADER:])
    return code


_executed: dict[str, ModuleType] = {}
_lock = RLock()  # a thread waits for what another one is executing


def import_directly(package: str) -> None:
    """Import the modules of a package without a search, for the rest of the process.

    Python imports those without current bytecode. It imports all of them where the user
    sets another place for bytecode, or asks how long each import takes.
    """
    if not _is_usual() or SourceFileLoader.__name__ != "SourceFileLoader" or _is_timed():
        return
    python, start = builtins.__import__, package + "."
    known, executed = sys.modules, _executed
    executed.update((name, module) for name, module in known.items() if name.startswith(start))

    def import_(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        module = executed.get(name)
        if module is None:
            if not level and name.startswith(start):
                module = _found(name)
            if module is None:
                return python(name, globals, locals, fromlist or (), level)
        if not fromlist:
            return known[package]
        names = module.__dict__
        if "__path__" in names:  # what is asked of a package may be a module
            for one in fromlist:
                if one in names or hasattr(module, one) or _found(f"{name}.{one}"):
                    continue
                return python(name, globals, locals, fromlist, level)
        return module

    builtins.__import__ = import_


def _is_timed() -> bool:
    return "importtime" in sys._xoptions or "PYTHONPROFILEIMPORTTIME" in os.environ


def _found(name: str) -> ModuleType | None:
    """Return a module, or None if Python has to import it."""
    with _lock:
        module = sys.modules.get(name)
        if module is not None:  # it is Python's, or this thread imports it in a circle
            return None if module.__spec__ else module
        above, _, stem = name.rpartition(".")
        parent = sys.modules.get(above) or _found(above)
        if parent is None or "__path__" not in parent.__dict__:
            return None
        module = _execute(name, parent.__path__[0], stem)
        if module is not None:
            _executed[name] = module
            setattr(parent, stem, module)
        return module


def _execute(name: str, folder: str, stem: str) -> ModuleType | None:
    """Return a module of a folder, or None if it has no current bytecode."""
    path = f"{folder}{os.sep}{stem}"
    file, is_package = f"{path}.py", False
    try:
        source = os.stat(file)
    except OSError:
        folder, stem, is_package = path, "__init__", True
        file = f"{path}{os.sep}__init__.py"
        try:
            source = os.stat(file)
        except OSError:
            return None
    bytecode = f"{folder}{os.sep}__pycache__{os.sep}{stem}{_BYTECODE}"
    code = _current(bytecode, _header(source))
    if code is None:
        return None
    module = ModuleType(name)
    names = module.__dict__
    names["__builtins__"] = builtins.__dict__
    names["__file__"], names["__cached__"] = file, bytecode
    if is_package:
        names["__path__"] = [path]
    sys.modules[name] = module
    try:
        FunctionType(code, names)()
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module
