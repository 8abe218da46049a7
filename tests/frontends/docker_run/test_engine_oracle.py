"""Our settings of a command are what the program `docker` asks an engine to create.

The engine is `fake_engine.py`: it answers on a socket of its own, and starts nothing.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.conftest import CORPUS
from tests.frontends.docker_run.engine_settings import UNKNOWN, ours, sent
from tests.frontends.docker_run.fake_engine import FakeEngine, has_docker
from tests.frontends.docker_run.generated_lines import line

from tightship.frontends.flags.flags import flag_of, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

pytestmark = pytest.mark.skipif(not has_docker(), reason="there is no `docker` of version 26")

# What we do not read: files of variables and labels, and the ports that an image exposes.
_HIDDEN = {"environment": "--env-file", "labels": "--label-file", "ports": "--publish-all"}
_COMMAND = re.compile(r"\b(docker (?:container )?(?:run|create) (?:.*\\[ \t]*(?:#.*)?\n)*.*)")
_CONTINUED = re.compile(r"\\[ \t]*(?:#.*)?\n")
_VALUE = re.compile(r"\$\(pwd\)|\$\{?\w+\}?|(?<![\w/])~(?=/)")
_PREFIX = re.compile(r"(?m)^[ \t]*#+")
_FLAG = re.compile(r"(?m)^ +(?:-(\w), )?--([\w-]+) (\w*)  ")


@pytest.fixture(scope="module")
def engine() -> Iterator[FakeEngine]:
    with FakeEngine() as made:
        yield made


def compared(engine: FakeEngine, lines: Iterable[Sequence[str]]) -> Counter[str]:
    """Compare lines, and return how many were compared, rejected or partly unknown."""
    counts = Counter[str]()
    for words in lines:
        body = engine.created(words)
        if isinstance(body, str):
            counts["rejected"] += 1
            continue
        theirs, own = sent(body), ours(words, str(engine.folder))
        assert own is not None, shlex.join(words)
        gaps = {key for key, value in own.items() if value == UNKNOWN}
        for one in gaps:
            assert any(word.startswith(_HIDDEN.get(one, "?")) for word in words), (one, words)
        wrong = {key: (one, own[key]) for key, one in theirs.items() if own[key] != one}
        assert not wrong.keys() - gaps, f"{shlex.join(words)}: {wrong}"
        counts["compared"] += 1
        counts["gaps"] += bool(gaps)
    return counts


def test_generated_lines(engine: FakeEngine) -> None:
    random = Random(1)
    found = compared(engine, (line(random) for _ in range(60)))
    assert found["compared"] > 45


@pytest.mark.exhaustive
def test_many_generated_lines(engine: FakeEngine) -> None:
    random = Random(2)
    found = compared(engine, (line(random) for _ in range(2_600)))
    assert found["compared"] >= 2_000
    assert found["gaps"] < found["compared"] / 10


def real_lines() -> Iterator[list[str]]:
    """Yield the commands of a corpus that start containers, whose variables are any path."""
    for path in sorted(one for one in CORPUS.rglob("*") if one.is_file()):
        text = _PREFIX.sub("", path.read_bytes().decode("utf-8", "replace"))
        for found in _COMMAND.finditer(text):
            written = _VALUE.sub("/value", _CONTINUED.sub(" ", found[1]))
            try:
                words = shlex.split(written.partition("`")[0], comments=True)
            except ValueError:
                continue
            if "$(" not in written:
                yield words


def test_real_lines(engine: FakeEngine) -> None:
    lines = [*real_lines()]
    if not lines:
        pytest.skip("no corpus: name its folder in TIGHTSHIP_CORPUS")
    found = compared(engine, lines)
    assert found["compared"] > len(lines) / 2


@pytest.mark.parametrize("verb", ["run", "create"])
def test_flags_are_those_of_the_program(verb: str) -> None:
    shown = subprocess.run(["docker", verb, "--help"], capture_output=True, text=True, check=True)
    flags = _FLAG.findall(shown.stdout)
    assert len(flags) > 90
    for short, name, value in flags:
        flag = flag_of(name)
        assert flag is not None, name
        assert flag.takes_value == bool(value), name
        assert table()["short"].get(short, "") == (name if short else ""), name
