"""Splits a command line into words, as Compose does."""

from __future__ import annotations

_SPACE = frozenset(" \t\r\n")
_QUOTES = frozenset("\"'")
_SUBSTITUTES = frozenset("`()")
_STOPS = frozenset(";&|<>")
_DIGITS = frozenset("0123456789")


def split(text: str) -> list[str] | None:
    """Return the words of a command; ``None`` if Compose rejects it.

    See :func:`located_words`.
    """
    words = located_words(text)
    if words is None:
        return None
    return ["".join([text[at] for at in word]) for word in words]


def located_words(text: str) -> list[list[int]] | None:
    """Return the words of a command, each as the offsets of its characters.

    It is ``None`` if Compose rejects the command.

    No shell is involved. Quotes and backslashes are undone, and the first ``;``, ``&``, ``|``,
    ``<`` or ``>`` outside of quotes silently ends the command (mattn/go-shellwords; verified
    with docker-compose 2.26.1).
    """
    words: list[list[int]] = []
    word: list[int] = []
    quote = substitution = ""
    there = escaped = False
    for at, character in enumerate(text):
        if escaped:
            escaped, there = False, True
        elif character == "\\" and quote != "'":
            escaped = True
            continue
        elif character in _SPACE and not (quote or substitution):
            if there:
                words.append(word)
                word, there = [], False
            continue
        elif character in _QUOTES and quote in ("", character) and substitution != "$":
            there = True
            quote = "" if quote else character
            continue
        elif character in _STOPS and not (quote or substitution):
            # A number before ">" names a file descriptor, and is no word.
            is_number = character == ">" and word and text[word[0]] in _DIGITS
            there = there and not is_number
            break
        else:
            there = True
            if character in _SUBSTITUTES and not quote:
                after = _substitution(substitution, text[word[-1]] if word else "", character)
                if after is None:
                    return None
                substitution = after
        word.append(at)
    if escaped or quote or substitution:
        return None
    return [*words, word] if there else words


def _substitution(current: str, before: str, character: str) -> str | None:
    """Return the substitution that is open behind a character: a backtick, ``$`` or none.

    It is ``None`` if Compose rejects the character after the one ``before`` it.
    """
    if character == "`" and current != "$":
        return "" if current else "`"
    if character == ")" and current != "`":
        return "" if current else "$"
    if character == "(" and current != "`":
        return "$" if before == "$" and not current else None
    return current
