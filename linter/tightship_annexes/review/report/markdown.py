"""The report for a comment on a pull request: Markdown, as GitHub and GitLab read it.

A comment has a limit; findings over it are counted and left out. The heading has the
counts, so everything is written at the end; what no screen has room for is folded.
"""

from __future__ import annotations

from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.report.blocks import weight_of
from tightship.report.frame import hunks
from tightship.report.groups import grouped, split
from tightship.report.report import Report, ReportOptions, by_file
from tightship.report.terminal import brief, visible
from tightship.report.wording import (
    counted,
    earlier_text,
    effect_of,
    joined,
    policy_lines,
    provided_lines,
    severities_text,
    skipped_lines,
)
from tightship.rules.address import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix
    from tightship.report.groups import MissingHardening
    from tightship.report.report import Summary


LIMIT = 65_000
"""How long a comment may be, in UTF-16 code units; GitHub takes 65,536."""

_OPEN = 20
"""How many lines of a comment are open: the heading, findings, folded fixes, what comes last."""

_SPARE = 1_000  # for the heading and the last sentence
_WIDTH = 200
_INDENT = "  "
_MOST_PLACES = 5

_FOLDED = regex(r"(?s)</summary>.*?</details>")
_SIGN = regex(r'([@~%](?=[\w"])|[#!&$^](?=\d)|GH(?=-\d)|://|(?i:www)(?=\.))')
_TICKS = regex(r"`+")
_ENTITIES = {ord(char): f"&#{ord(char)};" for char in "\\`*_[]|~$"} | {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
}


