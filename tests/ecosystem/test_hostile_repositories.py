"""Repositories that would fill the memory, or lead into another repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.bounded import within
from tests.ecosystem.work_tree import WorkTree

from tightship.cli import git as git_module
from tightship.cli.main import main
from tightship.engine.disk.git_folder import tracked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Lure = Callable[[WorkTree, WorkTree], object]

if shutil.which("git") is None or os.name != "posix":
    pytest.skip("needs Git and links", allow_module_level=True)

PLAIN = "services: {a: {image: 'x:1'}}\n"
SECRET = "services: {secretsvc: {image: 'x:1', privileged: true}}\n"
LEVELS = 9


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkTree:
    made = WorkTree(tmp_path / "work")
    made.write("compose.yaml", PLAIN)
    made.commit()
    made.enter(monkeypatch)
    return made


@pytest.fixture
def private(tmp_path: Path) -> WorkTree:
    """A repository elsewhere, with a change."""
    made = WorkTree(tmp_path / "private")
    made.write("compose.yaml", SECRET)
    made.commit()
    made.write("compose.yaml", PLAIN)
    return made


def tree(repository: WorkTree, *entries: str) -> str:
    """Return the name of a tree with some entries."""
    done = subprocess.run(
        ["git", "mktree"],
        cwd=repository.folder,
        input="".join(f"{one}\n" for one in entries),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def bomb(repository: WorkTree, last: str, levels: int = LEVELS, width: int = 10) -> str:
    """Return a commit whose trees each name the tree below ten times."""
    for _ in range(levels):
        last = tree(repository, *(f"040000 tree {last}\td{i}" for i in range(width)))
    return repository.git("commit-tree", "-p", "main", "-m", "bomb", last)


@pytest.fixture(params=["files", "empty folders"])
def bombed(repository: WorkTree, request: pytest.FixtureRequest) -> WorkTree:
    """A repository with a bomb between the commits ``main`` and ``after``."""
    blob = repository.git("rev-parse", "main:compose.yaml")
    files = [f"100644 blob {blob}\tcompose{i}.yaml" for i in range(10)]
    made = bomb(repository, tree(repository, *files if request.param == "files" else ()))
    repository.git("branch", "bomb", made)
    after = repository.git("commit-tree", "-p", made, "-m", "after", "main^{tree}")
    repository.git("branch", "after", after)
    repository.git("checkout", "--quiet", "after")
    return repository


@pytest.mark.parametrize(
    "words",
    [
        "diff main bomb",
        "diff bomb after",
        "diff bomb",
        "diff bomb bomb",
        "check --changed-since bomb",
    ],
)
def test_a_bomb_is_rejected_in_little_time_and_memory(words: str, bombed: WorkTree) -> None:
    measured = (
        "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:]).returncode;"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
    )
    command = [sys.executable, "-c", measured, sys.executable, "-m", "tightship"]
    before = time.monotonic()
    done = subprocess.run(
        [*command, *words.split()],
        cwd=bombed.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert time.monotonic() - before < 10
    assert done.returncode == 2
    assert "more than 500,000 files and folders" in done.stderr
    assert int(done.stdout.split()[-1]) < 300_000  # KiB


def test_nested_folders_have_a_limit(
    repository: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    blob = repository.git("rev-parse", "main:compose.yaml")
    inner = tree(repository, f"100644 blob {blob}\tcompose.yaml")
    made = bomb(repository, inner, levels=201, width=1)
    assert main(["diff", "main", made]) == 2
    assert "a file in more than 200 folders" in capsys.readouterr().err


def test_names_have_a_limit(
    repository: WorkTree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_module, "_MOST_BYTES", 1_000)
    blob = repository.git("rev-parse", "main:compose.yaml")
    made = bomb(repository, tree(repository, f"100644 blob {blob}\t{'a' * 999}"), 1)
    assert main(["diff", "main", made]) == 2
    assert "names of more than 1,000 bytes" in capsys.readouterr().err


def test_one_long_blob_in_many_places_has_a_bound(
    repository: WorkTree, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A blob of zeros is a thousand times as long as its object."""
    monkeypatch.setattr(git_module, "_MOST_CONTENT", 1_000_000)
    repository.write("a.yaml", "#" * 100_000)
    repository.git("add", "a.yaml")
    blob = repository.git("hash-object", "-w", "a.yaml")
    made = bomb(repository, tree(repository, f"100644 blob {blob}\ta.yaml"), 2)
    assert main(["diff", "main", made]) == 2
    assert "have more than 1,000,000 bytes" in capsys.readouterr().err


