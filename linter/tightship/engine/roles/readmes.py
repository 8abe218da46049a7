"""What the README of a folder says about all files in the folder: examples, or tests.

The title and the paragraph below it count. That of the root is about the product.
``facts/purpose_signs.toml`` has the words.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.sign_words import DATA, THEIRS, words_of
from tightship.engine.roles.statements import Sign, said
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.disk.files import Files
    from tightship.engine.roles.sign_words import Told

_NAMES = ("README.md", "README.rst", "README.txt", "README", "Readme.md", "readme.md")
_PURPOSES: tuple[Told, ...] = ("example", *THEIRS)
_MOST_LINES = 40
_WORDS = DATA["readmes"]
_NO_TEXT = regex(r"[ \t]*(?:[-=~*_#]*|(?:\[?!\[|<|\.\.|:).*)")


def readme_signs(files: Files, name: str) -> Iterator[Sign]:
    """Yield what the nearest README that tells a purpose says of a file."""
    folder = posixpath.dirname(name)
    while folder:
        for last in files.among(files.path(folder), _NAMES):
            source = files.read(files.path(posixpath.join(folder, last)))
            found = files.parsed(source, _told) if isinstance(source, Source) else None
            if found is not None:
                purpose, phrase = found
                evidence = Evidence(f"{folder}/{last}", f"says `{phrase}` at its top")
                yield Sign("readme", purpose, evidence, 2)
                return
        folder = posixpath.dirname(folder)


def _told(source: Source) -> tuple[Told, str] | None:
    """Return the purpose that a README tells, and the words that do."""
    title, opening = _top(source.text)
    for purpose in _PURPOSES:
        phrase = said(title, _WORDS["titles"][purpose]) or said(
            opening, _WORDS["openings"][purpose]
        )
        if phrase is not None:
            return purpose, phrase
    return None


def _top(text: str) -> tuple[str, str]:
    """Return the words of the title and of the first paragraph, each as a line."""
    found = list[list[str]]()
    is_open = False
    for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        if _NO_TEXT.fullmatch(line):
            is_open = False
        elif is_open and len(found) > 1:
            found[-1] += words_of(line)
        elif len(found) == 2:
            break
        else:
            found.append(words_of(line))
            is_open = True
    lines = [f" {' '.join(filter(None, one))} " for one in (*found, [], [])]
    return lines[0], lines[1]
