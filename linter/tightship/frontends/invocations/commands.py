"""The commands of scripts that start containers or build images."""

from __future__ import annotations

from tightship.commands.calls import calls
from tightship.commands.program import is_wrapper
from tightship.commands.script_values import with_values
from tightship.frontends.flags.flags import Arguments, arguments, table
from tightship.frontends.invocations.aliases import Aliases
from tightship.frontends.invocations.kinds import SAME
from tightship.frontends.invocations.recipes import ExpandedText
from tightship.lazy import Record, regex
from tightship.syntax.shell.nodes import Substitution, Unknown, Variable, flat
from tightship.syntax.shell.quote import content, joined_content
from tightship.syntax.shell.read import read
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Script, Word

# The characters in which the variables of one script are looked for; more of them are unknown.
_MOST_SEARCHED = 5_000_000
STARTS = frozenset(("run", "create"))
"""What starts a container, or makes one."""

VOLUME = "volume"
"""The verb of a command that creates a volume, which a container may mount."""

_BUILDS = frozenset(("build", "b"))
_PLAIN = STARTS | {"build"}
_VERBS = _PLAIN | _BUILDS
_GROUPS = {
    "container": STARTS,
    VOLUME: frozenset(("create",)),
    **dict.fromkeys(("builder", "buildx", "image"), _BUILDS),
}
MOVES = frozenset(("cd", "pushd", "popd"))
_MOST_MOVES = 50
_SHELLS = ("bash", "sh")
_MOST_HOSTS = 3
# The options of ssh(1) that take a value.
_OF_SSH = frozenset(f"-{one}" for one in "BbcDEeFIiJLlmOoPpQRSWw")
_FUNCTION = regex(r"(?m)^[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*\(\)|^@test[ \t].*\n[ \t]*(run)\b")
_OF_MAKE = regex(r"\$[({](\w+)[)}]")
_SUDO = regex(r"(?i)^[\"']?\$\{?\w*sudo\w*\}?[\"']?$")


class EngineCommand(Record):
    """A command of an engine that starts a container, or builds an image.

    ``span`` are the words up to its verb, as `docker run`, ``whole`` are all of them, and
    ``engine`` is the program, by the word ``program``. ``words`` follow the verb. ``call`` is the command where it is
    in its script, and ``moves`` are the commands before it that may change the folder, or
    None for too many.
    """

    engine: str
    verb: str
    span: Span
    whole: Span
    program: Span
    words: Sequence[Word]
    call: Call
    moves: Sequence[Call] | None = None


class RunCommand(Record):
    """A command that starts a container, or makes one."""

    engine: str
    span: Span
    whole: Span
    arguments: Arguments
    here: str | None = "."


def as_run(command: EngineCommand, here: str | None = ".") -> RunCommand:
    """Return a command with its arguments as those of `docker run`; ``here`` is its folder."""
    given = arguments(command.words, command.engine)
    return RunCommand(command.engine, command.span, command.whole, given, here)


def engine_commands(
    script: Script, known: Mapping[str, str] | None = None, hosts: int = 0
) -> Iterator[EngineCommand]:
    """Yield the commands of a script, and of the scripts in it, that start or build something.

    Args:
        script: the script.
        known: the variables of its file that are an engine.
        hosts: how many hosts away from the first script it runs.

    """
    every = [*calls(script)]
    functions = frozenset(found[1] or "run" for found in _FUNCTION.finditer(script.text.value))
    left, size = _MOST_SEARCHED, len(script.text.value) + len(every)
    aliases = Aliases(every)
    names = _Names(functions, known or {})
    moves = [one for one in every if one.program is not None and one.program.name in MOVES]
    for at, call in enumerate(every):
        yield from _elsewhere(call, known, hosts)
        if not any(one.value in _VERBS for one in call.command.words) and not aliases.starts(call):
            continue
        made = aliases.evaluated(call) or aliases.expanded(call)
        # Each variable is looked for in the whole script.
        searched = size * sum(one.raw.count("$") for one in made.command.words)
        if 0 < searched <= left:
            left -= searched
            made = with_values(made, every[:at], lambda _: None)
        found = _read(made, names, call, call.command.words)
        if found is None:
            continue
        found = found.replaced(moves=_moves_before(call, moves))
        used = [_read(one, names, call, written) for one, written in aliases.uses(made)]
        if any(used):
            yield from (one.replaced(moves=found.moves) for one in used if one is not None)
        else:
            yield found


def _elsewhere(call: Call, known: Mapping[str, str] | None, hosts: int) -> Iterator[EngineCommand]:
    """Yield what `ssh` starts on another host; in which folder a build runs, no file shows."""
    there = _remote(call) if hosts < _MOST_HOSTS else None
    if there is not None:
        for one in engine_commands(there, known, hosts + 1):
            if one.verb in STARTS:
                yield one


