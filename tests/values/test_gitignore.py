"""The patterns of `.gitignore` mean what they mean to Git."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from hypothesis import given, strategies as st

from tightship.values.gitignore import MAX_WILD, MAX_WILD_BYTES, Level, Patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def verdict(text: str, path: str) -> bool | None:
    """Judge a path; a trailing slash says that it is a folder."""
    patterns = Patterns(text.encode())
    return patterns.verdict(path.rstrip("/").encode(), folder=path.endswith("/"))


@pytest.mark.parametrize(
    ("text", "ignored", "kept"),
    [
        ("a", ["a", "a/", "x/a"], ["ab", "a.b"]),
        ("/a", ["a", "a/"], ["x/a"]),
        ("a/", ["a/", "x/a/"], ["a", "x/a"]),
        ("x/a", ["x/a"], ["a", "y/x/a"]),
        ("*.yml", ["a.yml", "x/y/.yml"], ["a.yaml", "yml"]),
        ("x/*.yml", ["x/a.yml"], ["x/y/a.yml", "a.yml"]),
        ("**/b", ["b", "x/b", "x/y/b"], ["xb"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb"]),
        (r"a/**\/b", ["a/x/b", "a/x/y/b"], ["a/b"]),
        ("a**/b", ["ab", "ax/b", "ax/y/b"], ["a"]),  # as Git has it, not its manual
        ("ab?**/c", ["abx/c"], ["abx/y/c"]),
        ("?", ["a"], ["é", "ab"]),  # one byte, and é is two
        ("a[/x]b", ["axb"], ["a/b"]),
        ("[a-c]x", ["bx"], ["dx"]),
        ("[!a-c]x", ["dx"], ["bx"]),
        ("[[:digit:]]", ["7"], ["a"]),
        (r"\#a", ["#a"], ["a"]),
        (r"\!a", ["!a"], ["a"]),
        ("# a", [], ["# a", "a"]),
        ("a  ", ["a"], ["a  "]),
        ("a\\ ", ["a "], ["a"]),
        ("a\r\nb\r\n", ["a", "b"], ["a\r"]),
        ("\ufeffa", ["a"], []),
        ("[a", [], ["[a", "a"]),
        ("", [], ["a"]),
        ("/", [], ["a", "/"]),
    ],
)
def test_a_pattern_matches_what_it_says(text: str, ignored: list[str], kept: list[str]) -> None:
    assert [path for path in ignored if not verdict(text, path)] == []
    assert [path for path in kept if verdict(text, path)] == []


def test_the_last_pattern_that_matches_decides() -> None:
    assert verdict("a\n!a", "a") is False
    assert verdict("!a\na", "a") is True
    assert verdict("*\n!a", "a") is False
    assert verdict("!a\n*", "a") is True
    assert verdict("a\n!a/", "a") is True
    assert verdict("a\n!a/", "a/") is False
    assert verdict("b", "a") is None


def test_a_lower_file_decides_before_an_upper_one() -> None:
    upper = Level(b"*.yml\nx/keep", len(b"/p/"))
    lower = Level(b"!a.yml\n/b", len(b"/p/x/"), upper)
    assert not lower.ignores(b"/p/x/a.yml", folder=False)
    assert lower.ignores(b"/p/x/b.yml", folder=False)
    assert lower.ignores(b"/p/x/b", folder=False)
    assert lower.ignores(b"/p/x/keep", folder=False)
    assert not upper.ignores(b"/p/b", folder=False)


def test_a_file_with_too_many_wildcards_leaves_nothing_out() -> None:
    enough = b"*.yml\n" * MAX_WILD
    assert Level(enough, 0).ignores(b"a.yml", folder=False)
    assert not Level(enough + b"*x\n", 0).ignores(b"a.yml", folder=False)
    long = b"*.yml\n" + b"?" * (MAX_WILD_BYTES + 1)
    assert not Level(long, 0).ignores(b"a.yml", folder=False)
    # The bound is for all that hold in a folder; the upper file keeps its place.
    upper = Level(enough, 0)
    lower = Level(b"!*.yml\n/b", 2, upper)
    assert lower.ignores(b"x/a.yml", folder=False)
    assert not lower.ignores(b"x/b", folder=False)
    # Plain names are looked up, so there may be any number.
    plain = b"".join(b"name%d\n" % number for number in range(5 * MAX_WILD))
    assert Level(plain, 0).ignores(b"name9999", folder=False)


@pytest.mark.parametrize(
    "pattern",
    [
        b"*a" * 60 + b"b",
        b"**/a*/" * 60 + b"b",
        b"/**/a/**" * 40 + b"/b",
        b"x/" + b"*?a" * 60,
        b"[[:" * 1300,
        b"[" + b"[:" * 2000 + b"]",
        b"[!" + b"a-z" * 1300 + b"]",
    ],
)
def test_no_pattern_takes_long(pattern: bytes) -> None:
    patterns = Patterns(pattern)
    for path in (b"a" * 255, b"/".join([b"a" * 30] * 130), b"x/" + b"a" * 250):
        for _ in range(20):
            patterns.verdict(path, folder=False)


# Git as the oracle

GIT_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "XDG_CONFIG_HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}

NAMES = [*"ab[]-*\\A1^:", "ab", "ba", "a.b", "b.a", "a b", "a ", "é", "!a", "#a", "a\tb"]
PIECES = [
    *"ab*?/\\ !#.-[]:\t\r\0",
    *("ab", "**", "***", "**/", "/**", "é", "1", "A"),
    *("[ab]", "[!a]", "[^b]", "[a-b]", "[]", "[]a]", "[a/]", "[b-a]", "[--a]", "[!-a]"),
    *("[[:alpha:]]", "[[:space:]b]", "[[:foo:]]", "[[:]", "[[:a]", "[[::]]"),
    *(r"\a", r"\/", r"\*", r"\\", r"[\]a]", r"[a-\b]", "[*]", "[?]"),
]
PATTERN = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
LINE = st.tuples(st.sampled_from(["", "", "", "!"]), PATTERN).map("".join)
TEXT = st.lists(LINE, min_size=1, max_size=4).map("\n".join)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with every name at three depths."""
    root = tmp_path_factory.mktemp("tree")
    subprocess.run(["git", "init", "-q", root], env=GIT_ENVIRONMENT, check=True)
    for upper in ("ab", "a b", "\\/["):
        for lower in ("a", "b", "*", "!a"):
            (root / upper / lower).mkdir(parents=True)
    for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
        for name in NAMES if ".git" not in folder.parts else ():
            if not (folder / name).exists():
                (folder / name).touch()
    return root


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@given(upper=TEXT, lower=TEXT, place=st.sampled_from(["ab", "a b", "\\/["]))
def test_git_leaves_out_the_same_files(tree: Path, upper: str, lower: str, place: str) -> None:
    texts = {b"": upper.encode(), os.fsencode(place) + b"/": lower.encode()}
    root = os.fsencode(tree)
    for folder, text in texts.items():
        with open(os.path.join(root, folder, b".gitignore"), "wb") as file:
            file.write(text)
    try:
        git = subprocess.run(
            ["git", "-C", tree, "ls-files", "-z", "-o", "--exclude-standard"],
            env=GIT_ENVIRONMENT,
            capture_output=True,
            check=True,
        )
    finally:
        for folder in texts:
            os.unlink(os.path.join(root, folder, b".gitignore"))
    wanted = {path for path in git.stdout.split(b"\0") if path and b".gitignore" not in path}
    assert set(kept(root, b"", texts, None)) == wanted


def kept(root: bytes, folder: bytes, texts: dict[bytes, bytes], level: Level | None) -> list[bytes]:
    if folder in texts:
        level = Level(texts[folder], len(folder), level)
    found: list[bytes] = []
    for entry in os.scandir(os.path.join(root, folder)):
        path = folder + entry.name
        if entry.name == b".git":
            continue
        if level is not None and level.ignores(path, folder=entry.is_dir()):
            continue
        if entry.is_dir():
            found += kept(root, path + b"/", texts, level)
        else:
            found.append(path)
    return found
