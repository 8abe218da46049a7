"""The search for what a service needs: everything at once, and less beside it.

Each service has a search of its own, a generator that yields hardenings to try and gets
what was seen of them. All searches share the starts of the project. In each start the
services themselves are as they were: others depend on them, and they are the controls.
"""

from __future__ import annotations

from tightship.lazy import Record
from tightship_annexes.trial.agreement import START, Difference, differences
from tightship_annexes.trial.hardening import MECHANISMS, Hardening
from tightship_annexes.trial.hints import hinted, tells

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from typing import Protocol, TypeAlias

    from tightship_annexes.trial.agreement import Life
    from tightship_annexes.trial.guess import Guess
    from tightship_annexes.trial.hardening import Mechanism

    class Trials(Protocol):
        """Starts the project, and tells what was seen of each variant of each service.

        Entry 0 is the service itself. A life without phases was not seen.
        """

        def start(
            self, variants: Mapping[str, Sequence[Hardening]], *, old_data: bool = False
        ) -> Mapping[str, Sequence[Life]]:
            """Start variants of services, and see their lives."""
            ...

    Failure: TypeAlias = Sequence[Difference]
    Search: TypeAlias = Generator[Sequence[Hardening], Sequence[Life], "Found"]
    Retreat: TypeAlias = Generator[Hardening, Sequence[Difference], "Proved"]


MOST_STARTS = 8
"""The most starts of a project, with the plain one."""

MOST_MORE = 8
"""Further ones on a machine that is too busy for many copies."""

_UNSEEN = Difference("engine", START, "no copy without it could be tried")
_HINTS = 2
_BESIDE = 12
_LATE = frozenset(("health", "ports", "stop", "users"))  # what may only be late


class Found(Record):
    """What a search found.

    ``hardening`` is the least that works, ``larger`` the one that worked at once, before
    single things were left out. ``needed`` has what fails without a capability or a path,
    and ``left`` why a mechanism stays as it was, as clauses.
    """

    hardening: Hardening
    larger: Hardening
    needed: Mapping[str, str] = {}
    left: Mapping[str, str] = {}


class Budget:
    """The starts of the project that are left, beside some for what a busy machine spoils."""

    def __init__(self, starts: int = MOST_STARTS) -> None:
        self.left, self._spoiled = starts, MOST_MORE

    def take(self, kept: int = 0) -> bool:
        """Count a start; return whether there was one left, beside some that are kept."""
        if self.left <= kept:
            return False
        self.left -= 1
        return True

    def forgive(self) -> None:
        """Give a start back that the load of the machine has cost, a few times."""
        if self._spoiled:
            self._spoiled -= 1
            self.left += 1


def search(guess: Guess, plain: Life, folder: str = "/") -> Search:
    """Search for what one service needs.

    Args:
        guess: what it is likely to need.
        plain: what was seen of it as it is.
        folder: where its processes start.

    """
    tried, works, why = guess.hardening, Hardening(), dict[str, str](guess.left)
    for number in range(_HINTS + 1):
        less = _less(tried, guess)
        fewer = [tried.without((one,)) for one in tried.mechanisms] if number else []
        seen = yield [tried, *less.values(), *fewer]
        found, *lost = [_lost(plain, one) for one in seen]
        if not found:
            return _reduced(tried, guess, dict(zip(less, lost, strict=False)), why)
        for mechanism, rest, failed in zip(
            tried.mechanisms, fewer, lost[len(less) :], strict=False
        ):
            if not failed and not works.mechanisms:
                works = rest
                why[mechanism] = found[0].text
        every = [one for failed in (found, *lost) for one in failed]
        next_one = hinted(tried, every, guess.had, folder, guess.brings)
        if next_one == tried and number:
            break
        tried = next_one
    if not works.mechanisms:
        return (yield from _one_by_one(tried, guess, plain))
    if works.capabilities is not None:
        less = _less(works, guess)
        seen = (yield [*less.values()]) if less else ()
        return _reduced(
            works, guess, {n: _lost(plain, o) for n, o in zip(less, seen, strict=True)}, why
        )
    return (yield from _each_capability(works, guess, plain, why))


