"""The steps of a stage: its instructions, as a build executes them."""

from __future__ import annotations

from tightship.commands.calls import ScriptRun, calls
from tightship.commands.packages import PackageCommand
from tightship.frontends.dockerfile.argument import Argument
from tightship.frontends.dockerfile.script import interpreter, scripts
from tightship.frontends.dockerfile.variable import Variable
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.syntax.dockerfile.words import mount_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.commands.calls import Call
    from tightship.commands.remote_code import RemoteCode
    from tightship.frontends.dockerfile.build_mount import BuildMount
    from tightship.frontends.dockerfile.script import Shell
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.syntax.dockerfile.nodes import Flag, Heredoc, Instruction, Word
    from tightship.syntax.shell.nodes import Script
    from tightship.text import Span

_TEMPLATE = frozenset("<{%")


class Step(Record):
    """One instruction of a stage.

    ``index`` is its place among the stage's steps. A trigger of ONBUILD is a step of the
    stage that runs it.
    """

    instruction: Instruction
    stage: Stage
    index: int

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.instruction.span.text[:40]!r})"

    @property
    def deferred(self) -> bool:
        """Return whether only a later build runs it: it is behind ONBUILD."""
        return self.stage.deferred

    @property
    def name(self) -> str:
        """Return the instruction's keyword in capitals."""
        return self.instruction.name

    @property
    def span(self) -> Span:
        """Return the place of the whole instruction, heredocs included."""
        return self.instruction.span

    @property
    def texts(self) -> list[str]:
        """Return the text of the instruction, and those of the files that it starts."""
        return [self.span.text]

    @property
    def keyword(self) -> Span:
        """Return the place of the keyword."""
        return self.instruction.keyword.span

    @lazy_property
    def program_names(self) -> frozenset[str]:
        """Return the names of the programs that it runs."""
        return frozenset()

    def lookup(self, name: str) -> Variable | None:
        """Return a variable as it is known before this step; None if surely not set."""
        return self.stage.variable(name, self.index)

    def argument(self, word: Word) -> Argument:
        """Return a word as this step sees it."""
        return Argument(word, self.stage.build.escape, self.lookup)

    @lazy_property
    def arguments(self) -> tuple[Argument, ...]:
        """Return the words behind keyword and flags."""
        return tuple(map(self.argument, self.instruction.arguments))

    @property
    def expanded(self) -> Sequence[Argument]:
        """Return the words in which BuildKit expands variables, and stops if it cannot.

        Facts from BuildKit, instructions/commands.go: the types with a method ``Expand``.
        """
        return ()

    def flag(self, name: str) -> Argument | None:
        """Return the value of a flag, if it has one."""
        found = self.instruction.flag(name) if self.instruction.flags else None
        return self.argument(found.value) if found and found.value else None


class Pair(Record):
    """``NAME=value`` of ENV, ARG or LABEL; only an ARG may have no value."""

    name: Argument
    value: Argument | None
    span: Span


class PairsStep(Step):
    """A step that assigns values to names."""

    @lazy_property
    def pairs(self) -> tuple[Pair, ...]:
        """Return the assignments; each sees the variables before the instruction."""
        return tuple(
            Pair(
                self.argument(pair.name),
                self.argument(pair.value) if pair.value is not None else None,
                pair.span,
            )
            for pair in self.instruction.pairs
        )

    @property
    def expanded(self) -> Sequence[Argument]:
        """Return names and values."""
        words = (word for pair in self.pairs for word in (pair.name, pair.value))
        return [word for word in words if word is not None]


class Arg(PairsStep):
    """ARG, in a stage or before the first one."""

    def lookup(self, name: str) -> Variable | None:
        """Return a variable as it is known here, without its value if this ARG sets it.

        BuildKit 0.25 expands the assignments one after the other, BuildKit 0.13 all at
        once.
        """
        now = self.stage.variable(name, self.index + 1)
        before = self.stage.variable(name, self.index)
        if now is None or (before is not None and now.text == before.text):
            return now
        return Variable(name, None, now.kind, now.span)


