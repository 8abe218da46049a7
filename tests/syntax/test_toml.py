"""TOML with places, held against what the standard library reads."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.bounded import within

from tightship.syntax.toml import MOST_PARTS, Toml, TomlError, is_array, is_table, read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.syntax.toml import Path

TEXT = '''\
a = 1.5 # a "comment" = [
"b c".d = """x
[y]
"""
date = 2026-01-02T03:04:05.678Z
[tool.ours]
select = ["x", 'y', # ]
  "z=]"]
severity = { "root-user" = "info", x.y = [1, {q=2}] }
"\\u0041" = []
[[tool.ours.case]]
paths = ["v/**"]
[tool.ours.case.more]
k = {}
[[tool.ours.case]]
paths = ["w/**", 3]
'''


def toml(text: str) -> Toml:
    return read(Source("a.toml", text))


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("a",), "a", "1.5"),
        (("b c",), '"b c"', '"b c"'),
        (("b c", "d"), "d", '"""x\n[y]\n"""'),
        (("date",), "date", "2026-01-02T03:04:05.678Z"),
        (("tool", "ours"), "ours", "ours"),
        (("tool", "ours", "select", 2), '"z=]"', '"z=]"'),
        (("tool", "ours", "severity", "root-user"), '"root-user"', '"info"'),
        (("tool", "ours", "severity", "x", "y", 1, "q"), "q", "2"),
        (("tool", "ours", "A"), '"\\u0041"', "[]"),
        (("tool", "ours", "case", 0, "paths"), "paths", '["v/**"]'),
        (("tool", "ours", "case", 0, "more", "k"), "k", "{}"),
        (("tool", "ours", "case", 1, "paths", 1), "3", "3"),
    ],
)
def test_keys_and_values_have_exact_places(path: Path, key: str, value: str) -> None:
    file = toml(TEXT)
    assert file.key(*path).text == key
    assert file.value(*path).text == value


def test_a_missing_key_has_the_place_of_its_table() -> None:
    file = toml(TEXT)
    assert file.key("tool", "ours", "gone", "far").text == "ours"
    assert file.key("nowhere").start == file.key("nowhere").end == 0
    assert not file.has("tool", "ours", "gone")


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("a = 1\nb =\n", 1, 3, "invalid value"),
        ("a = 1\r\n\r\nb = \r\n", 2, 4, "invalid value"),
        ("a = 1\na = 2\n", 1, 5, "overwrite"),
        ('a = "x', 0, 6, "unterminated"),
        ("a = [1,", 0, 7, "invalid value"),
    ],
)
def test_invalid_toml_is_rejected_at_its_place(
    text: str, line: int, column: int, what: str
) -> None:
    with pytest.raises(TomlError) as caught:
        toml(text)
    span = caught.value.span
    assert span.source.point(span.start) == (line, column)
    assert what in caught.value.message.lower()


def leaves(data: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    if is_table(data) and data:
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif is_array(data) and data:
        for number, value in enumerate(data):
            yield from leaves(value, (*path, number))
    else:
        yield path, data


texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x7f"), max_size=6
)
values = st.recursive(
    st.booleans() | st.integers(-99, 99) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
documents = st.dictionaries(texts, values, max_size=4)


def dumped(value: object, quote: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        if quote not in value and (quote != '"' or "\\" not in value):
            return f"{quote}{value}{quote}"
        return '"' + "".join(f"\\U{ord(char):08x}" for char in value) + '"'
    if is_array(value):
        return f"[{', '.join(dumped(one, quote) for one in value)}]"
    assert is_table(value)
    items = (f"{dumped(key, quote)} = {dumped(one, quote)}" for key, one in value.items())
    return f"{{{', '.join(items)}}}"


@given(documents, st.sampled_from("'\""), st.sampled_from(["", "\n", "# [x]\n"]))
def test_every_value_is_found_where_it_was_written(
    document: dict[str, object], quote: str, between: str
) -> None:
    text = between + "".join(
        f"{dumped(key, quote)} = {dumped(value, quote)}\n{between}"
        for key, value in document.items()
    )
    file = toml(text)
    assert file.data == document
    for path, value in leaves(document):
        if path:
            written = file.value(*path).text
            assert tomllib.loads(f"x = {written}")["x"] == value


@given(st.text("ab.=[]{},\"'\\#\n \t1", max_size=40))
def test_any_text_is_read_as_the_standard_library_does_or_rejected(text: str) -> None:
    try:
        wanted = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(TomlError):
            toml(text)
        return
    file = toml(text)
    assert file.data == wanted
    for path, value in leaves(wanted):
        if path and value not in ({}, []):
            written = file.value(*path).text
            assert tomllib.loads(f"x = {written}")["x"] == value


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 100_000) + " = 1",
        "[" + ".".join("a" * 100_000) + "]",
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 80_000,
        '"""' + '\\""""' * 50_000,
        "'" * 200_001,
        '"' * 200_002,
        "a = '''" + "''" * 99_000,
        "x=1\n" * 60_000,
        "a = 1" + "0" * 200_000,
    ],
    ids=lambda text: text[:9],
)
def test_hostile_toml_takes_little_time(text: str) -> None:
    with within(3), pytest.raises(TomlError):
        toml(text)


def test_usual_nesting_is_allowed() -> None:
    key = ".".join("a" * (MOST_PARTS - 1))
    assert toml(f"{key} = 1").key(*"a" * (MOST_PARTS - 1)).text == "a"
