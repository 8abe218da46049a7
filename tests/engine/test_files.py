"""The disk is read below the root, once, and never in a way that hangs or raises."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import given, strategies as st

from tightship.engine.disk.files import Files
from tightship.engine.disk.git_tree import Entry, TextFiles, UndoneChange
from tightship.engine.disk.regular import MAX_BYTES, Refusal, read_regular
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def refusal(files: Files, path: str) -> Refusal:
    outcome = files.read(path)
    assert isinstance(outcome, Refusal), f"{path} was read"
    return outcome


def source(files: Files, path: str) -> Source:
    outcome = files.read(path)
    assert isinstance(outcome, Source), outcome
    return outcome


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    return root


# Names


def test_a_source_is_named_relative_to_the_root(root: Path) -> None:
    (root / "web").mkdir()
    (root / "web" / "compose.yaml").write_text("a: 1\n")
    files = Files(str(root))
    found = source(files, str(root / "web" / "compose.yaml"))
    assert (found.name, found.text, found.bom) == ("web/compose.yaml", "a: 1\n", False)


def test_a_path_spelled_in_two_ways_gives_the_same_source(root: Path) -> None:
    (root / "a.yaml").write_text("a: 1\n")
    files = Files(str(root))
    assert files.read("a.yaml") is files.read(str(root / "b" / ".." / "a.yaml"))


def test_names_and_paths_round_trip(root: Path) -> None:
    files = Files(str(root))
    assert files.name(files.path("x/y.yaml")) == "x/y.yaml"
    assert files.name(str(root) + "-other/x") is None
    assert files.name("../x") is None


def test_the_file_system_root_may_be_the_root(root: Path) -> None:
    (root / "a.yaml").write_text("a: 1\n")
    files = Files("/")
    path = os.path.realpath(root / "a.yaml")
    assert source(files, path).name == path.lstrip("/")


def test_names_with_unusual_characters_are_read(root: Path) -> None:
    for raw in (b"-rf.yaml", b"two words.yaml", b"new\nline.yaml", b"\xff\xfe.yaml"):
        path = os.path.join(os.fsencode(str(root)), raw)
        with open(path, "wb") as file:
            file.write(b"a: 1\n")
        name = os.fsdecode(raw)
        assert source(Files(str(root)), name).name == name


# Text and encodings


@pytest.mark.parametrize(
    ("data", "text", "bom"),
    [
        (b"", "", False),
        (b"\xef\xbb\xbf", "", True),
        (b"\xef\xbb\xbfa: \xc3\xa9\r\n", "a: é\r\n", True),
        ("\ufeff\ufeffa: 1".encode(), "\ufeffa: 1", True),
        ("\ufeffa: é😀\n".encode("utf-16-le"), "a: é😀\n", True),
        ("\ufeffa: é😀\n".encode("utf-16-be"), "a: é😀\n", True),
        ("a: \u2028\x85\n".encode(), "a: \u2028\x85\n", False),
    ],
)
def test_encodings_of_compose_are_decoded_and_written_back(
    root: Path, data: bytes, text: str, bom: bool
) -> None:
    (root / "a.yaml").write_bytes(data)
    files = Files(str(root))
    found = source(files, "a.yaml")
    assert (found.text, found.bom) == (text, bom)
    assert files.encode(found, found.text) == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: 1\nb: \xe9t\xe9\n", "byte 0xE9 at offset 8, line 2; save it as UTF-8"),
        (b"a: \xed\xa0\x80\n", "byte 0xED at offset 3, line 1"),
        (b"a: \xc3", "byte 0xC3 at offset 3, line 1"),
        ("a: 1\n".encode("utf-16-le"), "looks like UTF-16 without a byte order mark"),
        ("a: 1\n".encode("utf-16-be"), "looks like UTF-16 without a byte order mark"),
        ("a: 1\n".encode("utf-32-le"), "looks like UTF-32 without a byte order mark"),
        ("a: 1\n".encode("utf-32-be"), "looks like UTF-32 without a byte order mark"),
        ("\ufeffa: 1\n".encode("utf-32-le"), "is UTF-32"),
        ("\ufeffa: 1\n".encode("utf-32-be"), "is UTF-32"),
        (b"\xff\xfea\x00:", "is broken UTF-16 at byte offset 4"),
        (b"\xff\xfea\x00\x00\xd8b\x00", "is broken UTF-16 at byte offset 4"),
        (b"\xff\xfea\x00\x00\x00", "has a NUL at byte offset 4"),
        (b"ab\x00", "has a NUL at byte offset 2"),
        (b"\x7fELF\x02\x01\x01\x00", "has a NUL at byte offset 7"),
    ],
)
def test_binary_files_are_rejected_with_advice(root: Path, data: bytes, message: str) -> None:
    (root / "a.yaml").write_bytes(data)
    refused = refusal(Files(str(root)), "a.yaml")
    assert refused.reason == "not-text"
    assert message in refused.message


@given(st.binary(max_size=64) | st.text(max_size=32).map(lambda t: t.encode("utf-16")))
def test_bytes_are_read_exactly_or_not_at_all(data: bytes) -> None:
    files = Files("/nowhere", {"a.yaml": data})
    outcome = files.read("a.yaml")
    if isinstance(outcome, Source):
        assert files.encode(outcome, outcome.text) == data
    else:
        assert outcome.reason == "not-text"


# What is not a file


def test_a_missing_file_is_rejected(root: Path) -> None:
    (root / "a.yaml").write_text("a: 1\n")
    files = Files(str(root))
    for path in ("b.yaml", "b/c.yaml", "a.yaml/b.yaml"):
        refused = refusal(files, path)
        assert (refused.reason, refused.name) == ("missing", path)
        assert refused.message == f"`{path}` does not exist"
        assert not files.exists(path)


def test_a_directory_is_rejected(root: Path) -> None:
    (root / "compose.yaml").mkdir()
    files = Files(str(root))
    assert refusal(files, "compose.yaml").reason == "directory"
    assert refusal(files, ".").reason == "directory"
    assert refusal(files, ".").message.startswith("`.` is a directory")
    assert files.exists("compose.yaml")


def test_a_pipe_is_rejected_without_waiting_for_a_writer(root: Path) -> None:
    os.mkfifo(root / "compose.yaml")
    refused = refusal(Files(str(root)), "compose.yaml")
    assert refused.reason == "not-regular"
    assert refused.message == "`compose.yaml` is a named pipe, not a regular file"


def test_a_socket_is_rejected(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)  # a socket's path may be short only
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.yaml")
        assert "is a socket" in refusal(Files(str(root)), "s.yaml").message


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs /dev/zero")
def test_a_device_is_rejected_without_being_opened(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_open = os.open

    def not_it(name: str, flags: int, *, dir_fd: int | None = None) -> int:
        assert name != "zero", "the device was opened"
        return real_open(name, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", not_it)
    assert "is a device" in refusal(Files("/dev"), "zero").message
    (root / "compose.yaml").symlink_to("/dev/zero")
    assert refusal(Files(str(root)), "compose.yaml").reason == "outside-root"


def test_a_pipe_that_takes_the_place_of_a_file_is_rejected(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = root / "compose.yaml"
    path.write_text("a: 1\n")
    real_open = os.open

    def swapped(name: str, flags: int, *, dir_fd: int | None = None) -> int:
        if name == "compose.yaml":
            path.unlink()
            os.mkfifo(path)
        return real_open(name, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swapped)
    assert refusal(Files(str(root)), "compose.yaml").reason == "not-regular"


def test_a_link_that_takes_the_place_of_a_file_is_rejected(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("password\n")
    path = root / "compose.yaml"
    path.write_text("a: 1\n")
    real_open = os.open

    def swapped(name: str, flags: int, *, dir_fd: int | None = None) -> int:
        if name == "compose.yaml":
            path.unlink()
            path.symlink_to(tmp_path / "secret")
        return real_open(name, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swapped)
    assert refusal(Files(str(root)), "compose.yaml").reason == "not-readable"


def test_handles_are_always_closed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "a.yaml").write_text("a: 1\n")
    (root / "b.yaml").write_bytes(b"\xff")
    handles: list[int] = []
    real_open = os.open

    def counted(name: str, flags: int, **_: object) -> int:
        handles.append(real_open(name, flags))
        return handles[-1]

    monkeypatch.setattr(os, "open", counted)
    files = Files(str(root))
    for name in ("a.yaml", "b.yaml"):
        files.read(name)
    assert len(handles) == 2
    for handle in handles:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(handle)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_rejected(root: Path) -> None:
    (root / "a.yaml").write_text("a: 1\n")
    (root / "a.yaml").chmod(0)
    refused = refusal(Files(str(root)), "a.yaml")
    assert refused.message == "`a.yaml` cannot be read: permission denied"


@pytest.mark.parametrize("call", ["lstat", "open", "fstat", "read"])
def test_any_error_of_the_system_is_a_refusal(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    (root / "a.yaml").write_text("a: 1\n")
    files = Files(str(root))

    def denied(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, denied)
        outcome = files.read("a.yaml")
    assert isinstance(outcome, Refusal)
    assert outcome.reason == "not-readable"
    assert outcome.message == "`a.yaml` cannot be read: permission denied"


# Size


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(root: Path) -> None:
    (root / "a.yaml").write_bytes(b"#" * MAX_BYTES)
    (root / "b.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    files = Files(str(root))
    assert len(source(files, "a.yaml").text) == MAX_BYTES
    refused = refusal(files, "b.yaml")
    assert refused.reason == "too-large"
    assert refused.message == "`b.yaml` is larger than 10 MB, so it is not read"


def test_a_huge_sparse_file_is_rejected_unread(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(root / "a.yaml", "wb") as file:
        file.truncate(1 << 40)

    def never(*_: object) -> bytes:
        raise AssertionError("the file was read")

    monkeypatch.setattr(os, "read", never)
    assert refusal(Files(str(root)), "a.yaml").reason == "too-large"


def test_a_file_that_grows_while_it_is_read_is_rejected(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.yaml").write_text("a: 1\n")
    asked: list[int] = []

    def endless(_: int, size: int) -> bytes:
        asked.append(size)
        return b"#" * size

    monkeypatch.setattr(os, "read", endless)
    assert refusal(Files(str(root)), "a.yaml").reason == "too-large"
    assert sum(asked) == MAX_BYTES + 1


def test_a_file_that_comes_in_short_reads_is_whole(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.yaml").write_text("a: 1\n" * 50)
    real_read = os.read

    def short(handle: int, size: int) -> bytes:
        return real_read(handle, min(size, 7))

    monkeypatch.setattr(os, "read", short)
    assert source(Files(str(root)), "a.yaml").text == "a: 1\n" * 50


def test_a_custom_limit_is_kept(root: Path) -> None:
    (root / "x").write_bytes(b"12345")
    path = str(root / "x")
    assert read_regular(path, limit=5) == b"12345"
    refused = read_regular(path, name="x", limit=4)
    assert isinstance(refused, Refusal)
    assert (refused.name, refused.reason) == ("x", "too-large")


# The overlay


def test_an_open_buffer_replaces_the_file(root: Path) -> None:
    (root / "a.yaml").write_text("disk\n")
    files = Files(str(root), {str(root / "a.yaml"): "buffer\n", "b.yaml": "new\n"})
    assert source(files, "a.yaml").text == "buffer\n"
    assert source(files, "b.yaml").text == "new\n"
    assert files.exists("b.yaml")


def test_an_open_buffer_is_found_through_a_link_to_its_file(root: Path) -> None:
    (root / "a.yaml").write_text("disk\n")
    (root / "link.yaml").symlink_to("a.yaml")
    files = Files(str(root), {"a.yaml": "buffer\n"})
    found = source(files, "link.yaml")
    assert (found.name, found.text) == ("link.yaml", "buffer\n")


def test_a_buffer_has_the_same_limits_as_a_file(root: Path) -> None:
    files = Files(
        str(root),
        {
            "mark.yaml": "\ufeffa: 1\n",
            "nul.yaml": "a\0",
            "half.yaml": "a: \ud800",
            "large.yaml": "é" * (MAX_BYTES // 2 + 1),
            "../out.yaml": "a: 1",
        },
    )
    assert source(files, "mark.yaml").bom
    assert source(files, "mark.yaml").text == "a: 1\n"
    assert refusal(files, "nul.yaml").reason == "not-text"
    assert refusal(files, "half.yaml").reason == "not-text"
    assert refusal(files, "large.yaml").reason == "too-large"
    assert refusal(files, "../out.yaml").reason == "outside-root"


def test_a_root_that_becomes_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    (root / "compose.yaml").write_text("a: 1\n")
    files = Files(str(root))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "compose.yaml").write_text("password\n")
    root.rename(tmp_path / "moved")
    root.symlink_to(tmp_path / "other")
    assert refusal(files, "compose.yaml").reason in ("missing", "not-readable")


def test_a_folder_above_the_root_that_becomes_a_link_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "above" / "root"
    other = tmp_path / "other" / "root"
    for folder, text in ((root, "a: 1\n"), (other, "password\n")):
        folder.mkdir(parents=True)
        (folder / "compose.yaml").write_text(text)
    files = Files(str(root))
    (tmp_path / "above").rename(tmp_path / "moved")
    (tmp_path / "above").symlink_to(tmp_path / "other")
    if hasattr(os, "O_PATH"):
        assert refusal(files, "compose.yaml").reason in ("missing", "not-readable")


def test_names_are_those_of_a_folder_below_the_root(root: Path) -> None:
    (root / "d").mkdir()
    (root / "d" / "a.conf").write_text("")
    (root / "in").symlink_to("d")
    (root / "out").symlink_to("..")
    files = Files(str(root), {str(root / "d" / "b.conf"): "", str(root / "d" / "x" / "c"): ""})
    assert files.names_in("d") == ["a.conf", "b.conf"]
    assert files.names_in("in") == ["a.conf"]
    assert files.names_in("") == ["d", "in", "out"]
    assert [files.names_in(one) for one in ("out", "..", "none", "d/a.conf")] == [[]] * 4


def _no_blob(_name: str, _limit: int) -> bytes | None:
    return b""


def test_names_in_a_tree_and_before_a_change(root: Path) -> None:
    tree = TextFiles({"d/a": "", "d/e/f": "", "b": ""})
    assert [tree.names_in(one) for one in ("d", "", "d/e", "x")] == [["a"], ["b"], ["f"], []]
    (root / "d").mkdir()
    for name in ("new", "kept"):
        (root / "d" / name).write_text("")
    entries = {str(root / "d" / "new"): None, str(root / "d" / "gone"): Entry("100644", "x")}
    before = UndoneChange(entries, {}, _no_blob).files(str(root))
    assert before.names_in("d") == ["gone", "kept"]
