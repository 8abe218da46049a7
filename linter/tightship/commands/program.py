"""The programs that a simple command runs, and their flags."""

from __future__ import annotations

from tightship.lazy import Record, regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

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

    def arguments(
        self, valued: Collection[str] = (), *, mixed: bool = True, signs: str = "-"
    ) -> Arguments:
        """Split the words into flags and operands.

        ``valued`` names the flags that take a value. Unless ``mixed``, flags end at the
        first operand. ``signs`` are the characters that begin a flag; a shell has ``+``
        too. A word whose beginning is not certain is an operand.
        """
        flags, operands = list[Flag](), list["Word"]()
        words = iter(self.words)
        for word in words:
            head = word.head
            if head == "--" and word.value is not None:
                operands += words
            elif len(head) < 2 or head[0] not in signs:
                operands.append(word)
                if not mixed:
                    operands += words
            elif head.startswith("--"):
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
    found, words, start = list[Program](), command.words, 0
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
    found = list[Flag]()
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
