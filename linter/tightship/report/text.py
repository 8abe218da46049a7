"""The report for people: by file and service, with code frames and lines to write."""

from __future__ import annotations

from tightship.findings import Applicability, Severity
from tightship.report.frame import code_line, hunks
from tightship.report.place import Place, seen_from
from tightship.report.report import Report
from tightship.report.terminal import Paint, brief, columns, visible_path
from tightship.report.wording import counted, names_counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.engine.verdict import Judged, Subject, Verdict
    from tightship.findings import Fix
    from tightship.report.report import Infos, ReportOptions
    from tightship.report.summary import Summary
    from tightship.text import Source, Span

_MOST_RELATED = 5


class TextReport(Report):
    """Writes one verdict after another, and a summary.

    Errors and warnings have a frame; the settings that one service lacks are one block
    with one remedy; infos are one line of names.
    """

    def __init__(self, options: ReportOptions) -> None:
        self._paint = Paint(on=options.color)
        self._here = options.here
        self._root = ""
        self._infos: Infos = options.infos
        self._infos_here: Infos = options.infos
        self._summary = options.summary
        self._width = max(options.width, 20)
        self._begun = False
        self._advised = set[str]()
        self._fixes = 0
        self._hidden = False

    def verdict(self, verdict: Verdict) -> str:
        """Return the text of a verdict; it is empty without findings."""
        lines = list[str]()
        self._root = verdict.root
        self._infos_here = self._infos
        if self._infos == "none" and verdict.fail_on == "info":
            self._infos_here = "names"  # A run must not fail in silence.
        for source, findings in _by_source(verdict):
            shown = list(self._groups(source, findings))
            if shown:
                lines += "", self._title(source, verdict), *shown
        if lines and not self._begun:
            self._begun = True
            del lines[0]
        return _text(lines)

    def closing(self, summary: Summary) -> str:
        """Return the summary: the counts, and what to do next."""
        if not self._summary or not summary.files:
            return ""
        lines = [self._counts(summary)]
        if summary.gaps:
            lines[0] += f" {counted(len(summary.gaps), 'part')} could not be judged."
        if summary.accepted:
            lines[0] += f" {summary.accepted} more accepted."
        if summary.known:
            lines[0] += f" {summary.known} more known from the baseline."
        if self._fixes:
            lines.append(
                f"{counted(self._fixes, 'fix', 'fixes')} shown: `--fix` applies those that"
                " are safe, `--unsafe-fixes` the others too."
            )
        if summary.findings:
            infos = "`-v` shows infos in full. " if self._hidden else ""
            lines.append(f"{infos}`tightship rule NAME` explains a rule.")
        if summary.gaps or summary.skipped:
            from tightship.report.unchecked import gap_lines, skipped_lines

            is_whole = self._infos == "frames"
            lines[1:1] = gap_lines(summary, self._here, is_whole=is_whole)
            lines += skipped_lines(summary, self._here, is_whole=is_whole)
        return _text(["", *lines] if self._begun else lines)

    def _counts(self, summary: Summary) -> str:
        files = counted(summary.files, "file")
        services = counted(summary.services, "service")
        if not summary.findings:
            where = f"{files}, {services}" if summary.services else files
            return f"{self._paint('added', 'No findings')} in {where}."
        found = ", ".join(
            self._paint(severity.word, counted(count, severity.word))
            for severity, count in summary.by_severity.items()
            if count
        )
        where = f"{services} in {files}" if summary.services else files
        return f"{where}: {found}."

    def _groups(self, source: Source, findings: list[Judged]) -> Iterator[str]:
        """Yield the lines of one file: the file's own findings, then each service's."""
        groups: dict[tuple[str, str, int], list[Judged]] = {}
        for judged in findings:
            groups.setdefault(_group_of(judged.subject), []).append(judged)
        framed = False
        for group in sorted(groups.values(), key=lambda group: _rank(source, group[0])):
            subject = group[0].subject
            nested = subject.kind != "file"
            lines = list(self._group(group))
            if not lines:
                continue
            if framed:
                yield ""
            framed = len(lines) > 1
            if nested:
                yield f"  {self._heading(source, subject)}"
            for line in lines:
                yield (" " * (4 if nested else 2) + line).rstrip()

    def _heading(self, source: Source, subject: Subject) -> str:
        name = self._paint("bold", brief(subject.name, 100))
        if subject.span is None:
            return name
        if subject.span.source is source:
            place = f"line {source.point(subject.span.start)[0] + 1}"
        else:
            place = self._place(subject.span)
        return f"{name} {self._paint('dim', f'({place})')}"

    def _group(self, findings: list[Judged]) -> Iterator[str]:
        """Yield the lines of one service, or of the file itself."""
        framed = [j for j in findings if self._has_frame(j)]
        framed.sort(key=lambda judged: -judged.severity)
        for judged in framed:
            if not judged.is_absence:
                yield from self._block([judged])
        absences = [judged for judged in framed if judged.is_absence]
        if absences:
            yield from self._block(absences)
        infos = [j.rule.name for j in findings if not self._has_frame(j)]
        if infos and self._infos_here == "names":
            self._hidden = True
            yield f"{self._paint('info', 'info')}: {names_counted(infos)}"

    def _has_frame(self, judged: Judged) -> bool:
        return judged.severity > Severity.INFO or self._infos == "frames"

    def _block(self, findings: list[Judged]) -> Iterator[str]:
        """Yield findings at one place: messages, frame, remedy, notes."""
        for judged in findings:
            severity = judged.severity.word
            yield (
                f"{self._paint(severity, severity)}: {brief(judged.finding.message)} "
                f"{self._paint('dim', f'[{judged.rule.name}]')}"
            )
        span, fixes = findings[0].span, [j.finding.fix for j in findings]
        changes = self._changes(span, [fix for fix in fixes if fix])
        number = span.source.point(span.start)[0] + 1
        gutter = max([len(str(number)), *(len(label) for label, *_ in changes)])
        if span.source.text:  # A missing file has no line to show.
            yield from self._frame(findings[0], number, gutter)
        for label, sign, style, line in changes:
            yield (
                f"{self._margin(label.rjust(gutter))} "
                f"{self._paint(style, f'{sign} {line}'.rstrip())}"
            )
        for note in self._notes(findings, titled=not changes):
            sign = " ="
            for line in _wrapped(brief(note), self._width):
                yield f"{self._margin(' ' * gutter + sign)} {line}"
                sign = "  "

    def _frame(self, judged: Judged, number: int, gutter: int) -> Iterator[str]:
        span = judged.span
        code, carets = code_line(span, self._width)
        yield self._margin("-->".rjust(gutter + 2)) + f" {self._place(span)}"
        yield f"{self._margin(f'{number:>{gutter}} |')} {code}"
        caret = self._paint(judged.severity.word, carets.lstrip())
        blank = " " * (len(carets) - len(carets.lstrip()))
        yield f"{self._margin(' ' * gutter + ' |')} {blank}{caret}"

    def _margin(self, text: str) -> str:
        return self._paint("gutter", text)

    def _changes(self, span: Span, fixes: list[Fix]) -> list[tuple[str, str, str, str]]:
        """Return lines to remove and to write: line number, sign, style, text."""
        edits = [edit for fix in fixes for edit in fix.edits]
        changes = list[tuple[str, str, str, str]]()
        for source in dict.fromkeys(edit.span.source for edit in edits):
            found = hunks(source, edits, self._width)
            if found is None:
                return []
            if source is not span.source:
                changes.append(("", "-->", "gutter", self._name(source)))
            for hunk in found:
                for offset, line in enumerate(hunk.removed, hunk.line + 1):
                    changes.append((str(offset), "-", "removed", line))
                changes += (("", "+", "added", line) for line in hunk.added)
        if changes:
            self._fixes += len(fixes)
        return changes

    def _notes(self, findings: list[Judged], *, titled: bool) -> Iterator[str]:
        """Yield the notes below a frame.

        The fix of an absence needs no title, unless its lines could not be shown. Advice
        is given with the first finding of a rule.
        """
        fixes = [judged.finding.fix for judged in findings if judged.finding.fix]
        if titled or not findings[0].is_absence:
            for fix in fixes:
                safe = fix.applicability is Applicability.SAFE
                yield f"{'safe fix' if safe else 'fix'}: {fix.title}"
        for risk in dict.fromkeys(fix.may_break for fix in fixes if fix.may_break):
            yield f"may break: {risk}"
        advice = (j.rule.advice for j in findings if j.finding.fix is None)
        for text in dict.fromkeys(filter(None, advice)):
            if text not in self._advised:
                self._advised.add(text)
                yield f"help: {text}"
        for judged in findings:
            because = judged.finding.because
            for related in because[:_MOST_RELATED]:
                yield f"{self._place(related.span)}: {related.message}"
            if len(because) > _MOST_RELATED:
                yield f"and {counted(len(because) - _MOST_RELATED, 'more place')}"
            # The summary counts gaps.
            absorbed = [one.rule.name for one in judged.absorbed if not one.is_gap]
            if absorbed:
                yield f"made irrelevant by this: {names_counted(absorbed)}"

    def _name(self, source: Source) -> str:
        """Return a file's path as the reader sees it."""
        return visible_path(seen_from(self._here, self._root, source.name))

    def _title(self, source: Source, verdict: Verdict) -> str:
        """Return a file's path, and the files or the builders that belong to it."""
        title = self._paint("path", self._name(source))
        builders = verdict.builders.get(source.name)
        if builders:
            noun = "service" if len(builders) == 1 else "services"
            project = self._name(verdict.sources[0])
            note = f"built by {noun} {_listed(builders)} of {project}"
            return f"{title} {self._paint('dim', note)}"
        others = [other.name for other in verdict.sources if other is not source]
        others += verdict.variables
        if not others:
            return title
        return f"{title} {self._paint('dim', f'with {_listed(others)}')}"

    def _place(self, span: Span) -> str:
        return Place(span).seen_as(self._name(span.source))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(brief(name, 60) for name in names[:_MOST_RELATED])
    more = len(names) - _MOST_RELATED
    return f"{shown} and {counted(more, 'other')}" if more > 0 else shown


def _by_source(verdict: Verdict) -> Iterator[tuple[Source, list[Judged]]]:
    """Yield the files that have findings, in the order in which they were read."""
    found: dict[Source, list[Judged]] = {source: [] for source in verdict.sources}
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


def _rank(source: Source, first: Judged) -> tuple[bool, int]:
    """Return the position of a group in its file: the file itself comes first."""
    span = first.subject.span
    if span is None or span.source is not source:
        span = first.span
    return first.subject.kind != "file", span.start


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Break a text between words; all lines but the first are indented."""
    line = ""
    for word in text.split(" "):
        if line.strip() and columns(line) + 1 + columns(word) > width:
            yield line
            line = "  " + word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
