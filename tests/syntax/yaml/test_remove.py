"""Taking entries and items out of a file, by example."""

from __future__ import annotations

import pytest

from tightship.syntax.yaml import edit as yaml_edit, remove as yaml_remove
from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence
from tightship.syntax.yaml.read import read
from tightship.text import OverlapError, Source, apply_edits


def remove(text: str, path: str) -> str | None:
    stream = read(Source("f", text))
    assert not stream.problems
    *above, last = path.split("/")
    node = stream.documents[0]
    for step in above:
        node = child(node, step)[1]
    key, value = child(node, last)
    if isinstance(node, Sequence):
        edit = yaml_remove.remove_item(node, value)
    else:
        assert isinstance(node, Mapping)
        edit = yaml_remove.remove_entry(node, key)
    return None if edit is None else apply_edits(stream.source, [edit])


def child(node: Node, step: str) -> tuple[Node, Node]:
    if isinstance(node, Sequence):
        return node, node.items[int(step)]
    assert isinstance(node, Mapping)
    return next(
        (key, value) for key, value in node.entries if isinstance(key, Scalar) and key.value == step
    )


@pytest.mark.parametrize(
    ("before", "path", "result"),
    [
        ("a: 1\nb: 2\nc: 3\n", "b", "a: 1\nc: 3\n"),
        ("a: 1\nb: 2", "b", "a: 1"),
        ("a: 1\r\nb: 2\r\nc: 3\r\n", "a", "b: 2\r\nc: 3\r\n"),
        ("a: 1\nb: 2  # why\nc: 3\n", "b", "a: 1\nc: 3\n"),
        ("a: 1\n\n# why\n# so\nb: 2\n\nc: 3\n", "b", "a: 1\n\nc: 3\n"),
        ("a: 1\n# other\n\nb: 2\nc: 3\n", "b", "a: 1\n# other\n\nc: 3\n"),
        ("a:\n  x: 1\n    # not b's\n# b's\nb: 2\n", "b", "a:\n  x: 1\n    # not b's\n"),
        ("# the file\nversion: 3\n\nb: 2\n", "version", "# the file\n\nb: 2\n"),
        ("version: 3\n\nb: 2\n", "version", "b: 2\n"),
        ("a: 1\nb:\n  c:\n  - d\n    # deep\n\n  # deeper\ne: 1\n", "b", "a: 1\ne: 1\n"),
        ("a: |\n  x\nb:\n  c: 1\n  # not x\nd: 1\n", "b", "a: |\n  x\nd: 1\n"),
        ("a: 'x\n# no comment'\nb: 1\n", "b", "a: 'x\n# no comment'\n"),
        ("a: |\n  x\nb: 1", "b", "a: |\n  x\n"),
        ("a: 1\n\n\nb: 2\nc: 3\n", "b", "a: 1\n\n\nc: 3\n"),
        ("a:\n- x\n- y # c\n- z\n", "a/1", "a:\n- x\n- z\n"),
        ("a:\n  - b: 1\n    c: 2\n  - d\n", "a/0", "a:\n  - d\n"),
        ("a:\n  - b: 1\n    c: 2\n", "a/0/b", "a:\n  - c: 2\n"),
        ("a:\n  - b: 1\n    c: 2\n", "a/0/c", "a:\n  - b: 1\n"),
        ("- - x\n  - y\n", "0/0", "- - y\n"),
        ("- a\n-\n- b\n", "1", "- a\n- b\n"),
        ("- a\n-\n  x: 1\n- b\n", "1", "- a\n- b\n"),
        ("- a\n- !t b\n- c\n", "1", "- a\n- c\n"),
        ("{a: 1, b: 2, c: 3}", "b", "{a: 1, c: 3}"),
        ("{a: 1, b: 2}", "b", "{a: 1}"),
        ("{a: 1, b: 2,}", "b", "{a: 1,}"),
        ("[x, y]", "0", "[y]"),
        ("[\n  x,\n  y\n]", "0", "[\n  y\n]"),
        ("[\n  x,\n  y\n]", "1", "[\n  x\n]"),
    ],
)
def test_a_child_is_removed_with_its_lines_and_comments(
    before: str, path: str, result: str
) -> None:
    assert remove(before, path) == result


