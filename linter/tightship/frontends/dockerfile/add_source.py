"""Sources of ADD: files by HTTP, Git repositories, and archives that it unpacks.

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


_ARCHIVE = regex(
    r".*\.(?:tar(?:\.[^.]*)?|t[abglxz]z|tb2|tbz2|tpz|tzst|taz|gz|bz2|xz|zst|lz|lz4"
    r"|lzma|z|apk|crate|gem|ova|box|phar)"
)
_PARTS = regex(r"[/\\]")
_WILD = regex(r"[*?\[]")
# Text, and what surely has another form: zip, ELF, ar, images.
_OTHER = """
asc bash bat c cc cer cfg cmd cnf conf cpp crt cs css csv deb dll diff ear env erb exe go
gpg gradle h hpp htm html ico ini j2 jar java jpeg jpg js json jsx key kt list lock lua md
mjs mod patch pem php pl png policy properties ps1 psm1 pub py rb repo rpm rs rst rules
scss service sh so sql sum svg tf tmpl toml tpl ts tsx txt vue war whl xml yaml yml zip zsh
"""
_OTHER_EXTENSIONS = frozenset(_OTHER.split())


def may_be_archive(path: str) -> bool | None:
    """Return whether ADD unpacks a path of the build context; ``None``: the name leaves it open.

    BuildKit looks into each file that a source names, and unpacks it if it is a tar
    archive, compressed or not, with any name. It does not look into the files of a folder
    (solver/llbsolver/file: ``docopy`` and ``unpack``).
    """
    last = _PARTS.split(path)[-1].lower()
    if _ARCHIVE.fullmatch(last) is not None:
        return True
    if last in ("", ".", ".."):
        return False if _WILD.search(path) is None else None
    extension = last.rpartition(".")[2] if "." in last else ""
    return False if extension in _OTHER_EXTENSIONS else None
