"""The report for people: what its brief and its verbose form share, and the summary."""

from __future__ import annotations

from tightship.findings import FixEffect, Severity
from tightship.report.report import Place, Report, seen_from
from tightship.report.terminal import Paint, begins_command, columns, visible_path
from tightship.report.wording import (
    configuration_lines,
    counted,
    earlier_text,
    fixes_text,
    gap_lines,
    hints_text,
    lowered_text,
    policy_lines,
    provided_lines,
    skipped_lines,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Finding, Gap
    from tightship.report.frame import Patch
    from tightship.report.report import ReportOptions, Summary
    from tightship.rules.definition import Rule
    from tightship.text import Source, Span

_HINT = "`tightship rule NAME` explains a rule."


class TextReport(Report):
    """Writes one verdict after another, and a summary.

    ``detail`` is where more can be read than the report shows.
    """

    detail = ""

    def __init__(self, options: ReportOptions) -> None:
        self.paint = Paint(on=options.color)
        self.width = max(options.width, 20)
        self._columns = options.columns
        self._here = options.here
        self._root = ""
        self._names: dict[str, str] = {}  # of the files of a verdict, as they are shown
        self._summary = options.summary
        self._begun = False
        self._was_set_off = False
        self._written: set[str] = set()
        # The patches that were shown, by their file: two findings may have the same.
        self.patches: set[Patch] = set()
        # The gaps that are findings of the report, and need no second line.
        self._reported_gaps: set[tuple[str, str, int]] = set()
        self._fixes = dict.fromkeys(FixEffect, 0)
        self._fixes_infos = False  # with fixes that only a verbose run applies
        self._hardens: dict[str, int] = {}  # by the main file of a project, as it is typed

    def verdict(self, verdict: Verdict) -> str:
        """Return the text of a verdict; it is empty without findings."""
        self._root = verdict.root
        self._names.clear()
        if self._summary:
            for judged in verdict.findings:
                fix, is_shown = judged.finding.fix, self._shows(judged, verdict)
                if fix and is_shown and judged.lacks_hardening:
                    main = self.name(verdict.sources[0])
                    self._hardens[main] = self._hardens.get(main, 0) + 1
                elif fix and (is_shown or fix.keeps_behaviour):
                    self._fixes[fix.effect] += 1
                    is_passing_info = _is_info(judged) and not verdict.fails(judged)
                    self._fixes_infos |= is_passing_info and not fix.keeps_behaviour
        for judged in verdict.findings if verdict.gaps else ():
            if judged.is_gap:
                self._reported_gaps.add(_place(verdict.root, judged.finding))
        return self.written(self.blocks(verdict))

    def written(self, blocks: Iterable[tuple[list[str], bool]]) -> str:
        """Return the text of parts, with blank lines between those that are set off."""
        lines: list[str] = []
        for block, is_set_off in blocks:
            if self._begun and (is_set_off or self._was_set_off):
                lines.append("")
            self._begun, self._was_set_off = True, is_set_off
            lines += block
        return _text(lines)

    def _shows(self, judged: JudgedFinding, verdict: Verdict) -> bool:
        """Return whether the report shows a finding, and not its number alone.

        A run must not fail in silence.
        """
        return not _is_info(judged) or not self.detail or verdict.fails(judged)

    def blocks(self, verdict: Verdict) -> Iterator[tuple[list[str], bool]]:
        """Yield the lines of each part, and whether blank lines set it off."""
        raise NotImplementedError

    def closing(self, summary: Summary) -> str:
        """Return the summary: the counts, and what to do next.

        Without a summary, that is only what makes the exit code 2 and is no finding.
        """
        if not self._summary:
            return _text([*self._gap_lines(summary)])
        if not summary.scope.files:
            return ""
        lines = [self._overview(summary), *self._gap_lines(summary), *self._next_steps(summary)]
        if self._columns:
            lines = [part for line in lines for part in wrapped(line.split(" "), self._columns)]
        return _text(["", *lines] if self._begun else lines)

    def _overview(self, summary: Summary) -> str:
        """Return the counts, as sentences in one line."""
        sentences = [self._counts(summary)]
        if summary.scope.gaps:
            sentences.append(f"{counted(len(summary.scope.gaps), 'part')} could not be checked.")
        if summary.scope.accepted:
            sentences.append(f"{summary.scope.accepted} more accepted.")
        if summary.scope.lowered["baseline"]:
            sentences.append(f"{summary.scope.lowered['baseline']} more known from the baseline.")
        if summary.known_errors:
            sentences.append(f"{self.paint('error', summary.known_errors_text)}.")
        if summary.passed_over:
            levels = ", ".join(f"`{level}`" for level in summary.passed_over)
            sentences.append(f"No finding fails the run: fail-on is {levels}.")
        if summary.findings:
            sentences.append(f"{self.detail}{_HINT}")
        return " ".join(sentences)

    def _next_steps(self, summary: Summary) -> Iterator[str]:
        """Yield a line for all else that a reader may want to act on."""
        if summary.earlier:
            yield earlier_text(summary)
        if self._hardens or any(self._fixes.values()):
            yield self._fixes_line()
        if summary.scope.lowered["purpose"]:
            yield lowered_text(summary)
        if summary.scope.hints and not summary.effects:
            yield hints_text(summary)
        yield from policy_lines(summary)
        yield from configuration_lines(summary, self._here)
        yield from provided_lines(summary)
        yield from skipped_lines(summary.scope.left, self._here, is_whole=not self.detail)

    def _fixes_line(self) -> str:
        from tightship.report.groups import harden_command

        command = f"tightship {harden_command([*self._hardens])} --write" if self._hardens else ""
        harden = sum(self._hardens.values()), command
        return fixes_text(self._fixes, infos=self._fixes_infos, harden=harden)

    def _gap_lines(self, summary: Summary) -> Iterator[str]:
        """Yield a line for each part that was not checked, unless a finding says so."""
        if summary.scope.gaps:
            gaps = [one for one in summary.scope.gaps if _place(*one) not in self._reported_gaps]
            yield from gap_lines(gaps, self._here, is_whole=not self.detail)

    def _counts(self, summary: Summary) -> str:
        files = counted(summary.scope.files, "file")
        services = " and ".join(counted(n, noun) for noun, n in summary.nouns.items())
        if not summary.findings:
            where = f"{files}, {services}" if summary.services else files
            none = "No new findings" if summary.changed_since else "No findings"
            return f"{self.paint('added', none)} in {where}."
        new = "new " if summary.changed_since else ""
        found = ", ".join(
            self.paint(severity.word, counted(count, f"{new}{severity.word}"))
            for severity, count in summary.by_severity.items()
            if count
        )
        where = f"{services} in {files}" if summary.services else files
        return f"{where}: {found}."

    def first_step(self, rule: Rule, advice: str) -> str:
        """Return what to do about findings with this advice, when it is first asked for."""
        return (advice or rule.help) if self.is_new(f"[{rule.name}]{advice}") else ""

    def is_new(self, text: str) -> bool:
        """Return whether this is asked for the first time about a text."""
        new = text not in self._written
        self._written.add(text)
        return new

    def name(self, source: Source) -> str:
        """Return a file's path as the reader sees it."""
        shown = self._names.get(source.name)
        if shown is None:
            path = seen_from(self._here, self._root, source.name)
            shown = self._names[source.name] = visible_path(path)
        return shown

    def line(self, span: Span) -> str:
        """Return ``path:line`` as the reader sees it."""
        return f"{self.name(span.source)}:{span.line}"

    def place(self, span: Span) -> str:
        """Return ``path:line:column`` as the reader sees it."""
        return Place(span).seen_as(self.name(span.source))


def _is_info(judged: JudgedFinding) -> bool:
    return judged.severity is Severity.INFO


def _place(root: str, at: Finding | Gap) -> tuple[str, str, int]:
    return root, at.span.source.name, at.span.start


def wrapped(words: Iterable[str], width: int) -> Iterator[str]:
    """Break a text between words; all lines but the first are indented.

    No line begins with a command of a CI system.
    """
    line, taken = "", 0
    for word in words:
        needed = columns(word)
        is_full = taken + 1 + needed > width and line.strip()
        if is_full and not begins_command(word):
            yield line
            line, taken = "  " + word, 2 + needed
        elif line:
            line, taken = f"{line} {word}", taken + 1 + needed
        else:
            line, taken = word, needed
    yield line


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
