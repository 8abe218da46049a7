"""Faults: what Compose rejects, or ignores, when it loads and merges files."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tightship.findings import Related
    from tightship.model.value import SequenceValue, Value
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


class Fault(Record):
    """A place with a fault, and a sentence about it.

    ``kind`` is ``cast`` (the value of a variable has the wrong type), ``clash`` (a list
    or mapping meets another type), ``cycle``, ``disabled`` (a dependency only runs with
    a profile), ``env-file`` (a file is missing, or has a bad line), ``exclusive``
    (settings that contradict one another), ``include-conflict``, ``incomplete``,
    ``item-twice`` (a duplicate in a list of distinct items), ``no-effect`` (an override
    that removes nothing), ``required`` (``${X:?}`` without a value), ``template`` (bad
    syntax of a variable) or ``undefined``.

    ``path`` holds the keys that lead to the place, ``value`` is the value there, and
    ``lost`` the value that stays or goes against the author's intent. ``among`` is the
    list that holds the item of an ``item-twice``. ``missing`` is the kind and the name of
    what is not there: something else than the files may provide it. ``decided`` is false where a variable
    without a value takes part: another invocation may give it a good one.
    """

    kind: Kind
    span: Span
    message: str
    path: tuple[str, ...] = ()
    value: Value | None = None
    lost: Value | None = None
    among: SequenceValue | None = None
    because: tuple[Related, ...] = ()
    missing: tuple[str, str] | None = None
    decided: bool = True

    @property
    def refused(self) -> bool:
        """Return whether Compose rejects the project for it."""
        return self.kind != "no-effect"
