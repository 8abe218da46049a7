"""What a run knows of the disk gives the answers of the disk, with fewer questions."""

from __future__ import annotations

import os
from collections import Counter

from hypothesis import given, settings, strategies as st
from tests.checking import check

from tightship.engine.disk import root
from tightship.engine.disk.files import Files
from tightship.engine.disk.recorded import RecordedFiles
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import KnownDisk, holds
from tightship.engine.load import dockerfiles
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pytest

    from tightship.syntax.dockerfile.nodes import Dockerfile

NAMES = ["compose.yaml", "Compose.yaml", ".env", "web", "é.yaml", "e\u0301.yaml", "x"]
PATHS = st.lists(st.sampled_from([*NAMES, ".."]), min_size=1, max_size=3).map("/".join)
ENTRIES = st.one_of(st.just("file"), st.just("folder"), PATHS)
TREES = st.dictionaries(PATHS, ENTRIES, max_size=12)


def make(root: str, tree: dict[str, str]) -> None:
    """Make files, folders and links, as far as they do not exclude one another."""
    for path, kind in tree.items():
        full = os.path.join(root, path)
        # A link may lead out of the tree, to where other tests are.
        if not all(holds(root, one) for one in (os.path.normpath(full), os.path.realpath(full))):
            continue
        try:
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if kind == "folder":
                os.mkdir(full)
            elif kind == "file":
                with open(full, "x", encoding="utf-8") as file:
                    file.write(path)
            else:
                os.symlink(kind, full)
        except OSError:
            continue


def answers(files: Files, paths: list[str]) -> list[tuple[bool, str]]:
    found = list[tuple[bool, str]]()
    for path in paths:
        read = files.read(path)
        what = read.message if isinstance(read, Refusal) else read.text
        found.append((files.exists(path), what))
    return found


@settings(max_examples=200, deadline=None)
@given(tree=TREES, paths=st.lists(PATHS, max_size=20))
def test_the_cache_agrees_with_the_disk(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, str], paths: list[str]
) -> None:
    root = str(tmp_path_factory.mktemp("tree"))
    make(root, tree)
    disk = KnownDisk()
    expected = answers(Files(root), paths)
    # The first projects ask the disk, and the last ones what is known.
    for _ in range(4):
        assert answers(Files(root, None, disk), paths) == expected


def test_a_folder_is_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compose.yaml").touch()
    files = Files(str(tmp_path), None, KnownDisk())
    asked = Counter[str]()
    lstat, scandir = os.lstat, os.scandir

    def ask(path: str, **options: Any) -> os.stat_result:
        asked["name"] += 1
        return lstat(path, **options)

    def listed(path: str) -> object:
        asked["listing"] += 1
        return scandir(path)

    monkeypatch.setattr(os, "lstat", ask)
    monkeypatch.setattr(os, "scandir", listed)
    assert files.exists("compose.yaml")
    for number in range(50):
        assert not files.exists(f"missing{number}.yaml")
    assert asked["listing"] == 1
    assert asked["name"] < 10


def test_names_in_a_large_folder_are_looked_up_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root, "_MOST_NAMES", 10)
    for number in range(20):
        (tmp_path / f"{number}.yaml").touch()
    disk = KnownDisk()
    files = Files(str(tmp_path), None, disk)
    for number in range(20):
        assert files.exists(f"{number}.yaml")
        assert not files.exists(f"{number}.yml")
    assert disk.holds(str(tmp_path), "0.yaml") is None


def test_names_in_an_unlistable_folder_are_looked_up_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "compose.yaml").touch()

    def refuse(path: str) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(os, "scandir", refuse)
    files = Files(str(tmp_path), None, KnownDisk())
    for _ in range(5):
        assert files.exists("compose.yaml")
        assert not files.exists("compose.yml")


def test_projects_share_texts_until_they_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root, "_MOST_TEXT", 100)
    (tmp_path / "a.yaml").write_text("a: 1\n")
    (tmp_path / "b.yaml").write_text("b" * 200)
    disk = KnownDisk()
    first = Files(str(tmp_path), None, disk).read("a.yaml")
    assert Files(str(tmp_path), None, disk).read("a.yaml") is first
    assert isinstance(Files(str(tmp_path), None, disk).read("b.yaml"), Source)
    assert Files(str(tmp_path), None, disk).read("a.yaml") is not first


def test_one_large_text_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root, "_MOST_TEXT", 100)
    (tmp_path / "b.yaml").write_text("b" * 200)
    disk = KnownDisk()
    first = Files(str(tmp_path), None, disk).read("b.yaml")
    assert Files(str(tmp_path), None, disk).read("b.yaml") is first


def test_open_texts_are_not_shared(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    disk = KnownDisk()
    Files(str(tmp_path), {str(tmp_path / "a.yaml"): "open"}, disk).read("a.yaml")
    found = Files(str(tmp_path), None, disk).read("a.yaml")
    assert isinstance(found, Source)
    assert found.text == "a: 1\n"


def test_a_dockerfile_that_several_projects_build_is_parsed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.22\nRUN true\n")
    for name in ("api", "web", "worker"):
        (tmp_path / name).mkdir()
        text = f"services: {{{name}: {{image: {name}, build: ..}}}}\n"
        (tmp_path / name / "compose.yaml").write_text(text)
    parsed = list[str]()

    def count(source: Source) -> Dockerfile:
        parsed.append(source.name)
        return read(source)

    monkeypatch.setattr(dockerfiles, "read", count)
    verdicts = list(check([str(tmp_path)]))
    assert sum("Dockerfile" in verdict.builders for verdict in verdicts) == 3
    assert parsed == ["Dockerfile"]


@settings(max_examples=100, deadline=None)
@given(tree=TREES, folder=st.one_of(st.just(""), PATHS))
def test_names_in_a_folder_are_those_that_the_disk_has(
    tmp_path_factory: pytest.TempPathFactory, tree: dict[str, str], folder: str
) -> None:
    root = str(tmp_path_factory.mktemp("tree"))
    make(root, tree)
    found = list(Files(root, None, KnownDisk()).among(folder, NAMES))
    assert found == list(Files(root).among(folder, NAMES))
    recorded = RecordedFiles(root)
    assert list(recorded.among(folder, NAMES)) == found
    if (name := recorded.name(folder)) is not None:
        prefix = f"{name}/" if name else ""
        assert recorded.lookups >= {f"{prefix}{one}" for one in NAMES}


def test_the_cache_of_folders_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root, "_MOST_FOLDERS", 10)
    listed, refused, asked, real = (KnownDisk() for _ in range(4))
    for number in range(50):
        folder, file = str(tmp_path / f"{number}"), str(tmp_path / f"{number}.json")
        os.mkdir(folder)
        (tmp_path / f"{number}.json").touch()
        for name in ("a", "b", "c"):
            assert not listed.exists(f"{folder}/{name}")
        # No name is below a file, and none below a folder that does not exist.
        assert refused.possible(file, ["a"]) == []
        assert refused.possible(f"{file}/x", ["a"]) == []
        assert asked.holds(folder, "a") is None
        assert real.real_path(folder) == os.path.realpath(folder)
    for disk in (listed, refused, asked, real):
        kept = disk._names, disk._asked, disk._real
        assert all(len(one) <= 10 for one in kept)
