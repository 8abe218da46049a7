"""The words of a Dockerfile's instructions: plain, quoted, flags and JSON strings.

Facts from BuildKit, frontend/dockerfile/parser: line_parsers.go, split_command.go.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.dockerfile.nodes import Flag, Joined, Pair, Word

if TYPE_CHECKING:
    import re

SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""White space for Go: less than for Python, more than BuildKit uses in most places."""

GAP = regex(r"[\t\v\f\r ]+")
"""The white space that splits words for BuildKit; U+00A0 and others do not."""

_SPECIAL = frozenset("@*#?-$!")
_PLAIN = regex(r"[^\t\v\f\r ]+")
_QUOTED = {
    escape: regex(
        rf"(?:[^{SPACE}'\"{mark}]++|{mark}.|'[^']*+(?:'|\Z)"
        rf"|\"(?:[^\"{mark}]++|{mark}.)*+(?:\"|{mark}?\Z)|{mark}\Z)++"
    )
    for escape, mark in (("\\", r"\\"), ("`", "`"))
}

_FLAG = regex(r"--([^\t\n\v\f\r '\"\\=]*+)(=[^\t\n\v\f\r '\"\\]*+)?(?=[\t\n\v\f\r ]|\Z)")
_FLAG_SPACE = "\t\n\v\f\r "

_STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
_EACH_STRING = regex(_STRING)
_ARRAY = regex(rf"\[[ \t\r\n]*+(?:{_STRING}[ \t\r\n]*+(?:,[ \t\r\n]*+{_STRING}[ \t\r\n]*+)*+)?\]")
_ESCAPED = regex(r"\\(?:u([dD][89abAB]..)\\u([dD][c-fC-F]..)|u(....)|(.))")
_INFINITE = float("inf")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def parameter_end(text: str, start: int) -> int:
    """Return the end of what may follow a ``$``: a name, a number, or one of ``@*#?-$!``."""
    end = start
    if text[start : start + 1] in _SPECIAL:
        return start + 1
    if text[start : start + 1].isdecimal():
        while text[end : end + 1].isdecimal():
            end += 1
        return end
    while (one := text[end : end + 1]) == "_" or one.isalpha() or one.isdecimal():
        end += 1
    return end


def plain_words(text: Joined) -> list[Word]:
    """Return the words between white space; quotes are characters like others."""
    return [
        Word(text.span(found.start(), found.end()), found[0])
        for found in _PLAIN.finditer(text.text)
    ]


def quoted_words(text: Joined, escape: str) -> list[tuple[int, int]]:
    """Return the places of words that quotes and escapes can hold together.

    A quote that is not closed reaches to the end. An escape at the very end is not part
    of a word.
    """
    places: list[tuple[int, int]] = []
    for found in _QUOTED[escape].finditer(text.text):
        start, end = found.span()
        if end == len(text.text) and _ends_in_escape(found[0], escape):
            end -= 1
        if start < end:
            places.append((start, end))
    return places


def _ends_in_escape(word: str, escape: str) -> bool:
    """Return whether the last character escapes a character that is missing."""
    if not word.endswith(escape):
        return False
    quote, skip = "", False
    for character in word[:-1]:
        if skip:
            skip = False
        elif character == escape and quote != "'":
            skip = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return not skip and quote != "'"


def pair(text: Joined, start: int, end: int) -> Pair:
    """Return the name and the value of an assignment, which may have no ``=``."""
    equals = text.text.find("=", start, end)
    if equals < 0:
        name = Word(text.span(start, end), text.text[start:end])
        return Pair(name.span, name, None)
    return Pair(
        text.span(start, end),
        Word(text.span(start, equals), text.text[start:equals]),
        Word(text.span(equals + 1, end), text.text[equals + 1 : end]),
    )


