"""Changed paths, and the projects whose verdicts depend on them."""

from __future__ import annotations

import os

from tightship.engine.disk.recorded import RecordedFiles
from tightship.frontends.compose.loading.options import MAIN_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.disk.files import Files
    from tightship.engine.disk.git_tree import UndoneChange
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.config_files import Configs


class Changes:
    """Paths that have changed, absolute and without links.

    ``edited`` paths have new content, ``moved`` ones were added or removed. A folder
    means all files in it: Git lists submodules like that. ``undone`` leads to the
    files as they were before; without it, every finding of a touched project counts.

    ``settings`` are those before the change, if findings that the change hides count;
    ``may_configure`` is false if they surely are those after it. With ``reports_all``,
    findings that were there before count too, and with ``touches_all``, every project is
    touched.
    """

    def __init__(
        self, edited: Iterable[str], moved: Iterable[str], undone: UndoneChange | None = None
    ) -> None:
        self.undone = undone
        self.settings: Configs | None = None
        self.may_configure = False
        self.reports_all = False
        self.touches_all = False
        self._moved = {os.path.normcase(path) for path in moved}
        self._edited = {os.path.normcase(path) for path in edited} | self._moved
        self._folders = set[str](filter(os.path.isdir, self._edited))
        self._gone = set[str]()
        for path in self._moved:
            up = os.path.dirname(path)
            while up not in self._gone and not os.path.lexists(up):
                self._gone.add(up)
                up = os.path.dirname(up)
        self._above: dict[str, Files] = {}

    def touch(self, files: Files) -> bool:
        """Return whether they touch recorded files; without a record, they do."""
        if self.touches_all or not isinstance(files, RecordedFiles):
            return True
        if any(self._is_edited(path) for path in _places(files, files.reads)):
            return True
        lookups = _places(files, files.lookups - files.reads)
        return any(path in self._moved or path in self._gone for path in lookups)

    def _is_edited(self, path: str) -> bool:
        if path in self._edited:
            return True
        if not self._folders:
            return False
        up = os.path.dirname(path)
        while up not in self._folders and os.path.dirname(up) != up:
            up = os.path.dirname(up)
        return up in self._folders

    def record_lookups(self, candidate: Candidate, files: Files) -> None:
        """Record the lookups of main files that decide how a candidate is judged.

        A main file in its folder makes another Compose file a side file, and one in a
        folder above may build a Dockerfile.
        """
        if not isinstance(files, RecordedFiles):
            return
        folder = os.path.dirname(candidate.path)
        while True:
            names = (files.name(os.path.join(folder, name)) for name in MAIN_NAMES)
            files.lookups.update(name for name in names if name is not None)
            above = os.path.dirname(folder)
            if candidate.language == "compose" or folder in (files.root, above):
                break
            folder = above

    def above(self, files: Files, main: str) -> Files:
        """Return files, with their own record, for a project that may build a Dockerfile."""
        self._above[main] = files.apart() if isinstance(files, RecordedFiles) else files
        return self._above[main]

    def add_record_of(self, main: str, files: Files) -> None:
        """Add the record of the project of a main file, whose verdict is used."""
        other = self._above.get(main)
        if isinstance(files, RecordedFiles) and isinstance(other, RecordedFiles):
            files.add_record(other)


def _places(files: RecordedFiles, names: Iterable[str]) -> Iterable[str]:
    """Yield the paths of names, and the targets of those that are links."""
    for name in names:
        path = files.path(name)
        yield os.path.normcase(path)
        real = files.place(name)
        if isinstance(real, str) and real != name:
            yield os.path.normcase(files.path(real))
