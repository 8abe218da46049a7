"""A guess names what the plain run shows, and keeps what it cannot show."""

from __future__ import annotations

import io
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from tightship.frontends.image_archive.archive import ArchivedImage, ImageConfig
from tightship.frontends.image_archive.file_system import FileStatus, FileSystem
from tightship.values.capability import DEFAULT_CAPABILITIES
from tightship_annexes.trial.agreement import START, Difference, differences
from tightship_annexes.trial.guess import BOUNDING, Guess, Plain, guessed
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.hints import hinted
from tightship_annexes.trial.image_files import ImageFiles, calls
from tightship_annexes.trial.observation import Observation, Usage

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from tests.isolation.conftest import ContainersOf

    from tightship_annexes.trial.agreement import Signal

FOLDER = FileStatus("folder", 0o755, 0, 0)
FILE = FileStatus("file", 0o755, 0, 0)
NET_RAW = 1 << 13


def files_of(
    own: Mapping[str, FileStatus], texts: Mapping[str, bytes] = MappingProxyType({})
) -> ImageFiles:
    config = ImageConfig("root", (), ("app",), (), (), (), "/app")
    image = ArchivedImage(("app:1",), "sha256:0", "linux/amd64", config, ())
    archive: Any = None
    files = FileSystem(archive, image)
    files.files.update(own)
    files.texts.update(texts)
    return ImageFiles(image, files)


def plain_of(
    processes: tuple[tuple[int, str], ...],
    files: Mapping[str, FileStatus] | None = None,
    changed: Mapping[str, str] | None = None,
    user: str = "",
    **host: object,
) -> Plain:
    about: dict[str, Any] = {
        "Config": {"User": user, "WorkingDir": "/app"},
        "HostConfig": {"Privileged": False, **host},
        "Mounts": [],
    }
    seen = Observation(running=True, processes=frozenset(processes))
    own = files_of(files or {})
    return Plain(about, seen, changed or {}, Usage(10 << 20, 5), own)


def guess_of(processes: tuple[tuple[int, str], ...], *given: Any, **host: Any) -> Guess:
    return guessed(plain_of(processes, *given, **host))


def test_root_that_switches_the_user_is_guessed_generously() -> None:
    guess = guess_of(((0, "nginx"), (101, "nginx")))
    assert guess.hardening.capabilities is not None
    assert guess.hardening.capabilities >= {"CHOWN", "KILL", "SETGID", "SETUID"}
    assert guess.hardening.no_new_privileges
    assert guess.hardening.read_only


@pytest.mark.parametrize("path", ["/etc:/x", "/a,b", "/a b", "/${TOKEN}"])
def test_a_path_that_would_be_another_mount_is_never_written(path: str) -> None:
    guess = guess_of(((0, "app"),), changed={f"{path}/file": "A"})
    assert path in guess.left["root file system"]
    assert not guess.hardening.read_only
    assert not guess.hardening.paths
    folder = {f"srv{path}": FileStatus("folder", 0o755, 0, 0)}
    assert not guess_of(((0, "app"),), folder).kept


def test_a_folder_that_is_made_in_one_of_the_system_is_a_volume() -> None:
    changed = {"/var/lib": "C", "/var/lib/app": "A", "/etc": "C", "/etc/app.conf": "A"}
    plain = plain_of(((0, "app"),), {}, changed).replaced(made=frozenset(("/var/lib/app",)))
    assert guessed(plain).hardening.data == ("/var/lib/app",)


def test_users_that_the_engine_maps_are_those_of_the_image() -> None:
    own = {
        "etc": FileStatus("folder", 0o755, 200000, 200000),
        "run/app": FileStatus("folder", 0o755, 200005, 200006),
    }
    guess = guess_of(((200000, "app"),), own, {"/run/app/pid": "A"})
    assert guess.hardening.scratch[0] == "/run/app:uid=5,gid=6,mode=755"
    assert "SETUID" not in (guess.hardening.capabilities or ())


def test_another_user_than_root_uses_no_capability() -> None:
    assert guess_of(((1000, "node"),), user="1000").hardening.capabilities == frozenset()


def test_nothing_is_guessed_that_the_service_did_not_have() -> None:
    guess = guess_of(((0, "a"), (1, "b")), CapDrop=["ALL"], CapAdd=["SETUID"])
    assert guess.hardening.capabilities == frozenset(("SETUID",))
    assert guess_of(((0, "a"), (1, "b"))).had == DEFAULT_CAPABILITIES


def test_a_bound_of_the_trial_hides_no_limit_and_no_limit_is_above_it() -> None:
    bounds = {"mem_limit": 200 << 20, "pids_limit": 16_384}
    plain = plain_of(((0, "app"),), Memory=200 << 20, PidsLimit=16_384)
    own = guessed(plain).hardening
    assert (own.memory, own.processes) == (None, None)
    left = guessed(plain.replaced(bounds=bounds)).hardening
    assert (left.memory, left.processes) == (None, 2048)


