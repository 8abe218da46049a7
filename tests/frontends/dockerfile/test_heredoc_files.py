"""A RUN that starts a file of a heredoc runs the commands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.supply_chain.download_piped_to_shell import download_piped_to_shell
from tightship.rules.dockerfile.users.image_runs_as_root import image_runs_as_root
from tightship.rules.dockerfile.users.sudo_without_password import sudo_without_password

if TYPE_CHECKING:
    from tests.conftest import Judge

BODY = "curl https://x.org/a | sh"


@pytest.mark.parametrize(
    ("copy", "run", "is_started"),
    [
        ("COPY <<E /s.sh", "sh /s.sh", True),
        ("COPY <<E /s.sh", "bash -ex /s.sh --now", True),
        ("COPY <<E /s.sh", ". /s.sh", True),
        ("ADD <<E /s.sh", "apt-get update && sudo /s.sh", True),
        ("COPY <<E ./s.sh", "chmod +x s.sh && ./s.sh", True),
        ("COPY <<s.sh /opt/", "/opt/s.sh", True),
        ("COPY <<E /usr/bin/setup", "setup", True),
        ("COPY <<E /s.sh", "chmod +x /s.sh", False),
        ("COPY <<E /s.sh", "sh /other.sh", False),
        ("COPY <<E /opt/setup", "setup", False),
        ("COPY <<E /s.py", "python /s.py", False),
    ],
)
def test_a_file_is_read_where_it_is_started(
    copy: str, run: str, judge: Judge, *, is_started: bool
) -> None:
    end = "s.sh" if "<<s.sh" in copy else "E"
    text = f"FROM alpine:3.22 AS a\nWORKDIR /w\n{copy}\n{BODY}\n{end}\nFROM a\nRUN {run}\n"
    found = judge({"Dockerfile": text}, [download_piped_to_shell])
    assert [one.span.text for one in found] == ["sh"] * is_started
    early = f"FROM alpine:3.22\nRUN {run}\n{copy}\n{BODY}\n{end}\n"
    assert not judge({"Dockerfile": early}, [download_piped_to_shell])


def test_users_and_rights_in_a_file_count(judge: Judge) -> None:
    body = "useradd -o -u 0 app\necho 'app ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers"
    text = f"FROM debian:13\nCOPY <<'E' /s.sh\n{body}\nE\nRUN sh /s.sh\nUSER app\n"
    found = judge({"Dockerfile": text}, [image_runs_as_root, sudo_without_password])
    assert sorted(one.span.text for one in found) == ["NOPASSWD: ALL", "app"]
