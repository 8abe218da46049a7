"""The invocations of Compose in documentation, comments and settings of one line each."""

from __future__ import annotations

from tightship.frontends.invocations.found import ARGUMENTS, Evidence
from tightship.frontends.invocations.shell import Shell
from tightship.frontends.invocations.words import invocation_in, with_program
from tightship.lazy import regex
from tightship.syntax.shell.text import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from tightship.frontends.invocations.found import Chain, Found
    from tightship.frontends.invocations.origin import Origin

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
_LONGEST = 10_000  # characters of a line: longer ones are no command
_FENCE = regex(r"\s*+(?:>\s*+)?(```+|~~~+)")
_PROMPT = regex(r"\s*+(?:\$|%|❯|>)[ ]++")
_COMMAND = regex(
    r"\s*+(?:[$#] )?(?:sudo |export |cd |docker[ -]|podman[ -]|COMPOSE_FILE=|nerdctl )"
)
_COMMENT = regex(r"(?i)[ \t]*+(?:#|//|--|;|\*|rem\b)")
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


def chains_in_document(origin: Origin, text: str) -> Iterator[Found]:
    """Yield the chains of a text for people: of its blocks of code, and of its lines."""
    for line, block, is_code in _blocks(text):
        if not origin.mentions(block):
            continue
        if is_code:
            shell = Shell(origin)
            shell.run(_typed(block), line)
            yield from shell.finish()
        else:
            yield from chains_in_lines(origin, block, line)


def chains_in_lines(origin: Origin, text: str, first: int = 1) -> Iterator[Found]:
    """Yield the chains of commands anywhere in the lines of a text."""
    lines = enumerate(text.split("\n") if origin.mentions(text) else (), first)
    for number, line in lines:
        if not origin.mentions(line) or len(line) > _LONGEST:
            continue
        while line.endswith("\\") and len(line) <= _LONGEST:
            line = f"{line}\n{next(lines, (0, ''))[1]}"
        at = 0
        while (found := _MENTION.search(line, at)) is not None:
            at = max(line.find("`", found.end()), 0) or len(line)
            command = _PLACEHOLDER.sub(_replaced, _within_quotes(line, found.start(), at))
            shell = Shell(origin)
            shell.run(f"docker compose {command}" if command[:1] == "-" else command, number)
            yield from shell.finish()


def chains_in_comments(origin: Origin, text: str) -> Iterator[Found]:
    """Yield the chains of commands in the comments of a file."""
    lines = text.split("\n")
    kept = [line if _COMMENT.match(line) and "ompose" in line else "" for line in lines]
    yield from chains_in_lines(origin, "\n".join(kept))


def chains_in_dotenv(origin: Origin, text: str) -> Iterator[Chain]:
    """Yield the chains of ``COMPOSE_FILE`` in a file of variables, as set or as proposed."""
    separator = _SEPARATOR.search(text)
    for number, line in enumerate(text.split("\n"), 1):
        found = _SETTING.match(line)
        value = found[2].split(" #")[0].strip().strip("\"'") if found else ""
        if found and value:
            value = _PLACEHOLDER.sub(UNKNOWN, value).replace("$", UNKNOWN)
            for chain in origin.setting(value, separator[1] if separator else "", number):
                yield chain.replaced(kind="document") if found[1] else chain


def chains_in_devcontainer(origin: Origin, text: str) -> Iterator[Chain]:
    """Yield the chain of ``dockerComposeFile``, whose paths are relative to the file.

    The file has comments (https://containers.dev/implementors/json_reference/).
    """
    found = _DEVCONTAINER.search(_LINE_COMMENT.sub("", text))
    if found is None:
        return
    files = [found[1]] if found[1] is not None else _STRING.findall(found[2])
    line = text.count("\n", 0, max(0, text.find('"dockerComposeFile"'))) + 1
    message = f"`dockerComposeFile` is `{', '.join(files)}`"
    yield from origin.listed(files, Evidence(f"{origin.name}:{line}", message), "setting")


def chains_in_justfile(origin: Origin, text: str) -> Iterator[Found]:
    """Yield the chains of the lines of a justfile, with its variables."""
    values: dict[str, str] = dict(_JUST.findall(text))

    def value(found: re.Match[str]) -> str:
        return values.get(found[1], UNKNOWN)

    yield from chains_in_lines(origin, _JUST_NAME.sub(value, text))


def _replaced(found: re.Match[str]) -> str:
    """Return a placeholder as words that people fill in; a comma and a tag are no words."""
    return "" if found[0] == "," or found[0][:2] == "</" else ARGUMENTS


def _within_quotes(text: str, start: int, end: int) -> str:
    """Return a part of a line up to the quote that was opened before it."""
    before, found = text[:start], text[start:end]
    for quote in ('"', "'"):
        if before.count(quote) % 2 or found.count(quote) % 2:
            found = found.partition(quote)[0]
    return found


def _blocks(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the parts of a text with their first lines, and whether they are code."""
    pending, first, fence, is_indented = list[str](), 1, "", False
    for number, line in enumerate(text.split("\n"), 1):
        found = _FENCE.match(line)
        is_fence = found is not None and (not fence or found[1].startswith(fence))
        indents = not fence and line.startswith(("    ", "\t", "   ")) and bool(line.strip())
        if is_fence or (not fence and indents != is_indented):
            yield first, "\n".join(pending), bool(fence) or _is_code(pending, is_indented)
            pending, first = ([], number + 1) if is_fence else ([line], number)
            fence = "" if fence or found is None or not is_fence else found[1][:3]
            is_indented = indents
        else:
            pending.append(line)
    yield first, "\n".join(pending), bool(fence) or _is_code(pending, is_indented)


def _is_code(lines: list[str], is_indented: bool) -> bool:
    return is_indented and any(map(_COMMAND.match, lines))


def _typed(block: str) -> str:
    """Return what a person types of a block of code: the lines with prompts, if any."""
    lines = block.split("\n")
    if any(map(_PROMPT.match, lines)):
        goes_on = False
        for place, line in enumerate(lines):
            is_typed = goes_on or _PROMPT.match(line) is not None
            goes_on = is_typed and line.endswith("\\")
            lines[place] = _PROMPT.sub("", line, count=1) if is_typed else ""
    return _PLACEHOLDER.sub(_replaced, "\n".join(lines))


def chains_in_literals(origin: Origin, text: str) -> Iterator[Chain]:
    """Yield the chains of lists of literals that are commands or names of files."""
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


def _in_code(origin: Origin, text: str) -> Iterator[Found]:
    yield from chains_in_literals(origin.replaced(does="runs", kind="command"), text)
    yield from chains_in_lines(origin, text)


READERS: dict[str, Callable[[Origin, str], Iterator[Found]]] = {
    "dotenv": chains_in_dotenv,
    "devcontainer": chains_in_devcontainer,
    "just": chains_in_justfile,
    "markdown": chains_in_document,
    "document": chains_in_document,
    "unit": chains_in_lines,
    "lines": chains_in_lines,
    "code": _in_code,
}
"""The readers of other texts than scripts, by the kinds of their files."""
