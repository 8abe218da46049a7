"""From a project to what each service needs: plain, guess, search, together, facts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from posixpath import dirname

from tightship.lazy import Record
from tightship_annexes.trial.agreement import AGAIN, START, STOP, differences, settled_answers
from tightship_annexes.trial.disk_guard import DiskGuard
from tightship_annexes.trial.engine_trials import PATIENCE, EngineTrials
from tightship_annexes.trial.exercise import WORDS, Exercise, exercises, unexercised, words
from tightship_annexes.trial.guess import BOUNDING, Plain, guessed
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.health import word_of_probe
from tightship_annexes.trial.image_files import calls, image_files, is_folder
from tightship_annexes.trial.observation import (
    bounding_set,
    changed_paths,
    listening,
    ports_of,
    processes,
    usage,
)
from tightship_annexes.trial.search import (
    MOST_STARTS,
    Budget,
    Found,
    retreat,
    search,
    searched,
    together,
)
from tightship_annexes.trial.use import Use

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from typing import Any

    from tightship.images.needs import Needs
    from tightship.isolation.container import Container
    from tightship_annexes.trial.agreement import Life
    from tightship_annexes.trial.exercise import Word
    from tightship_annexes.trial.guess import Guess
    from tightship_annexes.trial.hardening import Mechanism
    from tightship_annexes.trial.image_files import ImageFiles
    from tightship_annexes.trial.observation import Usage
    from tightship_annexes.trial.probes import Probe
    from tightship_annexes.trial.run import Run
    from tightship_annexes.trial.search import Proved
    from tightship_annexes.trial.use import Enter, Used

_BESIDE, _PER_CPU = 12, 20
_MOST_MADE = 20  # paths that are looked at, beside one another
_TEXTS = ("why", "exercised", "kept", "unseen", "left", "needed")
_READERS = 6  # of files, and of what containers use, at the same time


class Tried(Record):
    """What the trial of a service showed.

    ``why`` is why nothing was found, as a clause, empty otherwise. ``kept`` and ``unseen``
    (not exercised) are phrases, ``left`` has why a mechanism stays as it was, and ``needed``
    what fails without a capability or a path. ``starts`` are those of the project.
    """

    service: str
    why: str
    hardening: Hardening = Hardening()
    exercised: tuple[Exercise, ...] = ()
    kept: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    left: Mapping[str, str] = {}
    needed: Mapping[str, str] = {}
    starts: int = 0
    plain: Plain | None = None

    @property
    def words(self) -> Mapping[Mechanism, Word]:
        """Return how far each mechanism of the hardening was exercised."""
        return words(self.hardening, self.exercised)

    @property
    def word(self) -> Word | None:
        """Return how far the service was exercised with some of it, if something was found."""
        return max(self.words.values(), key=WORDS.index, default=None)

    @property
    def is_proved(self) -> bool:
        """Return whether something was found, and was used with all of it."""
        return {*self.words.values()} == {"used"}


class Proof:
    """Tries services of a project, and proves what they need."""

    def __init__(
        self,
        run: Run,
        services: Sequence[str],
        containers: Mapping[str, Container],
        probes: Sequence[Probe],
        say: Callable[[str], None],
        patience: float = PATIENCE,
        enter: Enter | None = None,
    ) -> None:
        """Take what decides.

        Args:
            run: starts copies of the project.
            services: the services to try.
            containers: what the files say of them, where it could be read.
            probes: commands of the user that have to succeed.
            say: takes a line about what happens now.
            patience: the seconds that a container may take in any case.
            enter: a person who uses the hardened copy in the end, if they want to.

        """
        self._enter = enter
        self._used: dict[str, Used] = {}
        self._run, self._services = run, services
        self._containers, self._say = containers, say
        self._trials = EngineTrials(run, services, probes, patience)
        self._budget = Budget(MOST_STARTS - 1)
        self._plain: dict[str, Plain] = {}
        self._why: dict[str, str] = {}

    def tried(self) -> list[Tried]:
        """Return what is proved of each service.

        Raises:
            EngineError: the engine fails.

        """
        DiskGuard(self._run.engine, self._run.label).start()
        self._start_plain()
        lives: dict[str, Life] = {name: self._trials.plain[name] for name in self._plain}
        guesses = {name: guessed(plain) for name, plain in self._plain.items()}
        found = self._search(guesses, lives)
        # The last start proves a guess as well as what a search has made of it.
        works = {
            n: found[n] or Found(one.hardening, one.hardening, left=one.left)
            for n, one in guesses.items()
        }
        self._say("all hardenings together, on the data of the plain run and on new data")
        retreats = {n: retreat(one, guesses[n], self._folder(n)) for n, one in works.items()}
        proved = together(self._trials, retreats, lives, self._waits(), self._budget)
        kept = {name: one for name, one in proved.items() if one is not None}
        if self._enter is not None and kept:
            folders = {name: self._folder(name) for name in kept}
            use = Use(self._trials, guesses, folders, self._enter, self._say)
            self._used = use.run(kept)
            proved.update(kept)
        found_all = (
            self._result(name, guesses.get(name), works.get(name), proved.get(name))
            for name in self._services
        )
        return [*map(self._masked, found_all)]

    def _masked(self, one: Tried) -> Tried:
        """Return it as it may be shown: a probe may have a password, too."""
        every = {name: getattr(one, name) for name in _TEXTS}
        return one.replaced(**self._run.engine.masks.everywhere(every))

    def _start_plain(self) -> None:
        trials = self._trials
        self._say("the project as it is")
        failed = trials.start_plain()
        about = trials.inspected()
        for name in self._services:
            why = self._fault(name) if name in about else failed.get(name, "it was not created")
            if why:
                self._why[name] = why
        # Files are read while the containers stop and start.
        with ThreadPoolExecutor(_READERS) as pool:
            names = [name for name in self._services if name not in self._why]
            files = {name: pool.submit(self._files, about[name]) for name in names}
            noted = [*pool.map(self._noted, [about[name] for name in names])]
            trials.stop_plain()
            for name, (changed, used, made, saved) in zip(names, noted, strict=True):
                one = Plain(
                    about[name],
                    trials.plain[name][START],
                    changed,
                    used,
                    files[name].result(),
                    self._needs(name),
                    self._run.copy.bounds,
                    self._is_probed(name),
                    made,
                )
                self._note(one.replaced(calls=self._calls(one, saved)), name)
        # One that is only unhealthy may still serve others.
        life = self._trials.plain
        ended = [n for n in self._why if START not in life[n] or not life[n][START].running]
        self._run.without(ended)

    def _calls(self, plain: Plain, saved: frozenset[tuple[int, str]]) -> dict[str, frozenset[str]]:
        """Return what programs can call that needs a capability, of those that can be root.

        One that other users run as well has shown what it does for that.
        """
        engine, container, root = self._run.engine, plain.about["Id"], plain.files.first_user
        roots = {name for user, name in saved if user == root} | plain.programs_of_root
        others = {name for user, name in saved if user != root}
        programs = plain.files.programs(roots - others)
        return {name: calls(engine, container, path, plain.files) for name, path in programs}

    def _fault(self, name: str) -> str:
        """Return why a service does not work as it is, as a clause."""
        seen = self._trials.plain[name].get(START)
        if seen is None:
            return "the engine lost it"
        if seen.out_of_memory:
            return "it runs out of memory as it is: of its own limit, or of half the engine's"
        if (not seen.running and seen.exit_code) or seen.restarts:
            return (
                f"it does not work as it is: it ends with code {seen.exit_code}: {seen.last_words}"
            )
        if seen.health == "unhealthy":
            return f"it is unhealthy as it is: {seen.last_words}"
        return ""

    def _noted(
        self, about: dict[str, Any]
    ) -> tuple[dict[str, str], Usage, frozenset[str], frozenset[tuple[int, str]]]:
        """Return what a container changed, used, made and can become, and note its ports."""
        engine, container = self._run.engine, about["Id"]
        ports = {*ports_of(about), *listening(engine, container)}
        self._trials.ports[container] = (*sorted(ports),)
        if engine.is_podman:
            about[BOUNDING] = bounding_set(engine, container)
        changed, used = changed_paths(engine, about), usage(engine, container)
        added = (p for p, how in changed.items() if how == "A" and changed.get(dirname(p)) != "A")
        made = (one for one in islice(added, _MOST_MADE) if is_folder(engine, container, one))
        first = int(about["State"].get("Pid") or 0)
        return changed, used, frozenset(made), processes(engine, container, first, "suid")

    def _is_probed(self, name: str) -> bool:
        """Return whether a probe of the user works, and is a load for a service."""
        probes = self._working_probes(name).items()
        return any(own and word_of_probe(one.command) == "used" for one, own in probes)

    def _needs(self, name: str) -> Needs | None:
        container = self._containers.get(name)
        needs = container.image_needs if container is not None else None
        return needs if needs is not None and needs.runs_the_image else None

    def _note(self, plain: Plain, name: str) -> None:
        """Keep a service, unless its second start differs from its first."""
        life = self._trials.plain[name]
        if STOP not in life or AGAIN not in life:
            self._why[name] = "the engine lost it"
            return
        answers = settled_answers(life[START].answers, life[AGAIN].answers)
        life[START] = life[START].replaced(answers=answers, optional=plain.optional)
        other = differences({START: life[START]}, {START: life[AGAIN]})
        if other and other[0].signal != "log":
            self._why[name] = f"its second start differs from its first: {other[0].text}"
            return
        life[AGAIN] = life[AGAIN].replaced(answers={**life[AGAIN].answers, **answers})
        self._plain[name] = plain

    def _files(self, about: Mapping[str, Any]) -> ImageFiles:
        import json

        done = self._run.engine.docker("image", "inspect", about["Image"])
        image: Mapping[str, Any] = json.loads(done.out)[0] if done.is_done else {}
        return image_files(self._run.engine, about, image, self._run.label)

    def _search(
        self, guesses: Mapping[str, Guess], lives: Mapping[str, Life]
    ) -> dict[str, Found | None]:
        copies = sum(
            1 + len(one.without_each(one.hardening.capabilities or frozenset()))
            for one in guesses.values()
        )
        self._say(f"a hardening of everything, and {copies} copies with less")
        searches = {n: search(one, lives[n], self._folder(n)) for n, one in guesses.items()}
        return searched(self._trials, searches, lives, self._budget, self._beside())

    def _beside(self) -> int:
        """Return how many copies of each service suit the engine's processors and memory."""
        info = self._run.engine.info
        most = min(_BESIDE, _PER_CPU * int(info.get("NCPU") or 1) // max(1, len(self._plain)))
        used = sum(one.usage.memory or 0 for one in self._plain.values())
        whole = int(info.get("MemTotal") or 0)
        return max(1, min(most, int(whole / 2 / used) - 1)) if used and whole else max(1, most)

    def _folder(self, name: str) -> str:
        return self._plain[name].about["Config"].get("WorkingDir") or "/"

    def _waits(self) -> dict[str, frozenset[str]]:
        services: Mapping[str, Any] = self._run.copy.config["services"]
        return {
            name: frozenset(services[name].get("depends_on") or ()) & self._plain.keys()
            for name in self._plain
        }

    def _result(
        self, name: str, guess: Guess | None, found: Found | None, proved: Proved | None
    ) -> Tried:
        starts = self._run.starts
        if guess is None or found is None or proved is None:
            too_few = f"{starts} starts of the project did not suffice"
            return Tried(name, self._why.get(name) or too_few, starts=starts)
        plain, capabilities = self._plain[name], proved.hardening.capabilities or frozenset()
        mechanisms: Collection[str] = proved.hardening.mechanisms
        back = {**proved.taken_back}
        kept = [
            text
            for text in guess.kept
            if (key := text.partition(":")[0]) not in found.needed
            and (text.startswith("`") or key in capabilities)
        ]
        return Tried(
            name,
            "" if proved.hardening.mechanisms else "; ".join(proved.taken_back.values()),
            proved.hardening,
            (*self._exercised(name),),
            (*kept,),
            (*self._unseen(name),),
            self._left(guess, {n: w for n, w in found.left.items() if n not in mechanisms} | back),
            {
                name: found.needed.get(name)
                or guess.suggested.get(name)
                or proved.why
                or "it was not left out"
                for name in sorted(capabilities)
            },
            starts,
            plain,
        )

    def _left(self, guess: Guess, left: dict[str, str]) -> dict[str, str]:
        """Return why mechanisms are left, with the way out where it is known."""
        root = "root file system"
        if guess.among and "read-only file" in left.get(root, "").lower():
            left[root] = guess.among
        return left

    def _unseen(self, name: str) -> Iterator[str]:
        life, is_here = self._trials.plain[name], bool(self._run.reach)
        if is_here:
            probes = self._working_probes(name)
            yield from unexercised(self._plain[name], life, probes, self._run.reach)
        else:
            yield "its ports: they are not reached from this machine"
        inside = {p.command for p in self._trials.probes.of(name) if p.service}
        for probe in life[START].failed_probes:
            if is_here or probe in inside:
                why = self._trials.probes.why.get(probe, "")
                said = f": {why}" if why else ""
                yield f"`{probe}`, which fails in the plain run, too, and does not count{said}"
            else:
                yield f"`{probe}`, which finds the copy nowhere on this machine"
        if (used := self._used.get(name)) and not used.is_seen:
            yield used.text

    def _exercised(self, name: str) -> Iterator[Exercise]:
        service: Mapping[str, Any] = self._run.copy.config["services"][name]
        # Where no port is reached from here, its silence says nothing.
        ports = service.get("ports") or () if self._run.reach else ()
        published = {(int(one["target"]), one.get("protocol", "tcp")) for one in ports}
        probes = self._working_probes(name)
        yield from exercises(self._plain[name], self._trials.plain[name], probes, published)
        if (used := self._used.get(name)) and used.is_seen:
            yield Exercise("used", used.text)

    def _working_probes(self, name: str) -> dict[Probe, bool]:
        """Return the probes of a service that succeed plain, and whether each is of it alone."""
        failed = self._trials.plain[name][START].failed_probes
        probes, alone = self._trials.probes, len(self._services) == 1
        own = probes.of(name, whole=alone)
        return {one: one in own for one in probes.of(name) if one.command not in failed}
