"""A configuration to begin with: every key, explained, and commented out."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.config.key import Key

_WIDTH = 80
_HEAD = """\
# Settings of Tightship for the files in this folder and below.
# All keys have their default: remove the # of a line to set it.
# `tightship config` prints the settings in effect, with their origin.
"""


def template(keys: Sequence[Key]) -> str:
    """Return the text of a `tightship.toml` that could set these keys."""
    return "\n".join((_HEAD, *_lines(keys)))


def _lines(keys: Sequence[Key]) -> Iterator[str]:
    for key in keys:
        yield from _wrapped(key.sentences)
        if key.form == "tables":
            yield from _table(f"[[{key.name}]]", key.keys)
        elif key.form != "table":
            yield f"#{key.name} = {key.example}\n"
        elif key.name == "rules":
            for rule in key.keys:
                yield from _table(f"[rules.{rule.name}]", rule.keys)
        else:
            yield from _table(f"[{key.name}]", key.keys)


def _table(heading: str, keys: Sequence[Key]) -> Iterator[str]:
    yield f"#{heading}"
    for key in keys:
        yield from _wrapped(f"  {key.sentences}")
        yield f"#{key.name} = {key.example}"
    yield ""


def _wrapped(text: str) -> Iterator[str]:
    """Yield comments that are not too wide, for a text that may be indented."""
    words = text.split()
    margin = " " * (len(text) - len(text.lstrip()))
    line = f"# {margin}{words[0]}"
    for word in words[1:]:
        if len(line) + len(word) >= _WIDTH:
            yield line
            line = f"# {margin}{word}"
        else:
            line += f" {word}"
    yield line
