"""How often each rule finds something: a table for people, and data for programs."""

from __future__ import annotations

from collections import Counter

from tightship.findings import Applicability, Severity
from tightship.report.report import Report, ReportOptions
from tightship.report.text import TextReport
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.verdict import Verdict
    from tightship.report.json import Json
    from tightship.report.summary import Summary


Kind = tuple[str, Severity]
"""A rule, and the severity of some of its findings."""


class Statistics:
    """Counts of findings, and of their fixes, by rule and severity.

    Infos are counted unless ``infos`` is false; those that make a run fail always are.
    """

    def __init__(self, *, infos: bool) -> None:
        self._infos = infos
        self.findings = Counter[Kind]()
        self._fixes = Counter[tuple[Kind, Applicability]]()

    def add(self, verdict: Verdict) -> None:
        """Count the findings of a verdict."""
        for one in verdict.findings:
            is_info = one.severity is Severity.INFO
            if is_info and not self._infos and not verdict.fails(one):
                continue
            kind = one.rule.name, one.severity
            self.findings[kind] += 1
            if one.finding.fix is not None:
                self._fixes[kind, one.finding.fix.applicability] += 1

    def ranked(self) -> Iterator[tuple[Kind, int]]:
        """Yield the counts, the highest first, then the most severe, then by name."""
        yield from sorted(
            self.findings.items(), key=lambda item: (-item[1], -item[0][1], item[0][0])
        )

    def fixes(self, kind: Kind) -> tuple[int, int]:
        """Return how many of the findings have a safe fix, and how many an unsafe one."""
        safe, unsafe = Applicability.SAFE, Applicability.UNSAFE
        return self._fixes[kind, safe], self._fixes[kind, unsafe]


class StatisticsText(TextReport):
    """Writes a line for each rule that finds something, then the summary."""

    def __init__(self, options: ReportOptions) -> None:
        super().__init__(options)
        self._statistics = Statistics(infos=options.infos != "none")

    def blocks(self, verdict: Verdict) -> Iterator[tuple[list[str], bool]]:
        """Yield nothing: the counts come last."""
        self._statistics.add(verdict)
        return iter(())

    def closing(self, summary: Summary) -> str:
        """Return the table and the summary."""
        lines = [*self._lines()]
        self._begun = bool(lines)
        return "".join(f"{line}\n" for line in lines) + super().closing(summary)

    def _lines(self) -> Iterator[str]:
        ranked = [*self._statistics.ranked()]
        digits = max((len(str(count)) for _, count in ranked), default=0)
        longest = max((len(rule) for (rule, _), _ in ranked), default=0)
        for kind, count in ranked:
            rule, severity = kind
            word = self.paint(severity.word, severity.word.ljust(len("warning")))
            safe, unsafe = self._statistics.fixes(kind)
            fixes = [
                counted(number, f"{name} fix", f"{name} fixes")
                for number, name in ((safe, "safe"), (unsafe, "unsafe"))
                if number
            ]
            mark = self.paint("dim", ", ".join(fixes))
            yield f"{count:>{digits}}  {word}  {rule:{longest}}  {mark}".rstrip()


class StatisticsJson(Report):
    """Writes ``{"schema": 1, "statistics": […]}``, an item for each rule and severity."""

    def __init__(self, options: ReportOptions) -> None:
        self._statistics = Statistics(infos=options.infos != "none")

    def verdict(self, verdict: Verdict) -> str:
        """Count a verdict."""
        self._statistics.add(verdict)
        return ""

    def closing(self, summary: Summary) -> str:
        """Return the document."""
        from tightship.report.json import SCHEMA, encoder

        encode = encoder()
        items = list[str]()
        for kind, count in self._statistics.ranked():
            safe, unsafe = self._statistics.fixes(kind)
            item: Json = {
                "rule": kind[0],
                "severity": kind[1].word,
                "count": count,
                "safe_fixes": safe,
                "unsafe_fixes": unsafe,
            }
            items.append(encode(item))
        lines = ",\n".join(items)
        return f'{{"schema": {SCHEMA}, "statistics": [\n{lines}\n]}}\n'