def _remote(call: Call) -> Script | None:
    """Return the script that `ssh` runs on another host: its words, or its input."""
    if call.program is None or call.program.name != "ssh":
        return None
    words = call.program.arguments(_OF_SSH, mixed=False).operands[1:]
    while words and words[0].head[:1] == "-":  # options may follow the host, too
        words = words[1 + (words[0].head in _OF_SSH) :]
    if not words or any(one.value in _SHELLS for one in words[:2]):  # `sudo bash -s`
        for one in reversed(call.command.redirections):
            if one.operator in ("<<", "<<-") and one.body is not None:
                return read(content(one.body))
    return read(joined_content(words)) if words else None


def _moves_before(call: Call, moves: Sequence[Call]) -> Sequence[Call] | None:
    """Return the commands that may change the folder before another one; None if any may."""
    if len(moves) > _MOST_MOVES:
        return None
    before = [one for one in moves if one.command.span.start < call.command.span.start]
    repeats = len(before) < len(moves) and call.nesting.within("function", "loop")
    return None if repeats else before


class _Names(Record):
    """The functions of a script, and the variables that are engines."""

    functions: Collection[str]
    engines: Mapping[str, str]


def _read(made: Call, names: _Names, call: Call, written: Sequence[Word]) -> EngineCommand | None:
    """Return a command by its words; those that are written are where it begins and ends."""
    words = made.command.words
    start = _program(made, words, names)
    if start is None:
        return None
    engine, at = start
    valued = table()["engines"][engine].split()
    first, at = words[at], at + 1
    while at < len(words) and words[at].head[:1] == "-":
        is_whole = words[at].value is not None and "=" not in words[at].head
        at += 1 + (is_whole and words[at].head in valued)
    verbs = _GROUPS.get(words[at].value or "") if at < len(words) else None
    if verbs is not None:
        at += 1
        while at < len(words) and words[at].head[:1] == "-":
            at += 2 if words[at].value == "--builder" else 1
    verb = words[at].value if at < len(words) else None
    if verb is None or verb not in (verbs or _PLAIN):
        return None
    verb = VOLUME if words[at - 1].value == VOLUME else verb
    whole, last = _whole(written)
    begin = first.span.start if _holds(whole, first) else whole.start
    end = words[at].span.end if _holds(whole, words[at]) else last
    span, whole = Span(whole.source, begin, end), Span(whole.source, begin, whole.end)
    rest = [*_without_comments(words[at + 1 :])]
    return EngineCommand(engine, verb, span, whole, first.span, rest, call)


def _without_comments(words: Sequence[Word]) -> Iterator[Word]:
    """Yield words but those that are comments in backquotes, of which a shell makes nothing."""
    for one in words:
        first, *more = one.parts
        if more or not isinstance(first, Substitution) or first.body.items:
            yield one


def _whole(written: Sequence[Word]) -> tuple[Span, int]:
    """Return the place of a command as it is written, and where its first word ends."""
    text, places = written[0].text, [one.span for one in written]
    if isinstance(text, ExpandedText):
        return text.whole(places)
    return Span(text.source, places[0].start, places[-1].end), places[0].end


def _holds(whole: Span, word: Word) -> bool:
    """Return whether a word is in a command as it is written, and not in a variable."""
    return whole.start <= word.span.start and word.span.end <= whole.end


def _program(call: Call, words: Sequence[Word], names: _Names) -> tuple[str, int] | None:
    """Return the engine that a command calls, and the number of the word that does.

    A function of the script, `run` of a test in bats and ``$SUDO`` may come before it.
    """
    program = call.program
    if program is not None:
        at = next(n for n, one in enumerate(words) if one.start == program.word.start)
        engine = _engine(words[at], names.engines)
        while engine is None and at + 1 < len(words) and _leads(words[at], names.functions):
            at += 1
            engine = _engine(words[at], names.engines)
        if engine is not None:
            return engine, at
        if not is_wrapper(program.name):
            return None
        at = len(words) - len(program.words)
    else:
        at = 0
    while at < len(words):
        engine = _engine(words[at], names.engines)
        if engine is not None:
            return engine, at
        if not _leads(words[at]):
            return None
        at += 1
    return None


def _leads(word: Word, functions: Collection[str] = ()) -> bool:
    """Return whether a word is `$SUDO` or a function, which call what follows."""
    return word.value in functions or _SUDO.search(word.raw) is not None


def _engine(word: Word, known: Mapping[str, str]) -> str | None:
    """Return the engine that a word is: its program, or a variable that is one, `$DOCKER`."""
    engines = table()["engines"]
    if word.value is not None:
        name = word.value.rpartition("/")[2].removesuffix(".exe")
        name = SAME.get(name, name)
        return name if name in engines else None
    name = _name_of(word)
    if name in known:
        return known[name]
    name = name.lower()
    return next((one for one in engines if one in name and "compose" not in name), None)


def _name_of(word: Word) -> str:
    """Return the name of the variable that is all of a word, of a shell or of make."""
    first, *more = flat(word.parts)
    if more or not isinstance(first, (Variable, Unknown)):
        return ""
    if isinstance(first, Variable):
        return first.name
    found = _OF_MAKE.fullmatch(word.span.text)
    return found[1] if found is not None else ""
