"""What Compose reads otherwise than libyaml, which reads files here.

The expected results are those of docker-compose 2.26.1.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.syntax.yaml.events import fast_events, pure_events
from tightship.syntax.yaml.go_yaml import MOST_REPAIRS
from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.syntax.yaml.events import Events

ACCEPTED: dict[str, object] = {
    "a: {FOO:, BAR: x}": {"FOO:": None, "BAR": "x"},
    "a: {FOO:}": {"FOO:": None},
    "a: {F:G:, B: x}": {"F:G:": None, "B": "x"},
    "a: {x: y:, b: c}": {"x": "y:", "b": "c"},
    "a: [FOO:, b]": ["FOO:", "b"],
    "a: [b, FOO:]": ["b", "FOO:"],
    r'''a: "a \' b"''': "a ' b",
    r'''a: "\'"''': "'",
    r"""a: ["\'", "\\\'x\'"]""": ["'", r"\'x'"],
    r'a: "a\\/b"': r"a\/b",
    "a: h?full=1": "h?full=1",
    'a: ["h?full=1"]': ["h?full=1"],
    "a: {foo: !!str , bar: x}": {"foo": "", "bar": "x"},
    "a: [?x]": [{"x": None}],
    "a: [? x, b]": [{"x": None}, "b"],
    'a: [? ""]': [{"": None}],
}
REFUSED = [
    *("a: {FOO:[1]}", "a: {FOO:?x}", r'a: "a\/b"', r'a: "\q"', "a: [h?full=1]"),
    *("a: {k?: v}", "a: {k: v?}", "a: [what?]", "a: [a ? b]", "a: [-?x]"),
    *("a: [b, ?]", "a: [?]", "a: [? ]", "a: [b, ?\n]", "a: [?x, ?]", "a: [? # c\n]"),
    *("a: {foo: !!str, bar: x}", "a: {foo: !<tag:yaml.org,2002:str>, bar: x}"),
]
DIRECTIVES = [
    *("%YAML 1.2\n---\n", "%YAML 1.0\n---\n", "# c\n%YAML 1.2\n---\n"),
    "---\nx-a: b\n...\n%YAML 1.2\n---\n",
]

both_parsers = pytest.mark.parametrize("events", [fast_events, pure_events], ids=["fast", "pure"])


def plain(node: Node) -> object:
    """Return a tree as Python's values."""
    if isinstance(node, Mapping):
        return {plain(key): plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return None if node.span.text == "" and node.tag is None else node.value


@both_parsers
@pytest.mark.parametrize("text", ACCEPTED)
def test_texts_that_compose_reads_are_read_alike(text: str, events: Events) -> None:
    stream = read(Source("f", f"{text}\nb: 1\n"), events)
    assert not stream.problems
    assert plain(stream.documents[0]) == {"a": ACCEPTED[text], "b": "1"}


@pytest.mark.parametrize("text", [*REFUSED, *DIRECTIVES])
def test_texts_that_compose_rejects_are_a_problem(text: str) -> None:
    [problem] = read(Source("f", f"{text}\nb: 1\n")).problems
    assert problem.span.text


@pytest.mark.parametrize(
    "text",
    [
        "a: ${X:?err}\nb: [x]\n",
        'a: ["${X:?err}", \'?\', "x/y"]\n',
        "%YAML 1.1\n---\na: 1\n",
        "a: |\n  %YAML 1.2\n  x\\/y\n",
        "a: '\\/'\n",
        "a: !!str\nb: [x, y]\n",
    ],
)
def test_similar_texts_are_no_problem(text: str) -> None:
    assert read(Source("f", text)).problems == []


def test_the_places_are_those_of_the_text() -> None:
    stream = read(Source("f", 'a: {FOO:, B: x}\nb: ["\\\'", c]\n'))
    root = stream.documents[0]
    assert isinstance(root, Mapping)
    (_, flow), (_, items) = root.entries
    assert isinstance(flow, Mapping)
    assert isinstance(items, Sequence)
    assert [key.span.text for key, _ in flow.entries] == ["FOO:", "B"]
    assert [item.span.text for item in items.items] == ['"\\\'"', "c"]


def test_the_work_for_one_file_is_bounded() -> None:
    text = "".join(f"a{i}: [b:]\n" for i in range(MOST_REPAIRS + 1))
    assert read(Source("f", text)).lost
    assert not read(Source("f", text.partition("\n")[2])).problems


@pytest.mark.parametrize("text", [*ACCEPTED, *REFUSED, *DIRECTIVES])
def test_compose_agrees(text: str, tmp_path: Path, docker_compose: str) -> None:
    body = text if text in DIRECTIVES else f"x-b:\n  {text}\n"
    path = tmp_path / "compose.yaml"
    path.write_text(f"{body}services: {{s: {{image: x}}}}\n")
    run = subprocess.run(
        [docker_compose, "-f", path, "config", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode == 0) == (text in ACCEPTED)
    if text in ACCEPTED:
        assert json.loads(run.stdout)["x-b"] == {"a": ACCEPTED[text]}
