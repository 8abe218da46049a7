"""The projects that a change touches: those that read, or look for, a changed file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.disk.recorded import RecordedFiles


class ChangedFiles:
    """The names of changed files, from the top of the repository."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        # Whether a folder exists may depend on the files in it.
        self._folders = {above for name in self._names for above in _above(name)}

    def __bool__(self) -> bool:
        return bool(self._names)

    def reaches(self, folder: str) -> bool:
        """Return whether any of them is in a folder, or is what holds it."""
        if not folder or folder in self._folders or folder in self._names:
            return bool(self._names)
        return any(above in self._names for above in _above(folder))

    def by(self, files: RecordedFiles) -> bool:
        """Return whether the files of a record are among them.

        A changed name may be that of a submodule or a link, which means all below.
        """
        for name in (*files.reads, *files.lookups):
            if name in self._names or name in self._folders:
                return True
            if any(above in self._names for above in _above(name)):
                return True
        return False


def _above(name: str) -> Iterable[str]:
    at = name.rfind("/")
    while at > 0:
        name = name[:at]
        yield name
        at = name.rfind("/")
