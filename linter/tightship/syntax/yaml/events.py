"""Where YAML events come from: libyaml, or the same parser written in Python."""

from __future__ import annotations

from tightship.syntax.yaml.libyaml import c_parser

_C_PARSER = c_parser()  # first of all, since it decides how PyYAML is imported

from yaml import events  # noqa: E402
from yaml.error import MarkedYAMLError, YAMLError  # noqa: E402

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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

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
