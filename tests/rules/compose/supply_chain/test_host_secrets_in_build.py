"""A build gets folders and files of the host by its contexts and its secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main
from tightship.rules.compose.supply_chain.host_secrets_in_build import host_secrets_in_build

if TYPE_CHECKING:
    from pathlib import Path

    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("build", "marked"),
    [
        ("/", ["/"]),
        ("'~'", ["~"]),
        ("{context: ., additional_contexts: {a: /root, b: ./b, c: /opt/c}}", ["/root"]),
        ("{context: ., additional_contexts: ['a=/etc', 'b=/srv']}", ["a=/etc"]),
        ("{context: '${X}/'}", ["${X}/"]),
        ("{context: '${HOME}'}", ["${HOME}"]),
        ("{context: 'https://example.com/etc.git'}", []),
        ("{context: ., additional_contexts: {a: 'docker-image://etc'}}", []),
        ("{context: ., secrets: [own, made, npm]}", ["~/.ssh/id_rsa"]),
        ("{context: ., secrets: [{source: shadow, target: x}]}", ["/etc/shadow"]),
    ],
)
def test_what_of_the_host_a_build_gets(build: str, marked: list[str], found: Found) -> None:
    secrets = "{own: {file: ~/.ssh/id_rsa}, made: {file: ~/.ssh/ci}, npm: {file: ~/.npmrc}"
    secrets += ", shadow: {file: /etc/shadow}}"
    text = f"services: {{web: {{build: {build}}}}}\nsecrets: {secrets}\n"
    marks = [(word, text.strip("'\"")) for word, text in found(text, host_secrets_in_build)]
    assert marks == [("warning", one) for one in marked]


def test_a_link_is_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "all").symlink_to("/")
    (tmp_path / "compose.yaml").write_text(
        "services: {web: {image: a, build: {context: ., additional_contexts: {a: ./all}}}}\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    run = ["check", "--select", "host-secrets-in-build", str(tmp_path)]
    assert main(run) == 1
