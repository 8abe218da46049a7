"""What an image holds by which a process gains privileges that its user lacks.

That is a program with the setuid or setgid bit, or with file capabilities. Those of the
base images that the facts know (``su``, ``mount``, ``passwd`` …) ask for a password that
nobody has, or do nothing for a user without rights, and do not count.
"""

from __future__ import annotations

import posixpath

from tightship.commands.file_mode import SETGID, SETUID
from tightship.frontends.dockerfile.file_modes import granted_modes
from tightship.frontends.dockerfile.steps import Add, Copy, Run
from tightship.images.lookup import find
from tightship.lazy import TYPE_CHECKING, Record
from tightship.lazy.modules import facts
from tightship.values.image import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands.calls import Call
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.text import Span

# They give privileges to programs, or passwords to those who switch users.
_GRANTING = frozenset(("setcap", "chpasswd", "dpkg-statoverride", "visudo"))
# The folders with the programs of a system.
_OF_PROGRAMS = frozenset(("/", "/bin", "/sbin", "/usr", "/usr/bin", "/usr/sbin"))
_SHELLS = frozenset(("sh", "bash", "dash", "ash", "zsh", "source", "."))
_SCRIPTS = (".sh", ".bash", ".run")
# Images that are known to bring single programs without privileges.
_PLAIN = frozenset((
    "ghcr.io/astral-sh/uv", "hairyhenderson/gomplate", "jwilder/dockerize",
    "krallin/ubuntu-tini", "tianon/gosu",
))  # fmt: skip
_MOST_STAGES = 20


class Privileged(Record):
    """What brings a privileged program, or may: a clause about it, and its place.

    ``certain`` is false where a step may bring one, and its effect is not known.
    """

    what: str
    place: Span
    certain: bool = True


def privileged_program(stage: Stage) -> Privileged | None:
    """Return what brings a privileged program to an image, the certain one first."""
    found = list(_brought(stage))
    return next((one for one in found if one.certain), found[0] if found else None)


def _brought(stage: Stage) -> Iterator[Privileged]:
    own = stage.ancestry[:_MOST_STAGES]
    for one in stage.build.stages[:_MOST_STAGES]:
        # A file keeps its capabilities when it is copied from another stage.
        for step in one.effective_steps:
            if isinstance(step, Run):
                yield from _by_calls(step)
    for one in (*own, *_copied_whole(own)):
        for step in one.effective_steps:
            if isinstance(step, Run):
                yield from _by_packages(step)
                yield from _unread(step)
            elif isinstance(step, (Add, Copy)):
                yield from _from_elsewhere(step)


def _by_calls(step: Run) -> Iterator[Privileged]:
    for call in step.calls:
        program = call.program
        if program is not None and program.name in _GRANTING:
            span = program.word.span
            yield Privileged(f"`{program.name}` may give privileges to programs", span)
    for granted in granted_modes(step):
        if granted.mode.on & (SETUID | SETGID) and granted.kind != "directory":
            what = f"`{granted.given}` gives privileges to {granted.where}"
            yield Privileged(what, granted.span)


def _by_packages(step: Run) -> Iterator[Privileged]:
    for command in step.package_commands:
        if command.action != "install" or not command.manager.is_system:
            continue
        known = facts("privileged_packages")
        for one in command.packages:
            if one.name in known:
                what = (
                    f"the package `{one.name}` brings `{known[one.name]}`, which gains privileges"
                )
                yield Privileged(what, one.word.span)


def _unread(step: Run) -> Iterator[Privileged]:
    """Yield the scripts that a step runs and that nobody reads here."""
    if not step.scripts or any(one.lost or one.problem for one in step.scripts):
        yield Privileged("a step is not read completely", step.span, certain=False)
        return
    for call in step.calls:
        if _runs_script(call):
            what = "a script of the build may bring programs that gain privileges"
            span = call.command.text.span(call.command.start, call.command.end)
            yield Privileged(what, span, certain=False)


def _runs_script(call: Call) -> bool:
    """Return whether a command runs a script that is no part of the Dockerfile."""
    program = call.program
    if program is None:
        return bool(call.command.words)
    if program.name not in _SHELLS:
        path = program.word.value or ""
        return path.endswith(_SCRIPTS) or path.startswith(("./", "../"))
    if any(word.head.startswith("-") and "c" in word.head for word in program.words):
        return False  # its text is read as another script
    if program.words and any(not w.head.startswith("-") for w in program.words):
        return True
    # It reads what another command writes, as in `curl … | sh`.
    return call.position > 0


def _from_elsewhere(step: Add | Copy) -> Iterator[Privileged]:
    if isinstance(step, Add):
        if any(".t" in posixpath.basename(source.text) for source in step.sources):
            what = "an archive may bring programs that gain privileges"
            yield Privileged(what, step.span, certain=False)
        return
    origin = step.origin
    if origin is None or step.stage.build.stage(origin.text) is not None:
        return
    image = parse(origin.text)
    if image.familiar in _PLAIN:
        return
    family = find(image)
    # The programs of base images have no privileges that are worth copying.
    if family is None or family.programs != ():
        what = f"what is copied from `{origin.text}` may gain privileges"
        yield Privileged(what, step.span, certain=False)


def _copied_whole(stages: tuple[Stage, ...]) -> Iterator[Stage]:
    """Yield the stages from which the programs of a system are copied."""
    for one in stages:
        for step in one.effective_steps:
            if not isinstance(step, Copy) or step.origin is None:
                continue
            origin = one.build.stage(step.origin.text)
            if origin is None:
                continue
            paths = {posixpath.normpath(source.text) for source in step.sources}
            copied = {posixpath.basename(path) for path in paths}
            if paths & _OF_PROGRAMS or copied.intersection(facts("privileged_packages").values()):
                yield from origin.ancestry[:_MOST_STAGES]
