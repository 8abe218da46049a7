"""Rules about what BuildKit warns of as well, compared with its own warnings.

The texts are ours, the warnings those of BuildKit 0.25.2 (``docker build --check``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.definition import Rule

ORACLE = Path(__file__).parents[2] / "oracles" / "buildkit.json"
CASES: list[dict[str, Any]] = json.loads(ORACLE.read_text(encoding="utf-8"))["lint"]

# Where a rule says more or less on purpose: the lines that one of both has, and why.
CASING = "ConsistentInstructionCasing+ExposeProtoCasing+FromAsCasing+StageNameCasing"
SECRET = "SecretsUsedInArgOrEnv"
DIFFERENT: dict[tuple[str, str], tuple[set[int], str]] = {
    (SECRET, "secret-placeholder"): ({2}, "a value that is plainly no secret"),
    (SECRET, "secret-file"): ({2}, "the path of a secret is none"),
    (SECRET, "secret-global"): ({1}, "what is passed is in the history all the same"),
    ("NoEmptyContinuation", "continuation-blank"): (
        {3, 4},
        "the blank line is marked, not the end of the instruction",
    ),
    ("NoEmptyContinuation", "continuation-blank-and-comment"): (
        {3, 6},
        "the blank line is marked, not the end of the instruction",
    ),
    (CASING, "casing-onbuild"): ({2}, "a trigger has a keyword as well"),
    (CASING, "casing-argument-before"): ({1}, "so has an ARG before the first FROM"),
    ("LegacyKeyValueFormat", "legacy-onbuild"): ({2}, "a trigger can be old as well"),
    ("WorkdirRelativePath", "workdir-scratch"): ({2}, "there is nothing but `/` below"),
    ("JSONArgsRecommended", "command-not-json"): (
        {2},
        "`invalid-dockerfile` says that it was meant to be an array",
    ),
    ("JSONArgsRecommended", "command-and-entrypoint-shell"): (
        {3},
        "the ENTRYPOINT leaves nothing of this CMD, whatever its form",
    ),
    ("UndefinedVar", "variable-default"): ({2}, "the word says what to take instead"),
}

# The checks of BuildKit 0.25 (frontend/dockerfile/linter/ruleset.go).
CHECKS = frozenset(
    (
        *("ConsistentInstructionCasing", "CopyIgnoredFile", "DuplicateStageName"),
        *("ExposeInvalidFormat", "ExposeProtoCasing", "FromAsCasing"),
        *("FromPlatformFlagConstDisallowed", "InvalidBaseImagePlatform"),
        *("InvalidDefaultArgInFrom", "InvalidDefinitionDescription"),
        *("JSONArgsRecommended", "LegacyKeyValueFormat", "MaintainerDeprecated"),
        *("MultipleInstructionsDisallowed", "NoEmptyContinuation"),
        *("RedundantTargetPlatform", "ReservedStageName", "SecretsUsedInArgOrEnv"),
        *("StageNameCasing", "UndefinedArgInFrom", "UndefinedVar"),
        "WorkdirRelativePath",
    )
)
WITHOUT_RULE = {
    "InvalidBaseImagePlatform": "only the registry knows an image's platform",
    "InvalidDefinitionDescription": "experimental, and about the form of comments",
}


def aliased(rule: Rule) -> set[str]:
    """Return the checks of BuildKit that a rule stands for."""
    prefix = "buildkit:"
    return {a.removeprefix(prefix) for a in rule.aliases if a.startswith(prefix)}


def groups() -> list[tuple[set[str], list[Rule]]]:
    """Return checks with the rules for them; what shares a rule or a check is one."""
    found: list[tuple[set[str], list[Rule]]] = []
    for rule in every_rule():
        checks, rules = aliased(rule), [rule]
        if not checks:
            continue
        for group in [group for group in found if group[0] & checks]:
            found.remove(group)
            checks, rules = group[0] | checks, group[1] + rules
        found.append((checks, rules))
    return found


GROUPS = {"+".join(sorted(checks)): (checks, rules) for checks, rules in groups()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_rules_mark_the_lines_that_buildkit_warns_of(case: dict[str, Any], judge: Judge) -> None:
    apart: dict[str, set[int]] = {}
    for name, (checks, rules) in GROUPS.items():
        spans = [one.span for one in judge({"Dockerfile": case["text"]}, rules)]
        ours = {span.source.point(span.start)[0] + 1 for span in spans}
        theirs = {line for check, line in case["warnings"] if check in checks}
        if ours ^ theirs:
            apart[name] = ours ^ theirs
    meant = {group: lines for (group, at), (lines, _) in DIFFERENT.items() if at == case["name"]}
    assert apart == meant


def test_every_check_has_a_rule_or_a_reason_to_have_none() -> None:
    named = {check for checks, _ in GROUPS.values() for check in checks}
    assert named | set(WITHOUT_RULE) == CHECKS
    assert not named & set(WITHOUT_RULE)


def test_known_differences_still_exist() -> None:
    names = {case["name"] for case in CASES}
    assert all(group in GROUPS and case in names for group, case in DIFFERENT)
