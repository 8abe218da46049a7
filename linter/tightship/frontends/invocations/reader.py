"""The commands in one text, by the kind of its file; each reader is loaded when it is needed."""

from __future__ import annotations

from tightship.frontends.invocations.kinds import is_ci, is_shell
from tightship.lazy import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.invocations.found import Found
    from tightship.frontends.invocations.origin import Origin

_COMPOSE = regex(r"(?m)^services:[ \t]*+(?:#.*)?$")
# A comment that mentions Compose.
_COMMENT = regex(r"(?m)^[ \t]*+(?:#|//|--|;|\*|(?i:rem)\b)(?=[^\n]*ompose)[^\n]*+")
_WITH_COMMENTS = frozenset(("structure", "makefile", "shell"))


def found_in(origin: Origin, kind: str, text: str) -> Iterator[Found]:
    """Yield the commands in the text of a file of a kind; only files that it includes are read."""
    if kind == "script":  # without an ending
        kind = "shell" if is_shell(text) else "lines"
        origin = origin if kind == "shell" else origin.told
    source = Source(origin.name, text)
    if kind == "makefile":
        from tightship.frontends.invocations.makefile import Makefile

        yield from Makefile(origin).chains(source)
    elif kind == "shell":
        from tightship.frontends.invocations.shell import chains_of, whole_of

        yield from chains_of(origin, whole_of(source))
    elif kind == "structure":
        if is_ci(origin.name) or not _COMPOSE.search(text):
            from tightship.frontends.invocations.structured import chains_in_structure

            yield from chains_in_structure(origin, source)
    else:
        from tightship.frontends.invocations.documents import READERS

        yield from READERS[kind](origin, source)
    if kind in _WITH_COMMENTS and (comments := [*_COMMENT.finditer(text)]):
        from tightship.frontends.invocations.documents import chains_at

        yield from chains_at(origin.told, source, comments)
