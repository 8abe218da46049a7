"""Typed options of rules, which `[rules.NAME]` sets."""

from __future__ import annotations

from tightship.config.key import Key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Generic, TypeVar

    from tightship.config.key import Form

    T = TypeVar("T")
else:
    from tightship.lazy import Generic

    T = None


class Option(Key, Generic[T], frozen=False):
    """An option of a rule: a key of its table, whose value the rule gets as a ``T``.

    ``make`` makes that of the value in the file. Without a default, the rule is off
    until the option is set.
    """

    def __init__(
        self,
        name: str,
        form: Form,
        make: Callable[[Any], T],
        about: str,
        example: str,
        *,
        default: object = None,
        choices: tuple[str, ...] = (),
        bounds: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(
            name, form, about, example, default=default, choices=choices, bounds=bounds
        )
        self.make = make


class Options:
    """The values of a rule's options, by option."""

    def __init__(self, options: Iterable[Option[Any]], given: Mapping[str, object]) -> None:
        """Take values by name; an option that is not given has its default."""
        self._values = {one.name: one.make(given.get(one.name, one.default)) for one in options}

    def __getitem__(self, option: Option[T]) -> T:
        value: T = self._values[option.name]
        return value
