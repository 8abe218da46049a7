"""The symbols of one project, and the files that they depend on."""

from __future__ import annotations

import posixpath

from tightship.engine.plan.candidates import language_of
from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship_lsp.symbols.index import SymbolIndex
from tightship_lsp.symbols.members import Members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship_lsp.indexing.outlines import Reading
    from tightship_lsp.symbols.members import Language
    from tightship_lsp.symbols.outline import Outline

_DEFINING = ("image", "context", "dockerfile", "inline", "extends", "provider")


class IndexedProject:
    """The symbols of one project.

    ``make`` makes it again, of other texts. ``path`` is that of its main file. ``files`` are those that Compose finds by itself,
    if it does, and ``overlays`` those that other invocations merge over them.
    """

    def __init__(
        self,
        path: str,
        reading: Reading,
        members: Members,
        *,
        files: Sequence[str] = (),
        overlays: Sequence[str] = (),
    ) -> None:
        self.path = path
        self.reading = reading
        self.members = members
        self.overlays = overlays
        self.files = files
        self.index = SymbolIndex(members)
        self.make: Callable[[Reading], IndexedProject | None] = lambda _: None

    def holds(self, path: str) -> bool:
        """Return whether a file is part of the project."""
        return path in self.members.by_path


def main_project(
    folder: str, reading: Reading, chains: Sequence[tuple[str, ...]] = ()
) -> IndexedProject | None:
    """Return the project that Compose loads by itself in a folder, if there is one.

    The files of the folder that are merged over it belong to it: those that complete its
    services, and those of ``chains``.
    """
    call = invocation(folder, Options(), exists=reading.exists, read=reading.source, ceiling=folder)
    if not call.files:
        return None
    known = _services(filter(None, (reading.outline(path, "compose") for path in call.files)))
    overlays = _merged(call.files[0], chains, call.files)
    overlays += (
        path
        for path in _others(folder, reading, [*call.files, *overlays])
        if _completes(reading.outline(path, "compose"), known)
    )
    env_file = posixpath.join(call.directory, ".env")
    members = Members(reading.outline, [*call.files, *overlays], call.directory, [env_file])
    return IndexedProject(call.files[0], reading, members, files=call.files, overlays=overlays)


def alone(
    path: str, reading: Reading, language: Language, chains: Sequence[tuple[str, ...]] = ()
) -> IndexedProject:
    """Return the project of a file that belongs to no other one, and what is merged over it."""
    directory = posixpath.dirname(path)
    if language != "compose":
        members = Members.of_one(reading.outline, path, language)
        return IndexedProject(path, reading, members)
    overlays = _merged(path, chains, [path])
    env_file = posixpath.join(directory, ".env")
    members = Members(reading.outline, [path, *overlays], directory, [env_file])
    return IndexedProject(path, reading, members, overlays=overlays)


def _merged(main: str, chains: Sequence[tuple[str, ...]], files: Sequence[str]) -> list[str]:
    """Return the files that invocations merge over a main file, without some."""
    found = dict.fromkeys(path for chain in chains if chain[0] == main for path in chain)
    return [path for path in found if path not in files]


def _services(outlines: Iterable[Outline]) -> set[str]:
    return {name for outline in outlines for name in outline.services}


def _others(folder: str, reading: Reading, files: Sequence[str]) -> Iterator[str]:
    """Yield the other Compose files of a folder."""
    for name in reading.names_in(folder):
        path = posixpath.join(folder, name)
        if language_of(name) == "compose" and path not in files:
            yield path


def _completes(outline: Outline | None, known: set[str]) -> bool:
    """Return whether a file has services that cannot be without those of others."""
    return outline is not None and any(
        name in known and not any(one in facts.settings for one in _DEFINING)
        for name, facts in outline.services.items()
    )
