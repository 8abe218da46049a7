"""Programs that a command runs, with their arguments, and the code that an interpreter gets."""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import Record, regex
from tightship.syntax.shell.nodes import Substitution, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Simple, Word


_SHELLS = frozenset(("sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "rbash"))
_POWERSHELLS = frozenset(("pwsh", "powershell"))
_ASSIGNED = regex(r"[A-Za-z_][A-Za-z0-9_]*+=")
MAX_WRAPPERS = 30
"""How many programs that run another one are followed in one command."""

_LONGEST_BUNDLE = 40

# Programs that run a command in their arguments: flags that take the next word, number
# of words before the command, and whether assignments may come before it.
_WRAPPERS = {
    "sudo": (
        "-C -D -R -T -U -g -h -p -r -t -u --close-from --chdir --chroot --group --host "
        "--prompt --role --type --user --other-user --command-timeout",
        0, True,
    ),
    "doas": ("-C -u", 0, False),
    "env": ("-C -u --chdir --unset", 0, True),
    "exec": ("-a", 0, False),
    "command": ("", 0, False),
    "builtin": ("", 0, False),
    "nohup": ("", 0, False),
    "setsid": ("", 0, False),
    "nice": ("-n --adjustment", 0, False),
    "ionice": ("-c -n --class --classdata", 0, False),
    "stdbuf": ("-i -o -e --input --output --error", 0, False),
    "time": ("-f -o --format --output", 0, False),
    "timeout": ("-k -s --kill-after --signal", 1, False),
    "chroot": ("", 1, False),
    "gosu": ("", 1, False),
    "su-exec": ("", 1, False),
    "tini": ("-e -p", 0, False),
    "dumb-init": ("-r --rewrite", 0, False),
    "busybox": ("", 0, False),
    "chronic": ("", 0, False),
    "unbuffer": ("", 0, False),
    "winpty": ("", 0, False),
    "xargs": (
        "-E -I -L -P -a -d -n -s --arg-file --delimiter --max-args --max-chars "
        "--max-lines --max-procs",
        0, False,
    ),
}  # fmt: skip
# The flags with which a wrapper runs no command.
_IDLE = {
    "sudo": frozenset(("-e", "-K", "-l", "-v", "-V", "--edit", "--list", "--validate")),
    "env": frozenset(("-S", "--split-string")),
    "command": frozenset(("-v", "-V")),
    "busybox": frozenset(("--install", "--list", "--help")),
    "ionice": frozenset(("-p", "--pid")),
}


class Flag(Record):
    """A flag of a command, such as ``-k`` (also out of ``-fsSLk``) or ``--output``.

    ``value`` is the text behind ``=``, behind the letter, or in the next word, if the
    flag takes one; it is ``None`` if there is none or it is not certain. ``source`` is
    the word that holds the value.

    ``word`` is the word that holds it.
    """

    name: str
    value: str | None
    word: Word
    source: Word | None


class Arguments(Record):
    """The arguments of a command: flags and operands."""

    flags: list[Flag]
    operands: list[Word]

    def flag(self, *names: str) -> Flag | None:
        """Return the last flag of some names, which is the one that counts."""
        return next((flag for flag in reversed(self.flags) if flag.name in names), None)


class Program(Record):
    """A program that a command runs, directly or by ``sudo``, ``env`` and others.

    ``name`` is the last part of its path. ``words`` are its arguments; those of a
    wrapper include the command that it runs.

    ``word`` is its name in the script.
    """

    name: str
    word: Word
    words: Sequence[Word]

    @property
    def kind(self) -> str:
        """Return ``sh``, ``powershell`` or ``cmd`` for a shell, else nothing."""
        return shell_kind(self.name)

    @property
    def is_of_project(self) -> bool:
        """Return whether its path is outside of the system's folders, as that of `./service`."""
        path = self.word.value or ""
        return "/" in path and not path.startswith(("/bin/", "/sbin/", "/usr/"))

    def arguments(
        self,
        valued: Collection[str] = (),
        *,
        mixed: bool = True,
        signs: str = "-",
        dashes: str = "--",
    ) -> Arguments:
        """Split the words into flags and operands.

        ``valued`` names the flags that take a value. Unless ``mixed``, flags end at the
        first operand. ``signs`` are the characters that begin a flag; a shell has ``+``
        too, and ``dashes`` begin a long one. A word whose beginning is not certain is an
        operand.
        """
        flags: list[Flag] = []
        operands: list[Word] = []
        words = iter(self.words)
        for word in words:
            head = word.head
            if head == "--" and word.value is not None:
                operands += words
            elif len(head) < 2 or head[0] not in signs:
                operands.append(word)
                if not mixed:
                    operands += words
            elif head.startswith(dashes):
                name, equals, value = head.partition("=")
                if equals:
                    known = None if word.value is None else value
                    flags.append(Flag(name, known, word, word))
                elif word.value is not None:
                    source = next(words, None) if name in valued else None
                    flags.append(Flag(name, source.value if source else None, word, source))
            else:
                flags += _bundle(word, head, valued, words)
        return Arguments(flags, operands)


def programs(command: Simple) -> list[Program]:
    """Return the programs that a command runs, from the outermost to the innermost.

    The list ends before a name that is not certain.
    """
    words, start = command.words, 0
    found: list[Program] = []
    while start < len(words):
        name = program_name(words[start].value)
        if not name:
            break
        program = Program(name, words[start], words[start + 1 :])
        found.append(program)
        if name not in _WRAPPERS or len(found) > MAX_WRAPPERS:
            break
        valued, before, assigns = _WRAPPERS[name]
        arguments = program.arguments(valued.split(), mixed=False)
        idle = _IDLE.get(name, ())
        if any(flag.name in idle for flag in arguments.flags):
            break
        rest = arguments.operands[before:]
        skipped = 0
        while (
            assigns
            and skipped < len(rest)
            and (rest[skipped].head == "-" or _ASSIGNED.match(rest[skipped].head))
        ):
            skipped += 1
        start = len(words) - len(rest) + skipped
    return found


def program_name(name: str | None) -> str:
    """Return the last part of a program's path, or nothing if it is not certain."""
    return "" if name is None else name[name.rfind("/") + 1 :]


def is_wrapper(name: str) -> bool:
    """Return whether a program runs the command in its arguments, as ``exec`` does."""
    return name in _WRAPPERS


@lru_cache(maxsize=256)
def shell_kind(name: str) -> str:
    """Return the language that a program reads, by its name.

    It is ``sh`` (bash and others included), ``powershell``, ``cmd``, or nothing.
    """
    name = name[max(name.rfind("/"), name.rfind("\\")) + 1 :].lower()
    name = name.removesuffix(".exe")
    if name in _SHELLS:
        return "sh"
    if name in _POWERSHELLS:
        return "powershell"
    return "cmd" if name == "cmd" else ""


def _bundle(word: Word, head: str, valued: Collection[str], words: Iterator[Word]) -> list[Flag]:
    """Return the flags of ``-abc``, up to one that takes the rest as its value."""
    found: list[Flag] = []
    for place, letter in enumerate(head[1:_LONGEST_BUNDLE], 2):
        name = head[0] + letter
        if name not in valued:
            found.append(Flag(name, None, word, None))
            continue
        if place < len(head) or word.value is None:
            value = None if word.value is None else head[place:]
            found.append(Flag(name, value, word, word))
        else:
            source = next(words, None)
            found.append(Flag(name, source.value if source else None, word, source))
        break
    return found


_STDIN = frozenset(("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"))
_SHELL = frozenset(("-o", "+o", "-O", "+O", "--rcfile", "--init-file"))
_OTHER_SHELLS = frozenset(("fish", "csh", "tcsh"))
_SOURCES = frozenset((".", "source"))
_LAST_CODE = regex("-[a-z]*c")

# The flags of interpreters by what they do with the next word: run it as code, or
# something else. Versions are no part of the names.
_CODE = {
    "python": ("-c",),
    "pypy": ("-c",),
    "perl": ("-e", "-E"),
    "ruby": ("-e",),
    "node": ("-e", "-p", "--eval", "--print"),
    "nodejs": ("-e", "-p", "--eval", "--print"),
    "php": ("-r", "-B", "-R", "-E"),
    "lua": ("-e",),
}
_VALUED = {
    "python": ("-m", "-W", "-X"),
    "pypy": ("-m", "-W", "-X"),
    "ruby": ("-r", "-I"),
    "node": ("-r", "--require", "--import", "--loader"),
    "nodejs": ("-r", "--require"),
    "php": ("-c", "-d", "-f", "--file"),
    "lua": ("-l",),
}


class Code(Record):
    """The code that a program executes: a file, a text, or its input; at most one."""

    file: Word | None = None
    text: Word | None = None
    stdin: bool = False


def unversioned(name: str) -> str:
    """Return the name of a program without a version, as in ``python3.12``."""
    return name.rstrip("0123456789.") or name


def code(call: Call) -> Code | None:
    """Return the code that a command executes; ``None`` if that is not certain.

    A command that is a path executes the file of that path.
    """
    program = call.program
    if program is None:
        words = call.command.words
        return Code(file=words[0]) if words and _is_path(words[0]) else None
    if any(outer.name == "xargs" for outer in call.programs):
        # What it reads follows: a shell with nothing after ``-c`` executes that.
        last = program.words[-1].value if program.words else None
        is_code = program.kind == "sh" and last is not None and _LAST_CODE.fullmatch(last)
        return Code(stdin=True) if is_code else None
    return _code(program) or (Code(file=program.word) if _is_path(program.word) else None)


def substitutions(call: Call) -> Iterator[Substitution]:
    """Yield the command substitutions whose output a command executes as code.

    Only a substitution at the start of the code counts: in ``sh -c "v=$(…)"`` the
    output is a value.
    """
    found = code(call)
    if found is None:
        return
    words = [found.file, found.text]
    if found.stdin:
        words += [
            redirection.target
            for redirection in call.command.redirections
            if redirection.operator in ("<", "<<<")
        ]
    for word in words:
        first = next(flat(word.parts), None) if word is not None else None
        if isinstance(first, Substitution):
            yield first


def _code(program: Program) -> Code | None:
    if program.kind == "sh" or program.name in _OTHER_SHELLS:
        arguments = program.arguments(_SHELL, mixed=False, signs="-+")
        if arguments.flag("-c"):
            text = arguments.operands[0] if arguments.operands else None
            return Code(text=text)
        return Code(stdin=True) if arguments.flag("-s") else _first(arguments)
    if program.name == "eval":
        return Code(text=program.words[0]) if program.words else None
    if program.name in _SOURCES:
        return _first(program.arguments(mixed=False)) if program.words else None
    return _interpreted(program)


def _interpreted(program: Program) -> Code | None:
    name = unversioned(program.name)
    inline = _CODE.get(name)
    if inline is None:
        return None
    arguments = program.arguments((*inline, *_VALUED.get(name, ())), mixed=False)
    for flag in arguments.flags:
        if flag.name in inline:
            return Code(text=flag.source)
        if flag.name == "-m" or flag.name in ("-v", "-V", "--version"):
            return Code()
        if name == "php" and flag.name in ("-f", "--file"):
            return Code(file=flag.source)
    # `php -- --option` passes options to the script that comes in.
    if name == "php" and any(word.value == "--" for word in program.words):
        return Code(stdin=True)
    return _first(arguments)


def _first(arguments: Arguments) -> Code:
    """Return the first operand as the file, or the input without one."""
    operands = arguments.operands
    if not operands or operands[0].value in _STDIN:
        return Code(stdin=True)
    return Code(file=operands[0])


def _is_path(word: Word) -> bool:
    return "/" in word.raw
