"""What a file that has the name of a secret really holds."""

from __future__ import annotations

import posixpath

from tightship.lazy import regex
from tightship.values.secret import known_token, looks_like_secret, url_credentials

_PRIVATE = regex(r"PRIVATE KEY|PuTTY-User-Key-File|AGE-SECRET-KEY-")
_PUBLIC = regex(
    r"\s*-----BEGIN (?:PGP PUBLIC KEY BLOCK|CERTIFICATE|[A-Z ]*PUBLIC KEY)-----"
    r"|---- BEGIN SSH2 PUBLIC KEY|(?:ssh|ecdsa)-[\w-]+ AAAA|untrusted comment:.*public key"
)
# The token, the password and the login of a registry; variables of npm hold none.
_NPM = regex(
    r"^[^#;\n]*(?:_authToken|_password|_auth)[ \t]*=[ \t]*(?![ \t\"']*\$\{)\S", 8
)  # re.MULTILINE
_LOGIN = regex(r"\bpassw(?:or)?d\b")


def holds_secret(path: str, text: str) -> bool | None:
    """Return whether a text holds the secret that its name promises.

    None is unknown: then the name decides. A template for variables, a public key with
    the name of a private one and ``.npmrc`` without a token hold none.
    """
    name = posixpath.basename(path).lower()
    if not text.strip():
        return False
    if name.endswith(".env") or name.startswith(".env."):
        return _has_variable(text)
    if name.endswith(".npmrc"):
        return _NPM.search(text) is not None
    if name.endswith("netrc"):
        return _LOGIN.search(text) is not None
    if _PRIVATE.search(text):
        return True
    return False if _PUBLIC.match(text) else None


def _has_variable(text: str) -> bool:
    from tightship.values.dotenv import parse  # few builds copy variables

    if known_token(text) is not None:
        return True
    return any(
        looks_like_secret(entry.key, entry.value or "")
        or url_credentials(entry.value or "") is not None
        for entry in parse(text, lambda _: None).entries
    )
