"""The head of a page: names for links, and what to do first."""

from __future__ import annotations

import os

from tightship.findings import Severity
from tightship.isolation.weakness import HOST
from tightship.lazy import TYPE_CHECKING, regex
from tightship.report.groups import sentence_of_lacking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final, TypeAlias

    from tightship.engine.verdict import JudgedFinding
    from tightship.isolation.profile import Profile
    from tightship.text import Span
    from tightship_annexes.review.html.project_view import Block, ProjectView

    Rank: TypeAlias = tuple[bool, int, bool]

_MOST_FIRST = 6
_LONGEST = 100
_UNFIT = regex(r"(?a)[^\w.-]+")


class Anchors:
    """The ids of a page, which are the same in the next run, and the ranks of findings.

    ``causes`` has the anchor and the place of the first block about each cause.
    """

    def __init__(self) -> None:
        self.causes: Final[dict[int, tuple[str, str]]] = {}
        self._counts: dict[str, int] = {"main": 1, "first": 1, "skipped": 1}
        self._hosts: Sequence[Span] = ()

    def new(self, text: str) -> str:
        """Return an id for a text, which no other one has."""
        # No text has a tilde or a colon left: ids with them are ours.
        found = _UNFIT.sub("-", text)[:_LONGEST]
        number = self._counts[found] = self._counts.get(found, 0) + 1
        return found if number == 1 else f"{found}~{number}"

    def of(self, judged: JudgedFinding) -> str:
        """Return an id for a finding."""
        return self.new(f"{judged.rule.name}-{judged.fingerprint[:8]}")

    def lead_to_host(self, profiles: Iterable[Profile]) -> None:
        """Take the places that hand over the host for those of the project that follows."""
        self._hosts = [
            row.place
            for profile in profiles
            for row in profile.rows
            if row.place is not None and any(one.points >= HOST for one in row.weaknesses)
        ]

    def rank(self, judged: JudgedFinding) -> Rank:
        """Return a rank; what leads to the host has the lowest, then the severe ones."""
        # What Compose rejects gives nothing away.
        is_refused = judged.rule.theme == "correctness"
        leads = not is_refused and any(_meet(judged.span, place) for place in self._hosts)
        return not leads, -judged.severity, is_refused


def _meet(one: Span, other: Span) -> bool:
    return one.source is other.source and one.start < other.end and other.start < one.end


class FirstStep:
    """What a rule has found: the worst finding with its block, and all places with anchors."""

    def __init__(self, judged: JudgedFinding, block: Block) -> None:
        self.judged: Final = judged
        self.block: Final = block
        self.places: Final[list[tuple[str, str]]] = []


def first_steps(projects: Iterable[ProjectView]) -> tuple[list[FirstStep], int, str]:
    """Return what to do first, how many rules are left, and a sentence on hardening."""
    lacking = [one for project in projects for one in project.lacking]
    found = [
        (block.ranks[anchor], judged, anchor, block)
        for block in (block for project in projects for block in project.blocks)
        for judged, anchor in block.findings
        if judged.severity == Severity.ERROR or not judged.lacks_hardening
    ]
    steps: dict[str, FirstStep] = {}
    for _, judged, anchor, block in sorted(found, key=lambda one: one[0]):
        step = steps.setdefault(judged.rule.name, FirstStep(judged, block))
        step.places.append((anchor, block.place))
    shown = [*steps.values()][:_MOST_FIRST]
    return shown, len(steps) - len(shown), sentence_of_lacking(lacking) if lacking else ""


def project_rank(project: ProjectView) -> tuple[Rank, bool]:
    """Return where a project is on the page."""
    ranks = (rank for one in project.blocks for rank in one.ranks.values())
    worst = min(ranks, default=(True, 0, True))
    return worst, project.purpose != "product"


def page_name(root: str) -> str:
    """Return the name of what is in a folder, for a title."""
    return os.path.basename(os.path.normpath(root))
