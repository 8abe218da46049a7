"""Skips the lines of a shell script, and reads heredocs."""

from __future__ import annotations

import re

from tightship.lazy import regex
from tightship.syntax.shell.nodes import Literal, Word, joined
from tightship.syntax.shell.word import WordReader

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
