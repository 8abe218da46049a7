"""Capabilities, from the YAML of a service to what its processes hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.values.capability import ALL_CAPABILITIES, DEFAULT_CAPABILITIES

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf

    from tightship.isolation.capabilities import Capabilities

PRIVILEGED = ("true", '"yes"', '"${X:-on}"')
EVERYTHING = frozenset(ALL_CAPABILITIES)

# Names as people write them: a capability or ALL, with CAP_ or without, in any case,
# plain or quoted, by itself or as the default of a variable.
name = st.sampled_from(("ALL", *ALL_CAPABILITIES))


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str]:
    """Return a capability and a YAML item of a flow list that names it."""
    known = draw(name)
    text = known if known == "ALL" else draw(st.sampled_from(("", "CAP_", "cap_"))) + known
    text = draw(st.sampled_from((text, text.lower(), text.title())))
    form = draw(st.sampled_from(("{}", '"{}"', "'{}'", '"${{X:-{}}}"')))
    return known, form.format(text)


capability_list = st.lists(spelled(), max_size=6)


def expected(added: set[str], dropped: set[str], *, privileged: bool) -> frozenset[str]:
    """Say what the engine grants, capability by capability."""

    def granted(capability: str) -> bool:
        if privileged:
            return True
        if "ALL" in added:
            return capability not in dropped
        if capability in added:
            return True
        kept = capability in DEFAULT_CAPABILITIES and "ALL" not in dropped
        return kept and capability not in dropped

    return frozenset(filter(granted, ALL_CAPABILITIES))


@given(
    added=capability_list,
    dropped=capability_list,
    privileged=st.sampled_from((*PRIVILEGED, "false", '"${X}"', "'no'")),
)
def test_capabilities_are_computed_as_by_the_engine_in_any_spelling(
    container_of: ContainerOf,
    added: list[tuple[str, str]],
    dropped: list[tuple[str, str]],
    privileged: str,
) -> None:
    container = container_of(
        f"cap_add: [{', '.join(text for _, text in added)}], "
        f"cap_drop: [{', '.join(text for _, text in dropped)}], "
        f"privileged: {privileged}"
    )
    adds, drops = {known for known, _ in added}, {known for known, _ in dropped}
    capabilities = container.capabilities
    wanted = expected(adds, drops, privileged=privileged in PRIVILEGED)
    assert capabilities.bounding == wanted
    # What is granted beyond the default is granted by some item of `cap_add`.
    brought = {power for grant in container.grants for power in grant.powers}
    assert brought <= wanted
    if not capabilities.privileged.is_surely(True):
        assert wanted - DEFAULT_CAPABILITIES <= brought
        assert wanted - brought == (frozenset() if "ALL" in adds else capabilities.kept_unasked)


def test_nothing_written_leaves_dockers_default(container_of: ContainerOf) -> None:
    container = container_of("command: x")
    assert container.capabilities.bounding == DEFAULT_CAPABILITIES
    assert container.capabilities.kept_unasked == DEFAULT_CAPABILITIES
    assert container.grants == []


def test_all_added_and_all_dropped_is_all(container_of: ContainerOf) -> None:
    container = container_of("cap_add: [ALL], cap_drop: [ALL]")
    assert container.capabilities.bounding == EVERYTHING
    [grant] = container.grants
    assert grant.powers == EVERYTHING


def test_only_drops_by_name_remove_from_all_added(container_of: ContainerOf) -> None:
    container = container_of("cap_add: [all], cap_drop: [CAP_SYS_ADMIN, sys_module]")
    assert container.capabilities.bounding == EVERYTHING - {"SYS_ADMIN", "SYS_MODULE"}


def test_a_capability_of_all_that_is_dropped_is_not_granted(container_of: ContainerOf) -> None:
    container = container_of("cap_add: [ALL, SYS_ADMIN], cap_drop: [SYS_ADMIN]")
    assert [grant.name for grant in container.grants] == ["ALL"]


def test_an_addition_wins_over_a_drop_of_the_same(container_of: ContainerOf) -> None:
    container = container_of("cap_add: [NET_ADMIN], cap_drop: [cap_net_admin]")
    assert "NET_ADMIN" in container.capabilities.bounding
    assert [grant.name for grant in container.grants] == ["NET_ADMIN"]


def test_a_privileged_container_holds_what_it_drops(container_of: ContainerOf) -> None:
    container = container_of("privileged: true, cap_drop: [ALL]")
    assert container.capabilities.bounding == EVERYTHING


def test_rejected_capabilities_are_not_granted(container_of: ContainerOf) -> None:
    container = container_of("cap_add: [CAP_ALL, NETADMIN, ''], cap_drop: [CAP_ALL]")
    assert container.capabilities.bounding == DEFAULT_CAPABILITIES
    assert container.grants == []
    assert not container.capabilities.could_drop_all


def test_undecided_capabilities_are_neither_granted_nor_dropped(container_of: ContainerOf) -> None:
    container = container_of("cap_add: ['${A}', '${B:-SYS_TIME}'], cap_drop: ['${C}']")
    assert [grant.name for grant in container.grants] == ["SYS_TIME"]
    assert container.capabilities.could_drop_all


@pytest.mark.parametrize(
    ("body", "could"),
    [
        ("cap_drop: [ALL]", True),
        ("cap_drop: ['${DROP:-all}']", True),
        ("cap_drop: ['${DROP}']", True),
        ("cap_drop: ['${DROP:-MKNOD}']", False),
        ("cap_drop: [NET_RAW]", False),
        ("cap_drop: []", False),
        ("extends: base", True),
    ],
)
def test_whether_all_could_be_dropped(container_of: ContainerOf, body: str, could: bool) -> None:
    assert container_of(body).capabilities.could_drop_all is could


def test_named_default_capabilities_are_additions(container_of: ContainerOf) -> None:
    def kept(body: str) -> Capabilities:
        return container_of(body).capabilities

    assert kept("cap_drop: [ALL]").kept_unasked == frozenset()
    assert kept("cap_add: [CHOWN]").kept_unasked == DEFAULT_CAPABILITIES - {"CHOWN"}
    dropped = ", ".join(DEFAULT_CAPABILITIES - {"CHOWN"})
    assert kept(f"cap_drop: [{dropped}]").kept_unasked == {"CHOWN"}


def test_items_are_found_under_any_spelling(container_of: ContainerOf) -> None:
    capabilities = container_of("cap_add: [SYS_TIME, cap_sys_time], cap_drop: [kill]").capabilities
    assert [item.span.text for item in capabilities.adds("SYS_TIME")] == [
        "SYS_TIME",
        "cap_sys_time",
    ]
    assert [item.span.text for item in capabilities.drops("KILL")] == ["kill"]
    assert capabilities.drops("SYS_TIME") == ()
