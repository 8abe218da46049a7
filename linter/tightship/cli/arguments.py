"""The options of a command: plain lines are read here, and all others by argparse.

To load argparse takes an eighth of a short run. It has the lines with an error, those that
ask for help, and rare forms such as ``-fFILE``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, NoReturn

    from tightship.cli.full_parser import FullParser

    # The options of a command line, by name; options that were not given are absent.
    Given = Mapping[str, Any]

    # A call of argparse: the number of a group, its method, and the arguments.
    Call = tuple[int, str, tuple[str, ...], Mapping[str, Any]]

_EXCLUSIVE = "add_mutually_exclusive_group"
_GROUPS = ("add_argument_group", _EXCLUSIVE)


class Group:
    """Takes descriptions of options, by the methods that argparse has for them."""

    def __init__(self, calls: list[Call], number: int) -> None:
        self._calls = calls
        self._number = number

    def add_argument(self, *names: str, **how: Any) -> None:
        """Add an option or the operands. An option with an empty help is not shown."""
        self._calls.append((self._number, "add_argument", names, how))

    def add_argument_group(self, *texts: str) -> Group:
        """Add a group with a heading, and with a text below it."""
        return self._group("add_argument_group", texts)

    def add_mutually_exclusive_group(self) -> Group:
        """Add a group of which a line may have one option."""
        return self._group(_EXCLUSIVE, ())

    def _group(self, method: str, texts: tuple[str, ...]) -> Group:
        self._calls.append((self._number, method, texts, {}))
        return Group(self._calls, sum(call[1] in _GROUPS for call in self._calls))


class Parser(Group):
    """The options of one command; paths and options may come in any order."""

    def __init__(self, command: str, usage: str, about: str, epilog: str) -> None:
        """Make a parser that knows ``--help`` and ``--version`` only."""
        super().__init__([], 0)
        self._texts = (command, usage, about, epilog)

    def add_operands(self) -> None:
        """Add paths and services, in any order."""
        self.add_argument(
            "operands",
            nargs="*",
            metavar="PATH or SERVICE",
            help="folders, files and services (default: all of the project here)",
        )

    def add_color(self) -> None:
        """Add ``--color``."""
        self.add_argument(
            "--color",
            choices=("auto", "always", "never"),
            metavar="WHEN",
            help="auto, always or never (default: auto, which obeys NO_COLOR,"
            " FORCE_COLOR and CLICOLOR_FORCE)",
        )

    def add_rules_from(self) -> None:
        """Add ``--rules-from``, for the help alone: it is read before the command."""
        self.add_argument(
            "--rules-from",
            action="append",
            metavar="PREFIX",
            help="use the rules of an installed package, too, by the prefix of their names; for"
            " every command, TIGHTSHIP_RULES_FROM names them",
        )

    def add_text_or_json(self, text: str) -> None:
        """Add an ``--output-format`` with two choices."""
        self.add_argument(
            "--output-format",
            choices=("text", "json"),
            metavar="FORMAT",
            help=f"{text} or json (default: text)",
        )

    def read(self, arguments: list[str], operands: str = "") -> Given:
        """Parse; what follows ``--`` joins the operands, whatever it looks like.

        Without the name of operands, there can be none. If the line is invalid, argparse
        ends the run.
        """
        try:
            return _Line(self._calls, operands).read(iter(arguments))
        except _NotPlainError:
            return self.full().read(arguments, operands)

    def error(self, message: str) -> NoReturn:
        """End the run with an error."""
        self.full().error(message)

    def full(self) -> FullParser:
        """Return the parser of argparse."""
        from argparse import SUPPRESS

        from tightship.cli.full_parser import FullParser

        parser = FullParser(*self._texts)
        groups: list[Any] = [parser]
        for number, method, names, how in self._calls:
            hidden = {"help": SUPPRESS} if how.get("help") == "" else {}
            made = getattr(groups[number], method)(*names, **{**how, **hidden})
            if method in _GROUPS:
                groups.append(made)
        return parser


class _NotPlainError(Exception):
    """A line is more than operands, switches, and options with their values."""


class _Line:
    """A plain line, read word by word."""

    def __init__(self, calls: list[Call], operands: str) -> None:
        self._options = {name: call for call in calls for name in call[2]}
        groups = [method for _, method, _, _ in calls if method in _GROUPS]
        self._exclusive = {at for at, one in enumerate(groups, 1) if one == _EXCLUSIVE}
        self._used = set[int]()
        self._operands = operands
        self._given: dict[str, Any] = {operands: []} if operands else {}

    def read(self, words: Iterator[str]) -> Given:
        for word in words:
            if word.startswith("-") and word != "-":
                self._read_option(word, words)
            elif word and self._operands:
                self._given[self._operands].append(word)
            else:
                raise _NotPlainError
        return self._given

    def _read_option(self, word: str, words: Iterator[str]) -> None:
        name, equals, text = word.partition("=")
        group, _, names, how = self._options.get(name) or _fail()
        if group in self._exclusive & self._used:
            raise _NotPlainError
        self._used.add(group)
        action, key = how.get("action"), _destination(names, how)
        if action in ("store_true", "store_const"):
            self._given[key] = how.get("const", True) if not equals else _fail()
            return
        value = _value(text if equals else next(words, ""), how)
        self._given[key] = [*self._given.get(key, ()), value] if action == "append" else value


def _destination(names: tuple[str, ...], how: Mapping[str, Any]) -> str:
    """Return the key of an option, which argparse takes from its first long name."""
    long = [name for name in names if name.startswith("--")]
    name: str = how.get("dest") or long[0][2:].replace("-", "_")
    return name


def _value(text: str, how: Mapping[str, Any]) -> object:
    if not text or text.startswith("-"):
        raise _NotPlainError
    try:
        value = how.get("type", str)(text)
    except Exception:  # argparse reads it again, and says what is wrong
        raise _NotPlainError from None
    return value if value in how.get("choices", (value,)) else _fail()


def _fail() -> NoReturn:
    raise _NotPlainError


def wrong_value(message: str) -> Exception:
    """Return what a type raises for a text that is no value of it."""
    from argparse import ArgumentTypeError

    return ArgumentTypeError(message)
