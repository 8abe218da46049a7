"""Finds the modules of a package where they are, without a search.

Python looks for a module in each place where one may be: in archives, among extension
modules, without source. Ours are files of Python in the folder of their package, and a run
over one file imports two hundred of them: to name the file saves an eighth of that run.
"""

from __future__ import annotations

import sys
from os.path import isdir, isfile, sep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
else:
    # The classes that loaded this module: `importlib.machinery` takes a while to import.
    ModuleSpec, SourceFileLoader = type(__spec__), type(__loader__)


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
        place = f"{path[0]}{sep}{name.rpartition('.')[2]}"
        is_package = isdir(place)
        file = f"{place}{sep}__init__.py" if is_package else f"{place}.py"
        if not isfile(file):
            return None
        loader = SourceFileLoader(name, file)
        spec = ModuleSpec(name, loader, origin=file, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [place]
        return spec


def find_quickly(package: str) -> None:
    """Find the modules of a package without a search, if this one came from a file."""
    if SourceFileLoader.__name__ == "SourceFileLoader":
        sys.meta_path.insert(0, ModulesOf(package))
