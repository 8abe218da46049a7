"""The files that set the variables of a finding, as related places.

Rules judge values after interpolation. If a line of `.env` sets `${PRIVILEGED}` to
`true`, that line is added here, for all rules.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import itemgetter

from tightship.findings import Related
from tightship.lazy import TYPE_CHECKING, regex
from tightship.model.value import MappingValue, ScalarValue
from tightship.rules.wording import from_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.verdict import JudgedFinding
    from tightship.model.reading import Step
    from tightship.model.value import Value
    from tightship.text import Span

_MOST_VALUES = 20_000
_NAME = regex(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")


def with_origins(root: MappingValue | None, findings: list[JudgedFinding]) -> list[JudgedFinding]:
    """Return findings with the places where files set their variables.

    These are the variables that a message names, and those in the text at the place of
    the finding: a part of a value, a mapping, or the key before it.
    ``root`` is the effective tree of the project.
    """
    if root is None or not any("$" in one.span.source.text for one in findings):
        return findings
    origins = _by_file(root)
    return [_with_origins(one, origins.get(one.span.source.name)) for one in findings]


def _with_origins(judged: JudgedFinding, origins: _FileOrigins | None) -> JudgedFinding:
    finding = judged.finding
    if origins is None or "$" not in finding.span.source.text:
        return judged
    known = {(one.span.source.name, one.span.start) for one in finding.because}
    added = tuple(
        Related(step.span, f"`{step.name}` is set here", role="origin")
        for step in origins.of(finding.span, finding.message)
        if (step.span.source.name, step.span.start) not in known
    )
    if not added:
        return judged
    because = (*finding.because, *added)
    return judged.replaced(finding=finding.replaced(because=because))


def _by_file(root: MappingValue) -> dict[str, _FileOrigins]:
    """Return the values with variables from files, by the Compose file that they are in."""
    found: dict[str, _FileOrigins] = {}
    for place, leaf in _leaves(root):
        steps = [step for step in leaf.provenance if step.kind == "variable"]
        if steps:
            found.setdefault(leaf.span.source.name, _FileOrigins()).add(place, leaf.span, steps)
    for known in found.values():
        known.sort()
    return found


class _FileOrigins:
    """The values of one file, found by their keys, by places and by messages.

    Both findings and values may be thousands, so no finding looks at each value.
    """

    def __init__(self) -> None:
        self._values: list[tuple[Span, list[Step]]] = []
        self._by_key: dict[Span, list[int]] = {}
        # Each variable that is set at a place, with the first value that uses it.
        self._by_name: dict[str, dict[tuple[str, int], tuple[int, Step]]] = {}

    def add(self, key: Span, value: Span, steps: list[Step]) -> None:
        """Add a value, the place of its key and its variables, in the tree's order."""
        number = len(self._values)
        self._values.append((value, steps))
        self._by_key.setdefault(key, []).append(number)
        for step in steps:
            named = self._by_name.setdefault(step.name, {})
            named.setdefault(_place(step), (number, step))

    def sort(self) -> None:
        """Order the values by their places, which do not overlap."""
        values = self._values
        self._sorted = sorted(range(len(values)), key=lambda n: values[n][0].start)
        self._starts = [values[number][0].start for number in self._sorted]
        self._ends = [values[number][0].end for number in self._sorted]

    def of(self, span: Span, message: str) -> list[Step]:
        """Return the variables that a finding at a place depends on."""
        first = bisect_right(self._ends, span.start)
        inside = self._sorted[first : bisect_left(self._starts, span.end)]
        found: list[tuple[int, Step]] = []
        for number in {*inside, *self._by_key.get(span, ())}:
            value, steps = self._values[number]
            is_part = value.start <= span.start and span.end <= value.end
            names = set(_NAME.findall(span.text if is_part else value.text))
            found += ((number, step) for step in steps if step.name in names)
        for name in dict.fromkeys(_NAME.findall(message)):
            for number, step in self._by_name.get(name, {}).values():
                if from_file(step) in message:
                    found.append((number, step))
        found.sort(key=itemgetter(0))
        return list({_place(step): step for _, step in found}.values())


def _place(step: Step) -> tuple[str, int]:
    return step.span.source.name, step.span.start


def _leaves(root: MappingValue) -> Iterator[tuple[Span, ScalarValue]]:
    """Yield the scalars of a tree with the places of their keys, up to a limit."""
    pending: list[tuple[Span, Value]] = [(root.span, root)]
    for _ in range(_MOST_VALUES):
        if not pending:
            return
        place, value = pending.pop()
        if isinstance(value, ScalarValue):
            yield place, value
        elif isinstance(value, MappingValue):
            pending += ((e.key.span, e.value) for e in value.entries.values())
        else:
            pending += ((one.span, one) for one in value.items)
