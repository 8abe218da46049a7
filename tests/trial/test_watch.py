"""Containers are watched until they have settled, and no longer."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from tightship_annexes.trial import engine_trials
from tightship_annexes.trial.agreement import OPEN
from tightship_annexes.trial.engine import Completed
from tightship_annexes.trial.engine_trials import Watch, Watched
from tightship_annexes.trial.masking import Masks
from tightship_annexes.trial.observation import Observation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORKS = Observation(running=True, processes=frozenset(((0, "main"), (33, "worker"))), seconds=1.0)


class Clock:
    """Stands for the time of the machine, which goes on while one sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Machine:
    """Runs containers whose processes depend on the time."""

    masks = Masks()

    def __init__(self, clock: Clock, **seen: Callable[[float], str | int]) -> None:
        self.clock, self.seen = clock, seen
        self.logs = dict[str, str]()

    def check_room(self) -> None:
        pass

    def docker(self, *words: str, **_: object) -> Completed:
        names = [name for name in self.seen if name in words]
        if words[0] == "inspect":
            return Completed(0, "\n".join(map(self._inspected, names)), "")
        if words[0] == "top":
            programs = str(self.seen[names[0]](self.clock.now))
            pairs = (one.split(":") for one in programs.split())
            rows = [f"{n} {min(n - 1, 1)} {user} {p}" for n, (user, p) in enumerate(pairs, 1)]
            return Completed(0, "\n".join(("PID PPID UID COMMAND", *rows)), "")
        if words[0] == "logs":
            return Completed(0, self.logs.get(words[-1], ""), "")
        return Completed(0, "", "")

    def _inspected(self, name: str) -> str:
        seen = self.seen[name](self.clock.now)
        state = {"Running": isinstance(seen, str), "ExitCode": seen if isinstance(seen, int) else 0}
        settings: dict[str, Any] = {"Networks": {}, "Ports": {}}
        return json.dumps({
            "Id": name, "State": {**state, "Pid": 1}, "NetworkSettings": settings, "Config": {},
        })  # fmt: skip


def watched(
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, Watched],
    logs: Mapping[str, str] = MappingProxyType({}),
    **seen: Callable[[float], str | int],
) -> tuple[dict[str, Observation], float]:
    clock = Clock()
    monkeypatch.setattr(engine_trials, "time", clock)
    machine: Any = Machine(clock, **seen)
    machine.logs.update(logs)
    return Watch(machine, given, "address").run(), clock.now


def whole(_: float) -> str:
    return "0:main 33:worker"


def test_a_plain_container_has_settled_when_nothing_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def starting(now: float) -> str:
        return whole(now) if now > 3 else f"0:step-{now:.1f}"

    seen, spent = watched(monkeypatch, {"a": Watched("a")}, a=starting)
    assert seen["a"].processes == {(0, "main"), (33, "worker")}
    assert 3 < seen["a"].seconds < 4
    assert spent < 8


def test_a_copy_that_agrees_twice_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, spent = watched(monkeypatch, {"a": Watched("a", WORKS, "a")}, a=whole)
    assert seen["a"].processes == WORKS.processes
    assert spent < 1


def test_a_log_counts_though_all_else_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"a": Watched("a", WORKS, "a"), "b": Watched("b", WORKS, "a")}
    logs = {"b": "chown: Operation not permitted"}
    seen, _spent = watched(monkeypatch, given, logs, a=whole, b=whole)
    assert seen["b"].refusals == {"chown: Operation not permitted"}


def test_a_copy_that_ends_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"a": Watched("a", WORKS, "a"), "b": Watched("b", WORKS, "a")}
    seen, spent = watched(monkeypatch, given, a=whole, b=lambda _: 1)
    assert not seen["b"].running
    assert seen["b"].exit_code == 1
    assert spent < 1


def test_a_copy_that_differs_has_as_long_as_its_control(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"a": Watched("a", WORKS, "a"), "b": Watched("b", WORKS, "a")}
    slow = 10.0
    seen, spent = watched(
        monkeypatch,
        given,
        a=lambda now: whole(now) if now > slow else "0:sh",
        b=lambda now: whole(now) if now > 2 * slow else "0:main",
    )
    assert seen["a"].processes == WORKS.processes
    assert seen["b"].processes == WORKS.processes
    assert 2 * slow < spent < 4 * slow


