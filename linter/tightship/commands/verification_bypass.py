"""Bypasses of a verification: flags, settings, variables, and lines of files.

The tables are in ``certificate_verification`` and ``signature_verification``; here the
commands of a shell are compared with them.
"""

from __future__ import annotations

from itertools import pairwise

from tightship.commands.file_writes import WRITERS, file_writes
from tightship.commands.program import Program, unversioned
from tightship.lazy import Record, regex
from tightship.syntax.shell.quote import joined_content

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from tightship.commands.calls import Call
    from tightship.commands.program import Flag
    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.shell.text import Text
    from tightship.text import Span

NO = r"(?:false|no|off|0)"
END = r"(?=[ \t\r\n]|\\n|\Z)"
YUM = (*("yum", "dnf", "dnf5", "tdnf", "microdnf", "yum-config-manager"), "dnf-config-manager")
_FALSE = frozenset(("", "0", "false", "no", "off"))
_ASSIGNED = regex(r"(?s)([A-Za-z_][A-Za-z0-9_]*+)=(.*+)")
_CREDENTIALS = regex(r"(?<=//)[^/@\s]*+@")
_MOST_OPERANDS = 50
_LONGEST_LABEL = 60


class ProgramBypasses:
    """The flags, settings and words with which a program skips a verification.

    A flag of ``flags`` does so by itself, a flag of ``settings`` by a value that its
    pattern matches as a whole. ``words`` is a pattern for the operands with a space
    between each, as in ``config set strict-ssl false``; its group ``at`` is the place
    to report. ``valued`` are flags that take the next word.
    """

    __slots__ = ("flags", "settings", "valued", "words")

    def __init__(
        self,
        flags: Collection[str] = (),
        *,
        valued: Collection[str] = (),
        settings: Mapping[str, re.Pattern[str]] | None = None,
        words: re.Pattern[str] | None = None,
    ) -> None:
        self.flags = flags
        self.settings = settings or {}
        self.valued = frozenset((*valued, *self.settings))
        self.words = words


class ConfigLines(Record):
    """The lines of files with which a program skips a verification.

    ``path`` matches the end of the file's path. ``pattern`` finds the lines, with the
    group ``at`` for the place to report, unless ``except_in`` matches the text.
    """

    program: str
    path: re.Pattern[str]
    pattern: re.Pattern[str]
    except_in: re.Pattern[str] | None = None


def config_lines(program: str, path: str, line: str, except_in: str | None = None) -> ConfigLines:
    r"""Return the lines that a pattern matches, up to a blank or the end of the line.

    Line ends may be written ``\n``, as ``printf`` takes them.
    """
    return ConfigLines(
        program,
        regex(rf"(?:\A|/)(?:{path})\Z"),
        regex(rf"(?i)(?:\A|\n|\\n)[ \t]*+(?P<at>{line}){END}"),
        regex(except_in) if except_in else None,
    )


class Verification(Record):
    """A verification, and all ways to bypass it.

    ``variables`` hold for each name the program that reads it, and a pattern for the
    values that bypass; ``None`` is any value.
    """

    programs: Mapping[str, ProgramBypasses]
    variables: Mapping[str, tuple[str, re.Pattern[str] | None]]
    lines: tuple[ConfigLines, ...]


class Bypass(Record):
    """A place that bypasses a verification of a program.

    ``written`` is its name in the file, ``value`` the value of a flag or variable.
    ``call`` is the command, if it is a flag of the command itself.
    """

    program: str
    span: Span
    written: str
    value: str | None = None
    call: Call | None = None

    @property
    def label(self) -> str:
        """Return its name in a message, without credentials."""
        return _CREDENTIALS.sub("", self.written)[:_LONGEST_LABEL]


def bypasses_by_command(call: Call, check: Verification) -> Iterator[Bypass]:
    """Yield the bypasses of a command: for itself, by variables, in files."""
    programs = call.programs
    if programs:
        program = programs[-1]
        if program.name.startswith("python"):
            program = _module(program)
        known = check.programs.get(unversioned(program.name))
        if known is not None:
            yield from _by_arguments(program, known, call)
    if check.variables and (call.command.assignments or len(programs) > 1 or _is_export(call)):
        yield from _by_assignments(call, check)
    if check.lines and programs and programs[-1].name in WRITERS:
        for path, text in file_writes(call):
            yield from bypasses_by_file(path, text, check)


