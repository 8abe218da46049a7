"""Flags of an engine that other files hold: options in one text, or flags one by one."""

from __future__ import annotations

from tightship.findings import Gap
from tightship.frontends.flags.flags import Given, arguments, flag_of
from tightship.frontends.flags.values import NAMELESS
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.nodes import Literal, Simple, Unknown, Word
from tightship.syntax.shell.read import read as read_shell
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, Sequence, follow
from tightship.syntax.yaml.scalar_text import scalar_text

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence as List

    from tightship.frontends.flags.flags import Arguments
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Assignment, Part
    from tightship.syntax.yaml.nodes import Node

EXPRESSION = regex(r"\$\{\{[^{}\n]*+\}\}")
"""An expression of a CI, which is known only when it runs."""


def options_text(node: Scalar) -> Text:
    """Return the text of a scalar with options, whose expressions are unknown."""
    return with_unknown(scalar_text(node), EXPRESSION)


def with_unknown(
    text: Text, pattern: re.Pattern[str], known: Callable[[str], str] = lambda _: UNKNOWN
) -> Text:
    """Return a text whose parts of a pattern are unknown; one like ``%%`` is its second half.

    ``known`` returns what a part stands for.
    """
    parts = list["tuple[str | None, int, int]"]()
    start = 0
    for found in pattern.finditer(text.value):
        half = found[0][len(found[0]) // 2 :]
        parts.append((None, start, found.start()))
        parts.append((half if half * 2 == found[0] else known(found[0]), *found.span()))
        start = found.end()
    return text.replaced(0, 0, [*parts, (None, start, len(text.value))]) if start else text


def option_words(text: Text) -> list[Word]:
    """Return the words of a text of options, as a shell splits it."""
    lists = [pipeline.commands for pipeline, _ in read_shell(text).body.items]
    simple = (one for commands in lists for one in commands if isinstance(one, Simple))
    return [word for one in simple for word in (*map(_as_word, one.assignments), *one.words)]


def extra_flags(
    project: FileProject,
    words: List[Word],
    engine: str = "docker",
    read: Callable[[List[Word], str], Arguments] = arguments,
) -> Arguments:
    """Return words that a file adds to the flags of a command.

    A word that is no flag, as ``$X`` may be, ends the flags, and decides what runs: it is a gap.
    """
    given = read(words, engine)
    unknown = given.unknown or given.image
    if unknown is not None:
        reason = "which flags this adds is known only at run time"
        project.gaps.append(Gap(unknown.span, reason))
    return given.replaced(image=None, command=(), unknown=unknown)


def _as_word(one: Assignment) -> Word:
    """Return what a shell would take for an assignment, such as ``A=b``, as a word."""
    name = f"{one.name}{one.operator}"
    if one.value is None:
        return Word(one.text, one.start, one.end, None, (Unknown(one.text, one.start, one.end),))
    known = one.value.value
    if known is not None:
        return Word(one.text, one.start, one.end, f"{name}{known}")
    head = Literal(one.text, one.start, one.value.start, name, "")
    return Word(one.text, one.start, one.end, None, (head, *one.value.parts))


def whole_word(text: Text) -> Word:
    """Return a text that is one word, such as an item of a list."""
    end = len(text.value)
    if UNKNOWN not in text.value:
        return Word(text, 0, end, text.value)
    parts, at = list["Part"](), 0
    for known in text.value.split(UNKNOWN):
        if known:
            parts.append(Literal(text, at, at + len(known), known, "="))
        at += len(known) + 1
        if at <= end:
            parts.append(Unknown(text, at - 1, at))
    return Word(text, 0, end, None, tuple(parts))


def flag(
    name: str, word: Word, value: Word | None = None, engine: str = "docker", of: str = "docker_run"
) -> Given:
    """Return a flag that a key of another file stands for; ``of`` names the facts about flags."""
    found = flag_of(name, engine, of)
    assert found is not None, name
    return Given(found, word, value)


def literal(
    node: Node,
    pattern: re.Pattern[str] = EXPRESSION,
    known: Callable[[str], str] = lambda _: NAMELESS,
) -> Node:
    """Return a node whose texts have no variables of Compose but those in place of a pattern.

    ``known`` returns what stands for a part of the pattern: by default, an unknown value.
    """
    if isinstance(node, Alias):
        target = follow(node)
        return literal(target, pattern, known) if target is not None else Scalar(node.span, "")
    if isinstance(node, Mapping):
        entries = [(key, literal(value, pattern, known)) for key, value in node.entries]
        return Mapping(node.span, entries, flow=node.flow)
    if isinstance(node, Sequence):
        return Sequence(
            node.span, [literal(one, pattern, known) for one in node.items], flow=node.flow
        )
    assert isinstance(node, Scalar)
    if "$" not in node.value:
        return node
    text, start = "", 0
    for found in pattern.finditer(node.value):
        text += node.value[start : found.start()].replace("$", "$$") + known(found[0])
        start = found.end()
    text += node.value[start:].replace("$", "$$")
    return Scalar(node.span, text, node.style or '"')
