"""The paths to which a user who is not root can write in an image of the project.

Whatever the program is, it can write nowhere else: with a mount at each of them, a
read-only root file system takes nothing away. That is known where everything in the image
is surely root's, except the home of the user, empty folders and mounted paths.
"""

from __future__ import annotations

import posixpath

from tightship.commands.program import program_name
from tightship.frontends.dockerfile.steps import Add, Copy, Run, User, Workdir
from tightship.isolation.accounts import CREATING, VALUED_WHEN_CREATING, creates
from tightship.isolation.added_files import absolute_path
from tightship.isolation.base_image import runs_as_root
from tightship.isolation.made_folders import calls_of, is_empty_folder, left_by_runs, steps_of
from tightship.isolation.user import DOTNET, is_app_of_dotnet, name_of, names_root
from tightship.isolation.writable_paths import clean, covers, mount_targets
from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.commands.calls import Call
    from tightship.commands.program import Program
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.images.facts import Kind
    from tightship.isolation.container import Container

# Everybody may write to these in the base images below, and to nothing else but
# `/run/lock`, which is for the locks of devices (base-files of Debian, alpine-baselayout).
_WORLD_WRITABLE: tuple[str, ...] = ("/tmp", "/var/tmp")
_BASES = frozenset((
    "almalinux", "alpine", "amazoncorretto", "amazonlinux", "buildpack-deps", "centos", "debian",
    "eclipse-temurin", "fedora", "ghcr.io/astral-sh/uv", "node", "openjdk", "oraclelinux",
    "perl", "python", "rockylinux", "ubuntu", f"{DOTNET}aspnet",
    f"{DOTNET}runtime", f"{DOTNET}runtime-deps",
))  # fmt: skip
# The numbers of their own accounts: Ubuntu has `ubuntu` since 23.04, .NET has `app` since 8.
_OF_UBUNTU = ("eclipse-temurin", "ubuntu")
_APP_OF_DOTNET = "1654"
# It has `/tmp`, the home of `nonroot` and no other account (GoogleContainerTools/distroless,
# base/base.bzl and common/variables.bzl).
_DISTROLESS = "gcr.io/distroless/"
_OF_DISTROLESS = {"nonroot": "/home/nonroot", "65532": "/home/nonroot", "nobody": ""}
# The users of base images that own nothing but their home.
_OF_BASES = {"nobody": "", "node": "/home/node"}
# Packages give their files to system users, whose numbers are smaller (Debian Policy,
# 9.2.2).
_FIRST_ORDINARY = 1000

RUN_NAMES = frozenset((
    "lock", "locks", "pid", "pids", "run", "sock", "socket", "sockets", "temp", "tmp",
))  # fmt: skip
"""Folders of these names hold what the next start makes again, and may not see (a pid)."""

# The most stages from which files are copied, one from another.
_MOST_STAGES = 20
# As root, these leave files that belong to root and that only root may write.
_OF_ROOT = frozenset((
    "addgroup", "adduser", "apk", "apt", "apt-get", "cargo", "cat", "cd", "cp", "curl", "dnf",
    "echo", "exit", "export", "false", "gem", "git", "go", "grep", "groupadd", "ldconfig", "ln",
    "locale-gen", "microdnf", "mkdir", "mv", "npm", "pip", "pip3", "pnpm", "printf",
    "pwd", "rm", "rmdir", "sed", "set", "sha256sum", "test", "touch", "true", "[", ":",
    "update-ca-certificates", "useradd", "wget", "yarn", "yum",
))  # fmt: skip
_FOR_OTHERS = frozenset(("chown", "chgrp"))
# Modes with which others may not write.
# The group may be root's: that of a number without an account is 0.
_MODE = regex(r"0?[0-7]?[0-7][0145][0145]|[augo]*[+=][rxX]+|u\+[rwxX]+")
_ROOT = ("root", "0", "root:root", "0:0")
# A file mode may be given here.
_MODE_FLAGS = ("-m", "--mode")
_HOME_FLAGS = ("-d", "-h", "--home", "--home-dir")
_NO_HOME_FLAGS = ("-M", "-H", "--no-create-home")


