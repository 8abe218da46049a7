"""Attributes that are computed on first access, and kept."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from functools import cached_property as lazy_property
else:

    class lazy_property:  # noqa: N801  # a decorator, as `property` is
        """Does as ``functools.cached_property`` does, without a lock.

        That of Python 3.11 takes one each time, and a large file has thousands.
        """

        def __init__(self, make) -> None:
            self.__doc__ = make.__doc__
            self._make = make
            self._name = make.__name__

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            made = instance.__dict__[self._name] = self._make(instance)
            return made


__all__ = ["lazy_property"]
