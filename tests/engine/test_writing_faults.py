"""Whatever fails while a fix is written, each file is whole, and nothing is left."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tightship.engine.disk import folder
from tightship.engine.disk.files import Files
from tightship.engine.disk.writing import Refused, write_all
from tightship.engine.plan.candidates import find, language_of
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    Snapshot = Callable[[Path], dict[str, bytes | str]]
    Act = Callable[[str], None]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")

NAMES = ("a.yaml", "b.yaml", "web/c.yaml")
OLD = {name: f"# {name}\r\nold: 1\r\n" for name in NAMES}
NEW = {name: f"# {name}\r\nnew: {'x' * 100}\r\n" for name in NAMES}
CALLS = (
    *("open", "close", "fstat", "stat", "read", "write", "fsync", "utime"),
    *("replace", "fchown", "fchmod", "listxattr", "setxattr", "unlink"),
)
AS_IT_WAS = {name: text.encode() for name, text in OLD.items()}
AS_WANTED = {name: text.encode() for name, text in NEW.items()}


def fill(root: Path) -> None:
    (root / "web").mkdir(exist_ok=True)
    for name, text in OLD.items():
        (root / name).write_bytes(text.encode())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    fill(root)
    return root


def prepared(root: Path) -> tuple[Files, dict[str, tuple[Source, str]]]:
    files = Files(str(root))
    changes = dict[str, tuple[Source, str]]()
    for name, text in NEW.items():
        source = files.read(name)
        assert isinstance(source, Source)
        changes[name] = (source, text)
    return files, changes


def tidy(root: Path) -> None:
    for path in [*root.rglob(".*.tightship-*")]:
        path.unlink()


def reasons(refused: list[Refused]) -> list[tuple[str, str]]:
    return [(refusal.name, refusal.reason) for refusal in refused]


@contextmanager
def acting(act: Act, *, late: bool = False, calls: tuple[str, ...] = CALLS) -> Generator[None]:
    """Have something happen before each call to the system, or after it."""

    def wrapped(call: str, real: Callable[..., object]) -> Callable[..., object]:
        def wrapper(*args: object, **named: object) -> object:
            if late:
                result = real(*args, **named)
                act(call)
                return result
            if call == "close":  # as Linux does: the handle is gone all the same
                real(*args, **named)
                act(call)
                return None
            act(call)
            return real(*args, **named)

        return wrapper

    with pytest.MonkeyPatch.context() as patch:
        # `os.stat in os.supports_dir_fd` was asked for when the module was imported.
        for call in calls:
            if hasattr(os, call):
                real = getattr(os, call) if call != "fsync" else flushed
                patch.setattr(os, call, wrapped(call, real))
        yield


def flushed(_: int) -> None:
    """Stand for ``os.fsync``, hundreds of which would keep the disk busy."""


class Countdown:
    """Something that happens once, at one call of many."""

    def __init__(self, at: int, event: Callable[[], None]) -> None:
        self._left = at
        self._event = event
        self.call = ""

    def __call__(self, call: str) -> None:
        self._left -= 1
        if self._left == -1:
            self.call = call
            self._event()


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted() -> None:
    raise KeyboardInterrupt


def handles() -> int:
    handles = "/proc/self/fd" if os.path.isdir("/proc/self/fd") else "/dev/fd"
    return len(os.listdir(handles))


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("by_handle", [True, False], ids=["by handle", "by path"])
def test_any_call_may_fail(
    root: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, late: bool, by_handle: bool
) -> None:
    monkeypatch.setattr(folder, "_BY_HANDLE", by_handle)
    failed = set[str]()
    at, refused = 0, list[Refused]()
    for at in range(1000):
        fill(root)
        files, changes = prepared(root)
        opened = handles()
        count = Countdown(at, full)
        with acting(count, late=late):
            refused = write_all(files, changes)
        if not late or count.call not in ("open",):
            assert handles() == opened, (at, count.call)
        if not count.call:
            break
        failed.add(count.call)
        if count.call == "unlink" and not late:
            tidy(root)
        now = snapshot(root)
        assert now == (AS_IT_WAS if refused else AS_WANTED), (at, count.call)
        for refusal in refused:
            assert refusal.reason != "not-restored"
            if count.call != "fchmod":  # then it is the mode that cannot be kept
                assert "no space left on device" in refusal.message
    assert refused == []
    assert at > 60
    assert failed >= {"open", "close", "fstat", "stat", "read", "write", "fsync"}
    assert "replace" in failed


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_an_interrupt_at_any_call_leaves_all_or_none(
    root: Path, snapshot: Snapshot, late: bool
) -> None:
    at = 0
    for at in range(1000):
        fill(root)
        files, changes = prepared(root)
        count = Countdown(at, interrupted)
        try:
            with acting(count, late=late):
                write_all(files, changes)
        except KeyboardInterrupt:
            assert count.call
        else:
            assert not count.call
            break
        assert snapshot(root) in (AS_IT_WAS, AS_WANTED), (at, count.call)
    assert at > 60


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_full_disk_is_reported(root: Path, snapshot: Snapshot, call: str) -> None:
    files, changes = prepared(root)

    def act(_: str) -> None:
        full()

    with acting(act, calls=(call,)):
        refused = write_all(files, changes)
    what = "cannot be written: no space left on device"
    assert refused[0].message == f"`a.yaml` {what}"
    assert {refusal.reason for refusal in refused} == {"not-written"}
    assert snapshot(root) == AS_IT_WAS


def test_an_unrestorable_file_is_reported_and_its_old_text_kept(
    root: Path, snapshot: Snapshot
) -> None:
    files, changes = prepared(root)
    moves = 0

    def act(_: str) -> None:
        nonlocal moves
        moves += 1
        if moves > 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with acting(act, calls=("replace",)):
        refused = write_all(files, changes)
    assert reasons(refused) == [("b.yaml", "not-written"), ("a.yaml", "not-restored")]
    beside = re.search(r"in `(\.a\.yaml\.tightship-[\w.]+)`", refused[1].message)
    assert beside
    kept = {beside[1]: AS_IT_WAS["a.yaml"], "a.yaml": AS_WANTED["a.yaml"]}
    assert snapshot(root) == {**AS_IT_WAS, **kept}


def test_a_file_that_is_set_back_has_its_rights_and_times(root: Path) -> None:
    (root / "a.yaml").chmod(0o4751)
    os.utime(root / "a.yaml", ns=(10**18, 10**18 + 7))
    files, changes = prepared(root)
    with acting(Countdown(1, full), calls=("replace",)):
        assert reasons(write_all(files, changes)) == [("b.yaml", "not-written")]
    status = (root / "a.yaml").stat()
    assert stat.S_IMODE(status.st_mode) == 0o4751
    assert status.st_mtime_ns == 10**18 + 7


# A disk that is full in earnest


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None or sys.platform != "linux":
        pytest.skip("only root may mount a small disk")
    made = [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(made, capture_output=True).returncode != 0:
        pytest.skip("no disk can be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_full_leaves_every_file_as_it_was(
    small_disk: Path, snapshot: Snapshot
) -> None:
    fill(small_disk)
    files, changes = prepared(small_disk)
    source, _ = changes["b.yaml"]
    changes["b.yaml"] = (source, "x" * 60_000)
    refused = write_all(files, changes)
    assert ("b.yaml", "not-written") in reasons(refused)
    assert any("no space left on device" in refusal.message for refusal in refused)
    assert snapshot(small_disk) == AS_IT_WAS


def test_a_limit_on_the_size_of_files_leaves_every_file_as_it_was(
    root: Path, snapshot: Snapshot
) -> None:
    script = f"""if True:
        import resource, signal
        from tightship.engine.disk.files import Files
        from tightship.engine.disk.writing import write_all
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        files = Files({str(root)!r})
        texts = {{"a.yaml": "a", "b.yaml": "b" * 10_000, "web/c.yaml": "c"}}
        changes = {{name: (files.read(name), texts[name]) for name in texts}}
        print([refusal.message for refusal in write_all(files, changes)])
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "['`b.yaml` cannot be written: file too large']\n", done
    assert snapshot(root) == AS_IT_WAS


