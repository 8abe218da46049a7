"""What the top level of a document tells of it."""

from __future__ import annotations

import pytest

from tightship.frontends.compose.specification.kind import looks_like
from tightship.syntax.yaml.read import read
from tightship.text import Source


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("services: {}\n", "compose"),
        ("include: [a.yaml]\n", "compose"),
        ("name: x\nservices:\n", "compose"),
        ("volumes: {a: {}}\n", "other"),
        ("web: {image: x, ports: ['80']}\ndb: {build: .}\n", "compose-v1"),
        ("x: &x {image: a, links: [b]}\ny: *x\n", "compose-v1"),
        ("job: {image: x, stage: a, script: [b], rules: []}\n", "other"),
        ("web: {image: x}\nother: 5\n", "other"),
        ("apiVersion: v1\nkind: Service\nservices: {}\n", "kubernetes"),
        ("{}\n", "other"),
        ("[]\n", "other"),
        ("text\n", "other"),
    ],
)
def test_the_top_level_decides_the_kind_of_a_document(text: str, kind: str) -> None:
    assert looks_like(read(Source("a.yaml", text)).documents[0]) == kind


def test_a_file_without_a_document_is_no_compose_file() -> None:
    assert looks_like(None) == "other"
