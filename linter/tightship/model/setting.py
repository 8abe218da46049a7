"""A setting: set, absent, or undecided until a run."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.text import Span
from tightship.values import scalar
from tightship.values.hole import has_hole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Generic, TypeVar

    from tightship.model.reading import Step
    from tightship.model.value import ScalarValue, Value
    from tightship.text import Source
    from tightship.values.dotenv import Entry

    T = TypeVar("T")
else:
    from tightship.lazy import Generic

    T = None


class Setting(Record, Generic[T]):
    """A setting: a value, or none, or one that only a run decides.

    Rules never ask ``setting.value == x``, for a value such as ``${READ_ONLY}`` is
    neither equal nor unequal, and a service may get from elsewhere what it does not
    set here. They ask what it *could* be, and so stay silent where the file does not
    decide.

    ``span`` is the place of the value, or else of what lacks it. ``value`` is ``None``
    where the setting is absent or not decided. ``source`` is the value in the
    effective tree.
    """

    span: Span
    value: T | None
    decided: bool = True
    source: Value | None = None
    provenance: tuple[Step, ...] = ()

    @property
    def is_set(self) -> bool:
        """Return whether the file has the setting, whatever its value."""
        return self.source is not None

    @property
    def surely_absent(self) -> bool:
        """Return whether every run is without this setting."""
        return self.decided and self.value is None

    def could_be(self, value: T) -> bool:
        """Return whether some run may see this value."""
        return not self.decided or self.value == value

    def is_surely(self, value: T) -> bool:
        """Return whether every run sees this value."""
        return self.decided and self.value == value


def setting_of(source: Value, value: T | None, *, decided: bool = True) -> Setting[T]:
    """Return the setting that a value of the effective tree makes."""
    return Setting(source.span, value, decided=decided, source=source, provenance=source.provenance)


class SettingList(Record, Generic[T]):
    """A list of settings, such as ``cap_add``.

    ``decided`` is false where there may be more items than the files have.
    ``span`` is the place of the list, or else of what lacks it.
    """

    span: Span
    items: tuple[Setting[T], ...]
    decided: bool = True
    source: Value | None = None

    @property
    def is_set(self) -> bool:
        """Return whether the file has the list, be it empty."""
        return self.source is not None

    @property
    def all_decided(self) -> bool:
        """Return whether every item is decided, and that there are no more."""
        return self.decided and all(item.decided for item in self.items)

    def surely_holds(self, value: T) -> Setting[T] | None:
        """Return the item with this value, if every run sees it."""
        return next((i for i in self.items if i.is_surely(value)), None)


def flag_setting(leaf: ScalarValue) -> Setting[bool]:
    """Return a scalar as a setting that is true or false; any other text is not decided."""
    known = scalar.as_bool(leaf.text) if leaf.decided else None
    return setting_of(leaf, known, decided=known is not None)


def text_setting(leaf: ScalarValue) -> Setting[str]:
    """Return a scalar as a setting that is a text."""
    known = leaf.content if leaf.decided else None
    return setting_of(leaf, known, decided=leaf.decided)


class Pair(Record):
    """One entry of ``{A: b}`` or ``[A=b]``; ``span`` is the place of its name.

    ``value`` is absent where only a name is given: then Compose takes the value
    from its own environment.
    """

    name: str
    span: Span
    value: Setting[str]


class EnvFile(Record):
    """A file of variables; ``asked`` is the place that names it.

    ``source`` is none where the file cannot be read, or where only a run decides which
    one it is. ``shared`` tells that the file is part of the repository, and ``is_raw`` that
    ``$`` is a plain character in it.
    """

    asked: Span
    source: Source | None = None
    entries: tuple[Entry, ...] = ()
    shared: bool = False
    is_raw: bool = False

    def place(self, entry: Entry) -> Span:
        """Return the place of an entry's value."""
        assert self.source is not None
        return Span(self.source, entry.start, entry.end)

    def pairs(self) -> Iterator[Pair]:
        """Yield the variables; a bare name takes its value from elsewhere."""
        for entry in self.entries:
            place, value = self.place(entry), entry.value
            decided = value is not None and not has_hole(value)
            setting = Setting[str](place, value if decided else None, decided=decided)
            yield Pair(entry.key, place, setting)