def bypass_by_variable(
    name: str, value: str | None, span: Span, check: Verification
) -> Bypass | None:
    """Return the bypass by a variable of the environment; the value may be unknown."""
    # npm reads its variables in any case.
    key = name.upper() if name[:11].lower() == "npm_config_" else name
    reader, pattern = check.variables.get(key, ("", None))
    if not reader:
        return None
    if pattern is not None and (value is None or not pattern.fullmatch(value)):
        return None
    return Bypass(reader, span, name, value)


def bypasses_by_file(path: str, text: Text, check: Verification) -> Iterator[Bypass]:
    """Yield the bypasses in a text that is written to a file."""
    for lines in check.lines:
        if lines.path.search(path) is None:
            continue
        if lines.except_in is not None and lines.except_in.search(text.value):
            continue
        for found in lines.pattern.finditer(text.value):
            yield Bypass(lines.program, text.span(*found.span("at")), found["at"])


def _module(program: Program) -> Program:
    """Return the module that ``python -m`` runs, or else the program itself."""
    if unversioned(program.name) == "python":
        for at, word in enumerate(program.words[:_MOST_OPERANDS]):
            if word.value == "-m" and at + 1 < len(program.words):
                module = program.words[at + 1]
                return Program(module.value or "", module, program.words[at + 2 :])
            if not word.head.startswith("-"):
                break
    return program


def _by_arguments(program: Program, known: ProgramBypasses, call: Call) -> Iterator[Bypass]:
    name = f"`{program.name}`"
    arguments = program.arguments(known.valued)
    for flag in arguments.flags:
        pattern = known.settings.get(flag.name)
        if pattern is not None:
            if flag.value is not None and pattern.fullmatch(flag.value):
                # The value of `-o` and `-c` says more than the flag.
                label = flag.value if "=" in flag.value else flag.name
                yield Bypass(name, _place(flag), label, flag.value, call)
        elif flag.name in known.flags and _is_on(flag):
            yield Bypass(name, flag.word.span, flag.name, None, call)
    operands = arguments.operands[:_MOST_OPERANDS]
    if known.words is None or not operands:
        return
    text = joined_content(operands)
    found = known.words.search(text.value)
    if found is not None:
        label = found["at"]
        value = label.rpartition(" ")[2].rpartition("=")[2]
        yield Bypass(name, _whole(operands, text, found), label, value, call)


def _whole(operands: list[Word], text: Text, found: re.Match[str]) -> Span:
    """Return the place of the words of a match, with their quotes.

    If a word has a blank in it, the place is that of the match only.
    """
    start, end = found.span("at")
    before = text.value[:start].count(" ")
    words = operands[before : before + found["at"].count(" ") + 1]
    if not words or len(operands) != text.value.count(" ") + 1:
        return text.span(start, end)
    return words[0].text.span(words[0].start, words[-1].end)


def _place(flag: Flag) -> Span:
    """Return the place of a flag and its value."""
    if flag.source is None or flag.source is flag.word:
        return flag.word.span
    first, last = flag.word, flag.source
    if first.text is not last.text:
        return last.span
    return first.text.span(first.start, last.end)


def _is_on(flag: Flag) -> bool:
    """Return whether a flag is on, unlike ``--insecure=false``."""
    if flag.source is None:
        return True
    return flag.value is not None and flag.value.lower() not in _FALSE


def _is_export(call: Call) -> bool:
    return bool(call.programs) and call.programs[-1].name == "export"


def _by_assignments(call: Call, check: Verification) -> Iterator[Bypass]:
    """Yield the bypasses by variables that a command gets or exports."""
    words = call.command.words
    # Without a command they are variables of the shell.
    for one in call.command.assignments if words else ():
        value = one.value.value if one.value is not None else None
        off = bypass_by_variable(one.name, value, one.span, check)
        if off is not None:
            yield off
    for outer, program in pairwise(call.programs):
        if outer.name in ("env", "sudo"):
            yield from _assigned(outer.words, program.word.start, check)
    if _is_export(call):
        yield from _assigned(call.programs[-1].words, call.command.end, check)


def _assigned(words: Sequence[Word], end: int, check: Verification) -> Iterator[Bypass]:
    for word in words[:_MOST_OPERANDS]:
        if word.start >= end:
            break
        found = _ASSIGNED.fullmatch(word.head)
        if found is not None:
            value = None if word.value is None else found[2]
            off = bypass_by_variable(found[1], value, word.span, check)
            if off is not None:
                yield off
