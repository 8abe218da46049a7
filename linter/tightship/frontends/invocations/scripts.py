"""The shell scripts in files that start containers or build images, with all places."""

from __future__ import annotations

from tightship.frontends.invocations.kinds import MARKDOWN, script_kind_of
from tightship.lazy import regex
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import UNKNOWN, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from tightship.syntax.shell.nodes import Script
    from tightship.syntax.shell.text import Piece
    from tightship.text import Source

_MENTIONS = regex(
    r"(?i)(?:docker|podman|nerdctl)(?:\.exe)?[\"')}]*\s(?:[^\n]{0,400}\s)?"
    r"(?:run|create|build|b)[\s\"')]"
    r"|(?:\$[({]?\w+[)}]?|\x00)[\"']?[ \t]+(?:(?:container|image|buildx|builder)[ \t]+)?"
    r"(?:run|create|build|b)\s"  # an engine by a variable
)
_NAMES = regex(r"(?i)docker|podman|nerdctl")
_RETURN = r"\r(?=\n|\Z)"  # the line ends of Windows are none of a word
_REFERENCE = regex(rf"\$(?:\$|\([^()\n]*\)|\{{[^{{}}\n]*\}}|[@<^?*%\w])|{_RETURN}")
# Those of GitHub and Ansible, and of CircleCI, which are no heredocs.
_EXPRESSION = regex(r"\$?\{\{[^{}\n]*+\}\}|<<[ \t]*(?:parameters|pipeline)\.[\w.-]+[ \t]*>>")
# Lines of comments do not end what is continued.
_STARTS = regex(
    r"(?m)^Exec\w+[ \t]*=[ \t]*[-@:+!]*((?:[^\\\n]|\\\r?\n(?:[ \t]*[#;][^\n]*\n)*|\\.)+)"
)
_OF_UNIT = regex(rf"{_REFERENCE.pattern}|(?<=\n)[ \t]*[#;][^\n]*\n|%[A-Za-z%]")
_FENCE = regex(r"(?ms)^[ \t]*(```+|~~~+)[ \t]*([^\n`]*)\n(.*?)^[ \t]*\1")
# Lines that are indented after an empty line; in a list, a paragraph is as well.
_INDENTED = regex(r"(?m)^[ \t]*\r?\n((?:(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t]*\r?\n)+)")
_ITEM = regex(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_DEEP = regex(r" {8}|\t\t| {4}\t")
_MOST_BEFORE = 2_000
_OF_SHELL = regex(r"(?:\{?[ \t]*\.?(?:(?:ba|da|k|z)?sh|shell|console|terminal|text|none)\b.*)?")
# A prompt; that of root looks like a comment. And what a reader has to fill in.
_PROMPT = r"^[ \t]*(?:[$>] |# (?=(?:sudo |\w+=\S* )*(?:docker|podman|nerdctl)\s))"
_PLACEHOLDER = (
    r"<[A-Za-z][\w.:/@-]*(?: [A-Za-z][\w.:/@-]*)*>"
    r"|\[(?:[:@]?[A-Z][A-Z_ |@:]*)?(?:\.\.\.|…)?\](?<!\[\])"
)
# Templates of the tools that make pages, too.
_TEMPLATE = r"\{\{[^{}\n]*+\}\}|\{%[^%\n]*+%\}"
_WRITTEN = regex(f"(?m){_PROMPT}|{_PLACEHOLDER}|{_TEMPLATE}|{_RETURN}")
_RETURNS = regex(_RETURN)


def uses_engine(text: str) -> bool:
    """Return whether a text may have a command that starts a container, or builds an image."""
    return _NAMES.search(text) is not None and _MENTIONS.search(text) is not None


def scripts_of(source: Source) -> Iterator[Script]:
    """Yield the scripts of a file that may start containers or build images."""
    kind = script_kind_of(source.name, source.text)
    if kind is None or not uses_engine(source.text):
        return
    for text in _READERS[kind](source):
        if _MENTIONS.search(text.value):
            yield read(text)


def _whole(source: Source) -> Iterator[Text]:
    yield _replaced(source, 0, len(source.text), _RETURNS, lambda one: one)


def _in_makefile(source: Source) -> Iterator[Text]:
    from tightship.frontends.invocations.recipes import recipes

    yield from recipes(source, _MENTIONS)


def _in_unit(source: Source) -> Iterator[Text]:
    for found in _STARTS.finditer(source.text):
        yield _replaced(source, *found.span(1), _OF_UNIT, _as_unit_has)


def _as_unit_has(text: str) -> str:
    """Return a variable, a specifier or a comment of a unit as the command gets it."""
    if text[0] == "%" and text != "%%":
        return ""
    if text in ("$$", "%%"):
        return text[0]
    return text if text[0] == "$" else "\r"


def _in_document(source: Source) -> Iterator[Text]:
    """Yield the blocks of commands, without the prompts, and unknown what is to be filled in."""
    start = 0
    for found in _FENCE.finditer(source.text):
        yield from _indented(source, start, found.start())
        start = found.end()
        if _OF_SHELL.fullmatch(found[2].strip()) is not None:
            yield _for_shell(source, *found.span(3))
    yield from _indented(source, start, len(source.text))


def _for_shell(source: Source, start: int, end: int) -> Text:
    return _replaced(source, start, end, _WRITTEN, lambda one: "" if one[0] in "<[{" else "\r")


def _indented(source: Source, start: int, end: int) -> Iterator[Text]:
    """Yield the indented blocks between two places."""
    text = source.text
    for found in _INDENTED.finditer(text, start, end):
        first, last = found.span(1)
        if _MENTIONS.search(text, first, last) and (
            _DEEP.match(text, first)
            or not _is_in_list(text[max(start, first - _MOST_BEFORE) : first])
        ):
            yield _for_shell(source, first, last)


def _is_in_list(before: str) -> bool:
    """Return whether a text ends in a list, by its last line that is not indented."""
    for line in reversed(before.splitlines()):
        if _ITEM.match(line):
            return True
        if line[:1].strip():
            return False
    return False


def _in_structure(source: Source) -> Iterator[Text]:
    """Yield all texts of YAML or JSON; the expressions of a CI are unknown."""
    from tightship.syntax.yaml.nodes import Scalar, walk
    from tightship.syntax.yaml.read import read as read_yaml
    from tightship.syntax.yaml.scalar_text import scalar_text

    for document in read_yaml(source).documents:
        for node in walk(document):
            if isinstance(node, Scalar) and uses_engine(node.value):
                text = scalar_text(node)
                parts = _parts(text.value, 0, len(text.value), _EXPRESSION, lambda _: "")
                yield text.replaced(0, 0, parts)


_READERS: dict[str, Callable[[Source], Iterator[Text]]] = {
    "shell": _whole,
    "makefile": _in_makefile,
    "structure": _in_structure,
    "unit": _in_unit,
    MARKDOWN: _in_document,
}


def _replaced(
    source: Source, start: int, end: int, pattern: re.Pattern[str], value: Callable[[str], str]
) -> Text:
    pieces = list["Piece"]()
    for text, first, last in _parts(source.text, start, end, pattern, value):
        pieces.append((source.text[first:last] if text is None else text, first, last))
    return Text(source, pieces)


def _parts(
    text: str, start: int, end: int, pattern: re.Pattern[str], value: Callable[[str], str]
) -> Iterator[tuple[str | None, int, int]]:
    """Yield the parts of a text, those of a pattern with other text: unknown if it is empty."""
    for found in pattern.finditer(text, start, end):
        yield None, start, found.start()
        made = value(found[0])
        yield UNKNOWN if not made else made.strip("\r"), *found.span()
        start = found.end()
    yield None, start, end
