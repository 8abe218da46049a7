"""The users that the steps of a stage create, and the programs that switch users."""

from __future__ import annotations

import posixpath

from tightship.frontends.dockerfile.steps import Add, Copy, Run, Workdir
from tightship.lazy import TYPE_CHECKING, regex
from tightship.values import process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands.calls import Call
    from tightship.commands.program import Flag, Program
    from tightship.frontends.dockerfile.stage import Stage

_VARIABLE = regex(r"(?:-u|--uid=)?\"?[$]\{?(\w+)\}?\"?")
_BARE_WORD = regex(r"(?<![${\w])\w++")
CREATING = ("useradd", "adduser")
"""Programs that create a user."""
# The flags that take a value: shadow's useradd, Debian's adduser, BusyBox's adduser.
VALUED_WHEN_CREATING = frozenset((
    "-b", "-c", "-d", "-e", "-f", "-g", "-G", "-h", "-k", "-K", "-p", "-P", "-R",
    "-s", "-u", "-Z", "--base-dir", "--comment", "--home-dir", "--home",
    "--expiredate", "--inactive", "--gid", "--groups", "--skel", "--key",
    "--password", "--root", "--prefix", "--shell", "--uid", "--selinux-user",
    "--firstuid", "--lastuid", "--firstgid", "--lastgid", "--ingroup", "--gecos",
    "--conf", "--add-extra-groups",
))  # fmt: skip

# Programs that create no user, whatever their arguments.
_HARMLESS = frozenset((
    "cd", "pwd", "echo", "printf", "true", "false", ":", "set", "export", "unset",
    "test", "[", "exit", "sleep", "umask", "mkdir", "rmdir", "rm", "touch", "chmod",
    "chown", "chgrp", "ln", "ls", "cat", "head", "tail", "grep", "wc", "sort",
    "which", "type", "id", "whoami", "date", "uname", "groupadd", "addgroup", "pip", "pip3", "pipx", "poetry", "pipenv", "uv", "conda", "mamba",
    "npm", "yarn", "pnpm", "corepack", "go", "cargo", "rustup", "gem", "bundle",
    "bundler", "composer", "mvn", "dotnet", "curl", "wget", "update-ca-certificates",
    "locale-gen", "ldconfig", "strip", "du", "sha256sum", "git",
))  # fmt: skip
# Package managers create users only by installing packages.
_IDLE = frozenset(("update", "clean", "autoclean", "autoremove", "purge", "del", "cache"))
_MANAGERS = frozenset(("apt-get", "apt", "apk", "yum", "dnf", "microdnf"))

_USER_SWITCHING = frozenset(("gosu", "su-exec", "s6-setuidgid"))
_PASSWORD_PROGRAMS = ("chpasswd", "gpasswd", "passwd")
_STEPPING_DOWN = _USER_SWITCHING | {"setpriv", "runuser", "chpst"}
# The flags that name the user, and others that take a value.
_BY_FLAG = {
    "setpriv": (("--reuid",), ("--regid", "--groups", "--inh-caps", "--bounding-set")),
    "runuser": (("-u", "--user"), ("-g", "-G", "--group", "--supp-group")),
    "sudo": (("-u", "--user"), ("-g", "--group", "-D", "--chdir")),
    "chpst": (("-u",), ("-U", "-e", "-n", "-o", "-m", "-/")),
}
_SU_VALUED = ("-c", "-s", "-g", "-G", "--command", "--shell", "--group")


class Accounts:
    """The users that the steps of one stage create, without those of its base.

    ``names`` are the certain ones, ``roots`` those with the id of root, and ``open`` those
    whose id only the build decides. ``more`` tells that there may be others, and
    ``rewritten`` that those of the base may change.
    """

    __slots__ = ("more", "names", "open", "rewritten", "roots")

    def __init__(self, stage: Stage) -> None:
        self.names: set[str | None] = set()
        self.roots: set[str | None] = set()
        self.open: set[str | None] = set()
        self.more = self.rewritten = False
        for step in stage.steps:
            if isinstance(step, Run):
                self._take(step)
            elif isinstance(step, (Add, Copy)):
                self.rewritten = self.rewritten or _could_bring_users(step)
                self._read(step)
        self.more = self.more or self.rewritten

    def _take(self, step: Run) -> None:
        for call in step.calls:
            program = call.program
            if program is not None and program.name in (*CREATING, "usermod"):
                arguments = program.arguments(VALUED_WHEN_CREATING)
                name = arguments.operands[0].value if arguments.operands else None
                self.names.add(name)
                uid = arguments.flag("-u", "--uid")
                number = None if uid is None else _value(step, uid)
                if number and process.is_root(number):
                    self.roots.add(name)
                if uid is not None and not number:
                    self.open.add(name)
        self._read(step)
        self.more = self.more or None in self.names or _could_create_others(step)
        # `cd /etc && sed … passwd` writes it, too; the program `passwd` names no file.
        called = [program.name for call in step.calls for program in call.programs]
        programs = sum(one in _PASSWORD_PROGRAMS for one in called)
        self.rewritten = self.rewritten or step.span.text.count("passwd") > programs

    def _read(self, step: Run | Add | Copy) -> None:
        """Take the lines with the id of root that a step surely writes into the file of accounts."""
        if "passwd" not in step.span.text:
            return
        from tightship.isolation.added_files import written_texts  # few steps write it

        for _, text, _ in written_texts(step, lambda path: path.endswith("/passwd")):
            for line in text.value.replace("\\n", "\n").splitlines():
                name, _, uid, *_ = *line.split(":", 3), "", "", ""
                if process.is_root(uid):
                    self.roots.add(name)


