"""The facts that an archive of an image shows."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from tests.frontends.image_archive.archives import (
    GROUP,
    PASSWD,
    Member,
    folder,
    layer,
    saved,
    script,
)

from tightship.frontends.image_archive.archive import Archive
from tightship.frontends.image_archive.file_system import FileSystem
from tightship.images.format import problems
from tightship.images.page import page
from tightship.images.reader import family_in
from tightship.images.toml_file import as_toml
from tightship.isolation.archived_image import archived_family
from tightship.syntax import toml
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.images.facts import ImageFamily

SYSTEM = {
    "etc/passwd": Member(PASSWD),
    "etc/group": Member(GROUP),
    "usr/bin/app": Member(b"\x7fELF", 0o755),
    "tmp": folder(0o1777),
    "run/lock": folder(0o1777),
    "root": folder(0o700),
}
SU = {
    "usr/bin/su": Member(b"\x7fELF", 0o4755),
    "etc/shadow": Member(b"root:$6$x:20000:0:99999:7:::\n", 0o640),
}
LOCKED = {"etc/shadow": Member(b"root:*:20000:0:99999:7:::\napp:!:20000:0:99999:7:::\n", 0o640)}
PING = {"usr/bin/ping": Member(b"\x7fELF", 0o755, capabilities=1 << 13)}
STEPPING = """#!/bin/sh
if [ "$(id -u)" = 0 ]; then
    chown app /data
    exec gosu app app
