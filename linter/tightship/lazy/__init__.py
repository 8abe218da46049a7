"""What a cold start has no time for, made late or made cheaply.

Attributes, modules and regular expressions are made on first use. :class:`Record` and
:class:`Generic` stand in for ``dataclasses`` and ``typing``, whose imports are slow.
"""

from __future__ import annotations

from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from functools import cached_property as lazy_property
    from typing import Any, AnyStr, Self, TypeVar, dataclass_transform

    T = TypeVar("T")
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

    def dataclass_transform(**_):
        return lambda made: made


__all__ = ["Generic", "LazyModule", "Record", "lazy_property", "regex"]


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


class Generic:
    """Takes parameters, as ``typing.Generic`` does, and ignores them."""

    __slots__ = ()

    def __class_getitem__(cls, _: object) -> type:
        return cls


class _RecordClass(type):
    """Makes the slots and the ``__init__`` of a class from its annotated fields."""

    _fields: tuple[str, ...] = ()
    _defaults: tuple[object, ...] = ()  # of the last fields

    def __new__(
        cls, name: str, bases: tuple[type, ...], members: dict[str, Any], *, frozen: bool = True
    ) -> _RecordClass:
        """Return the class; ``frozen`` is for type checkers only."""
        if "__init__" not in members:
            _add_fields(name, bases[0] if bases else object, members)
        return type.__new__(cls, name, bases, members)


def _add_fields(name: str, base: type, members: dict[str, Any]) -> None:
    """Give a class slots for its own fields, and an ``__init__`` for all.

    Lazy properties keep what they make in the dictionary of the object.
    """
    own = (*members.get("__annotations__", ()),)
    slots = own
    for member in members.values():
        if type(member) is lazy_property and not base.__dictoffset__:
            slots = (*own, "__dict__")
            break
    members["__slots__"] = slots
    if own:
        defaults: tuple[object, ...] = getattr(base, "_defaults", ())
        for field in own:
            if field in members:
                defaults += (members.pop(field),)
        fields = members["_fields"] = getattr(base, "_fields", ()) + own
        members["_defaults"] = defaults
        members["__init__"] = _storing(fields, defaults, name + ".__init__")


# fmt: off
def _template(
    self: Any, f0: Any, f1: Any, f2: Any, f3: Any, f4: Any, f5: Any, f6: Any, f7: Any, f8: Any,
    f9: Any, f10: Any, f11: Any, f12: Any, f13: Any, f14: Any, f15: Any, f16: Any, f17: Any,
    f18: Any, f19: Any, f20: Any, f21: Any, f22: Any, f23: Any,
) -> None:
    self.f0 = f0
    self.f1 = f1
    self.f2 = f2
    self.f3 = f3
    self.f4 = f4
    self.f5 = f5
    self.f6 = f6
    self.f7 = f7
    self.f8 = f8
    self.f9 = f9
    self.f10 = f10
    self.f11 = f11
    self.f12 = f12
    self.f13 = f13
    self.f14 = f14
    self.f15 = f15
    self.f16 = f16
    self.f17 = f17
    self.f18 = f18
    self.f19 = f19
    self.f20 = f20
    self.f21 = f21
    self.f22 = f22
    self.f23 = f23
    return
# fmt: on


_CODE = _template.__code__
_LINES = sorted({line: start for start, _, line in reversed([*_CODE.co_lines()])}.values())


def _storing(fields: tuple[str, ...], defaults: tuple[object, ...], name: str) -> FunctionType:
    """Return an ``__init__`` that stores its arguments.

    It is the template without the lines that it does not need, with the names of the
    fields. To compile one for each number of fields would take 2 ms of a cold start.
    """
    count = len(fields)
    made = _CODE.co_code
    code = _CODE.replace(
        co_argcount=count + 1,
        co_nlocals=count + 1,
        co_code=made[: _LINES[count + 1]] + made[_LINES[-1] :],
        co_names=fields,
        co_varnames=("self", *fields),
        co_name="__init__",
        co_qualname=name,
    )
    return FunctionType(code, {}, "__init__", defaults)


@dataclass_transform(eq_default=False, frozen_default=True)
class Record(metaclass=_RecordClass):
    """A class of plain data, written as annotated fields.

    ::

        class Gap(Record):
            span: Span
            reason: str
            advice: str = ""

    Its ``__init__`` takes the fields in this order, and stores them in slots. Type
    checkers treat it as a frozen dataclass without equality; ``frozen=False`` after the
    base is for a class whose fields change.
    """

    def replaced(self, **changes: object) -> Self:
        """Return the record with some fields replaced."""
        fields = type(self)._fields
        return _made(type(self), {one: getattr(self, one) for one in fields} | changes)


def _made(cls: Callable[..., T], fields: dict[str, object]) -> T:
    return cls(**fields)


_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


class _Pattern:
    """A pattern that is compiled when one of its methods is first used."""

    __slots__ = ("flags", "pattern", *_METHODS)

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        import re

        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return ``re.compile(pattern, flags)``, but compiled on first use.

    A run over one file uses a third of those that the modules define, and to compile
    them all would take 15 ms of the 60 that such a run takes.
    """
    if TYPE_CHECKING:
        return re.compile(pattern, flags)
    return _Pattern(pattern, flags)
