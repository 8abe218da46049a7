"""Findings of one rule that say the same of several places, as one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Severity
    from tightship.text import Source


class Folded:
    """Findings of one rule in one file whose messages differ only in their `code`."""

    __slots__ = ("findings",)

    def __init__(self, first: JudgedFinding) -> None:
        self.findings = [first]

    @property
    def first(self) -> JudgedFinding:
        """Return the finding whose message speaks for all of them."""
        return self.findings[0]

    @property
    def others(self) -> tuple[tuple[int, str], ...]:
        """Return the lines of the others, from 1, with the code in their messages.

        Code that is the first one's, too, is left out.
        """
        first = _code(self.first)
        found = dict[tuple[int, str], None]()
        for judged in self.findings[1:]:
            line = judged.span.source.point(judged.span.start)[0] + 1
            code = (
                f"`{here}`"
                for here, there in zip(_code(judged), first, strict=True)
                if here != there
            )
            found[line, ", ".join(code)] = None
        own = self.first.span.source.point(self.first.span.start)[0] + 1
        found.pop((own, ""), None)
        return tuple(found)


def folded(findings: Iterable[JudgedFinding]) -> list[Folded]:
    """Fold findings, in the order of the first ones."""
    groups: dict[tuple[str, Severity, Source, bool, int, tuple[str, ...]], Folded] = {}
    for judged in findings:
        # A name from the file may hold a backtick, so that code and words are uneven.
        parts = judged.finding.message.split("`")
        source, absence = judged.span.source, judged.is_absence
        key = (
            *(judged.rule.name, judged.severity, source, absence),
            *(len(parts), tuple(parts[::2])),
        )
        group = groups.get(key)
        if group is None:
            groups[key] = Folded(judged)
        else:
            group.findings.append(judged)
    return [*groups.values()]


def _code(judged: JudgedFinding) -> list[str]:
    return judged.finding.message.split("`")[1::2]
