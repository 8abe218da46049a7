"""The files of a session: open texts replace the disk, and each access is recorded."""

from __future__ import annotations

from tightship.engine.disk.recorded import RecordedFiles
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import project_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Source
    from tightship_lsp.workspace.snapshot import Snapshot


class UnsavedFile(RecordedFiles):
    """A document that is not saved: no other file exists."""

    def exists(self, path: str) -> bool:
        """Return whether a path is that of the document."""
        return self.is_open(path)

    def read(self, path: str) -> Source | Refusal:
        """Return the text of the document; no other file exists."""
        if self.exists(path):
            return super().read(path)
        return Refusal(self.name(path) or path, "missing", "does not exist")


def files_for(path: str, now: Snapshot) -> RecordedFiles:
    """Return the files of the project that a path is in, with open texts."""
    root = project_root(path, workspace=now.folder_of(path))
    return RecordedFiles(root, now.overlay)
