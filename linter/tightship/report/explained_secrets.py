"""Configurations without the secrets that their values hold.

Names and values decide, and the variables that a value is made of: a password from
``.env`` or from the environment is in no file that a rule looks at.
"""

from __future__ import annotations

from tightship.report.terminal import HIDDEN
from tightship.values.secret import is_placeholder_or_reference, is_secret_name, looks_like_secret
from tightship.values.secret_text import secrets_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.report.json import Json

# The text before a word of a command that says what the word is.
_BEFORE = 200
_FROM_VARIABLE = ("variable", "default", "environment")


def without_secrets(config: Json, origins: Json, name: str = "") -> Json:
    """Return a configuration in which :data:`HIDDEN` replaces each secret.

    Args:
        config: plain data, as ``docker compose config`` has it, with ``$$`` for ``$``.
        origins: data of the same shape, with the origin of each value.
        name: the key of the data.

    """
    if isinstance(config, dict):
        below = origins if isinstance(origins, dict) else {}
        return {key: without_secrets(value, below.get(key), key) for key, value in config.items()}
    if isinstance(config, list):
        listed = origins if isinstance(origins, list) else [None] * len(config)
        return [
            _hidden(item, origin, "", _text_before(config, index))
            if isinstance(item, str)
            else without_secrets(item, origin)
            for index, (item, origin) in enumerate(zip(config, listed, strict=True))
        ]
    if isinstance(config, str):
        return _hidden(config, origins, name)
    if config is not None and not isinstance(config, bool):
        return HIDDEN if looks_like_secret(name, str(config)) else config
    return config


def _text_before(items: list[Json], index: int) -> str:
    """Return the words of a command before one of them, as far as they matter."""
    found, at = "", index - 1
    while at >= 0 and len(found) < _BEFORE:
        found, at = f"{items[at]} {found}", at - 1
    return found[-_BEFORE:]


def _hidden(written: str, origin: Json, name: str, before: str = "") -> str:
    """Return a value without its secrets, with ``$$`` for ``$`` as before."""
    text = written.replace("$$", "$")
    shown = value_without_secrets(text, name, _variables(origin), before)
    return shown.replace("$", "$$") if shown != text else written


def value_without_secrets(text: str, name: str, variables: Iterable[str], before: str = "") -> str:
    """Return a value in which :data:`HIDDEN` replaces each secret.

    Args:
        text: the value.
        name: its key.
        variables: the names of the variables that it is made of.
        before: the words before a word of a command.

    """
    if looks_like_secret(name, text):
        return HIDDEN
    places = secrets_in(before + text)
    shown = _without(text, ((a - len(before), b - len(before)) for a, b in places))
    is_of_secret = any(map(is_secret_name, variables))
    if shown == text and is_of_secret and not is_placeholder_or_reference(text):
        return HIDDEN
    return shown


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    pieces, done = list[str](), 0
    for start, end in sorted(places):
        start = max(start, done)
        if end > start:
            pieces += text[done:start], HIDDEN
            done = end
    return "".join(pieces) + text[done:]


def _variables(origin: Json) -> Iterator[str]:
    """Yield the names of the variables that provide a value."""
    way = origin.get("way") if isinstance(origin, dict) else None
    for step in way if isinstance(way, list) else ():
        if isinstance(step, dict) and step.get("kind") in _FROM_VARIABLE:
            yield str(step.get("name"))
