from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from tightship.engine.disk import new_file
from tightship.engine.disk.new_file import ForbiddenError, NewFile, UnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

posix = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


@pytest.fixture(autouse=True)
def _nothing_is_left_over(tmp_path: Path) -> Iterator[None]:
    handles = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    yield
    assert not [path for path in tmp_path.rglob("*") if ".tightship-" in path.name]
    if handles:
        assert len(os.listdir("/proc/self/fd")) == handles


def write(path: Path | str, *pieces: str) -> None:
    file = NewFile(str(path))
    for piece in pieces:
        file.write(piece)
    file.finish()


def test_a_file_exists_once_it_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    file = NewFile(str(path))
    file.write("one\n")
    file.write("two é\n")
    assert not path.exists()
    file.finish()
    assert path.read_bytes() == "one\ntwo é\n".encode()


def test_a_file_that_is_discarded_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")
    file = NewFile(str(path))
    file.write("new")
    file.discard()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report.txt"]


def test_finishing_or_discarding_twice_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    file = NewFile(str(path))
    file.finish()
    file.finish()
    file.discard()
    assert path.read_text() == ""


def test_a_path_is_taken_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("report.txt", "here")
    assert (tmp_path / "report.txt").read_text() == "here"


def test_half_a_surrogate_pair_is_escaped(tmp_path: Path) -> None:
    write(tmp_path / "report.txt", "a\ud800b")
    assert (tmp_path / "report.txt").read_bytes() == b"a\\ud800b"


@posix
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_a_new_file_has_the_mode_that_any_program_gives(
    tmp_path: Path, mask: int, mode: int
) -> None:
    before = os.umask(mask)
    try:
        write(tmp_path / "report.txt", "x")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report.txt").stat().st_mode) == mode


@posix
def test_a_file_that_is_replaced_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old and longer")
    path.chmod(0o640)
    write(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@posix
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target, path = tmp_path / "bashrc", tmp_path / "report.txt"
    target.write_text("mine")
    path.symlink_to(target)
    with pytest.raises(UnwritableError, match="it is a link, which is not followed"):
        NewFile(str(path))
    assert target.read_text() == "mine"
    assert path.is_symlink()


@posix
def test_a_folder_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to("real")
    write(tmp_path / "alias" / "report.txt", "x")
    assert (tmp_path / "real" / "report.txt").read_text() == "x"


@posix
def test_a_special_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder", "folder/"):
        with pytest.raises(UnwritableError) as caught:
            NewFile(f"{tmp_path}/{name}")
        assert str(caught.value).startswith(f"`{tmp_path}/{name}`: ")
    with pytest.raises(UnwritableError, match="it is not a regular file"):
        NewFile(os.devnull)


@pytest.mark.parametrize("path", ["none/report.txt", "file/report.txt", "a" * 300])
def test_a_path_without_a_folder_is_rejected(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableError, match=f"`.*{path}`: "):
        NewFile(str(tmp_path / path))


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")

    def full(handle: int, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    file = NewFile(str(path))
    monkeypatch.setattr(new_file, "write", full)
    with pytest.raises(UnwritableError, match="no space left on device"):
        file.write("new")
    file.discard()
    assert path.read_text() == "old"


def test_a_rename_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.txt"
    file = NewFile(str(path))

    def refused(*_: object, **__: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(UnwritableError, match="permission denied"):
        file.finish()
    assert os.listdir(tmp_path) == []


def test_a_file_whose_owner_cannot_be_kept_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.txt"
    path.write_text("old")

    def loses(handle: int, like: int) -> str:
        return "owner"

    monkeypatch.setattr(new_file, "make_alike", loses)
    with pytest.raises(UnwritableError, match="a new file cannot have the owner"):
        NewFile(str(path))
    assert path.read_text() == "old"


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    file = NewFile(str(tmp_path / "new"))
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(UnwritableError, match="no space left"):
        file.write("text")
    assert [*tmp_path.iterdir()] == []


@posix
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("call", ["make_alike", "write"])
def test_an_interrupt_leaves_nothing(
    call: str, error: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("old")

    def interrupted(*_: object) -> None:
        raise error

    monkeypatch.setattr(new_file, call, interrupted)
    with pytest.raises(error):
        write(tmp_path / "a.txt", "new")
    assert os.listdir(tmp_path) == ["a.txt"]


_LEFT = ".a.txt.tightship-0123456789abcdef"


@posix
def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left = [_LEFT, ".b.txt.tightship-0123456789abcdef", f"{_LEFT}0", f"{_LEFT}.old"]
    for name in (*left, "a.txt"):
        (tmp_path / name).write_text(name)
    write(tmp_path / "a.txt", "new")
    assert {*os.listdir(tmp_path)} == {"a.txt", *left[1:]}, "the old text may be in a copy"
    for name in left[1:]:
        (tmp_path / name).unlink()


@posix
def test_what_a_live_writer_makes_is_not_removed(tmp_path: Path) -> None:
    first = NewFile(str(tmp_path / "a.txt"))
    write(tmp_path / "a.txt", "second")
    first.write("first")
    first.finish()
    assert (tmp_path / "a.txt").read_text() == "first"


@posix
@pytest.mark.parametrize("path", [".git/hooks/x", ".GIT/x", "d/.git", "link/x"])
def test_nothing_is_written_where_git_obeys_it(path: str, tmp_path: Path) -> None:
    for name in (".git/hooks", ".GIT", "d"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    (tmp_path / "link").symlink_to(".git/hooks")
    with pytest.raises(ForbiddenError, match=r"`\.git`, whose files Git obeys"):
        NewFile(str(tmp_path / path))
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]
