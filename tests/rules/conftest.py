"""What tests of single rules share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from tests.checking import judged
from tests.conftest import words_for

from tightship.engine.disk.files import Files
from tightship.engine.fix.fixes import FixSelection, fixed as apply_fixes
from tightship.engine.plan.candidates import Candidate as Project, named
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.findings import Suppression
from tightship.rules import every_rule

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Judge

    from tightship.engine.verdict import Verdict
    from tightship.rules.definition import Rule


def rules_of(language: str, theme: str) -> tuple[Rule, ...]:
    """Return the rules of a theme."""
    return tuple(rule for rule in every_rule() if (rule.language, rule.theme) == (language, theme))


class FixedFiles(Protocol):
    """Return files, by path, after all fixes that one rule offers, round by round."""

    def __call__(self, files: dict[str, str], rule: Rule) -> dict[str, str]: ...


@pytest.fixture
def fixed_files(tmp_path: Path) -> FixedFiles:
    def after(files: dict[str, str], rule: Rule) -> dict[str, str]:
        path = str(tmp_path / next(iter(files)))
        found = named(path)
        if found.language != "dockerfile":
            found = Project(path, "named", path, "compose")

        def verdicts(now: Files) -> list[Verdict]:
            # What accepts nothing is known only if all else is looked for.
            rules = every_rule() if rule.on == (Suppression,) else [rule]
            bench = RuleRunner(Selection(words_for(rules)), rules)
            return judged(now, found, bench)

        given = Files(str(tmp_path), dict(files))
        made = apply_fixes(
            given, verdicts, verdicts, FixSelection(all_effects=True, names=(rule.name,))
        )
        assert [left.reason for left in made.unresolved] == []
        return files | {name: text for name, (_, text) in made.texts.items()}

    return after


class Fixed(Protocol):
    """Return a Compose file after all the fixes that one rule offers for it."""

    def __call__(self, text: str, rule: Rule) -> str: ...


@pytest.fixture
def fixed(fixed_files: FixedFiles) -> Fixed:
    def after(text: str, rule: Rule) -> str:
        return fixed_files({"compose.yaml": text}, rule)["compose.yaml"]

    return after


class Found(Protocol):
    """Return what one rule marks in files: grade and text of each place."""

    def __call__(self, files: str | dict[str, str], rule: Rule) -> list[tuple[str, str]]: ...


@pytest.fixture
def found(judge: Judge) -> Found:
    def places(files: str | dict[str, str], rule: Rule) -> list[tuple[str, str]]:
        return [(one.severity.word, one.span.text) for one in judge(files, [rule])]

    return places