def _less(tried: Hardening, guess: Guess) -> dict[str, Hardening]:
    """Return what is left without each capability and each path that may be needless."""
    own = tried.capabilities or frozenset()
    found = {name: tried.replaced(capabilities=own - {name}) for name in guess.without_each(own)}
    for path in guess.optional:
        if path in tried.data:
            data = tuple(one for one in tried.data if one != path)
            found[path] = tried.replaced(data=data)
    return found


def _reduced(
    works: Hardening, guess: Guess, lost: Mapping[str, Failure], left: Mapping[str, str]
) -> Found:
    """Return what works without each thing that made no difference by itself."""
    needed = reasons(lost)
    own = works.capabilities
    if own is not None:
        own = frozenset(name for name in own if name in needed or name in guess.suggested)
    data = tuple(p for p in works.data if p in needed or p not in guess.optional)
    return Found(works.replaced(capabilities=own, data=data), works, needed, left)


def _each_capability(
    works: Hardening, guess: Guess, plain: Life, left: Mapping[str, str]
) -> Search:
    """Search for the capabilities that are needed, where no guess of them worked."""
    names = sorted(guess.had)
    seen = yield [works.replaced(capabilities=guess.had - {name}) for name in names]
    needed = reasons({n: _lost(plain, one) for n, one in zip(names, seen, strict=True)})
    own = needed.keys() | guess.suggested.keys()
    rest = {name: why for name, why in left.items() if name != "capabilities"}
    larger = works.replaced(capabilities=guess.had)
    return Found(works.replaced(capabilities=frozenset(own)), larger, needed, rest)


def _one_by_one(tried: Hardening, guess: Guess, plain: Life) -> Search:
    """Search for each mechanism and each capability alone."""
    names = sorted(guess.had)
    others: list[Mechanism] = [one for one in tried.mechanisms if one != "capabilities"]
    alone = [tried.without([m for m in MECHANISMS if m != one]) for one in others]
    dropped = [Hardening(capabilities=guess.had - {name}) for name in names]
    seen = yield [*alone, *dropped]
    failed = {n: _lost(plain, one) for n, one in zip((*others, *names), seen, strict=True)}
    needed = reasons(failed)
    failing: list[Mechanism] = [one for one in others if one in needed]
    left = dict(guess.left)
    left.update((one, needed[one]) for one in failing)
    works = tried.without(failing)
    own = {name for name in names if name in needed} | guess.suggested.keys()
    larger = works.replaced(capabilities=guess.had)
    return Found(works.replaced(capabilities=frozenset(own)), larger, needed, left)


def _lost(plain: Life, seen: Life) -> Failure:
    return differences(plain, seen) if seen else (_UNSEEN,)


def reasons(lost: Mapping[str, Failure]) -> dict[str, str]:
    """Return what fails without each thing, as clauses, where something does."""
    return {name: _reason(name, one[0]) for name, one in lost.items() if one}


def _reason(name: str, first: Difference) -> str:
    """Return why a thing is needed: by the line of the log that is about it, where one is."""
    line = next((one for one in first.words if tells(one, name)), "")
    is_end = first.signal in ("end", "exit code", "restarts")
    return f"{first.text.partition(': ')[0]}: {line[:300]}" if line and is_end else first.text


def searched(
    trials: Trials,
    searches: dict[str, Search],
    plain: Mapping[str, Life],
    budget: Budget,
    beside: int = _BESIDE,
) -> dict[str, Found | None]:
    """Run the searches of all services to their ends, in common starts.

    A service is ``None`` if the starts do not suffice.

    Args:
        trials: starts the project.
        searches: the searches, by service.
        plain: what was seen of each service as it is.
        budget: the starts that are left.
        beside: the most copies of a service in one start.

    """
    found = dict[str, Found | None].fromkeys(searches)
    wanted = {name: _first(one, found, name) for name, one in searches.items()}
    while wanted := {name: one for name, one in wanted.items() if one}:
        seen = _seen(trials, wanted, plain, budget, beside)
        if seen is None:
            return found
        for name, lives in seen.items():
            try:
                wanted[name] = [*searches[name].send(lives)]
            except StopIteration as done:
                found[name] = done.value
                wanted[name] = []
    return found


def _first(one: Search, found: dict[str, Found | None], name: str) -> list[Hardening]:
    try:
        return [*next(one)]
    except StopIteration as done:
        found[name] = done.value
        return []


