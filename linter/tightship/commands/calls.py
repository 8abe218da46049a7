"""All simple commands of a script and of the scripts within it, with their nesting.

A script within a script is the argument of ``sh -c``, ``su -c`` or ``eval``, or the
input of a shell by ``<<`` or ``<<<``.
"""

from __future__ import annotations

from tightship.commands.program import MAX_WRAPPERS, programs
from tightship.lazy import LazyModule, Record
from tightship.syntax import SyntaxProblem
from tightship.syntax.shell.nodes import Arithmetic, Quoted, Simple, Substitution, Variable
from tightship.syntax.shell.quote import content, joined_content
from tightship.syntax.shell.read import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from tightship.commands import decoded
    from tightship.commands.program import Program
    from tightship.syntax.shell.nodes import (
        Compound,
        List,
        Part,
        Pipeline,
        Redirection,
        Script,
        Word,
    )
    from tightship.syntax.shell.text import Text

    # Lists within lists are iterators on a stack, for generators within generators
    # would reach the limit of recursion.
    Step: TypeAlias = "Call | Iterator[Step]"
else:
    decoded = LazyModule("tightship.commands.decoded")

MAX_SCRIPTS = 4
"""How deep nested scripts are read."""

MOST_SEARCHED = 1_000
"""In a step with more commands, the calls of functions are unknown."""

_SHELL_VALUED = frozenset(("-o", "+o", "-O", "+O", "--rcfile", "--init-file"))
_SU_VALUED = frozenset(("-c", "-s", "-g", "-G", "--command", "--shell", "--group"))
_MOST_EVALUATED = 1_000
_READERS = frozenset(("eval", ".", "source"))
_INPUTS = ("<<", "<<-", "<<<")
_READING = ("<", "<>", "<&", *_INPUTS)
_KINDS = {
    "(": "subshell",
    "{": "group",
    "if": "branch",
    "case": "branch",
    "while": "loop",
    "until": "loop",
    "for": "loop",
    "select": "loop",
    "function": "function",
}


class Nesting(Record):
    """The construct that a command lies within.

    ``kind`` is ``script``, ``subshell``, ``group``, ``condition``, ``branch`` (of an
    ``if`` or ``case``), ``loop``, ``function``, ``substitution``, or for a script
    within a script ``shell``, ``eval``, ``input``. ``call`` is the command whose words
    or redirections hold a substitution or a script, ``outer`` the construct around.
    ``script`` is the script that it belongs to, and ``scripts`` counts the scripts
    around, this one included. ``compound`` is the command that the construct is a part of, and
    ``position`` its place in a pipeline.
    """

    kind: str
    script: Script
    outer: Nesting | None
    call: Call | None = None
    compound: Compound | None = None
    position: int = 0

    @property
    def scripts(self) -> int:
        """Return how many scripts are around, this one included."""
        return len({id(place.script) for place in self.chain})

    @property
    def chain(self) -> Iterator[Nesting]:
        """Return this construct and those around it, from the inside."""
        place: Nesting | None = self
        while place is not None:
            yield place
            place = place.outer

    def within(self, *kinds: str) -> bool:
        """Return whether this construct or one around it is of some kind."""
        return any(place.kind in kinds for place in self.chain)


class Call:
    """A simple command, its nesting, and the programs that it runs.

    ``pipeline.commands[position]`` is the command; ``program`` is the innermost program, as
    behind ``sudo``.
    """

    __slots__ = ("command", "nesting", "pipeline", "position", "program", "programs")

    def __init__(
        self, command: Simple, pipeline: Pipeline, position: int, nesting: Nesting
    ) -> None:
        self.command = command
        self.pipeline = pipeline
        self.position = position
        self.nesting = nesting
        self.programs = programs(command)
        self.program: Program | None = self.programs[-1] if self.programs else None

    def with_words(self, words: list[Word]) -> Call:
        """Return this command with other words."""
        old = self.command
        if words == old.words:
            return self
        new = Simple(old.text, old.start, old.end)
        new.assignments, new.redirections, new.words = old.assignments, old.redirections, words
        return Call(new, self.pipeline, self.position, self.nesting)


class ScriptRun(Record):
    """A script with its commands; ``words`` start the shell that runs it."""

    script: Script
    words: Sequence[str]
    calls: Sequence[Call]


def calls(script: Script) -> Iterator[Call]:
    """Yield the simple commands of a script in the order of their starts.

    Those in a substitution or an inner script come after the command that holds it.
    """
    stack = [_in_list(script.body, Nesting("script", script, None))]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
        elif isinstance(step, Call):
            yield step
        else:
            stack.append(step)


def _in_list(body: List, place: Nesting) -> Iterator[Step]:
    for pipeline, _ in body.items:
        for position, command in enumerate(pipeline.commands):
            if isinstance(command, Simple):
                call = Call(command, pipeline, position, place)
                yield call
                yield _in_call(call)
            else:
                yield _in_compound(command, position, place)


