"""The report for people in brief: a line for each cause, and what to do about it."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.blocks import Block, add, by_number, cut, weight_of
from tightship.report.groups import grouped, same_cause, sentence_of_many, split
from tightship.report.terminal import brief
from tightship.report.text import TextReport, wrapped
from tightship.report.unshown import Unshown
from tightship.report.wording import (
    absorbed_text,
    counted,
    fix_label,
    listed,
    risks_joined,
    shared_sentence,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix, Related
    from tightship.report.blocks import Note
    from tightship.report.groups import Group, LackingProject, MissingHardening
    from tightship.report.report import ReportOptions, Summary
    from tightship.text import Source


_INDENT = "  "
_FEW = 3
_MOST_LINES = 8
_SCREEN, _LEAST, _REST = 60, 20, 8  # lines: of all, at least of findings, of the rest by rule
_NOTE_MARGIN = 8  # Notes begin that much further to the left than code in a frame.

_WIDE = 10_000  # Lines are wrapped elsewhere.


class BriefTextReport(TextReport):
    """Writes a summary after the findings of all projects, each cause once.

    Errors of all projects come first, then causes by what they give away and by their number.
    Findings with one cause are one, and so are those of a file that differ only in their places.
    Errors have a frame, and what the findings of a rule have in common is written with the first
    of them. Missing hardening of a project is one block, and so is that of several projects.
    Infos are counted by kind, unless the run fails on them, and so is what a screen has no room for.
    """

    detail = "`-v` shows more, "

    def __init__(self, options: ReportOptions) -> None:
        super().__init__(options)
        self._by = options.group_by or "cause"
        self._is_whole = options.infos == "full"
        if self._is_whole:
            self.detail = ""
        self._unshown = Unshown()
        self._sections: list[tuple[str, list[Block]]] = []
        # By hashes of cause and severity: there may be millions in a run.
        self._known: dict[int, Block] = {}
        self._builders: Mapping[str, Sequence[str]] = {}

    def blocks(self, verdict: Verdict) -> Iterator[tuple[list[str], bool]]:
        """Yield nothing: a later project may have the same causes."""
        title = "".join(self._title(verdict))
        self._builders = verdict.builders if title else {}
        shown = self._shown(verdict)
        if len(shown) < len(verdict.findings):
            left = (one for one in verdict.findings if not self._shows(one, verdict))
            self._unshown.add(left, verdict, self.name(verdict.sources[0]))
        if self._by == "cause":
            shown = self._without_known(shown)
        lacking, others = split(shown, verdict.noun) if self._by != "none" else ([], shown)
        blocks = [self._block(group) for group in grouped(others, self._by)]
        blocks += (self._lacking_block(one, verdict) for one in lacking)
        if blocks:
            self._sections.append((title, blocks))
        return iter(())

    def closing(self, summary: Summary) -> str:
        """Return the findings that a screen has room for, and the summary."""
        end = [part for one in self._unshown.untried() for part in self._wrapped(one)]
        end = end if self._summary else []
        self._begun = bool(self._sections or end)
        last = super().closing(summary)
        self._begun = False
        is_cut = self._summary and not self._is_whole
        text = self._pending(_SCREEN - len(end) - last.count("\n") - 1 if is_cut else 0)
        return text + (self.written([(end, True)]) if end else "") + last

    def pending(self) -> str:
        """Return the findings of the projects so far."""
        return self._pending(0)

    def _pending(self, room: int) -> str:
        """Return the findings so far, in some lines at most if there is a limit."""
        sections, self._sections = [*self._with_lacking_once(self._sections)], []
        if self._by != "file":
            blocks = [block for _, own in sections for block in own]
            sections = [("", sorted(blocks, key=lambda one: one.weight))] if blocks else []
        titled = len(sections) > 1
        parts = [
            (title if titled else "", [(block, [*self._lines(block)]) for block in blocks])
            for title, blocks in sections
        ]
        needed = sum(len(lines) for _, own in parts for _, lines in own) + 2 * titled * len(parts)
        left: dict[Severity, dict[str, int]] = {}
        if room and needed > room:
            parts = [*cut(parts, max(room, _LEAST) - _REST, left)]
        text = self.written(
            (lines, lines[0] == title or any(one.startswith(_INDENT) for one in lines))
            for title, own in parts
            if (lines := [*filter(None, [title]), *(one for _, part in own for one in part)])
        )
        rest = [
            line
            for severity, counts in left.items()
            for line in self._wrapped(f"More {severity.word}s: {by_number(counts)} (`-v`)")
        ]
        return text + (self.written([(rest, True)]) if rest else "")

    def _wrapped(self, line: str) -> Iterator[str]:
        return wrapped(line.split(" "), self.width + _NOTE_MARGIN)

    def _next_steps(self, summary: Summary) -> Iterator[str]:
        yield from filter(None, [self._unshown.kinds()])
        yield from super()._next_steps(summary)

    def _with_lacking_once(
        self, sections: Sequence[tuple[str, list[Block]]]
    ) -> Iterator[tuple[str, list[Block]]]:
        """Yield the parts; missing hardening of many projects is one block, the last one."""
        found: dict[Severity, dict[Block, LackingProject]] = {}
        for _, blocks in sections:
            for one in blocks:
                if one.lacking is not None:
                    found.setdefault(one.lacking.severity, {})[one] = one.lacking
        is_once = self._by == "cause" and not self._is_whole
        many = [own for own in found.values() if is_once and len(own) > _FEW]
        merged = {block for own in many for block in own}
        for title, blocks in sections:
            if left := [one for one in blocks if one not in merged]:
                yield title, left
        if many:
            yield "", [self._lacking_of_many(own) for own in many]

    def _lacking_of_many(self, found: Mapping[Block, LackingProject]) -> Block:
        block, *_ = found
        first, *others = found.values()
        rules = counted(len({rule for one in found.values() for rule in one.rules}), "rule")
        severity = first.severity.word
        block.head = [
            f"{self.paint('bold', first.place)}: {self.paint(severity, severity)}:"
            f" {sentence_of_many([*found.values()])} {self.paint('dim', f'[{rules}]')}"
        ]
        block.places = [one.place.rpartition(":")[0] for one in others]
        block.notes = [note for one in found for note in one.notes]
        for own in (one for one in found if one is not block):
            add(block.rules, own.rules)
        return block

    def _shown(self, verdict: Verdict) -> list[JudgedFinding]:
        """Return the findings that are shown, in the order in which they are."""
        order = {source: number for number, source in enumerate(verdict.sources)}
        by_file = self._by == "file"

        def rank(one: JudgedFinding) -> tuple[int, ...]:
            file = order.get(one.span.source, len(order))
            return (file, *weight_of(one)) if by_file else (*weight_of(one), file)

        return sorted((one for one in verdict.findings if self._shows(one, verdict)), key=rank)

    def _without_known(self, findings: Iterable[JudgedFinding]) -> list[JudgedFinding]:
        """Return findings without those whose cause an earlier project has, too."""
        left: list[JudgedFinding] = []
        known: dict[Block, None] = {}
        for one in findings:
            block = self._known.get(_cause(one))
            if block is None:
                left.append(one)
            else:
                block.places.append(self.line(one.span))
                add(block.rules, {one.rule.name: 1})
                known[block] = None
        for block in known:
            block.projects += 1
        return left

    def _lines(self, block: Block) -> Iterator[str]:
        first = block.first
        sentence = shared_sentence(first, block.projects) if first and block.places else ""
        if first and sentence:
            yield self._head(first, sentence)
            yield from block.head[1:]
        else:
            yield from block.head
        if block.places:
            most = len(block.places) if self._is_whole or block.is_critical else _FEW
            places = block.places[:most]
            if len(block.places) > most:
                more = counted(len(block.places) - most, "more place")
                places[-1] += f" and {more}"
            yield from self._note("also in", *_enumerated(places))
        for note in block.notes:
            yield from [note] if isinstance(note, str) else note()

    def _title(self, verdict: Verdict) -> Iterator[str]:
        """Yield the files of a project, if it has several, with those who build them."""
        if len(verdict.sources) < 2:
            return
        main, *others = verdict.sources
        folder = main.name[: main.name.rfind("/") + 1]
        names: list[str] = []
        for source in others:
            name = source.name.removeprefix(folder)
            builders = verdict.builders.get(source.name)
            names.append(f"{name} (built by {listed(builders)})" if builders else name)
        title = self.paint("path", self.name(main))
        yield f"{title} {self.paint('dim', f'with {listed(names)}')}"

    def _block(self, group: Group) -> Block:
        """Return findings that say the same: message, frame, other places, remedy."""
        first = group.first
        shown = False
        head = [self._head(first)]
        if first.severity is Severity.ERROR:
            from tightship.report.frame import Frame

            fix = first.finding.fix
            frame = Frame(
                first, [fix] if fix else [], self.paint, self.width, self.name, self.patches
            )
            head += (f"{_INDENT}{line}".rstrip() for line in frame.lines())
            shown = bool(frame.changes)
        head += self._also(group.others)
        block = Block(group.findings, head, [*self._remedies(group, is_shown=shown)])
        block.notes += self._related(group)
        block.places += (self.line(one.span) for one in group.elsewhere)
        if self._by == "cause":
            for one in group.findings:
                self._known.setdefault(_cause(one), block)
        return block

    def _head(self, judged: JudgedFinding, message: str = "", rules: str = "") -> str:
        severity = judged.severity.word
        return (
            f"{self.paint('bold', self.place(judged.span))}:"
            f" {self.paint(severity, severity)}: {brief(message or judged.finding.message)}"
            f" {self.paint('dim', f'[{rules or judged.rule.name}]')}"
        )

    def _also(self, others: Sequence[tuple[int, str]]) -> Iterator[str]:
        if others:
            noun = "line" if len({line for line, _ in others}) == 1 else "lines"
            places = [f"{line} ({code})" if code else f"{line}" for line, code in others]
            if len(places) > _MOST_LINES and not self._is_whole:
                more = len(places) - _MOST_LINES
                places[_MOST_LINES - 1 :] = [f"{places[_MOST_LINES - 1]} and {more} more"]
            yield from self._note("also on", noun, *_enumerated(places))

    def _remedies(self, group: Group, *, is_shown: bool) -> Iterator[Note]:
        """Yield each fix that differs, what it may break, or else advice."""
        fixes = [fix for fix in (judged.finding.fix for judged in group.findings) if fix]
        titles = {fix.title: fix for fix in reversed(fixes)}
        for title, fix in [*titles.items()][: -_FEW - 1 : -1]:
            text = f"{fix_label(fix)}: {title}"
            alone = len(group.findings) == 1 and not is_shown
            line = replacing_line(group.first.span.source, fix) if alone else ""
            yield from self._note(f"{text}: `{line}`" if line else text)
        if len(titles) > _FEW:
            yield from self._note(f"and {counted(len(titles) - _FEW, 'other fix', 'other fixes')}")
        yield self._risks(group.first, fixes)
        if len(fixes) < len(group.findings):
            yield self._help(group.first)

    def _lacking_block(self, lacking: MissingHardening, verdict: Verdict) -> Block:
        first, main = lacking.findings[0], self.name(verdict.sources[0])
        # What to do for the services that no fix is known for.
        notes = [self._help(one) for one in lacking.findings if one.finding.fix is None]
        block = Block(lacking.findings, [*self._lacking(lacking, verdict)], notes)
        block.lacking = lacking.counts(main, self.place(first.span))
        return block

    def _lacking(self, lacking: MissingHardening, verdict: Verdict) -> Iterator[str]:
        """Yield which services lack what: a row for those that lack the same."""
        message = lacking.sentence(self.name(verdict.sources[0]))
        rule, *others = lacking.rules  # With all their names, the line would be twice as long.
        rules = counted(1 + len(others), "rule") if others else rule
        yield self._head(lacking.findings[0], message, rules)
        for services, measures in lacking.rows(self.line, is_whole=self._is_whole):
            yield from self._note(f"{services}:", *_enumerated(measures))

    def _help(self, judged: JudgedFinding) -> Note:
        """Return what to do, for the first finding of its rule that is written."""
        rule, advice = judged.rule, judged.finding.advice
        return lambda: self._labelled("help", [self.first_step(rule, advice)])

    def _risks(self, first: JudgedFinding, fixes: Iterable[Fix]) -> Note:
        """Return what fixes may break, each risk once for a file."""
        file, risks = first.span.source.name, [fix.may_break for fix in fixes]

        def lines() -> Iterator[str]:
            new = [risk for risk in risks if self.is_new(f"{file}: {risk}")]
            return self._labelled("may break", risks_joined(new))

        return lines

    def _related(self, group: Group) -> Iterator[str]:
        """Yield other places that explain the findings, and what these absorb."""
        notes: dict[str, None] = {}
        for judged in group.findings:
            for related in self._unsaid(judged):
                notes[f"{related.message} ({self.place(related.span)})"] = None
        shown = [*notes][:_FEW]
        if len(notes) > _FEW:
            shown.append(f"and {counted(len(notes) - _FEW, 'more place')}")
        yield from self._labelled("note", shown)
        if absorbed := absorbed_text(group.findings, self.place):
            yield from self._note(absorbed)

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


def _cause(judged: JudgedFinding) -> int:
    return hash(same_cause(judged))


def _enumerated(words: Iterable[str]) -> list[str]:
    """Return words with a comma behind each but the last."""
    found = list(words)
    return [f"{word}," for word in found[:-1]] + found[-1:]


def replacing_line(source: Source, fix: Fix) -> str:
    """Return the line that a fix writes in place of one other line, or nothing.

    A line of brackets alone says nothing.
    """
    if any(edit.span.source is not source for edit in fix.edits):
        return ""
    from tightship.report.frame import hunks

    found = hunks(source, fix.edits, _WIDE)
    if not found or len(found) > 1:
        return ""
    removed, added = found[0].removed, found[0].added
    is_telling = len(removed) == len(added) == 1 and any(map(str.isalnum, added[0]))
    return added[0].strip() if is_telling else ""
