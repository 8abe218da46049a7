"""SPDX licence expressions (SPDX specification 3.0, annex B).

Ids are compared without their case, and operators are all in capitals or all in lower case.
"""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import regex
from tightship.lazy.modules import facts
from tightship.values.matching import closest

_TOKENS = regex(r"[()]|[^\s()]+")
_REFERENCES = {
    "licence": regex(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+"),
    "exception": regex(r"(?:DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+"),
}
_BETWEEN = ("AND", "and", "OR", "or")
_WITH = ("WITH", "with")


def spdx_problem(text: str) -> str | None:
    """Return what is wrong with a licence expression, or None."""
    wanted, last, depth = "licence", "", 0
    for token in _TOKENS.findall(text):
        if wanted == "licence" and token == "(":
            depth += 1
        elif wanted:
            problem = _name_problem(token, wanted)
            if problem is not None:
                return problem
            wanted, last = "", wanted
        elif token == ")":
            depth, last = depth - 1, ""
        elif token in _BETWEEN:
            wanted = "licence"
        elif token in _WITH and last == "licence":
            wanted = "exception"
        else:
            return f"`{token}` is in the place of `AND`, `OR` or `WITH`"
        if depth < 0:
            break
    if depth:
        return "its parentheses do not match"
    return f"{'an' if wanted[0] == 'e' else 'a'} {wanted} is missing" if wanted else None


def _name_problem(token: str, kind: str) -> str | None:
    """Return why a word names no licence, or no exception."""
    if _REFERENCES[kind].fullmatch(token) is not None:
        return None
    known, version = _list(kind)
    if (token.removesuffix("+") if kind == "licence" else token).lower() in known:
        return None
    meant = closest(token, known.values())
    ask = f"; did you mean `{meant}`?" if meant else ""
    return f"list {version} has no {kind} `{token}`{ask}"


@lru_cache(maxsize=128)
def _list(kind: str) -> tuple[dict[str, str], str]:
    """Return the names of a kind, by their lower case, and the version of the list."""
    made = facts("spdx")
    return {one.lower(): one for one in made[f"{kind}s"].split()}, made["version"]
