"""Whether Git tracks what a project names."""

from __future__ import annotations

from tightship.engine.disk.git_tree import TreeFiles
from tightship.engine.disk.given import repository_of
from tightship.engine.plan.tracked import Tracked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.files import Files


class Tracking:
    """Answers for the files of one project, and reads each index once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[str, Tracked] = {}

    def tracks(self, name: str) -> bool | None:
        """Return whether Git tracks a name, or one below it.

        None stands for no repository, and for an index that cannot be read. All files of a
        Git tree are in it.
        """
        if isinstance(self._files, TreeFiles):
            listing = self._files.listing
            return name == "." or name in listing.entries or name in listing.folders
        path = self._files.path(name)
        repository = repository_of(path)
        if repository is None:
            return None
        found = self._known.setdefault(repository, Tracked(repository))
        if not found.is_known:
            return None
        return path == repository or found.holds(path)
