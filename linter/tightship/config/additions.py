"""Settings that are added to a file, with comments, and leave what is there as it is."""

from __future__ import annotations

from tightship.config.text import toml_value
from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEAD = """\
# Settings of Tightship for the files in this folder and below.
# `tightship config` prints all of them, with their origin.
"""

_TABLE = regex(r"(?m)^[ \t]*\[")
_OWN_TABLE = regex(r"(?m)^[ \t]*\[tool\.tightship\][ \t]*(?:#.*)?$")
_WIDTH = 80


class Addition(Record):
    """A key at the top, or a table ``[[name]]`` with several keys, and its comment."""

    name: str
    comment: str
    value: Sequence[str] = ()
    keys: Sequence[tuple[str, str | Sequence[str]]] = ()


def with_additions(text: str, additions: Sequence[Addition], table: tuple[str, ...] = ()) -> str:
    """Return the text of a configuration file with more settings; ``table`` leads to its keys."""
    if "\r\n" in text:
        return with_additions(text.replace("\r\n", "\n"), additions, table).replace("\n", "\r\n")
    top = "\n".join(line for one in additions if not one.keys for line in _lines(one, table))
    below = "".join(f"\n{line}" for one in additions if one.keys for line in _lines(one, table))
    text = text if text.endswith("\n") or not text else f"{text}\n"
    if top and table:
        own = _OWN_TABLE.search(text)
        if own is None:
            text += f"\n[{'.'.join(table)}]\n{top}"
        else:
            text = f"{text[: own.end()]}\n{top.rstrip()}{text[own.end() :]}"
    elif top:
        first = _TABLE.search(text)
        at = _above_comments(text, first.start()) if first is not None else len(text)
        text = f"{text[:at]}{'' if at == 0 else chr(10)}{top}{chr(10) if first else ''}{text[at:]}"
    return f"{text}{below}\n" if below else text


def _above_comments(text: str, at: int) -> int:
    """Return where the comments begin that belong to what is at a place."""
    lines = text[:at].split("\n")[:-1]
    while lines and lines[-1].lstrip().startswith("#"):
        at -= len(lines.pop()) + 1
    return at


def _lines(one: Addition, table: tuple[str, ...]) -> Iterator[str]:
    words, line = one.comment.split(), "#"
    for word in words:
        if len(line) + len(word) >= _WIDTH:
            yield _plain(line)
            line = "#"
        line += f" {word}"
    yield _plain(line)
    if one.keys:
        yield f"[[{'.'.join((*table, one.name))}]]"
    for key, value in one.keys or ((one.name, one.value),):
        yield from _key(key, value)
    yield ""


def _key(key: str, value: str | Sequence[str]) -> Iterator[str]:
    short = f"{key} = {toml_value(value if isinstance(value, str) else tuple(value))}"
    if isinstance(value, str) or len(short) < _WIDTH:
        yield short
    else:
        yield f"{key} = ["
        yield from (f"  {toml_value(item)}," for item in value)
        yield "]"


def _plain(line: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in line)