class Env(PairsStep):
    """ENV."""


class Label(PairsStep):
    """LABEL."""


class ScriptStep(Step):
    """A step that names a command."""

    @lazy_property
    def shell(self) -> Shell:
        """Return the shell that reads the shell form here."""
        return self.stage.shell_at(self.index)

    @lazy_property
    def scripts(self) -> tuple[Script, ...]:
        """Return the scripts, if their shell's language is known, and the files that RUN starts."""
        own = scripts(self.instruction, self.shell)
        if self.name != "RUN" or not self.stage.build.writes_files:
            return own
        from tightship.frontends.dockerfile.heredoc_files import started  # few files write any

        return (*own, *started(self, own))

    @property
    def texts(self) -> list[str]:
        """Return the text of the instruction, and those of the files that it starts."""
        return [self.span.text, *(one.text.value for one in self.scripts[1:])]

    @lazy_property
    def calls(self) -> tuple[Call, ...]:
        """Return every simple command, those of nested scripts included."""
        return tuple(call for script in self.scripts for call in calls(script))

    @lazy_property
    def program_names(self) -> frozenset[str]:
        """Return the names of the programs that it runs, those that run others included."""
        return frozenset([one.name for call in self.calls for one in call.programs])

    @lazy_property
    def package_commands(self) -> tuple[PackageCommand, ...]:
        """Return the commands of package managers among them."""
        found = (PackageCommand.of(call) for call in self.calls)
        return tuple(self._with_values(one) for one in found if one is not None)

    def _with_values(self, command: PackageCommand) -> PackageCommand:
        """Return a command with the values of variables in its words."""
        call = command.call
        if None not in [word.value for word in call.command.words]:
            return command
        from tightship.commands.script_values import with_values

        known = with_values(call, self.calls, self._environment, command.operands)
        return PackageCommand.of(known) or command

    def _environment(self, name: str) -> str | None:
        """Return the value of a variable outside of the script, if it is known."""
        variable = self.stage.variable(name, self.index)
        if variable is None or not variable.decided or _TEMPLATE.intersection(variable.text or ""):
            return None
        return variable.text

    @lazy_property
    def runs(self) -> tuple[ScriptRun, ...]:
        """Return the scripts with the words of their shells and their commands."""
        if not self.scripts:
            return ()
        words = interpreter(self.instruction, self.shell)
        return tuple(ScriptRun(one, words, self.calls) for one in self.scripts)

    @lazy_property
    def remote_code(self) -> tuple[RemoteCode, ...]:
        """Return the downloads that it executes."""
        from tightship.commands.remote_code import remote_code  # few steps download

        return tuple(one for run in self.runs for one in remote_code(run))

    @property
    def is_exec_form(self) -> bool:
        """Return whether it is a JSON array, which no shell reads."""
        return self.instruction.json

    @property
    def exec_words(self) -> tuple[str, ...]:
        """Return the words of the JSON form; ``$`` is one that a variable decides."""
        return tuple("$" if "$" in a.text else a.text for a in self.arguments)


class Run(ScriptStep):
    """RUN."""

    @property
    def has_unknown_shell(self) -> bool:
        """Return whether nobody knows how the shell that SHELL names reads it."""
        return not (self.scripts or self.is_exec_form or self.shell.kind)

    @property
    def user(self) -> User | None:
        """Return the USER that it runs as; without one, the base image's counts."""
        return self.stage.last(User, self.index)

    @lazy_property
    def mounts(self) -> tuple[BuildMount, ...]:
        """Return the mounts of its command."""
        return tuple(
            self._mount(flag) for flag in self.instruction.flags if flag.name.value == "mount"
        )

    @property
    def expanded(self) -> Sequence[Argument]:
        """Return the values of its mounts.

        A quote is an ordinary character there, so a value with one is left out.
        """
        return [
            word
            for mount in self.mounts
            for key, word in mount.options.items()
            if word is not None and key != "from" and not {"'", '"'} & {*word.raw}
        ]

    def _mount(self, flag: Flag) -> BuildMount:
        from tightship.frontends.dockerfile.build_mount import BuildMount  # few steps have any

        options = {
            key: self.argument(value) if value is not None else None
            for key, value, _ in mount_options(flag)
        }
        kind = options.get("type")
        return BuildMount(flag, kind.text if kind is not None else "bind", options)


