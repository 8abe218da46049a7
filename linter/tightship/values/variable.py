"""``${…}`` in Compose scalars: the template, and its expansion.

The grammar is Compose's own (compose-go, template/template.go), quirks included: braces
never match past the end of their line.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.values.hole import LIMIT, has_hole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Lookup = Callable[[str], str | None]

ALWAYS_SET = frozenset((
    "COMPOSE_PROJECT_NAME", "DISPLAY", "HOME", "LANG", "LOGNAME", "PATH", "PWD",
    "SHELL", "SSH_AUTH_SOCK", "TERM", "USER", "WAYLAND_DISPLAY", "XAUTHORITY",
    "XDG_RUNTIME_DIR",
    "APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "TEMP", "USERNAME",
    "USERPROFILE",
))  # fmt: skip
"""The variables that Compose, a login or a desktop session sets."""

_DEEPEST = 32
_START = regex(r"\$(?:(\$)|([A-Za-z_][A-Za-z0-9_]*)|\{(?:([A-Za-z_][A-Za-z0-9_]*)(:?[-?+]|\}))?)")
_BRACE = regex(r"[{}]")


class ValueProblem(Record):
    """Why Compose or BuildKit rejects a value, and the offset in its text."""

    message: str
    offset: int

    def __repr__(self) -> str:
        return f"ValueProblem({self.message!r} at {self.offset})"


class Variable(Record):
    """One variable in a template.

    ``operator`` is ``""`` or one of ``:-``, ``-``, ``:?``, ``?``, ``:+``, ``+``; what
    follows it is the operand.
    """

    name: str
    operator: str
    operand: Template | None

    def __repr__(self) -> str:
        return f"Variable({self.name}{self.operator})"


class Template(Record):
    """A text as literal pieces and variables.

    After the first problem the rest is literal; Compose rejects such a text whole.
    """

    pieces: tuple[str | Variable, ...]
    problems: tuple[ValueProblem, ...] = ()

    @property
    def templated(self) -> bool:
        """Return whether there is any variable at all."""
        return any(isinstance(piece, Variable) for piece in self.pieces)


def parse(text: str) -> Template:
    """Split a text into pieces; a text without ``$`` is one literal piece."""
    if "$" not in text:
        return Template((text,) if text else ())
    return _parse(text, 0, len(text), _DEEPEST)


def _parse(text: str, at: int, end: int, depth: int) -> Template:
    pieces: list[str | Variable] = []
    problems: list[ValueProblem] = []
    lines = _Lines(text, end)
    literal = at
    while not problems and (found := _START.search(text, at, end)):
        dollar, name, braced, operator = found.groups()
        start, at = found.span()
        piece: str | Variable = "$"
        if name or operator == "}":
            piece = Variable(name or braced, "", None)
        elif not dollar:
            last = lines.last_brace(at)
            wrong = (
                'no variable follows this "${"'
                if not operator
                else 'this "${" is not closed on its line'
                if last < at
                else "variables are nested too deeply"
                if depth == 0
                else ""
            )
            if wrong:
                problems.append(ValueProblem(wrong, start))
                break
            close = _closing(text, at, last)
            operand = _parse(text, at, close, depth - 1)
            problems += operand.problems
            at = close + 1
            piece = Variable(braced, operator, operand)
        if literal < start:
            pieces.append(text[literal:start])
        pieces.append(piece)
        literal = at
    if literal < end:
        pieces.append(text[literal:end])
    return Template(tuple(pieces), tuple(problems))


def places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each ``$$`` and each variable is, up to the first problem."""
    lines, at = _Lines(text, len(text)), 0
    while found := _START.search(text, at):
        dollar, name, _, operator = found.groups()
        start, at = found.span()
        if not (dollar or name or operator == "}"):
            last = lines.last_brace(at)
            if not operator or last < at:
                return
            at = _closing(text, at, last) + 1
        yield start, at


class _Lines:
    """Finds the last brace of a line, looking at each line once."""

    def __init__(self, text: str, end: int) -> None:
        self.text = text
        self.end = end
        self.line_end = -1
        self.brace = -1

    def last_brace(self, at: int) -> int:
        if self.line_end < at:
            line_end = self.text.find("\n", at, self.end)
            self.line_end = self.end if line_end < 0 else line_end
            self.brace = self.text.rfind("}", at, self.line_end)
        return self.brace


