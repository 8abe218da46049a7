"""The types of the protocol, each class of which is made when it is first used.

``lsprotocol.types`` makes 554 attrs classes when it is imported, most of the time that a
server takes to start; a session uses a third of them. `install` executes that module with
a ``__build_class__`` that keeps the body of each class, and puts a forward reference in
the place of the class. The reference is resolved when the class is asked for, or when a
message is read or written that has it.

Type checkers, and all other modules, see ``lsprotocol.types`` as it is.
"""

from __future__ import annotations

import builtins
import sys
from functools import partial
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from threading import RLock
from types import ModuleType, SimpleNamespace
from typing import Any, ForwardRef, Union, cast, get_args, get_origin, get_type_hints

import attrs
import cattrs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Resolve = Callable[[Any], Any]

_NAME = "lsprotocol.types"


def install() -> None:
    """Put lazy types in the place of ``lsprotocol.types``, unless that is imported.

    If that module, or a library below it, is not as expected, nothing changes: the next
    import makes all classes.
    """
    if _NAME in sys.modules:
        return
    try:
        _install()
    except Exception:
        for name in list(sys.modules):
            if name.partition(".")[0] == "lsprotocol":
                del sys.modules[name]


def _install() -> None:
    import lsprotocol

    types = _LazyTypes(lsprotocol.__path__)
    sys.modules[_NAME] = types.module
    lsprotocol.__dict__["types"] = types.module
    from lsprotocol import _hooks, converters

    # The two functions that would use all classes.
    hooks, library = _hooks.__dict__, converters.__dict__
    if hooks["_resolved_forward_references"] is not False:
        raise ImportError("lsprotocol does not resolve forward references as expected")
    hooks["_resolved_forward_references"] = True
    register = hooks["_register_capabilities_hooks"]
    get_converter = library["get_converter"]

    def register_references(converter: cattrs.Converter) -> cattrs.Converter:
        hooks["lsp_types"] = types.references
        register(converter)
        hooks["lsp_types"] = types.module
        return converter

    hooks["_register_capabilities_hooks"] = register_references

    def lazy_converter(converter: cattrs.Converter | None = None) -> cattrs.Converter:
        made = _Converter(types) if converter is None else converter
        return cast("cattrs.Converter", get_converter(made))

    library["get_converter"] = lazy_converter
    _try_out(types.module, lazy_converter())


def _try_out(types: Any, converter: cattrs.Converter) -> None:
    """Raise an error if a message is not read and written, while that can be undone."""
    message = {"jsonrpc": "2.0", "method": types.CANCEL_REQUEST, "params": {"id": 1}}
    type_ = types.METHOD_TO_TYPES[types.CANCEL_REQUEST][0]
    if converter.unstructure(converter.structure(message, type_)) != message:
        raise ImportError("a message is not read and written as expected")


