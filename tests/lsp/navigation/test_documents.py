"""Links, symbols, folding and selection ranges of documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from lsprotocol import types
from tests.lsp.navigation.desk import Workspace, span

from tightship_lsp.features.document_links import document_links
from tightship_lsp.features.document_symbols import document_symbols, flat
from tightship_lsp.features.ranges import folding_ranges, selection_ranges

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDER = Path(__file__).parent / "documents"


def cases(name: str, key: str) -> list[Any]:
    found = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["case"]) for case in found if key in case]


@pytest.mark.parametrize("case", cases("links.yaml", "targets"))
def test_links(case: dict[str, Any], tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, case["files"])
    found = document_links(workspace.view(case["file"]))
    marks = [mark for mark in workspace.marks if mark.file == case["file"]]
    targets = [
        target if target.startswith("https:") else workspace.uri(target)
        for target in case["targets"]
    ]
    assert [(span(one.range), one.target) for one in found] == [
        (mark.place[1:], target) for mark, target in zip(marks, targets, strict=True)
    ]


def lines(symbols: Sequence[types.DocumentSymbol], depth: int = 0) -> Iterator[str]:
    for one in symbols:
        yield "  " * depth + one.name + (f": {one.detail}" if one.detail else "")
        yield from lines(one.children or (), depth + 1)


@pytest.mark.parametrize("case", cases("symbols.yaml", "symbols"))
def test_symbols(case: dict[str, Any], tmp_path: Path) -> None:
    view = Workspace(tmp_path, case["files"]).view(case["file"])
    found = document_symbols(view)
    assert list(lines(found)) == case["symbols"].splitlines()
    source = view.document.source
    todo = [*found]
    while todo:
        one = todo.pop()
        assert begins(one.range) <= begins(one.selection_range)
        assert ends(one.selection_range) <= ends(one.range)
        line = source.line(one.selection_range.start.line)
        written = line[one.selection_range.start.character : one.selection_range.end.character]
        assert written.upper() == one.name.upper()
        todo += one.children or ()
    assert [one.name for one in flat(found, "file:///x")] == [
        line.strip().split(":")[0] for line in lines(found)
    ]


def begins(range_: types.Range) -> tuple[int, int]:
    return range_.start.line, range_.start.character


def ends(range_: types.Range) -> tuple[int, int]:
    return range_.end.line, range_.end.character


@pytest.mark.parametrize("case", cases("ranges.yaml", "folds"))
def test_folding_ranges(case: dict[str, Any], tmp_path: Path) -> None:
    found = folding_ranges(Workspace(tmp_path, case["files"]).view(case["file"]))
    assert [[one.start_line, one.end_line] for one in found] == case["folds"]


@pytest.mark.parametrize("case", cases("ranges.yaml", "around"))
def test_selection_ranges(case: dict[str, Any], tmp_path: Path) -> None:
    marked: str = case["files"][case["file"]]
    text = marked.replace("‸", "")
    before = marked[: marked.index("‸")]
    line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    view = Workspace(tmp_path, {case["file"]: text}).view(case["file"])
    [chain] = selection_ranges(view, [types.Position(line, column)])
    texts = list[str]()
    one: types.SelectionRange | None = chain
    while one is not None:
        texts.append(text[at(text, one.range.start) : at(text, one.range.end)])
        one = one.parent
    assert texts == [*case["around"], text]


def at(text: str, position: types.Position) -> int:
    lines_before = text.split("\n")[: position.line]
    return sum(len(line) + 1 for line in lines_before) + position.character
