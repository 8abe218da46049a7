"""Archives that ADD unpacks, by their names.

BuildKit looks into each file that a source names, and unpacks it if it is a tar
archive, compressed or not, with any name. It does not look into the files of a folder
(solver/llbsolver/file: ``docopy`` and ``unpack``).
"""

from __future__ import annotations

from tightship.lazy import regex

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
    """Return whether ADD unpacks a path of the build context.

    ``None``: the name leaves it open.
    """
    last = _PARTS.split(path)[-1].lower()
    if _ARCHIVE.fullmatch(last) is not None:
        return True
    if last in ("", ".", ".."):
        return False if _WILD.search(path) is None else None
    extension = last.rpartition(".")[2] if "." in last else ""
    return False if extension in _OTHER_EXTENSIONS else None
