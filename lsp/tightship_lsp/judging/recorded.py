"""Files that tell which of them a judgement depends on."""

from __future__ import annotations

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import project_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Self

    from tightship.text import Source
    from tightship_lsp.workspace.snapshot import Snapshot


class Recorded(Files):
    """Files that tell which of them were asked for.

    ``heed`` is called between the steps of judging them, which ends with what it raises.
    """

    __slots__ = ("_reals", "asked", "heed")

    def __init__(self, root: str, overlay: Mapping[str, str | bytes]) -> None:
        """Read below ``root``, with ``overlay`` over the disk."""
        super().__init__(root, overlay)
        self.asked: set[str] = set()
        self.heed: Callable[[], None] | None = None
        self._reals: dict[str, str] = {}

    def exists(self, path: str) -> bool:
        """Tell whether there is something to read."""
        self._note(path)
        return super().exists(path)

    def read(self, path: str) -> Source | Refusal:
        """Return a file's text, or why it is not to be had."""
        self._note(path)
        return super().read(path)

    def below(self, now: Files) -> Self:
        """Return the same files, with the texts that others have over them."""
        texts = {now.path(name): text for name, text in now._overlay.items()}
        made = type(self)(self.root, {**self._overlay, **texts})
        made.heed = self.heed
        return made

    def mended(self, texts: Mapping[str, str]) -> Self:
        """Return the same files with other texts; what is asked of either is one."""
        made = type(self)(self.root, {**self._overlay, **texts})
        made.asked, made._reals = self.asked, self._reals
        return made

    @property
    def asked_paths(self) -> Iterable[str]:
        """Return the absolute paths of what was asked for so far."""
        return map(self.path, list(self.asked))

    def is_open(self, path: str) -> bool:
        """Tell whether a text stands over the disk."""
        return self.name(path) in self._overlay

    def real_path(self, name: str) -> str:
        """Return the absolute path that a name leads to, as far as it was followed."""
        return self.path(self._reals.get(name, name))

    def _note(self, path: str) -> None:
        name = self.name(path)
        if name is not None:
            self.asked.add(name)

    def _real(self, name: str) -> str:
        real = super()._real(name)
        if real != name:
            self.asked.add(real)
            self._reals[name] = real
        return real


class Unsaved(Recorded):
    """A document that is no file: there is nothing beside it."""

    __slots__ = ()

    def exists(self, path: str) -> bool:
        """Tell whether it is the document."""
        return self.is_open(path)

    def read(self, path: str) -> Source | Refusal:
        """Return the document's text; nothing else is to be had."""
        if self.exists(path):
            return super().read(path)
        return Refusal(self.name(path) or path, "missing", "does not exist")


def recorded(path: str, now: Snapshot) -> Recorded:
    """Return the files of the project that a path is in, with what is open over them."""
    root = project_root(path, workspace=now.folder_of(path))
    return Recorded(root, now.overlay)
