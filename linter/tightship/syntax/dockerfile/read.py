"""Reads a Dockerfile as BuildKit does, and reads on past syntax errors.

Facts from BuildKit, frontend/dockerfile/parser: parser.go, directives.go.
"""

from __future__ import annotations

from bisect import bisect_left

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.dockerfile.check import Checker
from tightship.syntax.dockerfile.instruction import FORMS, Line
from tightship.syntax.dockerfile.nodes import (
    Directive,
    Dockerfile,
    DockerfileProblem,
    Heredoc,
    Instruction,
    Joined,
    Word,
)
from tightship.syntax.dockerfile.words import SPACE
from tightship.text import Span, shortened

if TYPE_CHECKING:
    from tightship.syntax.dockerfile.heredoc import Opener
    from tightship.syntax.dockerfile.nodes import Kind
    from tightship.text import Source

MAX_PROBLEMS = 100
"""The most problems that are reported for one file."""

LONGEST_LINE = 65_535
r"""The most bytes of a line, without its ``\n``."""

_DIRECTIVE = regex(r"#[\t\f\r ]*+([a-zA-Z][a-zA-Z0-9]*+)[\t\f\r ]*+=(.+)")
_DIRECTIVES = ("syntax", "escape", "check")
_BLANKS = " \t\n\f\r"
_TEMPLATE = regex(r"\{\{|\{%|\{#|<%|@[A-Za-z_]\w*@")
_LOOKS_LIKE_ONE = regex(r"([A-Z]++)[ \t]")
_LOOK_FOR_TEMPLATE = 10_000
_HEREDOCS = frozenset(("ADD", "COPY", "RUN"))


def read(source: Source) -> Dockerfile:
    """Read a source; never raises, whatever the text."""
    reader = _Reader(source)
    reader.read()
    return reader.result


