"""Bash itself says which words a script passes to `docker`: the reader finds the same files.

The scripts are made here, of assignments, arrays, functions, loops and branches. `docker` is
a function of the script that prints its words, so nothing else runs.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.engine.roles.trees_of_texts import FILES, merged, shown, tree_with

from tightship.engine.roles.chains import chains

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

BASH = shutil.which("bash") or ""
PRINTS = 'docker() { printf "%s\\n" "$*"; }\n'
# Options in a variable that nothing uses are taken for those of another script.
USED = ': "$A$B$FILES$F" "${L[@]}"\n'
FILE = st.sampled_from(FILES)
NAME = st.sampled_from(["A", "B", "FILES"])
QUOTES = st.sampled_from(["{}", '"{}"', "'{}'"])


@st.composite
def statements(draw: st.DrawFn) -> str:
    """Return a statement that gives a variable options."""
    name, one, two, quoted = draw(NAME), draw(FILE), draw(FILE), draw(QUOTES)
    return draw(
        st.sampled_from(
            [
                f'{name}="-f {one}"',
                f'{name}="${{{name}}} -f {one}"',
                f'{name}+=" -f {one}"',
                f"{name}=' -f {one} -f {two}'",
                f'{name}="${name} ${draw(NAME)}"',
                f"unset {name}",
                f"export {name}=$'-f {one}'",
                f'F={quoted.format(one)}; {name}="-f $F"',
                f'for f in {one} {quoted.format(two)}; do {name}="${name} -f $f"; done',
                f'give() {{ {name}="-f $1"; }}; give {quoted.format(one)}',
                f'L=(-f {quoted.format(one)}); L+=(-f {two}); {name}="${{L[*]}}"',
                f"{name}=$(echo -f {one})",
                f'{{ {name}="-f {one}"; }}',
                f'( {name}="-f {one}" )',
            ]
        )
    )


def invocations() -> SearchStrategy[str]:
    calls = [
        "docker compose $A up",
        'docker compose -f "compose.yaml" $B $A up -d',
        "docker compose ${FILES} -f hard.yml --profile x up",
        'L=(-f compose.yaml $A); docker compose "${L[@]}" up',
        'dc() { docker compose $A "$@"; }; dc -f hard.yml up',
        'C="docker compose $A"; $C up',
        "docker compose --file=${F:-hard.yml} $A up",
        "docker compose -f compose.yaml ${B:+$B} up",
        "(docker compose -f hard.yml $A up)",
        'eval "docker compose -f hard.yml $A up"',
        "docker \\\n compose -f hard.yml \\\n $A up",
    ]
    return st.sampled_from(calls)


def printed(script: str) -> list[str]:
    """Return the files of each invocation that bash makes."""
    done = subprocess.run(
        [BASH, "--norc", "-c", PRINTS + script],
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
        env={"PATH": "/nonexistent"},
    )
    found = list[str]()
    for line in done.stdout.splitlines():
        words = line.replace("--file=", "-f ").split()
        named = (words[at + 1] for at, word in enumerate(words) if word == "-f")
        found.append(" ".join(named) or "compose.yaml")
    return found


@pytest.mark.skipif(not BASH, reason="bash is not installed")
@given(st.lists(statements(), max_size=6), invocations())
def test_the_files_are_those_that_bash_passes(before: list[str], call: str) -> None:
    script = "\n".join(["A=\nB=\nFILES=\nF=", *before, call, USED])
    assert [*dict.fromkeys(printed(script))] == merged("up.sh", script)


@pytest.mark.skipif(not BASH, reason="bash is not installed")
@given(st.lists(statements(), min_size=1, max_size=4), invocations(), st.booleans())
def test_a_branch_that_bash_takes_is_among_those_found(
    before: list[str], call: str, is_taken: bool
) -> None:
    inner = " &&\n".join(before)
    test = "true" if is_taken else "false"
    head = "A=\nB=\nFILES=\nF=\n"
    script = f"{head}if {test}; then\n{inner}\nelse\nA='-f hard.yml'\nfi\n{call}\n{USED}"
    tree = tree_with({"up.sh": script})
    found = {*map(shown, chains(tree))}
    assert {*printed(script)} <= found or tree.unread
