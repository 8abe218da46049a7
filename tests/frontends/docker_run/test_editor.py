"""Edits of commands: in their style, byte for byte the same elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.frontends.docker_run.commands_of import containers_of, settings_of, shown

from tightship.frontends.docker_run.project import CommandEditor
from tightship.text import Edit, apply_edits

Change = Callable[[CommandEditor], tuple[Edit, ...]]
CASES: list[tuple[str, Change, str]] = [
    ("docker run x:1\n", lambda e: e.put("read_only", "true"), "docker run --read-only x:1\n"),
    ("docker run -it  x:1 a\n", lambda e: e.add("cap_drop", "ALL"),
     "docker run -it  --cap-drop ALL  x:1 a\n"),
    ("docker run \\\n  --rm \\\n  x:1 \\\n  a\n", lambda e: e.add("tmpfs", "/a", "/b"),
     "docker run \\\n  --rm \\\n  --tmpfs /a \\\n  --tmpfs /b \\\n  x:1 \\\n  a\n"),
    ("docker run --privileged x:1\n", lambda e: e.remove("privileged"), "docker run x:1\n"),
    ("docker run --pid=host --rm x\n", lambda e: e.remove("pid"), "docker run --rm x\n"),
    ("docker run --pid host --rm x\n", lambda e: e.remove("pid"), "docker run --rm x\n"),
    ("docker run --rm --pid host \\\n  x\n", lambda e: e.remove("pid"),
     "docker run --rm \\\n  x\n"),
    ("docker run \\\n  --pid host \\\n  x\n", lambda e: e.remove("pid"), "docker run \\\n  x\n"),
    ("docker run -m 1g x\n", lambda e: e.put("mem_limit", "2g"), "docker run -m 2g x\n"),
    ("docker run --memory=1g x\n", lambda e: e.put("mem_limit", "2g"), "docker run --memory=2g x\n"),
    ("docker run --read-only=false x\n", lambda e: e.put("read_only", "true"),
     "docker run --read-only x\n"),
    ("docker run x\n", lambda e: e.set_nested(("logging", "options"), {"max-size": "1m"}),
     "docker run --log-opt max-size=1m x\n"),
    ("docker run x\n", lambda e: e.set_nested(("ulimits",), {"nofile": "4096"}),
     "docker run --ulimit nofile=4096 x\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "change", "after"), CASES)
def test_an_edit_changes_flags_alone(before: str, change: Change, after: str) -> None:
    [made] = settings_of(before)
    edits = change(made.editor)
    assert edits
    assert apply_edits(made.span.source, edits) == after
    assert settings_of(after)


UNCERTAIN: list[tuple[str, Change]] = [
    ("docker run -itm 1g x\n", lambda e: e.remove("tty")),  # a bundle of flags
    ('docker run --pid=host "$@"\n', lambda e: e.put("read_only", "a b")),
    ("docker run x\n", lambda e: e.add("security_opt", "a'b")),
    ("docker run --new x\n", lambda e: e.put("read_only", "true")),  # where is the image?
    ("docker run x\n", lambda e: e.set_nested(("deploy", "resources"), {"limits": {}})),
    ("docker run x\n", lambda e: e.put("init_containers", "a")),
    # Without the flag, the network is the same.
    ("docker run --network bridge x\n", lambda e: e.remove("network_mode")),
]


@pytest.mark.parametrize(("text", "change"), UNCERTAIN)
def test_there_is_no_edit_where_none_is_certain(text: str, change: Change) -> None:
    [made] = settings_of(text)
    assert change(made.editor) == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "a:\n  - run: |\n      docker run \\\n        x:1\n"),
        ("a.yml", 'a: "docker run x:1"\n'),
        ("Makefile", "a:\n\tdocker run x:1\n"),
        ("a.service", "[Service]\nExecStart=/usr/bin/docker run x:1\n"),
        ("a.md", "```sh\n$ docker run x:1\n```\n"),
    ],
)
def test_edits_have_their_place_in_each_kind_of_file(name: str, text: str) -> None:
    [made] = settings_of(text, name)
    edits = made.editor.put("read_only", "true")
    assert edits
    [after] = settings_of(apply_edits(made.span.source, edits), name)
    assert shown(after) == {"read_only": "true", "image": "x:1"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("-p 80:80", "-p 127.0.0.1:80:80"),
        ("-p80:80", "-p127.0.0.1:80:80"),
        ('--publish="${P:-80}:80"', '--publish="127.0.0.1:${P:-80}:80"'),
        ("-p ${P:-80}:80", "-p 127.0.0.1:${P:-80}:80"),
        ('"--publish=${P:-80}:80"', None),
        ("-p ${A:-0.0.0.0}:80:80", None),
    ],
)
def test_a_port_gets_an_address(before: str, after: str | None) -> None:
    [container] = containers_of(f"docker run {before} x:1\n")
    [port] = container.ports
    edits = container.settings.editor.publish_on(port.published, "127.0.0.1")
    text = apply_edits(container.settings.span.source, edits) if edits else None
    assert text == (f"docker run {after} x:1\n" if after else None)