class _Reader:
    """Takes the lines of a file one after the other."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.result = Dockerfile(source)
        self.problems = self.result.problems
        self.checker = Checker(self.problems)
        self.lines = source.text.split("\n")
        if not self.lines[-1]:
            self.lines.pop()
        self.seen: set[str] = set()  # the directives, of any value
        self.number = 0  # of the next line
        self.at = 0  # where it begins
        self.ends: tuple[dict[str, list[int]], dict[str, list[int]]] | None = None
        self.staged = False  # nothing more to say about what comes before FROM

    def read(self) -> None:
        """Read the whole file."""
        result, lines = self.result, self.lines
        count, top = len(lines), True
        while self.number < count:
            raw, begin = lines[self.number], self.at
            self.number += 1
            self.at += len(raw) + 1
            line = raw.lstrip(SPACE)
            if not line:
                top = False
            elif line[0] == "#":
                start = begin + len(raw) - len(line)
                comment = line.rstrip("\r")
                span = Span(self.source, start, start + len(comment))
                result.comments.append(span)
                # A shebang hides no directive but `escape`.
                if top and (start > begin or begin > 0 or line[:2] != "#!"):
                    top = self._directive(span, comment, indented=start > begin)
            else:
                top = False
                self._instruction(line, begin + len(raw) - len(line))
        self._finish()

    def _directive(self, span: Span, comment: str, *, indented: bool) -> bool:
        """Read a comment as a directive; return whether more directives may follow."""
        found = _DIRECTIVE.match(comment)
        name = found[1].lower() if found else ""
        if found is None or name not in _DIRECTIVES:
            return False
        shebang = self.result.comments[0].text.startswith("#!")
        if shebang and name == "escape":
            return True
        if name in self.seen:
            message = f"`{name}` is set above already"
            self._problem(span, message, "directive", refused=not shebang)
            return True
        self.seen.add(name)
        text = found[2].strip(_BLANKS)
        start = span.start + found.start(2) + len(found[2]) - len(found[2].lstrip(_BLANKS))
        value = Word(Span(self.source, start, start + len(text)), text)
        if name == "escape":
            if text not in ("\\", "`"):
                message = "the escape character is a backslash or a backtick"
                self._problem(value.span, message, "directive", choices=("\\", "`"))
                return True
            self.result.escape = text
        elif indented:
            message = f"`{name}` is a directive only at the start of its line"
            self._problem(span, message, "directive", refused=False)
            return True
        self.result.directives.append(Directive(span, name, value))
        return True

    def _instruction(self, line: str, begin: int) -> None:
        """Read the instruction that begins at ``begin``, with ``line``."""
        gaps: list[Span] = []
        joined, unfinished = self._joined(line, begin, gaps)
        text = joined.text
        if not text:
            span = Span(self.source, begin, begin + 1)
            message = "nothing follows that this could continue"
            self._problem(span, message, "continuation")
            return
        problems: list[DockerfileProblem] = []
        instruction = Line(joined, self.result.escape, problems).instruction()
        instruction.gaps = gaps
        instruction.unfinished = unfinished
        self.checker.problems = problems
        self.checker.check(instruction)
        if "<<" in text:
            self._heredocs(instruction, joined, problems)
        self._judge(instruction, problems)
        if gaps:
            message = "this blank line is inside an instruction that continues below"
            if unfinished:
                message = "the line before this blank one ends with a continuation"
            problems.append(DockerfileProblem(gaps[0], message, "continuation", refused=False))
        elif unfinished:
            message = "the last line of the file ends with a continuation"
            end = Span(self.source, instruction.span.end, instruction.span.end)
            problems.append(DockerfileProblem(end, message, "continuation", refused=False))
        self.result.instructions.append(instruction)
        for problem in problems:
            self._report(problem)

    def _joined(self, line: str, begin: int, gaps: list[Span]) -> tuple[Joined, bool]:
        """Return a logical line that may go on below, white space around it removed."""
        source, lines, escape = self.source, self.lines, self.result.escape
        shown = line.rstrip("\r")
        cut = _continued(shown, escape) if escape in shown else -1
        if cut < 0:
            return Joined(source, line.rstrip(SPACE), begin), False
        parts, starts, places = [line[:cut]], [0], [begin]
        size, count = cut, len(lines)
        while True:
            if self.number >= count:
                unfinished = True
                break
            raw, at = lines[self.number], self.at
            self.number += 1
            self.at += len(raw) + 1
            content = raw.lstrip(SPACE)
            if not content:
                gaps.append(Span(source, at, at + len(raw.rstrip("\r"))))
                continue
            if content[0] == "#":
                start = at + len(raw) - len(content)
                end = start + len(content.rstrip("\r"))
                self.result.comments.append(Span(source, start, end))
                continue
            shown = raw.rstrip("\r")
            cut = _continued(shown, escape) if escape in shown else -1
            starts.append(size)
            places.append(at)
            parts.append(shown if cut < 0 else shown[:cut])
            size += len(parts[-1])
            if cut < 0:
                unfinished = False
                break
        text = "".join(parts)
        stripped = text.strip(SPACE)
        offset = len(text) - len(text.lstrip(SPACE))
        return Joined(source, stripped, begin, starts, places, offset), unfinished

    def _heredocs(
        self, instruction: Instruction, joined: Joined, problems: list[DockerfileProblem]
    ) -> None:
        """Read the lines that belong to an instruction's heredocs."""
        inner = instruction.trigger or instruction
        if inner.name not in _HEREDOCS or inner.json:
            return
        from tightship.syntax.dockerfile.heredoc import UnreadableError, openers

        try:
            found = openers(joined.text)
        except UnreadableError:
            message = "the name of a heredoc cannot be made out"
            problems.append(DockerfileProblem(instruction.body.whole(), message, "heredoc"))
            return
        for opener in found:
            heredoc = self._heredoc(opener, joined.span(opener.start, opener.end))
            inner.heredocs.append(heredoc)
            if heredoc.end is None:
                message = f"no line that is just `{shortened(opener.name)}` ends this heredoc"
                problems.append(DockerfileProblem(heredoc.opener, message, "heredoc"))
                instruction.span.end = heredoc.body.end
                break
            instruction.span.end = heredoc.end.end
        if inner is not instruction:
            inner.span.end = instruction.span.end

    def _heredoc(self, opener: Opener, place: Span) -> Heredoc:
        """Read a heredoc, whose ``end`` is None if no line is its name."""
        size = len(self.source.text)
        begin = min(self.at, size)
        last = self._terminator(opener.name, chomp=opener.chomp)
        end = None
        if last is None:
            self._skip_to_instruction()
            over = self.at
        else:
            self._skip_to(last)
            over = self.at
            raw = self.lines[last]
            shown = raw.rstrip("\r")
            tabs = len(shown) - len(opener.name)
            end = Span(self.source, over + tabs, over + len(shown))
            self.number += 1
            self.at += len(raw) + 1
        body = Span(self.source, begin, min(over, size))
        return Heredoc(place, opener.name, body, end, expand=opener.expand, chomp=opener.chomp)

    def _skip_to(self, number: int) -> None:
        """Step over the lines before one."""
        lines = self.lines
        self.at += sum(map(len, lines[self.number : number])) + number - self.number
        self.number = number

    def _terminator(self, name: str, *, chomp: bool) -> int | None:
        """Return the number of the line that ends a heredoc.

        After the first search without a result there is an index.
        """
        lines = self.lines
        if self.ends is None:
            for number in range(self.number, len(lines)):
                line = lines[number]
                if name in line:
                    line = line.rstrip("\r")
                    if line == name or (chomp and line.lstrip("\t") == name):
                        return number
            self.ends = {}, {}
            for number, line in enumerate(lines):
                line = line.rstrip("\r")
                self.ends[0].setdefault(line, []).append(number)
                self.ends[1].setdefault(line.lstrip("\t"), []).append(number)
            return None
        numbers = self.ends[chomp].get(name, [])
        place = bisect_left(numbers, self.number)
        return numbers[place] if place < len(numbers) else None

    def _skip_to_instruction(self) -> None:
        """Step over lines up to one that looks like an instruction."""
        lines = self.lines
        number = self.number
        while number < len(lines):
            found = _LOOKS_LIKE_ONE.match(lines[number])
            if found is not None and found[1] in FORMS:
                break
            number += 1
        self._skip_to(number)

    def _judge(self, instruction: Instruction, problems: list[DockerfileProblem]) -> None:
        """Report an instruction in the wrong place, and detect templates."""
        known = instruction.name in FORMS
        if instruction.name == "FROM" or not known:
            self.staged = True
            where = instruction.body.whole() if known else instruction.keyword.span
            if self.result.template is None:
                self.result.template = self._template(where)
        elif not self.staged and instruction.name != "ARG":
            self.staged = True
            message = f"{instruction.name} before the first FROM: only ARG can be there"
            problems.append(DockerfileProblem(instruction.keyword.span, message, "stage"))

    def _template(self, where: Span) -> Span | None:
        """Return the place of what a template engine, CMake or Autoconf fills in."""
        end = min(where.end, where.start + _LOOK_FOR_TEMPLATE)
        found = _TEMPLATE.search(self.source.text, where.start, end)
        return Span(self.source, *found.span()) if found else None

    def _finish(self) -> None:
        """Report the problems of the file as a whole."""
        result, source = self.result, self.source
        if result.template is not None:
            message = "this is a template: a Dockerfile only once it is filled in"
            result.problems[:] = [DockerfileProblem(result.template, message, "template")]
            return
        if len(self.lines) == 1 and "\r" in self.lines[0].rstrip("\r"):
            at = self.lines[0].index("\r")
            message = "a carriage return alone does not end a line for Docker"
            self._problem(Span(source, at, at + 1), message, "line")
        if not self.staged:
            first = result.instructions[0].keyword.span if result.instructions else None
            message = "FROM is missing, so there is nothing to build"
            self._problem(first or Span(source, 0, 0), message, "stage")
        if len(source.text) > LONGEST_LINE // 4:
            self._long_line()
        result.problems.sort(key=lambda problem: problem.span.start)

    def _long_line(self) -> None:
        """Report the first line that is too long for BuildKit, which stops there."""
        at = 0
        for line in self.lines:
            if len(line) > LONGEST_LINE // 4:
                size = len(line.encode("utf-8", "surrogatepass"))
                if size > LONGEST_LINE:
                    message = f"a line may not have more than {LONGEST_LINE} bytes"
                    span = Span(self.source, at, at + len(line))
                    self._problem(span, message, "line")
                    return
            at += len(line) + 1

    def _problem(
        self,
        span: Span,
        message: str,
        kind: Kind,
        *,
        refused: bool = True,
        choices: tuple[str, ...] = (),
    ) -> None:
        self._report(DockerfileProblem(span, message, kind, refused=refused, choices=choices))

    def _report(self, problem: DockerfileProblem) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


def _continued(line: str, escape: str) -> int:
    r"""Return where the escape is that ends a line, or -1.

    Blanks may follow it, but another escape before it makes both plain characters,
    even where ``\\\`` would be two of them and a continuation.
    """
    shown = line.rstrip(" \t")
    last = len(shown) - 1
    if last < 0 or shown[last] != escape or (last > 0 and shown[last - 1] == escape):
        return -1
    return last
