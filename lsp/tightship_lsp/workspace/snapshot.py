"""The state of a session at one moment, which is judged while edits go on."""

from __future__ import annotations

from tightship.engine.disk.root import holds, real_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship_lsp.workspace.cancellation import Cancellation
    from tightship_lsp.workspace.changes import Changes
    from tightship_lsp.workspace.document import Document


class Snapshot:
    """The open documents, and the last change of each path.

    ``clock`` counts changes of all kinds; ``overlay`` holds the texts that replace files
    on the disk, and ``folders`` the paths of the workspace folders. ``cancellation``
    cancels judgements of this state.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        folders: Sequence[str],
        changes: Changes,
        cancellation: Cancellation,
    ) -> None:
        self.documents = documents
        self.folders = folders
        self.clock = changes.clock
        self.cancellation = cancellation
        self.overlay: dict[str, str | bytes] = {
            one.path: one.text for one in documents if one.path is not None
        }
        self._changes = changes

    def is_outdated(self, dependencies: Iterable[str], clock: int) -> bool:
        """Return whether any of the paths has changed since some time."""
        return self._changes.is_outdated(dependencies, clock)

    def changed_since(self, clock: int) -> Iterator[str]:
        """Yield the paths that have changed since some time, the last one first."""
        return self._changes.since(clock)

    def folder_of(self, path: str) -> str | None:
        """Return the innermost workspace folder that holds a path."""
        holding = [one for one in self.folders if holds(real_path(one), path)]
        return max(holding, key=len, default=None)