def unprivileged_writes(container: Container, stage: Stage) -> dict[str, Kind] | None:
    """Return the paths that the user of a container may write to, or ``None``.

    An empty folder that the build gives to the user is for data, unless its name says that
    the next start makes it again.
    ``None`` is unknown: the user may be root, or may own more.
    """
    user = _user(container, stage)
    if user is None or stage.system == "windows":
        return None
    home = _home(stage, user)
    owned = _owned(stage)
    if home is None or owned is None:
        return None
    scratch = _scratch(stage, home)
    if scratch is None:
        return None
    writable: dict[str, Kind] = dict.fromkeys(scratch, "run")
    mounted = [clean(target) for target in mount_targets(container)]
    for path in dict.fromkeys(map(clean, owned)):
        if path == home or any("\0" not in t and covers(t, path) for t in mounted):
            continue
        is_run = covers("/run", path) or posixpath.basename(path) in RUN_NAMES
        if not is_empty_folder(stage, path, bare=is_run) or _is_scaled(container):
            return None
        writable[path] = "run" if is_run else "data"
    data = [path for path, kind in writable.items() if kind == "data"]
    return None if _is_hidden(stage, scratch, data) else writable


def _scratch(stage: Stage, home: str) -> list[str] | None:
    """Return the folders that everybody may write to, and the home."""
    writable = list(_WORLD_WRITABLE) if not stage.is_from_scratch else []
    if _is_distroless(stage):
        writable = ["/tmp"]
        # The working directory of its images is that home.
        if stage.last(Workdir) is None and _copies_beside(stage):
            return None
    return [*writable, home] if home else writable


def _is_hidden(stage: Stage, scratch: Sequence[str], data: Sequence[str]) -> bool:
    """Return whether a tmpfs would hide what is copied or made there.

    The working directory may be a tmpfs, but not lie in one, where it would be missing.
    """
    copied = [_target(step) for step in steps_of(stage) if isinstance(step, (Add, Copy))]
    begun = [_target(step) for step in steps_of(stage) if isinstance(step, Workdir)]
    kept = [*copied, *left_by_runs(stage, scratch)]
    kept += [path for path in begun if path not in scratch]
    return any(
        path is None
        or (any(covers(one, path) for one in scratch) and not any(covers(o, path) for o in data))
        for path in kept
    )


def _is_scaled(container: Container) -> bool:
    """Return whether several containers would share a volume."""
    return any(container.value(*path) is not None for path in (("scale",), ("deploy", "replicas")))


def _user(container: Container, stage: Stage) -> str | None:
    """Return the name or number of a user who is surely not root."""
    if not container.user.surely_absent:
        text = container.user.value if container.user.decided else None
    else:
        value = stage.user.value if stage.user is not None else None
        text = value.text if value is not None and value.decided else None
        if value is not None and is_app_of_dotnet(stage, value):
            text = _APP_OF_DOTNET
        image = stage.image
        if value is None and image is not None and _is_distroless(stage):
            text = "nonroot" if "nonroot" in (image.tag or "") else None
    if not text or names_root(text) is not False:
        return None
    return text.partition(":")[0]


def _home(stage: Stage, user: str) -> str | None:
    """Return the home of a user, empty if it has none of its own, ``None`` if unknown."""
    image = stage.image
    if stage.is_from_scratch:
        return "" if user.isdecimal() else None
    if _is_distroless(stage):
        return _OF_DISTROLESS.get(user, "" if user.isdecimal() else None)
    if image is None or image.familiar not in _BASES:
        return None
    if user.isdecimal():
        # Somebody with this number may have a home.
        ordinary = int(user) >= _FIRST_ORDINARY and not any(
            call.program is not None and call.program.name in CREATING for call in calls_of(stage)
        )
        if user == "1000" and (image.familiar in _OF_UBUNTU or _is_dotnet(stage)):
            return None
        if user == _APP_OF_DOTNET and _is_dotnet(stage):
            return "/home/app"
        is_node = image.familiar == "node" and user == "1000"
        return ("/home/node" if is_node else "") if ordinary else None
    if user == "node" and image.familiar != "node":
        return None if not creates(stage, user) else _made_home(stage, user)
    if user in _OF_BASES and not creates(stage, user):
        return _OF_BASES[user]
    return _made_home(stage, user) if creates(stage, user) else None


def _is_distroless(stage: Stage) -> bool:
    return stage.image is not None and stage.image.familiar.startswith(_DISTROLESS)


def _is_dotnet(stage: Stage) -> bool:
    return stage.image is not None and stage.image.familiar.startswith(DOTNET)


def _copies_beside(stage: Stage) -> bool:
    """Return whether a step copies to a path that is relative to the working directory."""
    return any(
        isinstance(step, (Add, Copy))
        and step.destination is not None
        and not step.destination.text.startswith("/")
        for step in steps_of(stage)
    )


