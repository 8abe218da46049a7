"""Labels of runs tell whether their process lives, and subnets are free."""

from __future__ import annotations

import os
import subprocess
import sys
from ipaddress import IPv4Network

import pytest
from hypothesis import given, strategies as st

from tightship_annexes.trial.cleaning import own_label, owner
from tightship_annexes.trial.engine import EngineError
from tightship_annexes.trial.preparing import free_subnets


def test_a_label_of_this_process_is_running_and_unique() -> None:
    first, second = own_label(), own_label()
    assert first != second
    assert owner(first) == owner(second) == "running"


def test_a_process_that_ended_and_one_with_its_number_are_others() -> None:
    code = "from tightship_annexes.trial.cleaning import own_label; print(own_label())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    label = done.stdout.strip()
    assert owner(label) == "ended"
    machine, _, start, rest = label.split(".")
    assert owner(f"{machine}.{os.getpid()}.{start}.{rest}") == "ended"
    assert owner(f"0{machine}.{os.getpid()}.{start}.{rest}") == "elsewhere"


def test_labels_of_others_are_unknown() -> None:
    assert {owner(one) for one in ("", "x", "a.b.c.d", "true", "1.2.3")} == {"unknown"}


@given(st.integers(0, 9), st.lists(st.integers(0, 16383), max_size=30), st.integers(0, 16383))
def test_subnets_are_free_and_differ(count: int, used: list[int], first: int) -> None:
    taken = [IPv4Network(((10 << 24 | 192 << 16) + (one << 8), 24)) for one in used]
    found = [IPv4Network(one) for one in free_subnets(count, taken, lambda most: first % most)]
    assert len(found) == len({*found}) == count
    assert not any(one.overlaps(other) for one in found for other in taken)


def test_a_large_network_leaves_none_of_its_addresses() -> None:
    large = [IPv4Network("10.0.0.0/8"), IPv4Network("172.16.0.0/12")]
    for taken in (large[:1], large):
        found = [IPv4Network(one) for one in free_subnets(3, taken)]
        assert len({*found}) == 3
        assert all(one.is_private for one in found)
        assert not any(one.overlaps(other) for one in found for other in taken)


def test_without_a_free_network_it_says_so() -> None:
    with pytest.raises(EngineError, match="add `--network`"):
        free_subnets(1, [IPv4Network("0.0.0.0/0")])
