"""The stages that hovers and lenses are about."""

from __future__ import annotations

from tightship.frontends.dockerfile.build import Build
from tightship.syntax.dockerfile.read import read
from tightship.text import Source
from tightship_lsp.judging.inspect import InspectedStage


def test_a_stage_ends_behind_its_last_trigger() -> None:
    text = "FROM debian:13\nRUN a\nONBUILD RUN b"
    [stage] = Build(read(Source("Dockerfile", text))).stages
    assert InspectedStage(stage, ()).end == len(text)
