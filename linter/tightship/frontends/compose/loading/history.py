"""The history of a value: the steps that it took, and the values that it replaced."""

from __future__ import annotations

from tightship.model.value import Entry, MappingValue, ScalarValue, SequenceValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.model.reading import Step
    from tightship.model.value import Value

# The most replaced values that a value keeps; no hand-written project has more layers.
MOST_OVERRIDDEN = 8


def override(winner: Value, loser: Value) -> None:
    """Record on a value another one that it replaces, the latest first."""
    lost = (loser, *loser.overridden, *winner.overridden)
    winner.overridden = lost[:MOST_OVERRIDDEN]


def with_step(value: Value, step: Step) -> Value:
    """Return a copy of a value and all below it, after one more step."""
    new = _with_step(value, step)
    # The values that these have replaced are among them already.
    new.overridden = tuple(_with_step(lost, step) for lost in value.overridden)
    return new


def _with_step(value: Value, step: Step) -> Value:
    provenance = (step, *value.provenance)
    bounds = value.reading.bounds
    if isinstance(value, ScalarValue):
        return value.copy(value.node, value.expansion, provenance)
    if isinstance(value, SequenceValue):
        items = value.children
        if items and not bounds.spend(len(items), value.node):
            items = []
        below = items and [with_step(item, step) for item in items]
        return SequenceValue(value.node, provenance, value.reading, below)
    entries = value.children
    if entries and not bounds.spend(len(entries), value.node):
        entries = {}
    copies = entries and {
        name: Entry(entry.key, with_step(entry.value, step), entry.earlier)
        for name, entry in entries.items()
    }
    table = MappingValue(value.node, provenance, value.reading, copies)
    # The layers of a service that another one extends are not that one's.
    if value.below is not None and step.kind != "extends":
        lower = with_step(value.below, step)
        table.below = lower if isinstance(lower, MappingValue) else None
    table.listed = value.listed
    return table
