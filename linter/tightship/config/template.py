"""A configuration to begin with: every key, explained, and commented out."""

from __future__ import annotations

from tightship.config.keys import KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.config.keys import Key

_WIDTH = 80
_HEAD = """\
# Settings of Tightship for the files in this folder and below.
# Everything here is as it is by default: take the # before a line away to set it.
# `tightship config` prints what is in effect, and where it is from.
"""


def template() -> str:
    """Return the text of a `tightship.toml`."""
    return "\n".join((_HEAD, *_lines(KEYS)))


def _lines(keys: Sequence[Key]) -> Iterator[str]:
    for key in keys:
        yield from _wrapped(_about(key))
        if key.form not in ("table", "tables"):
            yield f"#{key.name} = {key.example}\n"
            continue
        yield f"#[{key.name}]" if key.form == "table" else f"#[[{key.name}]]"
        for one in key.keys:
            yield from _wrapped(f"  {_about(one)}")
            yield f"#{one.name} = {one.example}"
        yield ""


def _about(key: Key) -> str:
    return f"{key.about} One of {', '.join(key.choices)}." if key.choices else key.about


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
