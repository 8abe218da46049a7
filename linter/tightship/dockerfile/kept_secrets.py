"""Secrets that a RUN mounts for its step, and keeps in the image all the same.

A mount of type ``secret`` is in no layer, but its copy is (Dockerfile reference, RUN
--mount=type=secret: by default the file is at ``/run/secrets/ID``).
"""

from __future__ import annotations

import posixpath

from tightship.commands.file_writes import output_files
from tightship.lazy.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands.calls import Call
    from tightship.dockerfile.steps import Run
    from tightship.syntax.shell.nodes import Word
    from tightship.text import Span

_COPIERS = frozenset(("cp", "install"))
_PRINTERS = frozenset(("echo", "printf"))
_REMOVERS = frozenset(("rm", "shred", "unlink"))
# No layer has these.
_OUTSIDE = ("/dev/", "/proc/", "/sys/", "/run/secrets/")
_VARIABLE = r"\$\{?%s\b"


def kept_secrets(run: Run) -> Iterator[tuple[Span, str, str]]:
    """Yield the copies of mounted secrets: the place, the id, and the file in the image.

    A file that the same RUN may remove is none.
    """
    mounts = [mount for mount in run.mounts if mount.kind == "secret"]
    if not mounts:
        return
    removed = [
        word.value or "*"
        for call in run.calls
        if call.program is not None and call.program.name in _REMOVERS
        for word in call.program.words
    ]
    for mount in mounts:
        name, target = mount.options.get("id"), mount.target
        id = name.text if name is not None else ""
        path = target.text if target is not None else f"/run/secrets/{id}"
        variable = mount.options.get("env")
        for call in run.calls:
            for word in _copies(call, path, variable.text if variable else ""):
                to = word.value or ""
                file = posixpath.join(to, posixpath.basename(path))
                if not any(_may_name(one, to) or one == file for one in removed):
                    yield word.span, id or posixpath.basename(path), to


def _copies(call: Call, path: str, variable: str) -> Iterator[Word]:
    """Yield the files that a command surely writes a mounted secret to."""
    program = call.program
    if program is None:
        return
    files = list["Word"]()
    if program.name in _COPIERS:
        operands = program.arguments(("-m", "-o", "-g", "-t")).operands
        if any(one.value == path for one in operands[:-1]):
            files = operands[-1:]
    elif program.name == "cat" and any(one.value == path for one in program.words):
        files = output_files(call.command.redirections)
    elif program.name in _PRINTERS and variable:
        read = regex(_VARIABLE % variable)
        if any(read.search(word.raw) for word in program.words):
            files = output_files(call.command.redirections)
    for file in files:
        if file.value and not file.value.startswith(_OUTSIDE):
            yield file


def _may_name(removed: str, file: str) -> bool:
    """Return whether a word of ``rm`` may name a file, or a folder that it is in."""
    if "*" in removed or "?" in removed:
        return True
    return f"{file}/".startswith(f"{removed.rstrip('/')}/") or posixpath.basename(
        file
    ) == posixpath.basename(removed)
