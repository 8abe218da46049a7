"""The scripts of a Dockerfile that ShellCheck checks.

These are the shell forms of RUN, CMD, ENTRYPOINT and HEALTHCHECK, also behind ONBUILD, the
heredocs of RUN, and the script of ``sh -c`` in exec form.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from itertools import chain

from tightship.commands.calls import shell_argument
from tightship.commands.program import program_name
from tightship.frontends.dockerfile.script import Shell, shell_form
from tightship.frontends.dockerfile.stage import PLATFORM
from tightship.frontends.dockerfile.steps import Run, ScriptStep, ShellStep
from tightship.lazy import TYPE_CHECKING, lazy_property, regex
from tightship.scripts.snippet import Snippet, dialect_of, dialect_of_shebang, known_value
from tightship.values.hole import without_holes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.variable import Variable
    from tightship.scripts.snippet import Dialect, Lookup, Value
    from tightship.syntax.shell.text import Text

_PRAGMA = regex(r"#[ \t]*+hadolint[ \t]++shell[ \t]*+=[ \t]*+(\S++)")
# BuildKit sets these for RUN where the user gives them (Dockerfile reference, predefined
# ARGs).
_PROXIES = frozenset(("http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy"))
# BuildKit takes nothing else than a number for it (docs/build-repro.md).
_OF_ONE_WORD = PLATFORM | {"SOURCE_DATE_EPOCH"}
# An assignment before one of these stays (POSIX, special built-in utilities).
_KEEPING = frozenset((":", "eval", "exec", "export", "readonly", "set", "shift", "trap", "unset"))
_POSIX = ("sh", "dash", "ash")


def snippets_of_build(build: Build) -> Iterator[Snippet]:
    """Yield the scripts of the stages that are judged as a build makes them."""
    shells = _ShellComments(build)
    for stage in chain(*(one.presented for one in build.judged)):
        variables = _Variables(stage)
        for step in stage.steps:
            if isinstance(step, ScriptStep):
                shell = shells.shell(step) or step.shell
                found = _snippet(step, shell, variables.of(step, shell))
                if found is not None:
                    yield found


class _ShellComments:
    """The comments ``# hadolint shell=…``, which stand for an unknown SHELL.

    As in hadolint, one holds from its place in a stage to the next SHELL or FROM.
    """

    def __init__(self, build: Build) -> None:
        self._starts: list[int] = []
        self._shells: list[Shell] = []
        if "hadolint" not in build.source.text:
            return
        for comment in build.file.comments:
            found = _PRAGMA.match(comment.text)
            if found is not None:
                self._starts.append(comment.start)
                self._shells.append(Shell((found[1], "-c")))

    def shell(self, step: ScriptStep) -> Shell | None:
        """Return the shell that a comment names for a step."""
        at = bisect_right(self._starts, step.instruction.span.start) - 1
        if at < 0 or self._starts[at] < step.stage.instruction.span.start:
            return None
        own = step.stage.last(ShellStep, step.index)
        is_later = own is not None and own.span.start > self._starts[at]
        return None if is_later else self._shells[at]


def _snippet(step: ScriptStep, shell: Shell, value_of: Lookup) -> Snippet | None:
    """Return the script of a step, if it has one in a language of ShellCheck."""
    if step.is_exec_form:
        command = next(iter(step.calls), None)
        inner = shell_argument(command) if command is not None else None
        if inner is None:
            return None
        program, text = inner
        words = " ".join(word.value or "" for word in program.words)
        dialect = dialect_of(program.name, words, step.stage.image)
        return _made(step, text, dialect, value_of, quoted_twice)
    script = shell_form(step.instruction, shell)
    if script is None:
        return None
    if step.instruction.heredocs and script.value.startswith("#!"):
        dialect = dialect_of_shebang(script.value, step.stage.image)
    else:
        dialect = _dialect(shell, step.stage)
    return _made(step, script, dialect, value_of)


def _made(
    step: ScriptStep,
    text: Text,
    dialect: Dialect | None,
    value_of: Lookup,
    quoted: Callable[[str], str] = str,
) -> Snippet | None:
    if dialect is None:
        return None
    return Snippet(text, dialect, value_of, quoted=quoted, stage=step.stage)


def quoted_twice(text: str) -> str:
    """Return a text as it is written in a string of JSON."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _dialect(shell: Shell, stage: Stage) -> Dialect | None:
    """Return the language of SHELL; a program may start the shell, as ``conda run`` does."""
    words = shell.words
    for at in range(len(words) - 1, -1, -1):
        found = dialect_of(words[at], " ".join(words[at + 1 :]), stage.image)
        if found is not None:
            return found
    return None


class _Variables:
    """The variables that a stage and its base set by ARG and ENV, as scripts see them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def of(self, step: ScriptStep, shell: Shell) -> Lookup:
        """Return what tells the value of a variable by its name.

        RUN sees ARG and ENV as they are before it. What a container runs sees the
        variables of the image alone.
        """
        if not isinstance(step, Run):
            return self._in_container
        return partial(_in_build, step, frozenset(_set_elsewhere(step, shell)))

    def _in_container(self, name: str) -> Value | None:
        found = self._environment.get(name)
        return None if found is None else _value(found)

    @lazy_property
    def _environment(self) -> Mapping[str, Variable]:
        return self._stage.environment


def _in_build(step: Run, others: frozenset[str], name: str) -> Value | None:
    found = step.lookup(name)
    if found is None or found.kind == "unknown":
        return "any" if name.lower() in _PROXIES or name in others else None
    return _value(found)


def _set_elsewhere(step: Run, shell: Shell) -> Iterator[str]:
    """Yield the variables of mounted secrets, and those that a built-in command keeps."""
    for mount in step.mounts:
        name = mount.options.get("env")
        if name is not None and mount.kind == "secret":
            yield name.text
    if any(program_name(word) in _POSIX for word in shell.words[:1]):
        for call in step.calls:
            if call.command.words and call.command.words[0].value in _KEEPING:
                yield from (one.name for one in call.command.assignments)


def _value(found: Variable) -> Value:
    """Return what is known of a value; what BuildKit sets itself has no spaces."""
    text = f"${{{found.name}}}" if found.text is None else found.text
    return known_value(without_holes(text, _OF_ONE_WORD))
