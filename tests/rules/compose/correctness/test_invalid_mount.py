"""Mounts, configs and secrets that Compose or the engine rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_mount import invalid_mount

if TYPE_CHECKING:
    from tests.conftest import Judge


def found(judge: Judge, keys: str, rest: str = "") -> list[str]:
    text = f"services:\n  s: {{image: x, {keys}}}\n{rest}"
    return [one.finding.message for one in judge(text, (invalid_mount,))]


@pytest.mark.parametrize(
    ("keys", "end"),
    [
        ("volumes: ['v:/data']", "give the volume `v` a longer name"),
        ("volumes: ['v:/data:ro']", "give the volume `v` a longer name"),
        ("volumes: ['./h:rw']", "write one that begins with `/`"),
        ("volumes: [data]", "write one that begins with `/`"),
        ("volumes: ['./h:/']", "write a path below it"),
        ("volumes: [{type: tmpfs, target: x}]", "write one that begins with `/`"),
        ("volumes: ['./h:/x:nocopy']", "a bind mount accepts no `nocopy`; remove it"),
        ("volumes: ['./h:/x:ro,nocopy']", "a bind mount accepts no `nocopy`; remove it"),
        ("tmpfs: /", "write a path below it"),
        ("tmpfs: '/tmp:foo=1'", "remove it"),
        ("tmpfs: '/tmp:SIZE=1m'", "or write `size=`"),
        ("tmpfs: '/tmp:noexe'", "or write `noexec`"),
        ("tmpfs: ['/tmp:size']", "or write `size=`"),
    ],
)
def test_a_rejected_mount_has_advice(judge: Judge, keys: str, end: str) -> None:
    [message] = found(judge, keys, "volumes: {v: {}}\n")
    assert message.startswith("service `s` will not start: ")
    assert message.endswith(end)


@pytest.mark.parametrize(
    "keys",
    [
        "volumes: ['w:/data']",
        "volumes: ['vol:/x:nocopy', '${V}:/y:nocopy', './h:/z:${OPTIONS}']",
        "volumes: [{type: bind, source: ./h, target: /x, volume: {nocopy: true}}]",
        "volumes: ['v:/data:/data']",
        "volumes: ['vol:/data', /data, './h:/h', '${V}', './h:${T}']",
        "volumes: [{type: npipe, source: a, target: b}]",
        r"volumes: ['C:\data', './h:C:\data']",
        "tmpfs: ['/tmp:size=10%,mode=1770,uid=1,gid=1,exec,suid,dev', '/run:']",
        "tmpfs: '/tmp:${OPTIONS}'",
    ],
)
def test_mounts_accepted_by_some_engine(judge: Judge, keys: str) -> None:
    assert found(judge, keys, "volumes: {v: {}, vol: {}}\n") == []


@pytest.mark.parametrize(
    ("section", "definition", "count"),
    [
        ("secrets", "{environment: TOKEN}", 1),
        ("secrets", "{file: ./t}", 0),
        ("secrets", "{external: true}", 0),
        ("configs", "{content: text}", 1),
        ("configs", "{environment: TOKEN}", 1),
        ("configs", "{file: ./t}", 0),
    ],
)
@pytest.mark.parametrize("item", ["t", "{source: t, target: /run/t}"])
@pytest.mark.parametrize("read_only", ["true", "false"])
def test_no_copy_reaches_a_read_only_container(
    judge: Judge, section: str, definition: str, item: str, count: int, read_only: str
) -> None:
    keys = f"read_only: {read_only}, tmpfs: /run, {section}: [{item}]"
    messages = found(judge, keys, f"{section}: {{t: {definition}}}\n")
    assert len(messages) == (count if read_only == "true" else 0)


@pytest.mark.parametrize(
    ("other", "taken", "count"),
    [
        ("volumes: [{type: tmpfs, target: /t}]", "t", 1),
        ("volumes: [{type: tmpfs, target: /t}]", "t:ro", 1),
        ("tmpfs: [/t]", "t", 0),
        ("volumes: ['./h:/x']", "t", 0),
        ("volumes: [{type: tmpfs, target: /t}]", "container:t", 0),
        ("volumes: [{type: '${KIND}', target: /t}]", "t", 0),
    ],
)
def test_a_tmpfs_is_not_taken_from_another_service(
    judge: Judge, other: str, taken: str, count: int
) -> None:
    text = f"""
services:
  t: {{image: x, {other}}}
  s: {{image: x, volumes_from: ["{taken}"]}}
"""
    judged = judge(text, (invalid_mount,))
    assert [one.span.text for one in judged] == [f'"{taken}"'] * count
