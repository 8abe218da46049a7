"""What tests of single rules share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.kit import Rule


class Fixed(Protocol):
    """Return a Compose file after all the fixes that one rule offers for it."""

    def __call__(self, text: str, rule: Rule) -> str: ...


@pytest.fixture
def fixed(judge: Judge) -> Fixed:
    def after(text: str, rule: Rule) -> str:
        fixes = [one.finding.fix for one in judge(text, [rule]) if one.finding.fix]
        edits = [edit for fix in fixes for edit in fix.edits]
        return apply_edits(edits[0].span.source, edits) if edits else text

    return after


class Found(Protocol):
    """Return what one rule marks in files: grade and text of each place."""

    def __call__(
        self, files: str | dict[str, str], rule: Rule
    ) -> list[tuple[str, str]]: ...


@pytest.fixture
def found(judge: Judge) -> Found:
    def places(files: str | dict[str, str], rule: Rule) -> list[tuple[str, str]]:
        return [(one.severity.word, one.span.text) for one in judge(files, [rule])]

    return places
