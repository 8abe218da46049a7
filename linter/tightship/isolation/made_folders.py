"""The folders and files that a build makes with commands, in the image that a stage makes."""

from __future__ import annotations

import posixpath

from tightship.frontends.dockerfile.steps import Add, Copy, Run
from tightship.isolation.added_files import absolute_path
from tightship.isolation.writable_paths import clean, covers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tightship.commands.calls import Call
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Step

# They leave a folder empty that they name, or make it so.
_IDLE = frozenset((
    "[", "adduser", "cd", "chgrp", "chmod", "chown", "echo", "groupadd", "ls", "mkdir", "rm", "rmdir",
    "test", "useradd", "usermod",
))  # fmt: skip


def steps_of(stage: Stage) -> Iterator[Step]:
    """Yield the steps that make an image, those of the stages below first."""
    for one in reversed(stage.ancestry):
        yield from one.effective_steps


def calls_of(stage: Stage) -> Iterator[Call]:
    """Yield the commands of its RUNs."""
    for step in steps_of(stage):
        if isinstance(step, Run):
            yield from step.calls


def is_empty_folder(stage: Stage, path: str, *, bare: bool = False) -> bool:
    """Return whether a build surely makes a folder, and puts nothing but folders into it.

    A ``bare`` folder has no folders, either.
    """
    made = False
    for call in calls_of(stage):
        makes = _makes_folders(call)
        for word in _paths(call):
            if makes and covers(path, word):
                made = True
                if bare and word != path:
                    return False
            elif covers(path, word) and not _is_idle(call):
                return False
    return made and not any(_may_fill(step, path) for step in steps_of(stage))


def _makes_folders(call: Call) -> bool:
    program = call.program
    if program is None:
        return False
    is_install = program.name == "install" and any(
        word.value in ("-d", "--directory") for word in program.words
    )
    return is_install or program.name == "mkdir"


def _is_idle(call: Call) -> bool:
    writes = any(one.target is not None for one in call.command.redirections)
    return call.program is not None and call.program.name in _IDLE and not writes


def _may_fill(step: Step, path: str) -> bool:
    if not isinstance(step, (Add, Copy)):
        return False
    destination = step.destination
    decided = destination is not None and destination.decided
    target = absolute_path(destination.text, step) if destination and decided else None
    if target is None or covers(path, clean(target)):
        return True
    if not covers(clean(target), path):
        return False
    context = step.stage.build.context
    if context is None or isinstance(step, Add) or step.origin is not None:
        return True
    below = posixpath.relpath(path, clean(target))
    return any(
        not source.decided
        or any(mark in source.text for mark in "*?[")
        or any(True for _ in context.among(*_parts(posixpath.join(source.text, below))))
        for source in step.sources
    )


def _parts(path: str) -> tuple[str, list[str]]:
    folder, _, name = posixpath.normpath(path).lstrip("/").rpartition("/")
    return folder, [name]


def left_by_runs(stage: Stage, folders: Collection[str]) -> list[str]:
    """Return what commands name below some folders, and no command removes."""
    found: list[str] = []
    for call in calls_of(stage):
        is_removal = call.program is not None and call.program.name in ("rm", "rmdir")
        for path in _paths(call):
            if is_removal:
                found = [one for one in found if not covers(path.removesuffix("/*"), one)]
            elif any(covers(one, path) and path != one for one in folders):
                found.append(path)
    return found


def _paths(call: Call) -> Iterator[str]:
    """Yield the absolute paths that a command names."""
    words = [*call.command.words]
    words += [one.target for one in call.command.redirections if one.target is not None]
    for word in words:
        value = word.value or word.head
        if value.startswith("/") and value != "/":
            yield clean(value)
