"""Files that record the questions about them: a verdict depends on the answers alone."""

from __future__ import annotations

from tightship.engine.disk.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

    from tightship.engine.disk.regular import Refusal
    from tightship.text import Source


class RecordedFiles(Files):
    """Files that record which of them were read, or looked for.

    ``reads`` are the names of files that were read, there or not, and of those that
    links lead to. ``looks`` are names of which only the existence mattered.
    """

    __slots__ = ("_reals", "looks", "reads")

    def __init__(
        self, root: str, overlay: Mapping[str, str | bytes] | None = None
    ) -> None:
        """Read below ``root``, as :class:`Files` do."""
        super().__init__(root, overlay)
        self.looks = set[str]()
        self.reads = set[str]()
        self._reals: dict[str, str] = {}

    def exists(self, path: str) -> bool:
        """Return whether there is something to read, and record the look."""
        name = self.name(path)
        if name is not None:
            self.looks.add(name)
        return super().exists(path)

    def read(self, path: str) -> Source | Refusal:
        """Return a file's text or the reason why there is none; record the read."""
        name = self.name(path)
        if name is not None:
            self.reads.add(name)
        return super().read(path)

    def apart(self) -> Self:
        """Return the same files with a record of their own."""
        return type(self)(self.root, self._overlay)

    def with_texts(self, texts: Mapping[str, str]) -> Self:
        """Return the same files with other texts, by name or path; the record is one."""
        made = type(self)(self.root, {**self._overlay, **texts})
        made.looks, made.reads, made._reals = self.looks, self.reads, self._reals
        return made

    def with_texts_of(self, other: Files) -> Self:
        """Return the same files under the texts that others have over theirs."""
        texts = {other.path(name): text for name, text in other._overlay.items()}
        return type(self)(self.root, {**self._overlay, **texts})

    def add_record(self, other: RecordedFiles) -> None:
        """Add the record of others."""
        self.reads |= other.reads
        self.looks |= other.looks

    @property
    def asked_paths(self) -> Iterable[str]:
        """Return the absolute paths of everything in the record."""
        return map(self.path, [*self.reads, *self.looks])

    def is_open(self, path: str) -> bool:
        """Return whether a text stands over the disk."""
        return self.name(path) in self._overlay

    def real_path(self, name: str) -> str:
        """Return the absolute path that a name leads to, as far as it was followed."""
        return self.path(self._reals.get(name, name))

    def _real(self, name: str) -> str:
        real = super()._real(name)
        if real != name:
            self.reads.add(real)
            self._reals[name] = real
        return real
