"""Who runs the commands that name a file: developers, tests, or people who install it.

The words of a file, of the target or script of a command, and of the headings above it tell
that. CI runs tests, unless its words say that it deploys.
"""

from __future__ import annotations

from tightship.engine.roles.sign_words import DATA, words_of
from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Literal

    from tightship.frontends.invocations.found import Evidence

    Use = Literal["product", "test", "development"]

_WORDS = {use: frozenset(words) for use, words in DATA["uses"].items()}
_USES: tuple[Use, Use, Use] = ("product", "test", "development")  # the first wins
_HEADING = regex(r"[ \t]*(#{1,6}|={1,6})[ \t]+(.+)")
_UNDERLINE = regex(r"[=~^*\"+-]{3,}[ \t]*")
_JOB = regex(r"(?m)^[ ]{0,2}([\w.-]+):|^[ \t-]*name:[ \t]*(.+)")
_SERVICE = regex(r"compose\b[^`]*? (?:run|exec|up|build)(?: +-[-\w]+)* +([\w.-]+)")
_TARGET = regex(r"`([^`]+)` (?:runs|documents) ")
_DOCUMENT = (".md", ".mdx", ".markdown", ".rst", ".txt", ".adoc", ".asciidoc", ".org")


def use_of(command: Evidence, text_of: Callable[[str], str]) -> Use | None:
    """Return who uses a command, the evidence for an invocation of Compose, if its words tell.

    ``text_of`` returns the text of a file by its name.
    """
    name, _, line = command.place.rpartition(":")
    if not line.isdecimal():
        return None
    service = _SERVICE.search(command.message)
    found = used_by(words_of(service[1])) if service is not None else None
    if found not in ("test", "development"):
        found = used_by(words_of(name))
    if found is not None:
        return found
    target = _TARGET.match(command.message)
    if target is not None:
        return used_by(words_of(target[1]))
    from tightship.frontends.invocations.kinds import is_ci

    lines = text_of(name).split("\n")[: int(line)]
    if is_ci(name):
        return used_by(_job(lines)) or "test"
    return used_by(_headings(lines)) if name.endswith(_DOCUMENT) else None


def is_documented(command: Evidence) -> bool:
    """Return whether a document shows a command, and nothing runs it."""
    return "documents `" in command.message or command.place.rpartition(":")[0].endswith(_DOCUMENT)


def deploys(command: Evidence, text_of: Callable[[str], str]) -> bool:
    """Return whether a script, a target or a job deploys what a command starts, by its name."""
    from tightship.frontends.invocations.kinds import is_ci

    name, _, line = command.place.rpartition(":")
    if is_documented(command) or not line.isdecimal():
        return False
    target = _TARGET.match(command.message)
    words = words_of(target[1] if target is not None else name)
    if target is None and is_ci(name):
        words = [*_job(text_of(name).split("\n")[: int(line)])]
    return {use for use in _USES if not _WORDS[use].isdisjoint(words)} == {"product"}


def used_by(words: Iterable[str]) -> Use | None:
    """Return who uses what has some words in its name; who installs it comes first."""
    words = {*words}
    return next((use for use in _USES if not words.isdisjoint(_WORDS[use])), None)


def _job(lines: list[str]) -> Iterator[str]:
    """Yield the words of the job and the step of CI that the last line is in."""
    names = [one for one in map(_JOB.match, lines) if one is not None]
    for one in (
        next((one for one in reversed(names) if one[1]), None),
        next((one for one in reversed(names) if one[2]), None),
    ):
        yield from words_of(one[1] or one[2]) if one is not None else ()


def _headings(lines: list[str]) -> Iterator[str]:
    """Yield the words of the headings above the last line."""
    found: dict[int, str] = {}
    is_code, above = False, ""
    for line in lines:
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        heading = None if is_code else _HEADING.fullmatch(line)
        if heading is not None:
            level = len(heading[1])
            found = {one: text for one, text in found.items() if one < level}
            found[level] = heading[2]
        elif above.strip() and not is_code and _UNDERLINE.fullmatch(line):
            found = {1: above}
        above = line
    for text in found.values():
        yield from words_of(text)
