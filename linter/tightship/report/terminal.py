"""Text for a terminal: visible, measured, painted."""

from __future__ import annotations

from tightship.lazy import Record, regex

MARK = "\ufdd0"
"""Replaces a character of a secret; Unicode guarantees that it never has a meaning."""

HIDDEN = "****"
"""Shown instead of a secret of any length."""

_JOINERS = "\u200c\u200d\xa0\u3000"
_LONGEST = 600
_PAINTED = regex(r"\x1b\[[0-9;]*m")
_CODES = {
    "bold": "1",
    "dim": "2",
    "path": "1;4",
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "added": "32",
    "removed": "31",
    "gutter": "2",
}


def visible(text: str) -> str:
    r"""Return a text without characters that act on a terminal, or hide in it.

    Linted files may contain escape sequences or overrides of the reading direction.
    Characters that Unicode counts as not printable become ``<U+202E>``; spaces of any
    width and joiners of letters or emoji stay.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in _JOINERS else f"<U+{ord(char):04X}>" for char in text
    )


def visible_path(path: str) -> str:
    """Return a visible path that begins no command of a CI system."""
    shown = visible(path)
    return f"./{shown}" if begins_command(shown) else shown


def begins_command(text: str) -> bool:
    """Return whether a CI system obeys a line that begins with a text.

    GitHub obeys lines of a log that begin with `::`, Azure those that begin with `##`,
    and GitHub does so even if spaces come before it.
    """
    return text.startswith(("::", "##"))


def brief(text: str, limit: int = _LONGEST) -> str:
    """Return a visible text, cut off at a limit."""
    return visible(text if len(text) <= limit else text[:limit] + "...")


def brief_name(name: str, limit: int) -> str:
    """Return a visible name, cut off at a limit; of a path, the end stays."""
    folders = name.split("/")
    if len(name) <= limit or len(folders[-1]) + 4 > limit or len(folders) == 1:
        return brief(name, limit)
    while len("/".join(folders)) + 4 > limit:
        del folders[0]
    return visible(".../" + "/".join(folders))


def columns(text: str) -> int:
    """Return the width of a visible, maybe painted text in columns of a terminal."""
    if "\x1b" in text:
        text = _PAINTED.sub("", text)
    if text.isascii() or text.replace("…", ".").isascii():  # Pages of rules have it.
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 1 + (east_asian_width(char) in "WF")
        for char in text
    )


class Paint(Record):
    """Colours, or none."""

    on: bool

    def __call__(self, style: str, text: str) -> str:
        """Return a text in a style, such as ``bold`` or ``error``."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.on and text else text


def styled_markdown(text: str, paint: Paint) -> str:
    """Return a page in Markdown with its headings and its code in colour."""
    code = False
    lines: list[str] = []
    for line in text.rstrip("\n").split("\n"):
        if line.startswith("```"):
            code = not code
            lines.append(paint("dim", line))
        elif code:
            lines.append(paint("added", line))
        else:
            lines.append(paint("bold", line) if line.startswith("#") else line)
    return "".join(f"{line}\n" for line in lines)