class _LazyTypes:
    """The classes that have been made, and the bodies of the others.

    ``references`` is a module with forward references for all classes, in which the
    bodies are executed; ``module`` is the one for all others, with the classes.
    """

    def __init__(self, path: Iterable[str]) -> None:
        self._bodies: dict[str, Callable[[], None]] = {}
        self._decorators: dict[str, list[Resolve]] = {}
        self._names = _Names(self.made)
        self._turn = RLock()  # more than one thread uses classes
        spec = PathFinder.find_spec(_NAME, list(path))
        if spec is None or spec.loader is None:
            raise ImportError(_NAME)
        self.references = module_from_spec(spec)
        scope = self.references.__dict__
        scope["__builtins__"] = {
            **vars(builtins),
            "__build_class__": self._defer,
            "__import__": self._import,
        }
        spec.loader.exec_module(self.references)
        for name, value in scope.items():
            if isinstance(value, _Decorators):
                scope[name] = value.library
            elif name != "__builtins__":
                scope[name] = self._lazy(value)
        self.module = ModuleType(_NAME, scope["__doc__"])
        public = scope.keys() - self._bodies.keys()
        self.module.__dict__.update((name, scope[name]) for name in public)
        self.module.__dict__["__getattr__"] = self.made

    def resolve(self, cls: type, is_left: Callable[[Any], bool]) -> None:
        """Resolve the types of a class's attributes, except for those that are left."""
        fields = [field for field in attrs.fields(cls) if not is_left(field.type)]
        types = {field.name: field.type for field in fields}
        hints = get_type_hints(SimpleNamespace(__annotations__=types), {}, self._names)
        for field in fields:
            object.__setattr__(field, "type", hints[field.name])  # as attrs does it

    def is_reference(self, type_: Any) -> bool:
        """Return whether a type is a forward reference to a class."""
        return isinstance(type_, ForwardRef) and type_.__forward_arg__ in self._bodies

    def _defer(self, body: Callable[[], None], name: str, *bases: Any) -> Any:
        if bases:  # an enumeration, which costs little
            if not all(isinstance(base, type) for base in bases):
                raise TypeError(f"{name} has a base that is not made yet")
            return builtins.__build_class__(body, name, *bases)
        self._bodies[name], self._decorators[name] = body, []
        return ForwardRef(name)

    def _import(self, name: str, *rest: Any) -> Any:
        library = __import__(name, *rest)
        if name in ("attrs", "functools"):
            return _Decorators(library, self._decorators)
        return library

    def made(self, name: str) -> Any:
        """Return what the module has by a name; a class is made the first time."""
        with self._turn:
            known = self.module.__dict__
            if name not in known:
                if name not in self._bodies:
                    raise AttributeError(f"module {_NAME!r} has no attribute {name!r}")
                made: Any = builtins.__build_class__(self._bodies[name], name)
                for decorator in self._decorators[name]:
                    made = decorator(made)
                # Methods of the class name it in their own scope.
                known[name] = self.references.__dict__[name] = made
            return known[name]

    def _resolved(self, value: Any) -> Any:
        """Return a value of a table, with classes in the place of references."""
        if isinstance(value, ForwardRef):
            return self.made(value.__forward_arg__)
        return self._lazy(value)

    def _lazy(self, value: Any) -> Any:
        if isinstance(value, dict):
            return _Table(cast("Any", value), self._resolved)
        if isinstance(value, list | tuple):
            return _Items(cast("Iterable[Any]", value), self._resolved)
        return value


class _Decorators:
    """A library whose decorators are kept until a class is made."""

    def __init__(self, library: Any, kept: dict[str, list[Resolve]]) -> None:
        self.library = library
        self._kept = kept

    def __getattr__(self, name: str) -> Any:
        decorator = getattr(self.library, name)

        def keep(decorated: Any) -> Any:
            if not isinstance(decorated, ForwardRef):
                return decorator(decorated)
            self._kept[decorated.__forward_arg__].append(decorator)
            return decorated

        return keep


class _Names(dict[str, Any]):
    """The names in annotations, with the classes, which are made when looked up."""

    def __init__(self, made: Callable[[str], Any]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, name: str) -> Any:
        try:
            return self._made(name)
        except AttributeError:
            raise KeyError(name) from None

    def __contains__(self, name: object) -> bool:
        return True  # as far as annotations go


class _Table(dict[Any, Any]):
    """A table whose values are resolved when they are looked up."""

    def __init__(self, table: dict[Any, Any], resolved: Resolve) -> None:
        super().__init__(table)
        self._resolved = resolved

    def __getitem__(self, key: Any) -> Any:
        return self._resolved(super().__getitem__(key))

    def get(self, key: Any, default: Any = None) -> Any:
        """Return the value of a key."""
        return self._resolved(super().get(key, default))

    def values(self) -> Any:
        """Return all values."""
        return [self[key] for key in self]

    def items(self) -> Any:
        """Return all keys with their values."""
        return [(key, self[key]) for key in self]


