r"""Text in Markdown, without any markup of its own.

Messages quote the linted file in backticks, which become code. Everything else is
escaped: HTML, emphasis, links, images, tables. GitHub and GitLab look for mentions
(``@name``), references (``#1``, ``!1``, ``~label``) and addresses after rendering, where a
backslash or an entity does not help; they skip code.
"""

from __future__ import annotations

from tightship.lazy import regex
from tightship.report.terminal import visible

_SIGN = regex(r'([@~%](?=[\w"])|[#!&$^](?=\d)|GH(?=-\d)|://|(?i:www)(?=\.))')
_TICKS = regex(r"`+")
_ENTITIES = {ord(char): f"&#{ord(char)};" for char in "\\`*_[]|~$"} | {
    ord("&"): "&amp;",
    ord("<"): "&lt;",
    ord(">"): "&gt;",
}


def code(text: str) -> str:
    """Return a text as code within a line."""
    text = visible(text)
    fence = _fence(text, 1)
    # Markdown strips one space at each end, unless there is nothing else.
    is_padded = "`" in text[:1] + text[-1:] or (text[:1] == text[-1:] == " ")
    pad = " " if is_padded and text.strip() else ""
    return f"{fence}{pad}{text or ' '}{pad}{fence}"


def prose(text: str) -> str:
    """Return a message within a line of Markdown; text in backticks is code."""
    return _rendered(text, markdown=True)


def html(text: str) -> str:
    """Return a message within a line of HTML, where Markdown is not read."""
    return _rendered(text, markdown=False)


def block(language: str, lines: list[str]) -> list[str]:
    """Return lines as a block of code."""
    fence = max((_fence(line, 3) for line in lines), key=len, default="```")
    return [f"{fence}{language}", *(visible(line) for line in lines), fence]


def _rendered(text: str, *, markdown: bool) -> str:
    parts, pieces = visible(text).split("`"), list[str]()
    odd = parts.pop() if len(parts) % 2 == 0 else None  # An unpaired backtick.
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pieces.append(_plain(part))
        elif markdown and part.strip() and (number == 1 or parts[number - 1]):
            pieces.append(code(part))
        else:  # Adjacent backticks would be read as one sign.
            pieces.append(f"<code>{part.translate(_ENTITIES)}</code>")
    if odd is not None:
        pieces += "&#96;", _plain(odd)
    return "".join(pieces)


def _plain(text: str) -> str:
    pieces = _SIGN.split(text)
    for number, piece in enumerate(pieces):
        shown = piece.translate(_ENTITIES)
        pieces[number] = f"<code>{shown}</code>" if number % 2 else shown
    return "".join(pieces)


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
