"""The users that the steps of a stage create, and the programs that become one."""

from __future__ import annotations

import posixpath

from tightship.dockerfile.steps import Add, Copy, Run, Workdir
from tightship.values import user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.dockerfile.stage import Stage
    from tightship.dockerfile.steps import Step
    from tightship.syntax.shell_calls import Call
    from tightship.syntax.shell_run import Run as Program

_CREATING = ("useradd", "adduser")
# The flags that take a value: shadow's useradd, Debian's adduser, BusyBox's adduser.
_VALUED = frozenset((
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
# Package managers: what they install may create users, what they do else does not.
_IDLE = frozenset(
    ("update", "clean", "autoclean", "autoremove", "purge", "del", "cache")
)
_MANAGERS = frozenset(("apt-get", "apt", "apk", "yum", "dnf", "microdnf"))

_STEPPING = frozenset(("gosu", "su-exec", "s6-setuidgid"))
# The flags that name the user, and others that take a value.
_BY_FLAG = {
    "setpriv": (("--reuid",), ("--regid", "--groups", "--inh-caps", "--bounding-set")),
    "runuser": (("-u", "--user"), ("-g", "-G", "--group", "--supp-group")),
    "sudo": (("-u", "--user"), ("-g", "--group", "-D", "--chdir")),
    "chpst": (("-u",), ("-U", "-e", "-n", "-o", "-m", "-/")),
}
_SU_VALUED = ("-c", "-s", "-g", "-G", "--command", "--shell", "--group")


def is_root_by_another_name(stage: Stage, name: str) -> bool:
    """Tell whether a step gives the id of root to a user of this name."""
    for program in _accounts(stage):
        arguments = program.arguments(_VALUED)
        uid = arguments.flag("-u", "--uid")
        known = uid.value if uid is not None else None
        if known and user.is_root(known) and _first(program) == name:
            return True
    return False


def could_create(stage: Stage, name: str) -> bool:
    """Tell whether the steps of a stage and its ancestry may create a user.

    Only what surely creates none is passed over: a package that is installed, a
    script that is run, and files put into ``/etc`` may all do so.
    """
    return any(
        _could_create(step, name)
        for one in stage.ancestry
        for step in one.steps
        if not step.deferred
    )


def hands_over(call: Call) -> bool:
    """Tell whether a command goes on as a user who is surely not root."""
    return any(_becomes_another(program) for program in call.runs)


def _becomes_another(program: Program) -> bool:
    name = _becomes(program)
    return bool(name) and user.is_root(name or "") is False


def _becomes(program: Program) -> str | None:
    """Return the user as whom a program starts another, if it is certain."""
    if program.name in _STEPPING:
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


def _accounts(stage: Stage) -> Iterator[Program]:
    for step in stage.every(Run):
        for call in step.calls:
            if call.run is not None and call.run.name in (*_CREATING, "usermod"):
                yield call.run


def _first(program: Program) -> str | None:
    """Return the name of the user that a program creates, if it is certain."""
    operands = program.arguments(_VALUED).operands
    return operands[0].value if operands else None


def _could_create(step: Step, name: str) -> bool:
    if isinstance(step, Run):
        return _run_could_create(step, name)
    if isinstance(step, (Add, Copy)):
        return _could_bring_users(step)
    return False


def _run_could_create(step: Run, name: str) -> bool:
    if not step.scripts or "passwd" in step.span.text:
        return True
    if any(script.lost or script.problem for script in step.scripts):
        return True
    calls = step.calls
    read = {
        id(call.place.call)
        for call in calls
        if call.place.kind in ("shell", "eval", "input")
    }
    return any(id(c) not in read and _call_could_create(c, name) for c in calls)


def _call_could_create(call: Call, name: str) -> bool:
    program = call.run
    if program is None:
        return bool(call.command.words)
    if program.name in _CREATING:
        return _first(program) in (None, name)
    if program.name in _MANAGERS:
        operands = program.arguments().operands
        return not operands or operands[0].value not in _IDLE
    return program.name not in _HARMLESS


def _could_bring_users(step: Add | Copy) -> bool:
    """Tell whether what is copied may be, or hold, ``/etc/passwd``."""
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
