"""The words that signs of a purpose are made of, and what the comment at the top of a file states.

A fast look at a text comes before it is read.
"""

from __future__ import annotations

import posixpath
from functools import cache

from tightship.frontends.invocations.found import Evidence
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.lazy.modules import facts
from tightship.text import Source
from tightship.values.compose_name import OVERRIDE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from tightship.engine.disk.files import Files

    Theirs = Literal["development", "test"]
    Told = Literal["development", "test", "build", "example"]

THEIRS: tuple[Theirs, Theirs] = ("development", "test")
"""The purposes that all kinds of signs tell."""

TOLD: tuple[Told, ...] = (*THEIRS, "example")
"""The purposes that a file states; of several, the first counts."""

DATA = facts("purpose_signs")
"""The signs, as facts/purpose_signs.toml has them."""

OTHER = frozenset(DATA["statements"]["other"])
"""Words of a statement that is a sign, and not enough alone."""

ELSEWHERE = frozenset(DATA["statements"]["elsewhere"])
"""Words of a sentence that is no statement about the file that has it."""

PLAIN = ("dockerfile", "containerfile")
"""The names of a Dockerfile that say nothing, in lower case."""

_SEPARATORS = regex(r"[^a-z0-9]+")
_LETTERS = regex(r"[a-z]+")
_DEFAULT = regex(r"\$\{\w+:?-([^{}]*)\}")
_IMAGE = regex(r"\bimage:[ \t]*[\"']?([^\s\"']+)")
_DISTRIBUTIONS = DATA["distributions"]["names"]
_PLAIN_BYTES = bytes(
    ord(chr(one).lower()) if chr(one).isalnum() and one < 128 else 32 for one in range(256)
)


def _tokens(text: str) -> frozenset[bytes]:
    """Return the words of a text, but for the key of a health check: ten times as fast."""
    plain = text.replace("test:", "").encode("utf-8", "replace")
    return frozenset(plain.translate(_PLAIN_BYTES).split())


@cache
def _compose_words() -> tuple[frozenset[bytes], list[frozenset[bytes]]]:
    """Return the words of which one is a sign in a Compose file, and those that are together."""
    every = [
        _tokens(phrase)
        for table in ("commands", "images", "uses")
        for purpose in THEIRS
        for phrase in DATA[table][purpose]
    ]
    alone = frozenset(word for one in every if len(one) == 1 for word in one)
    mentions = frozenset(
        word
        for purpose in TOLD
        for phrase in DATA["statements"][purpose]
        for word in _tokens(phrase)
        if word.startswith((b"demo", b"dev", b"debug", b"test", b"integration", b"e2e"))
    )
    phrases = [one for one in every if alone.isdisjoint(one)]
    return alone | mentions | {b"production", b"fsync"}, phrases


def may_have_signs(files: Files, path: str, *, is_dockerfile: bool) -> bool:
    """Return whether a file may have a sign of its purpose.

    Its source as a mount is a second sign, and never the only one.
    """
    if is_dockerfile:
        return distribution_of(files.name(path) or path) is not None
    source = files.read(path)
    if not isinstance(source, Source):
        return False
    words = _tokens(source.text)
    if posixpath.basename(path) in OVERRIDE_NAMES and not words.isdisjoint((b"build", b"volumes")):
        return True
    alone, phrases = _compose_words()
    if not words.isdisjoint(alone) or any(map(words.issuperset, phrases)):
        return True
    if b"build" not in words or b"profiles" in words:
        images = _IMAGE.findall(source.text)
        servers = (is_image(one, DATA["servers"]["images"]) for one in images)
        return bool(images) and (any(servers) if b"profiles" in words else all(servers))
    return sum(map(words.__contains__, map(str.encode, _DISTRIBUTIONS))) > 1


def words_of(name: str) -> list[str]:
    """Return the words of a name, in lower case."""
    return _SEPARATORS.split(name.lower())


def distribution_of(name: str) -> str | None:
    """Return the name of a Dockerfile or service, or of its folder, if it is a distribution's."""
    folder, last = posixpath.split(name)
    if last.lower() in PLAIN:
        last = posixpath.basename(folder)
    words = filter(None, (_LETTERS.match(word) for word in words_of(last)))  # `centos9s`
    return last if any(word[0] in _DISTRIBUTIONS for word in words) else None


def shown_image(image: str) -> str:
    """Return the image that a text with variables names by their defaults."""
    return _DEFAULT.sub(r"\1", image) if "$" in image else image


def is_image(image: str, names: Iterable[str]) -> bool:
    """Return whether an image, or the default of its variable, has one of some names."""
    folder, _, last = shown_image(image).partition("@")[0].rpartition("/")
    last = last.partition(":")[0]
    return last in names or f"{posixpath.basename(folder)}/{last}" in names


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
