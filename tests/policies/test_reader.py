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
        ('"corp/a"', '"a"', "an id has the form"),
        ('for = "service"', 'for = "servic"', "is `service` meant?"),
        ('message = "{name} is privileged"', "", "`message` is missing"),
        ('id = "corp/a"', 'id = "corp/a"\nseverty = "error"', "is `severity` meant?"),
        ('id = "corp/a"', 'id = "corp/a"\nseverity = "fatal"', "`severity` is one of"),
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
        ("", "a policy file needs a table `[policy]`"),
        ("[policy", "this is not TOML"),
        (HEAD + "language = 2", "this release reads language 1"),
        (HEAD + 'unknown = "violations"', "is `violation` meant?"),
        (HEAD + "[[platform]]\npath = []", "is `paths` meant?"),
        (HEAD + "[platform]\n", "write `[[platform]]`, once for each"),
        (HEAD + 'builtin = ["privileged"]', "names no rule, theme or set"),
        (HEAD + "rules = 1", "`[policy]` has no key `rules`"),
        (HEAD + RULE, "a rule needs an example: `[[rule.good]]`"),
        (HEAD + RULE + EXAMPLES.replace('"compose.yaml"', '"../compose.yaml"'), "an example has"),
        (HEAD + RULE + EXAMPLES + RULE + EXAMPLES, "the id `corp/a` is taken"),
        ("x" * 1_000_001, "the policy is longer than"),
    ],
)
def test_what_is_wrong_with_a_policy_is_told(text: str, expected: str) -> None:
    assert any(expected in one for one in problems(text)), problems(text)


@pytest.mark.parametrize(
    ("written", "wrong", "expected"),
    [
        ('for = "service"', 'for = "images"', "`for` is one of"),
        ("require.privileged", "required.privileged", "a rule"),
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
        ("until = 2027-01-31", "", "`until` is the last day"),
        ("until = 2027-01-31", 'until = "soon"', "`until` is the last day"),
        ('reason = "needs it"', "", "`reason` is missing"),
        ('approved-by = "security"', "", "`approved-by` is missing"),
        ("until", 'files = ["["]\nuntil', "`[` needs a `]`"),
        ("until", 'service = ["a"]\nuntil', "is `services` meant?"),
    ],
)
def test_what_is_wrong_with_an_exception_is_told(written: str, wrong: str, expected: str) -> None:
    text = HEAD + RULE + EXAMPLES + EXCEPTION.replace(written, wrong)
    assert any(expected in one for one in problems(text))
