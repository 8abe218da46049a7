"""Reads the compound commands of a shell script."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.nodes import Compound, List, Pipeline, Word, joined
from tightship.syntax.shell.word import LineReader

if TYPE_CHECKING:
    from tightship.syntax.shell.nodes import Command, Redirection, Simple

STARTS = frozenset(("if", "for", "while", "until", "case", "select", "function", "{", "[[", "("))
"""The tokens that start a compound command."""

_PARENTHESES = regex(r"\([ \t]*+\)")
_TEST_OPERATOR = regex(r"&&|\|\||[()]|[<>](?!\()")
_CLAUSE_ENDS = frozenset((";;", ";&", ";;&", "esac"))


class CompoundReader(LineReader):
    """Reads compound commands; a subclass reads simple ones."""

    def simple(self) -> Command:
        """Read a simple command, or a function that starts as one."""
        raise NotImplementedError

    def redirection(self) -> Redirection | None:
        """Read a redirection, if there is one."""
        raise NotImplementedError

    def _finish(self, made: Compound) -> None:
        """Read the redirections after a compound command."""
        made.end = self.at
        while True:
            self.gap()
            redirection = self.redirection()
            if redirection is None:
                return
            made.redirections.append(redirection)
            made.end = self.at

    def _arithmetic(self, made: Compound) -> None:
        made.kind = "(("
        self.at += 2
        start = self.at
        parts = self.arithmetic(2)
        end = max(start, self.at - 2)
        made.words.append(Word(self.text, start, end, joined(parts), parts))

    def _group(self, made: Compound) -> None:
        closer = ")" if made.kind == "(" else "}"
        made.bodies.append(self._block(made, closer))
        self._close(made, closer)

    def _if(self, made: Compound) -> None:
        while True:
            made.conditions.append(self._block(made, "then"))
            self._close(made, "then")
            made.bodies.append(self._block(made, "elif", "else", "fi"))
            if not self.taken("elif"):
                break
        if self.taken("else"):
            made.bodies.append(self._block(made, "fi"))
        self._close(made, "fi")

    def _while(self, made: Compound) -> None:
        made.conditions.append(self._block(made, "do"))
        self._close(made, "do")
        made.bodies.append(self._block(made, "done"))
        self._close(made, "done")

    def _for(self, made: Compound) -> None:
        self.gap()
        if made.kind == "for" and self.value.startswith("((", self.at):
            self._arithmetic(made)
            made.kind = "for"
        else:
            self._item(made, made.kind)
            self.lines()
            if self.taken("in"):
                self.gap()
                while word := self.word():
                    made.words.append(word)
                    self.gap()
        self.gap()
        self.taken(";")
        self.lines()
        if self.taken("{"):
            made.bodies.append(self._block(made, "}"))
            self._close(made, "}")
        else:
            self._close(made, "do")
            made.bodies.append(self._block(made, "done"))
            self._close(made, "done")

    def _case(self, made: Compound) -> None:
        self.gap()
        self._item(made, "case")
        self.lines()
        if not self.taken("in"):
            self.missing("case", "`in`")
        while True:
            self.lines()
            if self.at >= self.size or self.peek() == "esac":
                break
            self.taken("(")
            self.gap()
            self._item(made, "(")
            self.gap()
            while self.taken("|"):
                self.gap()
                self._item(made, "|")
                self.gap()
            if not self.taken(")"):
                self.missing("case", "`)`")
            made.bodies.append(self.commands(_CLAUSE_ENDS))
            token = self.peek()
            if token in _CLAUSE_ENDS and token != "esac":
                self.at += len(token)
        self._close(made, "esac")

    def _function(self, made: Compound) -> None:
        self.gap()
        self._item(made, "function")
        self.gap()
        found = _PARENTHESES.match(self.value, self.at)
        if found is not None:
            self.at = found.end()
        self._body(made)

    def _test(self, made: Compound) -> None:
        while True:
            self.lines()
            if self.at >= self.size:
                break
            is_pattern = bool(made.words) and made.words[-1].raw == "=~"
            found = _TEST_OPERATOR.match(self.value, self.at)
            if found is not None and not is_pattern:
                self.at = found.end()
                continue
            word = self.word(pattern=is_pattern)
            if word is None:
                self.unexpected(self.value[self.at])
            elif word.raw == "]]":
                return
            else:
                made.words.append(word)
        self._close(made, "]]")

    def function(self, named: Simple) -> Compound | None:
        """Read ``()`` and the body of a function, if they follow its name."""
        found = _PARENTHESES.match(self.value, self.at)
        if found is None:
            return None
        self.at = found.end()
        made = Compound(self.text, named.start, "function")
        made.words = named.words
        made.redirections = named.redirections
        self._body(made)
        made.end = self.at
        return made

    def _body(self, made: Compound) -> None:
        """Read the one compound command that is a function."""
        self.lines()
        body = List(self.text, self.at)
        made.bodies.append(body)
        token = self.peek()
        if token not in STARTS:
            self.missing("function", "the body of a function")
        elif self.deeper():
            pipeline = Pipeline(self.text, self.at)
            pipeline.commands.append(self.command(token))
            pipeline.end = body.end = self.at
            body.items.append((pipeline, ""))
            self.depth -= 1

    def _block(self, made: Compound, *ends: str) -> List:
        """Read a list that must not be empty."""
        block = self.commands(frozenset(ends))
        if not block.items and self.at < self.size:
            self.missing(made.kind)
        return block

    def _item(self, made: Compound, after: str) -> None:
        word = self.word()
        if word is None:
            self.missing(after, "a word")
        else:
            made.words.append(word)

    def _close(self, made: Compound, closer: str) -> None:
        self.lines()
        if self.taken(closer):
            return
        start, end = made.start, made.start + len(made.kind)
        self.fail(f"`{made.kind}` has no `{closer}`", start, end)

    def command(self, token: str) -> Command:
        """Read a command that starts with a token, or with a word."""
        if not token:
            return self.simple()
        made = Compound(self.text, self.at, token)
        self.spend()
        if self.value.startswith("((", self.at) and self.is_arithmetic():
            self._arithmetic(made)
        else:
            self.at += len(token)
            _KINDS[token](self, made)
        self._finish(made)
        return made


_KINDS = {
    "(": CompoundReader._group,
    "{": CompoundReader._group,
    "if": CompoundReader._if,
    "while": CompoundReader._while,
    "until": CompoundReader._while,
    "for": CompoundReader._for,
    "select": CompoundReader._for,
    "case": CompoundReader._case,
    "function": CompoundReader._function,
    "[[": CompoundReader._test,
}