# A process that is killed


def killed_at(at: int, root: Path) -> bool:
    """Write in a process that is killed at a call; tell whether it came to that."""

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    files, changes = prepared(root)
    child = os.fork()
    if child == 0:
        try:
            with acting(Countdown(at, kill)):
                write_all(files, changes)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_a_process_that_is_killed_leaves_each_file_whole(root: Path, snapshot: Snapshot) -> None:
    mixed = leftovers = removed = at = 0
    while killed_at(at, root):
        now = snapshot(root)
        for name in NAMES:
            assert now[name] in (AS_IT_WAS[name], AS_WANTED[name])
        mixed += len({now[name] == AS_WANTED[name] for name in NAMES}) == 2
        left = [Path(name).name for name in now if name not in NAMES]
        for name in left:
            assert re.fullmatch(r"\.[abc]\.yaml\.tightship-[0-9a-f]{16}(\.old)?", name)
            assert language_of(name) is None
        leftovers += bool(left)
        assert list(find([str(root)])) == []
        # What was left does not stand in the way of the next run.
        files, changes = prepared(root)
        assert write_all(files, changes) == []
        for name in NAMES:
            last = Path(name).name
            removed += bool(left) and now[name] == AS_IT_WAS[name]
            assert now[name] != AS_IT_WAS[name] or not [
                *(root / name).parent.glob(f".{last}.tightship-{'[0-9a-f]' * 16}")
            ], "the next writer removes it"
        tidy(root)
        assert snapshot(root) == AS_WANTED
        fill(root)
        at += 1
    assert at > 60
    assert leftovers > 20
    assert removed > 20
    assert mixed > 0  # it was killed between two renames as well


