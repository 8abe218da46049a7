"""A person uses the hardened copy: what fails is shown, given back, and started again."""

from __future__ import annotations

import os
import sys
import time
from threading import Event, Thread

from tightship.lazy import Record, regex
from tightship.report.wording import counted, listed
from tightship_annexes.trial.agreement import RECREATE, START, Difference, differences
from tightship_annexes.trial.hints import hinted
from tightship_annexes.trial.observation import (
    changed_paths,
    inspected,
    kinds_of_lines,
    look,
    traffic,
)
from tightship_annexes.trial.stopping import clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tightship_annexes.trial.engine_trials import EngineTrials
    from tightship_annexes.trial.guess import Guess
    from tightship_annexes.trial.hardening import Hardening, Mechanism
    from tightship_annexes.trial.search import Proved

AGAIN = "it runs again, on the same ports and data: try once more, then press Enter"
_PAUSE = 1.0
_IDLE_SECONDS = 2.0
_NOISE = 256  # bytes of a network on which nobody says anything
_LOST = frozenset(("engine", "end", "memory", "exit code", "restarts", "health", "log"))
"""Signals that something failed; other programs and users may be what a request starts."""

_BY_TEXT: tuple[tuple[Mechanism, re.Pattern[str]], ...] = (
    ("root file system", regex(r"read-only file ?system|erofs")),
    ("limits", regex(r"memory|no space|enospc|temporarily unavailable|start new thread|\bfork")),
    ("capabilities", regex(r"permi|denied|eacces")),
    ("setuid programs", regex(r"permi|denied|eacces|sudo|\bset[ug]id")),
)


class Enter:
    """Waits for a line of a person; ``is_ended`` tells that there is none to come."""

    def __init__(self, readline: Callable[[], str]) -> None:
        self._readline, self._event = readline, Event()
        self.is_ended = False

    def listen(self) -> None:
        """Begin to wait."""
        Thread(target=self._read, daemon=True).start()

    def within(self, seconds: float) -> bool:
        """Return whether it came, or can no longer come."""
        return self._event.wait(seconds)

    def _read(self) -> None:
        try:
            self.is_ended = not self._readline()
        except (OSError, ValueError):
            self.is_ended = True
        self._event.set()


def can_enter() -> bool:
    """Return whether standard input is there, and may give a line."""
    try:
        return not os.path.samestat(os.fstat(sys.stdin.fileno()), os.stat(os.devnull))
    except (AttributeError, OSError, ValueError):
        return False


class Used(Record):
    """What a person did with a service: for how long, and what showed it, as a phrase."""

    text: str
    is_seen: bool


class _Before(Record):
    """What was seen of a service before a person could use it."""

    container: str
    since: float
    traffic: int
    rate: float
    lines: frozenset[str]
    changed: frozenset[str]


