"""The rule `isolation-left-to-variable`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.isolation_left_to_variable import (
    isolation_left_to_variable,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "privileged: '${P:-no}'",
            "`P` decides whether `s` is privileged: `no` if it is unset, and `true` if the"
            " environment sets that",
        ),
        (
            "user: '${U}:1'",
            "`U` decides the user of `s`: it has no value here, and `root` if the environment"
            " sets that",
        ),
        (
            "user: '${U:-}'",
            "`U` decides the user of `s`: empty if it is unset, and `root` if the environment sets"
            " that",
        ),
        (
            "security_opt: ['label=type:${T:-container_t}']",
            "`T` decides a security option of `s`: `container_t` if it is unset, and `spc_t`"
            " if the environment sets that",
        ),
    ],
)
def test_the_message_has_the_variable_and_both_values(
    judge: Judge, body: str, message: str
) -> None:
    files = f"services:\n  s: {{image: x, {body}}}\n"
    [one] = judge(files, [isolation_left_to_variable])
    assert one.finding.message == message


@pytest.mark.parametrize(
    "body",
    [
        "privileged: '${P:-true}'",
        "privileged: '${P:+false}'",
        "read_only: '${R:-no}'",
        "user: '${U:-0}'",
        "user: '${U:-root}:${G:-1}'",
        "user: '1000:${G}'",
        "ipc: '${I:-host}'",
        "pid: 'service:${S}'",
        "cap_add: ['NET_${C:-RAW}']",
        "security_opt: ['seccomp:${P:-unconfined}']",
    ],
)
def test_what_no_environment_makes_weaker_is_silent(found: Found, body: str) -> None:
    files = f"services:\n  s: {{image: x, {body}}}\n"
    assert found(files, isolation_left_to_variable) == []


def test_a_user_of_root_is_no_weaker_than_the_image(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  s: {build: ., user: '${U:-}'}\n",
        "Dockerfile": "FROM scratch\nCMD a\n",
    }
    assert found(files, isolation_left_to_variable) == []


def test_a_value_in_a_file_decides(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  s: {image: x, privileged: '${P:-false}'}\n",
        ".env": "P=false\n",
    }
    assert found(files, isolation_left_to_variable) == []
