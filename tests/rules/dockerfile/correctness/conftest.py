"""What tests of rules about correct Dockerfiles share."""

from __future__ import annotations

from tightship.frontends.dockerfile.build import Build
from tightship.rules.dockerfile.correctness.duplicate_stage_name import duplicate_stage_name
from tightship.rules.dockerfile.correctness.invalid_dockerfile import invalid_dockerfile
from tightship.rules.dockerfile.correctness.reserved_stage_name import reserved_stage_name
from tightship.rules.dockerfile.correctness.undefined_argument_in_from import (
    undefined_argument_in_from,
)
from tightship.rules.dockerfile.correctness.undefined_stage import undefined_stage
from tightship.rules.dockerfile.correctness.unknown_instruction import unknown_instruction
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

REFUSALS = (
    duplicate_stage_name,
    invalid_dockerfile,
    reserved_stage_name,
    undefined_argument_in_from,
    undefined_stage,
    unknown_instruction,
)
"""The rules about what BuildKit refuses, as seen with BuildKit 0.13.2."""


def on_debian(*lines: str) -> dict[str, str]:
    """Return a Dockerfile of one stage, by its lines."""
    return {"Dockerfile": "\n".join(("FROM debian:13", *lines, ""))}


def built(text: str) -> Build:
    return Build(read(Source("Dockerfile", text)))


def meaning(text: str) -> list[tuple[str, str]]:
    """Return the instructions, with the text that a build gets of each."""
    return [(one.name, one.body.text) for one in built(text).file.instructions]
