"""The build context: the folder that COPY and ADD take files from."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.text import Source
    from tightship.values.dockerignore import Dockerignore, Pattern


class BuildContext:
    """A folder, and what ``.dockerignore`` keeps out of the build.

    ``name`` is relative to the project's root. ``is_certain`` is true if a service
    names the folder, or a ``.dockerignore`` lies in it; else it is the folder of the
    Dockerfile, where builds usually start.
    """

    def __init__(
        self,
        name: str,
        ignore_file: Dockerignore | None,
        exists: Callable[[str], bool],
        read: Callable[[str], Source | None],
        *,
        is_certain: bool,
    ) -> None:
        """Hold a folder.

        Args:
            name: the folder.
            ignore_file: the patterns of ``.dockerignore``.
            exists: returns whether a path below the folder exists.
            read: returns the text at a path below it, if that can be read.
            is_certain: whether it surely is the folder.

        """
        self.name = name
        self.ignore_file = ignore_file
        self._exists = exists
        self._read = read
        self.is_certain = is_certain

    def excluding(self, path: str) -> Pattern | None:
        """Return the pattern that keeps a path of the context out of the build."""
        if self.ignore_file is None:
            return None
        found = self.ignore_file.match(path)
        return None if found is None or found.negated else found

    def holds(self, path: str) -> bool:
        """Return whether a path of the context exists."""
        return self._exists(path)

    def read(self, path: str) -> Source | None:
        """Return the text at a path of the context, if it is in the build."""
        return None if self.excluding(path) else self._read(path)
