"""The scripts of services that ShellCheck checks.

These are the script of ``sh -c`` in ``command`` and ``entrypoint``, and that of a health
check. Compose splits a command that is a text into words, and starts no shell for it.
"""

from __future__ import annotations

from functools import partial

from tightship.commands.calls import calls, shell_argument
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import ScalarValue, SequenceValue
from tightship.scripts.snippet import Snippet, dialect_of, known_value
from tightship.syntax.shell.read import exec_form, pieces_of
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.syntax.yaml.scalar_text import scalar_text
from tightship.values import variable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.isolation.container import Container
    from tightship.model.value import Value as TreeValue
    from tightship.scripts.snippet import Value
    from tightship.values.image import Image

    Quoted = Callable[[str], str | None]


def snippets_of_container(container: Container) -> Iterator[Snippet]:
    """Yield the scripts that a service runs in a shell."""
    entrypoint, command = container.value("entrypoint"), container.value("command")
    words = [*_words(entrypoint), *_words(command)]
    found = _of_shell(container, words)
    if found is None and entrypoint is not None:
        # A script that is an entrypoint usually runs the command that it gets.
        found = _of_shell(container, _words(command))
    if found is not None:
        yield found
    yield from _of_health_check(container, container.value("healthcheck", "test"))


def _of_health_check(container: Container, test: TreeValue | None) -> Iterator[Snippet]:
    """Yield the script of a health check: a text, or what follows CMD-SHELL or a shell."""
    script: _Word | None = None
    if isinstance(test, ScalarValue):
        script = _Word(_text(test), test)
    words = _words(test) if isinstance(test, SequenceValue) else []
    if words and words[0].text.value == "CMD-SHELL" and len(words) == 2:
        script = words[1]
    if script is not None:
        yield from _made(container, script.text, script.leaf, "sh", "")
    elif words and words[0].text.value == "CMD":
        found = _of_shell(container, words[1:])
        if found is not None:
            yield found


class _Word(Record):
    """A word of a command, and the scalar that it is the whole of, or a part."""

    text: Text
    leaf: ScalarValue
    is_whole: bool = True


def _words(value: TreeValue | None) -> list[_Word]:
    """Return the words of a command, each with the places of its characters."""
    if isinstance(value, SequenceValue):
        leaves = [item for item in value.items if isinstance(item, ScalarValue)]
        return [_Word(_text(leaf), leaf) for leaf in leaves]
    if not isinstance(value, ScalarValue):
        return []
    from tightship.values.shell_words import located_words

    text = _text(value)
    return [
        _Word(text.replaced(0, 0, _runs(offsets)), value, is_whole=False)
        for offsets in located_words(text.value) or ()
    ]


def _runs(offsets: list[int]) -> Iterator[tuple[None, int, int]]:
    """Yield the parts of a text that lie at some offsets."""
    start = end = -1
    for offset in offsets:
        if offset != end:
            if start >= 0:
                yield None, start, end
            start = offset
        end = offset + 1
    if start >= 0:
        yield None, start, end


def _of_shell(container: Container, words: list[_Word]) -> Snippet | None:
    """Return the script of a command that is ``sh -c`` with a script."""
    sources = {id(word.text.source) for word in words}
    if len(words) < 2 or len(sources) > 1:
        return None
    script = exec_form(words[0].text.source, [pieces_of(one.text) for one in words])
    call = next(calls(script), None)
    found = shell_argument(call) if call is not None else None
    if found is None:
        return None
    program, text = found
    place = text.span(0, len(text.value))
    leaves = (one.leaf for one in words if one.is_whole)
    leaf = next((one for one in leaves if one.span.contains(place)), None)
    flags = " ".join(word.value or "" for word in program.words)
    return next(iter(_made(container, text, leaf, program.name, flags)), None)


def _made(
    container: Container, text: Text, leaf: ScalarValue | None, program: str, words: str
) -> Iterator[Snippet]:
    dialect = dialect_of(program, words, _image(container))
    if dialect is None or container.runs_windows:
        return
    yield Snippet(
        text, dialect, partial(_value, container), quoted=_quoted(leaf), container=container
    )


def _image(container: Container) -> Image | None:
    if container.stage is not None:
        return container.stage.image
    return container.pulled_image


def _value(container: Container, name: str) -> Value | None:
    """Return what is known of a variable of a service."""
    pair = container.environment.get(name)
    if pair is None:
        return None
    return known_value(pair.value.value if pair.value.decided else None)


def _quoted(leaf: ScalarValue | None) -> Quoted:
    """Return how a part of a script is written in the scalar that is this script."""
    style = leaf.node.style if leaf is not None and leaf.is_own else None

    def quoted(text: str) -> str | None:
        text = text.replace("$", "$$")
        if style == '"':
            return text.replace("\\", "\\\\").replace('"', '\\"')
        if style == "'":
            return text.replace("'", "''")
        # These mean nothing special within a plain scalar; much else may.
        is_plain = style == "" and all(one in "\"'$()" or one.isalnum() for one in text)
        return text if style in ("|", ">") or is_plain else None

    return quoted


def _text(leaf: ScalarValue) -> Text:
    """Return the text of a scalar as the shell gets it; variables of Compose are unknown.

    If that is not the text that Compose makes of it, all of it has one place.
    """
    text = scalar_text(leaf.node)
    if "$" not in text.value:
        return text
    parts = list(_interpolated(text.value))
    made = text.replaced(0, len(text.value), parts)
    if UNKNOWN in made.value or made.value == leaf.text:
        return made
    return Text(text.source, [(leaf.text, leaf.span.start, leaf.span.end)])


def _interpolated(value: str) -> Iterator[tuple[str | None, int, int]]:
    """Yield the parts of a template: literal text, ``$$`` and variables."""
    at = 0
    for start, end in variable.places(value):
        yield None, at, start
        yield "$" if value[start:end] == "$$" else UNKNOWN, start, end
        at = end
    yield None, at, len(value)
