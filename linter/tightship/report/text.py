"""The report for people: by file and service, with code frames and what to write."""

from __future__ import annotations

from tightship.findings import Applicability, Severity
from tightship.report.frame import code_line, hunks
from tightship.report.place import seen_from
from tightship.report.terminal import Paint, brief, columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.engine.verdict import Judged, Subject, Verdict
    from tightship.findings import Fix
    from tightship.report.summary import Summary
    from tightship.text import Source, Span

    Infos = Literal["none", "names", "frames"]

_MOST_RELATED = 5


class TextReport:
    """Writes one verdict after another, and a summary.

    Errors and warnings come with a frame; what one service leaves out comes as one
    block with one remedy; infos come as one line of names.
    """

    __slots__ = (
        "_begun",
        "_fixes",
        "_here",
        "_hidden",
        "_infos",
        "_infos_here",
        "_paint",
        "_root",
        "_summary",
        "_width",
    )

    def __init__(
        self,
        *,
        here: str = "",
        color: bool = False,
        infos: Infos = "names",
        summary: bool = True,
        width: int = 100,
    ) -> None:
        """Choose how to write.

        Args:
            here: the folder from which paths are shown; without it they are shown
                from the project's root.
            color: whether to paint with ANSI sequences.
            infos: whether infos are left out, named, or shown with frames; those that
                make a run fail are named at least.
            summary: whether to end with one.
            width: how many columns of a line of code are shown.

        """
        self._paint = Paint(on=color)
        self._here = here
        self._root = ""
        self._infos: Infos = infos
        self._infos_here: Infos = infos
        self._summary = summary
        self._width = max(width, 20)
        self._begun = False
        self._fixes = 0
        self._hidden = False

    def opening(self) -> str:
        """Return what comes first: nothing."""
        return ""

    def verdict(self, verdict: Verdict) -> str:
        """Return what a verdict says, or nothing if it has no findings."""
        lines = list[str]()
        self._root = verdict.root
        self._infos_here = self._infos
        if self._infos == "none" and verdict.fail_on == "info":
            self._infos_here = "names"  # What makes a run fail has to be told.
        for source, findings in _by_source(verdict):
            shown = list(self._groups(source, findings))
            if shown:
                lines += "", self._title(source, verdict), *shown
        if lines and not self._begun:
            self._begun = True
            del lines[0]
        return _text(lines)

    def closing(self, tally: Summary) -> str:
        """Return the summary: what was found, and how to go on."""
        if not self._summary or not tally.files:
            return ""
        lines = [self._counts(tally)]
        if tally.gaps:
            lines[0] += f" {_count(tally.gaps, 'part')} could not be judged."
        if tally.accepted:
            lines[0] += f" {tally.accepted} more accepted."
        if tally.known:
            lines[0] += f" {tally.known} more known from the baseline."
        if self._fixes:
            lines.append(
                f"{_count(self._fixes, 'fix', 'fixes')} shown: `--fix` applies those that"
                " are safe, `--unsafe-fixes` the others too."
            )
        if tally.findings:
            infos = "`-v` shows infos in full. " if self._hidden else ""
            lines.append(f"{infos}`tightship rule NAME` explains a rule.")
        return _text(["", *lines] if self._begun else lines)

    def _counts(self, tally: Summary) -> str:
        files, services = _count(tally.files, "file"), _count(tally.services, "service")
        if not tally.findings:
            where = f"{files}, {services}" if tally.services else files
            return f"{self._paint('added', 'No findings')} in {where}."
        found = ", ".join(
            self._paint(severity.word, _count(count, severity.word))
            for severity, count in tally.by_severity.items()
            if count
        )
        return (
            f"{services} in {files}: {found}."
            if tally.services
            else f"{files}: {found}."
        )

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
        counts = dict[str, int]()
        for judged in findings:
            if not self._has_frame(judged):
                counts[judged.rule.name] = counts.get(judged.rule.name, 0) + 1
        if counts and self._infos_here == "names":
            self._hidden = True
            yield f"{self._paint('info', 'info')}: {_names(counts)}"

    def _has_frame(self, judged: Judged) -> bool:
        return judged.severity > Severity.INFO or self._infos == "frames"

    def _block(self, findings: list[Judged]) -> Iterator[str]:
        """Yield findings at one place: messages, frame, remedy, notes."""
        for judged in findings:
            grade = judged.severity.word
            yield (
                f"{self._paint(grade, grade)}: {brief(judged.finding.message)} "
                f"{self._paint('dim', f'[{judged.rule.name}]')}"
            )
        span, fixes = findings[0].span, [j.finding.fix for j in findings]
        changes = self._changes(span, [fix for fix in fixes if fix])
        number = span.source.point(span.start)[0] + 1
        gutter = max([len(str(number)), *(len(label) for label, *_ in changes)])
        if span.source.text:  # A file that is missing has no line to show.
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
        """Yield what is to be said below a frame.

        What is absent needs no title for its fix, unless the lines could not be shown.
        """
        fixes = [judged.finding.fix for judged in findings if judged.finding.fix]
        if titled or not findings[0].is_absence:
            for fix in fixes:
                safe = fix.applicability is Applicability.SAFE
                yield f"{'safe fix' if safe else 'fix'}: {fix.title}"
        for risk in dict.fromkeys(fix.may_break for fix in fixes if fix.may_break):
            yield f"may break: {risk}"
        for judged in findings:
            because = judged.finding.because
            for related in because[:_MOST_RELATED]:
                yield f"{self._place(related.span)}: {related.message}"
            if len(because) > _MOST_RELATED:
                yield f"and {_count(len(because) - _MOST_RELATED, 'more place')}"
            counts = dict[str, int]()
            for moot in judged.absorbed:
                if "gap" not in moot.rule.tags:  # The summary counts those.
                    counts[moot.rule.name] = counts.get(moot.rule.name, 0) + 1
            if counts:
                yield f"moot while this stands: {_names(counts)}"

    def _name(self, source: Source) -> str:
        """Return a file's path as it is seen from here."""
        return brief(seen_from(self._here, self._root, source.name))

    def _title(self, source: Source, verdict: Verdict) -> str:
        """Return a file's path, and what it was taken together with."""
        title = self._paint("path", self._name(source))
        builders = verdict.builders.get(source.name)
        if builders:
            names = ", ".join(brief(name, 60) for name in builders[:_MOST_RELATED])
            more = len(builders) - _MOST_RELATED
            rest = f" and {_count(more, 'other')}" if more > 0 else ""
            noun = "service" if len(builders) == 1 else "services"
            built = f"built by {noun} {names}{rest} of {self._name(verdict.sources[0])}"
            return f"{title} {self._paint('dim', built)}"
        others = [other.name for other in verdict.sources if other is not source]
        others += verdict.variables
        if not others:
            return title
        more = len(others) - _MOST_RELATED
        names = ", ".join(brief(name, 60) for name in others[:_MOST_RELATED])
        rest = f" and {_count(more, 'other')}" if more > 0 else ""
        return f"{title} {self._paint('dim', f'with {names}{rest}')}"

    def _place(self, span: Span) -> str:
        line, column = span.source.point(span.start)
        return f"{self._name(span.source)}:{line + 1}:{column + 1}"


def _by_source(verdict: Verdict) -> Iterator[tuple[Source, list[Judged]]]:
    """Yield the files that have findings, in the order in which they were read."""
    found: dict[Source, list[Judged]] = {source: [] for source in verdict.sources}
    for judged in verdict.findings:
        found.setdefault(judged.span.source, []).append(judged)
    return ((source, findings) for source, findings in found.items() if findings)


def _group_of(subject: Subject) -> tuple[str, str, int]:
    """Return what findings share that are shown together.

    A file has no two services of a name, but may have stages that are called alike.
    """
    kind, span = subject.kind, subject.span
    start = span.start if kind == "stage" and span is not None else 0
    return kind, "" if kind == "file" else subject.name, start


def _rank(source: Source, first: Judged) -> tuple[bool, int]:
    """Return where a group stands in its file: the file itself before its services."""
    span = first.subject.span
    if span is None or span.source is not source:
        span = first.span
    return first.subject.kind != "file", span.start


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Break a text between words; what follows the first line is set in a little."""
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


def _names(counts: dict[str, int]) -> str:
    return ", ".join(
        f"{name} ({count})" if count > 1 else name for name, count in counts.items()
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
