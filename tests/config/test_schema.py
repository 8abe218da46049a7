"""What is made of the table of keys: the schema for editors, and the first file."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from tests.config.conftest import WORDS, settings
from tests.config.test_read import EVERYTHING
from tests.generate.configuration import PAGE, made_schema

from tightship.config.keys import with_options
from tightship.rules import every_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.config.key import Key

OPTIONS = every_option().items()
KEYS = with_options(every_option())


def refusals(text: str) -> list[str]:
    jsonschema: Any = pytest.importorskip("jsonschema")
    jsonschema.Draft7Validator.check_schema(made_schema())
    return [
        one.message
        for one in jsonschema.Draft7Validator(made_schema()).iter_errors(tomllib.loads(text))
    ]


def test_the_schema_accepts_every_key() -> None:
    # It completes words, so it knows each in its usual case only.
    assert refusals(EVERYTHING.replace("Supply_Chain", "supply_chain")) == []
    assert refusals("") == []
    assert refusals("select = ['default', 'SC2086']") == []
    assert refusals("severity = { SC2086 = 'error' }") == []


@pytest.mark.parametrize(
    "text",
    [
        "selct = []",
        "select = 'strict'",
        "select = ['root-usr']",
        "select = ['SC208']",
        "fail-on = 'warnin'",
        "severity = { root-user = 'fatal' }",
        "severity = { root-usr = 'info' }",
        "require-reason = 1",
        "[host]\nlsm = 'smack'",
        "[[per-path]]\npaths = ['a']",
        "[[project]]\nname = 'a'",
        "ignore = ['']",
        "[rules.untrusted-registri]",
        "[rules.untrusted-registry]\ntrust = []",
        "[rules.untrusted-registry]\ntrusted = [1]",
    ],
)
def test_the_schema_rejects_what_the_reader_rejects(text: str) -> None:
    assert refusals(text)


def blocks() -> list[str]:
    found = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text("utf-8"), re.S | re.M)
    assert found
    return found


@pytest.mark.parametrize("block", blocks())
def test_the_examples_on_the_page_are_valid(block: str) -> None:
    name = "pyproject.toml" if "[tool.tightship]" in block else "tightship.toml"
    settings(block, name)
    if name == "tightship.toml":
        assert refusals(block) == []


def _examples(keys: Iterable[Key]) -> Iterator[str]:
    """Yield the lines that set each key to its example."""
    for key in keys:
        if key.name == "rules":
            for rule in key.keys:
                yield from (f"[rules.{rule.name}]", *_values(rule.keys))
        elif key.form == "tables":
            yield from (f"[[{key.name}]]", *_values(key.keys))
        elif key.form == "table":
            yield from (f"[{key.name}]", *_values(key.keys))
        else:
            yield from _values([key])


def _values(keys: Iterable[Key]) -> Iterator[str]:
    yield from (f"{key.name} = {key.example}" for key in keys)


def test_the_examples_of_all_keys_are_valid_together() -> None:
    text = "\n".join(_examples(KEYS))
    found = settings(text)
    every: list[tuple[str, ...]] = [(key.name,) for key in KEYS]
    every += [(key.name, one.name) for key in KEYS if key.form == "table" for one in key.keys]
    every += [("rules", rule, one.name) for rule, keys in OPTIONS for one in keys]
    assert all(found.place(*path) for path in every)
    assert refusals(text) == []
    tables = tomllib.loads(text)
    for key in KEYS:
        if key.form == "tables":
            [table] = tables[key.name]
            assert set(table) == {one.name for one in key.keys}


def test_documented_defaults_are_the_effective_ones() -> None:
    found = settings("")
    for key in KEYS:
        if key.default is not None:
            assert getattr(found, key.name.replace("-", "_")) == key.default
    for key in next(one for one in KEYS if one.name == "host").keys:
        assert found.host.says(key.name) == key.default


def test_words_are_known_with_every_spelling() -> None:
    for word in ("strict", "Root_User", "supply_chain", "supply-chain", "dl3002"):
        assert WORDS.knows(word)
    assert WORDS.guess("root-usr") == "root-user"
