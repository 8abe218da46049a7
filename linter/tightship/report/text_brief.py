"""The report for people in brief: a line for each cause, and what to do about it."""

from __future__ import annotations

from tightship.findings import Applicability, Severity
from tightship.report.fold import folded
from tightship.report.remedy import added_settings, replacing_line
from tightship.report.terminal import brief
from tightship.report.text import TextReport, listed, wrapped
from tightship.report.wording import counted, names_counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix, Related
    from tightship.report.fold import Folded
    from tightship.report.report import ReportOptions
    from tightship.report.summary import Summary
    from tightship.text import Source, Span

_INDENT = "  "
_FEW = 3
_VICTIM = "a service that "
_MANY = 20
_MOST_RULES = 6
_NOTE_MARGIN = 8  # Notes begin that much further to the left than code in a frame.


class BriefTextReport(TextReport):
    """Writes one verdict after another, and a summary.

    The most severe findings of a project come first. Findings of a file that differ only
    in their places are one, errors have a frame, and what the findings of a rule have in
    common is written with the first of them. Infos are counted, unless the run fails on
    them.
    """

    detail = "`-v` shows more, "

    def __init__(self, options: ReportOptions) -> None:
        super().__init__(options)
        self._rules: dict[str, int] = {}
        self._projects = 0
        self._builders: Mapping[str, Sequence[str]] = {}

    def blocks(self, verdict: Verdict) -> Iterator[tuple[list[str], bool]]:
        """Yield the lines of the project."""
        title = [*self._title(verdict)]
        self._builders = verdict.builders if title else {}
        order = {source: number for number, source in enumerate(verdict.sources)}
        shown = [
            one
            for one in verdict.findings
            # A run must not fail in silence.
            if one.severity > Severity.INFO or verdict.fails(one)
        ]
        shown.sort(
            key=lambda one: (-one.severity, one.is_absence, order.get(one.span.source, len(order)))
        )
        lines = list[str]()
        absences: dict[tuple[Source, Severity], list[Folded]] = {}
        for group in folded(shown):
            first = group.first
            if first.is_absence and first.severity < Severity.ERROR:
                place = first.span.source, first.severity
                absences.setdefault(place, []).append(group)
            else:
                lines += self._group(group)
        for groups in absences.values():
            lines += self._absences(groups)
        for one in shown:
            self._rules[one.rule.name] = self._rules.get(one.rule.name, 0) + 1
        if lines:
            self._projects += 1
            yield [*title, *lines], bool(title) or any(map(_is_note, lines))

    def closing(self, summary: Summary) -> str:
        """Return the summary; after many findings in several projects, also by rule."""
        text = super().closing(summary)
        counts = self._rules
        if not text or self._projects < 2 or sum(counts.values()) < _MANY:
            return text
        rules = sorted(counts, key=lambda name: -counts[name])
        words = [f"{name} ({counts[name]})" for name in rules[:_MOST_RULES]]
        if len(rules) > _MOST_RULES:
            words.append(counted(len(rules) - _MOST_RULES, "other rule"))
        lines = wrapped(["By rule:", *_enumerated(words)], self.width + _NOTE_MARGIN)
        return text + "".join(f"{line}\n" for line in lines)

    def _title(self, verdict: Verdict) -> Iterator[str]:
        """Yield the files of a project, if it has several, with those who build them."""
        if len(verdict.sources) < 2:
            return
        main, *others = verdict.sources
        folder = main.name[: main.name.rfind("/") + 1]
        names = list[str]()
        for source in others:
            name = source.name.removeprefix(folder)
            builders = verdict.builders.get(source.name)
            names.append(f"{name} (built by {listed(builders)})" if builders else name)
        title = self.paint("path", self.name(main))
        yield f"{title} {self.paint('dim', f'with {listed(names)}')}"

    def _group(self, group: Folded) -> Iterator[str]:
        """Yield findings that say the same: message, frame, other places, remedy."""
        first = group.first
        shown = False
        yield self._head(first)
        if first.severity is Severity.ERROR:
            from tightship.report.text_frame import Frame

            fix = first.finding.fix
            frame = Frame(
                first, [fix] if fix else [], self.paint, self.width, self.name, self.patches
            )
            for line in frame.lines():
                yield f"{_INDENT}{line}".rstrip()
            shown = bool(frame.changes)
        yield from self._also(group.others)
        yield from self._remedies(group, is_shown=shown)
        yield from self._related(group)

    def _head(self, judged: JudgedFinding) -> str:
        severity = judged.severity.word
        return (
            f"{self.paint('bold', self.place(judged.span))}:"
            f" {self.paint(severity, severity)}: {brief(judged.finding.message)}"
            f" {self.paint('dim', f'[{judged.rule.name}]')}"
        )

    def _also(self, others: Sequence[tuple[int, str]], subject: str = "") -> Iterator[str]:
        if others:
            noun = "line" if len({line for line, _ in others}) == 1 else "lines"
            places = (f"{line} ({code})" if code else f"{line}" for line, code in others)
            yield from self._note(f"{subject}also on", noun, *_enumerated(places))

    def _remedies(self, group: Folded, *, is_shown: bool) -> Iterator[str]:
        """Yield each fix that differs, what it may break, or else advice."""
        fixes = _fixes(group.findings)
        titles = {fix.title: fix for fix in reversed(fixes)}
        for title, fix in [*titles.items()][: -_FEW - 1 : -1]:
            safe = fix.applicability is Applicability.SAFE
            text = f"{'safe fix' if safe else 'fix'}: {title}"
            alone = len(group.findings) == 1 and not is_shown
            line = replacing_line(group.first.span.source, fix) if alone else ""
            yield from self._note(f"{text}: `{line}`" if line else text)
        if len(titles) > _FEW:
            yield from self._note(f"and {counted(len(titles) - _FEW, 'other fix', 'other fixes')}")
        yield from self._risks(fixes)
        if len(fixes) < len(group.findings):
            yield from self._labelled("help", [self.first_step(group.first)])

    def _absences(self, groups: list[Folded]) -> Iterator[str]:
        """Yield the settings that services of a file lack: by rule, then what to add."""
        lacking: dict[tuple[Span, ...], list[Folded]] = {}
        for group in groups:
            places = tuple(judged.span for judged in group.findings)
            lacking.setdefault(places, []).append(group)
        for same in lacking.values():
            for group in same:
                yield self._head(group.first)
            all_of_them = {1: "", 2: "both "}.get(len(same), "all ")
            yield from self._also(same[0].others, all_of_them)
        yield from self._patches(groups)
        yield from self._advice(groups)
        for group in groups:
            yield from self._related(group)

    def _patches(self, groups: list[Folded]) -> Iterator[str]:
        """Yield what to add to each service; equal services share a line."""
        services: dict[Span, list[JudgedFinding]] = {}
        for group in groups:
            for judged in group.findings:
                services.setdefault(judged.span, []).append(judged)
        patches: dict[tuple[str, ...], list[JudgedFinding]] = {}
        for span, findings in services.items():
            if fixes := _fixes(findings):
                patch = added_settings(span, fixes) or [fix.title for fix in fixes]
                patches.setdefault((*patch,), []).append(findings[0])
        for words, having in patches.items():
            yield from self._note(f"fix for {_names(having)}:", *_enumerated(words, ";"))
        yield from self._risks(_fixes(one for group in groups for one in group.findings))

    def _advice(self, groups: list[Folded]) -> Iterator[str]:
        """Yield what to do for the services that no fix is known for."""
        unfixed: dict[str, list[str]] = {}
        for group in groups:
            left = [judged for judged in group.findings if judged.finding.fix is None]
            if left:
                step = self.first_step(group.first)
                whose = f" for {_names(left)}" if len(left) < len(group.findings) else ""
                unfixed.setdefault(f"help{whose}", []).append(step)
        for label, steps in unfixed.items():
            yield from self._labelled(label, steps)

    def _risks(self, fixes: Iterable[Fix]) -> Iterator[str]:
        """Yield what fixes may break, which is mostly `a service that …`."""
        risks = (fix.may_break for fix in fixes if fix.may_break)
        first, *more = [*filter(self.is_new, risks)] or [""]
        if first.startswith(_VICTIM):
            more = [risk.removeprefix(_VICTIM) for risk in more]
        yield from self._labelled("may break", [first, *more])

    def _related(self, group: Folded) -> Iterator[str]:
        """Yield other places that explain the findings, and what these absorb."""
        notes = dict[str, None]()
        absorbed = list[str]()
        for judged in group.findings:
            for related in self._unsaid(judged):
                notes[f"{related.message} ({self.place(related.span)})"] = None
            # The summary counts gaps.
            absorbed += (one.rule.name for one in judged.absorbed if not one.is_gap)
        shown = [*notes][:_FEW]
        if len(notes) > _FEW:
            shown.append(f"and {counted(len(notes) - _FEW, 'more place')}")
        yield from self._labelled("note", shown)
        if absorbed:
            yield from self._note(f"made irrelevant by this: {names_counted(absorbed)}")

    def _unsaid(self, judged: JudgedFinding) -> Sequence[Related]:
        """Return the related places, without all the builders that the title names."""
        builders = {*self._builders.get(judged.span.source.name, ())}
        because = judged.finding.because
        named = {related.span.text for related in because} & builders
        if not builders or named < builders:
            return because
        return [related for related in because if related.span.text not in named]

    def _labelled(self, label: str, texts: Iterable[str]) -> Iterator[str]:
        text = "; ".join(filter(None, texts))
        if text:
            yield from self._note(f"{label}: {text}")

    def _note(self, *parts: str) -> Iterator[str]:
        """Yield the lines of a note. They break between parts, or in one part at blanks."""
        words = brief(parts[0]).split(" ") if len(parts) == 1 else map(brief, parts)
        for line in wrapped(words, self.width + _NOTE_MARGIN):
            yield f"{_INDENT}{line}"


def _is_note(line: str) -> bool:
    return line.startswith(_INDENT)


def _fixes(findings: Iterable[JudgedFinding]) -> list[Fix]:
    return [fix for fix in (judged.finding.fix for judged in findings) if fix]


def _names(findings: Sequence[JudgedFinding]) -> str:
    return listed([f"`{judged.subject.name}`" for judged in findings])


def _enumerated(words: Iterable[str], sign: str = ",") -> list[str]:
    """Return words with a sign behind each but the last."""
    found = list(words)
    return [f"{word}{sign}" for word in found[:-1]] + found[-1:]
