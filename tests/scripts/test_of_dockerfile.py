"""The scripts in a Dockerfile as ShellCheck gets them, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.frontends.dockerfile.build import Build
from tightship.scripts.of_dockerfile import snippets_of_build
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.scripts.snippet import Snippet


def snippets(text: str) -> list[Snippet]:
    return list(snippets_of_build(Build(read(Source("Dockerfile", text)))))


def script(text: str) -> str:
    [one] = snippets(text)
    return one.script


@pytest.mark.parametrize(
    ("image", "shell", "shebang"),
    [
        ("debian:13", "", "#!/bin/sh"),
        ("alpine:3.22", "", "#!/bin/busybox sh"),
        ("python:3.13-alpine3.22", "", "#!/bin/busybox sh"),
        ("busybox", "", "#!/bin/busybox sh"),
        ("debian:13", '["/bin/bash", "-c"]', "#!/bin/bash"),
        ("debian:13", '["/bin/bash", "-euo", "pipefail", "-c"]', "#!/bin/bash -e"),
        ("debian:13", '["/bin/dash", "-c"]', "#!/bin/dash"),
        ("debian:13", '["/bin/ksh", "-c"]', "#!/bin/ksh"),
        ("alpine:3.22", '["/bin/ash", "-eo", "pipefail", "-c"]', "#!/bin/busybox sh -e"),
        ("x", '["conda", "run", "-n", "a", "/bin/bash", "-c"]', "#!/bin/bash"),
    ],
)
def test_shell_names_the_language(image: str, shell: str, shebang: str) -> None:
    line = f"SHELL {shell}\n" if shell else ""
    assert script(f"FROM {image}\n{line}RUN a\n") == f"{shebang}\na"


@pytest.mark.parametrize(
    "steps",
    [
        'SHELL ["powershell", "-Command"]\nRUN a',
        'SHELL ["cmd", "/S", "/C"]\nRUN a',
        'SHELL ["/bin/zsh", "-c"]\nRUN a',
        'SHELL ["/usr/bin/python3", "-c"]\nRUN a',
        "RUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF",
        'RUN ["a", "$b"]',
        'CMD ["python3", "-c", "print(1)"]',
        "HEALTHCHECK NONE",
        "COPY <<EOF /a\necho $b\nEOF",
    ],
)
def test_shells_unknown_to_shellcheck_are_skipped(steps: str) -> None:
    assert snippets(f"FROM debian:13\n{steps}\n") == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("CMD a $b", "#!/bin/sh\na $b"),
        ("ENTRYPOINT a $b", "#!/bin/sh\na $b"),
        ("HEALTHCHECK --interval=3s CMD a $b", "#!/bin/sh\na $b"),
        ("ONBUILD RUN a $b", "#!/bin/sh\na $b"),
        ('CMD ["sh", "-c", "a \\"$b\\""]', '#!/bin/sh\na "$b"'),
        ('ENTRYPOINT ["/bin/bash", "-ec", "a"]', "#!/bin/bash -e\na"),
        ('ENTRYPOINT ["tini", "--", "bash", "-c", "a"]', "#!/bin/bash\na"),
        ("RUN <<EOF\na\nb\nEOF", "#!/bin/sh\na\nb\n"),
        ("RUN <<EOF\n#!/bin/bash -e\na\nEOF", "#!/bin/bash -e\na\n"),
        ("RUN <<EOF\n#!/usr/bin/env bash\na\nEOF", "#!/bin/bash\na\n"),
        ("RUN <<-EOF\n\ta\n\tEOF", "#!/bin/sh\na\n"),
        ("RUN cat <<EOF >b\n$a\nEOF", "#!/bin/sh\ncat <<EOF >b\n$a\nEOF"),
        ("RUN a && \\\n# c\n\n  b", "#!/bin/sh\na &&   b"),
        ("RUN --mount=type=cache,target=/a b", "#!/bin/sh\nb"),
    ],
)
def test_each_form_of_a_script_is_found(steps: str, expected: str) -> None:
    assert script(f"FROM debian:13\n{steps}\n") == expected


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        ("ARG A=1\nRUN $A", "export A=x"),
        ("ARG A\nRUN $A", 'export A="$1"'),
        ("ENV A=1.2/b\nRUN $A", "export A=x"),
        ('ENV A="b c"\nRUN $A', 'export A="$1"'),
        ('ENV A="*"\nRUN $A', 'export A="$1"'),
        ("ENV A=\nRUN $A", "export A=''"),
        ("ENV A=$B\nRUN $A", 'export A="$1"'),
        ("ENV A=1 B=2\nRUN $B $A $C", "export B=x A=x"),
        ("RUN $http_proxy", 'export http_proxy="$1"'),
        # What a container runs has the variables of the image alone.
        ("ARG A=1\nENV B=2\nCMD $A $B", "export B=x"),
        ("ARG TARGETARCH\nRUN $TARGETARCH", "export TARGETARCH=x"),
        ("ARG TARGETOS\nENV A=$TARGETOS-1\nCMD $A", "export A=x"),
        ("ARG SOURCE_DATE_EPOCH\nRUN $SOURCE_DATE_EPOCH", "export SOURCE_DATE_EPOCH=x"),
        ("ARG B\nENV A=$B-1\nRUN $A", 'export A="$1"'),
        ("RUN --mount=type=secret,id=x,env=t $t", 'export t="$1"'),
        ("RUN a='b c' set -x && ls $a", 'export a="$1"'),
        ("ONBUILD ARG A\nONBUILD RUN $A", 'export A="$1"'),
        ("ENV A=1\nONBUILD RUN $A", "export A=x"),
        ("ARG A=1\nONBUILD RUN $A", "$A"),
    ],
)
def test_arg_and_env_are_known(steps: str, line: str) -> None:
    assert script(f"FROM debian:13\n{steps}\n").splitlines()[1] == line


def test_a_variable_below_the_script_is_not_known() -> None:
    assert script("FROM debian:13\nRUN $A\nENV A=1\n") == "#!/bin/sh\n$A"


def test_a_stage_knows_the_environment_of_its_base() -> None:
    text = "FROM debian:13 AS a\nENV A=1\nARG B=1\nFROM a\nRUN $A\n"
    assert script(text) == "#!/bin/sh\nexport A=x\n$A"


def test_variables_come_below_directives_at_the_top() -> None:
    text = "FROM debian:13\nENV A=1\nRUN <<EOF\n# shellcheck disable=SC2086\n\n$A\nEOF\n"
    [one] = snippets(text)
    assert one.script.splitlines() == [
        "#!/bin/sh",
        "# shellcheck disable=SC2086",
        "",
        "export A=x",
        "$A",
    ]
    assert [one.offset(line, 1) for line in range(1, 6)] == [None, 0, 28, None, 29]


def test_a_comment_of_hadolint_names_the_shell_up_to_the_next_from() -> None:
    text = (
        "FROM debian:13\n# hadolint shell=bash\nRUN a\nFROM debian:13\nRUN b\n"
        '# hadolint shell=powershell\nRUN c\nSHELL ["/bin/dash", "-c"]\nRUN d\n'
    )
    assert [one.script for one in snippets(text)] == [
        "#!/bin/bash\na",
        "#!/bin/sh\nb",
        "#!/bin/dash\nd",
    ]


WORDS = st.lists(
    st.sampled_from(["a", "$b", '"c d"', "é", "|", "\t", "&&", "'#'", "ü$x"]), max_size=6
)
BREAKS = st.sampled_from(
    [" \\\n", "\\\n  ", " \\  \n\t", " \\\n# c \\\n", " \\\n\n", " \\\n  # é\n   "]
)
LINES = st.lists(st.tuples(WORDS, BREAKS), max_size=4)


@given(
    LINES,
    WORDS,
    st.lists(WORDS, max_size=3),
    st.sampled_from(["", "ENV b=1\n", "ENV b=1\nARG x\n"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_each_character_is_found_again(
    lines: list[tuple[list[str], str]],
    last: list[str],
    body: list[list[str]],
    variables: str,
    newline: str,
) -> None:
    """From the script back to the file: the same character, in the same order."""
    joined = "".join(" ".join(words) + end for words, end in lines)
    run = f"RUN x {joined}{' '.join(last)} y\n"
    heredoc = "\n".join(["# top", *(" ".join(words) for words in body), "z $b"])
    text = f"FROM debian:13\n{variables}{run}RUN <<EOF\n{heredoc}\nEOF\n"
    for one in snippets(text.replace("\n", newline)):
        places = list[int]()
        value = one.text.value
        for number, line in enumerate(one.script.split("\n"), start=1):
            for column, character in enumerate(line, start=1):
                offset = one.offset(number, column)
                if offset is None:
                    assert line.startswith(("#!", "export "))
                    continue
                place = one.place(offset, offset + 1)
                assert place.text == character == value[offset]
                places.append(place.start)
        assert places == sorted(set(places))
        assert len(places) == len(value) - value.count("\n")


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "all_proxy"])
def test_predefined_arguments_are_set(name: str) -> None:
    text = f'FROM debian:13\nARG HTTP_PROXY\nRUN echo "$HTTP_PROXY ${name} $OTHER"\n'
    [one] = snippets(text)
    before = one.script.partition("echo")[0]
    assert f"{name}=" in before
    assert "OTHER" not in before
