"""Secrets that a RUN mounts for its step, and keeps in the image all the same.

A mount of type ``secret`` is in no layer, but its copy is (Dockerfile reference, RUN
--mount=type=secret: by default the file is at ``/run/secrets/ID``).
"""

from __future__ import annotations

import posixpath

from tightship.commands.file_writes import output_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands.calls import Call
    from tightship.commands.program import Program
    from tightship.frontends.dockerfile.steps import Run
    from tightship.syntax.shell.nodes import Word
    from tightship.text import Span

_COPIERS = frozenset(("cp", "install"))
_PRINTERS = frozenset(("echo", "printf"))
# They print the file, or the variable, that they name.
_NAMED_BY = frozenset(("cat", "printenv"))
_REMOVERS = frozenset(("rm", "shred", "unlink"))
# No layer has these.
_OUTSIDE = ("/dev/", "/proc/", "/sys/", "/run/secrets/")
_VARIABLE = r"\$\{?%s\b"
# What the shell replaces by the content of a file.
_CONTENT = ("$(cat {})", "$(<{})", "$(< {})", "`cat {}`")


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
    files: list[Word] = []
    if program.name in _COPIERS:
        operands = program.arguments(("-m", "-o", "-g", "-t")).operands
        if any(one.value == path for one in operands[:-1]):
            files = operands[-1:]
    elif _prints(program, path, variable):
        files = output_files(call.command.redirections)
    for file in files:
        if file.value and not file.value.startswith(_OUTSIDE):
            yield file


def _prints(program: Program, path: str, variable: str) -> bool:
    """Return whether a program surely prints a mounted secret."""
    if program.name in _NAMED_BY:
        named = variable if program.name == "printenv" else path
        return bool(named) and any(word.value == named for word in program.words)
    if program.name not in _PRINTERS:
        return False
    import re

    contents = [form.format(path) for form in _CONTENT]
    read = re.compile(_VARIABLE % variable) if variable else None
    return any(
        (read is not None and read.search(word.raw) is not None)
        or any(content in word.raw for content in contents)
        for word in program.words
    )


def _may_name(removed: str, file: str) -> bool:
    """Return whether a word of ``rm`` may name a file, or a folder that it is in."""
    if "*" in removed or "?" in removed:
        return True
    return f"{file}/".startswith(f"{removed.rstrip('/')}/") or posixpath.basename(
        file
    ) == posixpath.basename(removed)
