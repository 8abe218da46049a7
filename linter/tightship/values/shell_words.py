"""Splits a command line into words, as Compose does."""

from __future__ import annotations

_SPACE = frozenset(" \t\r\n")
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

    No shell is involved. Quotes and backslashes are undone, and the first ``;``, ``&``,
    ``|``, ``<`` or ``>`` outside of quotes silently ends the command (mattn/go-shellwords; verified with docker-compose 2.26.1).
    """
    words: list[list[int]] = []
    word: list[int] = []
    there = escaped = single = double = back = dollar = False
    for at, character in enumerate(text):
        if escaped:
            escaped, there = False, True
        elif character == "\\":
            escaped = not single
            if escaped:
                continue
        elif character in _SPACE:
            if not (single or double or back or dollar):
                if there:
                    words.append(word)
                    word, there = [], False
                continue
        elif character == '"' and not (single or dollar):
            there = there or double
            double = not double
            continue
        elif character == "'" and not (double or dollar):
            there = there or single
            single = not single
            continue
        else:
            before, there = there, True
            if single or double:
                pass
            elif character == "`" and not dollar:
                back = not back
            elif character == ")" and not back:
                dollar = not dollar
            elif character == "(" and not back:
                if dollar or not word or text[word[-1]] != "$":
                    return None
                dollar = True
            elif character in _STOPS and not (back or dollar):
                # A number before ">" names a file descriptor, and is no word.
                there = before and not (character == ">" and text[word[0]] in _DIGITS)
                break
        word.append(at)
    if escaped or single or double or back or dollar:
        return None
    return [*words, word] if there else words
