"""A tree of texts that no disk has, for programs that keep files in tables."""

from __future__ import annotations

import os

from tightship.engine.disk.git_tree import Entry, Listing, TreeFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

# Half of a surrogate pair has no encoding in a path, so nothing on a disk can be taken for
# a part of the tree, nor be looked at. (Some Python 3.11 cuts paths at a null character.)
_ROOT = f"{os.sep}\ud800"
_REGULAR = "100644"


class TextFiles(TreeFiles):
    """The files of a tree, each with its text, by names that are relative with ``/``."""

    def __init__(self, texts: Mapping[str, str | bytes]) -> None:
        """Take the texts; no name leaves the tree, and none has a needless part."""
        self._texts = texts
        listing = Listing({name: Entry(_REGULAR, name) for name in texts})
        super().__init__(_ROOT, listing, self._text)

    def apart(self) -> Self:
        """Return the same files with their own record."""
        return type(self)(self._texts)

    def start(self) -> str:
        """Return the top of the tree: nobody is in another folder of it."""
        return self.root

    def content(self, path: str) -> bytes:
        """Return the content of a file at an absolute path, or none."""
        return self.bytes_of(self.name(path) or "") or b""

    def _text(self, name: str, limit: int) -> bytes:
        text = self._texts[name]
        # Half of a surrogate pair is refused when the bytes are decoded.
        return text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
