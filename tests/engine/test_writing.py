"""A fix puts the new text in the file's place, and changes nothing else about it."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
import tempfile

import pytest
from hypothesis import given, strategies as st

from tightship.engine.disk import folder
from tightship.engine.disk.files import Files
from tightship.engine.disk.writing import Refused, write_all
from tightship.engine.plan.candidates import find, language_of
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Snapshot = Callable[[Path], dict[str, bytes | str]]


OLD, NEW = "services: {}\n", "services: {a: {}}\n"


@pytest.fixture(params=["by handle", "by path"], autouse=True)
def reach(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Reach files through handles of folders, or as on Windows by their paths."""
    if request.param == "by path":
        monkeypatch.setattr(folder, "_BY_HANDLE", False)
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.yaml").write_text(OLD)
    (root / "a.yaml").write_text(OLD)
    return root


def change(files: Files, *names: str, text: str = NEW) -> list[Refused]:
    """Put one text in the place of files, which are read first."""
    changes = dict[str, tuple[Source, str]]()
    for name in names:
        source = files.read(name)
        assert isinstance(source, Source), source
        changes[name] = (source, text)
    return write_all(files, changes)


def read(root: Path, name: str = "a.yaml") -> Files:
    files = Files(str(root))
    assert isinstance(files.read(name), Source)
    return files


def reasons(refused: list[Refused]) -> list[tuple[str, str]]:
    return [(refusal.name, refusal.reason) for refusal in refused]


# What is written


@pytest.mark.parametrize(
    ("old", "text", "new"),
    [
        (b"a: 1\n", "a: 2\n", b"a: 2\n"),
        (b"a: 1", "a: 2", b"a: 2"),
        (b"", "a", b"a"),
        (b"a", "", b""),
        (b"a: 1\r\nb: 1\r\n", "a: 2\r\nb: 1\r\n", b"a: 2\r\nb: 1\r\n"),
        (b"a: 1\rb: 1", "a: 2\rb: 1", b"a: 2\rb: 1"),
        (b"a: 1\r\nb: 1\nc: 1\r", "a\r\nb\nc\r\x85\u2028", b"a\r\nb\nc\r\xc2\x85\xe2\x80\xa8"),
        (b"\xef\xbb\xbfa: 1\r\n", "a: \u00e9\r\n", b"\xef\xbb\xbfa: \xc3\xa9\r\n"),
        (b"\xff\xfea\x00\r\x00\n\x00", "\u00e9\r\n", b"\xff\xfe\xe9\x00\r\x00\n\x00"),
        (b"\xfe\xff\x00a\x00\n", "\U0001f600\n", b"\xfe\xff\xd8\x3d\xde\x00\x00\n"),
    ],
)
def test_line_ends_encoding_and_mark_are_kept(
    root: Path, old: bytes, text: str, new: bytes
) -> None:
    (root / "a.yaml").write_bytes(old)
    assert change(Files(str(root)), "a.yaml", text=text) == []
    assert (root / "a.yaml").read_bytes() == new


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=40
)


