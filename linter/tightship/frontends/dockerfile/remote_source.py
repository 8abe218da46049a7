"""Remote sources of ADD: files by HTTP, and Git repositories.

Facts from BuildKit: frontend/dockerfile/dockerfile2llb (``dispatchCopy``,
``isHTTPSource``) and util/gitutil (``ParseGitRef``, ``ParseURL``).
"""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship.values.hole import mask

_SCHEME = regex(r"(https?|git|ssh)://")
_SCP = regex(r"[A-Za-z0-9_-]+@[A-Za-z0-9_.-]+:")
_COMMIT = regex(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ADDRESS = regex(r"(?:[a-z]+://)?(?:[^/?#]*@)?([^/:?#]*)")


class RemoteSource(Record):
    """A remote source of ADD.

    ``is_git`` is true for a repository, and ``names_commit`` if a hash in the address
    names the commit; ``None``: known only in the build.
    """

    host: str
    is_git: bool
    is_encrypted: bool
    names_commit: bool | None


def parse(text: str) -> RemoteSource | None:
    """Read a source of ADD; return ``None`` for a path of the build context.

    A text that begins with a hole counts as a path: the caller makes sure that the text
    is decided, or that it does not matter.
    """
    masked = mask(text)
    if ":" not in masked:
        return None
    found = _SCHEME.match(masked)
    if found is None and _SCP.match(masked) is None:
        return None
    scheme = found[1] if found is not None else "ssh"
    address = _ADDRESS.match(masked)
    assert address is not None
    locator, _, fragment = masked.partition("#")
    path, _, query = locator.partition("?")
    is_git = scheme in ("git", "ssh") or path.endswith(".git")
    names_commit: bool | None = False
    if masked.endswith("\0") and _may_bring_commit(path, is_git=is_git):
        names_commit = None
    elif is_git:
        names_commit = _names_commit(query, fragment)
    return RemoteSource(
        text[slice(*address.span(1))],
        is_git=is_git,
        is_encrypted=scheme in ("https", "ssh"),
        names_commit=names_commit,
    )


def _may_bring_commit(path: str, *, is_git: bool) -> bool:
    """Return whether the hole that ends an address may hold `name.git#commit`."""
    last = path.rpartition("/")[2]
    return is_git or last.strip("\0") == "" or last.rstrip("\0").endswith(".git")


def _names_commit(query: str, fragment: str) -> bool | None:
    """Look for a commit in ``?commit=…``, ``?ref=…`` and ``#ref:folder``."""
    if "\0" in query or "\0" in fragment.partition(":")[0]:
        return None
    pairs = [pair.partition("=")[::2] for pair in query.split("&")]
    refs = [value for name, value in pairs if name == "ref"]
    refs.append(fragment.partition(":")[0])
    checked = any(name in ("commit", "checksum") and value for name, value in pairs)
    return checked or any(_COMMIT.fullmatch(ref) is not None for ref in refs)
