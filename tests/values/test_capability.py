from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.values.capability import (
    ALL_CAPABILITIES,
    DEFAULT_CAPABILITIES,
    MEANING,
    bounding,
    canonical,
    closest,
    is_known,
)

names = st.sampled_from([*ALL_CAPABILITIES, "ALL", "CAP_ALL", "NO_SUCH"])
spelled = st.tuples(names, st.sampled_from(["", "CAP_", "cap_"]), st.booleans()).map(
    lambda t: (t[1] if "ALL" not in t[0] else "") + (t[0].lower() if t[2] else t[0])
)


def held(capability: str, added: set[str], dropped: set[str], privileged: bool) -> bool:
    """Tell of one capability whether a container holds it: the algebra once more."""
    if privileged:
        return True
    named, spared = capability in added, capability not in dropped
    if "ALL" in added:
        return spared
    if "ALL" in dropped:
        return named
    return named or (spared and capability in DEFAULT_CAPABILITIES)


@given(st.lists(spelled, max_size=6), st.lists(spelled, max_size=6), st.booleans())
def test_each_capability_is_held_or_not_by_the_engines_rules(
    added: list[str], dropped: list[str], privileged: bool
) -> None:
    adds, drops = {canonical(n) for n in added}, {canonical(n) for n in dropped}
    assert bounding(added, dropped, privileged) == {
        capability for capability in ALL_CAPABILITIES if held(capability, adds, drops, privileged)
    }


def test_surprising_cases_agree_with_the_engine() -> None:
    everything = set(ALL_CAPABILITIES)
    assert bounding([], [], False) == DEFAULT_CAPABILITIES
    assert bounding([], ["ALL"], False) == set()
    assert bounding(["ALL"], ["ALL"], False) == everything
    assert bounding(["all"], ["cap_sys_admin"], False) == everything - {"SYS_ADMIN"}
    assert bounding(["NET_ADMIN"], ["all"], False) == {"NET_ADMIN"}
    assert bounding(["CAP_CHOWN"], ["CHOWN"], False) == DEFAULT_CAPABILITIES
    assert bounding([], ["ALL"], True) == everything
    assert bounding(["CAP_ALL"], [], False) == DEFAULT_CAPABILITIES


def test_capabilities_are_in_the_order_of_the_kernel() -> None:
    numbers = {name: number for number, name in enumerate(ALL_CAPABILITIES)}
    assert len(numbers) == 41
    known = {"CHOWN": 0, "NET_ADMIN": 12, "SYS_MODULE": 16, "SYS_ADMIN": 21}
    known |= {"MKNOD": 27, "SETFCAP": 31, "SYSLOG": 34, "CHECKPOINT_RESTORE": 40}
    assert {name: numbers[name] for name in known} == known


def test_a_container_has_fourteen_capabilities_by_default() -> None:
    assert len(DEFAULT_CAPABILITIES) == 14
    assert set(ALL_CAPABILITIES) >= DEFAULT_CAPABILITIES


def test_every_capability_has_a_short_meaning() -> None:
    for meaning in MEANING.values():
        assert 8 < len(meaning) < 70
        assert meaning[0].islower()
        assert not meaning.endswith(".")


def test_a_name_has_one_spelling() -> None:
    assert canonical("cap_Sys_Admin") == "SYS_ADMIN"
    assert canonical("all") == "ALL"
    assert is_known("net_raw")
    assert is_known("ALL")


def test_all_takes_no_prefix() -> None:
    assert canonical("cap_all") == "CAP_ALL"
    assert not is_known("CAP_ALL")
    assert closest("CAP_ALL") == "ALL"


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("SYS_ADMN", "SYS_ADMIN"),
        ("CAP_NET_ADMINN", "NET_ADMIN"),
        ("SYSADMIN", "SYS_ADMIN"),
        ("NTE_RAW", "NET_RAW"),
        ("SETUDI", "SETUID"),
        ("SETPID", None),  # SETUID and SETGID are both one slip away
        ("FOO", None),
        ("", None),
        ("NET_RAW", None),
    ],
)
def test_an_unambiguous_typo_is_recognised(slip: str, meant: str | None) -> None:
    assert closest(slip) == meant
