"""A project whose services build one long Dockerfile in many ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checking import check

from tightship.engine.disk.files import Files
from tightship.engine.load import dockerfiles
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import named
from tightship.engine.plan.job import project_files
from tightship.frontends.compose.loading.invocation import Options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pytest

    from tightship.frontends.dockerfile.build import Build


def test_the_builds_of_all_services_have_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services and instructions are multiplied, so that the file alone is no limit."""
    assert dockerfiles._BUDGET <= 60_000
    monkeypatch.setattr(dockerfiles, "_BUDGET", 25)
    services = "".join(f"  s{i}: {{build: {{context: ., args: {{A: '{i}'}}}}}}\n" for i in range(9))
    (tmp_path / "compose.yaml").write_text(f"services:\n{services}")
    (tmp_path / "Dockerfile").write_text("FROM a:1\nARG A\n" + "RUN b\n" * 6)
    (verdict,) = check([str(tmp_path)])
    reasons = [gap.reason for gap in verdict.gaps]
    assert any("further Dockerfiles are not checked" in one for one in reasons)


def test_services_that_differ_in_unused_arguments_build_alike(tmp_path: Path) -> None:
    """Each way to build is a model of its own; n services are no reason for n of them."""
    n = 40
    given = ", ".join(f"A{i}: b" for i in range(n))
    services = "".join(
        f"  s{i}: {{build: {{context: ., args: {{{given}, B: 'c{i}'}}}}}}\n" for i in range(n)
    )
    (tmp_path / "compose.yaml").write_text(f"services:\n{services}")
    text = "FROM a:1\n" + "".join(f"ARG A{i}\nRUN b $A{i}\n" for i in range(n))
    assert len(_builds(tmp_path, text)) == 1
    # What the file may contain counts: in a script, in a continued line, in a FROM.
    for more in ("RUN echo $B", "RUN echo ${\\\nB}", "ARG B", "ARG B=c\nFROM a:$B"):
        assert len(_builds(tmp_path, f"{text}{more}\n")) >= n, more


def test_an_argument_that_replaces_the_frontend_counts(tmp_path: Path) -> None:
    """BuildKit reads it, whatever the Dockerfile contains."""
    (tmp_path / "compose.yaml").write_text(
        "services:\n  a: {build: {context: ., args: {BUILDKIT_SYNTAX: x}}}\n  b: {build: .}\n"
    )
    assert len(_builds(tmp_path, "FROM a:1\n")) == 2


def _builds(folder: Path, dockerfile: str) -> Sequence[Build]:
    (folder / "Dockerfile").write_text(dockerfile)
    disk = Files(str(folder))
    main = named(str(folder / "compose.yaml"))
    loaded = load_project(disk, project_files(disk, main, Options()))
    assert loaded.built is not None
    return loaded.built.builds