def test_podman_gives_less_and_knows_no_owner_of_a_tmpfs() -> None:
    owned = {"run/app": FileStatus("folder", 0o755, 33, 33)}
    plain = plain_of(((0, "app"), (33, "app")), owned, {"/run/app/pid": "A"})
    guess = guessed(plain.replaced(about={**plain.about, BOUNDING: []}))
    assert "NET_RAW" not in guess.had
    assert guess.hardening.scratch[0] == "/run/app:mode=1777"


def test_cron_that_waits_keeps_what_its_jobs_use() -> None:
    guess = guess_of(((0, "cron"), (33, "app")))
    assert {*guess.suggested} == {"SETGID", "SETUID"}
    assert any(text.startswith("SETUID: `cron` runs") for text in guess.kept)


def test_a_file_capability_stays_and_so_do_new_privileges() -> None:
    ping = FileStatus("file", 0o755, 0, 0, capabilities=NET_RAW)
    guess = guess_of(((1000, "app"),), {"usr/bin/ping": ping}, user="1000")
    assert guess.hardening.capabilities == frozenset(("NET_RAW",))
    assert not guess.hardening.no_new_privileges
    assert "/usr/bin/ping" in guess.left["setuid programs"]


def test_programs_that_each_base_system_has_suggest_nothing() -> None:
    usual = {f"usr/bin/{name}": FileStatus("file", 0o4755, 0, 0) for name in ("su", "mount")}
    helper = {"usr/lib/squid/pinger": FileStatus("file", 0o755, 0, 0, capabilities=NET_RAW)}
    assert guess_of(((1000, "app"),), usual | helper, user="1000").hardening.no_new_privileges
    guess = guess_of(((13, "squid"),), helper, user="13")
    assert guess.suggested.keys() == {"NET_RAW"}


def test_an_unknown_setuid_program_keeps_all() -> None:
    program = {"usr/local/bin/helper": FileStatus("file", 0o4755, 0, 0)}
    assert guess_of(((1000, "app"),), program, user="1000").hardening.capabilities == (
        DEFAULT_CAPABILITIES
    )


def test_what_a_server_of_root_can_call_stays_until_a_probe_works() -> None:
    plain = plain_of(((0, "rsync"), (33, "web")), {"usr/bin/rsync": FILE, "usr/bin/web": FILE})
    plain = plain.replaced(calls={"rsync": frozenset(("chroot", "setgid"))})
    assert [*plain.files.programs(plain.programs_of_root)] == [("rsync", "/usr/bin/rsync")]
    assert guessed(plain).kept[0] == ("SETGID: `rsync` can call `setgid`, which was not exercised")
    assert {*guessed(plain).suggested} == {"SETGID", "SYS_CHROOT"}
    assert not guessed(plain.replaced(is_probed=True)).suggested


def test_an_empty_folder_for_files_is_writable_and_said() -> None:
    guess = guess_of(
        ((0, "flask"),),
        {"app": FOLDER, "app/app.py": FILE, "app/uploads": FOLDER, "srv": FOLDER, "opt": FOLDER},
    )
    assert guess.hardening.data == ("/app/uploads",)
    assert guess.kept == ("`/app/uploads` is writable: it is there to be filled",)
    assert not guess.optional


def test_written_folders_are_scratch_or_data_or_may_be_needless() -> None:
    own = {
        "run/app": FileStatus("folder", 0o750, 5, 6),
        "etc/app": FOLDER,
        "etc/app/conf": FILE,
        "state": FOLDER,
    }
    written = {"/run/app/pid": "A", "/etc/app/conf": "C", "/state/x": "A", "/etc/passwd": "C"}
    guess = guess_of(((0, "app"),), own, written)
    assert guess.hardening.scratch == ("/run/app:uid=5,gid=6,mode=750", "/tmp")
    assert guess.hardening.data == ("/state",)
    assert not guess.optional
    assert guess.among.startswith("it writes `/etc/app/conf` next to files of the image")


def test_logs_of_the_image_may_be_hidden() -> None:
    files = {"var/log/web": FOLDER, "var/log/web/access.log": FILE, "var/log/other": FOLDER}
    changed = {"/var/log/web/access.log": "C"}
    guess = guess_of(((0, "web"),), files, changed)
    assert guess.hardening.scratch == ("/tmp", "/var/log/web")
    assert not guess.among
    guess = guess_of(((0, "web"),), {**files, "var/log/web/sites": FOLDER}, changed)
    assert "/var/log/web" not in guess.hardening.scratch


