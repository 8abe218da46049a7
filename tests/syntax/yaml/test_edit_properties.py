"""Whatever the style of a file, an edit changes what it says it does, and no more."""

# ruamel.yaml has hardly any types:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import example, given, strategies as st
from ruamel.yaml import YAML

from tightship.syntax.yaml import edit as yaml_edit, remove as yaml_remove
from tightship.syntax.yaml.edit import Text
from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence, Stream
from tightship.syntax.yaml.read import read
from tightship.text import Edit, Source, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator

Data: TypeAlias = "str | list[Data] | dict[str, Data]"
Path: TypeAlias = "tuple[str | int, ...]"

WORDS = [
    "nginx:1.29", "80:80", "yes", "true", "0", "~", "", "é 😀", "a: b", "x # y", "*", "- x",
    "it's", 'say "x"', "[a]", "{", "k:", "0755", "./a:/b:ro,z", "no-new-privileges:true",
    "${X:-y}", "\\d", "@", "two words", "two\nlines\n", "two\n\nlines", " x ", "#", "!t", "?",
]  # fmt: skip
words = st.sampled_from(WORDS)
names = st.sampled_from(["web", "image", "user", "ports", "x-é", "a b", "yes", "#k", "k: v"])
values: st.SearchStrategy[Data] = st.recursive(
    words,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)
documents = st.dictionaries(names, values, min_size=1, max_size=3)
NEW = "new-key"


