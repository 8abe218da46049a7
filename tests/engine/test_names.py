"""The names of a repository: those that Git lists, or a walk finds, whatever the index looks like."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.engine.disk.names import changed_names, names_given, names_on_disk
from tightship.engine.roles.tree import tree_on_disk

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("a.yml", "b/c d.txt", "b/é.yml", f"x/{'y' * 240}", "x/z/compose.yaml", ".env")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path.resolve()


def git(root: Path, *words: str) -> str:
    names = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    done = subprocess.run(["git", *names, *words], cwd=root, check=True, capture_output=True)
    return done.stdout.decode("utf-8")


def tracked(root: Path) -> list[str]:
    """Return the names that the index has: a file that Git does not know tells it from a walk."""
    (root / "unknown-to-git").write_text("")
    return sorted(names_on_disk(str(root)))


def test_the_index_has_all_names(root: Path) -> None:
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    assert tracked(root) == sorted(FILES)
    assert "unknown-to-git" in names_on_disk(str(root)), "a question about a folder lists it"
    assert sorted(git(root, "ls-files", "-z").split("\0")[:-1]) == tracked(root)


@pytest.mark.parametrize(
    "words",
    [
        ("update-index", "--split-index"),
        ("update-index", "--index-version", "4"),
        ("add", "--intent-to-add", "new"),
    ],
)
def test_another_index_means_a_walk(root: Path, words: tuple[str, ...]) -> None:
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    (root / "new").write_text("")
    git(root, *words)
    assert tracked(root) == sorted((*FILES, "new", "unknown-to-git"))


def test_another_hash_means_a_walk(root: Path) -> None:
    git(root, "init", "--quiet", "--object-format=sha256")
    git(root, "add", "--all")
    assert tracked(root) == sorted((*FILES, "unknown-to-git"))


@pytest.mark.parametrize(
    "data", [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\3", b"DIRC\0\0\0\2\xff\xff\xff\xff" * 9]
)
def test_a_damaged_index_means_a_walk(root: Path, data: bytes) -> None:
    git(root, "init", "--quiet")
    (root / ".git" / "index").write_bytes(data)
    assert tracked(root) == sorted((*FILES, "unknown-to-git"))


@pytest.mark.parametrize(
    "words", [("update-index", "--refresh"), ("update-index", "--split-index")]
)
def test_the_ends_of_names_are_asked_without_a_listing(root: Path, words: tuple[str, ...]) -> None:
    git(root, "init", "--quiet")
    git(root, "add", "b", ".env")
    git(root, *words)
    (root / "late.yml").write_text("")
    git(root, "add", "late.yml")
    names = names_on_disk(str(root))
    is_split = "--split-index" in words
    assert names.yaml_ending("é.yml") == ["b/é.yml"]
    assert names.yaml_ending("late.yml") == ["late.yml"]
    names = names_on_disk(str(root))
    assert names.yaml_ending("z/compose.yaml") == (["x/z/compose.yaml"] if is_split else [])
    assert ("_every" in names.__dict__) == is_split
    more = changed_names(names_on_disk(str(root)), ["new/z/compose.yaml"])
    assert "new/z/compose.yaml" in more.yaml_ending("z/compose.yaml")
    asked = names_on_disk(str(root))
    for number in range(20):
        assert asked.yaml_ending(f"{number}.yml") == []
    assert asked.yaml_ending("b/é.yml") == ["b/é.yml"]


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("update-index", "--assume-unchanged", "compose/compose.yaml"),
        ("update-index", "--index-version", "4"),
        ("update-index", "--split-index"),
        ("update-index", "--force-remove", "compose/compose.yaml"),
        ("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},compose/part.yml"),
        ("read-tree", "--empty"),
    ],
    ids=" ".join,
)
def test_yaml_files_are_those_of_the_whole_index(root: Path, words: tuple[str, ...]) -> None:
    more = "compose/compose.yaml", f"{'c' * 200}/{'d' * 20}/compose.yml", "composed/a.yml", "v.yml"
    for name in more:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "all")
    git(root, *words)
    names = names_on_disk(str(root))
    every = [one for one in names_on_disk(str(root)) if one.endswith((".yml", ".yaml"))]
    assert sorted(names.yaml) == sorted(every)
    is_read = words[0] == "status" or "160000" in words[-1] or "--force-remove" in words
    assert ("_every" not in names.__dict__) == is_read


def test_a_git_folder_elsewhere_is_not_followed(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "--quiet")
    (other / "secret.yml").write_text("")
    git(other, "add", "--all")
    os.symlink(other / ".git", root / ".git")
    assert sorted(names_on_disk(str(root))) == sorted((*FILES, ".git"))


def test_a_link_in_place_of_a_tracked_folder_is_not_followed(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "up.sh").write_text("docker compose -f a.yml up\n")
    (root / "s").mkdir()
    (root / "s" / "up.sh").write_text("true\n")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    (root / "s" / "up.sh").unlink()
    (root / "s").rmdir()
    os.symlink(other, root / "s")
    tree = tree_on_disk(str(root), names_on_disk(str(root)))
    assert "s/up.sh" in list(tree.names)
    assert tree.merging("s/up.sh") is None


def test_a_walk_finds_what_git_does_not_know(root: Path) -> None:
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    (root / "b" / "new.sh").write_text("")
    assert sorted(names_on_disk(str(root)).walked()) == sorted((*FILES, "b/new.sh"))


def test_no_link_leads_to_a_folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "compose.yaml").write_text("")
    os.symlink(other, root / "link")
    names = names_on_disk(str(root))
    assert "link/compose.yaml" not in names
    assert not names.has_folder("link")
    assert "link/compose.yaml" not in list(names)


@pytest.mark.parametrize("name", ["/etc/passwd", "", "../x", "b/", "./a.yml", "/"])
def test_what_is_no_name_is_not_there(root: Path, name: str) -> None:
    assert name not in names_on_disk(str(root))
    assert name not in names_given(FILES)
    assert not names_on_disk(str(root)).has_folder("/")


def test_ignored_folders_have_no_names(root: Path) -> None:
    (root / "node_modules" / "x").mkdir(parents=True)
    (root / "node_modules" / "x" / "compose.yaml").write_text("")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    assert tracked(root) == sorted(FILES)
    assert "node_modules/x/compose.yaml" not in names_on_disk(str(root))


def test_changed_names_are_those_of_both(root: Path) -> None:
    names = changed_names(names_on_disk(str(root)), ["n/new.yml"], lambda name: name == "a.yml")
    assert sorted(names) == sorted((*FILES[1:], "n/new.yml"))
    assert "a.yml" not in names
    assert names.files_in("n") == ["n/new.yml"]
    assert names.folders_in("") == ["b", "n", "x"]


def test_only_the_asked_folders_count_without_git(root: Path) -> None:
    assert sorted(names_on_disk(str(root), ["b"])) == ["b/c d.txt", "b/é.yml"]
    assert "a.yml" not in names_on_disk(str(root), ["b"])
    assert sorted(names_on_disk(str(root), only=["", "b"])) == [
        ".env",
        "a.yml",
        "b/c d.txt",
        "b/é.yml",
    ]
    assert "x/z/compose.yaml" not in names_on_disk(str(root), only=["", "b"])
