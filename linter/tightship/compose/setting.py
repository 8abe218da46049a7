"""A setting that is there, is not there, or that only a run will tell."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar

    from tightship.compose.loading.reading import Step
    from tightship.compose.loading.tree import Value
    from tightship.text import Span

    T = TypeVar("T")
else:
    from tightship.lazy.generic import Generic

    T = None


class Setting(Generic[T]):
    """A setting: a value, or none written, or one that only a run will tell.

    Rules never ask ``field.value == x``, for a value such as ``${READ_ONLY}`` is
    neither equal nor unequal, and what a service does not set here may come from
    elsewhere. They ask what it *could* be, and so stay silent where the file does
    not decide.

    ``span`` is where the value is written, or else what lacks it. ``value`` is
    ``None`` where nothing is written, and where it is not decided.
    """

    __slots__ = ("decided", "provenance", "source", "span", "value")

    def __init__(
        self,
        span: Span,
        value: T | None,
        *,
        decided: bool = True,
        source: Value | None = None,
        provenance: tuple[Step, ...] = (),
    ) -> None:
        """Hold a setting; ``source`` is the value in the effective tree."""
        self.span = span
        self.value = value
        self.decided = decided
        self.source = source
        self.provenance = provenance

    @property
    def is_set(self) -> bool:
        """Tell whether the setting is in the file, whatever its value."""
        return self.source is not None

    @property
    def surely_absent(self) -> bool:
        """Tell whether the container surely runs without this setting."""
        return self.decided and self.value is None

    def could_be(self, value: T) -> bool:
        """Tell whether some run may see this value."""
        return not self.decided or self.value == value

    def is_surely(self, value: T) -> bool:
        """Tell whether every run sees this value."""
        return self.decided and self.value == value


class SettingList(Generic[T]):
    """A list of settings, such as ``cap_add``.

    ``decided`` is false where there may be more items than are written here.
    ``span`` is where the list is written, or else what lacks it.
    """

    __slots__ = ("decided", "items", "source", "span")

    def __init__(
        self,
        span: Span,
        items: tuple[Setting[T], ...],
        *,
        decided: bool = True,
        source: Value | None = None,
    ) -> None:
        self.span = span
        self.items = items
        self.decided = decided
        self.source = source

    @property
    def is_set(self) -> bool:
        """Tell whether the list is in the file, be it empty."""
        return self.source is not None

    @property
    def all_decided(self) -> bool:
        """Tell whether every item, and that there are no more, is decided."""
        return self.decided and all(item.decided for item in self.items)

    def surely_holds(self, value: T) -> Setting[T] | None:
        """Return the item with this value, if every run sees it."""
        return next((i for i in self.items if i.is_surely(value)), None)

    def could_hold(self, value: T) -> bool:
        """Tell whether some run may see an item with this value."""
        return not self.decided or any(item.could_be(value) for item in self.items)