@pytest.mark.parametrize(("copies", "works"), [(2, False), (6, True)])
def test_a_control_with_many_copies_beside_it_has_longer(
    monkeypatch: pytest.MonkeyPatch, copies: int, *, works: bool
) -> None:
    plain = WORKS.replaced(seconds=15.0)
    given = {f"c{n}": Watched(f"c{n}", plain, "c0") for n in range(copies)}
    slow: dict[str, Callable[[float], str | int]] = dict.fromkeys(given, whole)
    slow["c0"] = lambda now: whole(now) if now > 60 else "0:main"
    seen, _spent = watched(monkeypatch, given, {}, **slow)
    assert (seen["c0"].processes == WORKS.processes) == works


def test_a_copy_that_never_agrees_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"a": Watched("a", WORKS, "a"), "b": Watched("b", WORKS, "a")}
    seen, spent = watched(monkeypatch, given, a=whole, b=lambda _: "0:main")
    assert seen["b"].processes == {(0, "main")}
    assert spent < 10


def test_a_copy_that_runs_programs_of_its_start_has_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"a": Watched("a", WORKS, "a"), "b": Watched("b", WORKS, "a")}
    slow = 5.0
    for program, works in (("initdb", True), ("main", False)):
        late = f"33:{program}"

        def starting(now: float, late: str = late) -> str:
            return whole(now) if now > 1.2 * slow else late

        seen, _spent = watched(
            monkeypatch, given, a=lambda now: whole(now) if now > slow / 3 else "0:sh", b=starting
        )
        assert (seen["b"].processes == WORKS.processes) == works


def test_the_first_page_of_a_plain_server_may_take_its_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answered(_host: str, _port: int, _known: str = "", seconds: float = 1.5, **_: Any) -> str:
        times.append(seconds)
        return "HTTP 200" if seconds > 3 else OPEN

    def placed(*_: object, **__: object) -> tuple[str, int]:
        return "10.0.0.2", 80

    times = list[float]()
    monkeypatch.setattr(engine_trials, "answer", answered)
    monkeypatch.setattr(engine_trials, "address", placed)
    watched(monkeypatch, {"a": Watched("a", ports=(80,))}, a=whole)
    assert [one for one in times if one > 3] == [8.0]
    times.clear()
    expected = WORKS.replaced(answers={80: OPEN})
    watched(monkeypatch, {"a": Watched("a", expected, "a")}, a=whole)
    assert {*times} == {1.5}


def test_a_copy_that_differs_already_is_not_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    def probed(about: Mapping[str, Any]) -> tuple[str, ...]:
        asked.append(about["Id"])
        return ()

    asked = list[str]()
    given = {
        "a": Watched("a", WORKS, "a", probe=probed),
        "b": Watched("b", WORKS, "a", probe=probed),
    }
    watched(monkeypatch, given, a=whole, b=lambda _: "0:main")
    assert {*asked} == {"a"}


def test_a_refusal_in_the_log_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"a": Watched("a", WORKS, "a")}
    refused = {"a": "chown: changing ownership of '.': Operation not permitted"}
    seen, spent = watched(monkeypatch, given, refused, a=whole)
    assert seen["a"].refusals
    assert spent < 3


@pytest.mark.parametrize(
    ("chatty", "patience", "answers", "spent"),
    [(70.0, 90.0, True, 60), (70.0, 50.0, False, 50), (5.0, 90.0, False, 30)],
)
def test_a_published_port_is_waited_for_as_long_as_the_log_goes_on(
    monkeypatch: pytest.MonkeyPatch, chatty: float, patience: float, *, answers: bool, spent: int
) -> None:
    clock = Clock()

    def answered(*_: object, **__: object) -> str | None:
        return "HTTP 200" if clock.now > 60 else None

    class Talking(Machine):
        def docker(self, *words: str, **given: object) -> Completed:
            self.logs["a"] = f"step {min(clock.now, chatty):.0f}"
            return super().docker(*words, **given)

    monkeypatch.setattr(engine_trials, "time", clock)
    monkeypatch.setattr(engine_trials, "answer", answered)
    place: Callable[..., object] = lambda *_: ("127.0.0.1", 4000)  # noqa: E731
    monkeypatch.setattr(engine_trials, "address", place)
    machine: Any = Talking(clock, a=whole)
    seen = Watch(machine, {"a": Watched("a", ports=(80,))}, "address", patience).run()
    assert bool(seen["a"].answers) is answers
    assert spent <= clock.now < spent + 8