def test_after_a_blob_that_is_too_large_others_are_read(
    repository: WorkTree, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write("a/compose.yaml", PLAIN + "#" * 11_000_000)
    repository.write("b/compose.yaml", PLAIN)
    start = repository.commit()
    repository.write("a/compose.yaml", PLAIN)
    repository.write("b/compose.yaml", SECRET)
    assert main(["diff", start]) == 1
    assert "secretsvc" in capsys.readouterr().out


def _file(text: str) -> Lure:
    def make(lure: WorkTree, private: WorkTree) -> None:
        shutil.rmtree(lure.folder / ".git")
        lure.write(".git", text.format(private.folder))

    return make


def _worktree(value: str) -> Lure:
    return lambda lure, private: lure.git("config", "core.worktree", value.format(private.folder))


def _link(lure: WorkTree, private: WorkTree) -> None:
    shutil.rmtree(lure.folder / ".git")
    (lure.folder / ".git").symlink_to(private.folder / ".git")


def _common_folder(lure: WorkTree, private: WorkTree) -> None:
    lure.write(".git/commondir", f"{private.folder}/.git\n")
    lure.write(".git/gitdir", f"{lure.folder}/.git\n")


def _linked(*names: str) -> Lure:
    def make(lure: WorkTree, private: WorkTree) -> None:
        for name in names:
            path = lure.folder / ".git" / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            path.symlink_to(private.folder / ".git" / name)
        store = f"{private.folder}/.git/objects\n"
        lure.write(".git/objects/info/alternates", store)

    return make


LURES: dict[str, Lure] = {
    "core.worktree beside": _worktree("../../private"),
    "core.worktree as an absolute path": _worktree("{}"),
    "core.worktree above": _worktree("../.."),
    "a file with a path": _file("gitdir: {}/.git\n"),
    "a file with a relative path": _file("gitdir: ../private/.git\n"),
    "a link": _link,
    "the folder of another repository": _common_folder,
    "links to references": _linked("refs"),
    "a link to a reference, and objects of another": _linked("refs/heads/main"),
    "links to all objects": _linked("objects", "refs/heads/main"),
}


@pytest.mark.parametrize("name", LURES)
@pytest.mark.parametrize("words", [("diff",), ("check", "--changed-since")])
def test_another_repository_is_not_read(
    name: str,
    words: tuple[str, ...],
    repository: WorkTree,
    private: WorkTree,
    capsys: pytest.CaptureFixture[str],
) -> None:
    LURES[name](repository, private)
    assert main([*words, "HEAD"]) == 2
    said = capsys.readouterr()
    assert "secretsvc" not in said.out
    assert "is not compared" in said.err
    assert str(repository.folder) in said.err


def test_the_variables_of_a_hook_lead_nowhere(
    repository: WorkTree,
    private: WorkTree,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GIT_DIR", str(private.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(private.folder))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(private.folder / ".git/objects"))
    assert main(["diff", "HEAD"]) == 0
    assert capsys.readouterr().out == ""


def _work_tree(repository: WorkTree, private: WorkTree) -> Path:
    repository.git("worktree", "add", "--quiet", "../linked")
    return repository.folder.parent / "linked"


def _submodule(repository: WorkTree, private: WorkTree) -> Path:
    private.git("checkout", "--quiet", ".")
    add = ("submodule", "add", "--quiet", str(private.folder), "sub")
    repository.git("-c", "protocol.file.allow=always", *add)
    return repository.folder / "sub"


def _work_tree_of_a_submodule(repository: WorkTree, private: WorkTree) -> Path:
    _submodule(repository, private)
    repository.git("-C", "sub", "worktree", "add", "--quiet", "../../linked")
    return repository.folder.parent / "linked"


def _folder_of_its_own(repository: WorkTree, private: WorkTree) -> Path:
    repository.git("init", "--quiet", "--separate-git-dir=../git")
    repository.git("config", "core.worktree", str(repository.folder))
    return repository.folder


def _borrowed_objects(repository: WorkTree, private: WorkTree) -> Path:
    repository.git("clone", "--quiet", "--shared", ".", "../clone")
    return repository.folder.parent / "clone"


@pytest.mark.parametrize(
    "make",
    [_work_tree, _submodule, _work_tree_of_a_submodule, _folder_of_its_own, _borrowed_objects],
)
def test_a_work_tree_whose_repository_knows_it_is_compared(
    make: Callable[[WorkTree, WorkTree], Path],
    repository: WorkTree,
    private: WorkTree,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = make(repository, private)
    inner = folder / "inner"
    inner.mkdir()
    (inner / "compose.yaml").write_text(SECRET, "utf-8")
    monkeypatch.chdir(inner)
    main(["diff", "HEAD"])
    assert "secretsvc" in capsys.readouterr().out
    assert main(["check", "--changed-since", "HEAD"]) == 1


def test_a_bare_repository_exits_with_2(
    repository: WorkTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.folder / ".git")
    assert main(["diff", "HEAD"]) == 2


def test_an_index_with_names_that_grow_has_a_bound(tmp_path: Path) -> None:
    """In version 4, each name is the one before with a few bytes more."""
    entries, count = bytearray(), 20_000
    for number in range(count):
        part = b"a/" * 50 + b"b" if number else b"a"
        entries += bytes(60) + b"\0\0" + b"\0" + part + b"\0"
    git = tmp_path / ".git"
    git.mkdir()
    head = b"DIRC" + (4).to_bytes(4, "big") + count.to_bytes(4, "big")
    (git / "index").write_bytes(head + entries)
    with within(2):
        assert tracked(str(tmp_path)) == frozenset()
