"""The shell scripts in files that start containers or build images, with all places."""

from __future__ import annotations

from tightship.frontends.invocations.kinds import MARKDOWN, mentions, script_kind_of, uses_engine
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

_RETURN = r"\r(?=\n|\Z)"  # the line ends of Windows are none of a word
_RETURNS = regex(_RETURN)
EXPRESSION = regex(
    r"\$\{\{ *+((?:env|matrix|inputs)(?:\.[\w-]++)++|github\.workspace)?[^{}\n]*+\}\}"
    r"|\{\{ *+\.?(\w++) *+\}\}|\{\{[^{}\n]*+\}\}"
    r"|<<[ \t]*(?:parameters|pipeline)\.[\w.-]+[ \t]*>>"
)
"""An expression of GitHub or Ansible, or of CircleCI, which is no heredoc."""

PROSE = frozenset(("body", "description", "name", "notes", "release_notes", "summary", "title"))
"""Keys whose values are for people."""

# Lines of comments do not end what is continued.
_STARTS = regex(
    r"(?m)^Exec\w+[ \t]*=[ \t]*[-@:+!]*((?:[^\\\n]|\\\r?\n(?:[ \t]*[#;][^\n]*\n)*|\\.)+)"
)
_OF_UNIT = regex(
    rf"\$(?:\$|\([^()\n]*\)|\{{[^{{}}\n]*\}}|[@<^?*%\w])|{_RETURN}"
    r"|(?<=\n)[ \t]*[#;][^\n]*\n|%[A-Za-z%]"
)
_FENCE = regex(
    r"(?m)^[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?+(`{3,}+|~{3,}+)[ \t]*+([^\n]*+)(?:\n|\Z)"
)
# Lines that are indented after an empty line; in a list, a paragraph is as well.
_INDENTED = regex(r"(?m)(?:\A|^[ \t]*\r?\n)((?:(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t]*\r?\n)+)")
_ITEM = regex(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_DEEP = regex(r" {8}|\t\t| {4}\t")
_MOST_BEFORE = 2_000
_OF_SHELL = regex(r"(?:\{?[ \t]*\.?(?:(?:ba|da|k|z)?sh|shell|console|terminal|text|none)\b.*)?")
# A prompt; that of root looks like a comment.
_ENGINE = r"(?:sudo |\w+=\S* )*(?:docker|podman|nerdctl|buildah)[ -]"
_PROMPT = rf"[$>%❯][ ]++|# (?={_ENGINE})"
_PROMPTED = regex(rf"(?m)^[ \t]*+(?:{_PROMPT})")
_STARTS_COMMAND = rf"(?={_ENGINE}|(?:sudo|cd|export|if|for) |\w+=|[\w-]+\(\))"
_COMMAND = regex(rf"(?m)^[ \t]*+(?:{_PROMPT}|{_STARTS_COMMAND})(?:[^\\\n]|\\\r?\n|\\.)*+")
# What a reader fills in, and templates of the tools that make pages.
_WRITTEN = regex(
    rf"(?m)^[ \t]*+(?:{_PROMPT})|<[A-Za-z][\w.:/@|-]*(?: [A-Za-z|][\w.:/@|-]*)*>|{_RETURN}"
    r"|(?<!\S)(?:\.\.\.|…)(?!\S)"
    r"|\[(?:[:@]?[A-Z][A-Z_ |@:]*)?(?:\.\.\.|…)?\](?<!\[\])|\{\{[^{}\n]*+\}\}|\{%[^%\n]*+%\}"
)
_INCLUDES = regex(
    r"(?m)(?:^|[;&|({]|\b(?:then|do|else))[ \t]*(?:\.|source|[-s]?include)[ \t]+([^\n;&|]+)"
)
_END_OF_PATH = regex(r"(?:\$\w+)?([\w.+@%:,/-]+)[\"')}]*(?=\s|$)")


def scripts_of(source: Source) -> Iterator[Script]:
    """Yield the scripts of a file that may start containers or build images."""
    kind = script_kind_of(source.name, source.text)
    if kind is None or not uses_engine(source.text):
        return
    for text in _READERS[kind](source):
        if mentions(text.value):
            yield read(text)


def may_include(text: str) -> Iterator[str]:
    """Yield the ends of the paths that a script or a Makefile may read as its own text.

    They are what follows the last part that only a run knows.
    """
    for found in _INCLUDES.finditer(text):
        yield from (one.lstrip("/") for one in _END_OF_PATH.findall(found[1]))


def _whole(source: Source) -> Iterator[Text]:
    yield _cut(source, 0, len(source.text), _RETURNS, lambda _: "")


def _in_makefile(source: Source) -> Iterator[Text]:
    from tightship.frontends.invocations.recipes import recipes

    yield from recipes(source, mentions)


def in_unit(source: Source) -> Iterator[Text]:
    """Yield the commands of a unit, with its variables as a shell has them."""
    for found in _STARTS.finditer(source.text):
        yield _cut(source, *found.span(1), _OF_UNIT, _as_unit_has)


def _as_unit_has(text: str) -> str:
    """Return a variable, a specifier or a comment of a unit as the command gets it."""
    if text[0] == "%" and text != "%%":
        return UNKNOWN
    if text in ("$$", "%%"):
        return text[0]
    return text if text[0] == "$" else ""


def _in_document(source: Source) -> Iterator[Text]:
    for start, end, label in blocks(source.text):
        if label is not None and _OF_SHELL.fullmatch(label) is not None:
            yield typed(source, start, end)


def blocks(text: str) -> Iterator[tuple[int, int, str | None]]:
    """Yield the places of the parts of a document, those of code with their label.

    They are those of CommonMark; other languages for documents indent code as well.
    """
    start, fence, label = 0, "", ""
    for found in _FENCE.finditer(text):
        if fence:
            if not found[1].startswith(fence) or found[2].strip():
                continue
            yield start, found.start(), label
            start, fence = found.end(), ""
        elif found[1][0] == "~" or "`" not in found[2]:
            yield from _indented(text, start, found.start())
            start, fence, label = found.end(), found[1], found[2].strip()
    if fence:
        yield start, len(text), label
    else:
        yield from _indented(text, start, len(text))


def _indented(text: str, start: int, end: int) -> Iterator[tuple[int, int, str | None]]:
    """Yield the indented blocks between two places, and what is between them."""
    for found in _INDENTED.finditer(text, start, end):
        first, last = found.span(1)
        above = text[max(start, first - _MOST_BEFORE) : first]
        is_code = _COMMAND.search(text, first, last) is not None
        if is_code and (_DEEP.match(text, first) or not _is_in_list(above)):
            yield start, first, None
            yield first, last, ""
            start = last
    yield start, end, None


def _is_in_list(before: str) -> bool:
    """Return whether a text ends in a list, by its last line that is not indented."""
    for line in reversed(before.splitlines()):
        if _ITEM.match(line):
            return True
        if line[:1].strip():
            return False
    return False


def typed(source: Source, start: int, end: int, hole: str = UNKNOWN) -> Text:
    """Return what a person types of a block: if it has prompts, the lines that are commands.

    ``hole`` stands for what a reader fills in.
    """

    def value(text: str) -> str:
        return hole if text[0] in "<[{.…" else ""

    has_prompts = _PROMPTED.search(source.text, start, end) is not None
    commands = _COMMAND.finditer(source.text, start, end) if has_prompts else ()
    pieces = list["Piece"]()
    for first, last in [one.span() for one in commands] or [(start, end)]:
        pieces += _pieces(source.text, first, last, _WRITTEN, value)
        pieces.append(("\n", last, last))
    return Text(source, pieces)


def in_values(source: Source) -> Iterator[Text]:
    """Yield all texts of YAML or JSON but prose, with the values that a workflow decides."""
    from tightship.frontends.invocations.workflow_values import values_in, ways
    from tightship.syntax.yaml.nodes import Mapping, Scalar, walk
    from tightship.syntax.yaml.read import read as read_yaml
    from tightship.syntax.yaml.scalar_text import scalar_text

    for document in read_yaml(source).documents:
        nodes = [*walk(document)]
        values = values_in(nodes)
        prose = {
            id(value)
            for node in nodes
            if isinstance(node, Mapping)
            for key, value in node.entries
            if isinstance(key, Scalar) and key.value in PROSE
        }
        for node in nodes:
            if isinstance(node, Scalar) and id(node) not in prose and uses_engine(node.value):
                yield from ways(scalar_text(node), EXPRESSION, values)


_READERS: dict[str, Callable[[Source], Iterator[Text]]] = {
    "shell": _whole,
    "makefile": _in_makefile,
    "structure": in_values,
    "unit": in_unit,
    MARKDOWN: _in_document,
}


def _cut(
    source: Source, start: int, end: int, pattern: re.Pattern[str], value: Callable[[str], str]
) -> Text:
    return Text(source, _pieces(source.text, start, end, pattern, value))


def _pieces(
    text: str, start: int, end: int, pattern: re.Pattern[str], value: Callable[[str], str]
) -> Iterator[Piece]:
    """Yield the pieces of a text, with other text for each match of a pattern."""
    for found in pattern.finditer(text, start, end):
        yield text[start : found.start()], start, found.start()
        yield value(found[0]), *found.span()
        start = found.end()
    yield text[start:end], start, end