def _seen(
    trials: Trials,
    wanted: Mapping[str, Sequence[Hardening]],
    plain: Mapping[str, Life],
    budget: Budget,
    beside: int,
) -> dict[str, list[Life]] | None:
    """Start what is wanted, in as many starts as it takes; nothing if too few are left.

    Where a control fails, what was seen beside it says nothing: it is tried with fewer, which
    takes more starts.
    """
    most = beside
    seen: dict[str, list[Life]] = {name: [] for name in wanted}
    while any(len(seen[name]) < len(all_) for name, all_ in wanted.items()):
        if not budget.take(kept=1):
            return None
        now = {
            name: all_[len(seen[name]) : len(seen[name]) + beside] for name, all_ in wanted.items()
        }
        lives = trials.start({name: [Hardening(), *one] for name, one in now.items()})
        controls = [name for name, one in lives.items() if differences(plain[name], one[0])]
        if controls and beside > 1:
            beside = max(1, max(map(len, now.values())) // 2)
        if beside < most:
            budget.forgive()
        for name, one in now.items():
            if name not in controls:
                seen[name] += lives[name][1:]
            elif beside == 1:
                seen[name] += [{}] * len(one)
    return seen


class Proved(Record):
    """The hardening of a service with which all worked together.

    ``taken_back`` has why a mechanism was taken back, and ``why`` why more was left to the
    service than its search had found.
    """

    hardening: Hardening
    taken_back: Mapping[str, str]
    why: str = ""


def retreat(found: Found, guess: Guess, folder: str = "/") -> Retreat:
    """Return to what works, step by step: single things, then mechanisms by halves."""
    failed = yield found.hardening
    why = f"{failed[0].phase}: {failed[0].text}" if failed else ""
    last = found.hardening
    for less in (found.hardening, found.larger):
        fuller = hinted(less, failed, guess.had, folder, guess.brings)
        if failed and fuller != last:
            last = fuller
            failed = yield fuller
    if not failed:
        return Proved(last, {}, why)
    suspects: Sequence[Mechanism] = last.mechanisms
    while suspects:
        half = suspects[: (len(suspects) + 1) // 2]
        failed = yield last.without(half)
        if failed:
            suspects = suspects[len(half) :]
        elif len(half) == 1:
            return Proved(last.without(half), {half[0]: why})
        else:
            suspects = half
    return Proved(Hardening(), dict.fromkeys(last.mechanisms, why))


def together(
    trials: Trials,
    retreats: dict[str, Retreat],
    plain: Mapping[str, Life],
    needs: Mapping[str, frozenset[str]],
    budget: Budget,
) -> dict[str, Proved | None]:
    """Start the project with all hardenings, until all services work.

    Each service runs on the data of the plain run, and once more beside it on fresh data.
    A service is ``None`` if the starts do not suffice: then it stays as it was.

    Args:
        trials: starts the project.
        retreats: the way back of each service, which yields what to try.
        plain: what was seen of each service as it is.
        needs: the services that each one waits for: their failure is not its own.
        budget: the starts that are left.

    """
    proved = dict[str, Proved | None].fromkeys(retreats)
    now = {name: next(one) for name, one in retreats.items()}
    is_again = False
    while now and budget.take():
        lives = trials.start({name: [one, one] for name, one in now.items()}, old_data=True)
        failed = _failed(now, lives, plain)
        if not is_again and failed and _is_late(failed):
            is_again = True  # no control runs here that would show a busy machine
            budget.forgive()
            continue
        causes = [n for n in failed if not needs.get(n, frozenset()) & failed.keys()] or [*failed]
        for name in causes:
            try:
                now[name] = retreats[name].send(failed[name])
            except StopIteration as done:
                proved[name] = done.value
                del failed[name], now[name]
        if not failed:
            return {name: proved[name] or _ended(one) for name, one in retreats.items()}
    return proved


def _failed(
    names: Iterable[str], lives: Mapping[str, Sequence[Life]], plain: Mapping[str, Life]
) -> dict[str, Failure]:
    every = {
        name: [d for one in lives[name] for d in differences(plain[name], one)] for name in names
    }
    return {name: own for name, own in every.items() if own}


def _is_late(failed: Mapping[str, Failure]) -> bool:
    return all(one.signal in _LATE for own in failed.values() for one in own)


def _ended(one: Retreat) -> Proved | None:
    try:
        one.send(())
    except StopIteration as done:
        proved: Proved = done.value
        return proved
    return None
