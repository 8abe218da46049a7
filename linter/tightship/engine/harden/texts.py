"""The new texts of the files of several projects, which may share some of them."""

from __future__ import annotations

from tightship.engine.disk.writing import write_all
from tightship.engine.fix.run import Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.engine.disk.files import Files
    from tightship.engine.disk.writing import Refused
    from tightship.text import Source

    # By name, the source that was read, and its new text.
    Texts = Mapping[str, tuple[Source, str]]


class NewTexts:
    """Collects the texts of one project after the other, and writes them at the end.

    ``written`` are the absolute paths of the files that were written.
    """

    def __init__(self) -> None:
        self.written: list[str] = []
        self._files: dict[str, Files] = {}
        self._texts: dict[str, dict[str, tuple[Source, str]]] = {}

    def over(self, files: Files) -> Files:
        """Return files with the new texts of the projects before."""
        texts = self._texts.get(files.root)
        if not texts:
            return files
        return files.over(
            {
                name: ("\ufeff" if source.bom else "") + text
                for name, (source, text) in texts.items()
            }
        )

    def add(self, files: Files, texts: Texts) -> None:
        """Add the texts of a project; ``files`` are those on the disk."""
        self._files.setdefault(files.root, files)
        known = self._texts.setdefault(files.root, {})
        for name, (source, text) in texts.items():
            first, _ = known.get(name, (source, text))
            known[name] = first, text

    @property
    def changes(self) -> Iterator[Change]:
        """Yield the change of each file."""
        for root, texts in self._texts.items():
            for name, (source, text) in texts.items():
                yield Change(self._files[root].path(name), source, text)

    def write(self) -> list[Refused]:
        """Write all files of a root or none of them; return why one could not be written."""
        refused: list[Refused] = []
        for root, texts in self._texts.items():
            failed = write_all(self._files[root], texts) if texts else []
            refused += failed
            if not failed:
                self.written += map(self._files[root].path, texts)
        return refused
