"""Paths of the host that come as the file of a config or a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import PATH_RULES, said

if TYPE_CHECKING:
    from tests.conftest import Judge

SECTIONS = pytest.mark.parametrize("section", ["configs", "secrets"])


def file(section: str, path: str) -> str:
    """Return a service that gets a file."""
    service = f"s: {{image: x, {section}: [one]}}"
    return f"services: {{{service}}}\n{section}: {{one: {{file: {path}}}}}\n"


@SECTIONS
@pytest.mark.parametrize(
    ("path", "rule", "severity"),
    [
        ("/", "host-root-mounted", "error"),
        ("/home/..", "host-root-mounted", "error"),
        ("/etc/shadow", "sensitive-host-path-readable", "warning"),
        ("/etc", "sensitive-host-path-readable", "warning"),
        ("/proc", "kernel-interface-mounted", "info"),
        ("/var/run/docker.sock", "docker-socket-mounted", "error"),
        ("/dev/sda", "host-disk-device", "warning"),
    ],
)
def test_a_file_of_the_host_is_a_mount(
    judge: Judge, section: str, path: str, rule: str, severity: str
) -> None:
    assert said(judge(file(section, path), PATH_RULES)) == [(rule, severity)]


@SECTIONS
@pytest.mark.parametrize(
    "path",
    [
        *("./secret.txt", "/srv/secret", "~/.aws/deploy", "/home/u/.ssh/deploy_key"),
        *("/etc/app/password", "/etc/ssl/private/app.key", "/etc/localtime", "${F}"),
    ],
)
def test_ordinary_secret_files_are_silent(judge: Judge, section: str, path: str) -> None:
    assert judge(file(section, path), PATH_RULES) == []


@pytest.mark.parametrize(
    ("item", "target"), [("one", "/run/secrets/one"), ("{source: one, target: /host}", "/host")]
)
def test_the_message_names_the_place_in_the_container(judge: Judge, item: str, target: str) -> None:
    text = f"services: {{s: {{image: x, secrets: [{item}]}}}}\nsecrets: {{one: {{file: /}}}}\n"
    [one] = judge(text, PATH_RULES)
    assert f"at `{target}`" in one.finding.message
    assert one.span.text == "/"
