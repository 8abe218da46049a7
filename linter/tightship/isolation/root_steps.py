"""The capabilities with which root takes the steps of an entrypoint, before it switches user.

A program that is not in a list here may need any: then nothing is known.
"""

from __future__ import annotations

import posixpath
from itertools import pairwise

from tightship.commands.calls import shell_argument
from tightship.isolation.accounts import switches_user
from tightship.isolation.lasting_user import is_within_switch
from tightship.syntax.shell.nodes import Simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tightship.commands.calls import Call
    from tightship.commands.program import Program
    from tightship.syntax.shell.nodes import Word

REASONS = {
    "AUDIT_WRITE": "the entrypoint runs programs that log to the kernel's audit",
    "CHOWN": "the entrypoint changes owners",
    "DAC_OVERRIDE": "the entrypoint reads or writes files of other users",
    "FOWNER": "the entrypoint changes the modes of files of other users",
    "FSETID": "the entrypoint sets the setgid bit of files of other groups",
    "KILL": "root passes signals on to the processes of another user",
    "SYS_CHROOT": "the entrypoint changes the root folder",
    "SETPCAP": "the entrypoint drops capabilities",
    "SETGID": "the entrypoint switches the group",
    "SETUID": "the entrypoint switches the user",
}
HARMLESS = frozenset((
    ":", "[", "[[", "awk", "base64", "basename", "break", "cat", "cd", "cmp", "command",
    "continue", "curl", "cut", "date", "declare", "diff", "dirname", "echo", "env", "envsubst",
    "eval", "exec", "exit", "export", "expr", "false", "find", "getent", "getopts", "grep",
    "head", "hostname", "id", "jq", "let", "local", "ls", "md5sum", "mktemp", "nc", "nproc",
    "pg_isready", "printenv", "printf", "pwd", "read", "readlink", "readonly", "realpath",
    "return", "sed", "seq", "set", "sha256sum", "shift", "shopt", "sleep", "sort",
    "stat", "tail", "test", "tr", "true", "type", "ulimit", "umask", "uname", "uniq", "unset",
    "wait", "wc", "wget", "which", "whoami",
))  # fmt: skip
"""Programs that need no capability beyond files; `test` and `[` are parts of the shell."""

WRITING = {
    "chown": ("CHOWN", "FOWNER"),
    "chgrp": ("CHOWN", "FOWNER"),
    "chmod": ("FOWNER",),
    "install": ("CHOWN", "FOWNER"),
    "cp": ("CHOWN", "FOWNER"),
    "kill": ("KILL",),
    "ln": (),
    "mkdir": (),
    "mv": ("CHOWN", "FOWNER"),
    "rm": ("FOWNER",),
    "rmdir": ("FOWNER",),
    "tar": ("CHOWN", "FOWNER"),
    "tee": (),
    "touch": (),
    "trap": ("KILL",),
}
"""Programs that change something, and the capabilities for what belongs to others."""

# Programs of PAM and shadow, which fail if they may not log (libaudit, audit_log_acct_message).
_ACCOUNTS = frozenset((
    "addgroup", "adduser", "delgroup", "deluser", "groupadd", "groupdel", "groupmod", "useradd",
    "userdel", "usermod",
))  # fmt: skip
_OF_PAM = frozenset(("runuser", "su"))
_EVERYBODYS = ("DAC_OVERRIDE",)
_EXECUTING = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
# They stay the first process, as root (tini 0.19.0 ends at once where it may not signal).
_INITS = frozenset(("dumb-init", "tini", "tini-static"))


def capabilities_of_steps(calls: Sequence[Call], started: Collection[int]) -> set[str] | None:
    """Return the capabilities of all steps; ``None`` if a step may need any.

    Args:
        calls: the commands, one of which switches the user.
        started: the ``id`` of each command that runs a script whose commands are among them.

    """
    needed = {"SETGID", "SETUID"}
    functions = frozenset(_functions(calls))
    for call in calls:
        names = {program.name for program in call.programs}
        if "chroot" in names:
            needed.add("SYS_CHROOT")
        if names & _INITS:
            needed.add("KILL")
        if names & _OF_PAM:
            needed |= {"AUDIT_WRITE", "KILL"}  # they wait as root, and pass signals on
        if "setpriv" in names and any("bounding" in word.raw for word in call.command.words):
            needed.add("SETPCAP")
        if is_within_switch(call) or id(call.command) in started:
            continue
        own = () if switches_user(call) else _of_step(call, functions)
        if own is None:
            return None
        needed.update(own)
    # A script, what it reads and where it writes may all be another user's.
    return needed.union(_EVERYBODYS) if started or len(calls) > 1 else needed


def _functions(calls: Iterable[Call]) -> Iterator[str]:
    """Yield the functions of the scripts, the commands of which are among the calls."""
    for script in dict.fromkeys(call.nesting.script for call in calls):
        for pipeline, _ in script.body.items:
            for command in pipeline.commands:
                if not isinstance(command, Simple) and command.kind == "function":
                    yield from (word.raw for word in command.words[:1])


def _of_step(call: Call, functions: Collection[str]) -> Iterable[str] | None:
    program = call.program
    if program is None:
        return None if runs_unknown(call) else ()
    if program.name in functions or shell_argument(call) is not None:
        return ()
    if program.name == "find":
        return _of_find(program)
    if program.name == "sed" and any(
        w.head.startswith(("-i", "--in-place")) for w in program.words
    ):
        return ("CHOWN", "FOWNER")  # the new file gets owner and mode of the old one
    if program.name == "chmod" and any(_sets_group_bit(w.value) for w in program.words):
        return ("FOWNER", "FSETID")
    if program.name in _ACCOUNTS:
        return ("AUDIT_WRITE", "CHOWN", "FOWNER")
    if program.name in WRITING:
        return WRITING[program.name]
    return () if program.name in HARMLESS and not runs_unknown(call) else None


def _of_find(program: Program) -> Iterable[str] | None:
    # A folder with the sticky bit keeps the files of others.
    deletes = any(word.value == "-delete" for word in program.words)
    needed = {"FOWNER"} if deletes else set[str]()
    for name in _executed(program.words):
        if name not in WRITING and name not in HARMLESS:
            return None
        needed.update(WRITING.get(name or "", ()))
    return needed


def _executed(words: Sequence[Word]) -> Iterator[str | None]:
    """Yield the names of the programs that ``find`` starts."""
    for word, after in pairwise(words):
        if word.value in _EXECUTING:
            yield posixpath.basename(after.value) if after.value else None


def _sets_group_bit(mode: str | None) -> bool:
    if mode is None:
        return True
    is_number = mode.isdecimal() and len(mode) > 3 and mode.lstrip("0")[3:] != ""
    return is_number or ("s" in mode and ("+" in mode or "=" in mode))


def runs_unknown(call: Call) -> bool:
    """Return whether a command runs what is known only at run time, as ``exec "$@"`` does.

    As root, that would be the service itself.
    """
    program = call.program
    words = call.command.words
    if program is None:
        return any(word.value is None for word in words[:1])
    return program.name in ("exec", "eval", "source", ".") and any(
        word.value is None for word in words[1:]
    )
