"""The scripts of services as ShellCheck gets them, and the way back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.engine.disk.files import Files
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import named
from tightship.engine.plan.job import project_files
from tightship.frontends.compose.loading.invocation import Options
from tightship.frontends.compose.loading.load import Loading
from tightship.scripts.of_compose import snippets_of_container
from tightship.syntax.yaml.nodes import Mapping, Scalar
from tightship.syntax.yaml.read import read
from tightship.syntax.yaml.scalar_text import scalar_text
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.scripts.snippet import Snippet


def snippets(text: str) -> list[Snippet]:
    files = Files("/nowhere", {"/nowhere/compose.yaml": text})
    found = project_files(files, named("/nowhere/compose.yaml"), Options())
    loaded = load_project(files, found, Loading(files))
    return [s for one in loaded.containers for s in snippets_of_container(one)]


def scripts(service: str, image: str = "debian:13") -> list[str]:
    text = f"services:\n  a:\n    image: {image}\n"
    text += "".join(f"    {line}\n" for line in service.splitlines())
    return [one.script for one in snippets(text)]


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ('command: ["sh", "-c", "a $$b"]', "#!/bin/sh\na $b"),
        ('command: ["bash", "-ec", "a"]', "#!/bin/bash -e\na"),
        ("command: bash -c 'a $$b'", "#!/bin/bash\na $b"),
        ('entrypoint: ["sh", "-c"]\ncommand: ["a $$b"]', "#!/bin/sh\na $b"),
        ("entrypoint: sh -c\ncommand: ['a b']", "#!/bin/sh\na b"),
        ('entrypoint: /x.sh\ncommand: ["sh", "-c", "a"]', "#!/bin/sh\na"),
        ('command: ["tini", "--", "sh", "-c", "a"]', "#!/bin/sh\na"),
        ("command:\n- sh\n- -c\n- |\n  a\n  b", "#!/bin/sh\na\nb\n"),
        ("command:\n- sh\n- -c\n- >-\n  a\n  b", "#!/bin/sh\na b"),
        ("healthcheck: {test: a $$b}", "#!/bin/sh\na $b"),
        ("healthcheck: {test: [CMD-SHELL, a $$b]}", "#!/bin/sh\na $b"),
        ("healthcheck: {test: [CMD, bash, -c, a $$b]}", "#!/bin/bash\na $b"),
        ("command: [sh, -c, 'a ${B} $$c']", "#!/bin/sh\na x $c"),
        ("environment: {B: c}\ncommand: [sh, -c, a $$B]", "#!/bin/sh\nexport B=x\na $B"),
        ("environment: [B]\ncommand: [sh, -c, a $$B]", '#!/bin/sh\nexport B="$1"\na $B'),
    ],
)
def test_scripts_of_a_shell_are_found(service: str, expected: str) -> None:
    assert scripts(service) == [expected]


@pytest.mark.parametrize(
    "service",
    [
        "command: a $$b | c",
        'command: ["a", "$$b"]',
        "command: [python3, -c, 'print(1)']",
        "command: [zsh, -c, a]",
        "command: bash /a.sh $$b",
        "healthcheck: {test: [CMD, a, $$b]}",
        "healthcheck: {test: [NONE]}",
        "healthcheck: {disable: true}",
        "command: [sh, -c]",
    ],
)
def test_commands_without_a_shell_are_skipped(service: str) -> None:
    assert scripts(service) == []


def test_the_sh_of_alpine_is_busybox() -> None:
    assert scripts("command: [sh, -c, a]", "alpine:3") == ["#!/bin/busybox sh\na"]


SCRIPTS = st.lists(
    st.lists(
        st.sampled_from(["a", "$b", '"c', "d'", "\\", "é", "#", ":", "  ", "\t", "x"]),
        min_size=1,
        max_size=5,
    ).map("".join),
    min_size=1,
    max_size=4,
)


@given(SCRIPTS, st.sampled_from(["|", ">", "json", "'"]), st.sampled_from(["", "-"]))
def test_each_character_is_at_its_place_or_at_what_stands_for_it(
    lines: list[str], style: str, chomp: str
) -> None:
    """Blocks, quoted and folded scalars: no character has the place of another one."""
    value = "\n".join(lines)
    if style == "json":
        written = json.dumps(value, ensure_ascii=False)
    elif style == "'":
        written = "'" + "\n\n    ".join(lines).replace("'", "''") + "'"
    else:
        body = "\n".join(f"    {line}" for line in lines)
        written = f"{style}4{chomp}\n{body}" if style == "|" else f"{style}{chomp}\n{body}"
    stream = read(Source("x", f"k: {written}\n"))
    if stream.problems:
        return
    root = stream.documents[0]
    assert isinstance(root, Mapping)
    node = root.get("k")
    assert isinstance(node, Scalar)
    text, before = scalar_text(node), 0
    assert text.value == node.value
    for offset, character in enumerate(node.value):
        place = text.span(offset, offset + 1)
        if place.start == node.span.start and place.end == node.span.end:
            continue  # nothing is claimed
        assert place.start >= before
        before = place.start
        if character not in " \t\n":
            assert place.text in (character, json.dumps(character)[1:-1], "''")
        else:
            assert not place.text.strip(" \t\n\\nt\r")


@pytest.mark.parametrize(
    "written",
    [
        "|\n  a $b\n    c\n\n  d",
        ">-\n  a $b\n  c\n\n  d",
        "'a '' $b\n  c'",
        "a $b\n  c d",
        '"a \\"$b\\" \\\n  c\\td"',
        '"\\x41\\u0042 c"',
        "a $b",
    ],
)
def test_no_character_of_usual_scripts_has_all_of_the_scalar(written: str) -> None:
    root = read(Source("x", f"k: {written}\n")).documents[0]
    assert isinstance(root, Mapping)
    node = root.get("k")
    assert isinstance(node, Scalar)
    text = scalar_text(node)
    places = [text.span(at, at + 1) for at in range(len(node.value))]
    assert all(place.end - place.start < 8 for place in places)
    assert [p.text for p in places if p.text.isalpha()] == [
        c for c, p in zip(node.value, places, strict=True) if p.text.isalpha()
    ]
