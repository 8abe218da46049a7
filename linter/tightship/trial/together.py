"""All hardenings of a project at once, on old data too; what fails is taken back."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.trial.agreement import differences
from tightship.trial.hardening import Hardening
from tightship.trial.hints import hinted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from typing import TypeAlias

    from tightship.trial.agreement import Difference, Life
    from tightship.trial.guess import Guess
    from tightship.trial.hardening import Mechanism
    from tightship.trial.search import Budget, Found, Trials

    # Yields a hardening of one service, and gets what differs with it.
    Retreat: TypeAlias = Generator[Hardening, Sequence[Difference], "Proved"]


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
        fuller = hinted(less, failed, guess.had, folder)
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
    while now and budget.take():
        lives = trials.start({name: [one, one] for name, one in now.items()}, old_data=True)
        failed = {
            name: own
            for name in now
            if (own := [d for life in lives[name] for d in differences(plain[name], life)])
        }
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


def _ended(one: Retreat) -> Proved | None:
    try:
        one.send(())
    except StopIteration as done:
        proved: Proved = done.value
        return proved
    return None
