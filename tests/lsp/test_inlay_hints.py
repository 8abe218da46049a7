from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types
from tests.lsp.asking import Asked, cases

from tightship_lsp.features.inlay_hints import inlay_hints
from tightship_lsp.settings import HINTS, Settings

if TYPE_CHECKING:
    from pathlib import Path


def hints(question: Asked, first: int = 0, last: int = 1000) -> list[types.InlayHint]:
    span = types.Range(types.Position(first, 0), types.Position(last, 0))
    return inlay_hints(question.session, types.InlayHintParams(question.identifier, span))


def shown(question: Asked) -> list[str]:
    """Return the lines that have hints, with them."""
    lines = question.text.split("\n")
    found: dict[int, str] = {}
    for hint in reversed(hints(question)):
        line, column = hint.position.line, hint.position.character
        text = found.get(line, lines[line])
        found[line] = f"{text[:column]}⟦{hint.label}⟧{text[column:]}"
    return [found[line] for line in sorted(found)]


@pytest.mark.parametrize("case", [*cases("inlay_hints")])
def test_inlay_hints(case: dict[str, Any], tmp_path: Path) -> None:
    question = Asked(case, tmp_path)
    question.session.configure(Settings.read(case.get("settings", {})))
    lines = shown(question)
    if "shown" in case:
        assert lines == case["shown"]
    for part in case.get("parts", ()):
        assert part in "\n".join(lines)
    assert all(isinstance(one.tooltip, str) and one.tooltip for one in hints(question))


def test_only_the_range_has_hints(tmp_path: Path) -> None:
    text = "services:\n  a: {image: 'a:${X}'}\n  b: {image: 'b:${X}'}\n"
    question = Asked({"text": text}, tmp_path)
    assert [one.position.line for one in hints(question, 2, 2)] == [2]


def test_settings_turn_kinds_off() -> None:
    every = Settings.read({"hints": dict.fromkeys(HINTS, False)})
    assert every.hints == frozenset()
    assert every.problems == []
    wrong = Settings.read({"hints": {"ports": 1, "moons": True}})
    assert [one.partition("`")[2].partition("`")[0] for one in wrong.problems] == [
        "tightship.hints.ports",
        "tightship.hints",
    ]
    assert wrong.hints == frozenset(HINTS)
