"""The limits of a container on memory, processors, processes and open files."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.model.setting import Setting, setting_of
from tightship.model.value import ScalarValue
from tightship.values.quantity import parse_bytes

if TYPE_CHECKING:
    from tightship.model.container_settings import ContainerSettings
    from tightship.syntax.yaml.layout import Plain
    from tightship.text import Edit

_DEPLOY = ("deploy", "resources", "limits")
# The keys of each limit: the service's own, of which the first is the one to write, and
# that below ``deploy``.
_KEYS = {
    "memory": (("mem_limit",), "memory"),
    "CPU": (("cpus", "cpu_quota"), "cpus"),
    "processes": (("pids_limit",), "pids"),
}
_NEGATIVE = regex(r"-[0-9]+(?:\.[0-9]+)?")


class Limit(Record, frozen=False):
    """A control group limit: its name, and its value.

    ``setting`` is absent where there is no limit, be it that the files have none, or a
    value that sets none (``0``, ``-1``), whose span it then has.
    """

    name: str
    setting: Setting[float]


class Limits(Record):
    """The limits of a container's control group, and of its processes."""

    _service: ContainerSettings

    @property
    def memory(self) -> Limit:
        """Return the memory limit in bytes."""
        return self._limit("memory")

    @property
    def cpu(self) -> Limit:
        """Return the limit of processor time, in processors or in microseconds.

        A ``cpuset`` limits it as well. ``cpu_shares`` does not, as it only weighs
        containers against one another, and ``cpu_count`` and ``cpu_percent`` are for
        Windows (moby 26.1.5, daemon/daemon_unix.go).
        """
        pinned = self._service.text("cpuset")
        found = self._limit("CPU")
        if pinned.is_set and pinned.value != "":
            some = 1.0 if pinned.decided else None
            found.setting = Setting(pinned.span, some, decided=pinned.decided, source=pinned.source)
        return found

    @property
    def processes(self) -> Limit:
        """Return the limit of processes and threads.

        ``ulimits.nproc`` is no such limit: it counts all processes of a user ID on
        the host, over all containers.
        """
        return self._limit("processes")

    @property
    def open_files(self) -> Setting[float]:
        """Return how many files a process may open at most, if anything limits it.

        That is the hard limit, to which a process may raise its own soft one.
        """
        path = ("ulimits", "nofile")
        found = self._bounded(*path, "hard")
        return found if found.is_set else self._bounded(*path)

    def at_least(self, name: str, value: str) -> str | None:
        """Return a limit that is not below the reservation, nor above all swap.

        The daemon rejects such limits (moby 26.1.5, daemon/daemon_unix.go). There is
        none where only a run decides the reservation.
        """
        keys = {"memory": "memory", "CPU": "cpus"}.get(name)
        paths: list[tuple[str, ...]] = []
        if keys is not None:
            paths.append((*_DEPLOY[:-1], "reservations", keys))
        if name == "memory":
            paths += (("mem_reservation",), ("memswap_limit",))
        for path in paths:
            leaf, size = self._service.value(*path), name == "memory"
            if not isinstance(leaf, ScalarValue):
                continue
            reserved = number(leaf.content or "", size=size)
            if not leaf.decided or reserved is None:
                return None
            lowest = number(value, size=size) or 0
            less = 0 < reserved < lowest if path[0] == "memswap_limit" else reserved > lowest
            value = leaf.text if less else value
        return value

    def put(self, values: dict[str, str]) -> tuple[Edit, ...]:
        """Return the edits that set limits by name, where the file allows all of them.

        They go to ``deploy.resources.limits`` if the service has that: Compose rejects
        a limit next to it that it does not hold as well (verified with docker-compose
        2.26.1).
        """
        service = self._service
        if "CPU" in values and service.value("cpu_period") is not None:
            return ()  # the daemon rejects both (moby 26.1.5, daemon/daemon_unix.go)
        own: dict[str, Plain] = {}
        below: dict[str, Plain] = {}
        deployed = service.value(*_DEPLOY) is not None
        for limit in (self.memory, self.cpu, self.processes):
            value = values.get(limit.name)
            if value is None:
                continue
            (key, *_), key_below = _KEYS[limit.name]
            written = service.value(key), service.value(*_DEPLOY, key_below)
            if limit.setting.source is not None and limit.setting.source not in written:
                return ()  # another key sets it, and would win over these
            if deployed:
                from tightship.syntax.yaml.layout import Text

                # Older releases take processors there as text only.
                below[key_below] = Text(value) if key_below == "cpus" else value
            if not deployed or written[0] is not None:
                own[key] = value
        made = [service.editor.put(key, value) for key, value in own.items()]
        if below:
            made.append(service.editor.set_nested(_DEPLOY, below))
        return tuple(edit for edits in made for edit in edits) if all(made) else ()

    def _limit(self, name: str) -> Limit:
        """Return the first limit that one of several keys sets."""
        keys, below = _KEYS[name]
        found = [*map(self._bounded, keys), self._bounded(*_DEPLOY, below)]
        written = [one for one in found if one.is_set]
        for one in written:
            if not one.surely_absent:
                return Limit(name, one)
        if written:
            return Limit(name, written[0])
        # One key may be set in a file that is not checked here.
        return Limit(name, next((o for o in found if not o.surely_absent), found[0]))

    def _bounded(self, *path: str) -> Setting[float]:
        """Return a number, or a size in bytes; one that is not above 0 is no limit.

        Such a value is decided: a service wins over its base.
        """
        leaf = self._service.value(*path)
        if not isinstance(leaf, ScalarValue):
            return self._service.absent(path[0])
        known = number(leaf.content or "", size=path[-1] in ("mem_limit", "memory"))
        limit = known if known is not None and known > 0 else None
        return setting_of(leaf, limit, decided=leaf.decided and known is not None)


def number(text: str, *, size: bool) -> float | None:
    """Return the number of a limit, or of the bytes of a size; ``-1`` is one too."""
    if size and not _NEGATIVE.fullmatch(text):
        return parse_bytes(text)
    try:
        return float(text)
    except ValueError:
        return None
