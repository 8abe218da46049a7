"""Places as reports show them: a path, lines, columns."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Span


class Place:
    """The lines and columns of a span, from 1; columns count code points.

    The end is where the next character would be.
    """

    def __init__(self, span: Span) -> None:
        source = span.source
        self.path = source.name
        self.line, self.column = _from_one(source.point(span.start))
        self.end_line, self.end_column = _from_one(source.point(span.end))

    def __str__(self) -> str:
        return self.seen_as(self.path)

    def seen_as(self, path: str) -> str:
        """Return ``path:line:column``, with the path as the reader sees it."""
        return f"{path}:{self.line}:{self.column}"


def _from_one(point: tuple[int, int]) -> tuple[int, int]:
    return point[0] + 1, point[1] + 1


def seen_from(here: str, root: str, name: str) -> str:
    """Return the path of a file from a folder.

    ``name`` is its path from ``root``, and is returned if the folder is unknown.
    """
    if not here or here == root:
        return name
    path = os.path.join(root, name)
    below = here + os.sep
    if path.startswith(below) and "/." not in path:
        return path[len(below) :].replace(os.sep, "/")
    try:
        return os.path.relpath(path, here).replace(os.sep, "/")
    except ValueError:  # another drive
        return path.replace(os.sep, "/")


def whole(text: str) -> str:
    """Return a text that UTF-8 can encode: lone surrogates become U+FFFD.

    A file name that is not UTF-8 has such surrogates. JSON can escape them, but many
    readers of JSON reject them, and all readers of XML do.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
