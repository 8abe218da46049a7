"""The grammar of image references, with an explanation of each error."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.syntax.dockerfile.instruction import shortened
from tightship.values.image import is_registry

_PART = r"[a-z0-9]++(?:(?:[._]|__|-++)[a-z0-9]++)*+"
_PATH = regex(rf"{_PART}(?:/{_PART})*+")
_HOST = regex(r"(?:[a-zA-Z0-9_.-]++|\[[a-fA-F0-9:]++\])(?::[0-9]++)?")
_TAG = regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_HEXADECIMAL = regex(r"[0-9a-f]++")
_ID_LENGTH = 64
_DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
_LONGEST = 255


def split_registry(ref: str) -> tuple[str, str]:
    """Return the registry with its slash, or nothing, and the rest."""
    first, slash, rest = ref.partition("/")
    return (first + slash, rest) if slash and is_registry(first) else ("", ref)


def image_problem(ref: str) -> str | None:
    """Return why Docker rejects a reference, or nothing.

    Facts from distribution/reference, ``ParseNormalizedNamed`` and its regular
    expressions; verified with BuildKit 0.13.
    """
    if not ref:
        return "it is empty"
    if len(ref) == _ID_LENGTH and _HEXADECIMAL.fullmatch(ref):
        return "64 hexadecimal digits are an image's id, and no name"
    registry, rest = split_registry(ref)
    named, at, digest = rest.partition("@")
    path, colon, tag = named.partition(":")
    if not path:
        return "the image name is missing"
    if path != path.lower():
        return "the name of an image has no upper-case letters"
    host = registry[:-1]
    if host and _HOST.fullmatch(host) is None:
        return f"`{shortened(host)}` is not a valid registry"
    if len(path) > _LONGEST:
        return f"the name of an image has no more than {_LONGEST} characters"
    is_one_word = path.isascii() and path.isalnum()
    if not is_one_word and _PATH.fullmatch(path) is None:
        return "the name of an image is letters and digits, with `/`, `.`, `_` or `-` between"
    if colon and not tag:
        return "the tag after `:` is missing"
    if colon and _TAG.fullmatch(tag) is None:
        return f"`{shortened(tag)}` is not a valid tag"
    return _digest_problem(digest) if at else None


def _digest_problem(digest: str) -> str | None:
    algorithm, _, digits = digest.partition(":")
    length = _DIGITS.get(algorithm)
    if length is None:
        return "a digest begins with `sha256:`"
    if len(digits) != length or _HEXADECIMAL.fullmatch(digits) is None:
        return f"`{algorithm}:` is followed by {length} hexadecimal digits in lower case"
    return None
