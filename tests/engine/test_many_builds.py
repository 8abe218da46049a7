"""A project whose services build one long Dockerfile in many ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.engine.check import check
from tightship.engine.load import dockerfiles
from tightship.engine.settings.selection import Selection

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_services_build_together_has_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services and instructions are multiplied, so that the file alone is no limit."""
    assert dockerfiles._BUDGET <= 60_000
    monkeypatch.setattr(dockerfiles, "_BUDGET", 25)
    services = "".join(
        f"  s{i}: {{build: {{context: ., args: {{A: '{i}'}}}}}}\n" for i in range(9)
    )
    (tmp_path / "compose.yaml").write_text(f"services:\n{services}")
    (tmp_path / "Dockerfile").write_text("FROM a:1\nARG A\n" + "RUN b\n" * 6)
    (verdict,) = check([str(tmp_path)], Selection())
    reasons = [gap.reason for gap in verdict.gaps]
    assert any("further Dockerfiles are not checked" in one for one in reasons)
