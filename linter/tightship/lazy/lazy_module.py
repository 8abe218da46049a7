"""Modules that are imported when something of them is first used."""

from __future__ import annotations


class LazyModule:
    """Stands for a module of functions, and imports it on first use.

    Type checkers read a usual import in its place::

        if TYPE_CHECKING:
            from tightship.values import mount
        else:
            mount = LazyModule("tightship.values.mount")
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> object:
        module = __import__(self.__name__, fromlist=(name,))
        found = self.__dict__[name] = getattr(module, name)
        return found
