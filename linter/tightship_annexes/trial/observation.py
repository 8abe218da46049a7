"""What shows whether a container works, and what it used.

Only what stays the same in each plain run counts: users and programs but no process
numbers, first lines of ports without numbers, and of a log the lines about permissions.
"""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship.report.redaction import without_secrets
from tightship.values.capability import ALL_CAPABILITIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from typing import Any

    from tightship_annexes.trial.engine import Engine

_SECONDS = 20.0
_LINES, _LONGEST_LINE = 400, 4_000
_WORDS = 12  # lines that are kept as the end of a log
KILLED = 128 + 9
"""The exit code of a container that had to be killed."""

_REFUSED = regex(
    r"permission denied|not permitted|read-only file ?system|permission ?error|\beacces\b"
    r"|\beperm\b|\berofs\b|can(no|')t (set|switch|change) |access denied|authentication token"
    r"|failed to map segment|cannot allocate memory|resource temporarily unavailable"
    r"|no space left on device|\benospc\b"
)
_COLOR = regex(r"\x1b\[[0-9;?]*[A-Za-z]")
_CHANGING = regex(r"\b(?=\w*\d)[0-9a-fA-F]{8,}\b|\d+")
# A socket that listens, unless at 127.0.0.0/8, in the byte order of the machine.
_SOCKET = regex(r"\s*\d+: (?![0-9A-F]{6}7F:)[0-9A-F]+:([0-9A-F]{4}) [0-9A-F:]+ 0A ")
_BOUNDING = regex(r"CapBnd:\s*([0-9a-f]+)")
_SIZE = regex(r"([\d.]+)([kKMGT]?)i?B")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_MEMORY = ("/sys/fs/cgroup/memory.peak", "/sys/fs/cgroup/memory/memory.max_usage_in_bytes")
_PROCESSES = ("/sys/fs/cgroup/pids.current", "/sys/fs/cgroup/pids/pids.current")


class Observation(Record):
    """One look at a container.

    ``processes`` are pairs of a user's number and a program. ``answers`` has what each TCP
    port said, and ``refusals`` the lines of the log about permissions, without numbers.
    ``failed_probes`` are the user's probes that failed, and ``words`` the last lines of the
    log. ``seconds`` is the time to settle, or to stop, and ``waited`` that for which it was
    watched. ``refused`` is why the engine did not start it. Refusals to write the ``optional``
    paths are no loss, as facts about the image say.
    """

    running: bool
    exit_code: int = 0
    out_of_memory: bool = False
    restarts: int = 0
    health: str = ""
    processes: frozenset[tuple[int, str]] = frozenset()
    answers: Mapping[int, str] = {}
    refusals: frozenset[str] = frozenset()
    failed_probes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    seconds: float = 0.0
    refused: str = ""
    optional: frozenset[str] = frozenset()
    waited: float = 0.0

    @property
    def last_words(self) -> str:
        """Return the end of the log."""
        return " | ".join(self.words[-3:])[-400:]

    def cause(self, known: Container[str]) -> str:
        """Return the line of the log that is likely to say why it failed; it may be empty.

        Args:
            known: lines of the plain run, as :func:`unchanging` returns them.

        """
        new = [line for line in self.words if unchanging(line) not in known] or [*self.words]
        refused = [line for line in new if _REFUSED.search(line.lower())]
        return (refused or new or [""])[-1][:300]

    @property
    def state(self) -> tuple[object, ...]:
        """Return what has to stay the same until a container has settled."""
        return (
            *(self.running, self.exit_code, self.restarts, self.health),
            *(self.processes, tuple(sorted(self.answers.items()))),
            *(self.refusals, self.failed_probes),
        )


class Usage(Record):
    """What a container used: the most memory in bytes, and processes; unknown without them."""

    memory: int | None
    processes: int | None


def inspected(engine: Engine, containers: Iterable[str]) -> dict[str, Any]:
    """Return what the engine knows of containers, by their ids; one that is gone is absent."""
    import json

    ids = [*containers]
    done = engine.docker("inspect", "--type", "container", "--format", "{{json .}}", *ids)
    found = [json.loads(line) for line in done.out.splitlines() if line.startswith("{")]
    return {one["Id"]: one for one in found}


def look(
    engine: Engine, about: Mapping[str, Any], answers: Mapping[int, str], *, has_log: bool = True
) -> Observation:
    """Return an observation of a container.

    Args:
        engine: has the container.
        about: what the engine knows of it.
        answers: what its ports said.
        has_log: whether the log of one that runs is read.

    """
    state: Mapping[str, Any] = about["State"]
    container, health = about["Id"], state.get("Health")
    running = bool(state["Running"]) and not state.get("Restarting")
    lines = log(engine, container) if has_log or not running else []
    return Observation(
        running,
        0 if running else int(state["ExitCode"]),
        bool(state.get("OOMKilled")),
        int(about.get("RestartCount") or 0),
        health["Status"] if health else "",
        processes(engine, container, int(state["Pid"])) if running else frozenset(),
        answers,
        frozenset(filter(None, map(_refusal, lines))),
        words=tuple(map(_shown, lines[-_WORDS:])),
    )


def log(engine: Engine, container: str) -> list[str]:
    """Return the last lines of a container's log that are not empty, without colours."""
    done = engine.docker("logs", "--tail", str(_LINES), container, timeout=_SECONDS)
    text = _COLOR.sub("", f"{done.out}\n{done.err}")
    return [line.strip() for line in text.splitlines() if line.strip()]


def kinds_of_lines(engine: Engine, container: str) -> frozenset[str]:
    """Return the lines of a log without what changes, so that what is repeated is one."""
    return frozenset(_CHANGING.sub("", line)[:300] for line in log(engine, container))


