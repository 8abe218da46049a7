"""Files that mean harm or make no sense: each costs little, and nothing breaks."""

from __future__ import annotations

from string import printable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.frontends.compose.specification.keys import FILE
from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship.frontends.compose.specification.validate import validate
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.frontends.compose.specification.violation import Violation


def violations(text: str, *, partial: bool = False) -> list[Violation]:
    documents = read(Source("compose.yaml", text)).documents
    return [found for root in documents for found in validate(root, partial=partial)]


@pytest.mark.parametrize(
    "text",
    [
        "x-0: &x0 {a: b}\n"
        + "".join(f"x-{i}: &x{i} {{<<: [*x{i - 1}, *x{i - 1}]}}\n" for i in range(1, 99))
        + "services: {a: {<<: *x98}}\n",
        "x-0: &x0 [a]\n"
        + "".join(f"x-{i}: &x{i} [*x{i - 1}, *x{i - 1}]\n" for i in range(1, 99))
        + "services: {a: {command: *x98}}\n",
        "services: {a: {image: " + "[" * 480 + "]" * 480 + "}}\n",
        "services:\n  a:\n" + "".join(f"    imagge{i}: 1\n" for i in range(2000)),
    ],
    ids=["merges", "aliases", "depth", "unknown keys"],
)
def test_hostile_files_cost_little(text: str) -> None:
    assert len(violations(text)) <= 2000


KEYS: list[str] = sorted({*(FILE.keys or ()), *(SERVICE.keys or ()), "path", "type", "x-a", "<<"})
leaves = st.sampled_from(["a", "0", "true", "", "~", "'1'", "'${X}'", "*a", "!reset 1", "1d"])
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(st.tuples(st.sampled_from(KEYS), inner), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{k}: {v}" for k, v in pairs) + "}"
        )
    ),
    max_leaves=12,
)


@given(trees, st.booleans())
def test_violations_of_any_tree_have_a_place(tree: str, partial: bool) -> None:
    text = f"x-a: &a {{user: 0}}\nservices: {{web: {tree}, db: {{build: {tree}}}}}\n"
    for found in violations(text, partial=partial):
        assert 0 <= found.span.start <= found.span.end <= len(text)
        assert found.message
        assert found.path


@given(st.text(alphabet=printable, max_size=80))
def test_any_text_can_be_checked(text: str) -> None:
    violations(text)
    violations("services:\n  web:\n    " + text.replace("\n", "\n    "))