class Use:
    """Runs the hardened copy for a person, and mends what fails."""

    def __init__(
        self,
        trials: EngineTrials,
        guesses: Mapping[str, Guess],
        folders: Mapping[str, str],
        enter: Enter,
        say: Callable[[str], None],
    ) -> None:
        """Take what decides.

        Args:
            trials: starts and watches the copy.
            guesses: what each service had and is likely to need.
            folders: where the processes of each service start.
            enter: the person.
            say: takes a line about what happens now.

        """
        self._trials, self._engine = trials, trials.run.engine
        self._guesses, self._folders = guesses, folders
        self._enter, self._say = enter, say
        self._before: dict[str, _Before] = {}
        self._first: dict[tuple[str, str], Proved] = {}
        self._ignored = set[tuple[str, str]]()

    def run(self, proved: dict[str, Proved]) -> dict[str, Used]:
        """Let the person use the copy; keep in ``proved`` what is left, and return what they did.

        Raises:
            EngineError: the engine fails.

        """
        self._say("the hardened project, for you")
        lives = self._trials.begin({name: one.hardening for name, one in proved.items()})
        self._mend(proved, {n: differences(self._trials.plain[n], one) for n, one in lives.items()})
        ports = self._trials.run.keep_ports()
        self._note([*proved])
        for line in self._shown(ports):
            self._say(line)
        self._say("use it, then press Enter; what fails is given back and started again")
        self._enter.listen()
        since = clock(self._engine)
        while not self._enter.within(_PAUSE):
            self._engine.check_room()
            since = self._look(proved, since)
        if self._enter.is_ended:
            self._say("the input has ended before Enter: nobody uses it")
            return {name: Used("you, since the input ended before Enter", False) for name in proved}
        done = {name: self._used(name) for name in proved}
        self._look(proved, since, is_last=True)
        return {n: one if n in self._before else _UNSEEN for n, one in done.items()}

    def _shown(self, ports: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
        """Yield a line for each port, and one if there is none."""
        if not any(ports.values()):
            yield "no port of the project leads to this machine"
        for service, own in ports.items():
            answers = self._trials.plain.get(service, {}).get(START)
            for name, here in own.items():
                port, _, protocol = name.partition("/")
                said = answers.answers.get(int(port), "") if answers else ""
                is_web = protocol == "tcp" and said.startswith("HTTP")
                place = f"127.0.0.1:{here}"
                shown = f"http://{place}/" if is_web else f"{place} ({protocol.upper()})"
                yield f"{service} {port}: {shown}"

    def _look(self, proved: dict[str, Proved], since: str, *, is_last: bool = False) -> str:
        """Mend what fails now; return the time from which events are new."""
        until = clock(self._engine)
        killed = self._killed(since, until)
        containers = self._trials.containers
        about = inspected(self._engine, [containers[n] for n in proved if n in containers])
        found: dict[str, Sequence[Difference]] = {}
        for name in proved:
            own = about.get(containers.get(name, ""))
            if own is None:
                continue
            seen = look(self._engine, own, {})
            seen = seen.replaced(out_of_memory=seen.out_of_memory or own["Id"] in killed)
            found[name] = differences(self._trials.plain[name], {RECREATE: seen})
        self._mend(proved, found, is_last=is_last)
        return until

    def _mend(
        self,
        proved: dict[str, Proved],
        found: Mapping[str, Sequence[Difference]],
        *,
        is_last: bool = False,
    ) -> None:
        """Give back what is missing, until all services run again."""
        while changed := [n for n, one in found.items() if self._give_back(proved, n, one)]:
            self._say(f"starting again: {', '.join(changed)}")
            hardenings = {name: one.hardening for name, one in proved.items()}
            lives = self._trials.begin(hardenings, is_running=True)
            for name in changed:
                self._before.pop(name, None)
            found = {n: differences(self._trials.plain[n], lives[n]) for n in changed}
            if not is_last and not any(found.values()):
                self._note(changed)
                self._say(AGAIN)

    def _give_back(self, proved: dict[str, Proved], name: str, found: Sequence[Difference]) -> bool:
        """Mend a service, if something failed that giving back may mend."""
        new = [d for d in found if d.signal in _LOST and (name, d.text) not in self._ignored]
        if not new:
            return False
        one, text = proved[name], new[0].text
        first = self._first.setdefault((name, text), one)
        if not one.hardening.mechanisms:  # it fails with everything given back, too
            self._ignored.update((name, d.text) for d in new)
            proved[name] = first
            self._say(f"{name}: {text}: this fails without any hardening, too")
            return first.hardening.mechanisms != ()
        hardening = mended(one.hardening, new, self._guesses[name], self._folders[name])
        lost = [m for m in one.hardening.mechanisms if m not in hardening.mechanisms]
        back: dict[str, str] = {**one.taken_back}
        back.update(dict.fromkeys(lost, f"in your use, {text}"))
        proved[name] = one.replaced(hardening=hardening, taken_back=back, why=one.why or text)
        self._say(f"{name}: {text}; given back: {_given(one.hardening, hardening)}")
        return True

    def _note(self, services: Sequence[str]) -> None:
        """Keep what is seen of services now, to see later that they were used."""
        own = {n: self._trials.containers[n] for n in services if n in self._trials.containers}
        if not own:
            return
        first, begin = traffic(self._engine, own.values()), time.monotonic()
        time.sleep(_IDLE_SECONDS)
        second, now = traffic(self._engine, own.values()), time.monotonic()
        about = inspected(self._engine, own.values())
        for name, container in own.items():
            if container not in about:
                continue
            got = second.get(container, 0)
            self._before[name] = _Before(
                container,
                now,
                got,
                (got - first.get(container, 0)) / (now - begin),
                kinds_of_lines(self._engine, container),
                frozenset(changed_paths(self._engine, about[container])),
            )

    def _used(self, name: str) -> Used:
        """Return whether a service was used since it was started last."""
        before = self._before.get(name)
        if before is None:
            return _UNSEEN
        spent = time.monotonic() - before.since
        told = (
            counted(round(spent / 60), "minute") if spent >= 90 else counted(round(spent), "second")
        )
        about = inspected(self._engine, [before.container]).get(before.container)
        got = traffic(self._engine, [before.container]).get(before.container, 0) - before.traffic
        signs = ["traffic"] if got > _NOISE + 2 * before.rate * spent else []
        new = kinds_of_lines(self._engine, before.container) - before.lines
        signs += ["new lines in its log"] if new else []
        paths = changed_paths(self._engine, about).keys() if about else frozenset[str]()
        signs += ["changed files"] if paths - before.changed else []
        if not signs:
            return Used(f"you, for {told}: nothing was seen to use it", False)
        return Used(f"used by you for {told}: {listed(signs)}", True)

    def _killed(self, since: str, until: str) -> set[str]:
        """Return the containers in which a process was killed for want of memory."""
        if not (since and until):
            return set()
        only = ("--filter", "event=oom", "--format", "{{.ID}}")
        return {
            *self._engine.docker("events", "--since", since, "--until", until, *only).out.split()
        }


_UNSEEN = Used("you: it was not used since it was started again", False)


def mended(one: Hardening, found: Sequence[Difference], guess: Guess, folder: str) -> Hardening:
    """Return a hardening with what its failure names; else without one that may be the cause."""
    fuller = hinted(one, found, guess.had, folder, guess.brings)
    if fuller != one:
        return fuller
    text = found[0].text.lower()
    for mechanism, pattern in _BY_TEXT:
        if mechanism in one.mechanisms and pattern.search(text):
            return one.without((mechanism,))
    return one.without(one.mechanisms[:1])


def _given(before: Hardening, after: Hardening) -> str:
    """Return what a hardening leaves that the one before did not, in words."""
    lost = [f"{m}, as it was" for m in before.mechanisms if m not in after.mechanisms]
    names = (after.capabilities or frozenset()) - (before.capabilities or frozenset())
    paths = [f"`{path}` is writable" for path in after.paths if path not in before.paths]
    return listed([*lost, *sorted(names), *paths]) or "more room"
