"""Edits in a file's own style, by example."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.bounded import within

from tightship.syntax.yaml import edit as yaml_edit, remove as yaml_remove
from tightship.syntax.yaml.edit import Text
from tightship.syntax.yaml.nodes import Mapping, Node, Sequence, walk
from tightship.syntax.yaml.read import read
from tightship.text import Edit, OverlapError, Source, apply_edits

if TYPE_CHECKING:
    from tightship.syntax.yaml.layout import Plain


def find(text: str, path: str) -> Node:
    stream = read(Source("f", text))
    assert not stream.problems
    node = stream.documents[0]
    for step in path.split("/") if path else ():
        if isinstance(node, Sequence):
            node = node.items[int(step)]
        else:
            assert isinstance(node, Mapping)
            found = node.get(step)
            assert found is not None
            node = found
    return node


def after(node: Node, edit: Edit | None) -> str | None:
    return None if edit is None else apply_edits(node.span.source, [edit])


def put(text: str, path: str, key: str, value: Plain) -> str | None:
    node = find(text, path)
    assert isinstance(node, Mapping)
    return after(node, yaml_edit.put(node, key, value))


def append(text: str, path: str, value: Plain) -> str | None:
    node = find(text, path)
    assert isinstance(node, Sequence)
    return after(node, yaml_edit.append(node, value))


def replace(text: str, path: str, value: Plain) -> str | None:
    node = find(text, path)
    return after(node, yaml_edit.replace(node, value))


@pytest.mark.parametrize(
    ("before", "path", "result"),
    [
        ("a:\n  b: 1\n", "a", "a:\n  b: 1\n  new: true\n"),
        ("a:\n    b: 1  # why\n\n# c\nd: 1\n", "a", "a:\n    b: 1  # why\n    new: true\n\n# c\nd: 1\n"),
        ("a:\n  b: 1", "a", "a:\n  b: 1\n  new: true"),
        ("a:\r\n  b: 1\r\n", "a", "a:\r\n  b: 1\r\n  new: true\r\n"),
        ("a:\n  b:\n  - x\n  - y\n\n", "a", "a:\n  b:\n  - x\n  - y\n  new: true\n\n"),
        ("a:\n  b: |\n    x\n\nc: 1\n", "a", "a:\n  b: |\n    x\n  new: true\n\nc: 1\n"),
        ("a:\n  b:   # none\nc: 1\n", "a", "a:\n  b:   # none\n  new: true\nc: 1\n"),
        ("a:\n  - b: 1\n  - c\n", "a/0", "a:\n  - b: 1\n    new: true\n  - c\n"),
        ("a:\n  -   b: 1\n", "a/0", "a:\n  -   b: 1\n      new: true\n"),
        ("- - b: 1\n", "0/0", "- - b: 1\n    new: true\n"),
        ("&x b: 1\n", "", "&x b: 1\nnew: true\n"),
        ("a: &x\n  b: 1\n", "a", "a: &x\n  b: 1\n  new: true\n"),
        ("a: {}\n", "a", "a: {new: true}\n"),
        ("a: { }  # none\n", "a", "a: {new: true}  # none\n"),
        ("a: {b: 1}\n", "a", "a: {b: 1, new: true}\n"),
        ("a: { b: 1, }\n", "a", "a: { b: 1, new: true, }\n"),
        ("a: {b}\n", "", "a: {b}\nnew: true\n"),
        ("a: {\n  b: 1\n}\n", "a", "a: {\n  b: 1,\n  new: true\n}\n"),
        ("a: {\n  b: 1,  # why\n}\n", "a", "a: {\n  b: 1,  # why\n  new: true,\n}\n"),
        ("a: {\n\tb: 1  # why\n\t}\n", "a", "a: {\n\tb: 1,  # why\n\tnew: true\n\t}\n"),
        ('{"a": {"b": "x"}}', "a", '{"a": {"b": "x", "new": true}}'),
    ],
)  # fmt: skip
def test_an_entry_is_put_below_the_last_one(before: str, path: str, result: str) -> None:
    assert put(before, path, "new", "true") == result


@pytest.mark.parametrize(
    ("before", "path"),
    [
        ("a:\n  b: |+\n    x\n\nc: 1\n", "a"),  # the blank line is b's
        ("a:\n  b: |\n    x", "a"),  # a line end would be added to b
        ("a:\n  b: |\n    x\n      \nc: 1\n", "a"),  # the spaces are b's
        ("? [x]\n: 1\n", ""),
        ("--- {a}\n", ""),
        ("a: {b: }\n", "a"),
        ("a: { # none\n}\n", "a"),
        ("a: 1\nnew: false\n", ""),
    ],
)
def test_nothing_is_added_if_the_result_is_uncertain(before: str, path: str) -> None:
    assert put(before, path, "new", "true") is None


def test_nothing_is_added_to_a_damaged_mapping() -> None:
    root = read(Source("f", "a:\n  :")).documents[0]
    assert isinstance(root, Mapping)
    damaged = root.get("a")
    assert isinstance(damaged, Mapping)
    assert not damaged.flow
    assert yaml_edit.put(damaged, "new", "true") is None


@pytest.mark.parametrize(
    ("before", "result"),
    [
        (
            "a:\n  b: 1\n",
            "a:\n  b: 1\n  new:\n    limits:\n      memory: 512m\n    drop:\n      - ALL\n",
        ),
        (
            "a:\n    b:\n    - x\n",
            "a:\n    b:\n    - x\n    new:\n        limits:\n            memory: 512m\n        drop:\n        - ALL\n",
        ),
        (
            "z:\n   y:\n   - x\na:\n   b: 1\n",
            "z:\n   y:\n   - x\na:\n   b: 1\n   new:\n      limits:\n         memory: 512m\n      drop:\n      - ALL\n",
        ),
        (
            "a:\n  b: [x]\n",
            "a:\n  b: [x]\n  new:\n    limits:\n      memory: 512m\n    drop: [ALL]\n",
        ),
        ("a: {b: 1}", "a: {b: 1, new: {limits: {memory: 512m}, drop: [ALL]}}"),
        (
            'a: {"b": 1}',
            'a: {"b": 1, "new": {"limits": {"memory": "512m"}, "drop": ["ALL"]}}',
        ),
    ],
)  # fmt: skip
def test_a_value_of_many_lines_takes_the_indentation_of_its_neighbours(
    before: str, result: str
) -> None:
    value: Plain = {"limits": {"memory": "512m"}, "drop": ["ALL"]}
    assert put(before, "a", "new", value) == result


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("true", "true"),
        ("0.50", "0.50"),
        ("512m", "512m"),
        ("no-new-privileges:true", "no-new-privileges:true"),
        ("/run:rw,noexec", "/run:rw,noexec"),
        ("${X:-y}", "${X:-y}"),
        ("8080:80", '"8080:80"'),
        ("127.0.0.1:8080:80", "127.0.0.1:8080:80"),
        ("*", '"*"'),
        ("", '""'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("a\nb", '"a\\nb"'),
        ("\x1b", '"\\x1b"'),
        ("---", '"---"'),
        (Text("true"), '"true"'),
        (Text("yes"), '"yes"'),
        (Text("0"), '"0"'),
        (Text("1e3"), '"1e3"'),
        (Text("0o17"), '"0o17"'),
        (Text("1_000"), '"1_000"'),
        (Text("-.5"), '"-.5"'),
        (Text(".inf"), '".inf"'),
        (Text("2024-01-01"), '"2024-01-01"'),
        (Text("null"), '"null"'),
        (Text("~"), '"~"'),
        (Text("nginx"), "nginx"),
        (Text("512m"), "512m"),
    ],
)
def test_quotes_are_added_where_yaml_needs_them(value: str, written: str) -> None:
    assert put("a: 1\n", "", "new", value) == f"a: 1\nnew: {written}\n"


def test_added_quotes_match_the_neighbours() -> None:
    assert put("a: 'x'\n", "", "new", "*") == "a: 'x'\nnew: '*'\n"
    assert put("b: 'x'\na:\n  c: 1\n", "a", "new", "*") == "b: 'x'\na:\n  c: 1\n  new: '*'\n"
    assert put("a: 'x'\n", "", "new", "\t") == "a: 'x'\nnew: \"\\t\"\n"


@pytest.mark.parametrize(
    ("before", "path", "value", "result"),
    [
        ("a:\n  - x\n", "a", "y", "a:\n  - x\n  - y\n"),
        ("a:\n- x # c\n\nb: 1\n", "a", "y", "a:\n- x # c\n- y\n\nb: 1\n"),
        ("a:\n  -   x", "a", "y", "a:\n  -   x\n  -   y"),
        ("a:\n  - 'x'\n", "a", "y", "a:\n  - 'x'\n  - 'y'\n"),
        ('a:\n  - "x"\n  - z\n', "a", "y", 'a:\n  - "x"\n  - z\n  - y\n'),
        ('a: ["x"]', "a", "y", 'a: ["x", "y"]'),
        ("a: []", "a", "y", "a: [y]"),
        ("a: [x,]", "a", "y, z", 'a: [x, "y, z",]'),
        ("a: [\n  x,\n  z\n]", "a", "y", "a: [\n  x,\n  z,\n  y\n]"),
        ("- - x\n  - z\n- w", "0", "y", "- - x\n  - z\n  - y\n- w"),
        ("- a\n-", "", "y", "- a\n-\n- y"),
        ("- a:\n   b: c", "", {"d": "1", "e": ["f"]}, "- a:\n   b: c\n- d: 1\n  e:\n    - f"),
        ("- |-\n  a\n\n- b", "", "y", "- |-\n  a\n\n- b\n- y"),
    ],
)
def test_an_item_is_appended_as_its_neighbours_are_written(
    before: str, path: str, value: Plain, result: str
) -> None:
    assert append(before, path, value) == result


@pytest.mark.parametrize(
    ("before", "value", "result"),
    [
        ("a: false  # c", "true", "a: true  # c"),
        ('a: "no"', "yes", 'a: "yes"'),
        ("a: 'no'", "it's", "a: 'it''s'"),
        ("a: 'no'", "a\tb", 'a: "a\\tb"'),
        ("a: 80:80", "127.0.0.1:80:80", "a: 127.0.0.1:80:80"),
        ("a: 80:80", "81:80", "a: 81:80"),
        ("a: x:y,z", "x:y,z,ro", "a: x:y,z,ro"),
        ("a: x", "x,y", 'a: "x,y"'),
        ("a: x", Text("yes"), 'a: "yes"'),
        ("a: x", "- y", 'a: "- y"'),
        ("a:\nb: 1", "x", "a: x\nb: 1"),
        ("a:   # none\nb: 1", "x", "a: x   # none\nb: 1"),
        ("a: &x\nb: 1", "x", "a: &x x\nb: 1"),
        ("a: &x y\nb: 1", "x", "a: &x x\nb: 1"),
        ("a: !!str 1", "2", "a: !!str 2"),
        ("a: |\n  x\n\nb: 1", "x", "a: x\n\nb: 1"),
        ("a: x", ["y", "z"], "a: [y, z]"),
        ("a: [x]", ["y"], "a: [y]"),
        ("a: {b: 1}", {"c": "1"}, "a: {c: 1}"),
    ],
)
def test_a_value_is_replaced_in_its_own_quotes(before: str, value: Plain, result: str) -> None:
    assert replace(before, "a", value) == result


@pytest.mark.parametrize("before", ["a: !reset x", "a:\n  b: 1", "a:\n- b", "{a, b: 1}"])
def test_nothing_is_replaced_if_the_result_is_uncertain(before: str) -> None:
    assert replace(before, "a", "y") is None


def test_a_value_takes_the_place_of_an_alias() -> None:
    assert replace("a: &x [1]\nb: *x  # so\n", "b", ["1", "y"]) == ("a: &x [1]\nb: [1, y]  # so\n")


def test_a_key_is_replaced_like_a_value() -> None:
    tree = find("prots: []\n'x': 1\n", "")
    assert isinstance(tree, Mapping)
    first, second = (key for key, _ in tree.entries)
    assert after(tree, yaml_edit.replace(first, "ports")) == "ports: []\n'x': 1\n"
    assert after(tree, yaml_edit.replace(second, "y")) == "prots: []\n'y': 1\n"


@pytest.mark.parametrize("dash", ["", "  "])
@pytest.mark.parametrize("order", [1, -1])
def test_edits_at_one_place_stay_with_what_they_belong_to(dash: str, order: int) -> None:
    text = f"a:\n  b:\n    c:\n    {dash}- x\n"
    a = find(text, "a")
    assert isinstance(a, Mapping)
    b = a.get("b")
    assert isinstance(b, Mapping)
    c = b.get("c")
    assert isinstance(c, Sequence)
    edits = [
        yaml_edit.append(c, "y"),
        yaml_edit.put(b, "d", "1"),
        yaml_edit.put(a, "e", "1"),
        yaml_edit.put(a, "f", "1"),
    ][::order]
    result = apply_edits(a.span.source, [edit for edit in edits if edit])
    last = ["  e: 1", "  f: 1"][::order]
    assert result == "\n".join([text + f"    {dash}- y", "    d: 1", *last, ""])


def test_two_edits_of_empty_brackets_collide() -> None:
    node = find("a: {}\n", "a")
    assert isinstance(node, Mapping)
    edits = [yaml_edit.put(node, key, "1") for key in "xy"]
    with pytest.raises(OverlapError):
        apply_edits(node.span.source, [edit for edit in edits if edit])


def test_every_service_of_a_real_file_accepts_a_setting(corpus: list[Source]) -> None:
    for source in corpus:
        services = [
            service
            for root in read(source).documents
            if isinstance(root, Mapping)
            if isinstance(table := root.get("services"), Mapping)
            for _, service in table.entries
            if isinstance(service, Mapping)
        ]
        edits = [yaml_edit.put(service, "new", "true") for service in services]
        result = apply_edits(source, [edit for edit in edits if edit])
        nodes = [n for d in read(Source("f", result)).documents for n in walk(d)]
        tables = [n for n in nodes if isinstance(n, Mapping) and n.get("new")]
        assert len(tables) == len(services)
        lines = result.splitlines()
        assert [li for li in lines if li.strip() != "new: true"] == source.text.splitlines()


@pytest.mark.parametrize("gap", [" " * 20_000, "\t" * 20_000, " ," + " " * 20_000])
def test_much_space_before_a_bracket_costs_no_more_than_its_length(gap: str) -> None:
    source = Source("compose.yaml", f"{{image: x, privileged: true{gap}}}")
    [root] = read(source).documents
    assert isinstance(root, Mapping)
    with within(1):  # it was 40 seconds
        assert yaml_edit.put(root, "read_only", "true") is not None
        assert yaml_remove.remove_entry(root, root.entries[-1][0]) is not None


@pytest.mark.parametrize(
    ("before", "path", "result"),
    [
        # What was commented out belongs to what stands above it.
        ("a:\n  b:\n  - x\n  # - y\nc: 1\n", "a", "a:\n  b:\n  - x\n  # - y\n  new: true\nc: 1\n"),
        ("a:\n  b: 1\n  # c:\n  #   - d\n", "a", "a:\n  b: 1\n  # c:\n  #   - d\n  new: true\n"),
        ("a:\n  b: 1\n#  c: 2\nd: 1\n", "a", "a:\n  b: 1\n#  c: 2\n  new: true\nd: 1\n"),
        ("a:\r\n  b: 1\r\n    # deep\r\n", "a", "a:\r\n  b: 1\r\n    # deep\r\n  new: true\r\n"),
        ("a:\n  b: 1\n  # last", "a", "a:\n  b: 1\n  # last\n  new: true"),
        # A comment of what comes next stays above it.
        ("a:\n  b: 1\n# about d\nd: 1\n", "a", "a:\n  b: 1\n  new: true\n# about d\nd: 1\n"),
        ("a:\n  b: 1\n\n  # d\n", "a", "a:\n  b: 1\n  new: true\n\n  # d\n"),
    ],
)
def test_put_keeps_comments_with_what_stands_above(before: str, path: str, result: str) -> None:
    assert put(before, path, "new", "true") == result


@pytest.mark.parametrize(
    ("before", "result"),
    [
        ("a:\n- x\n# - y\nb: 1\n", "a:\n- x\n# - y\n- new\nb: 1\n"),
        ("a:\n  - x\n  # - y\n", "a:\n  - x\n  # - y\n  - new\n"),
        ("a:\n- x\n  # long\nb: 1\n", "a:\n- x\n  # long\n- new\nb: 1\n"),
        ("a:\n- x\n# about b\nb: 1\n", "a:\n- x\n- new\n# about b\nb: 1\n"),
    ],
)
def test_append_goes_below_items_that_were_commented_out(before: str, result: str) -> None:
    assert append(before, "a", "new") == result


@pytest.mark.parametrize(
    ("before", "result"),
    [
        ("b: 1\nc: 2\n", "b: 1\nnew: x\nc: 2\n"),
        ("b: 1  # why\n# about c\nc: 2\n", "b: 1  # why\nnew: x\n# about c\nc: 2\n"),
        ("b:\n  d: 1\n  # e: 2\nc: 2\n", "b:\n  d: 1\n  # e: 2\nnew: x\nc: 2\n"),
        ("c: 2\n", "c: 2\nnew: x\n"),
        ("{b: 1, c: 2}\n", "{b: 1, c: 2, new: x}\n"),
    ],
)
def test_put_goes_beside_what_belongs_together(before: str, result: str) -> None:
    node = find(before, "")
    assert isinstance(node, Mapping)
    assert after(node, yaml_edit.put(node, "new", "x", ("b", "z"))) == result


def test_nothing_is_added_to_a_list_that_goes_with_its_comments() -> None:
    root = find("a:\n- x\n# - y\nb: 1\n", "")
    assert isinstance(root, Mapping)
    items = root.get("a")
    assert isinstance(items, Sequence)
    edits = [yaml_edit.append(items, "new"), yaml_remove.remove_entry(root, root.entries[0][0])]
    with pytest.raises(OverlapError):
        apply_edits(root.span.source, [one for one in edits if one])


@pytest.mark.parametrize(
    ("rest", "result"),
    [
        ("", "a:\n  b: 1\n  new:\n    - x\n"),
        ("c:\n  d: [1]\n", "a:\n  b: 1\n  new: [x]\nc:\n  d: [1]\n"),
        ("c:\n- [1]\n", "a:\n  b: 1\n  new:\n  - x\nc:\n- [1]\n"),
        ("# c: [1]\n", "a:\n  b: 1\n  new:\n    - x\n# c: [1]\n"),
    ],
)
def test_a_list_is_written_as_the_file_writes_lists(rest: str, result: str) -> None:
    assert put(f"a:\n  b: 1\n{rest}", "a", "new", ["x"]) == result
