"""Finds and loads the modules of a package, and its data, without a search.

Python looks for a module in each place where one may be: in archives, among extension
modules, without source. Ours are files of Python in the folder of their package, and a run
over one file imports two hundred of them: to name the file and its bytecode saves a sixth
of that run.
"""

from __future__ import annotations

import os
import sys
from marshal import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from importlib.util import MAGIC_NUMBER
    from types import CodeType, FunctionType, ModuleType
    from typing import Any

    _read_packed: Callable[[str], bytes]
else:
    # The classes that loaded this module: `importlib` takes a while to import.
    ModuleSpec, SourceFileLoader = type(__spec__), type(__loader__)
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
    """Loads a module from its file, by way of bytecode that is known to be current."""

    def __init__(self, name: str, path: str, bytecode: str, header: bytes) -> None:
        super().__init__(name, path)
        self._bytecode = bytecode
        self._header = header

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return an empty module, with the attributes that Python looks for.

        To miss one takes an error. Before Python 3.12, that is so for the path of a module
        at each import from it, so it has one that is empty.
        """
        module = ModuleType(spec.name)
        module.__dict__.update(__file__=spec.origin, __cached__=spec.cached)
        if spec.submodule_search_locations or sys.version_info < (3, 12):
            module.__path__ = spec.submodule_search_locations or []
        return module

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the module, from what is stored or from its source.

        As Python does, but in one read: it asks for the source's time and size once more,
        and opens the bytecode as a buffered stream.
        """
        try:
            descriptor = os.open(self._bytecode, _READ)
            try:
                stored = os.read(descriptor, _MOST)
            finally:
                os.close(descriptor)
        except OSError:
            return super().get_code(fullname)
        if len(stored) == _MOST or stored[:_HEADER] != self._header:
            return super().get_code(fullname)
        code: CodeType = loads(memoryview(stored)[_HEADER:])
        return code

    def run(self) -> dict[str, Any]:
        """Return the names that the code of the module makes."""
        names: dict[str, Any] = {}
        code = self.get_code(self.name)
        if code is not None:
            FunctionType(code, names)()
        return names

    def keep(self, source: str) -> None:
        """Put the bytecode of another source in the place of the module's, if that is possible.

        Only its owner may write it, even without a umask: others run it.
        """
        code = dumps(compile(source, self.path, "exec"))
        self.set_data(self._bytecode, self._header + code, _mode=0o644)

    def may_keep(self) -> bool:
        """Return whether the folder of the bytecode is there, and may be written."""
        return not sys.dont_write_bytecode and os.access(os.path.dirname(self._bytecode), os.W_OK)


class ModulesOf:
    """A finder for the modules below a package; what it does not find, others may."""

    def __init__(self, package: str) -> None:
        self._start = package + "."

    def find_spec(
        self, name: str, path: Sequence[str] | None, _: object = None
    ) -> ModuleSpec | None:
        """Return how to load a module, or None if it is not a file in its usual place."""
        if not path or not name.startswith(self._start):
            return None
        folder, module, package = path[0], name.rpartition(".")[2], None
        file = f"{folder}{os.sep}{module}.py"
        try:
            source = os.stat(file)
        except OSError:
            folder = package = f"{folder}{os.sep}{module}"
            module = "__init__"
            file = f"{folder}{os.sep}__init__.py"
            try:
                source = os.stat(file)
            except OSError:
                return None
        bytecode = f"{folder}{os.sep}__pycache__{os.sep}{module}{_BYTECODE}"
        loader = SourceLoader(name, file, bytecode, _header(source))
        spec = ModuleSpec(name, loader, origin=file, is_package=package is not None)
        spec.has_location = True
        spec.cached = bytecode
        if package is not None:
            spec.submodule_search_locations = [package]
        return spec


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


def keeper(name: str) -> SourceLoader | None:
    """Return the loader of a module of this folder, if its bytecode can keep something."""
    return _loader(os.path.dirname(__file__), name, ".py", SourceLoader) if _is_usual() else None


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
    time = int(source.st_mtime) & 0xFFFF_FFFF
    size = source.st_size & 0xFFFF_FFFF
    return _CHECKED_BY_TIME + time.to_bytes(4, "little") + size.to_bytes(4, "little")


def find_quickly(package: str) -> None:
    """Find the modules of a package without a search, if this one came from a file.

    Where the user sets another place for bytecode, Python finds it.
    """
    if _is_usual() and SourceFileLoader.__name__ == "SourceFileLoader":
        sys.meta_path.insert(0, ModulesOf(package))
