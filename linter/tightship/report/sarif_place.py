"""Places in SARIF: URIs, regions, messages, replacements."""

from __future__ import annotations

from tightship.report.place import Place, whole
from tightship.report.terminal import brief
from tightship.text import Edit, Source, Span, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.report.json import Json

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_BASE = "%SRCROOT%"


class Places:
    """Makes places below the root of the verdict that is being written."""

    def __init__(self) -> None:
        self._base = _BASE
        self._bases = dict[str, str]()

    def begin(self, root: str) -> None:
        """Begin another verdict: its files are below this root."""
        number = len(self._bases) + 1
        fresh = _BASE if number == 1 else f"%SRCROOT{number}%"
        self._base = self._bases.setdefault(root, fresh)

    def bases(self) -> Json:
        """Return the roots, for `originalUriBaseIds`."""
        return {name: {"uri": _folder(root)} for root, name in self._bases.items()}

    def artifact(self, name: str) -> Json:
        """Return the location of a file."""
        return {"uri": uri(name), "uriBaseId": self._base}

    def location(self, span: Span, text: str = "") -> dict[str, Json]:
        """Return the location of a span, with a message if there is one."""
        location: dict[str, Json] = {
            "physicalLocation": {
                "artifactLocation": self.artifact(span.source.name),
                "region": _region(span),
            }
        }
        if text:
            location["message"] = message(text)
        return location

    def name(self, name: str, path: tuple[str, ...]) -> dict[str, Json]:
        """Return the logical name of a place: a service, and the path of keys."""
        found: dict[str, Json] = {"name": brief(name)}
        if path:
            found["fullyQualifiedName"] = brief(".".join(path))
        return found


def replacements(edits: list[Edit]) -> Json:
    """Return the edits of one file; unlike a message, their text is exact.

    Insertions at one place become one, so that their order is certain.
    """
    places: dict[Span, list[Edit]] = {}
    for edit in edits:
        places.setdefault(edit.span, []).append(edit)
    return [_replacement(span, places[span]) for span in sorted(places)]


def _replacement(span: Span, edits: list[Edit]) -> Json:
    text = edits[0].text
    if len(edits) > 1:
        nothing = Source("", "")
        here = Span(nothing, 0, 0)
        text = apply_edits(nothing, [Edit(here, edit.text) for edit in edits])
    made: dict[str, Json] = {"deletedRegion": _region(span)}
    if text:
        made["insertedContent"] = {"text": whole(text)}
    return made


def message(text: str) -> Json:
    """Return a message in plain text, without links.

    SARIF turns `[text](target)` into a link even in plain text (3.11.6), unless a
    backslash is before the bracket.
    """
    text = brief(text)
    if "](" in text:
        text = text.replace("\\", "\\\\").replace("[", r"\[").replace("]", r"\]")
    return {"text": text}


def uri(name: str) -> str:
    """Return a path as a relative URI reference; bytes that are not UTF-8 are kept."""
    try:
        data = name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that encodes no byte
        data = whole(name).encode("utf-8")
    quoted = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in data)
    # Two slashes would begin a host name.
    return f".{quoted}" if quoted.startswith("/") else quoted


def _folder(path: str) -> str:
    quoted = uri(path.replace("\\", "/").strip("/"))
    return f"file:///{quoted}/" if quoted else "file:///"


def _region(span: Span) -> Json:
    place = Place(span)
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
