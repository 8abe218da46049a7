"""The examples of a policy may be anything that starts a container."""

from __future__ import annotations

import pytest

from tightship.engine.rule_examples import failures
from tightship.policies.reader import read
from tightship.text import Source

POLICY = """\
[policy]
name = "corp"
version = "1"

[[rule]]
id = "corp/unprivileged"
for = "service"
forbid.privileged = true
message = "{name} is privileged"

[[rule.good]]
"%s" = '''
%s'''

[[rule.bad]]
"%s" = '''
%s'''
"""
SCRIPT = "docker run --rm alpine:3.22 id\n"
UNIT = "[Container]\nImage=quay.io/a/b:1\n"
JSON = '{"image": "a:1", "init": true}\n'


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("run.sh", SCRIPT, SCRIPT.replace("--rm", "--privileged")),
        ("w.container", UNIT, f"{UNIT}PodmanArgs=--privileged\n"),
        (".devcontainer.json", JSON, JSON.replace("init", "privileged")),
    ],
)
def test_a_script_or_a_unit_is_an_example(name: str, good: str, bad: str) -> None:
    text = POLICY % (name, good, name, bad)
    assert [one.why for one in failures(read(Source("p.toml", text)))] == []
    wrong = POLICY % (name, bad, name, good)
    assert len([*failures(read(Source("p.toml", wrong)))]) == 2


def test_an_example_that_starts_nothing_is_a_failure() -> None:
    text = POLICY % ("a.txt", "nothing\n", "a.txt", "nothing\n")
    assert {one.why for one in failures(read(Source("p.toml", text)))} == {
        "it has nothing that starts a container or builds an image"
    }