def _in_call(call: Call) -> Iterator[Step]:
    command, place = call.command, call.nesting
    for assignment in command.assignments:
        if assignment.value is not None:
            yield from _in_parts(assignment.value.parts, place, call)
        for item in assignment.items:
            yield from _in_parts(item.parts, place, call)
    for word in command.words:
        if word.value is None:  # a word with a script has no certain value
            yield from _in_parts(word.parts, place, call)
    if command.redirections:
        yield from _in_redirections(command.redirections, place, call)
    if len(call.programs) > MAX_WRAPPERS:
        _leave_unread(call, "programs run one another too deeply to be followed")
    inner = _inner(call)
    if inner is not None and place.scripts >= MAX_SCRIPTS:
        _leave_unread(call, "scripts within scripts are nested too deeply to be read")
    elif inner is not None:
        kind, text = inner
        script = read(text)
        _outermost(place).unread += script.unread
        yield _in_list(script.body, Nesting(kind, script, place, call))
    if may_run_output(call) and decoded.is_opaque(call):
        _leave_unread(call, "a shell runs what a program decodes, and that is not known")


def may_run_output(call: Call) -> bool:
    """Return whether a command may run what others print: it is a shell, with a pipe or an input."""
    program = call.program
    if program is None or not (program.kind == "sh" or program.name in _READERS):
        return False
    return call.position > 0 or any(one.value is None for one in call.command.words)


def _outermost(place: Nesting) -> Script:
    while place.outer is not None:
        place = place.outer
    return place.script


def _leave_unread(call: Call, message: str) -> None:
    command = call.command
    span = command.text.span(command.start, command.end)
    _outermost(call.nesting).unread.append(SyntaxProblem(span, message))


def _in_compound(command: Compound, position: int, place: Nesting) -> Iterator[Step]:
    for word in command.words:
        yield from _in_parts(word.parts, place, None)
    for number, body in enumerate(command.bodies):
        if number < len(command.conditions):
            condition = command.conditions[number]
            inner = Nesting("condition", place.script, place, None, command, position)
            yield _in_list(condition, inner)
        inner = Nesting(_KINDS[command.kind], place.script, place, None, command, position)
        yield _in_list(body, inner)
    yield from _in_redirections(command.redirections, place, None)


def _in_redirections(
    redirections: list[Redirection], place: Nesting, call: Call | None
) -> Iterator[Step]:
    for redirection in redirections:
        for word in (redirection.target, redirection.body):
            if word is not None:
                yield from _in_parts(word.parts, place, call)


def _in_parts(parts: tuple[Part, ...], place: Nesting, call: Call | None) -> Iterator[Step]:
    for part in parts:
        if isinstance(part, Substitution):
            inner = Nesting("substitution", place.script, place, call)
            yield _in_list(part.body, inner)
        elif isinstance(part, (Quoted, Arithmetic)):
            yield _in_parts(part.parts, place, call)
        elif isinstance(part, Variable) and part.argument is not None:
            yield _in_parts(part.argument.parts, place, call)


def uses(function: Nesting, every: Sequence[Call]) -> list[Call]:
    """Return the commands that call a function; none if there are several of its name."""
    name, script = _name(function), function.script
    if name is None or len(every) > MOST_SEARCHED:
        return []
    here = [call for call in every if call.nesting.script is script]
    named = {
        place.compound for call in here for place in call.nesting.chain if _name(place) == name
    }
    if len(named) > 1:
        return []
    return [call for call in here if call.command.words and call.command.words[0].value == name]


def _name(place: Nesting) -> str | None:
    """Return the name of the function that a construct is."""
    if place.kind != "function" or place.compound is None or not place.compound.words:
        return None
    return place.compound.words[0].value


def may_have_input(call: Call, every: Sequence[Call]) -> bool:
    """Return whether a pipe, a file or a text may be the input of a command.

    Args:
        call: the command.
        every: all commands of its step.

    """
    if _is_given(call.position, call.command.redirections):
        return True
    for place in call.nesting.chain:
        outer, compound = place.call, place.compound
        if place.kind in ("input", "substitution"):
            return True
        if outer is not None and _is_given(outer.position, outer.command.redirections):
            return True
        if compound is not None and _is_given(place.position, compound.redirections):
            return True
        if place.kind == "function":
            found = uses(place, every)
            # Of functions that call one another, anything may be the input.
            if not found or any(
                one.nesting.within("function") or may_have_input(one, every) for one in found
            ):
                return True
    return False


def _is_given(position: int, redirections: Sequence[Redirection]) -> bool:
    return position > 0 or any(one.operator in _READING for one in redirections)


def shell_argument(call: Call) -> tuple[Program, Text] | None:
    """Return the shell of ``sh -c``, and the script that is its argument."""
    program, inner = call.program, _inner(call)
    if program is None or inner is None or program.kind != "sh":
        return None
    kind, text = inner
    return (program, text) if kind == "shell" else None


def _inner(call: Call) -> tuple[str, Text] | None:
    """Return the script that a command gets, and the kind of its nesting."""
    program = call.program
    if program is None:
        return None
    if program.name == "eval":
        is_short = 0 < len(program.words) <= _MOST_EVALUATED
        return ("eval", joined_content(program.words)) if is_short else None
    if program.name in ("su", "runuser"):
        flag = program.arguments(_SU_VALUED).flag("-c", "--command")
        source = flag.source if flag and flag.source is not flag.word else None
        return ("shell", content(source)) if source else None
    if program.kind != "sh":
        return None
    arguments = program.arguments(_SHELL_VALUED, mixed=False, signs="-+")
    operands = arguments.operands
    if arguments.flag("-c"):
        return ("shell", content(operands[0])) if operands else None
    if operands and not arguments.flag("-s"):
        return None
    for redirection in reversed(call.command.redirections):
        if redirection.operator in _INPUTS and redirection.descriptor in ("", "0"):
            given = redirection.body or redirection.target
            return ("input", content(given)) if given else None
    return None
