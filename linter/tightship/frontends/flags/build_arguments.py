"""The words of a command that builds an image: flags, in any order, and one context."""

from __future__ import annotations

from tightship.frontends.flags.flags import Arguments, long_flag, may_be_flags, short_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.flags.flags import Given
    from tightship.syntax.shell.nodes import Word

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
