"""A person uses the hardened copy: what fails is given back, and what counts as use."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.trial.simulated import Service
from tests.trial.simulated_engine import SimulatedEngine

from tightship_annexes.trial import engine_trials, use
from tightship_annexes.trial.agreement import START, Difference
from tightship_annexes.trial.copy import ProjectCopy
from tightship_annexes.trial.guess import Guess
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.proving import Proof
from tightship_annexes.trial.run import Run
from tightship_annexes.trial.use import Enter, mended

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship_annexes.trial.agreement import Signal
    from tightship_annexes.trial.proving import Tried

WHOLE = Hardening(
    frozenset(), read_only=True, data=("/data",), no_new_privileges=True, memory=1 << 28
)
HAD = frozenset(("CHOWN", "SYS_CHROOT", "SETUID", "SETGID"))
SECONDS = 60


def soon(holds: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


class Person:
    """Does something with the copy after it is ready, and then presses Enter."""

    def __init__(self, act: Callable[[SimulatedEngine], None], last: str = "\n") -> None:
        self._act, self._last = act, last
        self.engine = SimulatedEngine({"web": Service({"CHOWN": START})})
        self.said: list[str] = []

    def readline(self) -> str:
        self._act(self.engine)
        return self._last

    def tried(self) -> Tried:
        config = {
            "name": "shop", "networks": {}, "volumes": {}, "services": {"web": {"image": "web:1"}},
        }  # fmt: skip
        copy = ProjectCopy(config, {}, ["web"], {}, {}, {}, [], [])
        run = Run(self.engine, copy, "label", "/shop")
        [one] = Proof(run, ["web"], {}, (), self.said.append, enter=Enter(self.readline)).tried()
        return one


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use, "_PAUSE", 0.01)
    monkeypatch.setattr(use, "_IDLE_SECONDS", 0.0)
    monkeypatch.setattr(engine_trials, "_QUIET", 0.0)
    monkeypatch.setattr(engine_trials, "_FIRST_PORT", 0.0)
    monkeypatch.delenv("DOCKER_HOST", raising=False)


def test_a_right_that_use_needs_is_given_back() -> None:
    def act(engine: SimulatedEngine) -> None:
        lives = len(engine.lives)
        engine.lives[-1].log.append("chroot: Operation not permitted")
        soon(lambda: len(engine.lives) > lives and any("again, on" in s for s in person.said))
        engine.lives[-1].log.append("the upload is saved")

    person = Person(act)
    one = person.tried()
    assert one.hardening.capabilities == frozenset(("CHOWN", "SYS_CHROOT"))
    assert "chroot: Operation not permitted" in one.needed["SYS_CHROOT"]
    assert any("used by you for" in done.text for done in one.exercised)
    [told] = [said for said in person.said if "; given back" in said]
    assert told.endswith("given back: SYS_CHROOT")


def test_what_fails_with_everything_given_back_takes_nothing_away() -> None:
    def act(engine: SimulatedEngine) -> None:
        for _ in range(9):
            lives = len(engine.lives)
            engine.lives[-1].log.append("login: access denied")
            while len(engine.lives) == lives and not person.has_said("without any"):
                time.sleep(0.01)
            soon(lambda: person.said.count(use.AGAIN) == person.count("starting again"))
            if person.has_said("without any"):
                break

    class Watching(Person):
        def has_said(self, words: str) -> bool:
            return any(words in one for one in self.said)

        def count(self, words: str) -> int:
            return sum(words in one for one in self.said)

    person = Watching(act)
    one = person.tried()
    assert person.has_said("this fails without any hardening, too")
    assert one.hardening.capabilities == frozenset(("CHOWN",))
    assert one.hardening.read_only


@pytest.mark.parametrize(
    ("last", "told"), [("\n", "nothing was seen to use it"), ("", "the input ended before Enter")]
)
def test_nobody_uses_it(last: str, told: str) -> None:
    one = Person(lambda _: None, last).tried()
    assert one.hardening.mechanisms
    assert any(told in text for text in one.unseen)
    assert not any("used by you" in done.text for done in one.exercised)


@pytest.mark.parametrize(
    ("signal", "text", "left"),
    [
        ("log", "its log has `chroot: Operation not permitted`", {"capabilities": {"SYS_CHROOT"}}),
        ("log", "its log has `open /up/a: Read-only file system`", {"data": ("/data", "/up")}),
        ("log", "its log has `open /etc/a: Read-only file system`", {"read_only": False}),
        ("memory", "it runs out of memory", {"memory": 1 << 30}),
        ("log", "its log has `access denied`", {"capabilities": None}),
        ("end", "it ends with code 3", {"capabilities": None}),
    ],
)
def test_what_a_failure_gives_back(signal: Signal, text: str, left: dict[str, object]) -> None:
    found = [Difference(signal, START, text)]
    made = mended(WHOLE, found, Guess(WHOLE, HAD), "/")
    assert {name: getattr(made, name) for name in left} == left


def test_without_a_terminal_or_a_pipe_there_is_no_person(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/null", encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        assert not use.can_enter()
    monkeypatch.setattr("sys.stdin", None)
    assert not use.can_enter()
