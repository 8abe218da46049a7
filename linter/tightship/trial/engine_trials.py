"""Trials on an engine: the life of each copy, from its start to a new container."""

from __future__ import annotations

import os

from tightship.trial.agreement import AGAIN, RECREATE, RESTART, START, STOP, differences
from tightship.trial.observation import KILLED, Observation, inspected
from tightship.trial.probes import Probes
from tightship.trial.watch import Watch, Watched, stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from tightship.trial.agreement import Life, Phase
    from tightship.trial.hardening import Hardening
    from tightship.trial.probes import Probe
    from tightship.trial.run import Run, Started

_AT_ONCE = 1
_GRACE = 10


class EngineTrials:
    """Starts the copies of a project, and watches them."""

    def __init__(self, run: Run, services: Sequence[str], probes: Sequence[Probe] = ()) -> None:
        self.run, self._engine = run, run.engine
        self.probes = Probes(run, services, probes)
        self._direct = not run.engine.is_remote and os.name == "posix"
        self.plain: dict[str, dict[Phase, Observation]] = {name: {} for name in services}
        self.ports: dict[str, tuple[int, ...]] = {}
        self.containers: Mapping[str, str] = {}

    def start_plain(self) -> Mapping[str, str]:
        """Start the project as it is, and watch it; return why services did not start."""
        return self._started(self.run.start(), START).failed

    def stop_plain(self) -> None:
        """Stop it, start it again, and stop it, so that its data is whole."""
        self._phase(STOP, self._stop)
        self._started(self.run.start_again(), AGAIN)
        ignoring = [name for name, life in self.plain.items() if _is_killed(life)]
        if ignoring:
            self.run.stop(*ignoring, seconds=_AT_ONCE)
        self.run.stop()

    def start(
        self, variants: Mapping[str, Sequence[Hardening]], *, old_data: bool = False
    ) -> Mapping[str, Sequence[Life]]:
        """Start variants, stop them and start them again; with old data, a new one as well.

        Entry 0 of each is the service itself. A life ends at its first difference.
        """
        names = {
            service: [service, *(f"{service}--{n}" for n in range(1, len(entries)))]
            for service, entries in variants.items()
        }
        lives: dict[str, dict[Phase, Observation]] = {
            name: {} for entries in names.values() for name in entries
        }
        settings = {
            service: [{**one.as_settings(), **self._grace(service)} for one in entries]
            for service, entries in variants.items()
        }
        living = dict(lives)
        self._watch(self.run.start(settings, "plain" if old_data else "fresh"), START, living)
        self._end_lost(living, controls=not old_data)
        self._see_stop(living, controls=not old_data)
        later = [(AGAIN, self.run.start_again)]
        if old_data:
            later += [(RESTART, self.run.restart), (RECREATE, self.run.recreate)]
        for phase, start in later:
            self._end_lost(living, controls=not old_data)
            if living:
                self._watch(start(), phase, living)
        return {service: [lives[name] for name in entries] for service, entries in names.items()}

    def _see_stop(self, living: Mapping[str, dict[Phase, Observation]], *, controls: bool) -> None:
        """Stop what runs; a copy may take as much longer than alone as its control."""
        ends = stopped(self._engine, self._of(living), self.run.stop) if living else {}
        for name, one in ends.items():
            service = self._service(name)
            late = self._late(service, ends.get(service)) if controls else 0.0
            living[name][STOP] = one.replaced(seconds=max(0.0, one.seconds - late))

    def _end_lost(self, living: dict[str, dict[Phase, Observation]], *, controls: bool) -> None:
        """Let go of copies that differ already, and of all beside a control that does."""
        lost = {n for n, life in living.items() if differences(self.plain[self._service(n)], life)}
        if controls:
            lost |= {name for name in living if self._service(name) in lost}
        for name in lost:
            del living[name]
        # Other services may need an entry 0, as it is.
        self.run.leave_out(lost - self.plain.keys())

    def _service(self, name: str) -> str:
        """Return the service of a copy."""
        return name if name in self.plain else name.rpartition("--")[0]

    def inspected(self) -> dict[str, dict[str, Any]]:
        """Return what the engine knows of the containers of the services."""
        found = inspected(self._engine, self._of(self.plain).values())
        return {n: found[one] for n, one in self._of(self.plain).items() if one in found}

    def _of(self, seen: Mapping[str, object]) -> dict[str, str]:
        return {name: self.containers[name] for name in seen if name in self.containers}

    def _stop(self) -> dict[str, Observation]:
        return stopped(self._engine, self._of(self.plain), self.run.stop)

    def _phase(self, phase: Phase, see: Callable[[], Mapping[str, Observation]]) -> None:
        for name, one in see().items():
            self.plain[name][phase] = one

    def _started(self, started: Started, phase: Phase) -> Started:
        """Watch the plain services; what they did before is expected again."""
        self.containers = started.containers
        watched = {
            name: Watched(
                one,
                self.plain[name].get(START),
                ports=self.ports.get(one, ()),
                probe=self.probes.failing(name, name, self.containers),
            )
            for name, one in self._of(self.plain).items()
        }
        self._phase(phase, Watch(self._engine, watched, direct=self._direct).run)
        return started

    def _watch(
        self, started: Started, phase: Phase, seen: Mapping[str, dict[Phase, Observation]]
    ) -> None:
        self.containers = started.containers
        watched = {
            name: Watched(
                one,
                self._expected(service, phase),
                service,
                probe=self.probes.failing(service, name, self.containers),
            )
            for name, one in self._of(seen).items()
            for service in (self._service(name),)
        }
        settled = Watch(self._engine, watched, direct=self._direct).run()
        for name, life in seen.items():
            life[phase] = settled.get(name) or Observation(
                running=False, refused=started.failed.get(name, "it was not created")
            )

    def _expected(self, service: str, phase: Phase) -> Observation:
        """Return what a copy is to do in a phase; its log may have the refusals of them all."""
        life = self.plain[service]
        refusals = frozenset[str]().union(*(one.refusals for one in life.values()))
        return (life.get(phase) or life[AGAIN]).replaced(
            refusals=refusals, optional=life[START].optional
        )

    def _late(self, service: str, control: Observation | None) -> float:
        """Return how much longer than alone a control took to stop, in seconds."""
        return max(0.0, control.seconds - self.plain[service][STOP].seconds) if control else 0.0

    def _grace(self, service: str) -> Mapping[str, object]:
        """Return how long a copy may take to stop: what ignores the signal is killed soon."""
        life = self.plain[service]
        grace = _AT_ONCE if _is_killed(life) else max(_GRACE, int(2 * life[STOP].seconds))
        return {"stop_grace_period": f"{grace}s"}


def _is_killed(life: Life) -> bool:
    """Return whether a service ignores the signal to stop."""
    return STOP in life and life[STOP].exit_code == KILLED
