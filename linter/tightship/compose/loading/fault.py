"""What Compose refuses, or does otherwise than it was meant, when it puts files together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tightship.compose.loading.tree import Items, Value
    from tightship.findings import Related
    from tightship.text import Span

    Kind = Literal[
        "cast",
        "clash",
        "cycle",
        "disabled",
        "env-file",
        "exclusive",
        "include-conflict",
        "incomplete",
        "item-twice",
        "no-effect",
        "required",
        "template",
        "undefined",
    ]


class Fault:
    """One such place, with a sentence about it.

    ``kind`` is ``cast`` (what a variable brings is not what its place wants), ``clash``
    (a list or mapping meets another type), ``cycle``, ``disabled`` (what is needed only
    runs with a profile), ``env-file`` (it is missing, or has a line that is none),
    ``exclusive`` (settings that contradict one another), ``include-conflict``,
    ``incomplete``, ``item-twice`` (an item of which Compose wants only one),
    ``no-effect`` (an override that removes nothing), ``required`` (``${X:?}`` without a
    value), ``template`` (what is no variable) or ``undefined``. ``path`` leads to the
    place by keys, and ``lost`` is the value that stays, or that goes, without being
    meant to. ``among`` is the list in which the item of an ``item-twice`` is written.
    ``decided`` is false where a variable without a value has a part in it: Compose
    refuses the project as it is called now, and perhaps not as it is called then.
    """

    __slots__ = (
        "among",
        "because",
        "decided",
        "kind",
        "lost",
        "message",
        "path",
        "span",
        "value",
    )

    def __init__(
        self,
        kind: Kind,
        span: Span,
        message: str,
        *,
        path: tuple[str, ...] = (),
        value: Value | None = None,
        lost: Value | None = None,
        among: Items | None = None,
        because: tuple[Related, ...] = (),
        decided: bool = True,
    ) -> None:
        """Describe a fault; ``value`` is what is written there."""
        self.kind: Kind = kind
        self.span = span
        self.message = message
        self.path = path
        self.value = value
        self.lost = lost
        self.among = among
        self.because = because
        self.decided = decided

    @property
    def refused(self) -> bool:
        """Tell whether Compose refuses the project for it."""
        return self.kind != "no-effect"
