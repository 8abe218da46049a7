"""The rule `seccomp-unconfined`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.mandatory_access.seccomp_unconfined import seccomp_unconfined

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

ALLOW, LOG, REFUSE = (f'"SCMP_ACT_{action}"' for action in ("ALLOW", "LOG", "ERRNO"))


def files(profile: str, path: str = "./p.json") -> dict[str, str]:
    """Return a project in a folder, with a profile."""
    option = f"security_opt: ['seccomp={path}']"
    return {"app/compose.yaml": f"services: {{s: {{image: x, {option}}}}}\n", "app/p.json": profile}


@pytest.mark.parametrize(
    "profile",
    [
        f'{{"defaultAction": {ALLOW}}}',
        f'{{"defaultAction": {LOG}, "syscalls": null}}',
        f'{{"defaultAction": {ALLOW}, "syscalls": [{{"action": {LOG}}}]}}',
    ],
)
def test_a_profile_that_allows_everything_is_found(found: Found, profile: str) -> None:
    assert found(files(profile), seccomp_unconfined) == [("warning", "'seccomp=./p.json'")]


@pytest.mark.parametrize(
    "profile",
    [
        f'{{"defaultAction": {REFUSE}}}',
        f'{{"defaultAction": {ALLOW}, "syscalls": [{{"action": {REFUSE}}}]}}',
        f'{{"defaultAction": {ALLOW}, "syscalls": {{}}}}'.replace("{}", '{"a": 1}'),
        *("", "[]", "{", "[" * 5000, '{"defaultAction": ["x"]}'),
    ],
)
def test_other_profiles_are_silent(found: Found, profile: str) -> None:
    assert found(files(profile), seccomp_unconfined) == []


@pytest.mark.parametrize(
    "path", ["../p.json", "/p.json", "../../p.json", "q.json", "${P}", "app/p.json"]
)
def test_a_profile_elsewhere_is_not_read(found: Found, path: str) -> None:
    allowing = f'{{"defaultAction": {ALLOW}}}'
    assert found(files(allowing, path), seccomp_unconfined) == []


def test_the_message_names_the_profile(judge: Judge) -> None:
    [one] = judge(files(f'{{"defaultAction": {ALLOW}}}'), [seccomp_unconfined])
    assert one.finding.message == (
        "the seccomp profile `./p.json` blocks nothing in service `s`: every system call is allowed"
    )
