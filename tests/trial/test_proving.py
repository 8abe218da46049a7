"""A trial from its plain start to what is proved, on an engine that runs nothing."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from tests.trial.simulated import PHASES, Service
from tests.trial.simulated_engine import SimulatedEngine

from tightship_annexes.trial import engine_trials
from tightship_annexes.trial.agreement import RECREATE, RESTART, START, STOP
from tightship_annexes.trial.copy import ProjectCopy
from tightship_annexes.trial.engine_trials import EngineTrials
from tightship_annexes.trial.observation import Observation
from tightship_annexes.trial.proving import Proof
from tightship_annexes.trial.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship_annexes.trial.proving import Tried

STEPS_DOWN = Service(
    {"CHOWN": START, "SETGID": START, "SETUID": START, "KILL": STOP}, {"/srv/files": START}
)
WHOLE = [*PHASES, RESTART, RECREATE]


class Clock:
    """Stands for the time of the machine, which goes on while one sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_trials, "time", Clock())
    monkeypatch.delenv("DOCKER_HOST", raising=False)


def started(engine: SimulatedEngine) -> Run:
    config = {
        "name": "shop", "networks": {}, "volumes": {},
        "services": {name: {"image": f"{name}:1"} for name in engine.services},
    }  # fmt: skip
    return Run(
        engine, ProjectCopy(config, {}, [*engine.services], {}, {}, {}, [], []), "label", "/shop"
    )


def tried(
    services: Mapping[str, Service],
    *broken: str,
    refused: tuple[str, ...] = (),
    depends: Mapping[str, object] | None = None,
) -> tuple[dict[str, Tried], SimulatedEngine]:
    engine = SimulatedEngine(services, broken)
    engine.refused = refused
    config = {
        "name": "shop", "networks": {}, "volumes": {},
        "services": {name: {"image": f"{name}:1", "depends_on": (depends or {}).get(name, {})}
                     for name in services},
    }  # fmt: skip
    copy = ProjectCopy(config, {}, [*services], {}, {}, {}, [], [])
    found = Proof(
        Run(engine, copy, "label", "/shop"), copy.services, {}, (), lambda _: None
    ).tried()
    return {one.service: one for one in found}, engine


def test_what_a_service_needs_is_proved_in_three_starts() -> None:
    found, _engine = tried({"web": STEPS_DOWN})
    one = found["web"]
    assert not one.why
    assert one.starts == 3
    assert one.hardening.capabilities == frozenset(STEPS_DOWN.capabilities)
    assert one.hardening.read_only
    assert "/srv/files" in one.hardening.data
    assert "it has to be killed" in one.needed["KILL"]


def test_what_is_proved_has_lived_through_every_phase() -> None:
    found, engine = tried({"web": STEPS_DOWN})
    old, new = engine.lives[-4], engine.lives[-3]
    assert (old.name, new.name) == ("web", "web--1")
    assert [*old.phases, *engine.lives[-2].phases] == WHOLE
    assert [*new.phases, *engine.lives[-1].phases] == WHOLE
    assert old.hardening == new.hardening == found["web"].hardening


def test_a_copy_is_let_go_at_its_first_difference() -> None:
    _found, engine = tried({"web": STEPS_DOWN})
    copies = [one for one in engine.lives if one.name.startswith("web--")]
    assert {1, 2, 3} <= {len(one.phases) for one in copies}
    for one in copies:
        failed = [phase for phase in one.phases if STEPS_DOWN.missing(one.hardening, phase)]
        assert failed in ([], one.phases[-1:])


def test_a_service_that_does_not_work_is_not_judged_and_others_are() -> None:
    found, engine = tried({"broken": Service(), "web": STEPS_DOWN}, "broken")
    assert found["web"].hardening.mechanisms
    assert found["broken"].why == "it does not work as it is: it ends with code 3: no database"
    assert [one.name for one in engine.lives].count("broken") == 1
    assert not any(one.name.startswith("broken--") for one in engine.lives)


def test_a_service_that_others_need_is_started_though_it_does_not_work() -> None:
    waits = {"web": {"migrate": {"condition": "service_started"}}}
    services = {"migrate": Service(), "web": STEPS_DOWN, "alone": Service()}
    found, engine = tried(services, "migrate", "alone", depends=waits)
    names = [one.name for one in engine.lives]
    assert names.count("alone") == 1
    assert names.count("migrate") > 1
    assert found["web"].hardening.mechanisms


def test_a_container_that_the_engine_does_not_make_costs_no_other_service() -> None:
    found, _engine = tried({"odd": Service(), "web": STEPS_DOWN}, refused=("odd",))
    assert found["odd"].why == "no such mount"
    assert found["web"].hardening.capabilities == frozenset(STEPS_DOWN.capabilities)


def test_no_port_counts_where_one_answers_while_the_copy_is_stopped() -> None:
    run = started(SimulatedEngine({"web": STEPS_DOWN}))
    trials = EngineTrials(run, ["web"])
    trials.start_plain()
    run.reach = "loopback"
    trials.plain["web"][START] = Observation(running=True, answers={80: "HTTP 200"})
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        trials.places = {stranger.getsockname()}
        trials.stop_plain()
    assert not trials.run.reach
    assert not trials.plain["web"][START].answers
