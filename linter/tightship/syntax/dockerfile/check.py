"""Syntax errors of single instructions, as BuildKit reports them after parsing.

Facts from BuildKit, frontend/dockerfile/instructions: parse.go, bflag.go,
commands_runmount.go and its neighbours; verified with BuildKit 0.32.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.syntax import seconds
from tightship.syntax.dockerfile.instruction import FORMS
from tightship.syntax.dockerfile.nodes import DockerfileProblem
from tightship.syntax.dockerfile.words import SPACE
from tightship.text import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.syntax.dockerfile.nodes import Flag, Instruction, Kind, Word
    from tightship.text import Span

_SWITCH, _VALUE, _VALUES = range(3)

_FILES = {"chown": _VALUE, "chmod": _VALUE, "link": _SWITCH, "exclude": _VALUES}
_TIMES = ("interval", "timeout", "start-period", "start-interval")
FLAGS: dict[str, dict[str, int]] = {
    "ADD": _FILES | {"keep-git-dir": _SWITCH, "checksum": _VALUE, "unpack": _SWITCH},
    "COPY": _FILES | {"from": _VALUE, "parents": _SWITCH},
    "FROM": {"platform": _VALUE},
    "HEALTHCHECK": {**dict.fromkeys(_TIMES, _VALUE), "retries": _VALUE},
    "RUN": {"mount": _VALUES, "network": _VALUE, "security": _VALUE, "device": _VALUES},
}
"""The flags of each instruction that has flags."""

_CHOICES = {"network": ("default", "none", "host"), "security": ("sandbox", "insecure")}
_TRIGGERS = tuple(n for n in FORMS if n not in ("FROM", "MAINTAINER", "ONBUILD"))

_STAGE = regex(r"[a-z][a-z0-9_.-]*+")
_LONGEST_DURATION = 100
_DIGITS = regex(r"[0-9]++")
_MODE = regex(r"0*+[0-7]{0,4}")
_RETRIES = regex(r"\+?[0-9]{1,10}|-0++")
_LIKE_ARRAY = regex(
    r"""\[(?:["'“‘]|\s*+(?:'[^']*+'|"[^"]*+")\s*+,"""
    # `[echo, hi]`, `[echo hi]` and `[server]`; `[ -f x ]` is a command of the shell
    r"""|[^\s\[\],"'$!^*?-]++\]\Z|[\w./]\S*+\s[^\[\]\n]*\]\Z|\s*+[^\s\[\],"'$]++\s*+,[^\[\]\n]*\]\Z)"""
)


class Checker(Record, frozen=False):
    """Collects the problems of instructions, one after the other."""

    problems: list[DockerfileProblem]

    def check(self, instruction: Instruction) -> None:
        """Check one instruction."""
        name = instruction.name
        if name not in FORMS:
            self._unknown(instruction, tuple(FORMS))
            return
        if instruction.flags:
            self._flags(instruction)
        looks = _CHECKS.get(name)
        if looks is not None:
            looks(self, instruction)
        if name in _ARRAYS and not instruction.json and "[" in instruction.body.text:
            self._like_array(instruction)

    def add(
        self, span: Span, message: str, kind: Kind = "arguments", choices: tuple[str, ...] = ()
    ) -> None:
        """Add a problem for which BuildKit rejects the file."""
        self.problems.append(DockerfileProblem(span, message, kind, choices=choices))

    def _unknown(self, instruction: Instruction, choices: tuple[str, ...]) -> None:
        word = instruction.keyword.value
        for character in word:
            if character in SPACE:
                message = f"U+{ord(character):04X} is not a space for Docker: this is one word"
                break
        else:
            message = f"unknown instruction `{shortened(word)}`"
        self.add(instruction.keyword.span, message, "unknown-instruction", choices)

    def some(self, instruction: Instruction) -> None:
        """Require at least one argument."""
        if not instruction.body.text or (instruction.json and not instruction.arguments):
            message = f"{instruction.name} needs at least one argument"
            self.add(instruction.keyword.span, message)

    def one(self, instruction: Instruction) -> None:
        """Require one argument, which may hold spaces."""
        if not instruction.arguments:
            message = f"{instruction.name} needs an argument"
            self.add(instruction.keyword.span, message)

    def names(self, instruction: Instruction) -> None:
        """Require a name before each ``=``."""
        self.some(instruction)
        for found in instruction.pairs:
            if not found.name.value:
                self.add(found.span, "the name before `=` is missing")

    def files(self, instruction: Instruction) -> None:
        """Require a source of ADD and COPY, and a destination."""
        words = instruction.arguments
        if len(words) < 2:
            message = f"{instruction.name} needs a source and a destination"
            span = words[0].span if words else instruction.keyword.span
            self.add(span, message)
        elif "<<" in words[-1].value:
            from tightship.syntax.dockerfile.heredoc import is_opener

            if is_opener(words[-1].value):
                message = f"{instruction.name} cannot write to a heredoc"
                self.add(words[-1].span, message, "heredoc")
        if words and words[0].value.startswith("-"):
            self._slip(instruction, words[0])
        if instruction.name == "COPY":
            for word in words[:-1]:
                if word.value.startswith(("http://", "https://")):
                    self.add(word.span, "COPY does not support URLs: use ADD")

    def _slip(self, instruction: Instruction, word: Word) -> None:
        """Report a flag with one dash, which is a file for BuildKit."""
        name, equals, value = word.value.partition("=")
        meant = f"-{name}"
        if equals and meant[2:] in FLAGS[instruction.name]:
            message = f"`{shortened(word.value)}` is a file here: flags begin with `--`"
            choices = (f"{meant}={value}",)
            self.problems.append(
                DockerfileProblem(word.span, message, "flag", refused=False, choices=choices)
            )

    def stage(self, instruction: Instruction) -> None:
        """Require an image of FROM, and allow a stage's name."""
        words = instruction.arguments
        if len(words) == 1:
            return
        if not words:
            self.add(instruction.keyword.span, "FROM needs an image")
        elif words[1].value.lower() != "as":
            self.add(words[1].span, "only `AS` and a name may follow the image")
        elif len(words) == 2:
            self.add(words[1].span, "`AS` needs the name of the stage")
        elif len(words) > 3:
            self.add(words[3].span, "nothing may follow the name of the stage")
        elif _STAGE.fullmatch(words[2].value.lower()) is None:
            message = (
                "a stage's name begins with a letter and has only letters, digits, `-`, `_` and `.`"
            )
            self.add(words[2].span, message, "stage")

    def health(self, instruction: Instruction) -> None:
        """Require a command of HEALTHCHECK, or NONE."""
        words = instruction.arguments
        if not words:
            self.add(instruction.keyword.span, "HEALTHCHECK needs `CMD` or `NONE`")
            return
        kind = words[0].value.upper()
        if kind == "NONE":
            if len(words) > 1:
                self.add(words[1].span, "nothing may follow HEALTHCHECK NONE")
        elif kind != "CMD":
            message = f"HEALTHCHECK accepts `CMD` or `NONE`, not `{shortened(kind)}`"
            self.add(words[0].span, message, choices=("CMD", "NONE"))
        elif len(words) < 2:
            self.add(words[0].span, "HEALTHCHECK CMD needs a command")

    def shell(self, instruction: Instruction) -> None:
        """Require a JSON array of SHELL."""
        self.some(instruction)
        if instruction.arguments and not instruction.json:
            message = 'SHELL needs a JSON array of strings, like `["/bin/sh", "-c"]`'
            self.add(instruction.body.whole(), message, "json")

    def volumes(self, instruction: Instruction) -> None:
        """Require paths of VOLUME."""
        self.some(instruction)
        for word in instruction.arguments:
            if not word.value:
                self.add(word.span, "a volume needs a path")

    def trigger(self, instruction: Instruction) -> None:
        """Require a trigger of ONBUILD that a later build can run.

        BuildKit checks most of a trigger only in that build, which then fails.
        """
        trigger = instruction.trigger
        if trigger is None or not instruction.body.text:
            self.some(instruction)
            return
        if trigger.name in _TRIGGERS:
            self.check(trigger)
        elif trigger.name in FORMS:
            message = f"{trigger.name} cannot wait for a later build"
            self.add(trigger.keyword.span, message, "onbuild")
        else:
            self._unknown(trigger, _TRIGGERS)

    def _like_array(self, instruction: Instruction) -> None:
        """Report an argument that looks like a JSON array and is read as plain text."""
        text = instruction.command or instruction.body
        if not text.text.startswith("["):
            return
        # Only a shell has a command `[`, and `[ab] [c]` are patterns.
        is_list = instruction.command is None and text.text.find("]") == len(text.text) - 1
        if not is_list and _LIKE_ARRAY.match(text.text) is None:
            return
        span = text.whole()
        for problem in reversed(self.problems[-2:]):
            if problem.kind == "json" and problem.span == span:
                return
        message = (
            f"this is not a JSON array of strings, so {instruction.name} reads it as plain text"
        )
        self.problems.append(DockerfileProblem(span, message, "json", refused=False))

    def _flags(self, instruction: Instruction) -> None:
        name = instruction.name
        known = FLAGS.get(name, {})
        # BuildKit does not look at the flags of HEALTHCHECK NONE.
        words = instruction.arguments
        if name == "HEALTHCHECK" and words and words[0].value.upper() == "NONE":
            return
        used: set[str] = set()
        for flag in instruction.flags:
            word = flag.name.value
            takes = known.get(word)
            if takes is None:
                self._unknown_flag(name, flag, tuple(known))
                continue
            if word in used and takes != _VALUES:
                self.add(flag.span, f"`--{word}` is set twice", "flag")
            used.add(word)
            value = None if flag.value is None else flag.value.value
            if takes == _SWITCH:
                if value is not None and value.lower() not in ("true", "false"):
                    message = f"`--{word}` is `true` or `false`"
                    self.add(flag.span, message, "flag", ("true", "false"))
            elif value is None:
                self.add(flag.span, f"`--{word}` needs a value: `--{word}=…`", "flag")
            else:
                look = _FLAG_CHECKS.get(word)
                if look is not None:
                    look(self, flag, value)

    def _unknown_flag(self, name: str, flag: Flag, known: tuple[str, ...]) -> None:
        word = shortened(flag.name.value)
        if known:
            message = f"{name} has no flag `--{word}`"
        else:
            message = f"{name} has no flags, so `--{word}` is not allowed"
        self.add(flag.name.span, message, "flag", tuple(f"--{each}" for each in known))

    def _choice(self, flag: Flag, value: str) -> None:
        choices = _CHOICES[flag.name.value]
        if value not in choices and flag.value is not None:
            message = f"`--{flag.name.value}` is one of {', '.join(choices)}"
            self.add(flag.value.span, message, "flag", choices)

    def _mode(self, flag: Flag, value: str) -> None:
        if flag.value is not None and _DIGITS.fullmatch(value) and not _MODE.fullmatch(value):
            self.add(flag.value.span, "`--chmod` is an octal mode, at most `7777`", "flag")

    def _duration(self, flag: Flag, value: str) -> None:
        if flag.value is None or not value:
            return
        duration = seconds(value, _LONGEST_DURATION)
        if duration is None:
            message = f"`--{flag.name.value}` is a number with a unit, like `30s`"
            self.add(flag.value.span, message, "flag")
        elif duration < 0 or 0 < duration < 0.001:
            message = f"`--{flag.name.value}` cannot be less than `1ms`"
            self.add(flag.value.span, message, "flag")

    def _retries(self, flag: Flag, value: str) -> None:
        if flag.value is None or not value:
            return
        if _RETRIES.fullmatch(value) is None or int(value) >= 1 << 31:
            self.add(flag.value.span, "`--retries` is a whole number", "flag")

    def _mount(self, flag: Flag, value: str) -> None:
        if not value:
            self.add(flag.span, "`--mount` needs a value: `--mount=type=…`", "flag")
            return
        from tightship.syntax.dockerfile.mount import mount_problems  # few steps mount anything

        for span, message, choices in mount_problems(flag):
            self.add(span, message, "flag", choices)


_CHECKS: dict[str, Callable[[Checker, Instruction], None]] = {
    "ADD": Checker.files,
    "ARG": Checker.names,
    "COPY": Checker.files,
    "ENV": Checker.names,
    "EXPOSE": Checker.some,
    "FROM": Checker.stage,
    "HEALTHCHECK": Checker.health,
    "LABEL": Checker.names,
    "MAINTAINER": Checker.one,
    "ONBUILD": Checker.trigger,
    "SHELL": Checker.shell,
    "STOPSIGNAL": Checker.one,
    "USER": Checker.one,
    "VOLUME": Checker.volumes,
    "WORKDIR": Checker.one,
}
_FLAG_CHECKS: dict[str, Callable[[Checker, Flag, str], None]] = {
    "chmod": Checker._mode,
    "mount": Checker._mount,
    "network": Checker._choice,
    "retries": Checker._retries,
    "security": Checker._choice,
    **dict.fromkeys(_TIMES, Checker._duration),
}
_ARRAYS = frozenset(("ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "VOLUME"))
