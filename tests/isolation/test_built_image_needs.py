"""What an image that the project builds needs, from its Dockerfile and its scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.capabilities.default_capabilities_kept import (
    default_capabilities_kept,
)
from tightship.rules.compose.mandatory_access.privilege_escalation_allowed import (
    privilege_escalation_allowed,
)

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.kit import Rule

STEPS_DOWN = "#!/bin/sh\nset -e\nmkdir -p /data\nchown -R app /data\n"
COPIED = "COPY run.sh /usr/local/bin/\nENTRYPOINT [run.sh]\n".replace(
    "[", '["'
).replace("]", '"]')


def title(
    judge: Judge,
    dockerfile: str,
    script: str = "",
    body: str = "",
    rule: Rule = default_capabilities_kept,
) -> str | None:
    """Return the title of the fix of the one finding."""
    files = {
        "compose.yaml": f"services: {{s: {{build: ., {body}}}}}\n",
        "Dockerfile": dockerfile,
        "run.sh": script,
    }
    [one] = judge(files, [rule])
    return one.finding.fix.title if one.finding.fix else None


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        # A first process that is not root has no capability to lose.
        ('FROM node:24\nUSER node\nCMD ["node", "a.js"]\n', "Drop all capabilities"),
        ('FROM scratch\nUSER 1000\nCMD ["/app"]\n', "Drop all capabilities"),
        ("FROM node:24\nUSER node\nCMD node a.js\n", "Drop all capabilities"),
        # It is root, or may be, and writes nobody knows where.
        ('FROM node:24\nCMD ["node", "a.js"]\n', None),
        ('FROM node:24\nARG WHO\nUSER $WHO\nCMD ["node", "a.js"]\n', None),
        # What the base brings is not known.
        ('FROM example/base:1\nUSER 1000\nCMD ["/app"]\n', None),
        # A program may have a capability of its own.
        ('FROM node:24\nRUN setcap cap_net_raw+ep /a\nUSER 1\nCMD ["/a"]\n', None),
        ('FROM node:24\nUSER node\nCMD ["sudo", "/a"]\n', None),
        # The entrypoint and the program are those of the base image.
        ("FROM nginx:1.29\nCOPY . /srv\n", "Drop all capabilities but"),
        (
            'FROM nginx:1.29\nCMD ["nginx", "-g", "daemon off;"]\n',
            "Drop all capabilities but",
        ),
        ('FROM nginx:1.29\nCMD ["bash"]\n', None),
        ("FROM nginx:1.29\nCMD nginx\n", None),
    ],
)
def test_a_dockerfile_tells_which_capabilities_are_needed(
    judge: Judge, dockerfile: str, expected: str | None
) -> None:
    found = title(judge, dockerfile)
    assert found is None if expected is None else (found or "").startswith(expected)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (
            'exec gosu app "$@"\n',
            "Drop all capabilities but `CHOWN`, `DAC_OVERRIDE`, `FOWNER`, `SETGID`, `SETUID`",
        ),
        (
            'if [ "$(id -u)" = 0 ]; then exec su-exec app "$@"; fi\n',
            "Drop all capabilities but `CHOWN`, `DAC_OVERRIDE`, `FOWNER`, `SETGID`, `SETUID`",
        ),
        # Root goes on, or another program does nobody knows what.
        ('exec "$@"\n', None),
        ('exec gosu root "$@"\n', None),
        ('python manage.py migrate\nexec gosu app "$@"\n', None),
        ('exec gosu app "$@"\nif then\n', None),
    ],
)
def test_a_script_that_steps_down_tells_it_too(
    judge: Judge, last: str, expected: str | None
) -> None:
    assert title(judge, f"FROM debian:13\n{COPIED}", STEPS_DOWN + last) == expected


def test_a_script_that_is_not_there_tells_nothing(judge: Judge) -> None:
    dockerfile = 'FROM debian:13\nENTRYPOINT ["/entrypoint.sh"]\n'
    assert title(judge, dockerfile) is None


@pytest.mark.parametrize("body", ["command: bash", "entrypoint: [/a]"])
def test_another_command_of_the_service_tells_nothing(judge: Judge, body: str) -> None:
    assert title(judge, "FROM nginx:1.29\n", body=body) is None
    dockerfile = 'FROM node:24\nUSER node\nCMD ["node", "a.js"]\n'
    assert title(judge, dockerfile, body=body) is None


@pytest.mark.parametrize(
    ("script", "offered"),
    [('exec gosu app "$@"\n', True), ('sudo -E chown app /x\nexec "$@"\n', False)],
)
def test_a_setuid_program_asks_for_privileges(
    judge: Judge, script: str, offered: bool
) -> None:
    found = title(
        judge,
        f"FROM debian:13\n{COPIED}",
        STEPS_DOWN + script,
        rule=privilege_escalation_allowed,
    )
    assert (found is not None) is offered


def test_the_user_of_the_service_counts(judge: Judge) -> None:
    dockerfile = 'FROM node:24\nCMD ["node", "a.js"]\n'
    assert title(judge, dockerfile, body="user: '1000'") == "Drop all capabilities"
    assert title(judge, dockerfile, body="user: '${WHO}'") is None


def test_a_script_that_is_left_out_of_the_build_is_not_read(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {build: .}}\n",
        "Dockerfile": f"FROM debian:13\n{COPIED}",
        "run.sh": STEPS_DOWN + 'exec gosu app "$@"\n',
        ".dockerignore": "run.sh\n",
    }
    [one] = judge(files, [default_capabilities_kept])
    assert one.finding.fix is None
