"""What a cold start has no time for, made late or made cheaply.

Modules and regular expressions are made on first use. :class:`Record` and :class:`Generic`
stand in for ``dataclasses`` and ``typing``, whose imports are slow. So is that of
``TYPE_CHECKING``: a module that imports from here can take it from here, too, and others set
it themselves.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from functools import cached_property as lazy_property
    from types import CodeType, FunctionType
    from typing import Any, AnyStr, Self, TypeVar, dataclass_transform

    T = TypeVar("T")
    _TEMPLATES: dict[int, CodeType]
else:
    FunctionType = type(lambda: None)

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

    # Templates of what stores the fields of a record: `_storing` gives them other names.
    def _store_1(self, a):
        self.a = a

    def _store_2(self, a, b):
        self.a = a
        self.b = b

    def _store_3(self, a, b, c):
        self.a = a
        self.b = b
        self.c = c

    def _store_4(self, a, b, c, d):
        self.a = a
        self.b = b
        self.c = c
        self.d = d

    def _store_5(self, a, b, c, d, e):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.e = e

    def _store_6(self, a, b, c, d, e, f):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.e = e
        self.f = f

    def _store_7(self, a, b, c, d, e, f, g):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.e = e
        self.f = f
        self.g = g

    def _store_8(self, a, b, c, d, e, f, g, h):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.e = e
        self.f = f
        self.g = g
        self.h = h

    def _store_9(self, a, b, c, d, e, f, g, h, i):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.e = e
        self.f = f
        self.g = g
        self.h = h
        self.i = i

    def _store_10(self, a, b, c, d, e, f, g, h, i, j):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.e = e
        self.f = f
        self.g = g
        self.h = h
        self.i = i
        self.j = j

    def _store_11(self, a, b, c, d, e, f, g, h, i, j, k):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.e = e
        self.f = f
        self.g = g
        self.h = h
        self.i = i
        self.j = j
        self.k = k

    _TEMPLATES = {
        made.__code__.co_argcount - 1: made.__code__
        for made in (
            *(_store_1, _store_2, _store_3, _store_4, _store_5),
            *(_store_6, _store_7, _store_8, _store_9, _store_10, _store_11),
        )
    }


__all__ = ["TYPE_CHECKING", "Generic", "LazyModule", "Record", "lazy_property", "regex"]


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
    is_lazy = not base.__dictoffset__ and lazy_property in map(type, members.values())
    members["__slots__"] = (*own, "__dict__") if is_lazy else own
    if own:
        defaults: tuple[object, ...] = getattr(base, "_defaults", ())
        if not members.keys().isdisjoint(own):
            defaults += tuple(members.pop(field) for field in own if field in members)
        fields = members["_fields"] = getattr(base, "_fields", ()) + own
        members["_defaults"] = defaults
        members["__init__"] = _storing(fields, defaults, name + ".__init__")


def _storing(fields: tuple[str, ...], defaults: tuple[object, ...], name: str) -> object:
    """Return an ``__init__`` that stores its arguments: a template with other names."""
    code = _TEMPLATES.get(len(fields))
    if code is None:
        return _storing_many(fields, defaults, name)
    named = code.replace(co_names=fields, co_varnames=("self", *fields), co_qualname=name)
    return FunctionType(named, {}, "__init__", defaults)


def _storing_many(fields: tuple[str, ...], defaults: tuple[object, ...], name: str) -> object:
    """Return an ``__init__`` for more fields than a template has: it takes longer."""
    known = dict(zip(fields[len(fields) - len(defaults) :], defaults, strict=True))

    def store(self: object, *given: object, **named: object) -> None:
        values = known | dict(zip(fields, given, strict=False)) | named
        if len(given) > len(fields) or values.keys() != {*fields}:
            raise TypeError(f"{name}() takes {', '.join(fields)}")
        for field in fields:
            setattr(self, field, values[field])

    return store


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

    __slots__ = ("pattern", *_METHODS)

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        import re  # takes a tenth of a run over one file, and `--version` has none

        made = re.compile(self.pattern)
        for method in _METHODS:
            setattr(self, method, getattr(made, method))
        return getattr(made, name)


def regex(pattern: AnyStr) -> re.Pattern[AnyStr]:
    """Return ``re.compile(pattern)``, but compiled on first use.

    A run over one file uses a third of those that the modules define, and to compile
    them all would take 15 ms of the 60 that such a run takes. The pattern is Tightship's
    own, so it has its flags at its start.
    """
    if TYPE_CHECKING:
        return re.compile(pattern)
    return _Pattern(pattern)
