"""Trials on an engine: the life of each copy, and what is seen of it once it has settled."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from tightship.lazy import Record
from tightship_annexes.trial.agreement import (
    AGAIN,
    OPEN,
    RECREATE,
    RESTART,
    START,
    STOP,
    answer,
    differences,
)
from tightship_annexes.trial.observation import KILLED, Observation, inspected, look, ports_of
from tightship_annexes.trial.probes import Probes
from tightship_annexes.trial.reach import address, reach
from tightship_annexes.trial.stopping import stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from tightship_annexes.trial.agreement import Difference, Life, Phase
    from tightship_annexes.trial.engine import Engine
    from tightship_annexes.trial.hardening import Hardening
    from tightship_annexes.trial.probes import Probe
    from tightship_annexes.trial.reach import Reach
    from tightship_annexes.trial.run import Run, Started


_LOOKS = 8  # at the same time
_PAUSE, _LOOKS_IN_ALL = 0.2, 20
_QUIET = 1.2
"""Seconds without a change after which a plain container has settled."""

_FIRST_PORT, _OTHER_PORTS = 30.0, 6.0
"""Seconds that a plain container has to answer at a port that it says is open, and at all.

With a published port, it has as long as its log goes on, within the patience of the user."""

_SILENT = 10.0
"""Seconds without a new line after which a log no longer goes on."""

_FIRST_PAGE = 8.0
"""Seconds that a plain container has to answer, once, where it only takes connections."""

_LASTING = frozenset(("log", "memory"))
"""Signals of a difference that no waiting takes back."""

PATIENCE = 90.0
"""Seconds that a container may take in any case, unless the user says otherwise."""

_OF_CONTROL = 30.0
_FACTOR, _ROOM = 2, 1.5
"""How long a copy may take: times the control's seconds, and at least as long as a control
while it runs other programs."""


class Watched(Record):
    """A container to watch: what is expected of it, and the user's probes of it.

    ``control`` is the key of the unchanged container beside it.
    """

    container: str
    expected: Observation | None = None
    control: str = ""
    ports: tuple[int, ...] = ()
    probe: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None


class Watch:
    """Looks at containers of one start, until each has settled or its time is over."""

    def __init__(
        self, engine: Engine, watched: Mapping[str, Watched], how: Reach, patience: float = PATIENCE
    ) -> None:
        self._engine, self._longest = engine, patience
        self._watched = watched
        self._how: Reach = how
        self.places: set[tuple[str, int]] = set()
        self._begin = time.monotonic()
        self._last: dict[str, tuple[Observation, float, int]] = {}
        self._ports: dict[str, tuple[int, ...]] = {}
        self._published = set[tuple[str, int]]()
        self._spoke: dict[str, float] = {}
        self._asked = set[tuple[str, int]]()
        self.settled: dict[str, Observation] = {}

    def run(self) -> dict[str, Observation]:
        """Return what is seen of each container that the engine has."""
        with ThreadPoolExecutor(_LOOKS) as pool:
            while pending := self._watched.keys() - self.settled.keys():
                self._engine.check_room()
                about = inspected(self._engine, {self._watched[name].container for name in pending})
                known = [name for name in pending if self._watched[name].container in about]
                seen = pool.map(self._look, known, [about] * len(known))
                for name, one in zip(known, seen, strict=True):
                    self._note(name, one)
                if len(known) < len(pending):
                    break
                # A server may refuse those who connect too often and say nothing.
                time.sleep(max(_PAUSE, (time.monotonic() - self._begin) / _LOOKS_IN_ALL))
        return self.settled

    def _look(self, name: str, about: Mapping[str, Any]) -> Observation:
        watched = self._watched[name]
        own = about[watched.container]
        answers = dict[int, str]()
        before: Mapping[int, str] = watched.expected.answers if watched.expected else {}
        ports = watched.ports or ((*before,) if watched.expected else (*ports_of(own),))
        self._ports[name] = ports = tuple(p for p in ports if address(own, p, self._how))
        self._published |= {(name, port) for port in ports if address(own, port, "loopback")}
        for port in ports if own["State"]["Running"] else ():
            place = address(own, port, self._how)
            said = self._said(name, port, place, before) if place else None
            # A proxy of the engine takes connections for a container that does not.
            if place and said is not None and (self._how == "address" or said != OPEN):
                answers[port] = said
                self.places.add(place)
        # A copy that agrees is looked at again: its log counts then.
        has_log = watched.expected is None or name in self._last
        seen = look(self._engine, own, answers, has_log=has_log)
        # A probe may hang where something else fails already.
        if watched.probe is None or not seen.running or _differences(watched.expected, seen):
            return seen
        return seen.replaced(failed_probes=watched.probe(own))

    def _said(
        self, name: str, port: int, place: tuple[str, int], before: Mapping[int, str]
    ) -> str | None:
        masked = self._engine.masks.shown
        said = answer(*place, before.get(port, ""), masked=masked)
        # The first page of a plain server may take its time; later ones are compared with it.
        if said == OPEN and port not in before and (name, port) not in self._asked:
            self._asked.add((name, port))
            said = answer(*place, seconds=_FIRST_PAGE, masked=masked)
        return said

    def _note(self, name: str, seen: Observation) -> None:
        now = time.monotonic()
        watched, spent = self._watched[name], now - self._begin
        last, since, agreed = self._last.get(name, (None, now, 0))
        if last is None or last.state != seen.state:
            since = now
        expected = watched.expected
        found = {one.signal for one in _differences(expected, seen)}
        agreed = 0 if expected is None or found else agreed + 1
        self._last[name] = seen, since, agreed
        quiet = now - since >= _QUIET and seen.health != "starting"
        if last is None or last.last_words != seen.last_words:
            self._spoke[name] = now
        if spent >= self._longest and last is not None:
            done = True
        elif expected is None:
            lacking = {port for port in self._ports[name] if seen.running} - seen.answers.keys()
            time_left = (_OTHER_PORTS if seen.answers else _FIRST_PORT) - spent
            if any((name, port) in self._published for port in lacking):
                time_left = max(time_left, _SILENT - (now - self._spoke[name]))
            done = quiet and (time_left <= 0 or not lacking)
        elif expected.running and not seen.running:
            done = True
        else:
            is_lost = bool(watched.control and found & _LASTING)
            given_up = is_lost or spent >= self._patience(name)
            done = agreed >= (2 if seen.running else 1) or (quiet and given_up)
        if done:
            self.settled[name] = seen.replaced(seconds=since - self._begin, waited=spent)

    def _patience(self, name: str) -> float:
        """Return how long a container may take: the control shows how busy the machine is."""
        watched = self._watched[name]
        assert watched.expected is not None
        if watched.control in self._watched.keys() - self.settled.keys() - {name}:
            return self._longest
        usual = {program for _, program in watched.expected.processes}
        is_starting = any(one not in usual for _, one in self._last[name][0].processes)
        least = _OF_CONTROL if watched.control == name or is_starting else 0.0
        beside = self.settled.get(watched.control, watched.expected)
        factor = _FACTOR * self._crowd(name)
        return max(least, factor * max(watched.expected.seconds, beside.seconds) + _ROOM)

    def _crowd(self, name: str) -> float:
        """Return how much longer a control may take because of the copies that start beside it.

        Half of them, for two processors; the last start of a project has one beside each.
        """
        copies = sum(one.control == name for one in self._watched.values())
        return max(1.0, copies / 2)


def _differences(expected: Observation | None, seen: Observation) -> Sequence[Difference]:
    """Return what differs from what is expected, where that is known."""
    return differences({START: expected}, {START: seen}) if expected is not None else ()


_AT_ONCE = 1
_GRACE = 10


class EngineTrials:
    """Starts the copies of a project, and watches them."""

    def __init__(
        self,
        run: Run,
        services: Sequence[str],
        probes: Sequence[Probe] = (),
        patience: float = PATIENCE,
    ) -> None:
        self.run, self._engine, self._longest = run, run.engine, patience
        self.probes = Probes(run, services, probes)
        self.plain: dict[str, dict[Phase, Observation]] = {name: {} for name in services}
        self.ports: dict[str, tuple[int, ...]] = {}
        self.containers: Mapping[str, str] = {}
        self.places: set[tuple[str, int]] = set()

    def start_plain(self) -> Mapping[str, str]:
        """Start the project as it is, and watch it; return why services did not start."""
        started = self.run.start()
        services = self.run.copy.config["services"].values()
        image = next((one["image"] for one in services if one.get("image")), "")
        self.run.reach = reach(self._engine, self.run.label, image)
        return self._started(started, START).failed

    def stop_plain(self) -> None:
        """Stop it, start it again, and stop it, so that its data is whole."""
        self._phase(STOP, lambda: stopped(self._engine, self._of(self.plain), self.run.stop))
        self._doubt()
        self._started(self.run.start_again(), AGAIN)
        ignoring = [name for name, life in self.plain.items() if _is_killed(life)]
        if ignoring:
            self.run.stop(*ignoring, seconds=_AT_ONCE)
        self.run.stop()

    def _doubt(self) -> None:
        """Believe no port where one answers while the containers are stopped."""
        with ThreadPoolExecutor(_LOOKS) as pool:
            said = [one.result() for one in [pool.submit(answer, *at) for at in self.places]]
        if said.count(None) < len(said):
            self.run.reach = ""
            for life in self.plain.values():
                if START in life:
                    life[START] = life[START].replaced(answers={})

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

    def begin(
        self, hardenings: Mapping[str, Hardening], *, is_running: bool = False
    ) -> Mapping[str, Life]:
        """Start services with hardenings on the data of the plain run, and watch them.

        Where the project runs so, what has changed is started again on the data that is there.
        """
        settings = {n: [{**one.as_settings(), **self._grace(n)}] for n, one in hardenings.items()}
        lives: dict[str, dict[Phase, Observation]] = {name: {} for name in hardenings}
        run = self.run
        started = run.change(settings) if is_running else run.start(settings, "plain")
        self._watch(started, RECREATE, lives)
        return lives

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
        watch = Watch(self._engine, watched, self.run.reach, self._longest)
        self._phase(phase, watch.run)
        self.places = watch.places
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
        settled = Watch(self._engine, watched, self.run.reach, self._longest).run()
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
