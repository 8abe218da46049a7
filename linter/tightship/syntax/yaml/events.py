"""Where YAML events come from: libyaml, or the same parser written in Python.

libyaml's parser comes from PyYAML, without importing the rest of PyYAML. Most of what
``import yaml`` takes goes into the reader, constructor, resolver and representer that are
written in Python, and into what those import: 12 of 14 ms, a quarter of a cold run. The
parser in C needs none of them, only the names of their errors. So the package is put in
place without being run. Code that asks it for anything else has it run in full at that
moment, and finds what PyYAML always has.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Protocol

    from yaml import events
    from yaml._yaml import CParser
    from yaml.error import MarkedYAMLError, YAMLError

    class Mark(Protocol):
        """A position. Only the index is used: YAML counts lines differently."""

        @property
        def index(self) -> int:
            """Return the offset in code points."""
            ...

    class Event(Protocol):
        """The attributes of an event that are read; the class decides which it has."""

        start_mark: Mark
        end_mark: Mark
        anchor: str | None
        tag: str | None
        value: str
        style: str | None
        flow_style: bool | None

    GetEvent = Callable[[], Event]
    Events = Callable[[str], GetEvent]
else:
    ModuleType = type(sys)

# What the parser in C looks for when it is imported: submodules that it needs, classes that
# no event is made of, and errors of other submodules, with what they derive from.
_NEEDED = ("error", "events")
_UNUSED = ("tokens", "nodes")
_ERRORS = {
    "reader": ("ReaderError", "YAMLError"),
    "scanner": ("ScannerError", "MarkedYAMLError"),
    "parser": ("ParserError", "MarkedYAMLError"),
    "composer": ("ComposerError", "MarkedYAMLError"),
    "constructor": ("ConstructorError", "MarkedYAMLError"),
    "emitter": ("EmitterError", "YAMLError"),
    "serializer": ("SerializerError", "YAMLError"),
    "representer": ("RepresenterError", "YAMLError"),
}


def c_parser() -> type[CParser] | None:
    """Return PyYAML's ``CParser``, or ``None`` where PyYAML is without libyaml."""
    if "yaml" not in sys.modules:
        before = {*sys.modules}
        try:
            _put_in_place()
        except Exception:
            # PyYAML has another layout, or is missing: import it as usual.
            for name in {*sys.modules} - before:
                if name.partition(".")[0] == "yaml":
                    del sys.modules[name]
    try:
        from yaml._yaml import CParser
    except ImportError:
        return None
    return CParser


class _Names:
    """A module whose classes are only named."""

    def __getattr__(self, name: str) -> None:
        """Take every name, and know it from then on."""
        setattr(self, name, None)


def _put_in_place() -> None:
    """Import ``yaml._yaml`` below a package that has not been run."""
    found = (finder.find_spec("yaml", None) for finder in sys.meta_path)
    spec = next(spec for spec in found if spec)
    package = ModuleType("yaml")
    package.__spec__ = spec
    package.__loader__ = loader = spec.loader
    package.__file__ = spec.origin
    package.__path__ = spec.submodule_search_locations or []
    package.__package__ = "yaml"
    sys.modules["yaml"] = package
    for name in _NEEDED:
        _module(f"yaml.{name}")
    unused = {name: _Names() for name in _UNUSED}
    package.__dict__.update(unused)
    errors = package.__dict__["error"]
    for module, (name, base) in _ERRORS.items():
        stand_in = ModuleType(module)
        setattr(stand_in, name, type(name, (getattr(errors, base),), {}))
        setattr(package, module, stand_in)
    binding = _module("yaml._yaml")
    for module in (*_ERRORS, *_UNUSED):
        delattr(package, module)
    classes: dict[str, tuple[str, ...]] = {
        module: (error,) for module, (error, _) in _ERRORS.items()
    }
    classes |= {module: (*names.__dict__,) for module, names in unused.items()}

    def run_in_full(name: str) -> object:
        del package.__dict__["__getattr__"]
        assert loader is not None
        loader.exec_module(package)
        for module, names in classes.items():
            for one in names:
                setattr(binding, one, getattr(_module(f"yaml.{module}"), one))
        return getattr(package, name)

    package.__dict__["__getattr__"] = run_in_full


def _module(name: str) -> ModuleType:
    """Import a module by its full name; ``importlib`` would bring ``warnings``."""
    __import__(name)
    return sys.modules[name]


_C_PARSER = c_parser()  # first of all, since it decides how PyYAML is imported
if not TYPE_CHECKING:
    events, _errors = _module("yaml.events"), _module("yaml.error")
    MarkedYAMLError, YAMLError = _errors.MarkedYAMLError, _errors.YAMLError

__all__ = ["MarkedYAMLError", "YAMLError", "fast_events", "pure_events"]

# What an event is: its class, seen as an object to be compared by identity.
SCALAR: type[object] = events.ScalarEvent
ALIAS: type[object] = events.AliasEvent
SEQUENCE_START: type[object] = events.SequenceStartEvent
SEQUENCE_END: type[object] = events.SequenceEndEvent
MAPPING_START: type[object] = events.MappingStartEvent
MAPPING_END: type[object] = events.MappingEndEvent
DOCUMENT_START: type[object] = events.DocumentStartEvent
DOCUMENT_END: type[object] = events.DocumentEndEvent
STREAM_END: type[object] = events.StreamEndEvent


def pure_events(text: str) -> GetEvent:
    """Return the source of a text's events, in Python: works everywhere, slow.

    Raises:
        YAMLError: if a character is not allowed in YAML.

    """
    from tightship.syntax.yaml.pure import PureParser

    return PureParser(text).get_event


def fast_events(text: str) -> GetEvent:
    """Return the source of a text's events, from libyaml where it is there.

    Raises:
        UnicodeEncodeError: if the text holds a lone surrogate.

    """
    if _C_PARSER is None:
        return pure_events(text)
    get_event: GetEvent = _C_PARSER(text).get_event  # type: ignore[assignment]
    return get_event
