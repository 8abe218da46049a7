"""What a session knows at one moment, so that it can be judged while edits go on."""

from __future__ import annotations

import os

from tightship.engine.disk.root import holds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tightship_lsp.document import Document


class Snapshot:
    """The open documents, and when each path has changed last.

    ``clock`` counts changes, of whatever kind; ``overlay`` holds the texts that stand
    over the disk, and ``folders`` the paths of the workspace folders.
    """

    __slots__ = ("_changed", "_epoch", "clock", "documents", "folders", "overlay")

    def __init__(
        self,
        documents: Sequence[Document],
        folders: Sequence[str],
        changed: Mapping[str, int],
        clock: int,
        epoch: int,
    ) -> None:
        """Hold what is known; all that was judged before ``epoch`` is outdated."""
        self.documents = documents
        self.folders = folders
        self.clock = clock
        self.overlay: dict[str, str | bytes] = {
            one.path: one.text for one in documents if one.path is not None
        }
        self._changed = changed
        self._epoch = epoch

    def is_outdated(self, paths: Iterable[str], clock: int) -> bool:
        """Tell whether any of the paths has changed since some time."""
        if clock < self._epoch:
            return True
        return any(self._changed.get(path, 0) > clock for path in paths)

    def folder_of(self, path: str) -> str | None:
        """Return the innermost workspace folder that holds a path."""
        holding = [one for one in self.folders if holds(os.path.realpath(one), path)]
        return max(holding, key=len, default=None)
