"""The files that set the variables of a finding, as related places.

Rules judge values after interpolation. If a line of `.env` sets `${PRIVILEGED}` to
`true`, that line is added here, for all rules.
"""

from __future__ import annotations

from tightship.compose.loading.tree import Leaf, Table
from tightship.findings import Related
from tightship.lazy.regex import regex
from tightship.rules.variable_wording import from_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.loading.reading import Step
    from tightship.compose.loading.tree import Value
    from tightship.engine.verdict import Judged
    from tightship.text import Span

_MOST_VALUES = 20_000
_NAME = regex(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")


def with_origins(root: Table | None, findings: list[Judged]) -> list[Judged]:
    """Return findings with the places where files set their variables.

    These are the variables that a message names, and those in the text at the place of
    the finding: a part of a value, a mapping, or the key before it.
    ``root`` is the effective tree of the project.
    """
    if root is None or not any("$" in one.span.source.text for one in findings):
        return findings
    origins = _Origins(root)
    return [_with_origins(one, origins) for one in findings]


def _with_origins(judged: Judged, origins: _Origins) -> Judged:
    finding = judged.finding
    if "$" not in finding.span.source.text:
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


class _Origins:
    """The values with variables from files, by the Compose file that they are in."""

    def __init__(self, root: Table) -> None:
        self._by_file: dict[str, list[tuple[Span, Leaf, list[Step]]]] = {}
        for place, leaf in _leaves(root):
            steps = [step for step in leaf.provenance if step.kind == "variable"]
            if steps:
                known = self._by_file.setdefault(leaf.span.source.name, [])
                known.append((place, leaf, steps))

    def of(self, span: Span, message: str) -> list[Step]:
        """Return the variables that a finding at a place depends on."""
        steps_by_place: dict[tuple[str, int], Step] = {}
        for key, leaf, steps in self._by_file.get(span.source.name, ()):
            value = leaf.span
            names = set[str]()
            if key == span or (span.start < value.end and value.start < span.end):
                is_part = value.start <= span.start and span.end <= value.end
                names.update(_NAME.findall(span.text if is_part else value.text))
            for step in steps:
                if step.name in names or from_file(step) in message:
                    steps_by_place[step.span.source.name, step.span.start] = step
        return list(steps_by_place.values())


def _leaves(root: Table) -> Iterator[tuple[Span, Leaf]]:
    """Yield the scalars of a tree with the places of their keys, up to a limit."""
    pending: list[tuple[Span, Value]] = [(root.span, root)]
    for _ in range(_MOST_VALUES):
        if not pending:
            return
        place, value = pending.pop()
        if isinstance(value, Leaf):
            yield place, value
        elif isinstance(value, Table):
            pending += ((e.key.span, e.value) for e in value.entries.values())
        else:
            pending += ((one.span, one) for one in value.items)