def _closing(text: str, at: int, last: int) -> int:
    """Find the brace that closes an operand: the one that balances, else the last.

    As in Compose, the character after an opening brace is not looked at.
    """
    depth, after = 1, -1
    for found in _BRACE.finditer(text, at, last + 1):
        if found.start() == after:
            continue
        if found[0] == "{":
            depth += 1
            after = found.end()
        else:
            depth -= 1
            if depth == 0:
                return found.start()
    return last


class Expansion(Record):
    """The expansion of a template.

    ``text`` keeps a hole ``${NAME}`` for each variable without a value; ``as_compose``
    is empty there, as in Compose (which rejects the text if a value is required).
    ``decided`` is true if there are no holes. ``used`` has for each variable the origin
    of its value: ``value``, ``default``, ``unset``, or ``required`` (unset or empty
    although a value must be given). ``taken`` is the number of characters that values
    take; ``cut`` tells that one of them did not fit.
    """

    text: str
    as_compose: str
    used: list[tuple[str, str]]
    decided: bool
    templated: bool
    taken: int = 0
    cut: bool = False

    def __repr__(self) -> str:
        return f"Expansion({self.text!r}, used={self.used})"


def expand(template: Template, lookup: Lookup, limit: int = LIMIT) -> Expansion:
    """Put values in place of variables, and leave holes for those without.

    A default decides: ``${X:-d}`` with an unknown X is ``d``, and ``${X:+a}`` is
    empty. Values that no longer fit into ``limit`` characters stay holes, so that
    nested values cannot blow up; a caller with many texts keeps its own budget.
    """
    run = _Run(lookup, limit)
    text, as_compose, decided = run.template(template)
    return Expansion(
        text,
        as_compose,
        run.used,
        decided=decided,
        templated=template.templated,
        taken=limit - run.room,
        cut=run.cut,
    )


def undecided(template: Template) -> Expansion:
    """Return the expansion in which any variable may have any value, despite defaults."""
    names = [piece.name for piece in template.pieces if not isinstance(piece, str)]
    text = "".join(one if isinstance(one, str) else f"${{{one.name}}}" for one in template.pieces)
    is_decided = not names and not template.problems
    used = [(name, "unset") for name in names]
    return Expansion(text, "", used, decided=is_decided, templated=bool(names))


def unset(template: Template, lookup: Lookup) -> Iterator[str]:
    """Yield the variables without a value, in whose place Compose puts nothing.

    Compose warns of these (compose-go, template/template.go), and also of one in a
    default that is not taken, where it does not matter.
    """
    for piece in template.pieces:
        if isinstance(piece, str):
            continue
        value = lookup(piece.name)
        if not piece.operator:
            if value is None:
                yield piece.name
        elif piece.operand is not None:
            there = bool(value) or (value == "" and piece.operator[0] != ":")
            if there == (piece.operator[-1] == "+"):
                yield from unset(piece.operand, lookup)


class _Run:
    def __init__(self, lookup: Lookup, room: int) -> None:
        self.lookup = lookup
        self.room = room
        self.cut = False
        self.used: list[tuple[str, str]] = []

    def template(self, template: Template) -> tuple[str, str, bool]:
        texts: list[str] = []
        blanks: list[str] = []
        decided = not template.problems
        for piece in template.pieces:
            if isinstance(piece, str):
                text = blank = piece
            else:
                text, blank, sure = self.variable(piece)
                decided = decided and sure
            texts.append(text)
            blanks.append(blank)
        return "".join(texts), "".join(blanks), decided

    def variable(self, variable: Variable) -> tuple[str, str, bool]:
        value = self.lookup(variable.name)
        kind = variable.operator[-1:]
        there = value is not None and (value != "" or variable.operator[:1] != ":")
        takes_operand = there if kind == "+" else kind == "-" and not there
        operand = self.operand(variable.operand, taken=takes_operand)
        if kind == "+":
            self.used.append((variable.name, "value" if there else "unset"))
            return operand if there else (value or "", value or "", True)
        if there and value is not None:
            self.used.append((variable.name, "value"))
            if len(value) <= self.room:
                self.room -= len(value)
                return value, value, not has_hole(value)
            self.cut = True
        elif kind == "-":
            self.used.append((variable.name, "default"))
            return operand
        else:
            self.used.append((variable.name, "required" if kind == "?" else "unset"))
        return f"${{{variable.name}}}", "", False

    def operand(self, operand: Template | None, *, taken: bool) -> tuple[str, str, bool]:
        """Expand an operand; Compose does so, and may fail, even if it is not taken."""
        if operand is None:
            return "", "", True
        before = len(self.used)
        expanded = self.template(operand)
        if not taken:
            rest = [use for use in self.used[before:] if use[1] == "required"]
            self.used[before:] = rest
        return expanded
