"""The invocations of Compose in documents, comments, units, code and settings of one line each."""

from __future__ import annotations

from tightship.frontends.invocations.found import ARGUMENTS, Evidence
from tightship.frontends.invocations.scripts import blocks, in_unit, typed
from tightship.frontends.invocations.shell import chains_of, whole_of
from tightship.frontends.invocations.words import invocation_in, with_program
from tightship.lazy import regex
from tightship.syntax.shell.text import UNKNOWN, substituted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator

    from tightship.frontends.invocations.found import Chain, Found
    from tightship.frontends.invocations.origin import Origin
    from tightship.syntax.shell.text import Text
    from tightship.text import Source

_MENTION = regex(
    r"(?:cd [\w./-]++ && )?+(?:COMPOSE_FILE=\S++ )?+"
    r"(?:(?:docker|podman)[ -]compose|nerdctl compose|docker stack deploy)(?:\s|\Z)"
    r"|(?:docker|podman|nerdctl|buildah)(?: buildx| image)? (?:build|bud|push)\s"
    r"|(?:export )?COMPOSE_FILE=(?=[^\s\"'`])"
    r"|(?<![\w-])(?:-f|--file)[ =][\w./-]++ (?:-f|--file)[ =][\w./-]+\.ya?ml\b"
)
_PLACEHOLDER = regex(
    r"<[\w /|.-]++>|\{\{[^{}\n]*+\}\}|(?<!\$)\{(?![\s{])[^{}\n]*+\}|%[sdvr]|…|\.\.\.|</?[a-z]++>"
    r"|,(?=\s)|(?<![\w\[])\[(?![\s\[])[^][\n]*+\]"
)
# A line with a mention has one of them.
_KEYS = ("compose", "COMPOSE_FILE", "stack deploy", "-f")
_BUILDS = (" build", " bud", " push")
_LONGEST = 10_000  # characters of a line: longer ones are no command
_SETTING = regex(r"[ \t]*+(#?)[ \t#]*+(?:export[ \t]++)?COMPOSE_FILE[ \t]*+=[ \t]*+([^\n]*+)")
_SEPARATOR = regex(r"(?m)^[ \t]*+(?:export[ \t]++)?COMPOSE_PATH_SEPARATOR[ \t]*+=[ \t]*+(\S)")
_DEVCONTAINER = regex(r"\"dockerComposeFile\"\s*+:\s*+(?:\"([^\"\n]*+)\"|\[([^][]{0,5000}+)\])")
_LINE_COMMENT = regex(r"(?m)^[ \t]*+//[^\n]*+")
_JUST = regex(r"(?m)^(?:export )?(\w++)\s*+:=\s*+[\"']([^\"'\n]*+)[\"']")
_JUST_NAME = regex(r"\{\{\s*+(\w++)\s*+\}\}")
_STRING = regex(r"\"((?:[^\"\\\n]|\\.)*+)\"")
# A run of string literals, each of which may be an argument of a call that builds a path.
_WRAPPED = (
    r"(?:(?:new )?+[\w.]{1,40}+\((?:[\w.]{1,40}+, ?)?+)?+"
    r"[fFbBrR]?+(?:\"[^\"\n]{0,300}+\"|'[^'\n]{0,300}+'|`[^`\n]{0,300}+`)\)?+"
)
_GAP = r"(?:\s++|(?://|#)[^\n]*+\n)*+"
_RUN = regex(rf"{_WRAPPED}(?:\s*+,{_GAP}{_WRAPPED})++")
_LITERAL = regex(r"\"([^\"\n]*+)\"|'([^'\n]*+)'|`([^`\n]*+)`")
_HOLE = regex(r"\$?\{[^{}\n]*+\}|%[sdvq]")
_MOST_LITERALS = 500
_YAML = (".yml", ".yaml")


def chains_in_document(origin: Origin, source: Source) -> Iterator[Found]:
    """Yield the chains of a text for people: of its blocks of code, and of its lines."""
    whole = whole_of(source)
    for start, end, label in blocks(source.text) if origin.mentions(source.text) else ():
        if not origin.mentions(source.text[start:end]):
            continue
        if label is not None:
            yield from chains_of(origin, typed(source, start, end, ARGUMENTS))
        else:
            yield from _in_lines(origin, whole, start, end)


def chains_in_lines(origin: Origin, source: Source) -> Iterator[Found]:
    """Yield the chains of commands anywhere in the lines of a text."""
    if origin.mentions(source.text):
        yield from _in_lines(origin, whole_of(source), 0, len(source.text))


def chains_at(origin: Origin, source: Source, places: Iterable[re.Match[str]]) -> Iterator[Found]:
    """Yield the chains of commands in some lines of a file."""
    whole = whole_of(source)
    for found in places:
        yield from _in_lines(origin, whole, *found.span())


def _in_lines(origin: Origin, text: Text, start: int, end: int) -> Iterator[Found]:
    value, done = text.value, start
    for line in _likely(value, start, end, (*_KEYS, *_BUILDS) if origin.has_calls else _KEYS):
        stop = _line_end(value, line, end)
        while value[stop - 1 : stop + 1] == "\\\n" and stop < min(end, line + _LONGEST):
            stop = _line_end(value, stop + 1, end)
        stop -= value[stop - 1 : stop] == "\\"
        at = max(line, done) if stop - line <= _LONGEST else stop
        done = stop
        while (found := _MENTION.search(value, at, stop)) is not None:
            at = value.find("`", found.end(), stop)
            at = at if at > 0 else stop
            last = _within_quotes(value, line, found.start(), at)
            holes = _PLACEHOLDER.finditer(value, found.start(), last)
            parts = [*substituted(holes, found.start(), last, _replaced)]
            if found[0][:1] == "-":
                parts.insert(0, ("docker compose ", found.start(), found.start()))
            yield from chains_of(origin, text.replaced(found.start(), last, parts))


