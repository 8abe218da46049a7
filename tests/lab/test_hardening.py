"""A trial of a hardened file sees what breaks, and leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lab.hardening import Expected, Trial, run_on_plain_volumes, run_trial
from tests.lab.stand_ins import StandIn, build, is_cached, stand_ins
from tests.lab.variants import with_bind_mounts, with_keys

if TYPE_CHECKING:
    from tests.lab.engine import Engine

ROOT = "stores"
DROPPED = {"cap_drop": ["ALL"]}
STEP_DOWN = {**DROPPED, "cap_add": ["CHOWN", "SETGID", "SETUID"]}


@pytest.fixture(scope="module")
def built(running: Engine) -> dict[str, StandIn]:
    if not running.own:
        pytest.skip("stand-ins are made only in an engine of the lab's own")
    if not is_cached(ROOT):
        pytest.skip(f"no file system `{ROOT}` in the cache; `make lab-images` makes it")
    chosen = stand_ins(["postgres", "redis", "redis-7"])
    for one in chosen:
        build(running, one)
    return {one.name: one for one in chosen}


def trial_of(running: Engine, one: StandIn, text: str) -> Trial:
    return run_trial(running, one, text, Expected(frozenset({"999:999"}), 30, 5))


def test_the_plain_file_works_and_nothing_is_left(
    running: Engine, built: dict[str, StandIn]
) -> None:
    trial = trial_of(running, built["redis"], built["redis"].compose)
    assert trial.failed == ""
    assert trial.users == {"999:999"}
    assert trial.stops
    of_compose = ("--filter", "label=com.docker.compose.project")
    assert running.docker("ps", "-aq", *of_compose) == ""
    assert running.docker("volume", "ls", "-q", *of_compose) == ""


def test_a_server_that_stays_root_is_detected(running: Engine, built: dict[str, StandIn]) -> None:
    text = with_bind_mounts(built["redis"].compose)
    trial = trial_of(running, built["redis"], with_keys(text, DROPPED))
    assert trial.failed == "start: runs as 0:0, not 999:999"


def test_a_server_that_fails_at_its_second_start_is_detected(
    running: Engine, built: dict[str, StandIn]
) -> None:
    trial = trial_of(running, built["postgres"], with_keys(built["postgres"].compose, STEP_DOWN))
    assert trial.phase == "restart"
    assert "Permission denied" in trial.failed


def test_a_server_that_cannot_read_the_old_volume_is_detected(
    running: Engine, built: dict[str, StandIn]
) -> None:
    one = built["redis-7"]
    expected = Expected(frozenset({"1000:1000"}), 10, 5)
    text = with_keys(one.compose, {"user": "1000:1000"})
    trial = run_on_plain_volumes(running, one, text, expected)
    assert trial.phase == "plain volume"
