"""The settings that a Dockerfile gives to a well-known image, in the files that it adds."""

from __future__ import annotations

import posixpath

from tightship.frontends.dockerfile.steps import Add, Copy, Run
from tightship.isolation.added_files import absolute_path
from tightship.isolation.own_settings import (
    NO_SETTINGS,
    holds_settings,
    settings_in,
    settings_in_file,
    unread,
)
from tightship.isolation.writable_paths import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.images.written_settings import WrittenSettings
    from tightship.isolation.own_settings import OwnSetting

# They leave no settings in a folder, or those that are there.
_IDLE = frozenset((
    "chgrp", "chmod", "chown", "ls", "mkdir", "openssl", "rm", "rmdir", "test", "touch", "[",
))  # fmt: skip


def built_settings(stage: Stage, known: WrittenSettings, splits: bool) -> Iterator[OwnSetting]:
    """Yield the settings in what a Dockerfile copies to the folders of the program."""
    for one in stage.ancestry:
        for step in one.effective_steps:
            if isinstance(step, (Add, Copy)):
                yield from _copied(step, known, splits)
            elif isinstance(step, Run):
                yield from _made(step, known)


def _copied(step: Add | Copy, known: WrittenSettings, splits: bool) -> Iterator[OwnSetting]:
    destination, context = step.destination, step.stage.build.context
    if destination is None:
        return
    target = absolute_path(destination.text, step) if destination.decided else None
    if target is not None and not holds_settings(clean(target), known):
        return
    for heredoc in step.heredocs:
        yield from settings_in(heredoc.body.text, heredoc.body, splits)
    for source in step.sources:
        name = posixpath.basename(source.text)
        if name.endswith(NO_SETTINGS):
            continue
        read = None
        is_foreign = isinstance(step, Copy) and step.origin is not None
        if context is not None and source.decided and not is_foreign:
            read = context.read(source.text)
        if read is None:
            yield unread(f"what is copied to `{destination.text}`", source.span)
        else:
            yield from settings_in_file(read, splits)


def _made(step: Run, known: WrittenSettings) -> Iterator[OwnSetting]:
    """Yield the commands that may change the settings in the image."""
    for call in step.calls:
        program, command = call.program, call.command
        targets = [one.target for one in command.redirections if one.target is not None]
        named = targets if program and program.name in _IDLE else [*targets, *command.words]
        for word in named:
            value = word.value
            is_path = value is not None and value.startswith("/")
            if is_path and value and holds_settings(clean(value), known):
                yield unread(f"what a step of the build does to `{value}`", word.span)
                return
