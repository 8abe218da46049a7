"""Scripts that a COPY or an ADD writes in the Dockerfile itself, and a later RUN starts."""

from __future__ import annotations

import posixpath

from tightship.commands.calls import calls
from tightship.commands.program import shell_kind
from tightship.frontends.dockerfile.steps import FilesStep, Workdir
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.frontends.dockerfile.steps import ScriptStep, Step
    from tightship.syntax.dockerfile.nodes import Heredoc
    from tightship.syntax.shell.nodes import Script

_PATH = ("", "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


def started(run: ScriptStep, scripts: Sequence[Script]) -> Iterator[Script]:
    """Yield the files of heredocs that the scripts of a step start, as scripts."""
    files = dict(_files(run))
    folder = _folder(run)
    for script in scripts if files else ():
        for call in calls(script):
            # The file is the program, or the operand of a shell.
            names = {one.name for one in call.programs}
            reads = any(name in (".", "source") or shell_kind(name) == "sh" for name in names)
            for value in [word.value or "" for word in call.command.words]:
                name = posixpath.basename(value)
                places = _PATH if value == name and not reads else ("",)
                for place in places if reads or name in names else ():
                    path = posixpath.normpath(posixpath.join(folder, place, value))
                    found = files.pop(path, None)
                    if found is not None:
                        yield read(Text.of(found.body))


def _files(run: ScriptStep) -> Iterator[tuple[str, Heredoc]]:
    for stage in reversed(run.stage.ancestry):
        for step in stage.steps:
            if stage is run.stage and step.index >= run.index:
                return
            destination = step.destination if isinstance(step, FilesStep) else None
            if destination is None or not destination.decided:
                continue
            for heredoc in step.instruction.heredocs:
                name = heredoc.name if destination.text.endswith("/") else ""
                path = posixpath.join(_folder(step), destination.text, name)
                yield posixpath.normpath(path), heredoc


def _folder(step: Step) -> str:
    found = step.stage.last(Workdir, step.index)
    value = found.value if found is not None else None
    return posixpath.join("/", value.text) if value is not None else "/"
