"""YAML events from a parser in Python, which is PyYAML's with libyaml's tabs."""

from __future__ import annotations

from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError

from tightship.syntax.yaml.nodes import BREAKS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from yaml.error import Mark

    from tightship.syntax.yaml.events import Event

    class SimpleKey(Protocol):
        """What may turn out to be a key, if a colon comes."""

        token_number: int
        required: bool
        index: int
        line: int
        mark: Mark

    class _Parser:
        """What the three give together; they have hardly any types."""

        column: int
        flow_level: int
        allow_simple_key: bool
        line: int
        index: int
        possible_simple_keys: dict[int, SimpleKey]

        def __init__(self, text: str) -> None: ...
        def get_event(self) -> Event: ...
        def get_mark(self) -> Mark: ...
        def peek(self, index: int = 0) -> str: ...
        def prefix(self, length: int = 1) -> str: ...
        def forward(self, length: int = 1) -> None: ...
        def scan_line_break(self) -> str: ...
        def scan_plain(self) -> object: ...
        def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Mark) -> list[str]: ...
        def scan_block_scalar_ignored_line(self, start_mark: Mark) -> None: ...

else:

    class _Parser(Reader, Scanner, Parser):
        def __init__(self, text):
            Reader.__init__(self, text)
            Scanner.__init__(self)
            Parser.__init__(self)


class PureParser(_Parser):
    """PyYAML's parser without the constructor and resolver that loaders add.

    It takes a tab for space where libyaml does (libyaml 0.2.5, scanner.c:
    yaml_parser_scan_to_next_token, yaml_parser_scan_plain_scalar), as Compose does
    too; PyYAML itself takes it almost nowhere.
    """

    def scan_to_next_token(self) -> None:
        """Skip space, line ends and comments."""
        while True:
            tab = "\t" if self.flow_level or not self.allow_simple_key else " "
            while self.peek() in (" ", tab):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in "\0" + BREAKS:
                    self.forward()
            if not self.scan_line_break():
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_plain(self) -> object:
        """Read a plain scalar; in brackets it may not end in a colon, as in libyaml."""
        start = self.get_mark()
        token = super().scan_plain()
        if self.flow_level and self.peek() == ":" and self.peek(1) in ",[]{}":
            raise ScannerError(
                "while scanning a plain scalar", start, "found unexpected ':'", self.get_mark()
            )
        return token

    def scan_plain_spaces(self, indent: int, start_mark: Mark) -> list[str]:
        """Read the space after a plain word; return it folded."""
        length = 0
        while self.peek(length) in (" ", "\t"):
            length += 1
        space = self.prefix(length)
        self.forward(length)
        first = self.scan_line_break()
        if not first:
            return [space] if space else []
        self.allow_simple_key = True
        breaks: list[str] = []
        while True:
            ends = self.column == 0 and self.prefix(3) in ("---", "...")
            if ends and self.peek(3) in "\0 \t" + BREAKS:
                return []
            character = self.peek()
            if character == "\t" and self.column < indent:
                raise ScannerError(
                    "while scanning a plain scalar",
                    start_mark,
                    "found a tab character that violates indentation",
                    self.get_mark(),
                )
            if character == " " or character == "\t":
                self.forward()
            elif character in BREAKS:
                breaks.append(self.scan_line_break())
            else:
                break
        if first != "\n":
            return [first, *breaks]
        return breaks or [" "]

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Mark) -> list[str]:
        """Read on in quotes; half a character or none may not be escaped."""
        try:
            pieces = super().scan_flow_scalar_non_spaces(double, start_mark)
            if any("\ud800" <= piece <= "\udfff" for piece in pieces):
                raise OverflowError
        except (OverflowError, ValueError):
            raise ScannerError(
                "while parsing a quoted scalar",
                start_mark,
                "found invalid Unicode character escape code",
                self.get_mark(),
            ) from None
        return pieces

    def scan_block_scalar_ignored_line(self, start_mark: Mark) -> None:
        """Skip the rest of a block scalar's first line."""
        while self.peek() == "\t" or self.peek() == " ":
            self.forward()
        super().scan_block_scalar_ignored_line(start_mark)

    # A key is saved before those in the brackets that it begins, so the first is the
    # oldest. PyYAML looks at all of them at each token: slow where brackets are deep.

    def stale_possible_simple_keys(self) -> None:
        """Give up what cannot be a key any longer: it has one line, 1024 characters."""
        while self.possible_simple_keys:
            level, key = next(iter(self.possible_simple_keys.items()))
            if key.line == self.line and self.index - key.index <= 1024:
                return
            if key.required:
                raise ScannerError(
                    "while scanning a simple key",
                    key.mark,
                    "could not find expected ':'",
                    self.get_mark(),
                )
            del self.possible_simple_keys[level]

    def next_possible_simple_key(self) -> int | None:
        """Return the number of the first token that may be a key."""
        for key in self.possible_simple_keys.values():
            return key.token_number
        return None
