"""Text in an XML document."""

from __future__ import annotations

from tightship.report.terminal import visible

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def escaped(text: str) -> str:
    """Return a text for an attribute or between tags; it is ASCII.

    Characters that XML forbids (most control characters, lone surrogates) or that are
    not printable become visible, so none of them acts on a terminal either.
    """
    text = visible(text)
    for char, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(char, f"&{name};")
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def lines(*texts: str) -> str:
    """Return several lines for between tags."""
    return "\n".join(escaped(text) for text in texts)


def attributes(**values: object) -> str:
    """Return attributes, each with a space before it."""
    return "".join(f' {name}="{escaped(str(it))}"' for name, it in values.items())
