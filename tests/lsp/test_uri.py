from __future__ import annotations

import os

import pytest
from hypothesis import given, strategies as st

from tightship_lsp.uri import name_of, path_of, uri_of

NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)


@pytest.mark.skipif(os.name == "nt", reason="paths of Windows have other rules")
@given(st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1))
def test_a_path_comes_back_from_its_uri(names: list[str]) -> None:
    path = "/" + "/".join(names)
    uri = uri_of(path)
    assert uri.isascii()
    assert path_of(uri) == path
    assert name_of(uri) == names[-1]


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/a/compose.yaml", "/home/a/compose.yaml"),
        ("file://localhost/a", "/a"),
        ("file:/a/b", "/a/b"),
        ("FILE:///a%20b/c%3Bd;e", "/a b/c;d;e"),
        ("file:///a?query#part", "/a"),
        ("file:///a%00b", None),
        ("file:///\ud800", None),
        ("file://", None),
        ("untitled:Untitled-1", None),
        ("vscode-vfs://github/a/compose.yaml", None),
        ("compose.yaml", None),
        ("", None),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="paths of Windows have other rules")
def test_a_virtual_document_has_no_path(uri: str, path: str | None) -> None:
    assert path_of(uri) == path


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("untitled:Untitled-1", "Untitled-1"),
        ("vscode-vfs://github/a/my%20compose.yaml?x#y", "my compose.yaml"),
        ("", "document"),
    ],
)
def test_every_document_has_a_name(uri: str, name: str) -> None:
    assert name_of(uri) == name