class MarkdownReport(Report):
    """Collects what fits into a comment, and writes it at the end, the most severe first."""

    def __init__(self, options: ReportOptions) -> None:
        self._by, self._here = options.group_by or "cause", options.here
        self._pieces: list[Piece] = []
        self._room = LIMIT - _SPARE
        self._left = 0
        self._findings: list[JudgedFinding] = []
        self._hardening: list[tuple[str, MissingHardening]] = []

    def verdict(self, verdict: Verdict) -> str:
        """Collect the findings of a verdict, the most severe of a file first."""
        if self._by == "cause":
            lacking, others = split(verdict.findings, verdict.noun)
            self._findings += others
            self._hardening += ((verdict.sources[0].name, one) for one in lacking)
        elif self._by == "none":
            self._findings += verdict.findings
        else:
            self._add_by_file(verdict)
        return ""

    def _add_by_file(self, verdict: Verdict) -> None:
        for name, findings in by_file(verdict.findings).items():
            findings.sort(key=lambda judged: -judged.severity)
            heading = f"\n### {code(brief(name))}\n\n"
            for judged in findings:
                self._add([judged], heading + _item(judged), _details(judged))
                heading = ""

    def _add_groups(self) -> None:
        """Add what was collected of all verdicts, errors first, then what gives most away."""
        items = [*self._items()]
        items.sort(key=lambda item: (weight_of(item[0][0]), -len(item[0])))
        for item in items:
            self._add(*item)

    def _items(self) -> Iterator[tuple[Sequence[JudgedFinding], str, str]]:
        """Yield the findings of each group, their line, and the details."""
        for group in grouped(self._findings, self._by):
            first, *others = group.findings
            yield group.findings, _item(first, where=_where(first), also=others), _details(first)
        for main, lacking in self._hardening:
            first = lacking.findings[0]
            rules = ", ".join(lacking.rules)
            item = _item(first, lacking.sentence(main), rules, where=_where(first))
            rows = (
                f"{names}: {', '.join(lack)}"
                for names, lack in lacking.rows(lambda span: span.place)
            )
            details = "".join(f"{_INDENT}- {prose(row)}\n" for row in rows)
            yield lacking.findings, item, details + _measures(lacking.findings)

    def closing(self, summary: Summary) -> str:
        """Return the whole comment."""
        if self._by != "file":
            self._add_groups()
        rest = ""
        if self._left:
            findings = "finding is" if self._left == 1 else "findings are"
            rest = (
                f"\n{self._left} more {findings} left out:"
                f" a comment has {LIMIT:,} characters at most.\n"
            )
        if summary.earlier:
            rest += f"\n{prose(earlier_text(summary))}\n"
        left = skipped_lines(summary.scope.left, self._here, is_whole=False)
        lines = (*policy_lines(summary), *provided_lines(summary), *left)
        rest += "".join(f"\n{prose(line)}\n" for line in lines)
        heading = f"## Tightship: {_counts(summary)}\n"
        found = "".join(_folded(self._pieces, _OPEN - 1 - rest.count("\n") // 2))
        return heading + ("\n" if self._by != "file" and found else "") + found + rest

    def _add(self, findings: Sequence[JudgedFinding], item: str, details: str) -> None:
        """Add an item with its details, or without, or count its findings as left out."""
        if not self._left:
            for text in (item + details, item):
                room = self._room - len(text.encode("utf-16-le", "replace")) // 2
                if room >= 0:
                    self._room = room
                    self._pieces.append(Piece(text, findings[0].severity, len(findings)))
                    return
        self._left += len(findings)


class Piece(Record):
    """The text about some findings of one severity."""

    text: str
    severity: Severity
    findings: int

    @property
    def lines(self) -> int:
        """Return how many lines are open: what is folded shows its summary."""
        shown = _FOLDED.sub("", self.text).splitlines()
        return sum(1 for line in shown if line.strip())


def _folded(pieces: Sequence[Piece], room: int) -> Iterator[str]:
    """Yield the texts, those that some lines have no room for in a fold that counts them."""
    is_over = sum(one.lines for one in pieces) > room
    shown = 0
    for one in pieces if is_over else ():
        if one.lines > room - 1:  # with the line of the fold
            break
        room -= one.lines
        shown += 1
    rest = pieces[shown:] if is_over else ()
    yield from (one.text for one in pieces[: len(pieces) - len(rest)])
    if rest:
        counts: dict[Severity, int] = {}
        for one in rest:
            counts[one.severity] = counts.get(one.severity, 0) + one.findings
        more = joined([counted(number, f"more {it.word}") for it, number in counts.items()])
        yield f"\n<details><summary>{more}</summary>\n\n"
        yield from (one.text for one in rest)
        yield "\n</details>\n"


def _counts(summary: Summary) -> str:
    new = "new " if summary.changed_since else ""
    found = severities_text(summary, new)
    text = f"{found or f'no {new}findings'} in {counted(summary.scope.files, 'file')}"
    if summary.scope.gaps:
        text += f"; {counted(len(summary.scope.gaps), 'part')} could not be checked"
    if summary.known_errors:
        text += f"; {summary.known_errors_text}"
    return text


def _item(
    judged: JudgedFinding,
    message: str = "",
    rules: str = "",
    *,
    where: str = "",
    also: Sequence[JudgedFinding] = (),
) -> str:
    """Return the line of a finding, or of several that say the same."""
    severity = judged.severity.word
    shown = f"**{severity}**" if judged.severity > Severity.INFO else severity
    text = prose(brief(message or judged.finding.message))
    rule, address = code(rules or judged.rule.name), address_of(judged.rule)
    linked = f"[{rule}]({address})" if address and not rules else rule
    others = ", ".join(map(_where, also[:_MOST_PLACES]))
    if len(also) > _MOST_PLACES:
        others += f" and {counted(len(also) - _MOST_PLACES, 'more place')}"
    more = f"; also in {others}" if also else ""
    where = where or f"line {judged.span.line}"
    return f"- {shown}, {where}: {text} ({linked}){more}\n"


def _where(judged: JudgedFinding) -> str:
    return f"{code(brief(judged.span.source.name))} line {judged.span.line}"


def _details(judged: JudgedFinding) -> str:
    """Return a fix, folded: its title, and the lines that it changes."""
    fix = judged.finding.fix
    if fix is None:
        return ""
    risk = f"May break: {prose(brief(fix.may_break))}" if fix.may_break else ""
    label = f"Fix ({effect_of(fix)})"
    lines = [f"<details><summary>{label}: {html(brief(fix.title))}</summary>", ""]
    lines += [risk, ""] if risk else []
    lines += block("diff", list(_diff(judged, fix)))
    lines += ["", "</details>"]
    shown = "".join(f"{_INDENT}{line}".rstrip() + "\n" for line in lines)
    return f"\n{shown}\n"


def _measures(findings: Sequence[JudgedFinding]) -> str:
    """Return what hardens services, folded, with how it is known to work."""
    lines = [
        f"- {code(brief(one.subject.name))}: {prose(brief(fix.title))} ({prose(effect_of(fix))})"
        for one in findings
        if (fix := one.finding.fix) is not None
    ]
    if not lines:
        return ""
    lines = [f"<details><summary>{counted(len(lines), 'measure')}</summary>", "", *lines, ""]
    return "\n" + "".join(f"{_INDENT}{one}".rstrip() + "\n" for one in (*lines, "</details>"))


def _diff(judged: JudgedFinding, fix: Fix) -> Iterator[str]:
    """Yield the lines that a fix removes and adds, with the place of each hunk."""
    for source in dict.fromkeys(edit.span.source for edit in fix.edits):
        found = hunks(source, fix.edits, _WIDTH)
        if found is None:
            yield "# The lines are too long to be shown."
            continue
        other = "" if source is judged.span.source else f"{brief(source.name)} "
        for hunk in found:
            yield f"@@ {other}line {hunk.line + 1} @@"
            yield from (f"-{line}" for line in hunk.removed)
            yield from (f"+{line}" for line in hunk.added)


def code(text: str) -> str:
    """Return a text as code within a line."""
    text = visible(text)
    fence = _fence(text, 1)
    # Markdown strips one space at each end, unless there is nothing else.
    is_padded = "`" in text[:1] + text[-1:] or (text[:1] == text[-1:] == " ")
    pad = " " if is_padded and text.strip() else ""
    return f"{fence}{pad}{text or ' '}{pad}{fence}"


def prose(text: str) -> str:
    """Return a message within a line of Markdown; text in backticks is code."""
    return _rendered(text, markdown=True)


def html(text: str) -> str:
    """Return a message within a line of HTML, where Markdown is not read."""
    return _rendered(text, markdown=False)


def block(language: str, lines: list[str]) -> list[str]:
    """Return lines as a block of code."""
    fence = max((_fence(line, 3) for line in lines), key=len, default="```")
    return [f"{fence}{language}", *(visible(line) for line in lines), fence]


def _rendered(text: str, *, markdown: bool) -> str:
    parts = visible(text).split("`")
    pieces: list[str] = []
    odd = parts.pop() if len(parts) % 2 == 0 else None  # An unpaired backtick.
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pieces.append(_plain(part))
        elif markdown and part.strip() and (number == 1 or parts[number - 1]):
            pieces.append(code(part))
        else:  # Adjacent backticks would be read as one sign.
            pieces.append(f"<code>{part.translate(_ENTITIES)}</code>")
    if odd is not None:
        pieces += "&#96;", _plain(odd)
    return "".join(pieces)


def _plain(text: str) -> str:
    pieces = _SIGN.split(text)
    for number, piece in enumerate(pieces):
        shown = piece.translate(_ENTITIES)
        pieces[number] = f"<code>{shown}</code>" if number % 2 else shown
    return "".join(pieces)


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
