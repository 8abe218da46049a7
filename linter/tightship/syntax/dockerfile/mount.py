"""Errors in the options of ``RUN --mount``, as BuildKit reports them.

Facts from BuildKit, frontend/dockerfile/instructions: commands_runmount.go. An option
with a variable or a quote in it is left to the build.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.dockerfile.words import mount_options
from tightship.text import shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.syntax.dockerfile.nodes import Flag, Word
    from tightship.text import Span

    Problem = tuple[Span, str, tuple[str, ...]]
    """A place, a message, and the words that may be meant."""

    Option = tuple[str, Word | None, Word]

TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
_SHARING = ("shared", "private", "locked")
_OWNED = ("secret", "ssh", "cache")
_ON_OFF = ("readonly", "ro", "readwrite", "rw")
_KEYS = (
    *("type", "from", "source", "src", "target", "dst", "destination", "id", "sharing"),
    *("required", "size", "mode", "uid", "gid", "env", *_ON_OFF),
)
_ONLY: dict[str, tuple[str, ...]] = {
    "required": ("secret", "ssh"),
    "size": ("tmpfs",),
    "mode": _OWNED,
    "uid": _OWNED,
    "gid": _OWNED,
    "sharing": ("cache",),
    **dict.fromkeys(("source", "src"), ("bind", "cache", "tmpfs", "secret")),
}
_EARLY = ("required", "size")
"""The options that BuildKit compares with the type read so far."""
_VALUES = {
    **dict.fromkeys(
        (*_ON_OFF, "required"),
        (regex("[01tTfF]|TRUE|True|true|FALSE|False|false"), "`true` or `false`"),
    ),
    **dict.fromkeys(("uid", "gid"), (regex("0*[0-9]{1,10}"), "a number")),
    "mode": (regex("0*[1-3]?[0-7]{1,10}"), "an octal number"),
}
_OPEN = regex(r"""[$"'\\`]""")
_VARIABLE = regex(r"\$.")


def mount_problems(flag: Flag) -> Iterator[Problem]:
    """Yield the problems of a ``--mount``, in the order of the text."""
    options = mount_options(flag)
    so_far, kind = _kind([]), _kind(options)
    for number, (key, said, option) in enumerate(options):
        found = _flaw(key, said, option)
        if key == "type":
            so_far = _kind(options[: number + 1])
        counts = so_far if key in _EARLY else kind
        if found is None and counts in TYPES and counts not in _ONLY.get(key, TYPES):
            found = option.span, f"a mount of type `{counts}` accepts no `{key}`", ()
            if counts != kind:
                found = option.span, f"`{key}` has to come after `type`", ()
        if found is not None:
            yield found
    if kind == "secret":
        yield from _secret(flag, options)


def _kind(options: list[Option]) -> str | None:
    """Return the type of a mount; ``None`` if it holds a variable."""
    kind = "bind"
    for key, said, _ in options:
        if key == "type" and said is not None:
            if _OPEN.search(said.value):
                return None
            kind = said.value.lower()
    return kind


def _flaw(key: str, said: Word | None, option: Word) -> Problem | None:
    """Return the problem of an option by itself."""
    if said is None:
        if key in _ON_OFF or key == "required":
            return None
        text = shortened(option.value)
        if key in _KEYS:
            return option.span, f"`{text}` needs a value: `{text}=…`", ()
        return option.span, f"`{text}` is not an option of a mount", _KEYS
    if key not in _KEYS:
        place = option.span.part(option.value[: len(key)])
        return place, f"a mount has no option `{shortened(key)}`", _KEYS
    if key == "from" and _VARIABLE.search(said.value):
        message = "`from` cannot hold a variable: name a stage with FROM"
        return option.span, message, ()
    if _OPEN.search(said.value):
        return None
    choices = {"type": TYPES, "sharing": _SHARING}.get(key)
    if choices is not None and said.value.lower() not in choices:
        name = "a mount" if key == "type" else "`sharing`"
        return said.span, f"{name} is one of {', '.join(choices)}", choices
    form = _VALUES.get(key)
    if form is not None and form[0].fullmatch(said.value) is None:
        return said.span, f"`{key}` is {form[1]}", ()
    return None


def _secret(flag: Flag, options: list[Option]) -> Iterator[Problem]:
    said = {key: option for key, value, option in options if value and value.value}
    if "from" in said:
        yield said["from"].span, "a secret comes from no stage", ()
    source = said.get("source") or said.get("src")
    if source is not None and "id" in said:
        yield source.span, "a secret has an `id` or a `source`, not both", ()
    if not said.keys() & {"source", "src", "target", "dst", "destination", "id"}:
        yield flag.span, "a secret needs an `id`: `type=secret,id=…`", ()
