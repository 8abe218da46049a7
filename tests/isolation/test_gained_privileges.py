"""Programs of an image that gain privileges, and commands that do not use any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.isolation.patches import COPIED, TEMPORARY, items, patched, title

from tightship.rules.compose.capabilities.default_capabilities_kept import default_capabilities_kept
from tightship.rules.compose.filesystem.writable_root_filesystem import writable_root_filesystem
from tightship.rules.compose.mandatory_access.privilege_escalation_allowed import (
    privilege_escalation_allowed,
)

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.definition import Rule


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ("command: bash", True),
        ("command: [node, b.js, --port, '${PORT}']", True),
        ("entrypoint: [/a]", True),
        ("entrypoint: [/a], command: [b]", True),
        ("command: sh -c 'sudo /a'", False),
        ("entrypoint: [sudo, /a]", False),
    ],
)
def test_a_user_without_rights_has_them_with_no_command(
    judge: Judge, body: str, known: bool
) -> None:
    dockerfile = 'FROM node:24\nUSER node\nCMD ["node", "a.js"]\n'
    assert (title(judge, dockerfile, body=body) is not None) is known
    read_only = title(judge, dockerfile, body=body, rule=writable_root_filesystem)
    assert (read_only is not None) is known


INSTALLED = "FROM debian:13\nRUN apt-get update && apt-get install -y {}\nUSER 10001\n"


@pytest.mark.parametrize(
    "rule", [default_capabilities_kept, privilege_escalation_allowed, writable_root_filesystem]
)
@pytest.mark.parametrize(
    "steps",
    [
        # It may be called by the program, which nobody reads here.
        INSTALLED.format("iputils-ping"),
        INSTALLED.format("sudo=1.9.16 curl"),
        "FROM alpine:3.22\nRUN apk add --no-cache sudo\nUSER 10001\n",
        "FROM debian:13\nRUN chmod u+s /usr/bin/find\nUSER 10001\n",
        "FROM debian:13\nRUN echo root:a | chpasswd\nUSER 10001\n",
        "FROM debian:13\nRUN ./install.sh\nUSER 10001\n",
        "FROM debian:13\nRUN curl -fsSL https://example.com/a | bash\nUSER 10001\n",
        "FROM debian:13\nADD a.tar.gz /\nUSER 10001\n",
        "FROM debian:13\nCOPY --from=caddy:2 /usr/bin/caddy /bin/caddy\nUSER 10001\n",
        "FROM debian:13 AS a\nRUN apt-get install -y sudo\n"
        "FROM debian:13\nCOPY --from=a /usr/bin /usr/bin\nUSER 10001\n",
    ],
)
def test_a_program_that_gains_privileges_may_be_used(judge: Judge, rule: Rule, steps: str) -> None:
    assert title(judge, f'{steps}CMD ["python3", "app.py"]\n', rule=rule) is None


@pytest.mark.parametrize(
    "steps",
    [
        "FROM debian:13\nRUN apt-get install -y curl\nUSER 10001\n",
        "FROM debian:13\nRUN sh -c 'echo a >/b'\nUSER 10001\n",
        "FROM debian:13\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nUSER 10001\n",
        "FROM debian:13 AS a\nRUN apt-get install -y sudo\n"
        "FROM debian:13\nCOPY --from=a /srv/app /app\nUSER 10001\n",
    ],
)
def test_without_such_a_program_nothing_gains_privileges(judge: Judge, steps: str) -> None:
    dockerfile = f'{steps}CMD ["python3", "app.py"]\n'
    for rule in (default_capabilities_kept, privilege_escalation_allowed):
        assert title(judge, dockerfile, rule=rule) is not None


SUDO = (
    "FROM python:3.13\nRUN apt-get update && apt-get install -y sudo cron\n"
    "RUN useradd -m app && echo 'app ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/app\n"
    "COPY run.sh setup.sh /srv/\nWORKDIR /srv\nUSER app\n"
)


def test_output_of_sudo_is_unknown(judge: Judge) -> None:
    """`sudo cron` writes `/var/run/crond.pid`, where the user may not."""
    dockerfile = f'{SUDO}ENTRYPOINT ["/srv/run.sh"]\n'
    script = "#!/bin/sh\nsudo cron\nexec python3 -m http.server\n"
    for rule in (writable_root_filesystem, privilege_escalation_allowed):
        assert title(judge, dockerfile, script, rule=rule) is None


@pytest.mark.parametrize("call", ["./setup.sh", "sh setup.sh", ". ./setup.sh"])
def test_scripts_that_scripts_call_are_followed(judge: Judge, call: str) -> None:
    files = {
        "compose.yaml": "services: {s: {build: .}}\n",
        "Dockerfile": "FROM debian:13\nCOPY run.sh setup.sh /srv/\nWORKDIR /srv\n"
        'USER 10001\nENTRYPOINT ["/srv/run.sh"]\n',
        "run.sh": f"#!/bin/sh\n{call}\nexec python3 -m http.server\n",
    }
    for setup, known in (("sudo cron\n", False), ("echo ready\n", True)):
        found = judge(
            {**files, "setup.sh": f"#!/bin/sh\n{setup}"},
            [default_capabilities_kept, privilege_escalation_allowed],
        )
        assert [one.finding.fix is not None for one in found] == [known, known]


def test_scripts_that_call_each_other_end(judge: Judge) -> None:
    dockerfile = 'FROM debian:13\nCOPY run.sh /\nUSER 10001\nENTRYPOINT ["/run.sh"]\n'
    script = "#!/bin/sh\n/run.sh\n"
    assert title(judge, dockerfile, script) == "Drop all capabilities"


def test_the_command_is_what_the_entrypoint_starts(judge: Judge) -> None:
    dockerfile = f'FROM debian:13\n{COPIED}CMD ["sudo", "cron"]\nUSER 10001\n'
    assert title(judge, dockerfile, '#!/bin/sh\nexec "$@"\n') is None


@pytest.mark.parametrize(
    ("image", "user", "paths"),
    [
        ("node:24", "node", [*TEMPORARY, "/home/node:exec,mode=1777"]),
        ("python:3.13", "'1000:1000'", TEMPORARY),
        ("gcr.io/distroless/nodejs24-debian12:nonroot", "'65532'", ["/tmp:exec"]),
        # Root may write everywhere, and a variable may name root.
        ("node:24", "root", None),
        ("node:24", "'${WHO}'", None),
    ],
)
def test_a_base_image_with_a_command_is_known(
    judge: Judge, image: str, user: str, paths: list[str] | None
) -> None:
    text = f"services:\n  s:\n    image: {image}\n    user: {user}\n    command: npm start\n"
    rules = [privilege_escalation_allowed, writable_root_filesystem]
    found = judge({"compose.yaml": text}, rules)
    fixes = {one.rule.name: one.finding.fix for one in found}
    assert fixes[privilege_escalation_allowed.name] is not None
    made = fixes[writable_root_filesystem.name]
    added = " ".join(edit.text for edit in made.edits) if made else ""
    assert (items(added)[: len(paths)] == paths) if paths else made is None


@pytest.mark.parametrize(
    ("steps", "paths"),
    [
        ("FROM gcr.io/distroless/static-debian12:nonroot\nCOPY app /app\n", 2),
        ("FROM gcr.io/distroless/base-debian12\nCOPY app /app\nUSER 65532\n", 2),
        ("FROM gcr.io/distroless/base-debian12\nCOPY app /app\nUSER 1000\n", 1),
        # It begins in the home, which a tmpfs would hide.
        ("FROM gcr.io/distroless/static-debian12:nonroot\nCOPY app .\n", 0),
        ("FROM gcr.io/distroless/static-debian12\nCOPY app /app\n", 0),
        ("FROM gcr.io/distroless/unknown:nonroot\nCOPY app /app\n", 0),
    ],
)
def test_a_distroless_image_has_little_to_write(judge: Judge, steps: str, paths: int) -> None:
    added = patched(judge, f'{steps}CMD ["/app"]\n')
    assert len(items(added)) == paths if added else paths == 0
