"""What a sweep leaves out: what is excluded, and what Git ignores."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from hypothesis import given, strategies as st

from tightship.engine.plan.candidates import Candidate, find
from tightship.engine.plan.ignoring import is_left_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., None]


def found(*paths: str, gitignore: bool = True) -> list[str]:
    """Return the kinds and the relative paths of what is found, nothing refused."""
    lines: list[str] = []
    for item in find(paths or (".",), gitignore=gitignore):
        assert isinstance(item, Candidate), item
        lines.append(f"{item.kind} {os.path.relpath(item.path)}")
    return lines


def test_excluded_files_are_left_out_unless_named(make: Make, tmp_path: Path) -> None:
    make("a/compose.yaml", "b/compose.yaml", "b/c/compose.yaml", "compose.yaml")
    asked: list[tuple[str, bool]] = []

    def excluded(path: str, is_folder: bool) -> bool:
        asked.append((os.path.relpath(path), is_folder))
        return path == str(tmp_path / "b") or path.endswith("/compose.yaml")

    left = [
        item.path
        for item in find([".", "b/c/compose.yaml"], excluded=excluded)
        if isinstance(item, Candidate)
    ]
    assert left == [str(tmp_path / "b" / "c" / "compose.yaml")]
    assert asked == [("compose.yaml", False), ("a", True), ("b", True), ("a/compose.yaml", False)]


def test_gitignore_files_hold_below_their_folder(make: Make) -> None:
    make("out/compose.yaml", "a/out/compose.yaml", "a/compose.yaml", "b/compose.yaml")
    make(**{".gitignore": "/out\nb/compose.*\n", "a/.gitignore": "compose.yaml\n"})
    assert found() == []
    make(**{"a/.gitignore": "!out\n"})
    assert found() == ["main a/compose.yaml", "main a/out/compose.yaml"]
    assert len(found(gitignore=False)) == 4


def test_a_file_that_is_ignored_is_not_the_main_file(make: Make) -> None:
    make("compose.yaml", "docker-compose.yml", **{".gitignore": "compose.yaml"})
    assert found() == ["main docker-compose.yml"]


def test_upper_gitignore_files_hold_in_a_work_tree_only(make: Make, tmp_path: Path) -> None:
    make("a/b/compose.yaml", "a/b/out/compose.yaml", **{"a/.gitignore": "out\n"})
    assert len(found("a/b")) == 2
    (tmp_path / ".git").mkdir()
    assert found("a/b") == ["main a/b/compose.yaml"]


def test_a_nested_repository_has_its_own_gitignore_files(make: Make) -> None:
    make("sub/compose.yaml", "compose.yaml", "sub/.git/HEAD", ".git/HEAD")
    make(**{".gitignore": "compose.yaml\n"})
    assert found() == ["main sub/compose.yaml"]
    assert found("sub") == ["main sub/compose.yaml"]


def test_gits_own_exclude_file_is_the_weakest(make: Make) -> None:
    make("a/compose.yaml", "b/compose.yaml", "b/c/compose.yaml")
    make(**{".git/info/exclude": "compose.yaml\n", "b/.gitignore": "!/compose.yaml"})
    assert found() == ["main b/compose.yaml"]
    assert found("b") == ["main b/compose.yaml"]


def test_a_gitignore_that_is_no_plain_file_leaves_nothing_out(make: Make, tmp_path: Path) -> None:
    make("compose.yaml", "patterns", "info/exclude", ".git/HEAD", x="*\n")
    (tmp_path / "info" / "exclude").write_text("*\n")
    (tmp_path / ".git" / "info").symlink_to(tmp_path / "info")
    (tmp_path / ".gitignore").symlink_to("x")
    assert found() == ["main compose.yaml"]
    (tmp_path / ".gitignore").unlink()
    os.mkfifo(tmp_path / ".gitignore")
    assert found() == ["main compose.yaml"]
    (tmp_path / ".gitignore").unlink()
    (tmp_path / ".gitignore").write_text("*\n" + "#" * 600_000)
    assert found() == ["main compose.yaml"]


def test_a_linked_work_trees_git_file_is_not_followed(make: Make) -> None:
    make("elsewhere/info/exclude", "tree/compose.yaml")
    make(**{"elsewhere/info/exclude": "*", "tree/.git": "gitdir: ../elsewhere"})
    assert found("tree") == ["main tree/compose.yaml"]


_LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "", "!"]),
        st.sampled_from(["", "/", "**/", "a/", "*/"]),
        st.sampled_from(["a", "b", "*", "compose.*", "*.yml", "compose.yaml", "?"]),
        st.sampled_from(["", "", "/", "/*", "/**"]),
    ).map("".join),
    max_size=4,
).map("\n".join)
_PLACES = ["", "a/", "a/b/", "b/", "b/a/"]


@pytest.fixture(scope="module")
def work_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("work")
    subprocess.run(["git", "init", "-q", root], env=_GIT, check=True)
    for folder in (*_PLACES, "a/a/", "a/b/c/", "b/b/a/"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in ("compose.yaml", "compose.a.yml", "other.yml"):
            (root / folder / name).touch()
    return root


_GIT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "XDG_CONFIG_HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@given(texts=st.dictionaries(st.sampled_from(_PLACES), _LINES, max_size=3), own=_LINES)
def test_git_lists_the_same_files(work_tree: Path, texts: dict[str, str], own: str) -> None:
    for place in _PLACES:
        (work_tree / place / ".gitignore").write_text(texts.get(place, ""))
    (work_tree / ".git" / "info" / "exclude").write_text(own)
    listed = subprocess.run(
        ["git", "-C", work_tree, "ls-files", "-o", "--exclude-standard"],
        env=_GIT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()
    paths = [item.path for item in find([str(work_tree)]) if isinstance(item, Candidate)]
    assert sorted(os.path.relpath(path, work_tree) for path in paths) == sorted(
        path for path in listed if "compose" in path
    )
    every = [path for path in work_tree.rglob("*.y*ml") if ".git/" not in str(path)]
    kept = [str(path) for path in every if not is_left_out(str(path))]
    assert sorted(os.path.relpath(path, work_tree) for path in kept) == sorted(
        path for path in listed if path.endswith("ml")
    )


def test_a_single_path_is_left_out_in_a_work_tree_only(make: Make, tmp_path: Path) -> None:
    make("a/b/x.env", "a/y.env", **{"a/.gitignore": "b\n"})
    assert not is_left_out(str(tmp_path / "a/b/x.env"))
    (tmp_path / ".git").mkdir()
    assert is_left_out(str(tmp_path / "a/b/x.env"))
    assert not is_left_out(str(tmp_path / "a/y.env"))
