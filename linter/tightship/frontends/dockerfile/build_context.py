"""The build context: the folder that COPY and ADD take files from."""

from __future__ import annotations

import posixpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.text import Source
    from tightship.values.dockerignore import Dockerignore, Pattern


class BuildContext:
    """A folder, and what ``.dockerignore`` keeps out of the build.

    ``name`` is relative to the project's root. ``is_certain`` is true if a service
    names the folder, or a ``.dockerignore`` lies in it; else it is the folder of the
    Dockerfile, where builds usually start. ``is_bare`` is true if no ``.dockerignore``
    is there or above: wherever the build starts, it keeps nothing out.
    """

    def __init__(
        self,
        name: str,
        ignore_file: Dockerignore | None,
        among: Callable[[str, Sequence[str]], Iterable[str]],
        read: Callable[[str], Source | None],
        *,
        is_certain: bool,
        is_bare: bool = False,
    ) -> None:
        """Hold a folder.

        Args:
            name: the folder.
            ignore_file: the patterns of ``.dockerignore``.
            among: returns those of some names that exist in a folder below it.
            read: returns the text at a path below it, if that can be read.
            is_certain: whether it surely is the folder.
            is_bare: whether no ignore file is in it, or above it.

        """
        self.name = name
        self.ignore_file = ignore_file
        self._among = among
        self._read = read
        self.is_certain = is_certain
        self.is_bare = is_bare

    def excluding(self, path: str) -> Pattern | None:
        """Return the pattern that keeps a path of the context out of the build."""
        if self.ignore_file is None:
            return None
        found = self.ignore_file.match(path)
        return None if found is None or found.negated else found

    def among(self, folder: str, names: Sequence[str]) -> Iterator[str]:
        """Yield the paths of those of some names in a folder that are in the build."""
        for name in self._among(folder, names):
            path = posixpath.join(folder, name)
            if self.excluding(path) is None:
                yield path

    def read(self, path: str) -> Source | None:
        """Return the text at a path of the context, if it is in the build."""
        return None if self.excluding(path) else self._read(path)
