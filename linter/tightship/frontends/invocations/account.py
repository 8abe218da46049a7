"""Accounts for each place of a file where an engine may start or build something.

The places are counted from the text alone, so that none is lost with what cannot be parsed or
followed. A command that was read, a comment or a text that is surely printed accounts for its
places; what is left is a gap.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache

from tightship.commands.calls import calls
from tightship.findings import Gap
from tightship.frontends.flags.flags import table
from tightship.frontends.invocations.aliases import engines_in
from tightship.frontends.invocations.kinds import (
    ENGINES,
    GROUPS,
    MARKDOWN,
    NAMED,
    VERBS,
    WITHOUT_VERB,
    script_kind_of,
)
from tightship.frontends.invocations.scripts import PROSE, blocks
from tightship.lazy import Record, regex
from tightship.syntax.shell.nodes import Simple
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tightship.commands.calls import Call, Nesting
    from tightship.frontends.invocations.commands import EngineCommand
    from tightship.syntax.shell.nodes import Compound, Redirection, Script
    from tightship.text import Source

# The word of an engine, with or without a path, a variable that may be one, or a module.
_WORD = regex(
    rf"({WITHOUT_VERB})|(?:(?<![\w.@-])|(?<=[:=]-))(?:{ENGINES})(?:\.exe)?(?![\w.:/@=-])"
    r"|\$(?:{|\((?=\w++\)))?(\w++)"
)
# A variable whose name says that it is an engine; `DOCKER_HOST` is none.
_ENGINE = regex(rf"(?i)(?:\w*_)?(?:{NAMED})(?:_?(?:bin|binary|cli|cmd|command|exe|path))?")
_CLOSED = regex(r"[^\s\"')}\]]*[\"')}\],]*(?=[ \t]|[\\`^]?\r?\n)|[\"')}\],]+")
# The next word of a command, or of a list of YAML or JSON.
_NEXT = regex(r"(?:[ \t,]|[\\`^]\r?\n|\n[ \t]*+(?:-|\w++:)[ \t]++)*+([^\s;|&<>#,][^\s;|&,]*+)")
_SEPARATED = regex(r",|(?<![\\`^\r])\r?\n")
_LISTS = regex(r"(?:arg[sv]|cmd|command|entrypoint|exec\w*)[\"']?[ \t]*[:=][\s\[\"'-]*\Z")
_SIGNS = "\"'()[]{},`\\"
# The value of a variable, in PowerShell a list of them, or what a reader fills in.
_OPEN = regex(r"[$%<\0]|\{.|\A@\w+\Z")
_OPTIONS = regex(r"(?i)\$[({]?\w*(?:flag|option|opt)s?[\])}]?")  # a variable of options
_VALUED = "--builder -f --file -p --project-name --profile --env-file --project-directory"
_MOST_OPTIONS, _LONGEST_PIPE, _LONGEST_LINE = 40, 20, 1_000
_ALIAS = regex(r"\balias[ \t]+[\w-]+=[\"']?(?:sudo[ \t]+)?\Z")
# What comes before a comment of a line: the first sign, or a number sign outside of quotes.
_COMMENT = regex(
    r"[ \t]*+(?:#|//|::|(?i:rem)\b)"
    r"|(?:[^\"'#\\]|\\.|\"(?:[^\"\\]|\\.)*+\"|'[^']*+'|(?<=[^\s;])#)*+#"
)
_PROSE = regex(rf"[ \t-]*[\"']?(?:{'|'.join(PROSE)}|Description|Documentation)[\"']?[ \t]*[:=]")
_PRINTS = frozenset((":", "echo", "print", "printf"))
_SHOWS = frozenset(("cat", "cut", "fold", "grep", "head", "less", "more", "sed", "sort", "tr"))
_SHOWN_IN = frozenset(("/dev/null", "/dev/stderr", "/dev/stdout", "/dev/tty", "1", "2", "-"))
_INPUTS = frozenset(("<", "<&", "<<", "<<-", "<<<"))
_PIPED = regex(r"(?:[ \t]|\\\n)*+\|(?!\|)")
_GOES_ON = regex(r"[ \t][`^][ \t]*\r?\n")
MAY = "it may start a container or build an image, and"
"""How the message begins about a place that nothing accounts for."""


def is_of_another_shell(command: EngineCommand) -> bool:
    """Return whether a line of a command goes on by the sign of PowerShell or of cmd."""
    node = command.call.command
    return _GOES_ON.search(node.text.value, node.start, node.end + 2) is not None


def unaccounted(
    source: Source, scripts: Sequence[Script], found: Iterable[EngineCommand], *, is_whole: bool
) -> Iterator[Gap]:
    """Yield a gap for each place of an engine that nothing accounts for.

    Args:
        source: the file.
        scripts: those that were read of it.
        found: the commands that were read of them.
        is_whole: whether these are all scripts of the file.

    """
    text = source.text
    cut = sorted(one.span.start for script in scripts for one in script.unread)
    ended = (each for each in found if _is_whole(each.whole, cut))
    known = sorted((x.start, x.end) for each in ended for x in (each.whole, each.program))
    number, reached, left = 0, 0, list["Span"]()
    for start, end in _regions(source, scripts, is_whole=is_whole):
        for place in _places(source, start, end):
            while number < len(known) and known[number][0] < place.end:
                reached = max(reached, known[number][1])
                number += 1
            if place.start >= reached and not _is_remark(text, place.start):
                left.append(place)
    for place in _not_printed(left, scripts, cut) if left else ():
        yield Gap(place, f"{MAY} {_why(place, scripts)}")


def _is_whole(span: Span, cut: Sequence[int]) -> bool:
    """Return whether reading did not stop within a command."""
    return bisect_left(cut, span.start) == bisect_right(cut, span.end)


def _regions(
    source: Source, scripts: Sequence[Script], *, is_whole: bool
) -> Iterator[tuple[int, int]]:
    """Yield the parts of a file that may be run; those of a document are its blocks of code."""
    if not is_whole:
        spans = [one.text.span(0, len(one.text.value)) for one in scripts]
        yield from sorted((one.start, one.end) for one in spans)
    elif script_kind_of(source.name, source.text) == MARKDOWN:
        yield from (one[:2] for one in blocks(source.text) if one[2] is not None)
    else:
        yield 0, len(source.text)


def _places(source: Source, start: int, end: int) -> Iterator[Span]:
    """Yield each word of an engine, unless a verb follows that surely starts and builds nothing."""
    text, engines = source.text, None
    for found in _WORD.finditer(text, start, end):
        if found[2] and _ENGINE.fullmatch(found[2]) is None:
            engines = engines_in(text) if engines is None else engines  # few files need them
            if found[2] not in engines:
                continue
        first = max(start, found.start() - _LONGEST_LINE)
        if found[1] or _may_start(text, found, end) or _ALIAS.search(text, first, found.start()):
            yield Span(source, *found.span())


def _may_start(text: str, engine: re.Match[str], end: int) -> bool:
    """Return whether the verb of an engine starts or builds something, or may be one that does."""
    closed = _CLOSED.match(text, engine.end(), end)
    if closed is None:
        return False
    at, group = closed.end(), "compose/" if engine[0].endswith("compose") else ""
    for found, word in _words(text, at, end):
        if word is None:
            return True
        verb = group + word
        if verb in VERBS:
            return _is_command(text, engine, found, end) and _grants(text, found.end(), end, verb)
        if group or word not in GROUPS:
            return group != "compose/" and _OPEN.search(found[1]) is not None
        group = f"{word}/"
    return False


def _words(text: str, at: int, end: int) -> Iterator[tuple[re.Match[str], str | None]]:
    """Yield the words of a command but options before its verb, with what quotes are around.

    After too many options, the word is unknown.
    """
    for _ in range(_MOST_OPTIONS):
        found = _NEXT.match(text, at, end)
        if found is None:
            return
        at, word = found.end(), found[1].strip(_SIGNS)
        if word[:1] != "-" and not _OPTIONS.fullmatch(word):
            yield found, word
        elif word in _valued() and (value := _NEXT.match(text, at, end)) is not None:
            at = value.end()
    if (found := _NEXT.match(text, at, end)) is not None:
        yield found, None


def _is_command(text: str, engine: re.Match[str], verb: re.Match[str], end: int) -> bool:
    """Return whether two words are of a command: those of a list may be any, as in `needs`."""
    if _SEPARATED.search(text, engine.end(), verb.start(1)) is None:
        return True
    after = _NEXT.match(text, verb.end(), end)
    is_option = after is not None and after[1].strip(_SIGNS)[:1] == "-"
    first = max(0, engine.start() - _LONGEST_LINE)
    return is_option or _LISTS.search(text, first, engine.start()) is not None


def _grants(text: str, at: int, end: int, verb: str) -> bool:
    """Return whether a verb has the option by which it counts; each may have a value."""
    needed, may_be_value = VERBS[verb], False
    while needed is not None:
        found = _NEXT.match(text, at, end)
        if found is None:
            return False
        at, word = found.end(), found[1].strip(_SIGNS)
        is_option = word[:1] == "-"
        if needed.match(text, text.find(word, found.start(1)), end):
            return True
        if not is_option and not may_be_value:
            return False
        may_be_value = is_option
    return True


@cache
def _valued() -> frozenset[str]:
    """Return the options of engines, before their verbs, that take a value."""
    every = " ".join((_VALUED, *table()["engines"].values()))
    return frozenset(every.split())


def _is_remark(text: str, at: int) -> bool:
    """Return whether a place is in a comment, or in a value that is for people."""
    first = max(0, at - _LONGEST_LINE)
    line = text.rfind("\n", first, at) + 1
    if not line and first:
        return False
    return bool(_COMMENT.match(text, line, at) or _PROSE.match(text, line, at))


class _Extent(Record):
    """A part of a command; ``is_printed`` if all its text is surely shown to people."""

    start: int
    end: int
    is_printed: bool


def _not_printed(
    places: Sequence[Span], scripts: Sequence[Script], cut: Sequence[int]
) -> Iterator[Span]:
    """Yield the places but those whose innermost command was read whole, and prints them."""
    extents = [one for script in scripts for one in _extents(script, cut)]
    extents.sort(key=lambda one: (one.start, -one.end))
    around, number = list["_Extent"](), 0
    for place in places:
        while number < len(extents) and extents[number].start <= place.start:
            while around and around[-1].end <= extents[number].start:
                around.pop()
            around.append(extents[number])
            number += 1
        while around and around[-1].end <= place.start:
            around.pop()
        if not around or not around[-1].is_printed:
            yield place


def _extents(script: Script, cut: Sequence[int]) -> Iterator[_Extent]:
    every = [*calls(script)]
    taken = {
        one.command.words[0].value
        for one in every
        if one.command.words and not _is_shown_at(one, frozenset())
    }
    for one in every:
        names = [each.name for each in one.programs]
        has_text = bool(names) and (names[-1] in _PRINTS or names[-1] in _SHOWS)
        is_printed = has_text and _is_shown_at(one, taken)
        bodies = [each.body for each in one.command.redirections if each.body is not None]
        for node in (one.command, *bodies):
            span = node.span
            yield _Extent(span.start, span.end, is_printed and _is_whole(span, cut))


def _is_shown_at(call: Call, taken: Collection[str | None]) -> bool:
    """Return whether the output of a command goes to people; ``taken`` are other functions."""
    place: Nesting | None = call.nesting
    if not _is_shown(call):
        return False
    while place is not None:
        compound, outer = place.compound, place.call
        if place.kind == "substitution" or (outer is not None and not _is_shown(outer)):
            return False
        if compound is not None and not _is_compound_shown(compound, taken):
            return False
        place = place.outer
    return True


def _is_compound_shown(compound: Compound, taken: Collection[str | None]) -> bool:
    if compound.kind == "function" and any(one.value in taken for one in compound.words):
        return False
    is_piped = _PIPED.match(compound.text.value, compound.end) is not None
    return not is_piped and _stays(compound.redirections)


def _is_shown(call: Call) -> bool:
    if len(call.pipeline.commands) > _LONGEST_PIPE:
        return False
    after = call.pipeline.commands[call.position + 1 :]
    return _stays(call.command.redirections) and all(
        isinstance(one, Simple)
        and bool(one.words)
        and one.words[0].value in _SHOWS
        and _stays(one.redirections)
        for one in after
    )


def _stays(redirections: Sequence[Redirection]) -> bool:
    """Return whether no output goes to a file, which may be run later."""
    return all(
        one.operator in _INPUTS or (one.target is not None and one.target.value in _SHOWN_IN)
        for one in redirections
    )


def _why(place: Span, scripts: Sequence[Script]) -> str:
    """Return why a place was not read, by the first problem of its script before it."""
    for script in scripts:
        around = script.text.span(0, len(script.text.value))
        if around.start <= place.start < around.end:
            problems = [*script.unread, *filter(None, (script.problem,))]
            before = [one for one in problems if one.span.start <= place.end]
            if before:
                return before[0].message
    ahead = place.source.text[place.end : place.end + _LONGEST_LINE].splitlines(keepends=True)
    is_other = bool(ahead) and _GOES_ON.search(ahead[0]) is not None
    return "another shell than sh reads it" if is_other else "no front end reads such a command"
