"""Options of `security_opt` that Compose or the engine rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_security_option import (
    invalid_security_option,
)

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
def test_a_rejected_option_says_what_to_do(judge: Judge, option: str, end: str) -> None:
    [message] = found(judge, option)
    assert message.startswith("service `s` will not start: ")
    assert message.endswith(end)


@pytest.mark.parametrize(
    "option",
    [
        "no-new-privileges",
        "no-new-privileges:1",
        "no-new-privileges=TRUE",
        "seccomp=./profile.json",
        "apparmor=docker-default",
        "label=nonsense",
        "systempaths=unconfined",
        "credentialspec=file://x",
        "writable-cgroups=true",
        "${X}",
        "no-new-privileges:${X}",
    ],
)
def test_an_option_that_some_engine_takes_is_none(judge: Judge, option: str) -> None:
    assert found(judge, option) == []
