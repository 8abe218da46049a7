"""libyaml and the parser in Python give the same tree, and others agree with it."""

# ruamel.yaml has hardly any types:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from tightship.syntax.yaml.events import c_parser, fast_events, pure_events
from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence, walk
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.syntax.yaml.nodes import Stream

    Outline = Callable[[Stream], tuple[object, ...]]

needs_libyaml = pytest.mark.skipif(c_parser() is None, reason="PyYAML without libyaml")

PIECES = [
    "a", "b: ", "c:", " ", "  ", "\n", "\n  ", "\n    ", "- ", "? ", ": ", "[", "]", "{",
    "}", ",", '"x"', "'y'", "|\n", ">-\n", " #c", "&a ", "*a ", "!t ", "!!str ", "\r\n",
    "\u2028", "\x85", "é", "😀", "---\n", "...\n", "%YAML 1.1\n", "\t", '"x\n y"', "-",
    "\ufeff", "<<: ", "\r", "\0", "\ud800", "\\", "\\x4", "0: ",
]  # fmt: skip
soup = st.lists(st.sampled_from(PIECES), max_size=16).map("".join)


@needs_libyaml
def test_both_parsers_agree_on_real_files(corpus: list[Source], outline: Outline) -> None:
    for source in corpus:
        stream = read(source)
        assert not stream.problems
        assert outline(stream) == outline(read(source, pure_events))


@needs_libyaml
@given(text=soup)
def test_both_parsers_agree_on_generated_texts(text: str, outline: Outline) -> None:
    source = Source("f", text)
    fast, pure = read(source, fast_events), read(source, pure_events)
    if fast.lost or pure.lost:
        return
    assert outline(fast) == outline(pure)
    assert [(p.span, p.message) for p in fast.problems] == [
        (p.span, p.message) for p in pure.problems
    ]


@given(text=soup, pure=st.booleans())
def test_spans_and_problems_are_within_the_text(text: str, pure: bool) -> None:
    stream = read(Source("f", text), pure_events if pure else fast_events)
    for span in [
        *(node.span for root in stream.documents for node in walk(root)),
        *stream.comments,
    ]:
        assert 0 <= span.start <= span.end <= len(text)
    for problem in stream.problems:
        assert 0 <= problem.span.start < problem.span.end <= len(text)
    for comment in stream.comments:
        assert comment.text.startswith("#")


@given(text=st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    read(Source("f", text))
    read(Source("f", text), pure_events)


def test_plain_and_quoted_scalars_are_the_text_they_span(corpus: list[Source]) -> None:
    for source in corpus:
        for node in (n for d in read(source).documents for n in walk(d)):
            if not isinstance(node, Scalar) or "\n" in node.span.text:
                continue
            if node.style == "":
                assert node.span.text == node.value
            elif node.style == "'":
                assert node.span.text == "'" + node.value.replace("'", "''") + "'"
            elif node.style == '"' and "\\" not in node.span.text:
                assert node.span.text == f'"{node.value}"'


def test_ruamel_sees_keys_and_values_in_the_same_places(corpus: list[Source]) -> None:
    for source in corpus:
        theirs = YAML().load(source.text)
        compare_places(source, read(source).documents[0], theirs)


def compare_places(source: Source, node: Node, theirs: object) -> None:
    if isinstance(theirs, CommentedMap):
        assert isinstance(node, Mapping)
        own = {k.value: (k, v) for k, v in node.entries if isinstance(k, Scalar)}
        places = theirs.lc.data or {}
        for name, place in places.items():
            key, value = own[str(name)]
            assert source.point(key.span.start) == tuple(place[:2])
            if (
                isinstance(theirs[name], str)
                and isinstance(value, Scalar)
                and value.tag is None
                and value.anchor is None
            ):
                assert source.point(value.span.start) == tuple(place[2:])
            compare_places(source, value, theirs[name])
    elif isinstance(theirs, CommentedSeq) and isinstance(node, Sequence):
        assert len(node.items) == len(theirs)
        for item, other in zip(node.items, theirs, strict=True):
            compare_places(source, item, other)


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_libyaml
def test_reading_imports_the_parser_and_not_all_of_pyyaml() -> None:
    loaded = run(
        "import sys\n"
        "from tightship.syntax.yaml.read import read\n"
        "from tightship.text import Source\n"
        "assert read(Source('f', 'a: [b] # c')).documents\n"
        "print(*sys.modules)"
    ).split()
    assert "yaml._yaml" in loaded
    heavy = {
        "yaml.nodes",
        "yaml.tokens",
        "yaml.reader",
        "yaml.resolver",
        "yaml.constructor",
        "datetime",
        "base64",
    }
    assert not heavy & set(loaded)


@needs_libyaml
def test_a_later_import_of_pyyaml_is_complete() -> None:
    run(
        "import tightship.syntax.yaml.read\n"
        "import yaml\n"
        "assert yaml.safe_load('a: 1') == {'a': 1}\n"
        "assert yaml.load('a: [1]', yaml.CSafeLoader) == {'a': [1]}\n"
        "for token in yaml.scan('a: 1', yaml.CLoader):\n"
        "    assert isinstance(token, yaml.Token)\n"
        "for text, error in (('\\0', yaml.reader.ReaderError),\n"
        "                    ('a: b: c', yaml.scanner.ScannerError)):\n"
        "    try:\n"
        "        yaml.load(text, yaml.CSafeLoader)\n"
        "    except error:\n"
        "        continue\n"
        "    raise AssertionError(text)\n"
    )
    run(
        "import tightship.syntax.yaml.read\n"
        "from yaml import *\n"
        "assert safe_load('a: 1') == {'a': 1}\n"
    )


def test_reading_works_with_pyyaml_already_imported() -> None:
    run(
        "import yaml\n"
        "from tightship.syntax.yaml.read import read\n"
        "from tightship.text import Source\n"
        "assert read(Source('f', 'a: 1')).documents\n"
        "assert read(Source('f', 'a: b: c')).problems\n"
    )


def test_reading_works_without_libyaml() -> None:
    run(
        "import sys\n"
        "sys.modules['yaml._yaml'] = None\n"
        "from tightship.syntax.yaml.read import read\n"
        "from tightship.syntax.yaml.events import c_parser\n"
        "from tightship.text import Source\n"
        "assert c_parser() is None\n"
        "stream = read(Source('f', 'a: [b] # c'))\n"
        "assert stream.documents and not stream.problems\n"
        "assert read(Source('f', 'a: b: c')).problems\n"
        "import yaml\n"
        "assert yaml.safe_load('a: 1') == {'a': 1}\n"
    )