fi
exec app
"""


def family_of(config: dict[str, Any], *layers: dict[str, Member]) -> ImageFamily:
    data = saved([layer(one) for one in (SYSTEM, *layers)], config)
    archive = Archive(io.BytesIO(data))
    [image] = archive.images()
    return archived_family(image, FileSystem(archive, image))


def writes(family: ImageFamily) -> list[str] | None:
    return None if family.writes is None else [one.path for one in family.writes]


def test_the_configuration_says_user_ports_and_volumes() -> None:
    config: dict[str, Any] = {
        "User": "app:shared",
        "Cmd": ["app", "serve"],
        "ExposedPorts": {"80/tcp": {}, "53/udp": {}},
        "Volumes": {"/data": {}},
    }
    family = family_of(config)
    assert family.names == ("acme/app",)
    assert family.programs == ("app",)
    assert [one.name for one in family.user or ()] == ["app:shared"]
    assert [(one.number, one.protocol) for one in family.ports or ()] == [(53, "udp"), (80, "tcp")]
    assert [one.path for one in family.volumes or ()] == ["/data"]
    assert [(one.name, one.uid, one.gid) for one in family.accounts or ()] == [("app", 1000, 1001)]


def test_without_a_user_it_is_root_and_without_a_port_nothing_is_known() -> None:
    family = family_of({"Cmd": ["app"]})
    assert [one.name for one in family.user or ()] == ["root"]
    assert family.ports is None
    assert family.writes is None


@pytest.mark.parametrize(
    ("more", "needed"),
    [
        ({}, False),
        (SU, None),
        # Without a password that somebody knows, it helps nobody.
        ({**SU, **LOCKED}, False),
        ({**SU, **LOCKED, "opt/su": Member(b"", 0o4755)}, None),
        ({**SU, "etc/shadow": Member(b"root::::::::\n")}, None),
        ({**SU, **LOCKED, "etc/passwd": Member(b"root::0:0::/root:\napp:x:1000:1000:::\n")}, None),
        (PING, None),
        ({"usr/bin/wall": Member(b"", 0o2755)}, False),
        # It is no program, or nobody can start it.
        ({"var/mail": folder(0o2775)}, False),
        ({"usr/bin/su": Member(b"", 0o4644)}, False),
        ({"etc/su.conf": Member(link="/usr/bin/su")}, False),
    ],
)
def test_only_programs_of_the_image_gain_privileges(
    more: dict[str, Member], needed: bool | None
) -> None:
    family = family_of({"User": "app", "Cmd": ["app"]}, more)
    found = family.new_privileges
    assert (None if found is None else [one.needed for one in found]) == (
        None if needed is None else [needed]
    )


def test_a_setuid_program_that_the_entrypoint_calls_is_needed() -> None:
    run = {"run.sh": script("#!/bin/sh\nsu app -c app\n")}
    found = family_of({"User": "app", "Entrypoint": ["/run.sh"]}, SU, run).new_privileges
    assert [one.needed for one in found or ()] == [True]


def test_programs_that_gain_privileges_are_listed_with_their_packages() -> None:
    lists = {"var/lib/dpkg/info/login.list": Member(b"/bin/su\n"), "bin": Member(link="usr/bin")}
    about = family_of({"Cmd": ["app"]}, SU, PING, lists).about
    assert "`/usr/bin/su` of the package `login` (setuid)" in about
    assert "`/usr/bin/ping` (`NET_RAW`)" in about
    assert "No program of it gains privileges" in family_of({"Cmd": ["app"]}).about


def test_a_removed_program_gains_nothing() -> None:
    family = family_of({"Cmd": ["app"]}, SU, {"usr/bin/.wh.su": Member(b"")})
    assert [one.needed for one in family.new_privileges or ()] == [False]


OWN = (1000, 1001)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ["/tmp"]),
        ({"data": folder(0o755, OWN)}, ["/data", "/tmp"]),
        ({"data": folder(0o775, (0, 2000))}, ["/data", "/tmp"]),
        ({"data": folder(0o777)}, ["/data", "/tmp"]),
        ({"data": folder(0o755, (0, 1001))}, ["/tmp"]),
        # The owner decides before the group and the others do, and may change the mode.
        ({"data": folder(0o577, OWN)}, ["/data", "/tmp"]),
        ({"data": folder(0o755, OWN), "data/sub": folder(0o755, OWN)}, ["/data", "/tmp"]),
        ({"run/a": folder(0o755, OWN), "run/a/b": folder(0o755, OWN)}, None),
        ({"data": folder(0o755, OWN), "data/a": Member(b"1")}, None),
        ({"app.log": Member(b"", 0o666)}, None),
        ({"dev/shm": folder(0o1777), "proc/x": folder(0o777)}, ["/tmp"]),
        ({"vol": folder(0o755, OWN), "vol/a": Member(b"", 0o644, OWN)}, ["/tmp"]),
        (SU, None),
    ],
)
def test_a_user_writes_where_modes_permit_it(
    more: dict[str, Member], expected: list[str] | None
) -> None:
    config: dict[str, Any] = {"User": "app", "Cmd": ["app"], "Volumes": {"/vol": {}}}
    family = family_of(config, more)
    assert writes(family) == expected
    works = None if family.read_only is None else [one.works for one in family.read_only]
    assert works == (None if expected is None else [True])


def test_a_tmpfs_belongs_to_the_user_that_the_folder_belongs_to() -> None:
    more = {path: folder(0o755, OWN) for path in ("data", "run/app", "home/app")}
    family = family_of({"User": "1000", "Cmd": ["app"]}, more)
    own = ("exec", "uid=1000", "gid=1001")
    assert {one.path: (one.kind, one.options) for one in family.writes or ()} == {
        # What is there has to stay.
        "/data": ("data", ()),
        "/home/app": ("run", own),
        "/run/app": ("run", own),
        "/tmp": ("run", ("exec",)),
    }


def test_the_heap_of_a_java_program_is_known() -> None:
    java = {"usr/bin/java": Member(b"\x7fELF", 0o755)}
    family = family_of({"Cmd": ["java", "-Xmx256m", "-jar", "/a"], "Env": ["A=b"]}, java)
    sizes = {one.variable: one.default for one in family.heap or ()}
    assert sizes[""] == "256m"
    assert sizes["JAVA_TOOL_OPTIONS"] is None
    assert "It sets the variables `A`." in family.about
    options = {"Cmd": ["java", "-jar", "/a"], "Env": ["JAVA_TOOL_OPTIONS=-Xmx1g -Da=b"]}
    sizes = {one.variable: one.default for one in family_of(options, java).heap or ()}
    assert (sizes[""], sizes["JAVA_TOOL_OPTIONS"]) == (None, "1g")
    assert family_of({"Cmd": ["app"]}).heap == ()


def test_an_entrypoint_that_steps_down_needs_what_its_script_does() -> None:
    run = {"usr/local/bin/docker-entrypoint.sh": script(STEPPING)}
    family = family_of({"Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["app"]}, run)
    assert [one.by for one in family.steps_down or ()] == ["`gosu`"]
    assert [one.name for one in family.accounts or ()] == ["app"]
    root = family_of({"Cmd": ["app"]}, run)
    assert root.steps_down == ()
    assert root.capabilities is None
    assert family_of({"User": "app", "Cmd": ["app"]}).capabilities == ()


def test_a_script_that_another_calls_by_its_name_is_read() -> None:
    scripts = {
        "run.sh": script("#!/bin/sh\nexec start-app.sh\n"),
        "usr/local/bin/start-app.sh": script("#!/bin/sh\nexec setpriv --reuid app app\n"),
    }
    family = family_of({"Entrypoint": ["/run.sh"]}, scripts)
    assert [one.by for one in family.steps_down or ()] == ["`setpriv`"]


@pytest.mark.parametrize("user", ["app", "root", "app; rm", "$X", "1000:0", 'a"b\n'])
def test_the_written_file_is_valid_and_says_the_same(user: str) -> None:
    config: dict[str, Any] = {
        "User": user,
        "Entrypoint": ["docker-entrypoint.sh", 'a "b" $c \\ \x7f \n'],
        "Cmd": ["app"],
        "ExposedPorts": {"80/tcp": {}},
        "Volumes": {"/data": {}},
    }
    run = {"usr/local/bin/docker-entrypoint.sh": script(STEPPING)}
    family = family_of(config, run)
    source = Source("facts.toml", as_toml(family))
    assert [one.message for one in problems(source, lambda _: {})] == []
    again = family_in(toml.read(source).data, "acme/app", lambda _: {})
    assert as_toml(again).splitlines()[1:] == as_toml(family).splitlines()[1:]
    assert again.about == family.about


ACTING = "\x1b[31m\x07\n# `x`\u202e"


def test_nothing_in_an_archive_acts_on_a_terminal_or_as_markdown() -> None:
    config: dict[str, Any] = {
        "User": f"app{ACTING}",
        "Cmd": [f"app{ACTING}"],
        "ExposedPorts": {f"80{ACTING}": {}},
        "Volumes": {f"/data{ACTING}": {}},
    }
    odd = {
        f"bin/su{ACTING}": Member(b"", 0o4755),
        "bin/su": Member(b"", 0o4755),
        f"var/lib/dpkg/info/odd{ACTING}.list": Member(b"/bin/su\n"),
        f"srv{ACTING}": folder(0o777),
        "etc/passwd": Member(f"app{ACTING}:x:1:1:::\n".encode()),
    }
    for name in ("acme/app:2", f"acme/app{ACTING}:2"):
        data = saved([layer({**SYSTEM, **odd})], config, [name])
        archive = Archive(io.BytesIO(data))
        [image] = archive.images()
        family = archived_family(image, FileSystem(archive, image))
        text = page(family, "acme/app")
        assert text.replace("\n", "").isprintable()
        assert "`x`" not in text
        assert "(setuid)" in text
        assert family.user is None
        assert family.new_privileges is None
