"""Lists of Compose files in code: literals next to each other, as test suites have them."""

from __future__ import annotations

from tightship.engine.roles.invocation import invocation_in, with_program
from tightship.engine.roles.role import Evidence
from tightship.engine.roles.tree import UNKNOWN
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.roles.invocation import Origin
    from tightship.engine.roles.role import Chain

# A run of string literals, each of which may be an argument of a call that builds a path.
_WRAPPED = (
    r"(?:(?:new )?+[\w.]{1,40}+\((?:[\w.]{1,40}+, ?)?+)?+"
    r"[fFbBrR]?+(?:\"[^\"\n]{0,300}+\"|'[^'\n]{0,300}+'|`[^`\n]{0,300}+`)\)?+"
)
_GAP = r"(?:\s++|(?://|#)[^\n]*+\n)*+"
_RUN = regex(rf"{_WRAPPED}(?:\s*+,{_GAP}{_WRAPPED})++")
_ONE = regex(r"\"([^\"\n]*+)\"|'([^'\n]*+)'|`([^`\n]*+)`")
_HOLE = regex(r"\$?\{[^{}\n]*+\}|%[sdvq]")
_MOST_LITERALS = 500
_YAML = (".yml", ".yaml")


def chains_in_literals(origin: Origin, text: str) -> Iterator[Chain]:
    """Yield the chains of lists of literals that are commands or names of files."""
    is_likely = any(ending in text for ending in _YAML)
    for run in _RUN.finditer(text) if is_likely else ():
        if ".y" not in run[0]:
            continue
        if run[0].count(",") > _MOST_LITERALS:
            origin.leave(f"has a list of more than {_MOST_LITERALS} texts")
            continue
        words = [_HOLE.sub(UNKNOWN, "".join(one)) for one in _ONE.findall(run[0])]
        line = text.count("\n", 0, run.start()) + 1
        found = invocation_in(words) or invocation_in(with_program(_options(words)))
        files = [one for one in words if one.endswith(_YAML)]
        if found is not None:
            yield from origin.chains(words, found, line, origin.bases)
        elif len(files) > 1 and len(files) == len(words):
            for chain in origin.listed(files, _evidence(origin, files, line), "list"):
                if sum(map(origin.tree.has, chain.files)) > 1:
                    yield chain


def _options(words: list[str]) -> list[str]:
    """Return the words from the first `-f` on."""
    start = next((at for at, one in enumerate(words) if one in ("-f", "--file")), len(words))
    return words[start:]


def _evidence(origin: Origin, files: list[str], line: int) -> Evidence:
    shown = ", ".join(f"`{one}`" for one in files[:4]).replace(UNKNOWN, "…")
    more = " and others" if len(files) > 4 else ""
    return Evidence(f"{origin.name}:{line}", f"lists {shown}{more}")
