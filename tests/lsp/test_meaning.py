from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.lsp.asking import Asked, cases

from tightship_lsp.features.meaning import meaning

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize("case", [*cases("hover")])
def test_meaning(case: dict[str, Any], tmp_path: Path, markdown: bool) -> None:
    view = (question := Asked(case, tmp_path)).view()
    found = meaning(view, view.offset(question.position), markdown=markdown)
    if case.get("none"):
        assert found is None
        return
    assert found is not None
    span, text = found
    assert case.get("of", span.text) == span.text
    for part in case.get("has", ()):
        assert part.replace("`", "") in text.replace("`", "")
    for part in case.get("lacks", ()):
        assert part not in text


def test_every_place_has_a_meaning_or_none(tmp_path: Path) -> None:
    for number, param in enumerate(cases("hover")):
        [case] = param.values
        view = Asked(case, tmp_path / str(number)).view()
        for at in range(len(view.document.source.text) + 1):
            meaning(view, at, markdown=bool(at % 2))
