"""The commands of scripts that start containers."""

from __future__ import annotations

from tightship.commands.calls import calls
from tightship.commands.program import is_wrapper
from tightship.commands.script_values import with_values
from tightship.frontends.docker_run.flags import Arguments, arguments, table
from tightship.lazy import Record, regex
from tightship.syntax.shell.nodes import Variable, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Script, Word
    from tightship.text import Span

# The characters in which the variables of one script are looked for; more of them are unknown.
_MOST_SEARCHED = 5_000_000
_VERBS = frozenset(("run", "create"))
_FUNCTION = regex(r"(?m)^[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*\(\)|^@test[ \t].*\n[ \t]*(run)\b")
_SUDO = regex(r"(?i)^[\"']?\$\{?\w*sudo\w*\}?[\"']?$")


class RunCommand(Record):
    """A command that starts a container, or makes one.

    ``span`` are the words up to its verb, as `docker run`, ``whole`` are all of them, and
    ``engine`` is the program.
    """

    engine: str
    span: Span
    whole: Span
    arguments: Arguments


def run_commands(script: Script) -> Iterator[RunCommand]:
    """Yield the commands of a script, and of the scripts in it, that start containers."""
    every = [*calls(script)]
    functions = frozenset(found[1] or "run" for found in _FUNCTION.finditer(script.text.value))
    left, size = _MOST_SEARCHED, len(script.text.value) + len(every)
    for call in every:
        if not any(one.value in _VERBS for one in call.command.words):
            continue
        # Each variable is looked for in the whole script.
        searched = size * sum(one.raw.count("$") for one in call.command.words)
        made = call
        if 0 < searched <= left:
            left -= searched
            made = with_values(call, every, lambda _: None)
        found = _read(made, functions, call.command.words)
        if found is not None:
            yield found


def _read(call: Call, functions: Collection[str], written: Sequence[Word]) -> RunCommand | None:
    """Return a command by its words; those that are written are where it begins and ends."""
    words = call.command.words
    start = _program(call, words, functions)
    if start is None:
        return None
    engine, at = start
    valued = table()["engines"][engine].split()
    first, at = words[at], at + 1
    while at < len(words) and words[at].head[:1] == "-":
        is_whole = words[at].value is not None and "=" not in words[at].head
        at += 1 + (is_whole and words[at].head in valued)
    if at < len(words) and words[at].value == "container":
        at += 1
    if at >= len(words) or words[at].value not in _VERBS:
        return None
    text, begin = first.text, max(first.start, written[0].start)
    span, whole = text.span(begin, words[at].end), text.span(begin, written[-1].end)
    return RunCommand(engine, span, whole, arguments(words[at + 1 :], engine))


def _program(
    call: Call, words: Sequence[Word], functions: Collection[str]
) -> tuple[str, int] | None:
    """Return the engine that a command calls, and the number of the word that does.

    A function of the script, `run` of a test in bats and ``$SUDO`` may come before it.
    """
    program = call.program
    if program is not None:
        at = next(n for n, one in enumerate(words) if one.start == program.word.start)
        engine = _engine(words[at])
        while engine is None and at + 1 < len(words) and _leads(words[at], functions):
            at += 1
            engine = _engine(words[at])
        if engine is not None:
            return engine, at
        if not is_wrapper(program.name):
            return None
        at = len(words) - len(program.words)
    else:
        at = 0
    while at < len(words):
        engine = _engine(words[at])
        if engine is not None:
            return engine, at
        if not _leads(words[at]):
            return None
        at += 1
    return None


def _leads(word: Word, functions: Collection[str] = ()) -> bool:
    """Return whether a word is `$SUDO` or a function, which call what follows."""
    return word.value in functions or _SUDO.search(word.raw) is not None


def _engine(word: Word) -> str | None:
    """Return the engine that a word is: its program, or a variable with its name, `$DOCKER`."""
    engines = table()["engines"]
    if word.value is not None:
        name = word.value.rpartition("/")[2].removesuffix(".exe")
        return name if name in engines else None
    parts = [*flat(word.parts)]
    if len(parts) != 1 or not isinstance(parts[0], Variable):
        return None
    name = parts[0].name.lower()
    return next((one for one in engines if one in name and "compose" not in name), None)