class Cmd(ScriptStep):
    """CMD."""

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words; a shell is the program of the shell form."""
        return self.exec_words if self.is_exec_form else ("sh",)


class Entrypoint(ScriptStep):
    """ENTRYPOINT."""


class Healthcheck(ScriptStep):
    """HEALTHCHECK, with a command or as ``NONE``."""

    @lazy_property
    def shell(self) -> Shell:
        """Return the shell that reads the shell form: the container's, so the last."""
        return self.stage.shell_at()


class FilesStep(Step):
    """ADD and COPY."""

    @lazy_property
    def sources(self) -> tuple[Argument, ...]:
        """Return the sources, without heredocs."""
        openers = {heredoc.opener for heredoc in self.instruction.heredocs}
        return tuple(a for a in self.arguments[:-1] if a.span not in openers)

    @property
    def heredocs(self) -> list[Heredoc]:
        """Return the heredocs, which are files in the Dockerfile itself."""
        return self.instruction.heredocs

    @property
    def destination(self) -> Argument | None:
        """Return where the files go."""
        return self.arguments[-1] if len(self.arguments) > 1 else None

    @property
    def expanded(self) -> Sequence[Argument]:
        """Return sources, destination and owner."""
        others = (self.destination, self.flag("chown"))
        return [*self.sources, *(word for word in others if word is not None)]


class Add(FilesStep):
    """ADD."""


class Copy(FilesStep):
    """COPY."""

    @property
    def origin(self) -> Argument | None:
        """Return the stage or image that ``--from`` names."""
        return self.flag("from")


class _ExpandedStep(Step):
    @property
    def expanded(self) -> Sequence[Argument]:
        return self.arguments


class Expose(_ExpandedStep):
    """EXPOSE."""

    @lazy_property
    def arguments(self) -> tuple[Argument, ...]:
        """Return the ports; a value with spaces makes several of one word."""
        words = map(self.argument, self.instruction.arguments)
        return tuple(part for word in words for part in word.parts())


class Volume(_ExpandedStep):
    """VOLUME."""


class _Single(_ExpandedStep):
    @property
    def value(self) -> Argument | None:
        """Return the value, spaces included."""
        return self.arguments[0] if self.arguments else None


class User(_Single):
    """USER."""

    @property
    def group(self) -> str:
        """Return the group behind the colon, or nothing."""
        return self.value.text.partition(":")[2] if self.value is not None else ""


class Workdir(_Single):
    """WORKDIR."""


class StopSignal(_Single):
    """STOPSIGNAL."""


class Maintainer(_Single):
    """MAINTAINER."""

    @property
    def expanded(self) -> Sequence[Argument]:
        """Return nothing: its text is taken as it is."""
        return ()


class ShellStep(Step):
    """SHELL."""


KINDS: dict[str, type[Step]] = {
    "ADD": Add,
    "ARG": Arg,
    "CMD": Cmd,
    "COPY": Copy,
    "ENTRYPOINT": Entrypoint,
    "ENV": Env,
    "EXPOSE": Expose,
    "HEALTHCHECK": Healthcheck,
    "LABEL": Label,
    "MAINTAINER": Maintainer,
    "RUN": Run,
    "SHELL": ShellStep,
    "STOPSIGNAL": StopSignal,
    "USER": User,
    "VOLUME": Volume,
    "WORKDIR": Workdir,
}
"""The class of each instruction that is a step; FROM begins a stage, ONBUILD wraps."""
