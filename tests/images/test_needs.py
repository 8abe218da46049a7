"""The needs of a container: which facts hold, and which stay unknown."""

from __future__ import annotations

import tomllib

import pytest

from tightship.images.conditions import Start
from tightship.images.lookup import open_file
from tightship.images.needs import Needs
from tightship.images.reader import family_in

FACTS = """
names = ["server"]
summary = "a server"
holds_for = "all tags"
programs = ["serve"]
source = "test"
sources.test = "measured: this test"
user = { name = "root" }
volumes = { path = "/data" }
writes = [
  { path = "/run", why = "its socket" },
  { path = "/new", why = "a cache", when = "tag >=2" },
  { path = "/tmp", why = "its exports", when = "configured" },
]
capabilities = { name = "CHOWN", why = "its data", when = "root" }
read_only = [
  { works = false, when = "variable WRITES" },
  { works = true },
]
open_ports = [
  { port = 80, what = "a console", when = "variable OPEN 1" },
  { port = 81, what = "its data", closed_by = ["--login", ".conf", "/etc/serve.yml"] },
]
"""
FAMILY = family_in(tomllib.loads(FACTS), "server", open_file)


def names(start: Start) -> list[str] | None:
    found = Needs(FAMILY, start).capabilities
    return None if found is None else [one.name for one in found]


def test_only_possible_needs_are_returned() -> None:
    assert names(Start(is_root=True)) == ["CHOWN"]
    assert names(Start(is_root=None)) == ["CHOWN"]
    assert names(Start(is_root=False)) == []


@pytest.mark.parametrize(
    "start",
    [
        Start(command=("bash",), is_root=True),
        Start(command=("${COMMAND}",), is_root=True),
        Start(entrypoint_replaced=True, is_root=True),
    ],
)
def test_nothing_is_known_about_another_command(start: Start) -> None:
    needs = Needs(FAMILY, start)
    assert names(start) is None
    assert needs.writes is None
    assert needs.read_only is None
    # A VOLUME and a USER are the image's, whatever runs.
    assert needs.volumes
    assert needs.user


def test_an_aspect_without_facts_is_unknown() -> None:
    needs = Needs(FAMILY, Start(is_root=True))
    assert needs.new_privileges is None
    assert needs.memory is None
    assert needs.grants == ()


def test_paths_may_depend_on_the_version() -> None:
    for tag, paths in (
        ("1", ["/run", "/tmp"]),
        ("2", ["/run", "/new", "/tmp"]),
        (None, ["/run", "/new", "/tmp"]),
    ):
        writes = Needs(FAMILY, Start(tag)).writes
        assert writes is not None
        assert [write.path for write in writes] == paths


def test_an_undecided_condition_leaves_the_answer_open() -> None:
    def works(start: Start) -> bool | None:
        found = Needs(FAMILY, start).read_only
        return found.works if found else None

    assert works(Start()) is True
    assert works(Start(environment={"WRITES": "1"})) is False
    assert works(Start(more_environment=True)) is None


def test_a_port_is_open_only_if_that_is_certain() -> None:
    assert Needs(FAMILY, Start(environment={"OPEN": "1"})).open_ports
    assert not Needs(FAMILY, Start(environment={"OPEN": None})).open_ports


def test_paths_that_a_configuration_may_need_stay_writable() -> None:
    needs = Needs(FAMILY, Start("1"))
    assert [one.path for one in needs.writes or ()] == ["/run", "/tmp"]
    assert [one.path for one in needs.certain_writes] == ["/run"]


@pytest.mark.parametrize(
    ("command", "targets", "is_open"),
    [
        (None, (), True),
        (("serve", "--port", "1"), ("/data", "/etc/other.yml"), True),
        (("serve", "--login"), (), False),
        (("serve", "/my/serve.conf"), (), False),
        (("serve", "${SETTINGS}"), (), False),
        (None, ("/etc/serve.yml",), False),
        (None, ("/etc",), False),
        (None, None, False),
    ],
)
def test_a_port_may_be_closed_by_a_flag_or_a_file(
    command: tuple[str, ...] | None, targets: tuple[str, ...] | None, is_open: bool
) -> None:
    needs = Needs(FAMILY, Start("1", command=command, targets=targets))
    assert [one.port for one in needs.open_ports] == [81] * is_open
