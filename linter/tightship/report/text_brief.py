"""The report for people in brief: a line for each cause, and what to do about it."""

from __future__ import annotations

from tightship.findings import Severity
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
    from tightship.report.groups import Group, LackingProject, MissingHardening
    from tightship.report.report import ReportOptions, Summary
    from tightship.text import Source


_INDENT = "  "
_FEW = 3
_MOST_LINES = 8
_MANY = 20
_MOST_RULES = 6
_NOTE_MARGIN = 8  # Notes begin that much further to the left than code in a frame.

_WIDE = 10_000  # Lines are wrapped elsewhere.


class _Block:
    """The lines about findings of one cause, and the places of those in other files.

    ``lines`` are about the first project that has them: ``head`` comes before the other
    places, and ``notes`` after them. Missing hardening of a project is ``lacking``.
    """

    __slots__ = ("first", "head", "is_critical", "lacking", "notes", "places", "projects")

    def __init__(self, first: JudgedFinding, head: list[str], notes: list[str]) -> None:
        self.first = first if first.finding.cause else None  # it keeps its files in memory
        self.is_critical = first.severity is Severity.ERROR and not _is_refused(first)
        self.head = head
        self.notes = notes
        self.lacking: LackingProject | None = None
        self.places: list[str] = []
        self.projects = 1


