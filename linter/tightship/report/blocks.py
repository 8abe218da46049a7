"""What the brief text writes of findings: blocks in their order, and how many fit a screen."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from tightship.engine.verdict import JudgedFinding
    from tightship.report.groups import LackingProject

    # A line, or what yields lines when it is written: some are written once in a run.
    Note: TypeAlias = str | Callable[[], Iterator[str]]
    Section: TypeAlias = tuple[str, list[tuple["Block", list[str]]]]


_MOST_RULES = 10

# By what an attacker gains: the host, then data, then time. Other themes come last.
_WEIGHTS = (
    *("host_interfaces", "devices", "capabilities", "namespaces", "mandatory_access"),
    *("secrets", "network", "users", "filesystem", "supply_chain", "resources"),
)


class Block:
    """The lines about findings of one cause, and the places of those in other files.

    They are about the first project that has them: ``head`` comes before the other
    places, and ``notes`` after them. Missing hardening of a project is ``lacking``.
    ``rules`` counts the findings by rule.
    """

    __slots__ = (
        *("first", "head", "is_critical", "lacking", "notes"),
        *("_weight", "places", "projects", "rules", "severity"),
    )

    def __init__(
        self, findings: Sequence[JudgedFinding], head: list[str], notes: list[Note]
    ) -> None:
        first = findings[0]
        self.first = first if first.finding.cause else None  # it keeps its files in memory
        self.severity = first.severity
        self._weight = weight_of(first)
        self.rules: dict[str, int] = {}
        for one in findings:
            add(self.rules, {one.rule.name: 1})
        self.is_critical = first.severity is Severity.ERROR and not is_refused(first)
        self.head = head
        self.notes = notes
        self.lacking: LackingProject | None = None
        self.places: list[str] = []
        self.projects = 1

    @property
    def weight(self) -> tuple[int, ...]:
        """Return what orders blocks: the heaviest first, then those with most findings."""
        return *self._weight, -sum(self.rules.values())


def weight_of(judged: JudgedFinding) -> tuple[int, ...]:
    """Return what orders findings: errors first, what is lacking last."""
    theme = judged.rule.theme
    weight = _WEIGHTS.index(theme) if theme in _WEIGHTS else len(_WEIGHTS)
    return -judged.severity, judged.lacks_hardening, is_refused(judged), weight


def add(counts: dict[str, int], others: Mapping[str, int]) -> None:
    """Add counts to others, by name."""
    for name, number in others.items():
        counts[name] = counts.get(name, 0) + number


def cut(
    parts: Sequence[Section], room: int, left: dict[Severity, dict[str, int]]
) -> Iterator[Section]:
    """Yield what some lines have room for, of errors at least a line; count what is left."""
    errors = sum(_is_error(block) for _, own in parts for block, _ in own)
    is_full = False
    for title, blocks in parts:
        kept: list[tuple[Block, list[str]]] = []
        for block, every in blocks:
            if _is_error(block):
                errors -= 1
                lines = every if len(every) <= room - errors else every[: room > 0]
            else:
                is_full |= len(every) > room - errors
                lines = [] if is_full else every
            room -= len(lines)
            if lines:
                kept.append((block, lines))
            else:
                add(left.setdefault(block.severity, {}), block.rules)
        if kept:
            yield title, kept


def _is_error(block: Block) -> bool:
    return block.severity is Severity.ERROR


def by_number(counts: Mapping[str, int]) -> str:
    """Return the rules with most findings, with their numbers."""
    rules = sorted(counts, key=lambda name: -counts[name])
    words = [f"{name} ({counts[name]})" for name in rules[:_MOST_RULES]]
    if len(rules) > _MOST_RULES:
        words.append(counted(len(rules) - _MOST_RULES, "other rule"))
    return ", ".join(words)


def is_refused(judged: JudgedFinding) -> bool:
    """Return whether Compose or the engine rejects it: that gives nothing away."""
    return judged.rule.theme == "correctness"
