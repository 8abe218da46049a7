"""Every key of the specification has a sentence, and every value that is listed is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.test_words import odd

from tightship.frontends.compose.specification.accepts import accepts
from tightship.frontends.compose.specification.keys import FILE
from tightship.frontends.compose.specification.meaning import meaning, thing, values
from tightship.lazy.modules import facts
from tightship.syntax.yaml.nodes import Scalar
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.specification.shape import Shape


def shapes(root: Shape) -> Iterator[Shape]:
    """Yield each shape with keys once."""
    seen, pending = set[int](), [root]
    while pending:
        shape = pending.pop()
        if id(shape) in seen:
            continue
        seen.add(id(shape))
        if shape.keys:
            yield shape
        below = (*(shape.keys or {}).values(), shape.each, shape.items)
        pending += [one for one in below if one is not None]


EVERY = list(shapes(FILE))
KNOWN = {thing(shape): shape for shape in EVERY}


def test_every_key_has_a_sentence() -> None:
    missing = [
        (shape.what, key) for shape in EVERY for key in shape.keys or () if not meaning(shape, key)
    ]
    assert missing == []


def test_every_sentence_is_about_a_key() -> None:
    keys = {(thing(shape), key) for shape in EVERY for key in shape.keys or ()}
    for table in ("compose_keys", "compose_values"):
        assert {(name, key) for name, one in facts(table).items() for key in one} <= keys


@pytest.mark.parametrize("table", ["compose_keys", "compose_values"])
def test_sentences_are_plain(table: str) -> None:
    for one in facts(table).values():
        for text in one.values():
            for sentence in (text,) if isinstance(text, str) else text.values():
                assert odd(sentence) == [], sentence
                assert not sentence or sentence.endswith("."), sentence


def test_every_listed_value_is_accepted() -> None:
    for shape in EVERY:
        for key, below in (shape.keys or {}).items():
            for value in values(shape, key):
                [node] = read(Source("x", f'"{value}"')).documents
                assert isinstance(node, Scalar)
                places = [one for one in (below, below.items) if one is not None]
                assert any(accepts(one, node) for one in places), (shape.what, key, value)


def test_every_choice_of_the_specification_is_listed() -> None:
    for shape in EVERY:
        for key, below in (shape.keys or {}).items():
            for choice in (*below.choices, *below.first):
                assert choice in values(shape, key), (shape.what, key, choice)
