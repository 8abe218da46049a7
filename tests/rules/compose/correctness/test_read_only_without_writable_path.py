"""The rule `read-only-without-writable-path`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.read_only_without_writable_path import (
    read_only_without_writable_path,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


def web(body: str) -> str:
    return f"services:\n  web: {{image: 'nginx:1.29', {body}}}\n"


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("read_only: yes", "yes"),
        ("read_only: '${RO}'", ""),
        ("read_only: false", ""),
        ("read_only: true, tmpfs: [/run, /var]", ""),
        ("read_only: true, volumes: ['cache:/var/cache/nginx', 'run:/var/run']", ""),
        ("read_only: true, tmpfs: [/run], volumes: ['./a:${PATH_IN}']", ""),
        ("read_only: true, volumes_from: [other]", ""),
        ("read_only: true, entrypoint: [/start]", ""),
        ("read_only: true, tmpfs: [/run, /var/cache/nginx/proxy]", "true"),
    ],
)
def test_a_possibly_mounted_path_is_not_reported(found: Found, body: str, marked: str) -> None:
    severity = [("warning", marked)] if marked else []
    assert found(web(body), read_only_without_writable_path) == severity


def test_the_message_names_the_paths_with_a_reason(judge: Judge) -> None:
    [one] = judge(web("read_only: true"), [read_only_without_writable_path])
    assert "cannot write to `/var/cache/nginx`, `/run`" in one.finding.message


def test_the_fix_leaves_nothing_to_find(fixed: Fixed, judge: Judge) -> None:
    left = fixed(web("read_only: true"), read_only_without_writable_path)
    assert "tmpfs: [/var/cache/nginx, /run]" in left
    assert judge(left, [read_only_without_writable_path]) == []