class Writer:
    """Writes data as YAML in one style for the file, with many whims."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.step = draw(st.sampled_from([2, 3, 4]))
        self.dash = draw(st.sampled_from([0, 2, self.step]))

    def coin(self) -> bool:
        return self.draw(st.booleans())

    def comment(self) -> str:
        return self.draw(st.sampled_from(["", "", "", " # c", "   # d: [1, 'x"]))

    def between(self, indent: int) -> list[str]:
        pad = " " * indent
        kinds: list[list[str]] = [[], [], [], [""], [f"{pad}# e"], ["", f"{pad}# f: 1"]]
        return self.draw(st.sampled_from(kinds))

    def scalar(self, text: str, *, flow: bool = False) -> str:
        styles = [json.dumps(text, ensure_ascii=False)]
        if "\n" not in text:
            styles.append("'" + text.replace("'", "''") + "'")
        if re.fullmatch(r"[\w./~][\w./:$é-]*(?<!:)", text) or (
            re.fullmatch(r"\w[\w ]*\w|\./a:/b:ro,z", text) and not flow
        ):
            styles += [text, text]
        return self.draw(st.sampled_from(styles))

    def flow(self, data: Data) -> str:
        pad = " " if self.coin() else ""
        comma = "," if self.coin() else ""
        if isinstance(data, str):
            return self.scalar(data, flow=True)
        if isinstance(data, list):
            inner = ", ".join(map(self.flow, data))
            return f"[{pad}{inner}{comma}{pad}]" if data else "[]"
        inner = ", ".join(f"{self.scalar(k, flow=True)}: {self.flow(v)}" for k, v in data.items())
        return f"{{{pad}{inner}{comma}{pad}}}" if data else "{}"

    def spread(self, data: list[Data] | dict[str, Data], indent: int) -> list[str]:
        """Write a flow collection, a child a line."""
        pad = " " * (indent + self.step)
        if isinstance(data, list):
            opening, closing, inner = "[", "]", [self.flow(v) for v in data]
        else:
            opening, closing = "{", "}"
            inner = [f"{self.scalar(k, flow=True)}: {self.flow(v)}" for k, v in data.items()]
        last = "," if self.coin() else ""
        lines = [f"{pad}{text},{self.comment()}" for text in inner[:-1]]
        lines += [f"{pad}{inner[-1]}{last}{self.comment()}"]
        return [opening, *lines, " " * indent + closing]

    def value(self, data: Data, indent: int, *, item: bool) -> list[str]:
        """Return what stands behind a key or dash, and the lines below."""
        if isinstance(data, str):
            if data.strip(" \n") == data.rstrip("\n") and data and self.coin():
                chomp = "" if data.endswith("\n") else "-"
                pad = " " * (indent + self.step)
                lines = data.removesuffix("\n").split("\n")
                return [f" |{chomp}", *(pad + line if line else "" for line in lines)]
            return [" " + self.scalar(data) + self.comment()]
        if not data or self.coin():
            if data and self.coin() and not item:
                first, *rest = self.spread(data, indent)
                return [" " + first, *rest[:-1], rest[-1] + self.comment()]
            return [" " + self.flow(data) + self.comment()]
        if isinstance(data, dict) and item:
            lines = self.mapping(data, indent + 2)
            while not lines[0].strip() or lines[0].lstrip().startswith("#"):
                lines.pop(0)
            return [" " + lines[0].lstrip(), *lines[1:]]
        if isinstance(data, dict):
            return [self.comment(), *self.mapping(data, indent + self.step)]
        dash = indent + (2 if item else self.dash)
        return [self.comment(), *self.sequence(data, dash)]

    def mapping(self, data: dict[str, Data], indent: int) -> list[str]:
        lines: list[str] = []
        for key, value in data.items():
            first, *rest = self.value(value, indent, item=False)
            lines += self.between(indent)
            lines += [" " * indent + self.scalar(key) + ":" + first, *rest]
        return lines

    def sequence(self, data: list[Data], indent: int) -> list[str]:
        lines: list[str] = []
        for value in data:
            first, *rest = self.value(value, indent, item=True)
            lines += self.between(indent)
            lines += [" " * indent + "-" + first, *rest]
        return lines


@st.composite
def files(draw: st.DrawFn) -> tuple[Data, str]:
    data = draw(documents)
    writer = Writer(draw)
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    lines = writer.mapping(data, 0) + draw(st.sampled_from([[], [""], ["", "# end", ""]]))
    text = newline.join(lines)
    return dict(data), text + newline if draw(st.booleans()) else text


def plain(node: Node) -> Data:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {plain_key(key): plain(value) for key, value in node.entries}


def plain_key(key: Node) -> str:
    assert isinstance(key, Scalar)
    return key.value


def places(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    yield path, node
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield from places(value, (*path, plain_key(key)))
    elif isinstance(node, Sequence):
        for i, item in enumerate(node.items):
            yield from places(item, (*path, i))


def changed(data: Data, path: Path, new: Data | None) -> Data:
    """Return data with what a path leads to replaced, or taken away."""
    if not path:
        assert new is not None
        return new
    step, *rest = path
    if isinstance(data, dict) and isinstance(step, str):
        copy = dict(data)
        if rest or new is not None:
            copy[step] = changed(data.get(step, {}), tuple(rest), new)
        else:
            del copy[step]
        return copy
    assert isinstance(data, list)
    assert isinstance(step, int)
    items = list(data)
    if rest or new is not None:
        items[step : step + 1] = [changed([*data, ""][step], tuple(rest), new)]
    else:
        del items[step]
    return items


def ordered(data: Data) -> object:
    """Return data in which the order of entries counts."""
    if isinstance(data, dict):
        return [(key, ordered(value)) for key, value in data.items()]
    return [ordered(item) for item in data] if isinstance(data, list) else data


def check(before: Stream, edit: Edit | None, expected: Data, strange: str) -> Stream | None:
    """Apply an edit; both readers must find what is expected.

    There may be no edit where there is one of the signs of what is too strange.
    """
    text = before.source.text
    if edit is None:
        assert any(sign in text for sign in strange), text
        return None
    result = apply_edits(before.source, [edit])
    after = read(Source("f", result))
    assert not after.problems, result
    assert ordered(plain(after.documents[0])) == ordered(expected), result
    theirs: Data = YAML(typ="base", pure=True).load(result)
    assert ordered(theirs) == ordered(expected), result
    if "\r\n" in text:
        assert "\n" not in result.replace("\r\n", "")
    return after


@given(file=files())
def test_the_test_writer_round_trips(file: tuple[Data, str]) -> None:
    data, text = file
    # Without a last line end, a block scalar has none either.
    stream = read(Source("f", text if text.endswith("\n") else text + "\n"))
    assert not stream.problems, text
    assert ordered(plain(stream.documents[0])) == ordered(data), text


@given(file=files(), value=values)
def test_put_and_append_add_one_child_at_the_end(file: tuple[Data, str], value: Data) -> None:
    stream = read(Source("f", file[1]))
    data = plain(stream.documents[0])
    for path, node in places(stream.documents[0]):
        if isinstance(node, Mapping):
            edit = yaml_edit.put(node, NEW, value)
            expected = changed(data, (*path, NEW), value)
        elif isinstance(node, Sequence):
            edit = yaml_edit.append(node, value)
            expected = changed(data, (*path, len(node.items)), value)
        else:
            continue
        after = check(stream, edit, expected, "|")
        if after is not None:
            comments = [comment.text for comment in stream.comments]
            assert [comment.text for comment in after.comments] == comments


@given(file=files(), word=words)
def test_replace_changes_one_scalar_and_keeps_its_quotes(file: tuple[Data, str], word: str) -> None:
    stream = read(Source("f", file[1]))
    data = plain(stream.documents[0])
    for path, node in places(stream.documents[0]):
        if not isinstance(node, Scalar):
            continue
        edit = yaml_edit.replace(node, word)
        assert edit is not None
        check(stream, edit, changed(data, path, word), "")
        if node.style == '"' or (node.style == "'" and "\n" not in word):
            assert edit.text[0] == node.style


@given(file=files())
def test_removing_deletes_one_child_and_leaves_empty_brackets(file: tuple[Data, str]) -> None:
    stream = read(Source("f", file[1]))
    data = plain(stream.documents[0])
    for path, node in places(stream.documents[0]):
        children: list[tuple[str | int, Edit | None]] = []
        if isinstance(node, Mapping):
            children = [
                (plain_key(key), yaml_remove.remove_entry(node, key)) for key, _ in node.entries
            ]
        elif isinstance(node, Sequence):
            children = [
                (i, yaml_remove.remove_item(node, item)) for i, item in enumerate(node.items)
            ]
        for step, edit in children:
            after = check(stream, edit, changed(data, (*path, step), None), "|#")
            if after is not None:
                comments = [comment.text for comment in stream.comments]
                for comment in after.comments:
                    comments.remove(comment.text)


@given(
    word=st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | words,
    text=st.sampled_from(["k: v\n", "{k: v}", "{'k': v}", '{"k": "v"}', "k: 'v'"]),
)
@example(word="0?", text="{k: v}")
def test_any_text_is_read_back_as_it_was_written(word: str, text: str) -> None:
    stream = read(Source("f", text))
    root = stream.documents[0]
    assert isinstance(root, Mapping)
    written: list[Data] = [word, [word], Text(word)]
    for value in written:
        expected = changed(plain(root), (NEW,), value)
        check(stream, yaml_edit.put(root, NEW, value), expected, "")
    if word not in ("k", ""):
        edit = yaml_edit.put(root, word, "w")
        check(stream, edit, {"k": "v", word: "w"}, "")
