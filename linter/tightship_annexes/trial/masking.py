"""What a trial must not say: secrets and other values of the project, in any form.

All that containers write goes through :class:`Masks` before it is clipped, compared or
shown. Programs print values quoted, escaped, encoded, and broken over lines: a text and
the forms of a value are compared without what these ways add.
"""

from __future__ import annotations

import base64
import html
import json
import os
import string

from tightship.engine.disk.regular import read_regular
from tightship.lazy import Record, regex
from tightship.report.redaction import without_secrets
from tightship.report.terminal import HIDDEN
from tightship.values.secret import is_secret_name
from tightship.values.secret_text import secrets_in
from tightship_annexes.trial import items, mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any, Final

    from tightship_annexes.trial import Tree

    Value = tuple[str, str]

_LEAST, _LEAST_OF_SECRET = 4, 3
_SECRET = "secret"  # the name of a value that has none
_PART, _LONGEST_SECRET = 8, 200
_LONGEST_FILE = 1 << 16
_LONGEST_TEXT = 1 << 18
# What quoting, escaping, colours and line breaks add to a text.
_ADDED = regex(r"\x1b\[[0-9;?]*[A-Za-z]|[\s'\"`\\\x00-\x1f]")
_SAFE = ("", "/", "!'()*~", "/:@!$&'()*+,;=~")
_UNRESERVED = string.ascii_letters + string.digits + "_.-~"
_ESCAPE = regex(r"%([0-7][0-9a-fA-F])")
_WORD = regex(r"[a-z]{4,12}")
_ENCODED = frozenset(string.ascii_letters + string.digits + "+/_-=")
# Switches, levels, numbers, versions, sizes and paths: what they say is no secret, and reasons
# need it. Those of variables that are called like secrets are hidden nevertheless.
_PLAIN = regex(
    r"(?i)true|false|yes|none|null|auto|all|debug|trace|info|warn(ing)?|error|localhost"
    r"|v?\d{1,5}([.:]\d{1,5}){0,3}[a-z]{0,2}|(?-i:(:?(/[a-z._-]{1,30}\d{0,2})+/?)+)"
)
_VARIABLE = regex(r"\$\{?([A-Za-z_]\w*)")
_SETTING = regex(r"\s*(?:export\s+)?[\"']?([\w.-]+)[\"']?\s*(?:[=:]\s*|\s)(.+)")
_LOGIN = regex(r"[\w.@-]+:([^\s/:@]{4,})")
_OF_IMAGE = regex(r"[/:@]")


class _Form(Record):
    """A text to look for; an exact one has capitals that count, a whole one is a word."""

    text: str
    is_exact: bool = False
    is_whole: bool = False


class Masks:
    """Hides values in texts; without values, only what looks like a secret by itself."""

    def __init__(self, values: Iterable[Value] = (), public: Iterable[str] = ()) -> None:
        """Take values with the names of their variables, and words that are no secret."""
        known = {*public}
        forms = dict[tuple[str, bool, bool], _Form]()
        for name, value in values:
            for part, is_secret in _parts(name, value):
                if not _is_public(part, known, is_secret=is_secret):
                    for one in _forms(part, is_secret=is_secret):
                        forms[one.text, one.is_exact, one.is_whole] = one
        self._values: Final = [*forms.values()]
        self._longest = max((len(one.text) for one in self._values), default=0)

    def text(self, text: str) -> str:
        """Return a text without the values."""
        if not self._values:
            return text
        text = text[-_LONGEST_TEXT - 2 * self._longest :]
        kept, last = list[int](), 0
        for found in _ADDED.finditer(text):
            kept += range(last, found.start())
            last = found.end()
        kept += range(last, len(text))
        exact = "".join([text[at] for at in kept])
        lower = "".join([(one.lower() or one)[0] for one in exact])
        places = list[tuple[int, int]]()
        for form in self._values:
            within, size = exact if form.is_exact else lower, len(form.text)
            at = within.find(form.text)
            while at >= 0:
                place = kept[at], kept[at + size - 1] + 1
                if not form.is_whole or _is_word(text, *place):
                    places.append(_whole(text, *place) if form.is_exact else place)
                at = within.find(form.text, at + 1)
        return _without(text, places)[-_LONGEST_TEXT:]

    def shown(self, text: str) -> str:
        """Return a text without the values, and without what looks like a secret."""
        return without_secrets(self.text(text))

    def everywhere(self, value: Any) -> Any:
        """Return plain data, and records, with their texts as they may be shown."""
        if isinstance(value, str):
            return self.shown(value)
        if issubclass(type(value), tuple):
            return tuple(map(self.everywhere, value))
        if issubclass(type(value), dict):
            return {key: self.everywhere(one) for key, one in value.items()}
        if isinstance(value, Record):
            texts = {name: getattr(value, name) for name in type(value)._fields}
            texts = {name: one for name, one in texts.items() if isinstance(one, str)}
            return value.replaced(**self.everywhere(texts))
        return value


