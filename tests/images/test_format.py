"""The format of files of facts: its schema, and what a check says."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st
from tests.generate.image_facts import schema
from tests.generate.image_index import FOLDER, facts_files

from tightship.images import conditions
from tightship.images.facts import ASPECTS, fields
from tightship.images.format import described, problems
from tightship.images.lookup import open_file
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = """
format = 1
names = ["acme"]
summary = "Acme, a server"
holds_for = "all versions"
none = ["grants"]
user = { name = "root", source = "page" }
capabilities = [
  { name = "CHOWN", when = "root and not option -c", source = "page", why = "its data" },
]
sources.page = "documented: docs.acme.example/images"
"""


def said(text: str) -> list[str]:
    """Return the problems of a file, each with its line."""
    source = Source("facts.toml", text)
    found = problems(source, open_file)
    return [f"{source.point(one.span.start)[0] + 1}: {one.message}" for one in found]


@pytest.mark.parametrize("file", facts_files())
def test_our_own_files_are_valid(file: str) -> None:
    text = (FOLDER / f"{file}.toml").read_text("utf-8")
    assert said(text) == []
    jsonschema: Any = pytest.importorskip("jsonschema")
    jsonschema.validate(tomllib.loads(text), schema())


@pytest.mark.parametrize("file", facts_files())
def test_our_own_files_have_short_lines(file: str) -> None:
    text = (FOLDER / f"{file}.toml").read_text("utf-8")
    assert max(map(len, text.splitlines())) <= 100


MISTAKES = [
    ("format = 1", "format = 3", "2: `format` has to be `1` or `2`"),
    ('["acme"]', '["Acme"]', "3: each of `names` has to be a name such as"),
    ("summary =", "sumary =", "4: unknown key `sumary` here; did you mean `summary`?"),
    ('summary = "Acme, a server"\n', "", "facts about `acme` need `summary`"),
    ('["grants"]', '["grant"]', "6: each of `none` has to be `user`, `accounts`"),
    ('name = "root"', 'nam = "root"', "7: unknown key `nam` here; did you mean `name`?"),
    ('name = "root", ', "", "7: `user` needs `name`: the user"),
    (
        '{ name = "root", source = "page" }',
        '"root"',
        "7: `user` has to be a table or a list of tables",
    ),
    ('"CHOWN"', '"CHOWM"', "9: `name` has to be a capability such as `CHOWN`"),
    ('"its data"', '"its data."', "9: `why` has to be a phrase without a full stop"),
    ('"root and', '"rooot and', "9: unknown condition `rooot`; a condition begins with `root`"),
    ("not option -c", "not option", "9: `option` needs words behind it"),
    ("not option -c", "tag a b", "9: `tag` needs one word behind it"),
    ('source = "page", why', 'source = "pag", why', "facts about `acme`: `sources` has no `pag`"),
    ('source = "page", why', "why", "facts about `acme`: a fact has no source"),
    (
        "documented:",
        "seen:",
        "11: `page` has to be a grade (`measured`, `documented` or `derived`)",
    ),
    ("none =", 'like = "other"\nnone =', "facts about `acme`: `sets` has no `other`"),
    ("[\n  {", "[\n  {{", "9: this is not TOML"),
    ('names = ["acme"]\n', "", "no image is named"),
]


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES, ids=[one[2] for one in MISTAKES])
def test_a_mistake_is_named_with_its_line(old: str, new: str, message: str) -> None:
    assert said(GOOD) == []
    assert old in GOOD
    assert [message in one for one in said(GOOD.replace(old, new, 1))] == [True]


def test_every_key_of_a_fact_is_described() -> None:
    for kind in ASPECTS.values():
        sentence, keys = described(kind)
        assert sentence.endswith(".")
        assert keys.keys() == fields(kind).keys()
    assert json.dumps(schema())


WORDS = st.text("abcXYZ09-_/.:=[]", min_size=1, max_size=9).filter(lambda word: word != "and")
MADE: dict[str, Callable[..., conditions.Condition]] = {
    "variable": conditions.variable,
    "program": conditions.program,
    "flag": conditions.flag,
    "option": conditions.option,
    "tag": conditions.tags,
    "mounted": conditions.mounted,
    "replaced": conditions.replaced,
}


@given(
    st.lists(
        st.one_of(
            st.tuples(
                st.sampled_from(["variable", "program", "flag", "option"]),
                st.lists(WORDS, min_size=1, max_size=3),
                st.booleans(),
            ),
            st.tuples(
                st.sampled_from(["tag", "mounted", "replaced"]),
                st.lists(WORDS, min_size=1, max_size=1),
                st.booleans(),
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_conditions_are_read_as_they_are_written(parts: list[tuple[str, list[str], bool]]) -> None:
    text = " and ".join(
        f"{'not ' if opposite else ''}{word} {' '.join(about)}" for word, about, opposite in parts
    )
    assert conditions.condition_problem(text) is None
    made = [
        conditions.unless(MADE[word](*about)) if opposite else MADE[word](*about)
        for word, about, opposite in parts
    ]
    assert [one.text for one in conditions.conditions(text)] == [one.text for one in made]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("root", (conditions.AS_ROOT,)),
        ("not root", (conditions.NOT_AS_ROOT,)),
        ("configured and host-folders", (conditions.CONFIGURED, conditions.HOST_FOLDERS)),
        ("", ()),
    ],
)
def test_a_condition_without_words_is_the_one_of_its_name(
    text: str, meant: tuple[conditions.Condition, ...]
) -> None:
    assert conditions.conditions(text) == meant


def test_an_empty_value_is_two_quotes() -> None:
    [found] = conditions.conditions("variable PASSWORD ''")
    assert found.text == conditions.variable("PASSWORD", "").text
