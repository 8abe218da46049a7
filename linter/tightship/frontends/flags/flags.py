"""The flags of `docker run`, and the words of a command as flags, an image and its command.

Flags end at the first word that is none, as the command line of Docker has it. The table of
flags is ``facts/docker_run.toml``. A build has them in any order, and one context.
"""

from __future__ import annotations

from functools import cache

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.lazy.modules import facts
from tightship.syntax.shell.nodes import Quoted, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from tightship.syntax.shell.nodes import Word

_OPTIONS = regex(r"(?i)(?:opt|arg|flag|param|volume|mount|env|port|extra|tty|interactive|gpus)")
_IMAGE = regex(r"(?i)(?:image|img|tag|repo|container)")
_SURELY_IMAGE = regex(r"(?i)image|img")
_BRACES = regex(r"\{[^\s{}]*,")  # bash makes words of them
_OMITTED = ("...", "…")  # as documents write it
_WITHOUT_VALUE = frozenset(("switch", "flag", "opens"))


class Flag(Record):
    """A flag: ``kind`` says what its value is, ``path`` leads to the key that is the same."""

    name: str
    kind: str
    path: tuple[str, ...]

    @property
    def takes_value(self) -> bool:
        """Return whether the flag has a value in the next word, unless it has one of its own."""
        return self.kind not in _WITHOUT_VALUE


class Given(Record):
    """A flag of a command: the word that has it, and the one that has its value, if any.

    The value begins after ``skip`` characters of its word. ``is_alone`` tells that no other
    flag is in these words.
    """

    flag: Flag
    word: Word
    value: Word | None = None
    skip: int = 0
    is_alone: bool = True


class Arguments(Record):
    """What follows `docker run`: flags, the image, and the command in the container.

    ``unknown`` is the first word that may be any flags, or a flag that is not in the table.
    """

    flags: Sequence[Given]
    image: Word | None
    command: Sequence[Word]
    unknown: Word | None = None

    @property
    def is_of_folder(self) -> bool:
        """Return whether what has the place of the image is a folder, by Podman's `--rootfs`."""
        return any(one.flag.name == "rootfs" for one in self.flags)


@cache
def table() -> Mapping[str, Any]:
    """Return the facts about flags."""
    return facts("docker_run")


@cache
def flag_of(name: str, engine: str = "docker", of: str = "docker_run") -> Flag | None:
    """Return a flag of an engine by its long name; ``of`` names the facts about flags."""
    known = facts(of)
    name = known["also"].get(name, name)
    found = known["flags"].get(name) or known.get(engine, {}).get(name, "")
    if not found and engine != "docker" and f"--{name}" in table()["engines"][engine].split():
        found = "value"  # an option of the program, which only Docker's takes before the verb alone
    kind, _, path = found.partition(" ")
    return Flag(name, kind, tuple(path.split(".")) if path else ()) if kind else None


@cache
def flags_by_key() -> Mapping[tuple[str, ...], Flag]:
    """Return the flags by the keys that they set."""
    every = filter(None, map(flag_of, table()["flags"]))
    return {one.path: one for one in every if one.path and one.kind not in ("hides", "opens")}


def arguments(words: Sequence[Word], engine: str = "docker") -> Arguments:
    """Read the words after the verb of an engine."""
    found = list[Given]()
    unknown: Word | None = None
    at = 0
    while at < len(words):
        word = words[at]
        head = word.head
        if head == "--" and word.value is not None:
            at += 1
            break
        if len(head) < 2 or head[0] != "-":
            if not may_be_flags(word, words[at + 1 :]):
                break
            unknown = unknown or word
            at += 1
            continue
        after = words[at + 1] if at + 1 < len(words) else None
        is_long = head[:2] == "--"
        given = (long_flag if is_long else short_flags)(word, head, after, engine)
        if given is None:
            return Arguments(found, None, (), unknown or word)
        found += given
        at += 1 + (given[-1].value is after is not None)
    image = words[at] if at < len(words) else None
    if image is not None and _may_split(image):
        unknown = unknown or image
    return Arguments(found, image, words[at + 1 :], unknown)


