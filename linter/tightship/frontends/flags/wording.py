"""What rules say about keys of Compose, in the words of a file with flags or its own keys.

A rule names what to set as Compose does, in code: ``set `read_only: true```, ``remove `pid```.
For a command that is `--read-only` and `--pid`. The table of flags has the names.
"""

from __future__ import annotations

from tightship.frontends.flags.flags import flags_by_key
from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    Spelling = Callable[[str, str, Sequence[str]], str]

# A part of a text with the code after it; what follows `container` is a name. And the word that
# Compose has for a container, which is no part of a name such as `unauthenticated-service`.
_PARTS = regex(r"([^`]*)(?:`([^`\n]*)`)?")
_SERVICES = regex(r"(?<![\w-])([Ss])ervice(?=s?(?![\w-]))")
# The daemon and its socket stay Docker's.
_ENGINE = regex(r"\bDocker(?='s\b| does\b| relabel\b)|`docker(?= (?:diff|stats)`)")
_KEY = regex(r"([a-z_]+(?:\.[a-z_-]+)*)(?:: (.+))?")
_NAMED = frozenset((
    *("container", "file", "folder", "group", "image", "mean", "name", "network", "package", "path"),
    *("program", "stage", "user", "value", "variable", "volume"),
))  # fmt: skip
# A list that a file has is a flag for each item.
_UNDER = frozenset(("under", "below"))
_WORDS = ("tmpfs",)  # a kind of file system as well
_SERVICE = "service:"
_MODES: dict[tuple[str, ...], tuple[str, ...]] = {("network_mode",): ("networks",)}


def worded(text: str, spelled: Spelling) -> str:
    """Return a text of a rule in the words of a file.

    Args:
        text: the text, with code in backticks.
        spelled: returns how the file spells a key of Compose, by the key, the flag for it,
            and its values, if any.

    """

    def replaced(found: re.Match[str]) -> str:
        if found[2] is None:
            return _SERVICES.sub(_container, found[0])
        before, code = _SERVICES.sub(_container, found[1]), found[2]
        *_, last = ("", *before.split())
        made = None if last in _NAMED else _spelled(code, spelled)
        if made is None:
            return f"{before}`{code}`"
        if last in _UNDER:
            before = f"{before.rstrip().removesuffix(last)}with "
        return f"{before}`{made}`"

    return _PARTS.sub(replaced, text)


def _container(service: re.Match[str]) -> str:
    return "Container" if service[1] == "S" else "container"


def _spelled(code: str, spelled: Spelling) -> str | None:
    """Return a key, or a key with its value, as a file spells it; None if it is no such key."""
    if code.startswith(_SERVICE):
        return f"container:{code.removeprefix(_SERVICE)}"
    found = _KEY.fullmatch(code) if code not in _WORDS else None
    if found is None:
        return None
    key, *more = found[1].split(".")
    path = (key, *more)
    flag, name = flags_by_key().get(_MODES.get(path, path)), ""
    if flag is None and more:
        flag, name = flags_by_key().get(path[:-1]), path[-1]
    if flag is None or (name and flag.kind not in ("pair", "limit")):
        return None
    values = [_value(one) for one in _listed(found[2] or "")]
    if name and not values:
        return spelled(key, f"{flag.name} {name}", [])
    return spelled(key, flag.name, [f"{name}={one}" if name else one for one in values])


def of_podman(text: str) -> str:
    """Return a text about an engine, which is Docker to rules, as one about Podman."""
    return _ENGINE.sub(lambda one: "`podman" if one[0][0] == "`" else "Podman", text)


def as_flags(flag: str, values: Sequence[str]) -> str:
    """Return a flag with its values, as the command line of an engine has them."""
    if not values or values == ["true"]:
        return f"--{flag}"
    return " ".join(f"--{flag}={one}" if one == "false" else f"--{flag} {one}" for one in values)


def _listed(text: str) -> list[str]:
    if text[:1] == "[":
        return text.strip("[]").split(", ")
    return [text] if text else []


def _value(text: str) -> str:
    value = text.strip("\"'")
    return f"container:{value.removeprefix(_SERVICE)}" if value.startswith(_SERVICE) else value
