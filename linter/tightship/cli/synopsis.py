"""All command lines as data, read from their parsers: commands, options, values.

The scripts for shells and the manual page are made of it.
"""

from __future__ import annotations

import argparse
from contextlib import suppress

from tightship import annexes
from tightship.cli import (
    check_command,
    config,
    controls,
    convert,
    explain,
    harden,
    image,
    init,
    lsp,
    policy,
    rule,
)
from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from tightship.cli.arguments import Parser

    Kind = Literal["nothing", "text", "files", "words", "images", "choices"]

_FILES = ("BASE", "FILE", "FOLDER", "HEAD", "PATH", "PATTERN")
_CLAUSE = regex(r"[;:(]| with\b|, which\b")


class Value(Record):
    """What an option or a command takes.

    ``kind`` is ``words`` for rules, themes and sets, with commas between them,
    ``images`` for the names of well-known images, and ``choices`` for one of ``choices``.
    ``name`` is what the help calls it.
    """

    kind: Kind
    name: str = ""
    choices: Sequence[str] = ()


class Option(Record):
    """An option: its forms, such as ``-q`` and ``--quiet``, its help, its value."""

    forms: Sequence[str]
    text: str
    value: Value
    repeats: bool

    @property
    def brief(self) -> str:
        """Return the first clause of the help, for a line in a shell."""
        return _CLAUSE.split(self.text, maxsplit=1)[0].strip().rstrip(",")


class Group(Record):
    """Options below a heading, with a text about all of them."""

    title: str
    text: str
    options: Sequence[Option]


class Command:
    """A command: name, purpose, what it takes, its options, and the end of its help."""

    def __init__(self, name: str, parser: Parser) -> None:
        """Read the parser of argparse."""
        full = parser.full()
        self.name = name
        self.usage = (full.usage or "").removeprefix(f"tightship {name}").strip()
        self.about = (full.description or "").strip()
        self.epilog = (full.epilog or "").strip()
        self.operands = Value("nothing")
        self.operands_help = ""
        self.groups: list[Group] = []
        for group in full._action_groups:
            options = list[Option]()
            for action in group._group_actions:
                if action.option_strings:
                    if action.help != argparse.SUPPRESS:
                        options.append(_option(action))
                else:
                    self.operands = _value(action)
                    self.operands_help = action.help or ""
            if options:
                text = group.description or ""
                self.groups.append(Group(group.title or "", text, options))

    @property
    def summary(self) -> str:
        """Return the purpose in a sentence, without a full stop."""
        first, _, _ = " ".join(self.about.split()).partition(". ")
        first = _CLAUSE.split(first, maxsplit=1)[0].strip().rstrip(".,")
        return f"{first[:1].lower()}{first[1:]}"

    @property
    def options(self) -> list[Option]:
        """Return the options of all groups."""
        return [option for group in self.groups for option in group.options]


class Vocabulary:
    """What the values of kind ``words`` and ``images`` may be."""

    def __init__(self) -> None:
        from tightship.engine.settings.selection import SETS
        from tightship.images.index import FILES
        from tightship.rules.definition import known_rules

        self.words = sorted(
            {*SETS, *(rule.name for rule in known_rules()), *(rule.theme for rule in known_rules())}
        )
        self.images = sorted(FILES)

    def candidates(self, value: Value) -> Sequence[str]:
        """Return what a value may be, as far as there is a list."""
        known = {"words": self.words, "images": self.images, "choices": value.choices}
        return known.get(value.kind, ())


def commands(*more: tuple[str, Parser]) -> list[Command]:
    """Return all commands by name; ``more`` are those that this module cannot know."""
    modules = (
        ("check", check_command),
        ("config", config),
        ("controls", controls),
        ("convert", convert),
        ("explain", explain),
        ("harden", harden),
        ("image", image),
        ("init", init),
        ("lsp", lsp),
        ("policy", policy),
        ("rule", rule),
    )
    parsers = [*((name, module.parser()) for name, module in modules), *_of_annexes(), *more]
    return [Command(name, parser) for name, parser in sorted(parsers, key=lambda one: one[0])]


def _of_annexes() -> Iterator[tuple[str, Parser]]:
    for name in annexes.COMMANDS:
        with suppress(annexes.MissingAnnexeError):
            yield name, annexes.command(name).parser()


def _option(action: argparse.Action) -> Option:
    repeats = isinstance(action, argparse._AppendAction)
    return Option(action.option_strings, action.help or "", _value(action), repeats=repeats)


def _value(action: argparse.Action) -> Value:
    """Return what an option or an operand takes, by the name that its help gives it."""
    if action.nargs == 0:
        return Value("nothing")
    name = action.metavar if isinstance(action.metavar, str) else action.dest
    if action.choices is not None:
        return Value("choices", name, [str(choice) for choice in action.choices])
    if name.startswith("FORMAT"):
        from tightship.report.formats import FORMATS

        return Value("choices", name, [*FORMATS])
    if name == "NAME" and not action.option_strings:
        return Value("images" if "image" in (action.help or "") else "words", name)
    if name.startswith("WORD"):
        return Value("words", name)
    is_file = name in _FILES or name.replace(",", " ").partition(" ")[0] in _FILES
    return Value("files" if is_file else "text", name)
