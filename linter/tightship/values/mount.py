"""Mounts of services in short syntax, and paths as Go cleans them."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.values.hole import mask

if TYPE_CHECKING:
    from collections.abc import Iterable


def clean_path(path: str) -> str:
    """Return the shortest path that means the same, as Go does."""
    rooted = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts and parts[-1] != "..":
            parts.pop()
        elif not rooted:
            parts.append(part)
    return "/" * rooted + "/".join(parts) or "."


_PROPAGATIONS = frozenset(("private", "rprivate", "shared", "rshared", "slave", "rslave"))
_PIPE = regex(r"(?i)(?:\\\\|//)[.?][\\/]pipe[\\/]")


class Mount(Record):
    """One entry of ``volumes`` in short syntax.

    ``kind`` is ``bind``, ``volume``, ``anonymous``, ``npipe`` (a Windows pipe), or
    ``unknown`` if a hole decides. ``target`` is cleaned as Compose cleans it.
    ``option_span`` covers the options in the text, ``None`` if there are none.
    ``undecided`` names the parts that a hole may change: ``source``, ``target``,
    ``options``, ``kind``. ``problem`` says why Compose rejects the entry.
    """

    kind: str
    source: str | None
    target: str
    options: list[str]
    option_span: tuple[int, int] | None = None
    undecided: frozenset[str] = frozenset()
    problem: str | None = None

    @property
    def read_only(self) -> bool:
        """Return whether the container may not write there; the last word counts."""
        return _last(self.options, ("ro", "rw")) == "ro"

    @property
    def propagation(self) -> str | None:
        """Return how mounts below this one spread, if the options say."""
        return _last(self.options, _PROPAGATIONS)

    @property
    def selinux(self) -> str | None:
        """Return ``z`` (label shared by containers) or ``Z`` (private), if asked."""
        return _last(self.options, ("z", "Z"))

    def __repr__(self) -> str:
        return (
            f"Mount({self.kind}, {self.source}, {self.target}, {self.options}, "
            f"undecided={sorted(self.undecided)}, problem={self.problem})"
        )


def _last(options: list[str], wanted: Iterable[str]) -> str | None:
    return next((option for option in reversed(options) if option in wanted), None)


def parse(short: str) -> Mount:
    """Read an entry as Compose does (compose-go, format/volume.go).

    A source is a path of the host if it starts with ``.``, ``/``, ``~``, two
    backslashes, or a letter and a colon, so that a volume of one letter is read as a
    Windows drive. Compose silently ignores an unknown option.
    """
    masked = mask(short)
    fields = _fields(masked)
    if len(short) <= 2:
        fields = [(0, len(short))]
    problem = _problem(short, fields)
    texts = [short[start:end] for start, end in fields]
    holes = ["\0" in masked[start:end] for start, end in fields]
    undecided: set[str] = set()
    # A hole at the end may bring options of its own: "/srv:/data${MODE}".
    if len(fields) <= 3 and masked.endswith("\0"):
        undecided.add("options")
    if len(fields) == 1:
        if holes[0]:
            undecided |= {"source", "target", "kind"}
        kind = "unknown" if masked.startswith("\0") else "anonymous"
        return Mount(kind, None, _clean(texts[0]), [], None, frozenset(undecided), problem)
    if holes[0]:
        undecided.add("source")
    if holes[1]:
        undecided.add("target")
    span = None
    options: list[str] = []
    if len(fields) > 2:
        options, span = texts[2].split(","), fields[2]
        if holes[2]:
            undecided.add("options")
    kind = _kind(masked[slice(*fields[0])], texts[0])
    if kind == "unknown":
        undecided.add("kind")
    return Mount(kind, texts[0], _clean(texts[1]), options, span, frozenset(undecided), problem)


def _problem(short: str, fields: list[tuple[int, int]]) -> str | None:
    if not short:
        return "there is nothing to mount"
    if any(start == end for start, end in fields):
        return "there is nothing between two colons"
    return "there are too many colons" if len(fields) > 3 else None


def _fields(masked: str) -> list[tuple[int, int]]:
    fields: list[tuple[int, int]] = []
    start = 0
    for at, character in enumerate(masked):
        drive = at == start + 1 and masked[start].isalpha()
        if character == ":" and not drive:
            fields.append((start, at))
            start = at + 1
    return [*fields, (start, len(masked))]


def _kind(masked: str, source: str) -> str:
    if is_pipe(source):
        return "npipe"
    if masked[:1] in (".", "/", "~") or masked.startswith("\\\\"):
        return "bind"
    if masked[1:2] == ":":
        return "bind"
    if masked.startswith("\0"):
        # A volume's name has no slash, so this can only be a path.
        return "bind" if "/" in masked else "unknown"
    return "volume"


def _clean(target: str) -> str:
    return clean_path(target) if target else ""


def is_pipe(source: str) -> bool:
    r"""Return whether a source is a named pipe of Windows, as ``\\.\pipe\x`` is."""
    return source.startswith(("\\\\", "//")) and _PIPE.match(source) is not None


def parse_tmpfs(text: str) -> tuple[str, list[str]]:
    """Split ``/run:size=64m,mode=1777`` into the path and its options.

    There is no list inside one string: ``/a,/b`` is a single path.
    """
    colon = mask(text).find(":")
    if colon < 0:
        return text, []
    return text[:colon], [option for option in text[colon + 1 :].split(",") if option]
