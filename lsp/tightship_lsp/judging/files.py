"""The files of a session: what is open stands over the disk, and reads are recorded."""

from __future__ import annotations

from tightship.engine.disk.recorded import RecordedFiles
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import project_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Source
    from tightship_lsp.workspace.snapshot import Snapshot


class UnsavedFile(RecordedFiles):
    """A document that is no file: there is nothing beside it."""

    __slots__ = ()

    def exists(self, path: str) -> bool:
        """Return whether a path is that of the document."""
        return self.is_open(path)

    def read(self, path: str) -> Source | Refusal:
        """Return the document's text; no other file is there."""
        if self.exists(path):
            return super().read(path)
        return Refusal(self.name(path) or path, "missing", "does not exist")


def files_for(path: str, now: Snapshot) -> RecordedFiles:
    """Return the files of the project that a path is in, under what is open."""
    root = project_root(path, workspace=now.folder_of(path))
    return RecordedFiles(root, now.overlay)
