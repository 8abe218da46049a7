"""Words mean what they mean to bash, as far as BuildKit's language is the shell's."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, strategies as st

from tightship.frontends.dockerfile.argument import expand
from tightship.frontends.dockerfile.variable import Variable

BASH = shutil.which("bash")
pytestmark = pytest.mark.skipif(BASH is None, reason="there is no bash here")

SET = {"A": "abba", "D": "a.b-a/b", "E": "", "P": "a*b"}
NAMES = st.sampled_from(["A", "D", "E", "N", "P"])
PLAIN = st.text("ab.-_", max_size=4)
QUOTED = st.sampled_from(["'$A b'", '"$A b"', r"\$", r"\"", r"\\", r'"\$\\\"\a"', "''"])
PATTERN = st.text("ab.-?*", max_size=5)


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from([":-", "-", ":+", "+"])
    return st.one_of(
        st.builds("${{{}{}{}}}".format, NAMES, operators, inner),
        st.builds("{}{}".format, inner, inner),
    )


TRIMMED = st.builds("${{{}{}{}}}".format, NAMES, st.sampled_from(["#", "##", "%", "%%"]), PATTERN)
REPLACED = st.builds(
    "${{{}{}{}/{}}}".format,
    st.sampled_from(["A", "D"]),
    st.sampled_from(["/", "//"]),
    st.text("ab.-?", min_size=1, max_size=3),
    PLAIN,
)
SIMPLE = st.one_of(
    PLAIN, QUOTED, NAMES.map("${{{}}}".format), NAMES.map("${}".format), TRIMMED, REPLACED
)
WORDS = st.lists(st.recursive(SIMPLE, _deeper, max_leaves=6), min_size=1, max_size=30)


def lookup(name: str) -> Variable | None:
    return Variable(name, SET[name], "argument") if name in SET else None


def printed(words: list[str]) -> list[str]:
    """Let bash print words; an assignment does not split them, as ``ENV`` does not."""
    assert BASH is not None
    script = "".join(f"w={word}\nprintf '%s\\0' \"$w\"\n" for word in words)
    done = subprocess.run(
        [BASH, "--norc", "--noprofile", "-s"],
        input=script.encode(), capture_output=True, check=True, timeout=20,
        env={"LC_ALL": "C.UTF-8", "PATH": "", **SET},
    )  # fmt: skip
    return done.stdout.decode().split("\0")[:-1]


@given(WORDS)
def test_bash_and_expansion_agree(words: list[str]) -> None:
    expansions = [expand(word, "\\", lookup) for word in words]
    assert all(each.decided for each in expansions)
    assert [each.text for each in expansions] == printed(words)
