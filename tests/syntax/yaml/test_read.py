"""The tree that reading makes: spans, styles, tags, anchors, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.syntax.yaml.nodes import Alias, Mapping, Node, Scalar, Sequence, walk
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    Root = Callable[[str], Node]


def at(node: Node | None, *path: str | int) -> Node:
    for step in path:
        if isinstance(step, int):
            assert isinstance(node, Sequence)
            node = node.items[step]
        else:
            assert isinstance(node, Mapping)
            node = node.get(step)
    assert node is not None
    return node


def test_a_scalar_spans_its_text_and_not_what_follows(root: Root) -> None:
    tree = root("image: nginx:1.29   # pinned\nuser: app \n")
    assert at(tree, "image").span.text == "nginx:1.29"
    assert at(tree, "user").span.text == "app"


def test_quotes_belong_to_a_scalar_and_are_undone_in_its_value(root: Root) -> None:
    tree = root("""a: "x\\ty"\nb: 'it''s'\n"c d": 1\n""")
    a, b = at(tree, "a"), at(tree, "b")
    assert isinstance(a, Scalar)
    assert isinstance(b, Scalar)
    assert (a.span.text, a.value, a.style) == ('"x\\ty"', "x\ty", '"')
    assert (b.span.text, b.value, b.style) == ("'it''s'", "it's", "'")
    assert isinstance(tree, Mapping)
    assert tree.entries[2][0].span.text == '"c d"'


def test_nothing_is_resolved(root: Root) -> None:
    tree = root("a: 0755\nb: yes\nc: 22:22\nd: ~\n")
    values = [node.value for node in walk(tree) if isinstance(node, Scalar)]
    assert values == ["a", "0755", "b", "yes", "c", "22:22", "d", "~"]


def test_a_block_collection_ends_with_its_last_child(root: Root) -> None:
    text = "services:\n  web:\n    image: nginx\n\n# below\n\nvolumes:\n  - a\n  - b # c\n"
    tree = root(text)
    assert at(tree, "services").span.text == "web:\n    image: nginx"
    assert at(tree, "services", "web").span.text == "image: nginx"
    assert at(tree, "volumes").span.text == "- a\n  - b"
    assert tree.span.text == text[: -len(" # c\n")]


@pytest.mark.parametrize(
    "flow", ["[]", "{}", "[ ]", "[a, b]", "{a: 1, b}", "[\n a,\n {b: [c]},\n]", "[a: b]"]
)
def test_a_flow_collection_spans_its_brackets(root: Root, flow: str) -> None:
    node = at(root(f"key: {flow}  # end\n"), "key")
    assert isinstance(node, Mapping | Sequence)
    assert node.flow
    assert node.span.text == flow


def test_a_pair_in_a_list_spans_its_key_and_its_value(root: Root) -> None:
    pair = at(root("[a, b : c , {x: y}: z]"), 1)
    assert isinstance(pair, Mapping)
    assert pair.span.text == "b : c"
    assert at(root("[{x: y}: z]"), 0).span.text == "{x: y}: z"


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("a:\nb: 1\n", "a:"),
        ("a:   # nothing\n\nb: 1\n", "a:"),
        ("a :\n", "a :"),
        ("? a\n# far\n? b\n", "? a"),
        ("? a\n: # far\n? b\n", "? a\n:"),
        ("{a, b: 1}", "{a"),
        ("{a:   # nothing\n  , b: 1}", "{a:"),
        ("{a :\n}", "{a :"),
        ("a: !reset\nb: 1\n", "a: !reset"),
        ("a: &x # nothing\nb: 1\n", "a: &x"),
    ],
)
def test_a_missing_value_is_right_after_its_key(root: Root, text: str, before: str) -> None:
    value = at(root(text), "a")
    assert isinstance(value, Scalar)
    assert (value.value, value.style) == ("", "")
    assert (value.span.start, value.span.end) == (len(before), len(before))


def test_a_missing_item_is_right_after_its_dash(root: Root) -> None:
    tree = root("- \n-   # nothing\n- a\n")
    assert [at(tree, i).span.start for i in (0, 1)] == [1, 4]


@pytest.mark.parametrize("text", ["---\n", "--- # only a comment\n\n# more\n"])
def test_a_bare_marker_is_a_document_without_a_value(root: Root, text: str) -> None:
    tree = root(text)
    assert isinstance(tree, Scalar)
    assert (tree.value, tree.span.start, tree.span.end) == ("", 3, 3)


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n", " \n # x", "\r\n"])
def test_a_text_without_content_has_no_document(text: str) -> None:
    stream = read(Source("compose.yaml", text))
    assert stream.documents == []
    assert stream.problems == []
    assert not stream.lost


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ("|\n  echo a\n  echo b", "echo a\necho b\n"),
        (">-  # folded\n  a\n  b", "a b"),
        ("|+\n  a", "a\n\n\n"),
        ("|2-\n   a", " a"),
    ],
)
def test_a_block_scalar_ends_with_its_last_line_that_is_not_blank(
    root: Root, block: str, value: str
) -> None:
    node = at(root(f"a: {block}\n\n\n# far\nb: 1\n"), "a")
    assert isinstance(node, Scalar)
    assert node.span.text == block
    assert node.value == value
    assert node.style == block[0]


def test_an_empty_block_scalar_spans_its_indicator(root: Root) -> None:
    assert at(root("a: >-\nb: 1\n"), "a").span.text == ">-"


@pytest.mark.parametrize(
    ("text", "node", "tag", "anchor"),
    [
        ("a: !reset null", "null", "!reset", None),
        ("a: !override\n  - x", "- x", "!override", None),
        ("a: !!str 1", "1", "tag:yaml.org,2002:str", None),
        ("a: &x !t # why\n  [1]", "[1]", "!t", "x"),
        ("a: !t &x-1 'v'", "'v'", "!t", "x-1"),
        ("a: &x\n  k: v", "k: v", None, "x"),
        ("a: !<tag:x,2000:y> |\n  v", "|\n  v", "tag:x,2000:y", None),
        ("a: &x {k: v}", "{k: v}", None, "x"),
    ],
)
def test_tags_and_anchors_are_kept_before_the_span(
    root: Root, text: str, node: str, tag: str | None, anchor: str | None
) -> None:
    found = at(root(text), "a")
    assert (found.span.text, found.tag, found.anchor) == (node, tag, anchor)


def test_an_anchor_before_a_key_is_the_key_s(root: Root) -> None:
    tree = root("&a key: v\nother: *a\n")
    assert isinstance(tree, Mapping)
    key = tree.entries[0][0]
    assert (key.anchor, key.span.text, tree.span.start) == ("a", "key", 3)
    assert tree.anchor is None


def test_an_alias_is_a_node_whose_target_is_the_latest_anchor(root: Root) -> None:
    tree = root("- &a 1\n- *a\n- &a 2\n- *a\n")
    first, second = at(tree, 1), at(tree, 3)
    assert isinstance(first, Alias)
    assert isinstance(second, Alias)
    assert (first.target, second.target) == (at(tree, 0), at(tree, 2))
    assert (first.name, first.span.text) == ("a", "*a")


def test_merge_keys_and_duplicate_keys_are_kept(root: Root) -> None:
    tree = root("x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x\n  b: 1\n  b: 2\n")
    node = at(tree, "y")
    assert isinstance(node, Mapping)
    keys = [key.value for key, _ in node.entries if isinstance(key, Scalar)]
    assert keys == ["<<", "<<", "b", "b"]


def test_a_key_may_be_a_collection(root: Root) -> None:
    tree = root("? [a, b]\n: 1\n? {c: d}\n")
    assert isinstance(tree, Mapping)
    assert [key.span.text for key, _ in tree.entries] == ["[a, b]", "{c: d}"]


def test_anchors_end_with_their_document() -> None:
    stream = read(Source("f", "a: &x 1\n---\nb: *x\n"))
    assert len(stream.documents) == 2
    assert [(p.span.text, p.message) for p in stream.problems] == [
        ("*x", "unknown alias: no `&x` comes before it")
    ]
    assert not stream.lost


def test_an_alias_within_its_own_anchor_has_no_target() -> None:
    stream = read(Source("f", "&a [x, *a, &a y, *a]\n"))
    aliases = [n for n in walk(stream.documents[0]) if isinstance(n, Alias)]
    targets = [alias.target and alias.target.span.text for alias in aliases]
    assert targets == [None, "y"]
    assert [p.message for p in stream.problems] == ["`*a` is inside the value of `&a` itself"]


def test_several_documents_directives_and_end_marks() -> None:
    stream = read(Source("f", "%YAML 1.1\n---\na: 1\n...\n# c\n--- b\n---\n[c]\n...\n"))
    assert [d.span.text for d in stream.documents] == ["a: 1", "b", "[c]"]
    assert not stream.problems


def test_comments_are_found_wherever_there_is_no_scalar() -> None:
    text = (
        "# top\n"
        "a: 'no # comment' # 1\n"
        "b: no#comment\n"
        "c: | # 2\n"
        "  # no comment\n"
        "# 3\n"
        "d: [x, # 4\n"
        '  "# no\n  # no"] #5\n'
        "e: &f # 6\n"
        "  g # 7"
    )
    stream = read(Source("f", text))
    assert [c.text for c in stream.comments] == [
        "# top", "# 1", "# 2", "# 3", "# 4", "#5", "# 6", "# 7"
    ]  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind_are_counted_and_not_part_of_anything(newline: str) -> None:
    text = newline.join(["a: é # ü", "b: |", "  😀", "  x", "", "c: 😀 # 😀", ""])
    stream = read(Source("f", text))
    tree = stream.documents[0]
    assert [c.text for c in stream.comments] == ["# ü", "# 😀"]
    assert at(tree, "c").span.text == "😀"
    block = at(tree, "b")
    assert isinstance(block, Scalar)
    assert block.span.text == newline.join(["|", "  😀", "  x"])
    assert block.value == "😀\nx\n"


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029"])
def test_separators_that_only_yaml_counts_as_line_ends_do_not_move_spans(mark: str) -> None:
    stream = read(Source("f", f"a: 'x{mark}y'\nb: {mark}  z\nc: 1 # {mark}# d\n"))
    assert not stream.problems
    tree = stream.documents[0]
    assert at(tree, "a").span.text == f"'x{mark}y'"
    assert [at(tree, key).span.text for key in "bc"] == ["z", "1"]
    assert [c.text for c in stream.comments] == ["# ", "# d"]


def test_every_span_is_within_its_parent_in_order(corpus: list[Source]) -> None:
    for source in corpus:
        for node in (n for d in read(source).documents for n in walk(d)):
            children: list[Node] = []
            if isinstance(node, Mapping):
                children = [child for entry in node.entries for child in entry]
            elif isinstance(node, Sequence):
                children = node.items
            place = node.span.start
            for child in children:
                assert node.span.contains(child.span)
                assert child.span.start >= place
                place = child.span.end
