"""Options of `security_opt` that Compose or the engine rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_security_option import invalid_security_option

if TYPE_CHECKING:
    from tests.conftest import Judge


def found(judge: Judge, option: str) -> list[str]:
    text = f"services:\n  s:\n    image: x\n    security_opt: ['{option}']\n"
    return [one.finding.message for one in judge(text, (invalid_security_option,))]


@pytest.mark.parametrize(
    ("option", "end"),
    [
        ("no-new-privileges=yes", "write `no-new-privileges:true`"),
        ("no-new-privileges:true:x", "write `no-new-privileges:true`"),
        ("no_new_privileges:true", "or write `no-new-privileges`"),
        ("NO-NEW-PRIVILEGES:true", "or write `no-new-privileges`"),
        ("SECCOMP=unconfined", "or write `seccomp`"),
        ("seccomp:builtin", "remove the option for Docker's own profile"),
        ("seccomp=Unconfined", "remove the option for Docker's own profile"),
        ("seccomp", "write `seccomp=` and the value"),
        ("seccomp=", "remove it for Docker's own profile"),
        ("systempaths:unconfined", "remove it"),
        ("disable", "remove it, or write `label=disable`"),
        ("foo", "remove it"),
        ("", "remove it"),
    ],
)
def test_a_rejected_option_has_advice(judge: Judge, option: str, end: str) -> None:
    [message] = found(judge, option)
    assert message.startswith("service `s` will not start: ")
    assert message.endswith(end)


@pytest.mark.parametrize(
    "option",
    [
        "no-new-privileges",
        "no-new-privileges:1",
        "no-new-privileges=TRUE",
        "seccomp=/etc/profile.json",
        "apparmor=docker-default",
        "label=nonsense",
        "systempaths=unconfined",
        "credentialspec=file://x",
        "writable-cgroups=true",
        "${X}",
        "no-new-privileges:${X}",
    ],
)
def test_an_option_accepted_by_some_engine_is_silent(judge: Judge, option: str) -> None:
    assert found(judge, option) == []


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        (None, "Compose rejects the seccomp profile `p.json`: `p.json` does not exist"),
        ("{", "Compose rejects the seccomp profile `p.json`: the profile is not valid"),
        (
            '{"defaultAction": "KILL"}',
            "the Docker Engine rejects the seccomp profile `p.json`: `KILL` is not a",
        ),
    ],
)
def test_a_profile_that_is_missing_or_invalid_is_reported(
    judge: Judge, profile: str | None, why: str
) -> None:
    text = "services: {s: {image: x, security_opt: ['seccomp=p.json']}}\n"
    others = {} if profile is None else {"p.json": profile}
    [one] = judge({"compose.yaml": text, **others}, (invalid_security_option,))
    assert one.finding.message.startswith(f"service `s` will not start: {why}")
    assert one.finding.span.text == "'seccomp=p.json'"


def test_a_valid_profile_is_accepted(judge: Judge) -> None:
    text = "services: {s: {image: x, security_opt: ['seccomp=p.json']}}\n"
    profile = '{"defaultAction": "SCMP_ACT_ERRNO"}'
    files = {"compose.yaml": text, "p.json": profile}
    assert judge(files, (invalid_security_option,)) == []


def test_compose_reads_the_profile_of_each_option(judge: Judge) -> None:
    options = "['seccomp=no.json', 'seccomp=p.json']"
    files = {
        "compose.yaml": f"services: {{s: {{image: x, security_opt: {options}}}}}\n",
        "p.json": '{"defaultAction": "SCMP_ACT_ERRNO"}',
    }
    [one] = judge(files, (invalid_security_option,))
    assert one.finding.span.text == "'seccomp=no.json'"
    # The engine does not see it, so that an unknown action is no fault there.
    assert judge({**files, "no.json": '{"defaultAction": "X"}'}, (invalid_security_option,)) == []
