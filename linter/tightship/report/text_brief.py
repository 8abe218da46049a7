"""The report for people in brief: a line for each cause, and what to do about it."""

from __future__ import annotations

from tightship.findings import Applicability, Severity
from tightship.report.frame import hunks
from tightship.report.terminal import brief
from tightship.report.text import TextReport, listed, wrapped
from tightship.report.wording import counted, names_counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix, Related
    from tightship.report.report import ReportOptions, Summary
    from tightship.text import Source, Span


_INDENT = "  "
_FEW = 3
_VICTIM = "a service that "
_MANY = 20
_MOST_RULES = 6
_NOTE_MARGIN = 8  # Notes begin that much further to the left than code in a frame.

_WIDE = 10_000  # Lines are wrapped elsewhere.
_QUOTED = frozenset(",[]{}#")


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
            from tightship.report.frame import Frame

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


def added_settings(service: Span, fixes: Sequence[Fix]) -> list[str]:
    """Return the settings that fixes add to a service, each in one line.

    The result is empty if the fixes do anything else, such as replacing a line or
    adding a volume at the top level.
    """
    source = service.source
    edits = [edit for fix in fixes for edit in fix.edits]
    if any(edit.span.source is not source for edit in edits):
        return []
    found = hunks(source, edits, _WIDE)
    if not found or any(hunk.removed for hunk in found):
        return []
    indent = _indent_of_keys(source, source.point(service.start)[0])
    return _settings([line for hunk in found for line in hunk.added], indent)


def replacing_line(source: Source, fix: Fix) -> str:
    """Return the line that a fix writes in place of one other line, or nothing."""
    if any(edit.span.source is not source for edit in fix.edits):
        return ""
    found = hunks(source, fix.edits, _WIDE)
    if not found or len(found) > 1:
        return ""
    removed, added = found[0].removed, found[0].added
    return added[0].strip() if len(removed) == len(added) == 1 else ""


def _indent_of_keys(source: Source, line: int) -> int:
    """Return the indentation of the first line with text below a line from 0."""
    for start in source.line_starts[line + 1 :]:
        text = source.text[start : source.line_end(start)]
        if text.strip() and not text.lstrip().startswith("#"):
            return _indent(text)
    return 0


def _settings(lines: list[str], indent: int) -> list[str]:
    """Return ``key: value`` for each key; lists of scalars are put in brackets.

    Lines of any other form give an empty list.
    """
    settings = list[tuple[str, list[str]]]()
    for line in lines:
        text = line.strip()
        if text.startswith("- "):
            if not settings or not settings[-1][0].endswith(":"):
                return []
            item = text[2:]
            quoted = item[0] not in "'\"" and _QUOTED & {*item}
            settings[-1][1].append(f'"{item}"' if quoted else item)
        elif _indent(line) == indent and text:
            settings.append((text, []))
        else:
            return []
    if any(text.endswith(":") != bool(items) for text, items in settings):
        return []
    return [f"{text} [{', '.join(items)}]" if items else text for text, items in settings]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
