"""Security options: which of several counts, in which spelling, and when nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import given, settings, strategies as st

from tightship.isolation.security import UNCONFINED_TYPES

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf

    from tightship.isolation.security import Security


class SecurityOf(Protocol):
    """The security options of a service with these items."""

    def __call__(self, *options: str) -> Security: ...


@pytest.fixture(scope="session")
def security_of(container_of: ContainerOf) -> SecurityOf:
    def made(*options: str) -> Security:
        items = ", ".join(f'"{option}"' for option in options)
        return container_of(f"security_opt: [{items}]").security

    return made


def test_nothing_written_is_surely_absent(container_of: ContainerOf) -> None:
    security = container_of("command: x").security
    for field in (security.seccomp, security.apparmor, security.selinux):
        assert field.surely_absent
    assert security.no_new_privileges.surely_absent
    assert security.system_paths.surely_absent
    assert security.seccomp.span.text == "s"


def test_an_option_of_another_file_is_not_absent(container_of: ContainerOf) -> None:
    security = container_of("command: x", complete=False).security
    assert security.no_new_privileges.could_be(True)
    assert security.seccomp.could_be("unconfined")
    assert security.system_paths.could_be("unconfined")


@pytest.mark.parametrize("kind", ["seccomp", "apparmor"])
def test_both_separators_are_read(security_of: SecurityOf, kind: str) -> None:
    for option in (f"{kind}=unconfined", f"{kind}:unconfined"):
        assert getattr(security_of(option), kind).is_surely("unconfined")


def test_the_equals_sign_separates_first(security_of: SecurityOf) -> None:
    assert security_of("seccomp=a:b.json").seccomp.value == "a:b.json"
    # The key of this one is `seccomp:a`, which the daemon refuses.
    assert security_of("seccomp:a=b.json").seccomp.value is None


def test_the_last_option_of_a_kind_wins(security_of: SecurityOf) -> None:
    security = security_of("seccomp=unconfined", "apparmor=x", "seccomp:mine.json")
    assert security.seccomp.value == "mine.json"
    assert security.seccomp.span.text == '"seccomp:mine.json"'
    assert security.apparmor.value == "x"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *((v, True) for v in ("1", "t", "T", "TRUE", "true", "True")),
        *((v, False) for v in ("0", "f", "F", "FALSE", "false", "False")),
    ],
)
def test_no_new_privileges_is_read_as_go_reads_booleans(
    security_of: SecurityOf, value: str, read: bool
) -> None:
    for separator in "=:":
        option = f"no-new-privileges{separator}{value}"
        assert security_of(option).no_new_privileges.is_surely(read)


def test_no_new_privileges_needs_no_value(security_of: SecurityOf) -> None:
    field = security_of("no-new-privileges").no_new_privileges
    assert field.is_surely(True)
    assert field.span.text == '"no-new-privileges"'


@pytest.mark.parametrize("value", ["", "yes", "tRUE", "${NNP}"])
def test_a_rejected_option_is_neither(security_of: SecurityOf, value: str) -> None:
    field = security_of(f"no-new-privileges:{value}").no_new_privileges
    assert field.is_set
    assert field.could_be(True)
    assert not field.is_surely(True)


@pytest.mark.parametrize(
    ("options", "value"),
    [
        (("label=disable",), "disable"),
        (("label:disable",), "disable"),
        (("disable",), None),  # Compose rejects it
        (("label=disable", "label=type:container_t"), "disable"),
        (("label=type:spc_t",), "spc_t"),
        (("label:type:spc_t",), "spc_t"),
        (("label=type:spc_t", "label=type:container_t"), "container_t"),
        (("label=type:spc_t", "label=level:s0:c1"), "spc_t"),
        (("label=type:${TYPE:-spc_t}",), "spc_t"),
        (("label=user:system_u",), None),
        (("seccomp=disable",), None),
    ],
)
def test_the_selinux_label(
    security_of: SecurityOf, options: tuple[str, ...], value: str | None
) -> None:
    field = security_of(*options).selinux
    assert field.decided
    assert field.value == value


@pytest.mark.parametrize("option", ["label=${L}", "label=type:${T}", "${O}", "label=t${T}"])
def test_an_undecided_label(security_of: SecurityOf, option: str) -> None:
    field = security_of("label=type:spc_t", option).selinux
    assert not field.decided


def test_another_kind_of_label_leaves_the_type_decided(security_of: SecurityOf) -> None:
    field = security_of("label=type:spc_t", "label=level:${LEVEL}").selinux
    assert field.is_surely("spc_t")


def test_unconfined_types_are_not_those_of_ordinary_containers() -> None:
    assert not UNCONFINED_TYPES & {"container_t", "container_init_t", "svirt_lxc_net_t"}


@pytest.mark.parametrize(
    ("options", "unconfined"),
    [
        (("systempaths=unconfined",), True),
        (("systempaths=unconfined", "seccomp=x.json"), True),
        (("systempaths=unconfined", "${MORE}"), True),
        (("systempaths:unconfined",), False),
        (("systempaths=confined",), False),
    ],
)
def test_system_paths_have_one_spelling(
    security_of: SecurityOf, options: tuple[str, ...], unconfined: bool
) -> None:
    assert security_of(*options).system_paths.is_surely("unconfined") is unconfined


def test_an_undecided_option_can_be_of_any_kind(security_of: SecurityOf) -> None:
    security = security_of("seccomp=unconfined", "no-new-privileges:false", "${MORE}")
    assert not security.seccomp.decided
    assert not security.no_new_privileges.decided
    assert not security.apparmor.decided


def test_options_after_an_undecided_one_are_decided(security_of: SecurityOf) -> None:
    assert security_of("${MORE}", "seccomp=unconfined").seccomp.is_surely("unconfined")


def test_a_half_decided_option_is_of_its_kind_only(security_of: SecurityOf) -> None:
    security = security_of("no-new-privileges:true", "seccomp=${PROFILE}")
    assert not security.seccomp.decided
    assert security.apparmor.surely_absent
    assert security.no_new_privileges.is_surely(True)


OPTIONS = (
    "seccomp=unconfined",
    "seccomp:p.json",
    "apparmor=unconfined",
    "apparmor:mine",
    "no-new-privileges",
    "no-new-privileges:false",
    "no-new-privileges=true",
    "label=disable",
    "label:type:spc_t",
    "label=type:container_t",
)


@settings(max_examples=settings().max_examples // 6)
@given(options=st.lists(st.sampled_from(OPTIONS), max_size=6, unique=True))
def test_the_outcome_is_that_of_the_daemons_loop(
    security_of: SecurityOf, options: list[str]
) -> None:
    kinds: dict[str, str] = {}
    labels: list[str] = []
    for option in options:
        if option == "no-new-privileges":
            kinds[option] = "true"
            continue
        key, _, value = option.partition("=" if "=" in option else ":")
        if key == "label":
            labels.append(value)
        else:
            kinds[key] = value
    types = [label.removeprefix("type:") for label in labels if label != "disable"]
    security = security_of(*options)
    assert security.seccomp.value == kinds.get("seccomp")
    assert security.apparmor.value == kinds.get("apparmor")
    wanted = {"true": True, "false": False}.get(kinds.get("no-new-privileges", ""))
    assert security.no_new_privileges.value is wanted
    assert security.selinux.value == (
        "disable" if "disable" in labels else types[-1] if types else None
    )
