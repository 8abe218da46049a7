"""What Windows does differently, as far as another system can play its part."""

from __future__ import annotations

import errno
import io
import ntpath
import os
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tightship.cli.console import Output, obeys_escapes
from tightship.cli.main import main
from tightship.engine import worker_pool
from tightship.engine.disk import files, regular, root
from tightship.engine.disk.files import Files
from tightship.engine.plan import walk
from tightship.engine.plan.candidates import find
from tightship.report import report
from tightship_lsp import uri

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = "services:\r\n  web:\r\n    image: nginx:1.27\r\n    privileged: true\r\n"


class Windows:
    """The module ``os``, with the names and the paths of Windows."""

    name, sep, path = "nt", "\\", ntpath

    def __init__(self, **replaced: object) -> None:
        self.__dict__.update(replaced)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def play(*modules: object, **replaced: object) -> None:
        for module in modules:
            monkeypatch.setattr(module, "os", Windows(**replaced))

    return play


# -- output


class Redirected:
    """Standard output as Windows redirects it: a code page, and ``\\r\\n`` for ``\\n``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
        self._bytes = io.BytesIO()
        self.stream = io.TextIOWrapper(
            self._bytes, encoding=encoding, newline="\r\n", write_through=True
        )
        monkeypatch.setattr(sys, "stdout", self.stream)

    @property
    def written(self) -> bytes:
        return self._bytes.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp437"])
def test_a_patch_has_the_line_ends_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    (tmp_path / "compose.yaml").write_bytes(SERVICE.encode())
    monkeypatch.chdir(tmp_path)
    output = Redirected(monkeypatch, encoding)
    main(["check", "--diff", "--all-fixes"])
    lines = output.written.split(b"\n")
    changed = [one for one in lines if one.startswith((b"-  ", b"+  "))]
    assert changed
    assert all(one.endswith(b"\r") for one in changed)
    assert b"\r\r" not in output.written
    # The lines that are not the file's are as everywhere.
    heads = [one for one in lines if one.startswith((b"---", b"+++", b"@@"))]
    assert heads
    assert not [one for one in heads if one.endswith(b"\r")]


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "cp850", "ascii"])
@pytest.mark.parametrize("command", ["rule root-user", "rule", "check --help"])
def test_a_code_page_shows_no_escapes_of_our_own_texts(
    monkeypatch: pytest.MonkeyPatch, command: str, encoding: str
) -> None:
    output = Redirected(monkeypatch, encoding)
    main(command.split())
    assert len(output.written) > 500
    assert b"\\u" not in output.written
    assert b"\\x" not in output.written


def test_a_code_page_gets_the_characters_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding, wanted in (
        ("cp1252", b"1\x962\x85 \\u4f60"),
        ("cp437", b"1-2... \\u4f60"),
        ("utf-8", "1–2… 你".encode()),
    ):
        output = Redirected(monkeypatch, encoding)
        Output().write("1–2… 你")
        assert output.written == wanted


def test_a_pipe_without_a_reader_ends_the_run_quietly(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    on_windows: Callable[..., None],
) -> None:
    from tightship.cli import console

    def gone(text: str) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    stream = SimpleNamespace(write=gone, flush=lambda: None, isatty=lambda: False)
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["rule"]) == 3
    assert "Invalid argument" in capsys.readouterr().err
    on_windows(console)
    assert main(["rule"]) == 141
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("variables", "obeys"), [({}, False), ({"WT_SESSION": "1"}, True)])
def test_an_old_console_gets_no_escape_sequences(
    monkeypatch: pytest.MonkeyPatch,
    on_windows: Callable[..., None],
    variables: dict[str, str],
    obeys: bool,
) -> None:
    from tightship.cli import console

    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.delenv("TERM", raising=False)
    assert obeys_escapes(stream)
    on_windows(console, environ=variables)
    assert obeys_escapes(stream) is obeys


# -- paths


def test_names_have_slashes_and_stay_below_the_root(on_windows: Callable[..., None]) -> None:
    on_windows(files, root)
    made = Files("C:\\repo")
    for path in (
        *("app/compose.yaml", "app\\compose.yaml", "C:\\repo\\app\\compose.yaml"),
        *("c:/REPO/app/compose.yaml", "app\\..\\app\\.\\compose.yaml"),
    ):
        assert made.name(path) == "app/compose.yaml"
    for path in (
        *("..\\x", "C:\\repository\\x", "D:\\repo\\x", "D:x", "\\x"),
        *("//server/share/x", "\\\\?\\C:\\elsewhere"),
    ):
        assert made.name(path) is None, path
    assert made.path("app/compose.yaml") == "C:\\repo\\app\\compose.yaml"


def test_a_file_on_another_drive_is_shown_with_slashes(on_windows: Callable[..., None]) -> None:
    on_windows(report)
    seen = report.seen_from("C:\\work", "D:\\repo", "app/compose.yaml")
    assert seen == "D:/repo/app/compose.yaml"
    assert report.seen_from("C:\\repo\\b", "C:\\repo", "a/x.yaml") == "../a/x.yaml"


def test_uris_of_drives_and_shares_lead_back(on_windows: Callable[..., None]) -> None:
    on_windows(uri)
    for text, path in (
        ("file:///c%3A/a%20b/compose.yaml", "c:\\a b\\compose.yaml"),
        ("file:///C:/compose.yaml", "C:\\compose.yaml"),
        ("file://server/share/x.yaml", "\\\\server\\share\\x.yaml"),
    ):
        assert uri.path_of(text) == path
        assert uri.path_of(uri.uri_of(path)) == path


# -- the disk


def status(mode: int, tag: int = 0) -> SimpleNamespace:
    return SimpleNamespace(st_mode=mode, st_reparse_tag=tag)


@pytest.mark.parametrize(
    ("kind", "target", "leads"),
    [
        (status(stat.S_IFLNK), "\\\\?\\C:\\repo\\x", "C:\\repo\\x"),
        (status(stat.S_IFLNK), "..\\x", "..\\x"),
        (status(stat.S_IFDIR, 0xA0000003), "\\\\?\\C:\\x", "C:\\x"),
        (status(stat.S_IFDIR, 0xA0000003), "\\\\?\\UNC\\a\\b", "\\\\a\\b"),
        # A folder that a cloud service keeps is no link.
        (status(stat.S_IFDIR, 0x9000601A), "", None),
        (status(stat.S_IFREG), "", None),
    ],
)
def test_links_and_junctions_lead_to_plain_paths(
    on_windows: Callable[..., None], kind: SimpleNamespace, target: str, leads: str | None
) -> None:
    def lstat(path: str) -> SimpleNamespace:
        return kind

    def readlink(path: str) -> str:
        return target

    on_windows(regular, lstat=lstat, readlink=readlink)
    assert regular.link_target("C:\\repo\\link") == leads
    assert regular.is_link("C:\\repo\\link") is (leads is not None)


def test_a_junction_out_of_the_root_is_rejected(
    tmp_path: Path, on_windows: Callable[..., None]
) -> None:
    (tmp_path / "repo" / "in").mkdir(parents=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "secret.yaml").write_text("secret", "utf-8")
    (tmp_path / "repo" / "in" / "secret.yaml").write_text("secret", "utf-8")
    own = os.lstat

    def lstat(path: str, **options: Any) -> object:
        if os.path.basename(path) == "in":
            return status(stat.S_IFDIR, 0xA0000003)
        return own(path, **options)

    def readlink(path: str) -> str:
        return str(tmp_path / "out")

    posix = {"path": os.path, "sep": os.sep}
    on_windows(regular, lstat=lstat, readlink=readlink, **posix)
    refused = Files(str(tmp_path / "repo")).read("in/secret.yaml")
    assert isinstance(refused, regular.Refusal)
    assert refused.reason == "outside-root"


def test_a_search_does_not_enter_junctions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("plain", "junction"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "compose.yaml").write_text(SERVICE, "utf-8")

    def is_junction(entry: os.DirEntry[str]) -> bool:
        return entry.name == "junction"

    monkeypatch.setattr(walk, "is_junction", is_junction)
    found = [one for one in find([str(tmp_path)]) if not isinstance(one, regular.Refusal)]
    assert [Path(one.path).parent.name for one in found] == ["plain"]


def test_an_entry_is_a_junction_by_its_tag(on_windows: Callable[..., None]) -> None:
    def entry(tag: int) -> Any:
        def of_it(*, follow_symlinks: bool) -> SimpleNamespace:
            return status(stat.S_IFDIR, tag)

        return SimpleNamespace(stat=of_it)

    assert not regular.is_junction(entry(0xA0000003)), "elsewhere nothing is looked at"
    on_windows(regular)
    assert regular.is_junction(entry(0xA0000003))
    assert not regular.is_junction(entry(0xA000000C))


def test_an_impossible_file_name_is_a_missing_file() -> None:
    class InvalidNameError(OSError):
        winerror = 123

    why = errno.EINVAL, "The filename, directory name, or volume label is incorrect"
    assert regular.failed(OSError(*why)).reason == "not-readable"
    assert regular.failed(InvalidNameError(*why)).reason == "missing"


def test_the_number_of_processes_is_limited_by_the_system_call(
    monkeypatch: pytest.MonkeyPatch, on_windows: Callable[..., None]
) -> None:
    started = list[int]()

    def begin() -> Any:
        raise AssertionError("no process is started here")

    def pool(jobs: int, *rest: object) -> None:
        started.append(jobs)

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", pool)
    one = worker_pool.WorkerPool(worker_pool.Workers(128, begin))
    one._start()
    on_windows(worker_pool)
    one._start()
    assert started == [128, 61]