# What changes while it is written


@pytest.mark.parametrize("call", ["open", "fstat", "read", "write", "fsync"])
@pytest.mark.parametrize("number", range(7))
def test_a_link_that_appears_meanwhile_is_not_written_through(
    root: Path, tmp_path: Path, snapshot: Snapshot, call: str, number: int
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in NAMES:
        (outside / name).parent.mkdir(exist_ok=True)
        (outside / name).write_bytes(AS_IT_WAS[name])
    files, changes = prepared(root)

    def swap() -> None:
        (root / "b.yaml").unlink()
        (root / "b.yaml").symlink_to(outside / "b.yaml")
        (root / "web").rename(root / "gone")
        (root / "web").symlink_to(outside / "web")

    with acting(Countdown(number, swap), calls=(call,)):
        refused = write_all(files, changes)
    assert ("b.yaml", "not-written") not in reasons(refused)
    assert snapshot(outside) == AS_IT_WAS
    now = snapshot(root)
    if (root / "b.yaml").is_symlink():
        assert refused
        assert now["a.yaml"] == AS_IT_WAS["a.yaml"]
        assert now["gone/c.yaml"] == AS_IT_WAS["web/c.yaml"]
        assert not [name for name in now if "tightship" in name]


def test_a_folder_that_becomes_a_link_before_it_is_opened_is_not_followed(
    root: Path, tmp_path: Path, snapshot: Snapshot
) -> None:
    if not folder._BY_HANDLE:
        pytest.skip("this system opens files by their paths alone")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "c.yaml").write_bytes(AS_IT_WAS["web/c.yaml"])
    files, changes = prepared(root)
    real = Files.place

    def place(files: Files, name: str) -> object:
        found = real(files, name)
        if name == "web/c.yaml":
            (root / "web").rename(root / "gone")
            (root / "web").symlink_to(outside)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Files, "place", place)
        refused = write_all(files, changes)
    assert reasons(refused) == [("web/c.yaml", "missing")]
    assert snapshot(outside) == {"c.yaml": AS_IT_WAS["web/c.yaml"]}
    assert (root / "a.yaml").read_bytes() == AS_IT_WAS["a.yaml"]


@pytest.mark.parametrize("by_handle", [True, False], ids=["by handle", "by path"])
def test_a_folder_that_has_become_a_link_since_it_was_read_is_not_followed(
    root: Path, tmp_path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, by_handle: bool
) -> None:
    monkeypatch.setattr(folder, "_BY_HANDLE", by_handle)
    files, changes = prepared(root)
    (root / "web").rename(tmp_path / "web")
    (root / "web").symlink_to(tmp_path / "web")
    assert reasons(write_all(files, changes)) == [("web/c.yaml", "outside-root")]
    assert snapshot(tmp_path / "web") == {"c.yaml": AS_IT_WAS["web/c.yaml"]}


