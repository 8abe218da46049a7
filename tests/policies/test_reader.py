"""A policy file is read, or each problem of it is told at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.config.key import ConfigError
from tightship.policies.reader import read
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.policies.policy import Policy

HEAD = '[policy]\nname = "corp"\n'
EXAMPLES = """
[[rule.good]]
"compose.yaml" = "services: {a: {image: b}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b, privileged: true}}"
"""
RULE = """
[[rule]]
id = "corp/a"
for = "service"
require.privileged = false
message = "{name} is privileged"
"""


def policy(text: str) -> Policy:
    return read(Source("policy.toml", text), lambda word: word == "privileged-container")


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        policy(text)
    return [
        f"{one.span.source.point(one.span.start)[0] + 1}: {one.message}"
        for one in error.value.problems
    ]


def test_the_smallest_policy_is_read() -> None:
    made = policy(HEAD + RULE + EXAMPLES)
    [rule] = made.rules
    assert (rule.id, rule.about, rule.severity.word) == ("corp/a", "service", "error")
    assert (rule.unknown, rule.settles_defaults) == ("violation", False)
    assert [one.is_good for one in rule.examples] == [True, False]
    assert len(made.digest) == 64


def test_a_rule_takes_what_the_policy_says_of_unknown_values() -> None:
    head = HEAD + 'unknown = "report"\ndefaults = "value"\n'
    own = RULE.replace('id = "corp/a"', 'id = "corp/b"') + 'unknown = "ignore"\n'
    first, second = policy(head + RULE + EXAMPLES + own + EXAMPLES).rules
    assert (first.unknown, first.settles_defaults) == ("report", True)
    assert second.unknown == "ignore"


@pytest.mark.parametrize(
    ("written", "wrong", "expected"),
    [
        ("require.privileged", "require.priviledged", "is `privileged` meant?"),
        ("= false", "= { equal = false }", "is `equals` meant?"),
        ("= false", '= "no"', "`equals` takes a value of its type"),
        ("= false", "= {}", "this condition is empty"),
        ("require.privileged", "require", "a condition is a table"),
        ("require.privileged = false", "require.image.tag = 1", "takes a value of its type"),
        ("require.privileged = false", "require.ports = 1", "name an operator, such as `every`"),
        (
            "require.privileged = false",
            "require.memory.at-most = 'big'",
            "a number, such as `512m`",
        ),
        ("require.privileged = false", "require.memory.like = 'a'", "a size has no operator"),
        ("require.privileged = false", "require.name.like = '[a'", "`[` needs a `]`"),
        (
            "require.privileged = false",
            "require.memory.at-most = { fact = 'memry' }",
            "is `memory` meant?",
        ),
        (
            "require.privileged = false",
            "require.capabilities.subset = ['a']",
            "no operator `subset`",
        ),
        ("require.privileged = false", "forbid.mounts.some = { kind = 'binds' }", "`bind` meant?"),
        ("require.privileged = false", "require.namespaces.pid = 'private'", "this fact is never"),
        *(
            ("require.privileged = false", f"forbid.{wrong}", "this fact is never")
            for wrong in (
                "capabilities.has = 'sys_admin'",
                "capabilities.some.like = 'CAP_*'",
                "capabilities.some.equals = 'CAP_KILL'",
                "mounts.some.kind.like = 'Bind*'",
                "mounts.some.propagation = 'rshare'",
                "system-paths = 'Unconfined'",
                "namespaces.network.like = 'Service:*'",
            )
        ),
        (
            "require.privileged = false",
            "forbid.capabilities.has-any = ['CAP_SYS_ADMIN']",
            "this fact is never `CAP_SYS_ADMIN`",
        ),
        (
            "require.privileged = false",
            "forbid.capabilities.has-any = ['SYS_ADMI']",
            "is `SYS_ADMIN` meant?",
        ),
        ("require.privileged = false", "require.any = []", "`any` needs a list of conditions"),
        ("require.privileged = false", "", "a rule needs `require` or `forbid`"),
        ("{name}", "{nme}", "is `name` meant?"),
        ("{name}", "{image}", "`image` is no fact with one value"),
        (
            "require.privileged = false",
            'forbid.privileged = true\nforbid.namespaces.pid = "host"',
            "`forbid` has several conditions: write `forbid.any = [...]`",
        ),
        (
            "require.privileged = false",
            'forbid.environment.A = "x"\nforbid.environment.B = "x"',
            "`forbid` has several conditions: write `forbid.any = [...]`",
        ),
        ("= false", "= { equals = { fact = 'ports' } }", "`ports` is no fact with one value"),
        ('"corp/a"', '"a"', "`id` has to be a text such as `corp/image-pinned`"),
        ('for = "service"', 'for = "servic"', "did you mean `service`?"),
        (
            'message = "{name} is privileged"',
            "",
            "`rule` needs `message`: a text that is not empty",
        ),
        ('id = "corp/a"', 'id = "corp/a"\nseverty = "error"', "did you mean `severity`?"),
        (
            'id = "corp/a"',
            'id = "corp/a"\nseverity = "fatal"',
            "`severity` has to be `info`, `warning` or `error`",
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_at_its_place(
    written: str, wrong: str, expected: str
) -> None:
    found = problems(HEAD + RULE.replace(written, wrong) + EXAMPLES)
    assert any(expected in one for one in found), found
    assert all(4 <= int(one.partition(":")[0]) <= 9 for one in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "this file needs `policy`: a table `[policy]`"),
        ("[policy", "this is not TOML"),
        (HEAD + "language = 2", "`language` has to be 1: this release reads no other"),
        (HEAD + 'unknown = "violations"', "did you mean `violation`?"),
        (HEAD + "[[platform]]\npath = []", "did you mean `paths`?"),
        (HEAD + "[platform]\n", "`platform` has to be a list of tables"),
        (HEAD + 'builtin = ["privileged"]', "names no rule, theme or set"),
        (HEAD + "rules = 1", "unknown key `rules` here"),
        (HEAD + RULE, "`rule` needs `good`: at least one table with texts by path"),
        (
            HEAD + RULE + EXAMPLES.replace('"compose.yaml"', '"../compose.yaml"'),
            "each of `good` has to be",
        ),
        (HEAD + RULE + EXAMPLES + RULE + EXAMPLES, "the id `corp/a` is taken"),
        ("x" * 1_000_001, "the file is longer than"),
    ],
)
def test_what_is_wrong_with_a_policy_is_told(text: str, expected: str) -> None:
    assert any(expected in one for one in problems(text)), problems(text)


@pytest.mark.parametrize(
    ("written", "wrong", "expected"),
    [
        ('for = "service"', 'for = "images"', "`for` has to be"),
        (
            "require.privileged",
            "required.privileged",
            "unknown key `required` here; did you mean `require`?",
        ),
        ("{name}", "{mem}", "is `memory` meant?"),
    ],
)
def test_a_mistake_brings_no_others(written: str, wrong: str, expected: str) -> None:
    found = problems(HEAD + RULE.replace(written, wrong) + EXAMPLES + EXCEPTION)
    assert all(expected in one for one in found), found


EXCEPTION = """
[[exception]]
rule = "corp/a"
reason = "needs it"
approved-by = "security"
until = 2027-01-31
"""


def test_an_exception_is_read() -> None:
    [one] = policy(HEAD + RULE + EXAMPLES + EXCEPTION).exceptions
    assert (one.rule, one.approved_by, one.until) == ("corp/a", "security", "2027-01-31")
    assert not one.is_over("2027-01-31")
    assert one.is_over("2027-02-01")


@pytest.mark.parametrize(
    ("written", "wrong", "expected"),
    [
        ('"corp/a"', '"corp/b"', "`corp/b` is no rule of this policy"),
        ("until = 2027-01-31", "", "`exception` needs `until`: the last day"),
        ("until = 2027-01-31", 'until = "soon"', "`until` has to be the last day"),
        ('reason = "needs it"', "", "`exception` needs `reason`"),
        ('approved-by = "security"', "", "`exception` needs `approved-by`"),
        ("until", 'files = ["["]\nuntil', "`[` needs a `]`"),
        ("until", 'service = ["a"]\nuntil', "did you mean `services`?"),
    ],
)
def test_what_is_wrong_with_an_exception_is_told(written: str, wrong: str, expected: str) -> None:
    text = HEAD + RULE + EXAMPLES + EXCEPTION.replace(written, wrong)
    assert any(expected in one for one in problems(text))