def _value(step: Run, flag: Flag) -> str | None:
    """Return the value of a flag, which may be that of one variable; none if it is open."""
    word = flag.source
    if flag.value is not None or word is None:
        return flag.value
    found = _VARIABLE.fullmatch(word.text.span(word.start, word.end).text)
    if found is None or found[1] in _BARE_WORD.findall(step.span.text):
        return None  # the step may set it: `N=0`, `for N in`, `read N`
    variable = step.lookup(found[1])
    return variable.text if variable is not None and variable.decided else None


def _accounts(stage: Stage) -> Iterator[Accounts]:
    """Yield the accounts of a stage and its ancestry."""
    for one in stage.ancestry:
        found = one.derived.get(Accounts)
        if not isinstance(found, Accounts):
            found = one.derived[Accounts] = Accounts(one)
        yield found


def is_root_by_another_name(stage: Stage, name: str) -> bool:
    """Return whether a step gives the id of root to a user of this name."""
    return any(name in accounts.roots for accounts in _accounts(stage))


def creates(stage: Stage, name: str) -> bool:
    """Tell whether a step surely creates a user of this name."""
    return any(name in accounts.names for accounts in _accounts(stage))


def has_open_id(stage: Stage, name: str) -> bool:
    """Return whether only the build decides the id that a step gives to a user."""
    return any(name in accounts.open for accounts in _accounts(stage))


def keeps_users(stage: Stage) -> bool:
    """Return whether no step is seen to write the users of the base image."""
    return not any(accounts.rewritten for accounts in _accounts(stage))


def could_create(stage: Stage, name: str) -> bool:
    """Return whether the steps of a stage and its ancestry may create a user.

    A package, a script and a file in ``/etc`` may all do so.
    """
    return any(one.more or name in one.names for one in _accounts(stage))


def switches_user(call: Call) -> bool:
    """Return whether a command switches to a user who is surely not root."""
    return any(True for _ in switched_users(call))


def switched_users(call: Call) -> Iterator[tuple[str, str]]:
    """Yield the users, surely not root, to whom a command switches, each after the program."""
    for program in call.programs:
        name = _next_user(program)
        if name and process.is_root(name) is False:
            yield program.name, name


def could_switch_user(call: Call) -> bool:
    """Return whether a command switches to a user who is known only at run time."""
    return any(
        program.name in _STEPPING_DOWN and _next_user(program) is None for program in call.programs
    )


def _next_user(program: Program) -> str | None:
    """Return the user under which a program starts another, if it is certain."""
    if program.name in _USER_SWITCHING:
        return program.words[0].value if program.words else None
    if program.name in _BY_FLAG:
        names, others = _BY_FLAG[program.name]
        flag = program.arguments((*names, *others), mixed=False).flag(*names)
        return flag.value if flag is not None else None
    if program.name == "su":
        operands = program.arguments(_SU_VALUED).operands
        named = [word.value for word in operands if word.value != "-"]
        return named[0] if named else None
    return None


def _could_create_others(step: Run) -> bool:
    """Return whether a RUN may create other users than those that are certain."""
    if not step.scripts or "passwd" in step.span.text:
        return True
    if any(script.lost or script.problem for script in step.scripts):
        return True
    read = {
        id(call.nesting.call)
        for call in step.calls
        if call.nesting.kind in ("shell", "eval", "input")
    }
    return any(id(c) not in read and _could_create_any(c) for c in step.calls)


def _could_create_any(call: Call) -> bool:
    program = call.program
    if program is None:
        return bool(call.command.words)
    if program.name in _MANAGERS:
        operands = program.arguments().operands
        return not operands or operands[0].value not in _IDLE
    return program.name not in _HARMLESS and program.name not in CREATING


def _could_bring_users(step: Add | Copy) -> bool:
    """Return whether the files may be, or hold, ``/etc/passwd``."""
    destination = step.destination
    if destination is None or not destination.decided:
        return True
    path = destination.text
    if not path.startswith("/"):
        workdir = step.stage.last(Workdir, step.index)
        value = workdir.value if workdir else None
        if value is None or not value.decided or not value.text.startswith("/"):
            return True
        path = posixpath.join(value.text, path)
    path = posixpath.normpath(path).lstrip("/")
    return path in ("", "etc") or path.startswith("etc/passwd")
