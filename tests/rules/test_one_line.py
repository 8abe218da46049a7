"""What to do about a finding fits in one line, in a report and in an editor's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.test_examples import cases, found_by, plain

from tightship.rules.example import Bad

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.definition import Rule

# A menu shows more than that only in part, and says what the fix does after some.
_LONGEST_TITLE = 60 - len(" (tightens)")
_LONGEST_HELP = 100


@pytest.mark.parametrize(("rule", "example"), cases(Bad))
def test_each_finding_has_a_short_fix_or_a_line_of_help(
    rule: Rule, example: Bad, judge: Judge
) -> None:
    for one in found_by(judge, plain(rule, example.files), rule):
        fix = one.finding.fix
        if fix is not None:
            assert 0 < len(fix.title) <= _LONGEST_TITLE
        else:
            assert 0 < len(rule.help) <= _LONGEST_HELP
            assert not rule.help.endswith(".")
