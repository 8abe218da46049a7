"""The table of what isolates a container."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tightship.engine.check import named
from tightship.engine.disk.files import Files
from tightship.engine.inspection.inspect import Inspection

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Inspect = Callable[..., Inspection]

BARE = "services: {s: {image: 'example/app:1'}}\n"


@pytest.fixture
def inspect(tmp_path: Path) -> Inspect:
    def made(text: str, **more: str) -> Inspection:
        names = {"compose.yaml": dedent(text).lstrip("\n")}
        names |= {name.replace("__", "."): text for name, text in more.items()}
        for name, content in names.items():
            (tmp_path / name).write_text(content)
        return Inspection(Files(str(tmp_path)), named(str(tmp_path / "compose.yaml")))

    return made


def rows(inspection: Inspection) -> dict[str, tuple[str, str]]:
    [service] = inspection.services
    return {row.mechanism: (row.mark, row.state) for row in service.rows}


def test_a_plain_service_has_docker_s_defaults(inspect: Inspect) -> None:
    found = rows(inspect(BARE))
    assert found["root file system"] == ("weak", "writable")
    assert found["capabilities"][0] == "weak"
    assert found["capabilities"][1].startswith("14: ")
    assert found["setuid programs"] == ("weak", "can gain privileges")
    assert found["seccomp"][0] == "strong"
    assert found["user"] == ("unknown", "what the image says")
    assert found["user namespace"][0] == "unknown"
    assert found["own namespaces"] == ("strong", "pid, network, ipc, uts, cgroup")
    assert found["limits"] == ("weak", "none on memory, CPU and processes")


def test_a_hardened_service_has_nothing_weak(inspect: Inspect) -> None:
    inspection = inspect("""
        services:
          s:
            image: example/app:1
            user: "1000"
            read_only: true
            cap_drop: [ALL]
            security_opt: [no-new-privileges]
            mem_limit: 1g
            cpus: 1
            pids_limit: 100
        """)
    assert inspection.services[0].weak == []
    for row in inspection.services[0].rows:
        if row.place is not None:
            assert row.place.source.name == "compose.yaml"


def test_what_a_run_decides_is_neither(inspect: Inspect) -> None:
    found = rows(
        inspect("""
        services:
          s:
            image: example/app:1
            read_only: ${RO}
            cap_drop: ["${CAPS}"]
            user: ${WHO}
            pid: ${PID}
        """)
    )
    for name in ("root file system", "capabilities", "user", "pid namespace"):
        assert found[name] == ("unknown", "only a run can tell")


def test_privilege_speaks_for_what_it_makes_moot(inspect: Inspect) -> None:
    found = rows(inspect("services: {s: {image: x, privileged: true, pid: host}}\n"))
    assert "capabilities" not in found
    assert found["privileged"][0] == "weak"
    assert found["pid namespace"] == ("weak", "the host's")


def test_mounts_and_devices_are_rows_of_their_own(inspect: Inspect) -> None:
    text = """
        services:
          s:
            image: x
            volumes: ['/etc:/etc', '/usr:/usr:ro']
            devices: [/dev/sda]
        """
    found = rows(inspect(text))
    assert found["host path"] == ("weak", "/etc is writable")
    assert found["host device"] == ("weak", "/dev/sda")


@pytest.mark.parametrize(
    ("dockerfile", "row"),
    [
        ("FROM scratch\nUSER 7\n", ("strong", "7, as the image says")),
        ("FROM scratch\n", ("weak", "root, as the image says")),
        ("FROM example/x:1\n", ("unknown", "what the base image says")),
    ],
)
def test_the_user_comes_from_what_is_built(
    dockerfile: str, row: tuple[str, str], inspect: Inspect
) -> None:
    inspection = inspect("services: {s: {build: .}}\n", Dockerfile=dockerfile)
    assert rows(inspection)["user"] == row
    assert inspection.services[0].dockerfile == "Dockerfile"


def test_an_official_image_is_known_to_run_as_root(inspect: Inspect) -> None:
    assert rows(inspect("services: {s: {image: 'alpine:3'}}\n"))["user"][0] == "weak"


# -- values


def test_a_plain_value_has_no_story(inspect: Inspect) -> None:
    inspection = inspect(BARE)
    assert inspection.trail_at("compose.yaml", BARE.index("example")) is None


def test_a_value_tells_of_its_variables(inspect: Inspect) -> None:
    text = "services: {s: {image: 'x:${TAG:-1}', user: '${WHO}'}}\n"
    inspection = inspect(text, __env="WHO=me\n")
    tag = inspection.trail_at("compose.yaml", text.index("TAG"))
    assert tag is not None
    assert (tag.text, tag.in_effect) == ("x:1", True)
    assert "`TAG` is not set" in tag.steps[0][0]
    who = inspection.trail_at("compose.yaml", text.index("WHO"))
    assert who is not None
    assert who.text == "me"
    assert who.steps[0][1].source.name == ".env"


def test_a_value_that_is_replaced_says_by_what(inspect: Inspect) -> None:
    over = "services: {s: {user: '7'}}\n"
    text = "services: {s: {image: x, user: root}}\n"
    inspection = inspect(text, compose__override__yaml=over)
    trail = inspection.trail_at("compose.yaml", text.index("root"))
    assert trail is not None
    assert (trail.in_effect, trail.text) == (False, "7")
    assert trail.place.source.name == "compose.override.yaml"


def test_a_service_is_found_by_its_name(inspect: Inspect) -> None:
    inspection = inspect(BARE)
    at = BARE.index("s: {image")
    found = inspection.service_at("compose.yaml", at)
    assert found is not None
    assert found.name == "s"
    assert inspection.service_at("compose.yaml", 0) is None