def test_many_empty_folders_are_parts_of_data_that_is_there() -> None:
    own = FileStatus("folder", 0o700, 5, 5)
    few = {f"var/lib/db/{name}": own for name in "abcd"}
    assert len(guess_of(((5, "db"),), few).hardening.data) == 4
    assert not guess_of(((5, "db"),), {**few, "var/lib/db/e": own}).hardening.data


def test_a_volume_hides_nothing_that_the_image_brings() -> None:
    own = {
        "app": FOLDER, "app/main": FILE, "app/lib": FOLDER, "app/lib/a": FILE,
        "app/uploads": FOLDER, "app/uploads/.gitkeep": FILE,
    }  # fmt: skip
    changed = {
        "/app": "C", "/app/main.pid": "A", "/app/cache": "A", "/app/cache/x": "A",
        "/app/lib": "C", "/app/lib/b": "A", "/app/uploads": "C", "/app/uploads/y": "A",
    }  # fmt: skip
    plain = plain_of(((0, "app"),), own, changed).replaced(made=frozenset(("/app/cache",)))
    guess = guessed(plain)
    assert guess.hardening.data == ("/app/cache", "/app/uploads")
    # One that was made may be needless, as `__pycache__` is.
    assert set(guess.optional) == {"/app/cache", "/app/uploads"}
    assert guess.among.startswith("it writes `/app/lib/b` next to files of the image")
    tried = Hardening(read_only=True, scratch=("/app/lib", "/app/run"))
    for text in ("/app/x: Read-only file system", "/app/lib/a: No such file or directory"):
        found = [Difference("log", START, text)]
        assert not hinted(tried, found, frozenset(), "/", guess.brings).data


def test_what_need_not_be_writable_stays_as_in_the_image(containers_of: ContainersOf) -> None:
    needs = containers_of("services: {web: {image: 'nginx:1.29'}}")["web"].image_needs
    written = {"/etc/nginx/conf.d/default.conf": "C", "/run/nginx.pid": "A"}
    own = {"run": FOLDER, "etc/nginx/conf.d": FOLDER, "etc/nginx/conf.d/default.conf": FILE}
    seen = Observation(running=True, processes=frozenset({(0, "nginx"), (101, "nginx")}))
    about: dict[str, Any] = {
        "Config": {"User": "", "WorkingDir": "/"},
        "HostConfig": {"Privileged": False},
        "Mounts": [],
    }
    plain = Plain(about, seen, written, Usage(10 << 20, 5), files_of(own), needs)
    assert {"/run", "/var/cache/nginx"} < {*guessed(plain).hardening.paths}
    assert "/etc/nginx/conf.d" not in guessed(plain).hardening.paths
    line = "can not modify /etc/nginx/conf.d/default.conf (read-only file system?)"
    log = Observation(running=True, refusals=frozenset({line}))
    known = Observation(running=True, optional=plain.optional)
    assert not differences({START: known}, {START: log})
    assert differences({START: Observation(running=True)}, {START: log})


def hint(text: str, signal: Signal = "log", **tried: object) -> Hardening:
    strict = Hardening(frozenset(), scratch=("/tmp",), read_only=True, memory=1 << 28)
    found = [Difference(signal, START, text)]
    nothing = Guess(strict, DEFAULT_CAPABILITIES).brings
    return hinted(strict.replaced(**tried), found, DEFAULT_CAPABILITIES, "/app", nothing)


def test_a_failure_names_capabilities() -> None:
    assert hint("chown(/x) failed: Operation not permitted").capabilities == frozenset(("CHOWN",))
    assert hint("setgid(33): Operation not permitted").capabilities == frozenset(
        ("SETGID", "SETUID")
    )
    assert hint("it has to be killed", "stop").capabilities == frozenset(("KILL",))
    assert hint("open /x: Permission denied").capabilities == frozenset(("DAC_OVERRIDE",))
    assert hint("it is late").capabilities == frozenset()


def test_a_failure_names_paths_but_none_of_the_system() -> None:
    assert hint("open /srv/app/x.db: Read-only file system").data == ("/srv/app",)
    assert hint("mkdir 'cache': Read-only file system").data == ("/app",)
    assert hint("open /etc/passwd: Read-only file system").data == ()
    assert hint("open /tmp/keep/a: No such file or directory").scratch == ()
    assert hint("libx.so: failed to map segment").scratch == ("/tmp:exec",)


def test_a_folder_that_is_made_below_the_root_is_writable_alone() -> None:
    text = "mkdir: can't create directory '/uploads': Read-only file system"
    assert hint(text, read_only=True).data == ("/uploads",)
    assert not hint("can't create /state.db: Read-only file system", read_only=True).data


def test_a_failure_names_limits() -> None:
    assert hint("it runs out of memory", "memory").memory == 1 << 30
    assert hint("fork: Resource temporarily unavailable", processes=9).processes is None


