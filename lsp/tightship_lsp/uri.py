"""URIs of documents, and their paths."""

from __future__ import annotations

import os
import re

_ESCAPE = re.compile(rb"%([0-9a-fA-F]{2})")
_DRIVE = re.compile(r"/[a-zA-Z]:(?=/|$)")
# RFC 3986 allows these in a path; editors escape all others.
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")


def path_of(uri: str) -> str | None:
    """Return the absolute path of a URI, or None if it is not of a file.

    An `untitled:` document, or one in a virtual file system, has no path.
    """
    scheme, _, rest = uri.partition(":")
    if scheme.lower() != "file" or not rest.startswith("/"):
        return None
    host = ""
    if rest.startswith("//"):
        host, slash, below = rest[2:].partition("/")
        rest = slash + below
    path = _unescaped(re.split("[?#]", rest, maxsplit=1)[0])
    if path is None or not path or "\0" in path:
        return None
    if host and host.lower() != "localhost":
        path = f"//{host}{path}"
    elif os.name == "nt" and _DRIVE.match(path):
        path = path[1:]
    return path.replace("/", os.sep)


def uri_of(path: str) -> str:
    """Return the URI of a file."""
    path = path.replace(os.sep, "/")
    if not path.startswith("/"):
        path = f"/{path}"
    start = "file:" if path.startswith("//") else "file://"
    data = os.fsencode(path)
    return start + "".join(chr(b) if b in _PLAIN else f"%{b:02X}" for b in data)


def name_of(uri: str) -> str:
    """Return the last part of a URI, the name of the document in messages."""
    path = re.split("[?#]", uri, maxsplit=1)[0]
    last = path.rstrip("/").rpartition("/")[2].rpartition(":")[2]
    return _unescaped(last) or "document"


def _unescaped(text: str) -> str | None:
    """Return a text without escapes, or None if no path can have it."""
    try:
        data = _ESCAPE.sub(lambda m: bytes.fromhex(m[1].decode()), text.encode())
        return os.fsdecode(data)
    except UnicodeError:  # half a surrogate pair
        return None
