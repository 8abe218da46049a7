"""A filter that is called known does what libseccomp's program of the same rules does."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, strategies as st
from tests.lab.exported_filter import Conditions, exported, library, stops

from tightship.isolation.seccomp_filter import OPERATORS, Environment, Filter

pytestmark = pytest.mark.skipif(library() is None, reason="libseccomp is not installed")

CALL, NUMBER = "ioctl", 16
TRIED = (0, 1, 2, 3, 5, 8, 9, 1 << 32, (1 << 32) + 3, (1 << 64) - 1)
BELOW_32_BITS = st.sampled_from((1, 2, 3, 5, 8))


def conditions(operators: tuple[str, ...]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "index": st.sampled_from((0, 1)),
            "op": st.sampled_from([f"SCMP_CMP_{one}" for one in operators]),
            "value": BELOW_32_BITS,
            "valueTwo": BELOW_32_BITS,
        }
    )


ALL = tuple(one.removeprefix("SCMP_CMP_") for one in sorted(OPERATORS))


def filter_of(rules: list[Conditions]) -> Filter:
    written = [{"names": [CALL], "action": "SCMP_ACT_TRAP", "args": one} for one in rules]
    profile = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": written}
    return Filter(profile, Environment("amd64", (6, 1), ()))


@given(
    st.one_of(
        st.lists(conditions(ALL).map(lambda one: [one]), min_size=1, max_size=4),
        st.lists(
            st.lists(conditions(("EQ",)), min_size=1, max_size=2, unique_by=lambda c: c["index"]),
            min_size=1,
            max_size=4,
        ),
    )
)
def test_a_known_verdict_is_that_of_the_exported_program(rules: list[Conditions]) -> None:
    program, ours = exported(NUMBER, rules), filter_of(rules)
    if program is None:
        return
    for first, second in product(TRIED, TRIED):
        stopped = stops(program, NUMBER, (first, second, 0, 0, 0, 0))
        assert ours.allows(CALL, {0: first, 1: second}) == (not stopped)


def order(index: int, operator: str, value: int) -> dict[str, object]:
    return {"index": index, "op": f"SCMP_CMP_{operator}", "value": value}


@pytest.mark.parametrize(
    "rules",
    [
        [[order(0, "LE", 1 << 32)], [order(0, "LE", 1)]],
        [[order(0, "GE", 1)], [order(0, "LE", 0), order(1, "LE", 3)]],
        [[order(0, "EQ", 8), order(1, "EQ", 0)], [order(1, "NE", 0)]],
    ],
)
def test_rules_that_libseccomp_merges_wrongly_are_unknown(rules: list[Conditions]) -> None:
    assert filter_of(rules).allows(CALL, {0: 2, 1: 9}) is None
