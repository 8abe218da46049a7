from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from lsprotocol import types
from tests.lsp.asking import Asked

from tightship_lsp.features.capabilities import TOKEN_MODIFIERS, TOKEN_TYPES
from tightship_lsp.features.semantic_tokens import semantic_tokens

PARTS = st.sampled_from(
    [
        "FROM a\n",
        "RUN ",
        "ENV ",
        "\\\n",
        "# c\n",
        '"',
        "'",
        "$A",
        "${B:-c}",
        " ",
        "x",
        "\n",
        "[",
        ",",
    ]
)


def numbers(text: str, folder: Path) -> list[tuple[int, ...]]:
    """Return the tokens of a Dockerfile as five numbers each."""
    question = Asked({"text": text, "file": "Dockerfile"}, folder)
    found = semantic_tokens(types.SemanticTokensParams(question.identifier), question.view())
    data: list[int] = list(found.data) if found is not None else []
    return [tuple(data[at : at + 5]) for at in range(0, len(data), 5)]


def tokens(text: str, folder: Path) -> list[tuple[str, str]]:
    """Return the tokens of a Dockerfile: text and type, with its modifier."""
    lines = [line.encode("utf-16-le") for line in text.split("\n")]
    line = column = 0
    made: list[tuple[str, str]] = []
    for down, right, length, kind, modifiers in numbers(text, folder):
        line, column = line + down, right + (column if not down else 0)
        word = lines[line][2 * column : 2 * (column + length)].decode("utf-16-le")
        names = [name for bit, name in enumerate(TOKEN_MODIFIERS) if modifiers & 1 << bit]
        made.append((word, " ".join((*names, TOKEN_TYPES[kind]))))
    return made


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("FROM a:1 AS b", "FROM keyword, a class, 1 property, AS keyword, b namespace"),
        ("FROM a@sha256:b", "FROM keyword, a class, sha256:b property"),
        ("FROM localhost:5000/a", "FROM keyword, a class"),
        (
            "FROM --platform=$P a",
            "FROM keyword, --platform parameter, = operator, $P variable, a class",
        ),
        ("ARG A=1", "ARG keyword, A declaration variable, = operator, 1 parameter"),
        (
            'ENV A="x y" B=$A',
            'ENV keyword, A declaration variable, = operator, "x y" string,'
            " B declaration variable, = operator, $A variable",
        ),
        ("ENV A b c", "ENV keyword, A declaration variable, b c parameter"),
        (
            "RUN a ${B:-c}",
            "RUN keyword, a parameter, ${B variable, : operator, - modifier, c} variable",
        ),
        ("RUN a \\\n # b\n c", "RUN keyword, a parameter, \\ macro, # b comment, c parameter"),
        (
            "RUN --mount=type=ssh,id=a b",
            "RUN keyword, --mount parameter, = operator, type parameter, = operator,"
            " ssh property, id parameter, = operator, a property, b parameter",
        ),
        ('CMD ["a"]', 'CMD keyword, [ parameter, "a" string, ] parameter'),
        ("HEALTHCHECK CMD a", "HEALTHCHECK keyword, CMD keyword, a parameter"),
        ("ONBUILD RUN a", "ONBUILD keyword, RUN keyword, a parameter"),
        ("MAINTAINER a", "MAINTAINER deprecated keyword, a parameter"),
        ("# a", "# a comment"),
        ("# escape=`", "#  comment, escape property, = operator, ` parameter"),
        ("RUN 🐳 b", "RUN keyword, 🐳 parameter, b parameter"),
    ],
)
def test_tokens(line: str, expected: str, tmp_path: Path) -> None:
    text = line if line.startswith("# escape") else f"{line}\n"
    assert ", ".join(f"{word} {kind}" for word, kind in tokens(text, tmp_path)) == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, max_size=25).map("".join))
def test_tokens_of_any_text_do_not_overlap(text: str) -> None:
    end = 0
    for down, right, length, _, _ in numbers(text, Path("/nowhere")):
        assert length > 0
        assert down > 0 or right >= end
        end = length
