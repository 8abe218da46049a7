"""Detection of secrets in the variables of a build: ARG and ENV.

BuildKit warns by the name alone (its check SecretsUsedInArgOrEnv). Here a name of its
list counts only if it ends in a word for a secret and has no harmless word:
``AUTH_METHOD``, ``CACHE_KEY`` and the ``GPG_KEY`` of many official images are not
secret. A value counts only if it could be used as it is.
"""

from __future__ import annotations

from tightship.lazy import regex
from tightship.values.secret import (
    is_placeholder_or_reference,
    is_secret_name,
    looks_like_secret,
    secret_inside,
    url_credentials,
)

_LISTED = frozenset((
    "apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd",
    "secret", "token",
))  # fmt: skip
_ALLOWED = frozenset(("public", "file", "version"))
_LAST = ("auth", "key", "pword")
# Names of keys that are public, or only name something, and of switches.
_HARMLESS = (
    "ANON APT CACHE CLIENT DISABLE ENABLE FOREIGN GPG HAS HOST IS MAP MAPS NO PARTITION"
    " PGP PRIMARY PUB PUBLISHABLE REPO REQUIRE ROUTING RPM SEARCH SITE SKIP SORT USE"
    " WITH WITHOUT"
)
# A fingerprint or an id of an OpenPGP key, in capitals as GnuPG writes them.
_FINGERPRINT = regex("(?:0x)?[0-9A-F]{40}|0x[0-9A-F]{16}|0x[0-9A-F]{8}")
_SHORTEST_FINGERPRINT = 10
_RANDOM = regex(r"(?=.*[0-9])(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/=_-]{12,}|[0-9a-f]{32,}")
_LONGEST = 4_000


def is_listed(name: str) -> bool:
    """Return whether BuildKit takes a name for that of a secret.

    Words are separated by ``_``; one of ``public``, ``file``, ``version`` clears the
    name (BuildKit, frontend/dockerfile/dockerfile2llb).
    """
    words = name.casefold().split("_")
    return not _LISTED.isdisjoint(words) and _ALLOWED.isdisjoint(words)


def names_secret(name: str) -> bool:
    """Return whether a name is that of a secret."""
    if is_secret_name(name):
        return True
    words = name.upper().split("_")
    if not is_listed(name) or words[-1].casefold() not in _LAST:
        return False
    return set(_HARMLESS.split()).isdisjoint(words)


def holds_secret(name: str, value: str) -> bool:
    """Return whether a variable holds a secret, by its name and its value."""
    value = value.strip()
    if len(value) > _LONGEST or all(map(_is_fingerprint, value.split())):
        return False
    if looks_like_secret(name, value):
        return True
    return (
        names_secret(name)
        and not is_secret_name(name)
        and not is_placeholder_or_reference(value)
        and _RANDOM.fullmatch(value) is not None
    )


def _is_fingerprint(word: str) -> bool:
    is_long = len(word) >= _SHORTEST_FINGERPRINT
    return is_long and _FINGERPRINT.fullmatch(word) is not None


def secret_part(name: str, value: str) -> str | None:
    """Return the part of a value that is a secret.

    That is all of it, the password of a URL, or the value of a name in it.
    """
    if holds_secret(name, value):
        return value
    if len(value) > _LONGEST:
        return None
    found = url_credentials(value) or secret_inside(value)
    return value[found[0] : found[1]] if found else None
