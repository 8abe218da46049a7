"""Proves edits of files other than Compose's: another library reads the same words or keys."""

from __future__ import annotations

from collections import Counter

from tightship.engine.fix.proof import ProofFailed, check_yaml
from tightship.frontends.devcontainer.reading import without_comments
from tightship.frontends.names import is_devcontainer
from tightship.text import Edit, Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def check_declared(source: Source, text: str, edits: Iterable[Edit]) -> None:
    """Check that a file gains and loses nothing but what its edits say.

    Raises:
        ProofFailed: if another library does not read it, or sees another difference.

    """
    edits = list(edits)
    if is_devcontainer(source.name):
        # JSON is YAML as well, and blanks in place of comments keep all places.
        old, new = without_comments(source), without_comments(Source(source.name, text))
        mine = [Edit(Span(old, one.span.start, one.span.end), one.text) for one in edits]
        check_yaml(old, new.text, mine)
        return
    if source.name.endswith((".yaml", ".yml")):
        check_yaml(source, text, [*map(_widened, edits)])
    _check_commands(source, text, edits)


def _check_commands(source: Source, text: str, edits: Iterable[Edit]) -> None:
    """Check that commands gain and lose the words of the edits in them alone."""
    old, new = _commands(source), _commands(Source(source.name, text))
    if len(old) != len(new):
        raise ProofFailed("a command would begin or end elsewhere")
    inside = [one for one in edits if any(it.start <= one.span.start <= it.end for it in old)]
    wanted = {word for one in inside for part in _changed(one) for word in _words(part)}
    for before, after in zip(old, new, strict=True):
        words, more = Counter(_words(before.text)), Counter(_words(after.text))
        changed = (words - more) + (more - words)
        if any(word not in wanted for word in changed):
            word = next(word for word in changed if word not in wanted)
            raise ProofFailed(f"the word `{word}` would change, which is not meant")


def _commands(source: Source) -> list[Span]:
    from tightship.frontends.invocations.commands import engine_commands
    from tightship.frontends.invocations.scripts import scripts_of

    every = (one for script in scripts_of(source) for one in engine_commands(script))
    return [one.whole for one in every]


def _widened(edit: Edit) -> Edit:
    """Return an edit that continues a text as one that replaces the end of the text."""
    span, text = edit.span, edit.span.source.text
    if span.start < span.end or not span.start or edit.text[:1] in "\r\n,":
        return edit
    return Edit(Span(span.source, span.start - 1, span.end), text[span.start - 1] + edit.text)


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
