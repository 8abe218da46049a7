"""Definition, references, highlights and rename from each marked place of a case.

A case has ``files``; ``rename`` is ``refused`` (with a ``message``), or ``none`` if a case is
not about rename; ``prepares`` tells that only the new name is refused. Without it, rename works from each mark, changes each mark and nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from lsprotocol import types
from tests.lsp.navigation.desk import Mark, Workspace, can, read, span

from tightship_lsp.features.places import definition, highlights, references
from tightship_lsp.features.rename import prepare, rename
from tightship_lsp.symbols.outline import RenameError

if TYPE_CHECKING:
    from collections.abc import Iterable

CASES = [
    pytest.param(case, id=f"{file.stem}: {case['case']}")
    for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
]
NEW = "renamed"


def start(case: dict[str, Any], folder: Path) -> Workspace:
    return Workspace(folder, case["files"])


def places(marks: Iterable[Mark]) -> list[tuple[str, int, int, int]]:
    return sorted(mark.place for mark in marks)


def of_the_symbol(workspace: Workspace) -> list[Mark]:
    return [mark for mark in workspace.marks if mark.role != "other"]


def position(mark: Mark, *, at_end: bool = False) -> types.Position:
    return types.Position(mark.line, mark.end if at_end else mark.start)


@pytest.mark.parametrize("case", CASES)
def test_references_are_all_marks(case: dict[str, Any], tmp_path: Path) -> None:
    workspace = start(case, tmp_path)
    marks = of_the_symbol(workspace)
    uses = [mark for mark in marks if mark.role == "use"]
    for mark in marks:
        view = workspace.view(mark.file)
        found = references(view, position(mark), with_declarations=True)
        assert sorted(map(workspace.place, found)) == places(marks)
        found = references(view, position(mark, at_end=True), with_declarations=False)
        assert sorted(map(workspace.place, found)) == places(uses)


@pytest.mark.parametrize("case", CASES)
def test_other_places_are_other_symbols(case: dict[str, Any], tmp_path: Path) -> None:
    workspace = start(case, tmp_path)
    marks = places(of_the_symbol(workspace))
    for mark in workspace.marks:
        if mark.role == "other":
            view = workspace.view(mark.file)
            found = references(view, position(mark), with_declarations=True)
            assert not {workspace.place(one) for one in found} & set(marks)


@pytest.mark.parametrize("case", CASES)
def test_definitions_are_declarations(case: dict[str, Any], tmp_path: Path) -> None:
    workspace = start(case, tmp_path)
    marks = of_the_symbol(workspace)
    declared = {mark.place for mark in marks if mark.role == "declaration"}
    for mark in marks:
        found = definition(workspace.view(mark.file), position(mark))
        given = set(map(workspace.place, found))
        assert given <= declared
        assert bool(given) == bool(declared)
        if mark.role == "declaration":
            assert mark.place in given


@pytest.mark.parametrize("case", CASES)
def test_highlights_are_the_marks_of_the_file(case: dict[str, Any], tmp_path: Path) -> None:
    workspace = start(case, tmp_path)
    marks = of_the_symbol(workspace)
    for mark in marks:
        found = highlights(workspace.view(mark.file), position(mark))
        here = [one for one in marks if one.file == mark.file]
        assert sorted((mark.file, *span(one.range)) for one in found) == places(here)
        written = {span(o.range) for o in found if o.kind == types.DocumentHighlightKind.Write}
        declared = {one.place[1:] for one in here if one.role == "declaration"}
        assert written == declared


@pytest.mark.parametrize("case", CASES)
def test_rename_changes_all_marks_and_nothing_else(case: dict[str, Any], tmp_path: Path) -> None:
    if case.get("rename") == "none":
        return
    workspace = start(case, tmp_path)
    marks = of_the_symbol(workspace)
    for mark in marks:
        view = workspace.view(mark.file)
        if case.get("rename") == "refused":
            if not case.get("prepares"):
                with pytest.raises(RenameError, match=case["message"]):
                    prepare(view, position(mark))
            with pytest.raises(RenameError, match=case["message"]):
                rename(view, position(mark), NEW, can())
            continue
        placeholder = prepare(view, position(mark))
        assert placeholder is not None
        assert span(placeholder.range) == mark.place[1:]
        edit = rename(view, position(mark), NEW, can())
        assert workspace.renamed(edit) == renamed(case["files"])


def renamed(files: dict[str, str]) -> dict[str, str]:
    """Return the texts with another name at each mark of the symbol."""
    import re

    made: dict[str, str] = {}
    for name, marked in files.items():
        text = re.sub("«=?[^»]*»", NEW, marked)
        made[name], _ = read(name, text)
    return made
