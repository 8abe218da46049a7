"""The codes of ShellCheck: each is a rule by itself, which needs no file of its own."""

from __future__ import annotations

from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SHELLCHECK = "shellcheck"
"""The set, and the theme, of the rule whose findings have the codes."""

FINDING = "shellcheck-finding"
"""The rule in the index whose findings have the codes."""

_CODE = regex(r"(?i)SC[123][0-9]{3}")


def code_of(word: str) -> str:
    """Return a code as ShellCheck writes it, or nothing if a word is none."""
    return word.upper() if _CODE.fullmatch(word) else ""


def mentions_shellcheck(words: Iterable[str]) -> bool:
    """Return whether one of some words, or words between commas, selects codes."""
    every = (word.strip() for text in words for word in text.split(","))
    return any(word.lower() in (SHELLCHECK, FINDING) or code_of(word) for word in every)


def rule_of(name: str) -> str:
    """Return the rule in the index that has findings with a name."""
    return FINDING if code_of(name) else name
