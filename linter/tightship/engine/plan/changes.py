"""What changes touch: the projects whose verdicts depend on a path that has changed."""

from __future__ import annotations

import os

from tightship.compose.loading.options import MAIN_NAMES
from tightship.engine.disk.recorded import RecordedFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.disk.files import Files
    from tightship.engine.plan.candidates import Candidate


class Changes:
    """Paths that have changed, absolute and without links.

    ``edited`` are those with another content, ``moved`` those that came or went. A
    folder stands for all that is in it: Git shows submodules so.
    """

    __slots__ = ("_above", "_edited", "_folders", "_gone", "_moved")

    def __init__(self, edited: Iterable[str], moved: Iterable[str]) -> None:
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
        """Tell whether they touch what files were asked; if nobody knows, they do."""
        if not isinstance(files, RecordedFiles):
            return True
        if any(self._is_edited(path) for path in _places(files, files.reads)):
            return True
        looks = _places(files, files.looks - files.reads)
        return any(path in self._moved or path in self._gone for path in looks)

    def _is_edited(self, path: str) -> bool:
        if path in self._edited:
            return True
        if not self._folders:
            return False
        up = os.path.dirname(path)
        while up not in self._folders and os.path.dirname(up) != up:
            up = os.path.dirname(up)
        return up in self._folders

    def consider(self, found: Candidate, files: Files) -> None:
        """Note that what a file is depends on which main files there are.

        Those of its folder make a Compose file one beside them, and those of the folders
        above may build a Dockerfile.
        """
        if not isinstance(files, RecordedFiles):
            return
        folder = os.path.dirname(found.path)
        while True:
            names = (files.name(os.path.join(folder, name)) for name in MAIN_NAMES)
            files.looks.update(name for name in names if name is not None)
            above = os.path.dirname(folder)
            if found.language == "compose" or folder in (files.root, above):
                break
            folder = above

    def above(self, files: Files, main: str) -> Files:
        """Return files with which to judge a project that may build a Dockerfile."""
        self._above[main] = files.apart() if isinstance(files, RecordedFiles) else files
        return self._above[main]

    def rest_on(self, files: Files, main: str) -> None:
        """Note that a verdict is taken from that of the project of a main file."""
        other = self._above.get(main)
        if isinstance(files, RecordedFiles) and isinstance(other, RecordedFiles):
            files.add_record(other)


def _places(files: RecordedFiles, names: Iterable[str]) -> Iterable[str]:
    """Yield the paths of names, and what those that are links lead to."""
    for name in names:
        path = files.path(name)
        yield os.path.normcase(path)
        real = files.place(name)
        if isinstance(real, str) and real != name:
            yield os.path.normcase(files.path(real))