@given(texts, texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_written_text_is_read_back(old: str, new: str, codec: str) -> None:
    with tempfile.TemporaryDirectory() as root:
        path = os.path.join(root, "a.yaml")
        with open(path, "wb") as file:
            file.write(old.encode(codec))
        before = Files(root).read("a.yaml")
        assert isinstance(before, Source)
        assert change(Files(root), "a.yaml", text=new) == []
        after = Files(root).read("a.yaml")
        assert isinstance(after, Source)
        assert (after.text, after.bom) == (new, before.bom)
        with open(path, "rb") as file:
            assert file.read() == new.encode(codec)
        assert os.listdir(root) == ["a.yaml"]


def test_a_large_text_is_written_whole_in_short_writes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def short(handle: int, data: memoryview) -> int:
        return real(handle, data[:1000])

    monkeypatch.setattr(os, "write", short)
    text = "".join(f"# {number}\n" for number in range(20_000))
    assert change(Files(str(root)), "a.yaml", text=text) == []
    assert (root / "a.yaml").read_text() == text


@pytest.mark.parametrize("name", ["-rf", "two words", "new\nline", "\udcff", "x" * 255])
def test_files_with_unusual_names_are_written(root: Path, name: str) -> None:
    (root / name).write_text(OLD)
    assert change(Files(str(root)), name) == []
    assert (root / name).read_text() == NEW


def test_a_file_that_would_stay_the_same_is_not_touched(root: Path) -> None:
    before = (root / "a.yaml").stat()
    assert change(Files(str(root)), "a.yaml", text=OLD) == []
    after = (root / "a.yaml").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_files_of_several_folders_are_written_together(root: Path, snapshot: Snapshot) -> None:
    (root / "b" / "c").mkdir(parents=True)
    for name in ("b/a.yaml", "b/c/a.yaml"):
        (root / name).write_text(OLD)
    names = ["a.yaml", "b/a.yaml", "b/c/a.yaml"]
    assert change(Files(str(root)), *names) == []
    assert snapshot(root) == dict.fromkeys(names, NEW.encode())


# What stays as it is


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o666, 0o755, 0o4755, 0o2775, 0o1666])
def test_the_mode_is_kept(root: Path, mode: int) -> None:
    (root / "a.yaml").chmod(mode)
    if stat.S_IMODE((root / "a.yaml").stat().st_mode) != mode:
        pytest.skip("this system does not give the mode")
    old = os.umask(0o077)
    try:
        assert change(Files(str(root)), "a.yaml") == []
    finally:
        os.umask(old)
    assert stat.S_IMODE((root / "a.yaml").stat().st_mode) == mode
    assert (root / "a.yaml").read_text() == NEW


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_owner_group_and_setuid_bits_are_kept(root: Path) -> None:
    os.chown(root / "a.yaml", 12345, 54321)
    (root / "a.yaml").chmod(0o6751)
    assert change(Files(str(root)), "a.yaml") == []
    status = (root / "a.yaml").stat()
    assert (status.st_uid, status.st_gid) == (12345, 54321)
    assert stat.S_IMODE(status.st_mode) == 0o6751


def acl(*entries: tuple[int, int, int]) -> bytes:
    """Return an access control list as Linux holds it (linux/posix_acl_xattr.h)."""
    packed = (struct.pack("<HHI", *entry) for entry in entries)
    return struct.pack("<I", 2) + b"".join(packed)


NO_ID = 0xFFFFFFFF
# The owner may write, user 4242 may read, everyone else may do nothing.
LIST = acl((1, 6, NO_ID), (2, 4, 4242), (4, 0, NO_ID), (16, 4, NO_ID), (32, 0, NO_ID))


def give(path: Path, name: str, value: bytes) -> None:
    if sys.platform != "linux":
        pytest.skip("Python has no extended attributes here")
    try:
        os.setxattr(path, name, value)
    except OSError as error:
        pytest.skip(f"no such attributes here: {error}")


def test_extended_attributes_and_access_lists_are_kept(root: Path) -> None:
    give(root / "a.yaml", "user.note", b"kept")
    give(root / "a.yaml", "system.posix_acl_access", LIST)
    mode = (root / "a.yaml").stat().st_mode
    assert change(Files(str(root)), "a.yaml") == []
    assert (root / "a.yaml").read_text() == NEW
    assert os.getxattr(root / "a.yaml", "user.note") == b"kept"
    assert os.getxattr(root / "a.yaml", "system.posix_acl_access") == LIST
    assert (root / "a.yaml").stat().st_mode == mode


def test_the_default_list_of_a_folder_opens_no_file_that_was_there_before(root: Path) -> None:
    (root / "a.yaml").chmod(0o640)
    give(root, "system.posix_acl_default", LIST)
    assert change(Files(str(root)), "a.yaml") == []
    assert "system.posix_acl_access" not in os.listxattr(root / "a.yaml")
    assert stat.S_IMODE((root / "a.yaml").stat().st_mode) == 0o640


