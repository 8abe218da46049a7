"""Files that record each access: a verdict depends on the recorded files alone."""

from __future__ import annotations

import posixpath

from tightship.engine.disk.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Self

    from tightship.engine.disk.regular import Refusal
    from tightship.text import Source


class RecordedFiles(Files):
    """Files that record each read and each lookup.

    ``reads`` are the names of files that were read, missing ones and targets of links
    included. ``lookups`` are names whose existence was checked.
    """

    def __init__(self, root: str, overlay: Mapping[str, str | bytes] | None = None) -> None:
        super().__init__(root, overlay)
        self.lookups: set[str] = set()
        self.reads: set[str] = set()
        self._reals: dict[str, str] = {}

    def exists(self, path: str) -> bool:
        """Return whether there is something to read, and record the lookup."""
        name = self.name(path)
        if name is not None:
            self.lookups.add(name)
        return super().exists(path)

    def among(self, folder: str, names: Sequence[str]) -> Iterator[str]:
        """Yield those of some names that exist in a folder, and record all lookups."""
        paths = (self.name(posixpath.join(folder, one)) for one in names)
        self.lookups.update(path for path in paths if path is not None)
        return super().among(folder, names)

    def read(self, path: str) -> Source | Refusal:
        """Return a file's text or the reason why there is none; record the read."""
        name = self.name(path)
        if name is not None:
            self.reads.add(name)
        return super().read(path)

    def record(self, path: str) -> None:
        """Record a read of a file whose text is known."""
        name = self.name(path)
        if name is not None:
            self.reads.add(name)

    def leads_out(self, path: str) -> str | None:
        """Return the path outside that links lead to; record each name that may be a link."""
        self._record_above(self.name(path) or "")
        return super().leads_out(path)

    def _record_above(self, name: str) -> None:
        while name:
            self.lookups.add(name)
            name = posixpath.dirname(name)

    def _followed(self, folder: str, rest: str) -> str:
        real = super()._followed(folder, rest)
        if real != posixpath.join(folder, rest):
            self._record_above(real)
        return real

    def _link(self, name: str) -> str | None:
        target = super()._link(name)
        if target is not None:
            self.reads.add(name)
        return target

    def apart(self) -> Self:
        """Return the same files with their own record."""
        return type(self)(self.root, self._overlay)

    def with_texts(self, texts: Mapping[str, str]) -> Self:
        """Return the same files with other texts, by name or path, and the same record."""
        made = type(self)(self.root, {**self._overlay, **texts})
        made.lookups, made.reads, made._reals = self.lookups, self.reads, self._reals
        return made

    def with_texts_of(self, other: Files) -> Self:
        """Return the same files with the open texts of others."""
        texts = {other.path(name): text for name, text in other._overlay.items()}
        return type(self)(self.root, {**self._overlay, **texts})

    def add_record(self, other: Files) -> None:
        """Add the record of others."""
        if isinstance(other, RecordedFiles):
            self.reads |= other.reads
            self.lookups |= other.lookups

    @property
    def recorded_paths(self) -> Iterable[str]:
        """Return the absolute paths of all recorded names."""
        return map(self.path, [*self.reads, *self.lookups])

    def is_open(self, path: str) -> bool:
        """Return whether an open text replaces the one on the disk."""
        return self.name(path) in self._overlay

    def real_path(self, name: str) -> str:
        """Return the absolute path that a name leads to, if its links were followed."""
        return self.path(self._reals.get(name, name))

    def _real(self, name: str) -> str:
        real = super()._real(name)
        if real != name:
            self.reads.add(real)
            self._reals[name] = real
        return real
