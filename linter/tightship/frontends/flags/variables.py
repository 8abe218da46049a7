"""The variables of a script that the script decides, as far as its text alone shows it.

They are the folder of the script, and defaults: ``X="${X:-a}"`` is ``a`` for who sets nothing.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.syntax.shell.nodes import Variable
    from tightship.text import Source

# `$(dirname "$0")`, `${0%/*}`: the folder of the script.
_SCRIPT = r"\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?\})"
_REAL = rf"(?:{_SCRIPT}|\$\((?:readlink -f|realpath)(?: --)? [\"']?{_SCRIPT}[\"']?\))"
_DIRNAME = (
    rf"(?:\$\([ \t]*dirname[ \t]+(?:--[ \t]+)?[\"']?{_REAL}[\"']?[ \t]*\)"
    r"|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\})"
)
_BELOW = r"((?:/[\w.-]+)*)/?"
_QUOTE = r"[\"']?"
_OWN = regex(rf"{_QUOTE}{_DIRNAME}{_QUOTE}{_BELOW}{_QUOTE}")
_TOP = regex(
    rf"{_QUOTE}\$\([ \t]*git[ \t]+rev-parse[ \t]+--show-toplevel[ \t]*\){_QUOTE}{_BELOW}{_QUOTE}"
)
# `$(cd "$(dirname "$0")/.." && pwd)`
_CHANGED = regex(
    rf"{_QUOTE}\$\([ \t]*cd[ \t]+(?:-P[ \t]+)?(?:--[ \t]+)?{_QUOTE}{_DIRNAME}{_QUOTE}{_BELOW}{_QUOTE}"
    r"[ \t]*(?:&?>[ \t]*/dev/null[ \t]*(?:2>&1)?[ \t]*)?(?:&&|;)[ \t]*pwd(?:[ \t]+-P)?[ \t]*\)[\"']?"
)
_VARIABLE = regex(rf"{_QUOTE}\$(?:(\w+)|\{{(\w+)\}}){_QUOTE}{_BELOW}{_QUOTE}")
_ASSIGNED = regex(
    r"(?m)^[ \t]*(?:(?:export|local|readonly|declare|typeset)[ \t]+(?:-\w+[ \t]+)?)?(\w+)=([^\n#]*)"
)
_SET = regex(
    r"(?m)\b(?:for|select|read(?:[ \t]+-\w+)*)[ \t]+(\w+)"
    r"|(?:[;&|({)]|\b(?:then|do|else))[ \t]*(\w+)="
    # A key of YAML, and a definition of make.
    r"|(?:^[ \t-]*|(?<!\$)[{,][ \t]*)[\"']?(\w+)[\"']?[ \t]*(?:[?:+!]{1,3}=|:(?=[ \t])|[ \t]=)"
)
_DEEPEST, _LONGEST = 5, 1_000
# What means the same to a shell and in a text of Compose.
_TEXT = r"[\w./:@%+-]*"
_DEFAULT = regex(rf"[\"']?\$\{{(\w+)(:?[-=])({_TEXT})\}}[\"']?;?")
_CONSTANT = regex(
    r"(?m)^(?:(?:export|readonly|declare|typeset)[ \t]+(?:-\w+[ \t]+)?)?"
    rf"(\w+)=(?:'({_TEXT})'|\"({_TEXT})\"|({_TEXT}))[ \t]*(?:[ \t]#.*)?$"
)
# What may not run, or is no part of the script, if its first line is not indented.
_BEGINS = regex(r"(?:if|case|for|while|until|select)\b(?!.*\b(?:fi|esac|done)\b)|\S.*[({]\s*$")
_ENDS = regex(r"(?:fi|esac|done)\b|[)}]")
_HEREDOC = regex(r"(?<!<)<<-?[ \t]*[\"'\\]?(\w+)")
_PLAIN = regex(_TEXT)
_GIVEN = regex(r"(?m)^[ \t]*:[ \t]+[\"']?(\$\{(\w+):?=[^{}\n]*\})")  # : "${X:=a}"
_OF_MAKE = regex(
    r"(?m)^(?:export[ \t]+)?(\w+)[ \t]*(?::{0,3}|\?)="
    r"[ \t]*((?:[\w./:@%+-]|\$\(\w+\)|\$\{\w+\})*)[ \t]*\r?$"
)
_NAMED = regex(r"\$[({](\w+)[)}]")
_MADE = regex(r"(\w+)[ \t]*[:?+!]{0,3}=")
_CONDITIONS = frozenset(("ifdef", "ifndef", "ifeq", "ifneq"))
_DEFAULTS = frozenset((":-", "-", ":=", "="))
_IN_TEXT = regex(rf"\$\{{\w+:?-({_TEXT})\}}")


def decided(variable: Variable) -> str | None:
    """Return what a text of Compose has for a variable of a script; None if it is unknown.

    That is the folder of the script from its own one, a constant, or a default.
    """
    source, name = variable.text.source, variable.name
    given = _assigned(source.text).get(name, ())
    if variable.operator in _DEFAULTS:
        word = variable.argument
        text = "" if word is None else word.value
        is_used = all(_DEFAULT.fullmatch(one.strip()) for one in given)
        is_known = is_used and text is not None and _PLAIN.fullmatch(text) is not None
        return _with_default(name, variable.operator, text or "") if is_known else None
    if variable.operator or len(given) != 1:
        return None
    path = fixed_path(variable.raw, source)
    if path is not None:
        own = posixpath.dirname(source.name)
        return posixpath.join("${CURDIR}", posixpath.relpath(f"/{path}", f"/{own}")).removesuffix(
            "/."
        )
    found = _DEFAULT.fullmatch(given[0].strip())
    if found is not None and found[1] == name:
        return _with_default(name, found[2], found[3])
    known = _constants(source.text).get(name)
    return known[1] if known is not None and known[0] < variable.span.start else None


def defined(name: str, source: Source) -> str | None:
    """Return what a text of Compose has for a variable of make that has one value, a plain one."""
    text = _of_make(source.text).get(name)
    return None if text is None else _with_default(name, ":-", text)


def with_defaults(text: str) -> str:
    """Return a text of Compose with defaults in place of their variables."""
    return _IN_TEXT.sub(r"\1", text)


def _with_default(name: str, operator: str, text: str) -> str:
    return f"${{{name}{operator.replace('=', '-')}{text}}}"


def fixed_path(raw: str, source: Source, depth: int = 0) -> str | None:
    """Return the path that a word means wherever the script starts, from the root.

    A variable counts if the script sets it once.
    """
    own = posixpath.dirname(source.name)
    for pattern, base in ((_OWN, own), (_CHANGED, own), (_TOP, "")):
        found = pattern.fullmatch(raw)
        if found is not None:
            return posixpath.normpath(posixpath.join(base, found[1].lstrip("/")))
    found = _VARIABLE.fullmatch(raw)
    if found is None or depth > _DEEPEST:
        return None
    given = _assigned(source.text).get(found[1] or found[2], ())
    path = fixed_path(given[0].strip(), source, depth + 1) if len(given) == 1 else None
    return None if path is None else posixpath.normpath(posixpath.join(path, found[3].lstrip("/")))


@lru_cache(maxsize=4)
def _assigned(text: str) -> Mapping[str, Sequence[str]]:
    """Return what each variable of a script is given, line by line."""
    found: dict[str, list[str]] = {}
    for one in _ASSIGNED.finditer(text):
        found.setdefault(one[1], []).append(one[2])
    for one in _GIVEN.finditer(text):
        found.setdefault(one[2], []).append(one[1])
    for one in _SET.finditer(text):  # in other ways
        found.setdefault(one[1] or one[2] or one[3], []).append("")
    return found


@lru_cache(maxsize=4)
def _constants(text: str) -> Mapping[str, tuple[int, str]]:
    """Return where a script gives variables plain values, in lines that it surely runs."""
    found = dict[str, tuple[int, str]]()
    at = depth = 0
    heredoc = ""
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        if heredoc:
            heredoc = "" if line.strip() == heredoc else heredoc
            continue
        given = _CONSTANT.match(line) if not depth else None
        if given is not None:
            found[given[1]] = start, given[2] or given[3] or given[4] or ""
        if _ENDS.match(line):
            depth = max(depth - 1, 0)
        elif _BEGINS.match(line):
            depth += 1
        opened = _HEREDOC.search(line)
        heredoc = opened[1] if opened is not None else ""
    return found


@lru_cache(maxsize=4)
def _of_make(text: str) -> Mapping[str, str]:
    """Return the plain values of variables of make that have only one, in no condition."""
    times = dict[str, int]()
    for one in _MADE.finditer(text):
        times[one[1]] = times.get(one[1], 0) + 1
    found = dict[str, str]()
    depth = 0
    for line in text.splitlines():
        first = line.split(None, 1)[0] if line.strip() else ""
        depth += (first in _CONDITIONS) - (first == "endif")
        given = _OF_MAKE.match(line) if depth <= 0 else None
        if given is not None and times.get(given[1]) == 1:
            found[given[1]] = given[2]
    for _ in range(_DEEPEST):
        found = {name: _filled(one, found) for name, one in found.items() if len(one) < _LONGEST}
    return {name: value for name, value in found.items() if "$" not in value}


def _filled(value: str, known: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda one: known.get(one[1], one[0]), value)