def _made_home(stage: Stage, user: str) -> str | None:
    """Return the home that a step gives to a user."""
    home: str | None = f"/home/{user}"
    for call in calls_of(stage):
        program = call.program
        if program is None or program.name not in CREATING:
            continue
        arguments = program.arguments(VALUED_WHEN_CREATING)
        names = [word.value for word in arguments.operands[:1]]
        given = arguments.flag(*_HOME_FLAGS)
        if names == [user] and arguments.flag(*_NO_HOME_FLAGS) is not None:
            return ""
        if given is not None and names != [user]:
            return None
        if given is not None:
            value = given.value or ""
            home = posixpath.normpath(value) if value.startswith("/") else None
    return home


def _owned(stage: Stage, known: dict[int, list[str] | None] | None = None) -> list[str] | None:
    """Return the paths that steps give to others than root, or ``None`` if unknown.

    ``known`` holds the answers for stages by their index.
    """
    known = {} if known is None else known
    found: list[str] = []
    is_root = stage.is_from_scratch or (stage.image is not None and bool(runs_as_root(stage.image)))
    for step in steps_of(stage):
        given: list[str] | None = []
        if isinstance(step, User):
            value = step.value
            is_root = value is not None and names_root(name_of(value)) is True
        elif isinstance(step, Run):
            given = _given_by(step) if is_root else None
        elif isinstance(step, (Add, Copy)):
            given = _copied(step, known)
        elif isinstance(step, Workdir) and not is_root:
            # BuildKit makes it as the property of USER (dockerfile2llb, dispatchWorkdir).
            path = _target(step)
            given = None if path is None else [path]
        if given is None:
            return None
        found += given
    return found


def _copied(step: Add | Copy, known: dict[int, list[str] | None]) -> list[str] | None:
    """Return the path of what is copied, if it belongs to somebody else than root.

    Files of the context belong to root, and those of a stage keep their owner
    (BuildKit, solver/llbsolver/file, mapUserToChowner).
    """
    path, owner = _target(step), step.flag("chown")
    if path in (None, "/") or not _keeps_modes(step):
        return None
    if isinstance(step, Copy) and step.origin is not None:
        origin = step.stage.build.stage(step.origin.text)
        if origin is None:
            return None
        if origin.index not in known and len(known) < _MOST_STAGES:
            known[origin.index] = None
            known[origin.index] = _owned(origin, known)
        if known.get(origin.index) != []:
            return None
    return [path] if path and owner is not None and owner.text not in _ROOT else []


def _keeps_modes(step: Add | Copy) -> bool:
    """Return whether the files surely get no mode with which others may write.

    An archive that ADD unpacks has modes and owners of its own.
    """
    mode = step.flag("chmod")
    if mode is not None and not (mode.decided and _MODE.fullmatch(mode.text)):
        return False
    return isinstance(step, Copy) or not any(
        ".t" in posixpath.basename(source.text) or "://" in source.text for source in step.sources
    )


def _given_by(step: Run) -> list[str] | None:
    """Return the paths that a RUN of root gives to others, or ``None`` if unknown."""
    if not step.scripts or any(s.lost or s.problem for s in step.scripts):
        return None
    found: list[str] = []
    for call in step.calls:
        program = call.program
        if program is None:
            if call.command.words:
                return None
            continue
        if program.name in _FOR_OTHERS:
            operands = [word.value for word in program.arguments().operands]
            paths = [path for path in operands[1:] if path and path.startswith("/")]
            if None in operands or len(paths) < len(operands) - 1:
                return None
            found += paths if operands[0] not in _ROOT else []
        elif program.name == "install":
            made = _installed(program)
            if made is None:
                return None
            found += made
        elif program.name == "chmod":
            operands = [word.value for word in program.arguments().operands]
            if not operands or not _MODE.fullmatch(operands[0] or "0777"):
                return None
        elif program_name(program.name) not in _OF_ROOT or _sets_mode(call):
            return None
    return found


def _installed(program: Program) -> list[str] | None:
    """Return the folders that ``install -d`` gives to others than root."""
    arguments = program.arguments(("-o", "-g", "-m", "--owner", "--group", "--mode"))
    paths = [word.value for word in arguments.operands]
    mode, owner = arguments.flag("-m", "--mode"), arguments.flag("-o", "--owner")
    if arguments.flag("-d", "--directory") is None or None in paths:
        return None
    if mode is not None and not _MODE.fullmatch(mode.value or "0777"):
        return None
    absolute = [path for path in paths if path and path.startswith("/")]
    return (absolute if owner is not None else []) if len(absolute) == len(paths) else None


def _sets_mode(call: Call) -> bool:
    program = call.program
    return (
        program is not None
        and program.name == "mkdir"
        and any(word.head.startswith(_MODE_FLAGS) for word in program.words)
    )


def _target(step: Add | Copy | Workdir) -> str | None:
    value = step.value if isinstance(step, Workdir) else step.destination
    if value is None or not value.decided:
        return None
    return absolute_path(value.text, step)