def _parts(name: str, value: str) -> Iterator[tuple[str, bool]]:
    """Yield a value, its lines, and the secrets in it, each with whether it is a secret."""
    yield from ((one, is_secret_name(name)) for one in (value, *value.splitlines()))
    inner = [value[start:end] for start, end in secrets_in(value)]
    if (login := _LOGIN.fullmatch(value)) is not None and not login[1].isdecimal():
        inner.append(login[1])
    yield from ((one, True) for part in inner for one in (part, _ESCAPE.sub(_unescaped, part)))


def _is_public(value: str, public: Collection[str], *, is_secret: bool) -> bool:
    if len(_squeezed(value)) < (_LEAST_OF_SECRET if is_secret else _LEAST) or value in public:
        return True
    return not is_secret and _PLAIN.fullmatch(value.strip()) is not None


def _forms(value: str, *, is_secret: bool) -> Iterator[_Form]:
    """Yield the forms in which a value is printed."""
    value = value.strip()
    if not is_secret and _WORD.fullmatch(value):
        # It may be a part of other words, and of paths that a reason needs.
        yield _Form(value, is_whole=True)
        return
    raw = value.encode("utf-8", "surrogatepass")
    octal = "".join(chr(one) if 32 <= one < 127 else f"{one:03o}" for one in raw)
    texts = [value, octal, json.dumps(value)[1:-1], repr(raw)[2:-1], html.escape(value)]
    texts += [one for safe in _SAFE for one in _in_urls(raw, safe)]
    least = _LEAST_OF_SECRET if is_secret else _LEAST
    yield from (_Form(one) for text in texts if len(one := _squeezed(text).lower()) >= least)
    if is_secret:
        # Programs cut values, and dump them in columns.
        whole = _squeezed(value).lower()[:_LONGEST_SECRET]
        yield from (_Form(whole[at : at + _PART]) for at in range(len(whole) - _PART))
    if len(raw) < _LEAST:
        return
    yield _Form(raw.hex())
    for before in range(3):
        # Only the characters that no neighbour changes.
        first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(bytes(before) + raw + bytes(2)).decode()
            yield _Form(text[first:last], is_exact=True)


def _in_urls(raw: bytes, safe: str) -> Iterator[str]:
    kept = (_UNRESERVED + safe).encode()
    escaped = "".join(chr(one) if one in kept else f"%{one:02x}" for one in raw)
    yield from (escaped, escaped.replace("%20", "+"))


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _squeezed(text: str) -> str:
    return _ADDED.sub("", text)


def _is_word(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (before.isalnum() or after.isalnum() or before in ("/", "_") or after == "_")


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of the whole encoded word around a part."""
    while start and text[start - 1] in _ENCODED:
        start -= 1
    while end < len(text) and text[end] in _ENCODED:
        end += 1
    return start, end


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    parts, last = list[str](), 0
    for start, end in sorted(places):
        if start >= last:
            parts += [text[last:start], HIDDEN]
        last = max(last, end)
    return "".join([*parts, text[last:]])


def _of_texts(texts: Iterable[str], env_files: Iterable[str]) -> Iterator[Value]:
    """Yield the variables that files use, and the secrets in their texts."""
    for text in texts:
        yield from ((name, os.environ.get(name, "")) for name in _VARIABLE.findall(text))
        yield from ((_SECRET, text[start:end]) for start, end in secrets_in(text))
    for path in env_files:
        yield from _settings(_read(path))


def masks(
    texts: Iterable[str], env_files: Iterable[str], config: Tree, images: Iterable[str] = ()
) -> Masks:
    """Return what hides the values of a project.

    Args:
        texts: those of its files.
        env_files: the paths of `.env`, or of what is in its place.
        config: what Compose prints of it; empty before that.
        images: the `NAME=value` of its images.

    """
    services: Mapping[str, Tree] = mapping(config, "services")
    values = [*_of_texts(texts, env_files)]
    pairs = (one.partition("=") for one in images)
    values += [(name, value) for name, _, value in pairs if is_secret_name(name)]
    public = {*services, *mapping(config, "networks"), "root"}
    for service in services.values():
        build: Tree = mapping(service, "build")
        for given in (mapping(service, "environment"), mapping(build, "args")):
            values += [(name, _plain(one)) for name, one in given.items()]
        public |= {*_OF_IMAGE.split(service.get("image") or "")}
        targets = [one.get("target") or "" for one in items(service, "volumes")]
        public |= {part for one in targets for part in one.split("/")}
    for kind in ("secrets", "configs"):
        for one in mapping(config, kind).values():
            text = _plain(one.get("content")) or os.environ.get(one.get("environment") or "", "")
            text = text or (_read(one["file"]) if one.get("file") else "")
            whole = _SECRET if kind == "secrets" else ""
            values += [(whole, text), *_settings(text)]
    return Masks(values, public)


def _plain(value: object) -> str:
    return "" if value is None else str(value).replace("$$", "$")


def _settings(text: str) -> Iterator[Value]:
    """Yield the names and values of a file with one in a line, in any usual form."""
    for line in text.splitlines():
        if (found := _SETTING.fullmatch(line)) is not None:
            yield found[1], found[2].strip().rstrip(",;").strip("\"'")


def _read(path: str) -> str:
    """Return the beginning of a file; nothing for what cannot be read."""
    found = read_regular(path)
    return found[:_LONGEST_FILE].decode("utf-8", "replace") if isinstance(found, bytes) else ""
