"""Reads the words and lines of a shell script: quotes, substitutions, heredocs."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.nodes import (
    Arithmetic,
    Assignment,
    List,
    Literal,
    Quoted,
    Substitution,
    Unknown,
    Variable,
    Word,
    joined,
)
from tightship.syntax.shell.quote import undo
from tightship.syntax.shell.text import UNKNOWN, Cursor, substituted

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tightship.syntax.shell.nodes import Part


_COST = 10  # Its own text costs more than a node.
BARE = r"[^ \t\n|&;<>()$`\"'\\\0]"
"""A character without a special meaning anywhere in a word."""
_PLAIN = regex(rf"{BARE}++(?![$`\"'\\\0(]|[<>]\()")
_RUN = regex(rf"(?:{BARE}|\\[^\n\0])++")
_IN_DOUBLE = regex(r'(?:[^"\\$`\0]|\\[^\n\0])++')
_IN_BRACES = regex(r"(?:[^}\"'\\$`\0]|\\[^\n\0])++")
_IN_QUOTED_BRACES = regex(r'(?:[^}"\\$`\0]|\\[^\n\0])++')
_IN_ARITHMETIC = regex(r'(?:[^()"\\$`\0]|\\[^\n\0])++')

_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*+|[0-9@*#?$!-]")
_BRACED = regex(
    r"\$\{([#!](?=[A-Za-z0-9_@*#?$!-]))?+"
    r"([A-Za-z_][A-Za-z0-9_]*+|[0-9]++|[@*#?$!-])?+"
    r"(\[[^][\n\"'`$\\{}]{0,100}+\])?+"
    r"(:?[-=?+]|##?|%%?|//?|\^\^?|,,?|@|:)?+"
)
_ANSI_QUOTED = regex(r"(?s)\$'((?:[^'\\]|\\.)*+)'")
_BACKQUOTED = regex(r"(?s)`((?:[^`\\]|\\.)*+)`")
_IN_BACKQUOTES = regex(r"\\([`$\\])")
_IN_QUOTED_BACKQUOTES = regex(r'\\([`$\\"])')
_BALANCE = regex(r"(?s)\\.|'[^']*+'|\"(?:[^\"\\]|\\.)*+\"|[()]")
_ASSIGNED = regex(
    r"([A-Za-z_][A-Za-z0-9_]*+)"
    r"(?:\[(?:[^][ \t\n\"'`\\();&|<>]|'[^'\n]*+'|\"[^\"\\`\n]*+\"){0,100}+\])?+(\+?=)"
)


class WordReader(Cursor):
    """Reads the words of a script."""

    def word(self, *, pattern: bool = False) -> Word | None:
        """Read a word; return ``None`` if none starts here.

        In a pattern, as after ``=~``, parentheses and ``|`` are part of the word.
        """
        found = None if pattern else _PLAIN.match(self.value, self.at)
        if found is None:
            return self._pieced(pattern=pattern)
        start = self.at
        self.at = found.end()
        self.spend()
        return Word(self.text, start, found.end(), found[0])

    def assignment(self, *, first: bool) -> Assignment | None:
        """Read ``name=value``; after the first word only an array is an assignment."""
        found = _ASSIGNED.match(self.value, self.at)
        if found is None:
            return None
        start, after = self.at, found.end()
        if self.value.startswith("(", after):
            self.at = after + 1
            items = tuple(self._items(after))
            value = None
        elif first:
            self.at = after
            items = ()
            value = self.word() or Word(self.text, after, after, "", ())
        else:
            return None
        self.spend()
        name, operator = found[1], found[2]
        return Assignment(self.text, start, self.at, name, operator, value, items)

    def arithmetic(self, opener: int) -> tuple[Part, ...]:
        """Read up to the ``))`` that closes the ``((`` just before."""
        start = self.at
        parts = self.until(")", _IN_ARITHMETIC, '"')
        if self.value.startswith("))", self.at):
            self.at += 2
        else:
            self.stop("`((` is not closed", start - opener, start)
        return parts

    def is_arithmetic(self) -> bool:
        """Return whether the ``((`` that starts here ends in ``))``.

        Else the parentheses are those of nested commands. Looking ahead has a limit for
        the whole text, so that a hostile one is not read again and again.
        """
        level, end = 0, self.at + self.ahead
        for found in _BALANCE.finditer(self.value, self.at, end):
            if found[0] == "(":
                level += 1
            elif found[0] == ")":
                level -= 1
                if level == 1:
                    self.ahead -= found.end() - self.at
                    return self.value.startswith(")", found.end())
        self.ahead -= min(end, self.size) - self.at
        return False

    def _items(self, opener: int) -> Iterator[Word]:
        """Yield the words of an array, up to its parenthesis."""
        while True:
            self.gap()
            if self.value.startswith("\n", self.at):
                self.at += 1
                continue
            if self.value.startswith(")", self.at):
                self.at += 1
                return
            word = self.word()
            if word is None:
                self.stop("`(` is not closed", opener, opener + 1)
                return
            yield word

    def _pieced(self, *, pattern: bool) -> Word | None:
        """Read a word part by part."""
        value, start, open_ = self.value, self.at, 0
        parts: list[Part] = []
        while self.at < self.size:
            char = value[self.at]
            found = _RUN.match(value, self.at)
            if found:
                parts.append(self._literal(found.end(), ""))
            elif char in " \t\n|&;<>()":
                is_group = char == "(" and self.at > start and value[self.at - 1] in "?*+@!"
                if open_ or is_group or (pattern and char in "(|)"):
                    open_ += (char == "(") - (char == ")")
                    parts.append(self._literal(self.at + 1, ""))
                elif char in "<>" and value.startswith("(", self.at + 1):
                    parts.append(self._substitution(char + "("))
                else:
                    break
            elif char == "'":
                parts.append(self._single())
            elif char == '"':
                parts.append(self._double(self.at))
            else:
                self._special(parts, "", quoted=False)
        if open_ > 0:
            self.fail("a pattern is not closed", start, self.at)
        if self.at == start:
            return None
        self.spend()
        made = tuple(parts)
        return Word(self.text, start, self.at, joined(made), made)

    def _literal(self, end: int, quote: str) -> Literal:
        start, self.at = self.at, end
        self.spend()
        raw = self.value[start:end]
        return Literal(self.text, start, end, undo(raw, quote), quote)

    def _special(self, parts: list[Part], quote: str, *, quoted: bool) -> None:
        r"""Read a part that starts with ``$``, a backquote, ``\`` or ``UNKNOWN``."""
        char = self.value[self.at]
        if char == "$":
            parts.append(self._dollar(quote, quoted=quoted))
        elif char == "`":
            parts.append(self._backquoted(quoted=quoted))
        elif char == UNKNOWN:
            self.spend()
            parts.append(Unknown(self.text, self.at, self.at + 1))
            self.at = min(self.at + 1, self.size)
        elif self.value.startswith("\\\n", self.at):
            self.at += 2
        else:
            parts.append(self._literal(self.at + 1, quote))

    def until(
        self, closer: str, run: re.Pattern[str], quote: str, *, quoted: bool = True
    ) -> tuple[Part, ...]:
        """Read parts up to a character or the end; a match of ``run`` is literal."""
        level = 0
        parts: list[Part] = []
        while self.at < self.size:
            char = self.value[self.at]
            found = run.match(self.value, self.at)
            if found:
                parts.append(self._literal(found.end(), quote))
            elif char == closer and not level:
                break
            elif char in "()":
                level += 1 if char == "(" else -1
                parts.append(self._literal(self.at + 1, quote))
            elif char == '"':
                parts.append(self._double(self.at))
            elif char == "'":
                parts.append(self._single())
            else:
                self._special(parts, quote, quoted=quoted)
        return tuple(parts)

    def _single(self) -> Literal:
        start = self.at
        end = self.value.find("'", start + 1)
        if end < 0:
            self.stop("a single quote is not closed", start, start + 1)
            end = self.size
        else:
            self.at = end + 1
        self.spend()
        value = self.value[start + 1 : end]
        return Literal(self.text, start, self.at, value, "'")

    def _double(self, start: int) -> Quoted:
        self.at += 1
        opened = self.at
        parts = self.until('"', _IN_DOUBLE, '"')
        if self.at < self.size:
            self.at += 1
        elif not self.lost:
            self.stop("a double quote is not closed", opened - 1, opened)
        self.spend()
        return Quoted(self.text, start, self.at, parts)

    def _dollar(self, quote: str, *, quoted: bool) -> Part:
        value, start = self.value, self.at
        after = value[start + 1 : start + 2]
        if after == "(":
            if value.startswith("((", start + 1):
                self.at += 1
                if self.is_arithmetic():
                    self.at += 2
                    self.spend()
                    parts = self.arithmetic(3)
                    return Arithmetic(self.text, start, self.at, parts)
                self.at = start
            return self._substitution("$(")
        if after == "{":
            return self._braced(quoted=quoted)
        found = _NAME.match(value, start + 1)
        if found:
            self.at = found.end()
            self.spend()
            return Variable(self.text, start, self.at, found[0])
        if not quoted and after == "'":
            found = _ANSI_QUOTED.match(value, start)
            if found is None:
                self.stop("a single quote is not closed", start, start + 2)
                text = undo(value[start + 2 :], "$'")
                return Literal(self.text, start, self.at, text, "$'")
            self.at = found.end()
            self.spend()
            return Literal(self.text, start, self.at, undo(found[1], "$'"), "$'")
        if not quoted and after == '"':
            self.at += 1
            return self._double(start)
        return self._literal(start + 1, quote)

    def _braced(self, *, quoted: bool) -> Variable:
        start = self.at
        found = _BRACED.match(self.value, start)
        before, name, element, operator = found.groups("") if found else ("",) * 4
        self.at = found.end() if found else start + 2
        argument = None
        if (operator or not self.value.startswith("}", self.at)) and self.deeper():
            begin = self.at
            # Within double quotes, single ones are quotes in a pattern only.
            literal = quoted and operator[-1:] in ("-", "=", "?", "+")
            run, quote = (_IN_QUOTED_BRACES, '"') if literal else (_IN_BRACES, "")
            parts = self.until("}", run, quote, quoted=quoted)
            argument = Word(self.text, begin, self.at, joined(parts), parts)
            self.depth -= 1
        if self.at < self.size:
            self.at += 1
        else:
            self.stop("`${` is not closed", start, start + 2)
        self.spend()
        operator = before + element[:1] + operator
        return Variable(self.text, start, self.at, name, operator, argument)

    def _substitution(self, opener: str) -> Substitution:
        start = self.at
        self.at += 2
        self.spend()
        body = self.commands(frozenset((")",)))
        if self.at < self.size:
            self.at += 1
        else:
            self.stop(f"`{opener}` is not closed", start, start + 2)
        return Substitution(self.text, start, self.at, opener, body)

    def _backquoted(self, *, quoted: bool) -> Substitution:
        start = self.at
        found = _BACKQUOTED.match(self.value, start)
        if found is None:
            self.stop("a backquote is not closed", start, start + 1)
            nothing = List(self.text, self.size)
            return Substitution(self.text, start, self.size, "`", nothing)
        escapes = _IN_QUOTED_BACKQUOTES if quoted else _IN_BACKQUOTES
        begin, end = found.span(1)
        parts = substituted(escapes.finditer(self.value, begin, end), begin, end)
        inner = self.text.replaced(begin, end, parts)
        self.at = found.end()
        self.spend(_COST)
        reader = self.nested(inner)
        body = reader.commands(frozenset())
        self.absorb(reader)
        return Substitution(self.text, start, found.end(), "`", body)


_IN_HEREDOC = regex(r"(?:[^\\$`\0]|\\[^\n\0])++")
_QUOTE = regex(r"[\\'\"]")


class LineReader(WordReader):
    """Reads words and lines."""

    def lines(self) -> None:
        """Skip blanks, comments and line ends."""
        self.gap()
        while self.value.startswith("\n", self.at):
            self.newline()
            self.gap()

    def newline(self) -> None:
        """Skip a line end, and the heredocs after it."""
        self.at += 1
        if self.pending:
            self.bodies()

    def bodies(self) -> None:
        """Read the bodies of the heredocs that this line has begun."""
        pending, self.pending = self.pending, []
        first = pending[0]
        for redirection in pending:
            target = redirection.target
            if target is None:
                continue
            # The one before ends before the end of its last line.
            self.at += self.value.startswith("\n", self.at) and redirection is not first
            is_bare = not _QUOTE.search(target.raw)
            delimiter = target.value
            if delimiter is None:
                delimiter = _QUOTE.sub("", target.raw)
            start = self.at
            end, after = self._body_end(
                delimiter, tabs=redirection.operator == "<<-", joins=is_bare
            )
            if after < 0:
                place = redirection.start, redirection.end
                self.fail(f"the line `{delimiter[:40]}` is missing", *place)
                after = self.size
            if redirection.operator == "<<-":
                body = self.text.without_leading_tabs(start, end)
            else:
                body = self.text.replaced(start, end, [(None, start, end)])
            if is_bare:
                reader = self.nested(body)
                redirection.body = reader.heredoc()
                self.absorb(reader)
            else:
                part = Literal(body, 0, len(body.value), body.value, "=")
                redirection.body = Word(body, 0, len(body.value), part.value, (part,))
            self.at = max(self.at, after)

    def _body_end(self, delimiter: str, *, tabs: bool, joins: bool) -> tuple[int, int]:
        """Return where a body ends, and where its last line does, or -1 for that."""
        import re

        indent = r"\t*+" if tabs else ""
        last = re.compile(rf"^{indent}{re.escape(delimiter)}$", re.MULTILINE)
        for found in last.finditer(self.value, self.at):
            before = found.start() - 1
            while joins and before > self.at and self.value[before - 1] == "\\":
                before -= 1
            if (found.start() - 1 - before) % 2 == 0 or not joins:
                return found.start(), found.end()
        return self.size, -1

    def heredoc(self) -> Word:
        """Read the whole text as the body of a heredoc that is expanded."""
        parts = self.until("", _IN_HEREDOC, "<<")
        return Word(self.text, 0, self.size, joined(parts), parts)
