"""When facts hold: for tags, variables, commands and users."""

from __future__ import annotations

import pytest

from tightship.images.conditions import (
    AS_ROOT,
    CONFIGURED,
    HOST_FOLDERS,
    NOT_AS_ROOT,
    Start,
    all_hold,
    flag,
    mounted,
    option,
    program,
    replaced,
    tags,
    unless,
    variable,
)


@pytest.mark.parametrize(
    ("test", "tag", "holds"),
    [
        (">=18", "18", True),
        (">=18", "18.6-alpine", True),
        (">=18", "17.9", False),
        (">=18", "v18.1", True),
        (">=18", "", True),
        (">=18", "latest", True),
        (">=18", "alpine", True),
        (">=18", "main", None),
        (">=18", None, None),
        (">=18", "pg17", False),
        (">=18", "0.8.0-pg18", True),
        ("<18", "latest", False),
        ("<18", "9.6", True),
        # The newest of the line 2 may be 2.9.
        (">=2.5", "2", True),
        (">=2.5", "2.4.9", False),
        (">=2.5.1", "2.5", True),
        ("alpine", "18-alpine3.23", True),
        ("alpine", "18", False),
        ("!alpine", "18", True),
        ("!alpine", "18-alpine", False),
        ("alpine", None, None),
    ],
)
def test_a_tag_is_compared_as_a_version_or_searched(
    test: str, tag: str | None, holds: bool | None
) -> None:
    assert tags(test).holds(Start(tag)) is holds


@pytest.mark.parametrize(
    ("environment", "more", "holds"),
    [
        ({"A": "trust"}, False, True),
        ({"A": "md5"}, False, False),
        ({"A": None}, False, None),
        ({}, False, False),
        ({}, True, None),
    ],
)
def test_a_variable_has_a_value(
    environment: dict[str, str | None], more: bool, holds: bool | None
) -> None:
    start = Start(environment=environment, more_environment=more)
    assert variable("A", "trust").holds(start) is holds


def test_an_empty_variable_is_not_set() -> None:
    assert variable("A").holds(Start(environment={"A": ""})) is False
    assert variable("A").holds(Start(environment={"A": "0"})) is True


@pytest.mark.parametrize(
    ("command", "holds"),
    [
        (None, True),
        (("redis-server", "--port", "1"), True),
        (("/usr/local/bin/redis-server",), True),
        (("--appendonly", "yes"), True),
        (("sh", "-c", "redis-server"), False),
        (("${COMMAND}",), None),
        ((), False),
    ],
)
def test_a_command_runs_a_program(command: tuple[str, ...] | None, holds: bool | None) -> None:
    assert program("redis-server").holds(Start(command=command)) is holds


def test_a_command_without_a_program_is_flags_or_that_of_the_image() -> None:
    condition = program()
    assert condition.text == ("if the command is the image's own, or begins with a flag")
    assert condition.holds(Start()) is True
    assert condition.holds(Start(command=("-x",))) is True
    assert condition.holds(Start(command=("sh",))) is False


@pytest.mark.parametrize(("is_root", "root", "other"), [(True, True, False), (None, None, None)])
def test_the_first_user_may_be_unknown(
    is_root: bool | None, root: bool | None, other: bool | None
) -> None:
    assert AS_ROOT.holds(Start(is_root=is_root)) is root
    assert NOT_AS_ROOT.holds(Start(is_root=is_root)) is other


def test_one_condition_that_fails_decides() -> None:
    undecided, fails = tags(">=18"), variable("A")
    assert all_hold((undecided, fails), Start(None)) is False
    assert all_hold((undecided,), Start(None)) is None
    assert all_hold((), Start(None)) is True


@pytest.mark.parametrize(
    ("command", "holds"),
    [
        (None, False),
        (("traefik", "--API.Insecure"), True),
        (("--api.insecure=true",), True),
        (("--api.insecure=false",), False),
        (("$",), None),
        (("$", "--api.insecure"), True),
    ],
)
def test_a_flag_is_a_word_of_the_command(
    command: tuple[str, ...] | None, holds: bool | None
) -> None:
    condition = flag("--api.insecure", "--api.insecure=true")
    assert condition.holds(Start(command=command)) is holds


@pytest.mark.parametrize(
    ("targets", "holds"),
    [
        (None, None),
        ((), False),
        (("/etc/nginx/templates",), True),
        (("/data", "/etc/nginx/templates/a.template"), True),
        (("/etc/nginx/templates-old",), False),
        (("/etc/nginx",), False),
    ],
)
def test_a_mount_is_at_a_path_or_below_it(
    targets: tuple[str, ...] | None, holds: bool | None
) -> None:
    assert mounted("/etc/nginx/templates").holds(Start(targets=targets)) is holds


@pytest.mark.parametrize("known", [True, False, None])
def test_files_of_the_host_can_belong_to_any_user(known: bool | None) -> None:
    assert HOST_FOLDERS.holds(Start(host_folders=known)) is known


def test_a_configuration_is_undecided() -> None:
    assert CONFIGURED.holds(Start("18", is_root=True, targets=())) is None


@pytest.mark.parametrize(
    ("targets", "holds"),
    [
        ((), False),
        (("/etc/app",), True),
        (("/etc",), True),
        (("/",), True),
        (("/etc/app/a.conf",), True),
        (("/etc/apps", "/et"), False),
        (None, None),
    ],
)
def test_a_mount_at_above_or_below_replaces_a_path(
    targets: tuple[str, ...] | None, holds: bool | None
) -> None:
    assert replaced("/etc/app").holds(Start(targets=targets)) is holds
    opposite = unless(replaced("/etc/app"))
    assert opposite.holds(Start(targets=targets)) is (None if holds is None else not holds)
    assert opposite.text.startswith("unless something is mounted")


@pytest.mark.parametrize(
    ("command", "holds"),
    [
        (None, False),
        (("nginx", "-g", "daemon off;"), False),
        (("nginx", "-c", "/a"), True),
        (("nginx", "-c/a"), True),
        (("${COMMAND}",), None),
        (("-c", "${FILE}"), True),
    ],
)
def test_a_word_of_the_command_begins_with_an_option(
    command: tuple[str, ...] | None, holds: bool | None
) -> None:
    assert option("-c", "--config").holds(Start(command=command)) is holds