@pytest.mark.parametrize("kind", ["file", "link", "dangling link"])
def test_an_existing_temporary_name_is_not_overwritten(
    root: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind == "file":
        (root / ".taken").write_text("mine: 1\n")
    else:
        (root / ".taken").symlink_to("b.yaml" if kind == "link" else "none")
    files, changes = prepared(root)
    before = snapshot(root)

    def beside(_: str) -> str:
        return ".taken"

    monkeypatch.setattr(folder, "beside", beside)
    only = {"a.yaml": changes["a.yaml"]}
    assert reasons(write_all(files, only)) == [("a.yaml", "not-written")]
    assert snapshot(root) == before


def test_a_file_saved_before_the_rename_is_not_overwritten(root: Path, snapshot: Snapshot) -> None:
    for number in range(6):  # each of the six temporary files is flushed
        fill(root)
        files, changes = prepared(root)

        def save() -> None:
            (root / "b.yaml").write_text("mine: 1\n")

        with acting(Countdown(number, save), calls=("fsync",)):
            refused = write_all(files, changes)
        assert reasons(refused) == [("b.yaml", "changed")]
        assert snapshot(root) == {**AS_IT_WAS, "b.yaml": b"mine: 1\n"}


def test_a_file_saved_over_a_new_text_is_not_restored(root: Path, snapshot: Snapshot) -> None:
    files, changes = prepared(root)

    def save() -> None:
        (root / "a.yaml").write_text("mine: 1\n")
        full()

    with acting(Countdown(1, save), calls=("replace",)):
        refused = write_all(files, changes)
    assert reasons(refused) == [("b.yaml", "not-written"), ("a.yaml", "not-restored")]
    assert snapshot(root)["a.yaml"] == b"mine: 1\n"


# Permissions


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that every user may reach, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as open_to_all:
        os.chmod(open_to_all, 0o755)
        root = Path(open_to_all) / "project"
        root.mkdir()
        fill(root)
        if os.geteuid() == 0:
            for path in (root, *root.rglob("*")):
                os.chown(path, 65534, 65534)
        yield root


@contextmanager
def as_nobody() -> Generator[None]:
    """Give up what only root may do, for a while."""
    if os.geteuid() != 0:
        yield
        return
    groups, group = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)


@pytest.mark.parametrize(
    ("path", "mode", "message"),
    [
        ("b.yaml", 0o444, "`b.yaml` cannot be written: permission denied"),
        ("web", 0o555, "`web/c.yaml` is in a folder that cannot be written: permission denied"),
        ("web", 0o000, "`web/c.yaml` can no longer be reached"),
    ],
)
def test_read_only_files_are_not_written(
    open_folder: Path, snapshot: Snapshot, path: str, mode: int, message: str
) -> None:
    with as_nobody():
        files, changes = prepared(open_folder)
        (open_folder / path).chmod(mode)
        refused = write_all(files, changes)
        (open_folder / path).chmod(0o755)
    assert [refusal.message for refusal in refused] == [message]
    assert refused[0].reason == ("read-only" if mode else "not-written")
    assert snapshot(open_folder) == AS_IT_WAS


def test_a_folder_that_becomes_read_only_meanwhile_sets_the_others_back(
    open_folder: Path, snapshot: Snapshot
) -> None:
    def close() -> None:
        (open_folder / "web").chmod(0o555)

    with as_nobody():
        files, changes = prepared(open_folder)
        with acting(Countdown(0, close), calls=("replace",)):
            refused = write_all(files, changes)
        (open_folder / "web").chmod(0o755)
    assert reasons(refused) == [("web/c.yaml", "read-only")]
    now = snapshot(open_folder)
    assert {name: now[name] for name in NAMES} == AS_IT_WAS


def test_a_folder_with_search_permission_only_can_be_traversed(
    open_folder: Path, snapshot: Snapshot
) -> None:
    with as_nobody():
        files, changes = prepared(open_folder)
        open_folder.chmod(0o311)
        refused = write_all(files, changes)
        open_folder.chmod(0o755)
    if sys.platform == "linux":
        assert refused == []
        assert snapshot(open_folder) == AS_WANTED


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.parametrize(
    ("owner", "group", "what"), [(4242, 65534, "owner"), (65534, 4242, "group")]
)
def test_a_file_keeps_its_owner(
    open_folder: Path, snapshot: Snapshot, owner: int, group: int, what: str
) -> None:
    (open_folder / "b.yaml").chmod(0o666)
    os.chown(open_folder / "b.yaml", owner, group)
    with as_nobody():
        files, changes = prepared(open_folder)
        refused = write_all(files, changes)
    end = f"cannot be written: a new file cannot have its {what}"
    assert [refusal.message for refusal in refused] == [f"`b.yaml` {end}"]
    assert snapshot(open_folder) == AS_IT_WAS
    status = (open_folder / "b.yaml").stat()
    assert (status.st_uid, status.st_gid) == (owner, group)
