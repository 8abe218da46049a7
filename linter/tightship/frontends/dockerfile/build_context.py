"""The build context: the folder that COPY and ADD take files from."""

from __future__ import annotations

import posixpath

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.text import Source
    from tightship.values.dockerignore import Dockerignore, Pattern


class BuildContext(Record):
    """A folder, and what ``.dockerignore`` keeps out of the build.

    ``name`` is relative to the project's root, and ``ignore_file`` has the patterns.
    ``find_among`` returns those of some names that exist in a folder below it, and
    ``read_below`` the text at a path below it, if that can be read. ``is_certain`` is true if
    a service names the folder, or a ``.dockerignore`` lies in it; else it is the folder of
    the Dockerfile, where builds usually start. ``is_bare`` is true if no ``.dockerignore``
    is there or above: wherever the build starts, it keeps nothing out.
    """

    name: str
    ignore_file: Dockerignore | None
    find_among: Callable[[str, Sequence[str]], Iterable[str]]
    read_below: Callable[[str], Source | None]
    is_certain: bool
    is_bare: bool = False

    def excluding(self, path: str) -> Pattern | None:
        """Return the pattern that keeps a path of the context out of the build."""
        if self.ignore_file is None:
            return None
        found = self.ignore_file.match(path)
        return None if found is None or found.negated else found

    def among(self, folder: str, names: Sequence[str]) -> Iterator[str]:
        """Yield the paths of those of some names in a folder that are in the build."""
        for name in self.find_among(folder, names):
            path = posixpath.join(folder, name)
            if self.excluding(path) is None:
                yield path

    def read(self, path: str) -> Source | None:
        """Return the text at a path of the context, if it is in the build."""
        return None if self.excluding(path) else self.read_below(path)
