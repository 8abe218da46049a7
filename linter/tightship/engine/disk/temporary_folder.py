"""A private folder for texts that other programs read, outside of the project."""

from __future__ import annotations

import os
import tempfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_USUAL = ("/tmp", "/var/tmp", "/usr/tmp")


class TemporaryFolder:
    """A folder that only the user can read, removed with all that is in it.

    It is removed by :meth:`remove`, and at the end of the process at the latest.
    """

    def __init__(self, texts: Sequence[str] = ()) -> None:
        """Make the folder, and write texts to files, named by their number.

        Raises:
            OSError: if there is no folder for temporary files.

        """
        if _is_last_resort(tempfile.gettempdir()):
            raise OSError("there is no folder for temporary files")
        self._folder = tempfile.TemporaryDirectory(prefix="tightship-", ignore_cleanup_errors=True)
        self.path = self._folder.name
        self.paths = [self.write(str(at), text) for at, text in enumerate(texts)]

    def write(self, name: str, text: str) -> str:
        """Write a text to a new file, and return its path.

        Raises:
            OSError: if it cannot be written.

        """
        path = os.path.join(self.path, name)
        with open(path, "xb") as file:
            file.write(text.encode("utf-8", "replace"))
        return path

    def remove(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()


def _is_last_resort(folder: str) -> bool:
    """Return whether it is the current folder, in the absence of a usual one.

    Python takes that if it can write nowhere else; but it may be a project.
    """
    here = os.path.realpath(os.curdir)
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    usual = [os.path.realpath(one) for one in (*named, *_USUAL) if one]
    return os.path.realpath(folder) == here and here not in usual
