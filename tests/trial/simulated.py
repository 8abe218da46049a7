"""A project whose services need what a test says, in place of an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tightship.values.capability import DEFAULT_CAPABILITIES
from tightship_annexes.trial.agreement import AGAIN, RECREATE, RESTART, START, STOP
from tightship_annexes.trial.guess import Guess
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.observation import KILLED, Observation
from tightship_annexes.trial.search import (
    Budget,
    Found,
    Proved,
    retreat,
    search,
    searched,
    together,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship_annexes.trial.agreement import Life

OLD_DATA = "old data"
PHASES = (START, STOP, AGAIN)
WORKS = Observation(
    running=True, processes=frozenset(((0, "main"), (33, "worker"))), answers={80: "HTTP 200"}
)
STOPPED = Observation(running=False)
PLAIN: Life = {START: WORKS, STOP: STOPPED, AGAIN: WORKS}


@dataclass(frozen=True)
class Service:
    """What a service needs: capabilities and paths with the phase in which it fails without.

    A need of the phase ``never`` shows itself in no trial. ``speaks`` tells whether its log
    names what is missing.
    """

    capabilities: Mapping[str, str] = field(default_factory=dict[str, str])
    paths: Mapping[str, str] = field(default_factory=dict[str, str])
    gains_privileges: bool = False
    memory: int = 1 << 26
    speaks: bool = True

    def life(self, tried: Hardening, phases: Sequence[str]) -> Life:
        """Return what is seen of a copy."""
        found = dict[str, Observation]()
        for phase in phases:
            found[phase] = self.seen(tried, phase)
            if phase == START and not found[phase].running:
                found |= dict.fromkeys(phases, found[phase])
                break
        return found

    def missing(self, tried: Hardening, phase: str) -> list[str]:
        """Return what a copy lacks in a phase, as lines of its log."""
        own = tried.capabilities
        lines = [
            f"{_SAID.get(name, 'step 7')}: Operation not permitted"
            for name, when in self.capabilities.items()
            if when == phase and own is not None and name not in own
        ]
        lines += [
            f"open {path}/file: Read-only file system"
            for path, when in self.paths.items()
            if when == phase and tried.read_only and path not in tried.paths
        ]
        if phase == START:
            if self.gains_privileges and tried.no_new_privileges:
                lines.append("sudo: cannot become root")
            if tried.memory is not None and tried.memory < self.memory:
                lines.append("cannot allocate memory")
        return lines

    def seen(self, tried: Hardening, phase: str) -> Observation:
        """Return what is seen of a copy in a phase."""
        missing = self.missing(tried, phase)
        if phase == STOP:
            return STOPPED.replaced(exit_code=KILLED) if missing else STOPPED
        if not missing:
            return WORKS
        words = missing[0] if self.speaks else "it does not work"
        return Observation(running=False, exit_code=1, words=(words,))


_SAID = {
    "CHOWN": "chown",
    "DAC_OVERRIDE": "permission denied",
    "FOWNER": "chmod",
    "SETGID": "setgid",
    "SETUID": "setuid",
}
"""What a log says where a capability is missing; the others are not named."""


class SimulatedTrials:
    """Starts nothing, and counts the starts.

    A control fails where more copies than ``room`` run in a start.
    """

    def __init__(self, services: Mapping[str, Service], room: int = 99) -> None:
        self.services, self.room = services, room
        self.starts = 0

    def start(
        self, variants: Mapping[str, Sequence[Hardening]], *, old_data: bool = False
    ) -> Mapping[str, Sequence[Life]]:
        """Return the lives of variants."""
        self.starts += 1
        phases = (*PHASES, RESTART, RECREATE) if old_data else PHASES
        lives: dict[str, list[Life]] = {}
        for name, entries in variants.items():
            crowded = len(entries) > self.room
            lives[name] = [
                {START: Observation(running=False, exit_code=1, words=("no memory left",))}
                if crowded
                else self._life(name, one, phases, old_data=old_data and not number)
                for number, one in enumerate(entries)
            ]
        return lives

    def _life(self, name: str, tried: Hardening, phases: Sequence[str], *, old_data: bool) -> Life:
        service = self.services[name]
        if old_data and service.missing(tried, OLD_DATA):
            return {START: service.seen(tried, OLD_DATA)}
        return service.life(tried, phases)


def solved(
    service: Service, guess: Guess, room: int = 99
) -> tuple[Found | None, Proved | None, int]:
    """Search for what one service needs; return what is found, proved, and the starts."""
    trials = SimulatedTrials({"web": service}, room)
    budget = Budget(7)
    found = searched(trials, {"web": search(guess, PLAIN)}, {"web": PLAIN}, budget)["web"]
    if found is None:
        return None, None, trials.starts + 1
    retreats = {"web": retreat(found, guess)}
    proved = together(trials, retreats, {"web": PLAIN}, {}, budget)["web"]
    return found, proved, trials.starts + 1


def guess_of(
    capabilities: frozenset[str], paths: Sequence[str], optional: tuple[str, ...] = ()
) -> Guess:
    """Return a guess with everything else as strict as it gets."""
    hardening = Hardening(
        capabilities, read_only=True, data=(*paths,), no_new_privileges=True,
        memory=1 << 28, processes=2048,
    )  # fmt: skip
    return Guess(hardening, DEFAULT_CAPABILITIES, optional=optional)
