"""The report for people in full: every finding by file and service, with its frame."""

from __future__ import annotations

from tightship.report.frame import Frame
from tightship.report.terminal import begins_command, brief
from tightship.report.text import TextReport, wrapped
from tightship.report.wording import (
    MOST_LISTED,
    absorbed_text,
    counted,
    fix_label,
    listed,
    proofs_of,
    risks_joined,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.verdict import JudgedFinding, Subject, Verdict
    from tightship.text import Source


class VerboseTextReport(TextReport):
    """Writes one verdict after another, and a summary.

    Every finding has a frame; the settings that one service lacks are one block with one
    remedy.
    """

    def blocks(self, verdict: Verdict) -> Iterator[tuple[list[str], bool]]:
        """Yield the lines of each file that has findings."""
        for source, findings in _by_source(verdict):
            title = self._title(source, verdict)
            yield [title, *self._groups(source, findings)], True

    def _groups(self, source: Source, findings: list[JudgedFinding]) -> Iterator[str]:
        """Yield the lines of one file: the file's own findings, then each service's."""
        groups: dict[tuple[str, str, int], list[JudgedFinding]] = {}
        for judged in findings:
            groups.setdefault(_group_of(judged.subject), []).append(judged)
        begun = False
        for group in sorted(groups.values(), key=lambda group: _rank(source, group[0])):
            subject = group[0].subject
            nested = subject.kind != "file"
            if begun:
                yield ""
            begun = True
            if nested:
                yield f"  {self._heading(source, subject)}"
            for line in self._group(group):
                yield (" " * (4 if nested else 2) + line).rstrip()

    def _heading(self, source: Source, subject: Subject) -> str:
        name = brief(subject.name, 100)
        name = self.paint("bold", f"`{name}`" if begins_command(name) else name)
        if subject.span is None:
            return name
        if subject.span.source is source:
            place = f"line {subject.span.line}"
        else:
            place = self.place(subject.span)
        return f"{name} {self.paint('dim', f'({place})')}"

    def _group(self, findings: list[JudgedFinding]) -> Iterator[str]:
        """Yield the lines of one service, or of the file itself."""
        findings = sorted(findings, key=lambda judged: -judged.severity)
        for judged in findings:
            if not judged.is_absence:
                yield from self._block([judged])
        absences = [judged for judged in findings if judged.is_absence]
        if absences:
            yield from self._block(absences)

    def _block(self, findings: list[JudgedFinding]) -> Iterator[str]:
        """Yield findings at one place: messages, frame, remedy, notes."""
        for judged in findings:
            severity = judged.severity.word
            yield (
                f"{self.paint(severity, severity)}: {brief(judged.finding.message)} "
                f"{self.paint('dim', f'[{judged.rule.name}]')}"
            )
        fixes = [fix for fix in (judged.finding.fix for judged in findings) if fix]
        frame = Frame(findings[0], fixes, self.paint, self.width, self.name, self.patches)
        yield from frame.lines(self.place(findings[0].span))
        for note in self._notes(findings, titled=not frame.changes):
            yield from frame.note(wrapped(brief(note).split(" "), self.width))

    def _notes(self, findings: list[JudgedFinding], *, titled: bool) -> Iterator[str]:
        """Yield the notes below a frame.

        The fix of an absence needs no title, unless its lines could not be shown. Advice
        is given with the first finding of a rule.
        """
        fixes = [judged.finding.fix for judged in findings if judged.finding.fix]
        if titled or not findings[0].is_absence:
            for fix in fixes:
                yield f"{fix_label(fix)}: {fix.title}"
        elif proofs := proofs_of(fixes):
            yield proofs
        for risk in risks_joined(fix.may_break for fix in fixes):
            yield f"may break: {risk}"
        for judged in findings:
            step = "" if judged.finding.fix else self.first_step(judged.rule, judged.finding.advice)
            if step:
                yield f"help: {step}"
        shown = set[str]()  # several settings may have one reason
        for judged in findings:
            because = judged.finding.because
            notes = [f"{self.place(one.span)}: {one.message}" for one in because[:MOST_LISTED]]
            yield from (one for one in notes if one not in shown)
            shown.update(notes)
            if len(because) > MOST_LISTED:
                yield f"and {counted(len(because) - MOST_LISTED, 'more place')}"
            if absorbed := absorbed_text([judged], self.place):
                yield absorbed

    def _title(self, source: Source, verdict: Verdict) -> str:
        """Return a file's path, and the files or the builders that belong to it."""
        title = self.paint("path", self.name(source))
        builders = verdict.builders.get(source.name)
        if builders:
            project = self.name(verdict.sources[0])
            note = f"built by {listed(builders)} of {project}"
            return f"{title} {self.paint('dim', note)}"
        others = [other.name for other in verdict.sources if other is not source]
        others += verdict.variables
        if not others:
            return title
        return f"{title} {self.paint('dim', f'with {listed(others)}')}"


def _by_source(verdict: Verdict) -> Iterator[tuple[Source, list[JudgedFinding]]]:
    """Yield the files that have findings, in the order in which they were read."""
    found: dict[Source, list[JudgedFinding]] = {source: [] for source in verdict.sources}
    for judged in verdict.findings:
        found.setdefault(judged.span.source, []).append(judged)
    return ((source, findings) for source, findings in found.items() if findings)


def _group_of(subject: Subject) -> tuple[str, str, int]:
    """Return the key that findings of one group share.

    Service names are unique in a file; stage names are not.
    """
    kind, span = subject.kind, subject.span
    start = span.start if kind == "stage" and span is not None else 0
    return kind, "" if kind == "file" else subject.name, start


def _rank(source: Source, first: JudgedFinding) -> tuple[bool, int]:
    """Return the position of a group in its file: the file itself comes first."""
    span = first.subject.span
    if span is None or span.source is not source:
        span = first.span
    return first.subject.kind != "file", span.start