def long_flag(
    word: Word, head: str, after: Word | None, engine: str, of: str = "docker_run"
) -> list[Given] | None:
    """Return the flag of ``--name`` or ``--name=value``; none if it is not known."""
    name, equals, _ = head[2:].partition("=")
    flag = flag_of(name, engine, of) if equals or word.value is not None else None
    if flag is None:
        return None
    if equals:
        return [Given(flag, word, word, len(name) + 3)]
    return [Given(flag, word, after if flag.takes_value else None)]


def short_flags(
    word: Word, head: str, after: Word | None, engine: str, of: str = "docker_run"
) -> list[Given] | None:
    """Return the flags of ``-it``, of ``-p8080:80`` or of ``-itp 8080:80``."""
    found = list[Given]()
    at = 1
    while at < len(head):
        flag = flag_of(facts(of)["short"].get(head[at], ""), engine, of)
        if flag is None:
            return None
        at += 1
        rest = at < len(head) or word.value is None
        has_value = (flag.takes_value and rest) or head[at : at + 1] == "="
        if has_value:
            skip = at + (head[at : at + 1] == "=" and len(word.raw) > at + 1)  # `-u=` is `=`
            found.append(Given(flag, word, word, skip, is_alone=not found))
            return found
        value = after if flag.takes_value else None
        found.append(Given(flag, word, value, is_alone=len(head) == 2))
    return found if word.value is not None else None


def may_be_flags(word: Word, after: Sequence[Word]) -> bool:
    """Return whether a word that is no flag may become some, as ``$OPTIONS`` may.

    Its name tells, or that a flag follows: few commands in a container begin with one.
    """
    if (
        _BRACES.match(word.span.text)
        or word.value in _OMITTED
        or word.span.text.strip("[]") in _OMITTED
    ):
        return True
    if word.value is not None or word.head:
        return False
    first, name = word.parts[0], word.span.text.rpartition(".")[2]  # as in `env.FLAGS`
    if _is_every(first) or (isinstance(first, Quoted) and any(map(_is_every, first.parts))):
        return True
    if isinstance(first, Quoted) or not after:
        return False
    if _SURELY_IMAGE.search(name) is None and any(map(_SURELY_IMAGE.search, _variables(after))):
        return True
    if _IMAGE.search(name) is not None:
        return False
    follows = after[0].head
    is_option = follows[:1] == "-" and follows[:2] != "-c"
    return is_option or _OPTIONS.search(name) is not None


def _variables(words: Sequence[Word]) -> Iterator[str]:
    """Yield the variables that words begin with, up to one in quotes, which is one word."""
    for one in words:
        if one.value is not None or one.head:
            return
        yield one.span.text
        if isinstance(one.parts[0], Quoted):
            return


def _may_split(word: Word) -> bool:
    """Return whether a word that is the image by its place may be flags and an image."""
    if word.value is not None or word.head or isinstance(word.parts[0], Quoted):
        return False
    return _IMAGE.search(word.span.text) is None


def _is_every(part: object) -> bool:
    """Return whether a part of a word is any number of words: ``"$@"``, ``${flags[@]}``."""
    return isinstance(part, Variable) and (part.name in ("@", "*") or "[@]" in part.raw)


FACTS = "docker_build"
"""The table of the flags, ``facts/docker_build.toml``."""


def build_arguments(words: Sequence[Word], engine: str, of: str = FACTS) -> Arguments:
    """Read the words after the verb of an engine; the context takes the place of the image.

    ``of`` names the facts about the flags of another verb that has one operand.
    """
    found = list["Given"]()
    context, unknown = None, None
    at, has_ended = 0, False
    while at < len(words):
        word = words[at]
        head = word.head
        if head == "--" and word.value is not None and not has_ended:
            at, has_ended = at + 1, True
            continue
        if len(head) < 2 or head[0] != "-" or has_ended:
            at += 1
            if may_be_flags(word, words[at:]) or (context is not None and word.value is None):
                unknown = unknown or word
            else:
                context = context or word
            continue
        after = words[at + 1] if at + 1 < len(words) else None
        read = long_flag if head[:2] == "--" else short_flags
        given = read(word, head, after, engine, of)
        if given is None:
            return Arguments(found, context, (), unknown or word)
        found += given
        at += 1 + (given[-1].value is after is not None)
    return Arguments(found, context, (), unknown)
