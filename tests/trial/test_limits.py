"""Limits come from what was asked of a service, or are bounds that protect the host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.trial.test_guess import plain_of

from tightship_annexes.trial.limits import limits_of
from tightship_annexes.trial.observation import Usage

if TYPE_CHECKING:
    from tightship_annexes.trial.guess import Plain

MEGABYTE = 1 << 20
BOUNDS = {"mem_limit": 3000 * MEGABYTE, "pids_limit": 16_384}


def plain(used: int, *words: str, processes: int = 5, **more: Any) -> Plain:
    own = plain_of(((0, "app"),), Memory=BOUNDS["mem_limit"])
    own.about["Config"]["Env"] = [one for one in words if one[0].isupper()]
    own.about["Config"]["Cmd"] = [one for one in words if not one[0].isupper()]
    return own.replaced(bounds=BOUNDS, usage=Usage(used * MEGABYTE, processes), **more)


def memory(*given: Any, **more: Any) -> int:
    return (limits_of(plain(*given, **more)).memory or 0) // MEGABYTE


def test_idle_use_makes_no_limit_but_a_bound_of_the_host() -> None:
    assert memory(10) == 2048
    assert limits_of(plain(10)).why == "a bound that protects the host, as no load was seen"


def test_a_bound_is_never_below_four_times_what_was_seen() -> None:
    assert memory(500) == 2048
    assert limits_of(plain(600)).memory is None


def test_probes_are_a_load() -> None:
    assert memory(10, is_probed=True) == 256
    assert memory(60, is_probed=True) == 512


@pytest.mark.parametrize(
    ("word", "limit"),
    [
        ("ES_JAVA_OPTS=-Xms100m -Xmx100m", 512),
        ("-Xmx1g", 2048),
        ("-Xmx2g", 0),
        ("NODE_OPTIONS=--max-old-space-size=512", 1024),
        ("GOMEMLIMIT=500MiB", 1024),
        ("GOMEMLIMIT=off", 2048),
    ],
)
def test_a_setting_of_the_program_bounds_it_with_what_is_beside_it(word: str, limit: int) -> None:
    assert memory(60, word) == limit
    assert limits_of(plain(60, word)).memory != 256 * MEGABYTE


def test_processes_are_bounded_far_above_what_was_seen() -> None:
    assert limits_of(plain(10)).processes == 2048
    assert limits_of(plain(10, processes=600)).processes == 4096


def test_what_cannot_be_known_has_no_limit() -> None:
    assert limits_of(plain(10).replaced(usage=Usage(None, None))).memory is None
    assert limits_of(plain_of(((0, "app"),))).memory is None
    own = limits_of(plain_of(((0, "app"),), Memory=1 << 26, PidsLimit=50))
    assert (own.memory, own.processes) == (None, None)
