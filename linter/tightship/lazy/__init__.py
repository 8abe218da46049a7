"""What a cold start has no time for, made late or made cheaply.

Attributes, modules and regular expressions are made on first use. :class:`Record` and
:class:`Generic` stand in for ``dataclasses`` and ``typing``, whose imports are slow.
"""

from __future__ import annotations

import re
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import cached_property as lazy_property
    from types import CodeType
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


@dataclass_transform(eq_default=False, frozen_default=True)
class _RecordClass(type):
    """Makes the slots and the ``__init__`` of a class from its annotated fields."""

    _fields: tuple[str, ...] = ()
    _defaults: dict[str, object] = {}  # noqa: RUF012  # of the fields that have one

    def __new__(
        cls, name: str, bases: tuple[type, ...], members: dict[str, Any], *, frozen: bool = True
    ) -> _RecordClass:
        """Return the class; ``frozen`` is for type checkers only."""
        own = members.get("__annotations__", ())
        fields, defaults = _inherited(bases)
        fields = (*fields, *(one for one in own if one not in fields))
        defaults = {**defaults, **{one: members.pop(one) for one in own if one in members}}
        members["_fields"], members["_defaults"] = fields, defaults
        if "__init__" not in members:
            members["__init__"] = _storing(fields, defaults, f"{name}.__init__")
            members.setdefault("__slots__", _slots(bases, own, members))
        return super().__new__(cls, name, bases, members)


def _inherited(bases: tuple[type, ...]) -> tuple[tuple[str, ...], dict[str, object]]:
    """Return the fields of the first base that has some, and their defaults."""
    for base in bases:
        if isinstance(base, _RecordClass):
            return base._fields, base._defaults
    return (), {}


def _slots(bases: tuple[type, ...], own: Any, members: dict[str, Any]) -> tuple[str, ...]:
    """Return the slots of a class, with a dictionary if something lazy needs one."""
    is_lazy = any(isinstance(one, lazy_property) for one in members.values())
    if is_lazy and not any(base.__dictoffset__ for base in bases):
        return (*own, "__dict__")
    return (*own,)


def _storing(fields: tuple[str, ...], defaults: dict[str, object], name: str) -> FunctionType:
    """Return an ``__init__`` that stores its arguments: a template with other names."""
    code = _template(len(fields)).replace(
        co_names=fields, co_varnames=("self", *fields), co_qualname=name
    )
    given = tuple(defaults[one] for one in fields if one in defaults)
    return FunctionType(code, {}, "__init__", given)


_TEMPLATES: dict[int, CodeType] = {}


def _template(count: int) -> CodeType:
    """Return the code of an ``__init__`` that stores so many arguments."""
    code = _TEMPLATES.get(count)
    if code is None:
        names = [f"field_{number}" for number in range(count)]
        lines = [f"    self.{one} = {one}" for one in names] or ["    pass"]
        text = "\n".join((f"def __init__({', '.join(('self', *names))}):", *lines))
        code = _TEMPLATES[count] = compile(text, __file__, "exec").co_consts[0]
    return code


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
