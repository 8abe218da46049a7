"""The time of the last change of each path, by a clock that counts changes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Changes:
    """The times of changes; ``clock`` counts changes of all kinds."""

    def __init__(self) -> None:
        self.clock = 0
        self._epoch = 0
        self._times: dict[str, int] = {}

    def note(self, path: str | None) -> None:
        """Note a change, at a path if it has one."""
        now = self.clock + 1
        if path is not None:
            self._times.pop(path, None)  # so that the last one is the newest
            self._times[path] = now
        self.clock = now  # last, for others look for changes when it ticks

    def forget(self) -> None:
        """Outdate all judgements before."""
        self._epoch = self.clock + 1
        self._times.clear()
        self.clock = self._epoch

    def is_outdated(self, dependencies: Iterable[str], since: int) -> bool:
        """Return whether any of the paths has changed since some time."""
        if since < self._epoch:
            return True
        return any(self._times.get(path, 0) > since for path in dependencies)

    def since(self, clock: int) -> Iterator[str]:
        """Yield the paths that have changed since some time, the last one first."""
        for path, time in reversed(self._times.items()):
            if time <= clock:
                return
            yield path

    def copied(self) -> Changes:
        """Return a copy of the changes until now."""
        made = Changes()
        made.clock, made._epoch = self.clock, self._epoch
        made._times = dict(self._times)
        return made
