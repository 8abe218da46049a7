"""What the comment at the top of a file states about its purpose."""

from __future__ import annotations

from tightship.engine.roles.sign_words import DATA, ELSEWHERE, OTHER, TOLD, words_of
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import Record, regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.roles.sign_words import Told
    from tightship.text import Source

_MOST_LINES = 60  # of a comment
_SENTENCES = regex(r"(?<=[.!?])\s+|\n\n")


class Sign(Record):
    """A sign of a purpose. Those of one ``kind`` count once; ``weight`` is 2 for a statement."""

    kind: str
    purpose: Told
    evidence: Evidence
    weight: int = 1


def stated(source: Source) -> Iterator[Sign]:
    """Yield what the comment at the top of a file states about the file."""
    phrases = DATA["statements"]
    for words, line in sentences(source):
        weight = 2 if OTHER.isdisjoint(words) else 1
        for purpose in TOLD:
            told = said(line, phrases[purpose])
            if told and ELSEWHERE.isdisjoint(words):
                yield Sign("statement", purpose, _evidence(source, told), weight)
        told = said(line, phrases["unfit"])
        if told:
            yield Sign("unfit", "development", _evidence(source, told))


def sentences(source: Source) -> Iterator[tuple[list[str], str]]:
    """Yield the words of each sentence at the top of a file, and all of them as a line."""
    for sentence in _SENTENCES.split("\n".join(_header(source.text))):
        words = words_of(sentence)
        yield words, f" {' '.join(filter(None, words))} "


def said(line: str, phrases: Iterable[str]) -> str | None:
    """Return the first phrase that a line has."""
    return next((one for one in phrases if f" {one} " in line), None)


def _evidence(source: Source, told: str) -> Evidence:
    return Evidence(source.name, f"says `{told}` at its top")


def _header(text: str) -> Iterator[str]:
    """Yield the lines of the comment before the first key or instruction, without marks."""
    for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]:
        if line[:1] == "#":
            yield line.strip(" \t#*=-")
        elif line.strip() and not line.startswith(("---", "version:", "name:")):
            return