def _likely(text: str, start: int, end: int, keys: Iterable[str]) -> list[int]:
    """Return where the lines begin that have one of some keys."""
    found = set[int]()
    for key in keys:
        at = text.find(key, start, end)
        while at >= 0:
            found.add((text.rfind("\n", start, at) + 1) or start)
            at = text.find(key, _line_end(text, at, end), end)
    return sorted(found)


def chains_in_dotenv(origin: Origin, source: Source) -> Iterator[Chain]:
    """Yield the chains of ``COMPOSE_FILE`` in a file of variables, as set or as proposed."""
    separator = _SEPARATOR.search(source.text)
    for number, line in enumerate(source.text.split("\n"), 1):
        found = _SETTING.match(line)
        value = found[2].split(" #")[0].strip().strip("\"'") if found else ""
        if found and value:
            value = _PLACEHOLDER.sub(UNKNOWN, value).replace("$", UNKNOWN)
            for chain in origin.setting(value, separator[1] if separator else "", number):
                yield chain.replaced(kind="document") if found[1] else chain


def chains_in_devcontainer(origin: Origin, source: Source) -> Iterator[Chain]:
    """Yield the chain of ``dockerComposeFile``, whose paths are relative to the file.

    The file has comments (https://containers.dev/implementors/json_reference/).
    """
    text = source.text
    found = _DEVCONTAINER.search(_LINE_COMMENT.sub("", text))
    if found is None:
        return
    files = [found[1]] if found[1] is not None else _STRING.findall(found[2])
    line = text.count("\n", 0, max(0, text.find('"dockerComposeFile"'))) + 1
    message = f"`dockerComposeFile` is `{', '.join(files)}`"
    yield from origin.listed(files, Evidence(f"{origin.name}:{line}", message), "setting")


def chains_in_justfile(origin: Origin, source: Source) -> Iterator[Found]:
    """Yield the chains of the lines of a justfile, with its variables."""
    values: dict[str, str] = dict(_JUST.findall(source.text))
    size = len(source.text)
    names = _JUST_NAME.finditer(source.text)
    parts = substituted(names, 0, size, lambda found: values.get(found[1], UNKNOWN))
    text = whole_of(source).replaced(0, size, parts)
    yield from _in_lines(origin, text, 0, len(text.value))


def chains_in_unit(origin: Origin, source: Source) -> Iterator[Found]:
    """Yield the chains of the commands of a unit, and of its other lines."""
    at, whole = 0, whole_of(source)
    for text in in_unit(source):
        place = text.span(0, len(text.value))
        yield from _in_lines(origin, whole, at, place.start)
        yield from chains_of(origin, text)
        at = place.end
    yield from _in_lines(origin, whole, at, len(source.text))


def _replaced(found: re.Match[str]) -> str:
    """Return a placeholder as words that people fill in; a comma and a tag are no words."""
    return "" if found[0] == "," or found[0][:2] == "</" else ARGUMENTS


def _line_end(text: str, at: int, end: int) -> int:
    found = text.find("\n", at, end)
    return end if found < 0 else found


def _within_quotes(text: str, line: int, start: int, end: int) -> int:
    """Return where a part of a line ends, at most at the quote that was opened before it."""
    for quote in ('"', "'"):
        if text.count(quote, line, start) % 2 or text.count(quote, start, end) % 2:
            found = text.find(quote, start, end)
            end = end if found < 0 else found
    return end


def chains_in_literals(origin: Origin, source: Source) -> Iterator[Chain]:
    """Yield the chains of lists of literals that are commands or names of files."""
    text = source.text
    is_likely = any(ending in text for ending in _YAML)
    for run in _RUN.finditer(text) if is_likely else ():
        if ".y" not in run[0]:
            continue
        if run[0].count(",") > _MOST_LITERALS:
            origin.leave(f"has a list of more than {_MOST_LITERALS} texts")
            continue
        words = [_HOLE.sub(UNKNOWN, "".join(one)) for one in _LITERAL.findall(run[0])]
        line = text.count("\n", 0, run.start()) + 1
        found = invocation_in(words) or invocation_in(with_program(_from_option(words)))
        files = [one for one in words if one.endswith(_YAML)]
        if found is not None:
            yield from origin.chains(words, found, line, origin.bases)
        elif len(files) > 1 and len(files) == len(words):
            for chain in origin.listed(files, _listing(origin, files, line), "list"):
                if sum(map(origin.tree.has, chain.files)) > 1:
                    yield chain


def _from_option(words: list[str]) -> list[str]:
    """Return the words from the first `-f` on."""
    start = next((at for at, one in enumerate(words) if one in ("-f", "--file")), len(words))
    return words[start:]


def _listing(origin: Origin, files: list[str], line: int) -> Evidence:
    shown = ", ".join(f"`{one}`" for one in files[:4]).replace(UNKNOWN, "…")
    more = " and others" if len(files) > 4 else ""
    return Evidence(f"{origin.name}:{line}", f"lists {shown}{more}")


def _in_code(origin: Origin, source: Source) -> Iterator[Found]:
    yield from chains_in_literals(origin.replaced(does="runs", kind="command"), source)
    yield from chains_in_lines(origin, source)


READERS: dict[str, Callable[[Origin, Source], Iterator[Found]]] = {
    "dotenv": chains_in_dotenv,
    "devcontainer": chains_in_devcontainer,
    "just": chains_in_justfile,
    "markdown": chains_in_document,
    "document": chains_in_document,
    "unit": chains_in_unit,
    "lines": chains_in_lines,
    "code": _in_code,
}
"""The readers of other texts than scripts, by the kinds of their files."""