def read_flags(line: Joined, at: int) -> tuple[list[Flag], int]:
    """Return the flags that begin at ``at``, and where what follows them begins."""
    text = line.text
    flags: list[Flag] = []
    while text.startswith("--", at):
        found = _FLAG.match(text, at)
        if found is None:
            flag, end = _quoted_flag(line, at)
            if flag.value is None and not flag.name.value:
                return flags, end
            flags.append(flag)
        else:
            end = found.end()
            if end == at + 2:  # a bare `--`: no more flags
                return flags, end
            flags.append(_plain_flag(line, found))
        space = GAP.match(text, end)
        at = space.end() if space else end
    return flags, at


def _plain_flag(line: Joined, found: re.Match[str]) -> Flag:
    start, end = found.span()
    middle = found.end(1)
    name = Word(line.span(start, middle), found[1])
    value = None
    if found[2] is not None:
        value = Word(line.span(middle + 1, end), found[2][1:])
    return Flag(line.span(start, end), name, value)


def _quoted_flag(line: Joined, start: int) -> tuple[Flag, int]:
    r"""Return a flag with quotes or escapes in it; here only ``\`` escapes."""
    text, size = line.text, len(line.text)
    quote, at, equals = "", start, -1
    characters: list[str] = []
    while at < size:
        character = text[at]
        if character == quote:
            quote = ""
        elif quote == "" and character in "'\"":
            quote = character
        elif quote == "" and character in _FLAG_SPACE:
            break
        else:
            if character == "\\":
                at += 1
                if at == size:
                    break
                character = text[at]
            if character == "=" and equals < 0:
                equals = at
            characters.append(character)
        at += 1
    at = min(at, size)
    name, sign, value = "".join(characters).partition("=")
    middle = equals if sign else at
    return (
        Flag(
            line.span(start, at),
            Word(line.span(start, middle), name.removeprefix("--")),
            Word(line.span(middle + 1, at), value) if sign else None,
        ),
        at,
    )


def json_strings(text: Joined) -> list[Word] | None:
    """Return the strings of a JSON array; ``None`` if the text is no such array."""
    if not text.text.startswith("[") or _ARRAY.fullmatch(text.text) is None:
        return None
    return [
        Word(text.span(found.start(), found.end()), _decoded(found[0][1:-1]))
        for found in _EACH_STRING.finditer(text.text)
    ]


def _decoded(string: str) -> str:
    return _ESCAPED.sub(_character, string) if "\\" in string else string


def _character(found: re.Match[str]) -> str:
    """Return the character of an escape; half a surrogate pair is U+FFFD, as in Go."""
    high, low, code, letter = found.groups()
    if letter is not None:
        return _ESCAPES.get(letter, letter)
    if code is None:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    point = int(code, 16)
    return "\ufffd" if 0xD800 <= point < 0xE000 else chr(point)


def is_mixed_array(text: str) -> bool:
    """Return whether a text is a JSON array, but one that holds more than strings."""
    import json

    try:
        held: object = json.loads(
            text, parse_int=_number, parse_float=_number, parse_constant=_number
        )
    except (ValueError, RecursionError):
        return False
    return isinstance(held, list)


def _number(digits: str) -> float:
    """Return a number, which has to be finite, as in Go."""
    number = float(digits)
    if not -_INFINITE < number < _INFINITE:
        raise ValueError(digits)
    return number


def mount_options(flag: Flag) -> list[tuple[str, Word | None, Word]]:
    """Return the options of ``--mount``: key in lower case, value, the whole option.

    The value of a flag is a line of CSV: an option may be quoted as a whole. Options
    that are written twice in the same words have the span of the whole flag.
    """
    options: list[tuple[str, Word | None, Word]] = []
    if flag.value is None:
        return options
    place = flag.value.span
    for field in _csv(flag.value.value):
        key, sign, value = field.partition("=")
        span = place.part(field)
        options.append(
            (key.lower(), Word(span.part(value), value) if sign else None, Word(span, field))
        )
    return options


def _csv(line: str) -> list[str]:
    if '"' not in line:
        return line.split(",")
    at = 0
    fields: list[str] = []
    while at <= len(line):
        found = _CSV_FIELD.match(line, at)
        assert found is not None
        quoted, plain = found.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end() + 1
    return fields


_CSV_FIELD = regex(r'"((?:[^"]|"")*+)"(?=,|\Z)|([^,]*+)')
