"""Fixes of style change nothing but case and blank lines."""

from __future__ import annotations

from hypothesis import given, strategies as st
from tests.rules.dockerfile.correctness.conftest import meaning

from tightship.frontends.dockerfile.build import Build
from tightship.rules.dockerfile.correctness.empty_continuation import (
    empty_continuation as continuation,
)
from tightship.rules.dockerfile.correctness.inconsistent_casing import inconsistent_casing as casing
from tightship.syntax.dockerfile.read import read
from tightship.text import Source, apply_edits

LINES = [
    "FROM a:1",
    "from b:1 as Build",
    "FROM Build AS build",
    "FROM c:1 As BUILD",
    "Run x",
    "run y \\\n\n  z",
    "RUN \\\n# why\n\n x",
    "COPY --from=Build a b",
    "copy --from=build a b",
    "RUN --mount=type=bind,from=BUILD,target=/x y",
    "ONBUILD copy --from=Build a b",
    "LABEL a=b \\\n\t\n c=d",
    "arg X",
    "RUN <<EOF\n\n\nrun\nEOF",
    "foo",
    "USER x \\",
    "",
]


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_fixes_change_nothing_but_case_and_blank_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    build = Build(read(Source("Dockerfile", text)))
    fixes = [one.fix for rule in (casing, continuation) for one in rule.check(build) if one.fix]
    edits = [edit for fix in fixes for edit in fix.edits]
    fixed = apply_edits(build.source, edits)
    before, after = meaning(text), meaning(fixed)
    assert [(name, body.lower()) for name, body in after] == [
        (name, body.lower()) for name, body in before
    ]
    again = Build(read(Source("Dockerfile", fixed)))
    left = [one for rule in (casing, continuation) for one in rule.check(again)]
    assert not any(one.fix for one in left)
