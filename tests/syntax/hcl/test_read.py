"""HCL is read with the place of every value, and bad syntax is a problem, never an error."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given, strategies as st
from tests.bounded import within
from tests.steps import steps

from tightship.syntax.hcl import nodes
from tightship.syntax.hcl.read import read, read_json
from tightship.text import Source


def file_of(text: str) -> nodes.File:
    return read(Source("a.hcl", text))


def value_of(text: str) -> nodes.Expression:
    file = file_of(f"a = {text}\n")
    assert [one.message for one in file.problems] == []
    [found] = file.body.attributes
    return found.value


def shown(it: nodes.Expression) -> object:
    """Return an expression as plain data."""
    if isinstance(it, nodes.Literal):
        return it.value
    if isinstance(it, nodes.Template):
        return [one if isinstance(one, str) else shown(one) for one in it.parts]
    if isinstance(it, nodes.Name):
        return (it.name,)
    if isinstance(it, nodes.Member):
        return shown(it.of), ".", shown(it.key)
    if isinstance(it, nodes.Call):
        return it.name, [shown(one) for one in it.arguments], it.spreads
    if isinstance(it, nodes.Operation):
        return (it.operator, *(shown(one) for one in it.operands))
    if isinstance(it, nodes.Items):
        return ["[", *(shown(one) for one in it.items)]
    if isinstance(it, nodes.Table):
        return {str(shown(key)): shown(value) for key, value in it.entries}
    if isinstance(it, nodes.For):
        return it.names, shown(it.of), shown(it.value), it.key and shown(it.key)
    return None


CASES: list[tuple[str, object]] = [
    ("1", 1),
    ("1.5e1", 15.0),
    ("true", True),
    ("null", None),
    ('"a"', ["a"]),
    ('""', []),
    (r'"a\n\"\\\t\u0041"', ['a\n"\\\tA']),
    ('"a${b}c"', ["a", ("b",), "c"]),
    ('"${~ b ~}"', [("b",)]),
    ('"$${a} %%{b} $x %y"', ["${a} %{b} $x %y"]),
    ('"${"${a}"}"', [[("a",)]]),
    ("a.b.c", ((("a",), ".", ["b"]), ".", ["c"])),
    ("a[0].b", ((("a",), ".", 0), ".", ["b"])),
    ('f("x", a...)', ("f", [["x"], ("a",)], True)),
    ("f(\n 1,\n 2,\n)", ("f", [1, 2], False)),
    ("a ? b : c", ("?", ("a",), ("b",), ("c",))),
    ("a == b && !c || d", ("||", ("&&", ("==", ("a",), ("b",)), ("!", ("c",))), ("d",))),
    ("1 + 2 * 3", ("+", 1, ("*", 2, 3))),
    ("(1 + 2) * 3", ("*", ("+", 1, 2), 3)),
    ("(\n a\n +\n b\n)", ("+", ("a",), ("b",))),
    ("-a", ("-", ("a",))),
    ("[1, # one\n 2,\n]", ["[", 1, 2]),
    ("{ a = 1, b : 2\n c = 3 }", {"['a']": 1, "['b']": 2, "['c']": 3}),
    ('{ "a" = 1, (b) = 2 }', {"['a']": 1, "('b',)": 2}),
    ("[for v in a : v if v]", (["v"], ("a",), ("v",), None)),
    ("{for k, v in a : k => v}", (["k", "v"], ("a",), ("v",), ("k",))),
    ("<<E\n a ${b}\nE", [" a ", ("b",), "\n"]),
    ("<<-E\n    a\n      b\n  E", ["a\n  b\n"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[one for one, _ in CASES])
def test_an_expression_is_read(text: str, expected: object) -> None:
    assert shown(value_of(text)) == expected


def first_of(items: nodes.Expression) -> nodes.Template:
    assert isinstance(items, nodes.Items)
    first = items.items[0]
    assert isinstance(first, nodes.Template)
    return first


TEXT = """\
# a comment
top = "x"
target "web" { // another
  args = {
    TOKEN = "secret"
  }
  tags = ["a:${V}", "b"]
}
variable "V" { default = "1" }
"""


def test_each_part_has_its_place() -> None:
    file = file_of(TEXT)
    assert [one.name for one in file.body.attributes] == ["top"]
    target, variable = file.body.blocks
    [(label, place)] = target.labels
    assert (label, place.text) == ("web", "web")
    assert target.key.text == "target"
    assert target.span.text == TEXT[TEXT.index("target") : TEXT.index("variable")].strip()
    args, tags = target.body.attributes
    assert (args.key.text, tags.span.text) == ("args", 'tags = ["a:${V}", "b"]')
    assert isinstance(args.value, nodes.Table)
    assert [(key.span.text, value.span.text) for key, value in args.value.entries] == [
        ("TOKEN", "secret")
    ]
    default = variable.body.get("default")
    assert default is not None
    assert default.span.text == "1"
    first = first_of(tags.value)
    assert first.span.text == "a:${V}"
    assert [one.span.text for one in first.parts if not isinstance(one, str)] == ["V"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a =\nb = 1\n", ["a", "b"]),
        ("a = [1,\nb = 1\n", ["a"]),
        ("a = 1 2\nb = 1\n", ["a", "b"]),
        ("] a\nb = 1\n", ["b"]),
        ('a = "x\nb = 1\n', ["a", "b"]),
        ("a = <<E\nb = 1\n", ["a", "b"]),
        ("}\nb = 1\n", ["b"]),
        ("= 1\nb = 1\n", ["b"]),
        ("a = f(\n", ["a"]),
        ("x {\n a = \n}\nb = 1\n", ["b"]),
        ('a = "${b"\nb = 1\n', ["a", "b"]),
    ],
)
def test_reading_goes_on_after_a_problem(text: str, names: list[str]) -> None:
    file = file_of(text)
    assert file.problems
    assert [one.name for one in file.body.attributes] == names


def test_json_is_the_same_tree() -> None:
    text = '{"target": {"a": {"tags": ["x:${V}", "b"], "no-cache": true, "n": null, "q": "\\"${a[\\"b\\"]}", "i": "a\\n$${b}"}}}'
    file = read_json(Source("a.json", text), ("target",))
    [block] = file.blocks("target")
    assert block.labels[0][0] == "a"
    values = {one.name: one.value for one in block.body.attributes}
    assert shown(values["tags"]) == ["[", ["x:", ("V",)], ["b"]]
    assert shown(values["no-cache"]) is True
    assert shown(values["n"]) is None
    assert type(values["q"]) is nodes.Expression
    assert shown(values["i"]) == ["a\n${b}"]
    first = first_of(values["tags"])
    assert [one.span.text for one in first.parts if not isinstance(one, str)] == ["V"]


PARTS = ["a", "=", "1", '"', "${", "}", "{", "[", "]", "(", ")", ",", "\n", " ", "<<E\n", "<<-E\n",
         "E", "for ", "in ", ":", "?", "=>", "if ", ".", "*", "!", "-", "#", "//", "/*", "*/", "\\",
         "%{", "$", "é", "&&", "target ", "..."]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=40), st.booleans())
def test_any_text_is_read_with_places_in_it(parts: list[str], is_value: bool) -> None:
    text = ("a = " if is_value else "") + "".join(parts)
    file = file_of(text)
    for problem in file.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
    for one in file.body.attributes:
        assert one.key.text == one.name
        assert 0 <= one.value.span.start <= one.value.span.end <= len(text)


@given(st.text(max_size=60))
def test_any_characters_are_read(text: str) -> None:
    file_of(text)
    read_json(Source("a.json", text), ("target",))


SHAPES = [
    *("a = [", "a = <<X\n", "[", "a = {", 'a = "', "a ? ", "!", "} ] ", "a.b", "/*", 'a = "${'),
    *("a + ", "a {", "a = <<-E\n x\nE\n", "((", "{for a in ", 'a = "x${y}"\n', '"\\\n'),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape_is_read_in_linear_time(shape: str) -> None:
    small, large = (steps(partial(file_of, "x = " + shape * n)) for n in (200, 800))
    assert large < 5 * small
    with within(2):
        file_of("x = " + shape * 8_000)
