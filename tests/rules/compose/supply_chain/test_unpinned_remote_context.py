"""The rule `unpinned-remote-context`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.supply_chain.unpinned_remote_context import unpinned_remote_context

if TYPE_CHECKING:
    from tests.rules.conftest import Found

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.git",
        "https://example.com/a.git#v1:folder",
        "https://example.com/a.git?ref=main&subdir=x",
        "ssh://git@example.com/a.git",
        "git@example.com:a/b.git#main",
        "github.com/a/b",
        "github.com/a/b.git#main",
        "http://example.com/a.tar.gz",
    ],
)
def test_movable_contexts(found: Found, address: str) -> None:
    text = f'services:\n  s: {{build: "{address}"}}\n'
    assert found(text, unpinned_remote_context) == [("warning", address)]
    text = f'services:\n  s: {{build: {{context: "{address}"}}}}\n'
    assert found(text, unpinned_remote_context) == [("warning", address)]


@pytest.mark.parametrize(
    "address",
    [
        ".",
        "./github.com/a",
        "service:web",
        "docker-image://alpine:3.22",
        "oci-layout://folder",
        f"https://example.com/a.git#{COMMIT}",
        f"https://example.com/a.git#{COMMIT}:folder",
        f"https://example.com/a.git?ref=v1&commit={COMMIT}",
        f"github.com/a/b#{COMMIT}",
        f"git@example.com:a/b.git#{COMMIT}",
        "${CONTEXT}",
        "https://example.com/a.git#${COMMIT}",
    ],
)
def test_pinned_contexts(found: Found, address: str) -> None:
    text = f'services:\n  s: {{build: "{address}"}}\n'
    assert found(text, unpinned_remote_context) == []


def test_a_default_of_a_variable_counts(found: Found) -> None:
    text = "services:\n  s: {build: '${URL:-https://example.com/a.git}'}\n"
    assert found(text, unpinned_remote_context) == [("warning", "https://example.com/a.git")]
