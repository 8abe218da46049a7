"""The variables of a project without a value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Span


class UnsetVariables:
    """The variables of a project without a value, for which Compose puts an empty text.

    ``places`` has for each name the first text that uses it. A name with ``:?`` in any
    other text is ``required``: without a value, Compose rejects the project instead.
    """

    __slots__ = ("places", "required")

    def __init__(self) -> None:
        self.places: dict[str, Span] = {}
        self.required: set[str] = set()
