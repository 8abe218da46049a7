"""The modes that steps set on files: by chmod and others, and by ``--chmod``."""

from __future__ import annotations

import posixpath

from tightship.commands.program import Program, program_name
from tightship.frontends.dockerfile.steps import Add, Copy, Run
from tightship.lazy import TYPE_CHECKING, LazyModule, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands import file_mode
    from tightship.commands.file_mode import FileMode
    from tightship.frontends.dockerfile.argument import Argument
    from tightship.frontends.dockerfile.steps import Step
    from tightship.syntax.shell.nodes import Word
    from tightship.text import Span
else:
    file_mode = LazyModule("tightship.commands.file_mode")  # few steps set a mode

_REMOVERS = frozenset(("rm", "unlink", "shred"))
_GRANTING = frozenset(("chmod", "find", "install", "mkdir"))
_EXECUTING = frozenset(("-exec", "-execdir", "-ok", "-okdir"))
_MOST_EXECUTED = 8
_CHMOD_FLAGS = frozenset("cfvRHLPh")
_INSTALL_VALUED = (
    *("-m", "-o", "-g", "-t", "-S", "--mode", "--owner", "--group"),
    *("--target-directory", "--suffix"),
)
_MKDIR_VALUED = ("-m", "--mode")


class GrantedMode(Record):
    """A mode that a step gives to files.

    ``given`` is how it is written, as in ``chmod 777``, and ``span`` the mode itself.
    ``paths`` are the files as far as they are known. ``kind`` is ``file`` or
    ``directory`` where that is certain. ``flag`` is the value of ``--chmod``.
    """

    given: str
    mode: FileMode
    span: Span
    paths: tuple[str, ...]
    kind: str = ""
    recursive: bool = False
    flag: Argument | None = None

    def __repr__(self) -> str:
        return f"GrantedMode({self.given}, {self.mode}, {self.paths})"

    @property
    def where(self) -> str:
        """Return which files get it, in words."""
        if not self.paths:
            return "its arguments"
        # A program such as find puts the paths in place of the braces.
        named = self.paths[0] != "{}"
        first = f"`{self.paths[0]}`" if named else "the files that replace `{}`"
        if self.recursive:
            first = f"everything below {first}"
        others = len(self.paths) - 1
        return f"{first} and {others} more" if others else first


def granted_modes(step: Step) -> Iterator[GrantedMode]:
    """Yield the modes that a step sets, except on files that it removes again."""
    if isinstance(step, (Copy, Add)):
        yield from _flag(step)
    if not isinstance(step, Run):
        return
    removed: set[str] | None = None
    for call in step.calls:
        last = call.program
        if last is None or last.name not in _GRANTING:
            continue
        for program in _programs(last):
            granted = _granted(program)
            if granted is None:
                continue
            if removed is None:
                removed = set(_removed(step))
            if not granted.paths or not removed.issuperset(granted.paths):
                yield granted


def _flag(step: Copy | Add) -> Iterator[GrantedMode]:
    flag = step.flag("chmod")
    mode = file_mode.parse(flag.text) if flag and flag.decided else None
    if flag is None or mode is None:
        return
    to = step.destination
    paths = (to.text,) if to and to.decided else ()
    given = f"{step.name} --chmod={flag.text}"
    yield GrantedMode(given, mode, flag.span, paths, flag=flag)


def _programs(program: Program) -> Iterator[Program]:
    yield program
    if program.name != "find":
        return
    words = program.words
    starts = [i for i, word in enumerate(words) if word.value in _EXECUTING]
    for at in starts[:_MOST_EXECUTED]:
        name = program_name(words[at + 1].value) if at + 1 < len(words) else ""
        ends = (i for i in range(at + 1, len(words)) if words[i].value in (";", "+"))
        end = next(ends, len(words))
        if name:
            yield Program(name, words[at + 1], words[at + 2 : end])


def _granted(program: Program) -> GrantedMode | None:
    if program.name == "chmod":
        return _chmod(program)
    if program.name == "install":
        return _made(program, _INSTALL_VALUED)
    return _made(program, _MKDIR_VALUED) if program.name == "mkdir" else None


def _chmod(program: Program) -> GrantedMode | None:
    """Read ``chmod [flags] mode files``, in which flags may stand anywhere."""
    arguments = program.arguments()
    for flag in arguments.flags:
        # ``-w`` is a mode, and takes away only; `--reference` names a file.
        single = len(flag.name) == 2
        if (single and flag.name[1] not in _CHMOD_FLAGS) or flag.name == "--reference":
            return None
    if not arguments.operands:
        return None
    word, *files = arguments.operands
    mode = file_mode.parse(word.value or "")
    if mode is None:
        return None
    recursive = arguments.flag("-R", "--recursive") is not None
    given = f"chmod {word.value}"
    return GrantedMode(given, mode, word.span, _values(files), recursive=recursive)


def _made(program: Program, valued: tuple[str, ...]) -> GrantedMode | None:
    """Read ``-m`` of ``install`` and ``mkdir``."""
    arguments = program.arguments(valued)
    flag = arguments.flag("-m", "--mode")
    mode = file_mode.parse(flag.value or "") if flag else None
    if flag is None or mode is None:
        return None
    word = flag.source or flag.word
    span = word.span.part(flag.value or "")
    files, kind = arguments.operands, "directory"
    if program.name == "install" and not arguments.flag("-d", "--directory"):
        kind = "file"
        files = files[-1:]
    given = f"{program.name} -m {flag.value}"
    return GrantedMode(given, mode, span, _values(files), kind=kind)


def _removed(step: Run) -> Iterator[str]:
    for call in step.calls:
        program = call.program
        if program is not None and program.name in _REMOVERS:
            yield from _values(program.arguments().operands)


def _values(words: list[Word]) -> tuple[str, ...]:
    return tuple(posixpath.normpath(word.value) for word in words if word.value)