@pytest.mark.parametrize("call", ["setxattr", "fchmod"])
def test_a_file_with_unreproducible_rights_is_not_replaced(
    root: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    give(root / "a.yaml", "user.note", b"kept")

    def denied(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    before = snapshot(root)
    monkeypatch.setattr(os, call, denied)
    refused = change(Files(str(root)), "a.yaml")
    assert reasons(refused) == [("a.yaml", "not-kept")]
    what = "mode" if call == "fchmod" else "extended attributes"
    end = f"cannot be written: a new file cannot have its {what}"
    assert refused[0].message == f"`a.yaml` {end}"
    assert snapshot(root) == before


# Links


def test_a_link_stays_and_its_file_is_written(root: Path) -> None:
    (root / "real").mkdir()
    (root / "real" / "b.yaml").write_text(OLD)
    (root / "folder").symlink_to("real")
    (root / "one.yaml").symlink_to("real/b.yaml")
    (root / "two.yaml").symlink_to(root / "folder" / "b.yaml")
    for number, name in enumerate(("one.yaml", "two.yaml", "folder/b.yaml")):
        assert change(Files(str(root)), name, text=f"a: {number}\n") == []
        assert (root / "real" / "b.yaml").read_text() == f"a: {number}\n"
    assert os.readlink(root / "one.yaml") == "real/b.yaml"
    assert (root / "two.yaml").is_symlink()
    assert os.readlink(root / "folder") == "real"
    assert os.listdir(root / "real") == ["b.yaml"]


def test_a_file_that_has_become_a_link_out_of_the_root_is_rejected(
    root: Path, tmp_path: Path
) -> None:
    files = read(root)
    (root / "a.yaml").unlink()
    (root / "a.yaml").symlink_to(tmp_path / "outside" / "a.yaml")
    refused = change(files, "a.yaml")
    assert reasons(refused) == [("a.yaml", "outside-root")]
    end = "is a link that leaves the project root, so it is not written"
    assert refused[0].message == f"`a.yaml` {end}"
    assert os.listdir(tmp_path / "outside") == ["a.yaml"]
    assert (tmp_path / "outside" / "a.yaml").read_text() == OLD


def test_one_file_under_two_names_is_written_once(root: Path, snapshot: Snapshot) -> None:
    (root / "b.yaml").symlink_to("a.yaml")
    files = Files(str(root))
    assert change(files, "a.yaml", "b.yaml") == []
    assert snapshot(root) == {"a.yaml": NEW.encode(), "b.yaml": "-> a.yaml"}


def test_one_file_under_two_names_has_one_new_text(root: Path, snapshot: Snapshot) -> None:
    (root / "b.yaml").symlink_to("a.yaml")
    files, before = Files(str(root)), snapshot(root)
    one, two = files.read("a.yaml"), files.read("b.yaml")
    assert isinstance(one, Source)
    assert isinstance(two, Source)
    refused = write_all(files, {"a.yaml": (one, "x"), "b.yaml": (two, "y")})
    assert reasons(refused) == [("b.yaml", "conflict")]
    assert snapshot(root) == before


# What is refused


@pytest.mark.parametrize("text", ["services: {b: {}}\n", "services: []\n", "", OLD + "#", OLD[:-1]])
def test_a_file_saved_meanwhile_is_not_overwritten(
    root: Path, snapshot: Snapshot, text: str
) -> None:
    files = read(root)
    (root / "a.yaml").write_text(text)
    refused = change(files, "a.yaml")
    assert reasons(refused) == [("a.yaml", "changed")]
    end = "has changed since it was read: not written"
    assert refused[0].message == f"`a.yaml` {end}"
    assert snapshot(root) == {"a.yaml": text.encode()}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("gone", "missing"),
        ("folder", "not-regular"),
        ("pipe", "not-regular"),
        ("no folder", "missing"),
        ("file for a folder", "missing"),
    ],
)
def test_a_vanished_file_is_rejected(root: Path, kind: str, reason: str) -> None:
    (root / "b").mkdir()
    path = root / "b" / "a.yaml"
    path.write_text(OLD)
    files = read(root, "b/a.yaml")
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind != "gone":
        path.parent.rmdir()
        if kind != "no folder":
            path.parent.write_text("")
    before = sorted(os.walk(root))
    assert reasons(change(files, "b/a.yaml")) == [("b/a.yaml", reason)]
    assert sorted(os.walk(root)) == before


