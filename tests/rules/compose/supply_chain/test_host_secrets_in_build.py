"""A build gets folders and files of the host by its contexts and its secrets."""

from __future__ import annotations

import re
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


def test_a_watch_copies_what_it_watches(found: Found) -> None:
    rules = "{path: /root, action: sync, target: /x}, {path: /etc, action: sync+exec, target: /y}"
    rules += ", {path: /home, action: rebuild}, {path: ./src, action: sync, target: /z}"
    text = f"services: {{web: {{build: ., develop: {{watch: [{rules}]}}}}}}\n"
    assert found(text, host_secrets_in_build) == [("warning", "/root"), ("warning", "/etc")]


@pytest.mark.parametrize(
    ("ssh", "marked"),
    [
        ("[default]", []),
        ("[k=/root/.ssh/id_rsa]", ["k=/root/.ssh/id_rsa"]),
        ("{k: '~/.ssh/id_ed25519'}", ["'~/.ssh/id_ed25519'"]),
        ("[k=./deploy, 'l=./a,/etc/shadow']", ["'l=./a,/etc/shadow'"]),
        ("[k=~/.ssh/ci, 'a=${SSH_AUTH_SOCK}']", []),  # a key for one purpose, and an agent
    ],
)
def test_a_build_logs_in_with_a_key_of_a_person(ssh: str, marked: list[str], found: Found) -> None:
    text = f"services: {{web: {{build: {{context: ., ssh: {ssh}}}}}}}\n"
    assert found(text, host_secrets_in_build) == [("info", one) for one in marked]


def test_a_target_of_bake_gets_folders_secrets_and_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docker-bake.hcl").write_text(
        'target "a" {\n  dockerfile = "D"\n  contexts = { x = "/etc" }\n'
        '  secret = ["id=s,src=/root/.ssh/id_rsa", "type=env,id=e", "id=n,src=~/.npmrc"]\n'
        '  ssh = ["default=/root/.ssh/id_dsa"]\n}\n'
    )
    (tmp_path / "D").write_text("FROM scratch\n")
    (tmp_path / "tightship.toml").write_text('front-ends = ["bake"]\n')
    run = ["check", "--select", "host-secrets-in-build", "--output-format", "concise"]
    assert main([*run, str(tmp_path)]) == 1
    places = re.findall(r"(?m)^.*docker-bake\.hcl:(\d)", capsys.readouterr().out)
    assert places == ["3", "4", "5"]


def test_a_link_is_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "all").symlink_to("/")
    (tmp_path / "compose.yaml").write_text(
        "services: {web: {image: a, build: {context: ., additional_contexts: {a: ./all}}}}\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    run = ["check", "--select", "host-secrets-in-build", str(tmp_path)]
    assert main(run) == 1
