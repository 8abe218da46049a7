"""The proof that nothing but a name changes: the projects are read again, with the edits."""

from __future__ import annotations

import os
from collections import Counter

from tightship.text import apply_edits
from tightship_lsp.indexing.outlines import Outlines, Reading
from tightship_lsp.symbols.outline import RenameError
from tightship_lsp.symbols.renaming import Meaning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.text import Edit
    from tightship_lsp.features.queries import View
    from tightship_lsp.indexing.project import IndexedProject
    from tightship_lsp.symbols.index import Key, Placed, SymbolIndex

_OF_A_DOCKERFILE = ("environment", "heredoc")


def prove(
    view: View, key: Key, name: str, placed: Sequence[Placed], edits: Mapping[str, list[Edit]]
) -> None:
    """Check that the projects with some edits mean the same under another name.

    Raises:
        RenameError: if one of them does not.

    """
    projects = {id(project): project for path in edits for project in view.sharing(path)}
    for project in view.projects:
        projects.setdefault(id(project), project)
    compared = name.lower() if key[0] == "stage" else name
    for project in projects.values():
        view.give_way()
        texts = _texts(project, edits)
        after = project.reading.disk.with_texts(texts)
        again = project.make(Reading(Outlines(), after))
        keys = {
            other
            for one in placed
            for other in project.index.starting(one.path, one.occurrence.span.start)
            if other[0] == key[0]
        }
        expected = _counted(project.index, _renamed(project.index, keys, compared))
        if again is None or _counted(again.index, {}) != expected:
            raise RenameError(f"`{name}` would mean something else in `{_shown(view, project)}`")
        if key[0] not in _OF_A_DOCKERFILE:
            names = frozenset((name, *(one.occurrence.span.text for one in placed)))
            in_keys = key[0] != "variable"
            _check_meaning(project, after, names, _shown(view, project), in_keys=in_keys)


def _texts(project: IndexedProject, edits: Mapping[str, list[Edit]]) -> dict[str, str]:
    """Return the texts of the files of a project after the edits in them."""
    texts: dict[str, str] = {}
    for path, mine in edits.items():
        member = project.members.by_path.get(path)
        if member is not None:
            source = member.outline.source
            moved = [edit for edit in mine if edit.span.source is source]
            mark = "\ufeff" if source.bom else ""
            texts[path] = mark + apply_edits(source, moved)
    return texts


def _renamed(index: SymbolIndex, keys: set[Key], name: str) -> dict[Key, Key]:
    """Return what symbols become: those of a Dockerfile that is written in a service have its name."""
    made = {one: (one[0], one[1], name) for one in keys}
    services = {(home, old) for kind, home, old in keys if kind == "service"}
    for kind, home, other in index.symbols if services else ():
        path, inside, rest = home.partition("\0")
        service, more, near = rest.partition("\0")
        member = index.members.by_path.get(path)
        if not inside or member is None or service not in member.outline.services:
            continue
        if (index.members.home(member), service) in services:
            made[kind, home, other] = kind, f"{path}\0{name}{more}{near}", other
    return made


def _counted(index: SymbolIndex, others: Mapping[Key, Key]) -> Counter[tuple[Key, bool]]:
    """Return how often each symbol is declared and used, some of them as others."""
    return Counter(
        (others.get(key, key), placed.occurrence.is_declaration)
        for key, places in index.symbols.items()
        for placed in places
    )


def _check_meaning(
    project: IndexedProject,
    after: RecordedFiles,
    names: frozenset[str],
    shown: str,
    *,
    in_keys: bool,
) -> None:
    for folder, files in _invocations(project):
        before = Meaning(project.reading.disk.apart(), folder, files, names, in_keys=in_keys)
        if not before.is_same(Meaning(after, folder, files, names, in_keys=in_keys)):
            raise RenameError(f"the configuration of `{shown}` would change with this name")


def _invocations(project: IndexedProject) -> Iterator[tuple[str, list[str]]]:
    """Yield the folder and the files of each invocation of Compose for a project."""
    whole = [one.path for one in project.members.by_path.values() if one.role == "whole"]
    if not whole:
        return
    folder = os.path.dirname(project.path)
    files = [*(project.files or [project.path])]
    yield folder, [] if project.files else files
    for overlay in project.overlays:
        yield folder, [*files, overlay]


def _shown(view: View, project: IndexedProject) -> str:
    return project.reading.disk.name(project.path) or os.path.basename(view.path)