def test_hard_links_are_kept(root: Path, snapshot: Snapshot) -> None:
    os.link(root / "a.yaml", root / "b.yaml")
    before = snapshot(root)
    refused = change(Files(str(root)), "a.yaml", "b.yaml")
    assert reasons(refused) == [("a.yaml", "hard-linked"), ("b.yaml", "hard-linked")]
    assert snapshot(root) == before
    assert (root / "a.yaml").samefile(root / "b.yaml")


@pytest.mark.parametrize("held", [OLD, OLD.encode()])
@pytest.mark.parametrize("name", ["a.yaml", "b.yaml", "none.yaml"])
def test_standard_input_and_open_buffers_are_never_written(
    root: Path, snapshot: Snapshot, held: str | bytes, name: str
) -> None:
    (root / "b.yaml").symlink_to("a.yaml")
    before = snapshot(root)
    over = "none.yaml" if name == "none.yaml" else "a.yaml"
    refused = change(Files(str(root), {over: held}), name)
    assert reasons(refused) == [(name, "no-file")]
    assert refused[0].message == f"`{name}` is not read from the disk"
    assert snapshot(root) == before


def test_text_that_no_encoding_holds_is_rejected(root: Path, snapshot: Snapshot) -> None:
    before = snapshot(root)
    refused = change(Files(str(root)), "a.yaml", text="a: \ud800")
    assert reasons(refused) == [("a.yaml", "not-text")]
    assert snapshot(root) == before


def test_one_failure_leaves_all_files_unchanged(root: Path, snapshot: Snapshot) -> None:
    for name in ("b.yaml", "c.yaml"):
        (root / name).write_text(OLD)
    files = read(root)
    files.read("b.yaml")
    (root / "b.yaml").write_text("mine: 1\n")
    before = snapshot(root)
    refused = change(files, "a.yaml", "b.yaml", "c.yaml")
    assert reasons(refused) == [("b.yaml", "changed")]
    assert snapshot(root) == before


def test_a_source_that_these_files_did_not_read_is_rejected(root: Path, snapshot: Snapshot) -> None:
    before = snapshot(root)
    for name, reason in (("a.yaml", "changed"), ("../outside/a.yaml", "outside-root")):
        foreign = Source(name, "other: 1\n")
        refused = write_all(Files(str(root)), {name: (foreign, NEW)})
        assert reasons(refused) == [(name, reason)]
    assert snapshot(root) == before


# Names of temporary files


@given(
    st.sampled_from([*MAIN_NAMES, *OVERRIDE_NAMES, "Dockerfile", "a.dockerfile"])
    | st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1)
)
def test_discovery_does_not_take_a_temporary_file_for_one_to_judge(name: str) -> None:
    beside = folder.beside(name)
    assert beside.startswith(".")
    assert ".tightship-" in beside
    assert len(os.fsencode(beside)) <= 255 or len(os.fsencode(name)) > 255
    assert language_of(beside) is None


def test_a_temporary_file_that_a_crash_left_is_not_found(root: Path) -> None:
    for name in (*MAIN_NAMES, *OVERRIDE_NAMES, "Dockerfile", "web.Dockerfile"):
        (root / folder.beside(name)).write_text(OLD)
    assert list(find([str(root)])) == []


def test_a_temporary_name_is_another_each_time() -> None:
    assert len({folder.beside("a.yaml") for _ in range(1000)}) == 1000


# Other platforms


def test_writing_works_without_the_optional_system_calls(root: Path) -> None:
    script = f"""if True:
        import os
        for name in ("O_NOFOLLOW O_NONBLOCK O_NOCTTY O_CLOEXEC O_DIRECTORY O_PATH fchown"
                     " fchmod listxattr getxattr setxattr removexattr").split():
            if hasattr(os, name):
                delattr(os, name)
        os.supports_dir_fd = os.supports_fd = set()
        from tightship.engine.disk import folder, writing
        from tightship.engine.disk.files import Files
        assert not folder._BY_HANDLE
        files = Files({str(root)!r})
        source = files.read("a.yaml")
        os.umask(0o177)
        os.chmod(files.path("a.yaml"), 0o600)
        refused = writing.write_all(files, {{"a.yaml": (source, {NEW!r})}})
        assert refused == [], refused
        assert os.listdir(files.root) == ["a.yaml"]
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (root / "a.yaml").read_text() == NEW