@pytest.mark.parametrize(
    ("before", "path", "result"),
    [
        ("a:\n  b: 1\nc: 1\n", "a/b", "a: {}\nc: 1\n"),
        ("a:\n- b\nc: 1\n", "a/0", "a: []\nc: 1\n"),
        ("a: # why:\n  - b\nc: 1\n", "a/0", "a: # why:\n    []\nc: 1\n"),
        ("a: # why\n- b\nc: 1\n", "a/0", "a: # why\n  []\nc: 1\n"),
        ("a: &x\n  b: 1  # c\n", "a/b", "a: &x\n  {}  # c\n"),
        ("- a: 1\n- b\n", "0/a", "- {}\n- b\n"),
        ("- - a\n", "0/0", "- []\n"),
        ("a: 1\n", "a", "{}\n"),
        ("- a\n", "0", "  []\n"),
        ("{ a: 1 }", "a", "{}"),
        ("[a,]", "0", "[]"),
        ("[\n  a\n]", "0", "[]"),
    ],
)
def test_the_last_child_leaves_empty_brackets(before: str, path: str, result: str) -> None:
    assert remove(before, path) == result
    assert not read(Source("f", result)).problems


@pytest.mark.parametrize(
    ("before", "path"),
    [
        ("a: &x 1\nb: *x\n", "a"),
        ("- &x a\n- *x\n", "0"),
        ("a: |+\n  x\n\nb: 1\n\nc: 1\n", "b"),
        ("a: |\n  x\nb: 1\n     \nc: 1\n", "b"),
        ("[a, # b's\n b]", "0"),
        ("- a: 1 # c\n  b: 2\n", "0/a"),
        ("{? a : 1, b: 2}", "a"),
        ("? a\n: 1\n? [b]\n: 2\n", "a"),
    ],
)
def test_nothing_is_removed_if_the_result_is_uncertain(before: str, path: str) -> None:
    assert remove(before, path) is None


def test_a_missing_child_cannot_be_removed() -> None:
    tree = read(Source("f", "a: 1\nb: [c]\n")).documents[0]
    assert isinstance(tree, Mapping)
    items = tree.entries[1][1]
    assert isinstance(items, Sequence)
    assert yaml_remove.remove_entry(tree, items) is None
    assert yaml_remove.remove_item(items, tree) is None


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: 2\n",
        "a: 1\nb: 2\nc: 3\n",
        "a: 1\n\n# why\nb: 2\n",
        "a: 1\n  # a's\n\n\nb: 2",
        "a:\n  - x\n  # x's\n# b's\nb: |\n  y\n",
        "- a: 1\n- b\n",
        "{a: 1, b: 2}",
        "{a: 1, b: 2, c: 3}",
        "[a, b]",
        "[\n  a,\n  b,\n  c,\n]",
    ],
)
def test_simultaneous_edits_never_remove_all_children(text: str) -> None:
    source = Source("f", text)
    node = read(source).documents[0]
    if isinstance(node, Mapping):
        edits = [yaml_remove.remove_entry(node, key) for key, _ in node.entries]
    else:
        assert isinstance(node, Sequence)
        edits = [yaml_remove.remove_item(node, item) for item in node.items]
    assert None not in edits
    with pytest.raises(OverlapError):
        apply_edits(source, [edit for edit in edits if edit])


def test_an_addition_below_a_child_combines_with_its_removal() -> None:
    source = Source("f", "a: 1\nb: 2\n")
    node = read(source).documents[0]
    assert isinstance(node, Mapping)
    gone, new = (yaml_remove.remove_entry(node, node.entries[1][0]), yaml_edit.put(node, "c", "3"))
    assert gone is not None
    assert new is not None
    assert apply_edits(source, [gone, new]) == "a: 1\nc: 3\n"


@pytest.mark.parametrize("text", ["{{{}}}", "{}"])
def test_children_are_looked_up_once_for_all_removals(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    made = 0

    class Counted(yaml_remove._Child):
        def __init__(self, start: int, node: Node) -> None:
            nonlocal made
            made += 1
            super().__init__(start, node)

    monkeypatch.setattr(yaml_remove, "_Child", Counted)
    parted = ", " if text != "{}" else "\n"
    entries = text.format(parted.join(f"k{n}: v" for n in range(100)))
    mapping = read(Source("f", entries)).documents[0]
    assert isinstance(mapping, Mapping)
    assert all(yaml_remove.remove_entry(mapping, key) for key, _ in mapping.entries)
    assert made == 100

    items = "- v\n" * 100 if text == "{}" else f"[{', '.join('v' * 100)}]"
    sequence = read(Source("f", items)).documents[0]
    assert isinstance(sequence, Sequence)
    assert all(yaml_remove.remove_item(sequence, item) for item in sequence.items)
    assert made == 200
