"""Long chains of files and services: loaded as far as Compose does, or a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.verdict import Verdict


def judged(root: Path, includes: int, extends: int) -> Verdict:
    """Judge a chain of included projects, the last of which has a chain of services."""
    for number in range(includes):
        text = f"include: [{number + 1}.yaml]\nservices: {{s{number}: {{image: x}}}}\n"
        (root / f"{number}.yaml").write_text(text)
    chain = "".join(f"  e{number}: {{extends: e{number + 1}}}\n" for number in range(extends))
    last = f"services:\n{chain}  e{extends}: {{image: x, privileged: true}}\n"
    (root / f"{includes}.yaml").write_text(last)
    [verdict] = check([str(root / "0.yaml")], ["strict"])
    assert verdict.failure is None
    assert not [one for one in verdict.findings if one.rule.name == "dependency-cycle"]
    return verdict


@pytest.mark.parametrize(("includes", "extends"), [(60, 0), (0, 150), (60, 150)])
def test_chains_that_compose_loads_are_loaded(includes: int, extends: int, tmp_path: Path) -> None:
    verdict = judged(tmp_path, includes, extends)
    assert len(verdict.gaps) == 0
    assert verdict.services == includes + extends + 1
    privileged = [o for o in verdict.findings if o.rule.name == "privileged-container"]
    assert sum(max(1, len(one.services)) for one in privileged) >= 1


@pytest.mark.parametrize(("includes", "extends"), [(90, 0), (0, 200), (76, 200)])
def test_longer_chains_are_a_gap_and_not_a_cycle(
    includes: int, extends: int, tmp_path: Path
) -> None:
    verdict = judged(tmp_path, includes, extends)
    assert len(verdict.gaps) == 1
    [gap] = [one for one in verdict.findings if one.rule.name == "not-checked"]
    assert "the rest is ignored" in gap.finding.message
