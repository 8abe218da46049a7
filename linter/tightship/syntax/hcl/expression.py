"""Reads the expressions of HCL (hashicorp/hcl, hclsyntax/spec.md)."""

from __future__ import annotations

from bisect import bisect_left
from textwrap import dedent

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.hcl.cursor import Cursor
from tightship.syntax.hcl.nodes import (
    Call,
    Expression,
    For,
    Items,
    Literal,
    Member,
    Name,
    Operation,
    Table,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tightship.text import Span

NAME = regex(r"[^\W\d][\w-]*+")
_NUMBER = regex(r"[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
# By how tightly they bind.
_OPERATORS = tuple(
    regex(rf"(?:{one})") for one in (r"\|\|", "&&", "==|!=", "<=|>=|<|>", r"[+-]", r"[*/%]")
)
_CONSTANTS = {"true": True, "false": False, "null": None}
_PLAIN = regex(r'(?:[^"\\$%\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))++')
_PLAIN_LINES = regex(r"(?:[^$%]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))++")
_ESCAPE = regex(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_HEREDOC = regex(r"<<(-?)([^\W\d][\w-]*+)[ \t]*\r?\n")
_ESCAPED = regex(r"([$%])\1\{")
_LONE = regex(r"(?m)^[ \t]*([^\W\d][\w-]*+)[ \t]*\r?$")
_FOR = regex(r"for\b(?!-)")
_IF = regex(r"if\b(?!-)")
_LAST_CODE = 0x10FFFF
_LONGEST_NUMBER = 18
_MOST_NAMES = 2


class ExpressionReader(Cursor):
    """Reads expressions at its place."""

    def expression(self) -> Expression:
        """Read an expression."""
        self.deeper()
        start = self.at
        found = self._binary(0)
        self._inner_blank()
        if self.take("?"):
            yes = self._inside()
            self.space()
            self.expect(":")
            found = Operation(self.span(start), "?", (found, yes, self._inside()))
            found = found.replaced(span=self.span(start))
        self.depth -= 1
        return found

    def _inner_blank(self) -> None:
        """Pass blanks before what may go on: line ends count, except in brackets."""
        if self._is_inside:
            self.space()
        else:
            self.blank()

    _is_inside = False
    _lines: dict[str, list[Span]] | None = None

    def _inside(self) -> Expression:
        self._inner_blank()
        return self.expression()

    def _binary(self, level: int) -> Expression:
        if level == len(_OPERATORS):
            return self._unary()
        start = self.at
        found = self._binary(level + 1)
        while True:
            end = self.at
            self._inner_blank()
            operator = self.match(_OPERATORS[level])
            if operator is None:
                self.at = end
                return found
            self._inner_blank()
            other = self._binary(level + 1)
            found = Operation(self.span(start), operator[0], (found, other))

    def _unary(self) -> Expression:
        start = self.at
        for operator in ("!", "-"):
            if self.take(operator):
                self.deeper()
                self._inner_blank()
                operand = self._unary()
                self.depth -= 1
                return Operation(self.span(start), operator, (operand,))
        return self._members(self._term())

    def _members(self, found: Expression) -> Expression:
        start = found.span.start
        while True:
            if self.take("["):
                key = self._bracketed("]", self._key_of_member)
                found = Member(self.span(start), found, key)
            elif self.text.startswith(".", self.at) and not self.text.startswith("..", self.at):
                self.at += 1
                place = self.at
                name = self.match(NAME) or self.match(_NUMBER)
                if name is None and not self.take("*"):
                    raise self.error("a name is missing here")
                text = name[0] if name is not None else "*"
                key = Template(self.span(place), (text,))
                found = Member(self.span(start), found, key)
            else:
                return found

    def _key_of_member(self) -> Expression:
        place = self.at
        return Name(self.span(place), "*") if self.take("*") else self.expression()

    def _term(self) -> Expression:
        start = self.at
        first = self.text[start : start + 1]
        if first == '"':
            return self.template()
        if first == "(":
            self.at += 1
            return self._bracketed(")", self.expression)
        if first == "[":
            return self._items()
        if first == "{":
            return self._table()
        heredoc = self.match(_HEREDOC) if first == "<" else None
        if heredoc is not None:
            return self._heredoc(start, heredoc[2], is_flush=bool(heredoc[1]))
        number = self.match(_NUMBER)
        if number is not None:
            text = number[0]
            is_whole = text.isdecimal() and len(text) < _LONGEST_NUMBER
            return Literal(self.span(start), int(text) if is_whole else float(text))
        name = self.match(NAME)
        if name is None:
            raise self.error("a value is missing here")
        if self.text.startswith("(", self.at):
            return self._call(start, name[0])
        if name[0] in _CONSTANTS:
            return Literal(self.span(start), _CONSTANTS[name[0]])
        return Name(self.span(start), name[0])

    def _bracketed(self, close: str, read: Callable[[], Expression]) -> Expression:
        """Read what is in brackets, in which line ends are blanks."""
        before, self._is_inside = self._is_inside, True
        self.space()
        found = read()
        self.space()
        self.expect(close)
        self._is_inside = before
        return found

    def _call(self, start: int, name: str) -> Expression:
        self.at += 1
        before, self._is_inside = self._is_inside, True
        arguments, spreads = self._listed(")")
        self._is_inside = before
        return Call(self.span(start), name, arguments, spreads)

    def _listed(self, close: str) -> tuple[list[Expression], bool]:
        """Read expressions with commas between them, up to a bracket."""
        found = list[Expression]()
        spreads = False
        while True:
            self.space()
            if self.take(close):
                return found, spreads
            found.append(self.expression())
            self.space()
            spreads = self.take("...")
            self.space()
            if not self.take(","):
                self.expect(close)
                return found, spreads

    def _items(self) -> Expression:
        start = self.at
        self.at += 1
        before, self._is_inside = self._is_inside, True
        self.space()
        made: Expression
        if self._begins_for():
            made = self._for(start, "]")
        else:
            items, _ = self._listed("]")
            made = Items(self.span(start), items)
        self._is_inside = before
        return made

    def _table(self) -> Expression:
        start = self.at
        self.at += 1
        before, self._is_inside = self._is_inside, False
        self.space()
        made: Expression
        if self._begins_for():
            self._is_inside = True
            made = self._for(start, "}")
        else:
            made = self._entries(start)
        self._is_inside = before
        return made

    def _entries(self, start: int) -> Expression:
        entries = list["tuple[Expression, Expression]"]()
        while True:
            self.space()
            if self.take("}"):
                return Table(self.span(start), entries)
            place = self.at
            name = self.match(NAME)
            is_name = name is not None and not self.text.startswith("(", self.at)
            key = Template(self.span(place), (name[0],)) if name and is_name else self._key(place)
            self.blank()
            if not self.take("=") and not self.take(":"):
                raise self.error("`=` is missing here")
            self.blank()
            entries.append((key, self.expression()))
            self.blank()
            if not self.take(",") and self.text[self.at : self.at + 1] not in ("\n", "}"):
                raise self.error("`}` is missing here")

    def _key(self, start: int) -> Expression:
        self.at = start
        return self.expression()

    def _begins_for(self) -> bool:
        return _FOR.match(self.text, self.at) is not None

    def _for(self, start: int, close: str) -> Expression:
        self.at += len("for")
        names = list[str]()
        while not names or self.take(","):
            self.space()
            name = self.match(NAME)
            if name is None or len(names) == _MOST_NAMES:
                raise self.error("a name is missing here")
            names.append(name[0])
            self.space()
        self.expect("in")
        self.space()
        of = self.expression()
        self.space()
        self.expect(":")
        self.space()
        value, key = self.expression(), None
        self.space()
        if close == "}":
            self.expect("=>")
            self.space()
            key, value = value, self.expression()
            self.space()
            self.take("...")
            self.space()
        condition = None
        if _IF.match(self.text, self.at):
            self.at += len("if")
            self.space()
            condition = self.expression()
            self.space()
        self.expect(close)
        return For(self.span(start), names, of, value, key, condition)

    def template(self) -> Template:
        """Read a text in quotes."""
        self.expect('"')
        start, parts = self.at, list[str | Expression]()
        while not self.text.startswith('"', self.at):
            plain = self.match(_PLAIN)
            escape = self.match(_ESCAPE) if plain is None else None
            if plain is not None:
                parts.append(_ESCAPED.sub(r"\1{", plain[0]))
            elif escape is not None:
                code = int(escape[2] or escape[3] or "0", 16)
                letter = escape[1]
                if code > _LAST_CODE:
                    raise self.error("this escape stands for no character")
                parts.append(_ESCAPES.get(letter, letter) if letter else chr(code))
            elif not self._inserted(parts):
                raise self.error("this text does not end on its line")
        made = Template(self.span(start), _joined(parts))
        self.at += 1
        return made

    def _inserted(self, parts: list[str | Expression]) -> bool:
        """Read `${…}` or `%{…}`, if it is here; a directive has an unknown value."""
        start = self.at
        if self.take("${"):
            self.take("~")
            part = self._bracketed_part()
        elif self.take("%{"):
            self.take("~")
            before = self.at
            self.skip(before)
            if not self.take("}"):
                raise self.error("`}` is missing here")
            part = Expression(self.span(start))
        else:
            return False
        parts.append(part)
        return True

    def _bracketed_part(self) -> Expression:
        before, self._is_inside = self._is_inside, True
        self.space()
        found = self.expression()
        self.space()
        self.take("~")
        self.expect("}")
        self._is_inside = before
        return found

    def _heredoc(self, start: int, word: str, *, is_flush: bool) -> Expression:
        """Read the lines up to one with the word alone."""
        begin = self.at
        last = self._last_line(word, begin)
        if last is None:
            raise self.error(f"no line has `{word}` alone, which ends this text")
        parts, before = list[str | Expression](), self.end
        self.end = last.start
        while self.at < self.end:
            plain = self.match(_PLAIN_LINES)
            if plain is not None:
                parts.append(_ESCAPED.sub(r"\1{", plain[0]))
            elif not self._inserted(parts):
                raise self.error("this text cannot be read")
        if self.at > self.end:
            raise self.error("`}` is missing in this text")
        self.at, self.end = last.end, before
        parts = _flush(parts) if is_flush else parts
        return Template(self.span(start, last.start), _joined(parts), is_heredoc=True)

    def _last_line(self, word: str, start: int) -> Span | None:
        """Return the first line from an offset on that has a word alone."""
        if self._lines is None:
            self._lines = {}
            for found in _LONE.finditer(self.text):
                self._lines.setdefault(found[1], []).append(self.span(found.start(), found.end(1)))
        every = self._lines.get(word, ())
        at = bisect_left(every, start, key=lambda one: one.start)
        return every[at] if at < len(every) else None


def _flush(parts: Sequence[str | Expression]) -> list[str | Expression]:
    """Return the parts of a heredoc without the blanks that all its lines begin with."""
    marks = [one for one in parts if not isinstance(one, str)]
    text = "".join("\0" if not isinstance(one, str) else one.replace("\0", "") for one in parts)
    pieces = dedent(text).split("\0")
    made = list[str | Expression]([pieces[0]])
    for mark, piece in zip(marks, pieces[1:], strict=True):
        made += (mark, piece)
    return made


def _joined(parts: Sequence[str | Expression]) -> list[str | Expression]:
    """Return parts with neighbouring texts as one."""
    found = list[str | Expression]()
    texts = list[str]()
    for one in parts:
        if isinstance(one, str):
            texts.append(one)
            continue
        if texts:
            found.append("".join(texts))
            texts = []
        found.append(one)
    return [*found, "".join(texts)] if texts else found