def _refusal(line: str) -> str:
    """Return a line about permissions without what changes, or nothing for others."""
    return unchanging(_shown(line)) if _REFUSED.search(line.lower()) else ""


def unchanging(line: str) -> str:
    """Return a line without the numbers that differ in each run."""
    return _CHANGING.sub("", line)[:300].strip()


def _shown(line: str) -> str:
    """Return a line without what looks like a secret, before it is clipped."""
    return without_secrets(line[:_LONGEST_LINE])[: _LONGEST_LINE - 400]


def processes(
    engine: Engine, container: str, first: int, user: str = "uid"
) -> frozenset[tuple[int, str]]:
    """Return the users and programs of a container, without those that a health check runs.

    The parent of these is no process of the container, nor the one that started it. A ``user``
    of `suid` is whom a process can become again.
    """
    done = engine.docker("top", container, "-eo", f"pid,ppid,{user},comm", timeout=_SECONDS)
    rows = [line.split(None, 3) for line in done.out.splitlines()[1:]]
    rows = [row for row in rows if len(row) == 4 and all(one.isdecimal() for one in row[:3])]
    parents = {int(row[0]): int(row[1]) for row in rows}
    if first not in parents:
        first = 1  # Podman numbers them as in the container

    def is_own(process: int) -> bool:
        for _ in parents:
            if process == first or process not in parents:
                break
            process = parents[process]
        return process == first

    return frozenset((int(row[2]), row[3].strip()) for row in rows if is_own(int(row[0])))


def bounding_set(engine: Engine, container: str) -> list[str]:
    """Return the capabilities that processes of a container can have, where `cat` shows them."""
    done = engine.docker("exec", container, "cat", "/proc/1/status", timeout=_SECONDS)
    found = _BOUNDING.search(done.out)
    held = int(found[1], 16) if found else 0
    return [name for bit, name in enumerate(ALL_CAPABILITIES) if held >> bit & 1]


def listening(engine: Engine, container: str) -> set[int]:
    """Return the TCP ports on which a container listens for others, where that can be seen."""
    files = ("/proc/net/tcp", "/proc/net/tcp6")
    done = engine.docker("exec", container, "cat", *files, timeout=_SECONDS)
    return {int(one[1], 16) for line in done.out.splitlines() if (one := _SOCKET.match(line))}


def usage(engine: Engine, container: str) -> Usage:
    """Return what a container used; where its groups cannot be read in it, what it uses now."""
    memory, count = _counted(engine, container, _MEMORY), _counted(engine, container, _PROCESSES)
    if memory is not None and count is not None:
        return Usage(memory, count - 1)  # without the program that reads it
    return _used_now(engine, container)


def _counted(engine: Engine, container: str, files: Sequence[str]) -> int | None:
    """Return the largest number that files of a container have."""
    words = engine.docker("exec", container, "cat", *files, timeout=_SECONDS).out.split()
    return max((int(one) for one in words if one.isdecimal()), default=None)


def _used_now(engine: Engine, container: str) -> Usage:
    import json

    form = ("--no-stream", "--format", "{{json .}}")
    done = engine.docker("stats", *form, container, timeout=_SECONDS)
    now: Mapping[str, str] = json.loads(done.out) if done.out.startswith("{") else {}
    count = now.get("PIDs", "")
    memory = _bytes(now.get("MemUsage", "").partition("/")[0])
    return Usage(memory or None, int(count) if count.isdecimal() else None)


def traffic(engine: Engine, containers: Iterable[str]) -> dict[str, int]:
    """Return how many bytes containers got and sent, about."""
    form = ("--no-stream", "--no-trunc", "--format", "{{.ID}} {{.NetIO}}")
    lines = engine.docker("stats", *form, *containers, timeout=_SECONDS).out.splitlines()
    words = (line.split() for line in lines)
    return {one: sum(_bytes(word) or 0 for word in rest) for one, *rest in words}


def _bytes(text: str) -> int | None:
    found = _SIZE.fullmatch(text.strip())
    return int(float(found[1]) * _UNITS[found[2].lower()]) if found else None


def changed_paths(engine: Engine, about: Mapping[str, Any]) -> dict[str, str]:
    """Return the paths that a container changed (`C`), added (`A`) or deleted (`D`).

    Those below mounts, and the mounts themselves, are left out.
    """
    own = ("/dev", "/proc", "/sys", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf")
    mounts = [*own, *(mount["Destination"] for mount in about.get("Mounts") or ())]
    mounts += [*(about["HostConfig"].get("Tmpfs") or ())]
    found = dict[str, str]()
    for line in engine.docker("diff", about["Id"], timeout=_SECONDS).out.splitlines():
        how, _, path = line.partition(" ")
        if not any(path == one or path.startswith(f"{one}/") for one in mounts):
            found[path] = how
    # A folder above a mount is made or touched for it.
    for path in sorted(found, key=len, reverse=True):
        inner = any(one.startswith(f"{path}/") for one in mounts)
        if inner and not any(one.startswith(f"{path}/") for one in found):
            del found[path]
    return found


def written_folders(changed: Mapping[str, str]) -> list[str]:
    """Return the folders of the image in which something changed, sorted."""
    folders = set[str]()
    for path, how in changed.items():
        parent = path.rpartition("/")[0] or "/"
        inner = any(other.startswith(f"{path}/") for other in changed)
        if changed.get(parent) != "A" if how == "A" else not inner:
            folders.add(parent)
    return sorted(folders)


def ports_of(about: Mapping[str, Any], protocol: str = "tcp") -> list[int]:
    """Return the ports of a protocol that the image and the project say are open."""
    exposed: Mapping[str, object] = about["Config"].get("ExposedPorts") or {}
    pairs = (one.partition("/") for one in exposed)
    return sorted(int(port) for port, _, name in pairs if name == protocol)