class _Items(tuple[Any, ...]):
    """Items that are resolved when they are looked up."""

    _resolved: Resolve

    def __new__(cls, items: Iterable[Any], resolved: Resolve) -> _Items:
        made = super().__new__(cls, items)
        made._resolved = resolved
        return made

    def __getitem__(self, index: Any) -> Any:
        return self._resolved(super().__getitem__(index))

    def __iter__(self) -> Iterator[Any]:
        return map(self._resolved, super().__iter__())


class _Converter(cattrs.Converter):
    """A converter whose hooks may be for types with forward references.

    The code that reads or writes a class is made when the first one is read or written.
    """

    def __init__(self, types: _LazyTypes) -> None:
        self._types = types
        self._hooks: dict[object, Any] = {}
        super().__init__()
        for factories, hook in (
            (self.register_structure_hook_factory, self.get_structure_hook),
            (self.register_unstructure_hook_factory, self.get_unstructure_hook),
        ):
            factories(types.is_reference, partial(self._of_reference, hook))
        self.register_structure_hook_factory(self._has_hook, self._hook)

    def register_structure_hook(self, cl: Any, func: Any = None) -> Any:
        """Register what reads a type."""
        if not _has_references(cl):
            return super().register_structure_hook(cl, func)
        self._hooks[self._key(cl)] = func
        return None

    def register_structure_hook_factory(self, predicate: Any, factory: Any = None) -> Any:
        """Register what makes the code that reads a type."""
        if predicate is attrs.has:
            factory = self._late(factory)
        return super().register_structure_hook_factory(predicate, factory)

    def register_unstructure_hook_factory(self, predicate: Any, factory: Any = None) -> Any:
        """Register what makes the code that writes a type."""
        if predicate is attrs.has:
            factory = self._late(factory)
        return super().register_unstructure_hook_factory(predicate, factory)

    def _late(self, factory: Callable[[type], Any]) -> Callable[[type], Any]:
        def make(cls: type) -> Any:
            if cls.__module__ == _NAME:
                self._types.resolve(cls, self._is_left)
            return factory(cls)

        return lambda cls: _LateHook(partial(make, cls))

    def _of_reference(self, hook: Resolve, reference: ForwardRef) -> _LateHook:
        return _LateHook(lambda: hook(self._types.made(reference.__forward_arg__)))

    def _is_left(self, type_: Any) -> bool:
        """Return whether a type need not be resolved, which would make classes.

        An optional class is made for the first value. One of several types that have a
        hook is read by that, and written by the class of the value.
        """
        if get_origin(type_) is not Union:
            return False
        first, second, *more = get_args(type_)
        if not more:
            return second is type(None) and self._types.is_reference(first)
        return self._has_hook(type_)

    def _has_hook(self, type_: Any) -> bool:
        return self._key(type_) in self._hooks

    def _hook(self, type_: Any) -> Any:
        return self._hooks[self._key(type_)]

    def _key(self, type_: Any) -> object:
        """Return what is the same for a type with forward references and without."""
        if isinstance(type_, ForwardRef):
            name = type_.__forward_arg__
            alias = getattr(self._types.references, name, type_)
            return name if alias == type_ else self._key(alias)
        if isinstance(type_, type) and type_.__module__ == _NAME:
            return type_.__name__
        parts, origin = map(self._key, get_args(type_)), get_origin(type_)
        if origin is None:
            return type_
        return origin, frozenset(parts) if origin is Union else tuple(parts)


class _LateHook:
    """Reads or writes a class by a hook that is made when it is first used."""

    _hook: Any

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __call__(self, *arguments: Any) -> Any:
        return self._hook(*arguments)

    def __getattr__(self, name: str) -> Any:
        if name == "_hook":
            self._hook = self._make()
            return self._hook
        return getattr(self._hook, name)


def _has_references(type_: Any) -> bool:
    return isinstance(type_, ForwardRef) or any(map(_has_references, get_args(type_)))