class BriefTextReport(TextReport):
    """Writes a summary after the findings of all projects, each cause once.

    The most severe findings of a project come first. Findings with one cause are one, and
    so are those of a file that differ only in their places. Errors have a frame, and what
    the findings of a rule have in common is written with the first of them. Missing
    hardening of a project is one block, and so is that of many projects. Infos are counted by
    kind, unless the run fails on them.
    """

    detail = "`-v` shows more, "

    def __init__(self, options: ReportOptions) -> None:
        super().__init__(options)
        self._by = options.group_by or "cause"
        self._is_whole = options.infos == "full"
        if self._is_whole:
            self.detail = ""
        self._rules: dict[str, int] = {}
        self._unshown = Unshown()
        self._sections: list[tuple[str, list[_Block]]] = []
        # By hashes of cause and severity: there may be millions in a run.
        self._known: dict[int, _Block] = {}
        self._builders: Mapping[str, Sequence[str]] = {}

    def blocks(self, verdict: Verdict) -> Iterator[tuple[list[str], bool]]:
        """Yield nothing: a later project may have the same causes."""
        title = "".join(self._title(verdict))
        self._builders = verdict.builders if title else {}
        shown = self._shown(verdict)
        if len(shown) < len(verdict.findings):
            left = (one for one in verdict.findings if not self._shows(one, verdict))
            self._unshown.add(left, verdict, self.name(verdict.sources[0]))
        for one in shown:
            self._rules[one.rule.name] = self._rules.get(one.rule.name, 0) + 1
        if self._by == "cause":
            shown = self._without_known(shown)
        lacking, others = split(shown, verdict.noun) if self._by != "none" else ([], shown)
        blocks = [self._block(group) for group in grouped(others, self._by)]
        blocks += (self._lacking_block(one, verdict) for one in lacking)
        if blocks:
            self._sections.append((title, blocks))
        return iter(())

    def closing(self, summary: Summary) -> str:
        """Return the findings and the summary; after many in several projects, by rule."""
        projects = len(self._sections)
        text = self.pending()
        untried = [part for one in self._unshown.untried() for part in self._wrapped(one)]
        if untried and self._summary:
            text += self.written([(untried, True)])
        text += super().closing(summary)
        counts = self._rules
        if not self._summary or projects < 2 or sum(counts.values()) < _MANY:
            return text
        rules = sorted(counts, key=lambda name: -counts[name])
        words = [f"{name} ({counts[name]})" for name in rules[:_MOST_RULES]]
        if len(rules) > _MOST_RULES:
            words.append(counted(len(rules) - _MOST_RULES, "other rule"))
        lines = wrapped(["By rule:", *_enumerated(words)], self.width + _NOTE_MARGIN)
        return text + "".join(f"{line}\n" for line in lines)

    def pending(self) -> str:
        """Return the findings of the projects so far."""
        sections, self._sections = self._sections, []
        return self.written(self._written_sections([*self._with_lacking_once(sections)]))

    def _wrapped(self, line: str) -> Iterator[str]:
        return wrapped(line.split(" "), self.width + _NOTE_MARGIN)

    def _next_steps(self, summary: Summary) -> Iterator[str]:
        yield from filter(None, [self._unshown.kinds()])
        yield from super()._next_steps(summary)

    def _with_lacking_once(
        self, sections: Sequence[tuple[str, list[_Block]]]
    ) -> Iterator[tuple[str, list[_Block]]]:
        """Yield the parts; missing hardening of many projects is one block, the last one."""
        found: dict[Severity, dict[_Block, LackingProject]] = {}
        for _, blocks in sections:
            for one in blocks:
                if one.lacking is not None:
                    found.setdefault(one.lacking.severity, {})[one] = one.lacking
        is_once = self._by == "cause" and not self._is_whole
        many = [own for own in found.values() if is_once and len(own) >= _MANY]
        merged = {block for own in many for block in own}
        for title, blocks in sections:
            if left := [one for one in blocks if one not in merged]:
                yield title, left
        if many:
            yield "", [self._lacking_of_many(own) for own in many]

    def _lacking_of_many(self, found: Mapping[_Block, LackingProject]) -> _Block:
        block, *_ = found
        first, *others = found.values()
        rules = counted(len({rule for one in found.values() for rule in one.rules}), "rule")
        severity = first.severity.word
        block.head = [
            f"{self.paint('bold', first.place)}: {self.paint(severity, severity)}:"
            f" {sentence_of_many([*found.values()])} {self.paint('dim', f'[{rules}]')}"
        ]
        block.places = [one.place.rpartition(":")[0] for one in others]
        block.notes = [line for one in found for line in one.notes]
        return block

    def _shown(self, verdict: Verdict) -> list[JudgedFinding]:
        """Return the findings that are shown, in the order in which they are."""
        order = {source: number for number, source in enumerate(verdict.sources)}
        by_file = self._by == "file"

        def rank(one: JudgedFinding) -> tuple[int, ...]:
            file = order.get(one.span.source, len(order))
            severity = -one.severity, one.lacks_hardening, _is_refused(one)
            return (file, *severity) if by_file else (*severity, file)

        return sorted((one for one in verdict.findings if self._shows(one, verdict)), key=rank)

    def _without_known(self, findings: Iterable[JudgedFinding]) -> list[JudgedFinding]:
        """Return findings without those whose cause an earlier project has, too."""
        left: list[JudgedFinding] = []
        known: dict[_Block, None] = {}
        for one in findings:
            block = self._known.get(_cause(one))
            if block is None:
                left.append(one)
            else:
                block.places.append(self.line(one.span))
                known[block] = None
        for block in known:
            block.projects += 1
        return left

    def _written_sections(
        self, sections: Sequence[tuple[str, list[_Block]]]
    ) -> Iterator[tuple[list[str], bool]]:
        """Yield the lines about each project, and whether blank lines set them off."""
        are_several = len(sections) > 1
        for title, blocks in sections:
            lines = [title] if title and are_several else []
            for block in blocks:
                lines += self._lines(block)
            yield lines, any(one.startswith(_INDENT) for one in lines) or lines[0] == title

    def _lines(self, block: _Block) -> Iterator[str]:
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
        yield from block.notes

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

    def _block(self, group: Group) -> _Block:
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
        block = _Block(first, head, [*self._remedies(group, is_shown=shown)])
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

    def _remedies(self, group: Group, *, is_shown: bool) -> Iterator[str]:
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
        yield from self._risks(group.first, fixes)
        if len(fixes) < len(group.findings):
            yield from self._labelled("help", [self.first_step(group.first)])

    def _lacking_block(self, lacking: MissingHardening, verdict: Verdict) -> _Block:
        first, main = lacking.findings[0], self.name(verdict.sources[0])
        notes = [*self._advice(lacking.findings)]
        block = _Block(first, [*self._lacking(lacking, verdict)], notes)
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

    def _advice(self, findings: Iterable[JudgedFinding]) -> Iterator[str]:
        """Yield what to do for the services that no fix is known for."""
        for judged in findings:
            if judged.finding.fix is None:
                yield from self._labelled("help", [self.first_step(judged)])

    def _risks(self, first: JudgedFinding, fixes: Iterable[Fix]) -> Iterator[str]:
        """Yield what fixes may break, each risk once for a file."""
        file = first.span.source.name
        risks = [fix.may_break for fix in fixes if self.is_new(f"{file}: {fix.may_break}")]
        yield from self._labelled("may break", risks_joined(risks))

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


def _is_refused(judged: JudgedFinding) -> bool:
    """Return whether Compose or the engine rejects it: that gives nothing away."""
    return judged.rule.theme == "correctness"


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