def test_temporary_files_have_a_place_in_both_folders() -> None:
    guess = guess_of(((0, "app"),), {"var/tmp": FOLDER})
    assert guess.hardening.scratch == ("/tmp", "/var/tmp")
    assert guess_of(((0, "app"),)).hardening.scratch == ("/tmp",)


MAIL = {
    "usr/sbin/exim4": FileStatus("file", 0o4755, 0, 0),
    "var/spool/exim4": FileStatus("folder", 0o750, 101, 101),
    "var/spool/exim4/input": FileStatus("folder", 0o750, 101, 101),
    "var/log/exim4": FileStatus("folder", 0o750, 101, 101),
    "var/lib/exim4": FileStatus("folder", 0o755, 0, 0),
    "var/lib/other": FileStatus("folder", 0o755, 7, 7),
    "var/lib/filled": FileStatus("folder", 0o755, 101, 101),
    "var/lib/filled/file": FILE,
}


def test_state_of_others_and_of_a_program_of_root_is_there_to_be_filled() -> None:
    files = {
        "var/spool/cups": FOLDER,
        "var/spool/drop": FileStatus("folder", 0o755, 7, 0),
        "var/spool/cron": FOLDER,
        "var/cache/apt/archives": FileStatus("folder", 0o755, 42, 0),
    }
    # Another owner of a folder is a change in the one above it.
    files["var/spool/cups/tmp"] = FOLDER
    for changed in ("/var/spool/cups", "/var/spool/cups/tmp"):
        guess = guess_of(((0, "cupsd"),), files, {changed: "C"})
        assert not guess.optional
        assert guess.hardening.data == ("/var/spool/cups", "/var/spool/drop")


class _Files:
    """An engine that has the contents of files."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents

    @contextmanager
    def reading(self, *words: str) -> Generator[io.BytesIO]:
        yield io.BytesIO(self._contents[words[1].partition(":")[2]])


def test_calls_are_those_of_a_program_its_helpers_and_its_own_libraries() -> None:
    own = "usr/lib/samba/libsmbd.so.0"
    paths = (own, "usr/sbin/smbd", "usr/bin/perl", "usr/lib/smbd/helper", "lib/libcommon.so.1")
    files = files_of(dict.fromkeys(paths, FILE))
    named = [("smbd", "/usr/sbin/smbd"), ("helper", "/usr/lib/smbd/helper")]
    assert [*files.programs(("smbd", "perl"))] == named
    contents = {
        "/usr/sbin/smbd": b"libsmbd.so.0\0libcommon.so.1\0sys_setgroups\0setuid.c",
        f"/{own}": b"\0chroot\0libsmbd.so.0\0",
    }
    engine: Any = _Files(contents)
    assert calls(engine, "id", "/usr/sbin/smbd", files) == {"setgroups", "chroot"}
    engine = _Files({"/bin/httpd": b"BusyBox v1.36\0chroot\0"})
    assert not calls(engine, "id", "/bin/httpd", files)


def test_spool_and_logs_of_its_user_are_there_to_be_filled() -> None:
    guess = guess_of(((101, "exim4"),), MAIL)
    assert guess.hardening.data == ("/var/spool/exim4",)
    assert guess.hardening.scratch == ("/tmp", "/var/log/exim4:uid=101,gid=101,mode=750")
    assert "`/var/log/exim4` is writable: it is there to be filled" in guess.kept


def test_a_mail_server_that_gave_root_back_gains_it_again() -> None:
    assert not guess_of(((101, "exim4"),), MAIL).hardening.no_new_privileges
    assert guess_of(((0, "exim4"), (7, "app")), MAIL).hardening.no_new_privileges


@pytest.mark.parametrize(
    ("more", "texts", "counts"),
    [
        ({}, {}, False),
        ({"etc/sudoers.d/README": FILE}, {"etc/sudoers": b"%sudo ALL=(ALL) ALL"}, False),
        ({}, {"srv/start.sh": b"exec sudo app"}, True),
        ({}, {"etc/sudoers": b"app ALL=(ALL) NOPASSWD: ALL"}, True),
        ({"etc/sudoers.d/app": FILE}, {}, True),
    ],
)
def test_sudo_counts_where_something_calls_it(
    more: Mapping[str, FileStatus], texts: Mapping[str, bytes], counts: bool
) -> None:
    own = {"usr/bin/sudo": FileStatus("file", 0o4755, 0, 0), **more}
    plain = plain_of(((0, "app"), (5, "app")), own)
    guess = guessed(plain.replaced(files=files_of(own, texts)))
    assert ("AUDIT_WRITE" in guess.suggested) is counts
    assert guess.hardening.no_new_privileges is not counts
