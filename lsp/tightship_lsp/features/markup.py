"""Text for hovers: Markdown, or plain for clients that show no Markdown."""

from __future__ import annotations

import re

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SPECIAL = re.compile(r"[\\<>\[\]*_|#~!]")
_LONGEST = 400


class Markup(Record):
    """Renders pieces of text in one of the two kinds."""

    markdown: bool

    def prose(self, text: str) -> str:
        """Return a sentence in which only `code` is marked; the rest is as it is."""
        if not self.markdown:
            return _one_line(text)
        parts = _one_line(text).split("`")
        if len(parts) % 2 == 0:  # a stray one
            return _escaped("'".join(parts))
        return "".join(
            f"`{part}`" if number % 2 else _escaped(part)
            for number, part in enumerate(parts)
            if part or number % 2 == 0
        )

    def code(self, text: str) -> str:
        """Return text of the user."""
        text = _one_line(text)
        if not self.markdown:
            return text
        return f"`{text.replace('`', chr(39))}`" if text else ""

    def strong(self, text: str) -> str:
        """Return emphasized text."""
        return f"**{self.prose(text)}**" if self.markdown else _one_line(text)

    def link(self, text: str, uri: str) -> str:
        """Return a link."""
        if not self.markdown:
            return _one_line(text)
        target = uri.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
        return f"[{_escaped(_one_line(text))}]({target})"

    def page(self, text: str) -> str:
        """Return a part of a rule's page, which is Markdown of our own."""
        return text.strip()

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        """Return a table; its cells are rendered already."""
        if not self.markdown:
            return "\n".join("  ".join(filter(None, row)) for row in rows)
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)

    def items(self, rows: Sequence[str]) -> str:
        """Return a list; its items are rendered already."""
        return "\n".join(f"- {row}" for row in rows)

    def sections(self, parts: Sequence[str]) -> str:
        """Return parts below one another."""
        rule = "\n\n---\n\n" if self.markdown else "\n\n"
        return rule.join(part for part in parts if part)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _cell(text: str) -> str:
    """Escape bars that are not escaped; in code they need it, too."""
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _one_line(text: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
