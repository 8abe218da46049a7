"""Proves edits of commands that start containers: another library reads the same words."""

from __future__ import annotations

from collections import Counter

from tightship.engine.fix.proof import ProofFailed
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.text import Edit


def check_commands(source: Source, text: str, edits: Iterable[Edit]) -> None:
    """Check that commands gain and lose the words of the edits alone, as another library reads.

    Raises:
        ProofFailed: if a command is not read, or another word differs.

    """
    edits = list(edits)
    old, new = _commands(source), _commands(Source(source.name, text))
    if len(old) != len(new):
        raise ProofFailed("a command would begin or end elsewhere")
    wanted = {word for one in edits for part in _changed(one) for word in _words(part)}
    for before, after in zip(old, new, strict=True):
        words, more = Counter(_words(before)), Counter(_words(after))
        changed = (words - more) + (more - words)
        if any(word not in wanted for word in changed):
            word = next(word for word in changed if word not in wanted)
            raise ProofFailed(f"the word `{word}` would change, which is not meant")


def _commands(source: Source) -> list[str]:
    from tightship.frontends.engine_commands.commands import engine_commands
    from tightship.frontends.engine_commands.scripts import scripts_of

    every = (one for script in scripts_of(source) for one in engine_commands(script))
    return [one.whole.text for one in every]


def _changed(edit: Edit) -> tuple[str, str]:
    """Return what an edit replaces, and by what: with the rest of a word that it changes."""
    span, text = edit.span, edit.span.source.text
    old = span.text or edit.text
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    after = text[span.end :].partition("\n")[0]
    before = "" if _is_apart(before[-1:], old[:1]) else before.split()[-1]
    after = "" if _is_apart(old[-1:], after[:1]) else after.split()[0]
    return f"{before}{span.text}{after}", f"{before}{edit.text}{after}"


def _is_apart(left: str, right: str) -> bool:
    """Return whether two characters that meet are not in one word."""
    return not left or not right or left.isspace() or right.isspace()


def _words(text: str) -> list[str]:
    import shlex  # few runs fix a command

    try:
        return shlex.split(text)
    except ValueError as error:
        raise ProofFailed(f"another reader of shells does not read it: {error}") from None
