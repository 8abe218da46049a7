"""Docker rejects a limit.

The Docker Engine compares limits with one another before it creates a container. A memory
limit must be at least 6 MB and not below the memory reservation; `-1` is an error. The
processor limit is either `cpus`, or `cpu_quota` and `cpu_period`, not both.
`memswap_limit` is the sum of memory and swap, so it needs a memory limit. The soft value of
a ulimit must not exceed the hard one. `mem_swappiness` is a percentage. The kernel accepts
at most 4,194,304 processes, no processor limit below `0.01`, no period outside of 1 ms to
1 s, and no quota below 1 ms.

An engine on a kernel without the memory controller ignores memory limits. On any other
engine, the service does not start, and people often remove the limit instead of correcting
it.

## How to fix

Use a limit that the engine accepts: `mem_limit: 64m`, with a reservation below it,
and only `cpus: 0.5`. To set no limit, leave out the key.
"""

from tightship.rules import Bad, Callable, Container, Finding, Findings, Good, Mapping, MappingValue, Related, ScalarValue, Severity, Verified, by_default, limit_number, rule  # fmt: skip

_DEPLOY = ("deploy", "resources")
_MEMORY = (("mem_limit",), (*_DEPLOY, "limits", "memory"))
_RESERVATION = (("mem_reservation",), (*_DEPLOY, "reservations", "memory"))
_CPUS = (("cpus",), (*_DEPLOY, "limits", "cpus"))
_PROCESSES = (("pids_limit",), (*_DEPLOY, "limits", "pids"))
# PID_MAX_LIMIT of Linux on 64 bits.
_MOST_PROCESSES = 4_194_304
# linuxMinMemory of moby; Podman has none.
_LEAST_MEMORY = 6 * 1024**2
# The names that runc has a number for (runc 1.1, libcontainer/specconv).
_ULIMITS = frozenset((
    "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice",
    "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
))  # fmt: skip

_LEAST_PERIOD, _MOST_PERIOD = 1_000, 1_000_000  # in microseconds
_LEAST_CPUS = 0.01
# Which values the engine takes, whether they are sizes, and what to write else.
_RANGES: Mapping[str, tuple[Callable[[float], bool], bool, str]] = {
    "cpu_shares": (lambda v: v >= 0, False, "write 2 or more"),
    "cpu_period": (
        lambda v: v == 0 or _LEAST_PERIOD <= v <= _MOST_PERIOD,
        *(False, "write 1000 to 1000000 microseconds"),
    ),
    "cpu_quota": (
        lambda v: v <= 0 or v >= _LEAST_PERIOD,
        *(False, "write 1000 microseconds or more"),
    ),
    "shm_size": (lambda v: v >= 0, True, "write a size such as `64m`"),
}


@rule(
    on=Container,
    keys=(
        *("deploy", "mem_limit", "memswap_limit", "cpus", "ulimits", "mem_reservation"),
        *("mem_swappiness", "cpu_shares", "cpu_period", "cpu_quota", "shm_size"),
        "pids_limit",
    ),
    severity="error",
    references=(
        "Docker Engine 26.1.5 and Compose 2.26.1, seen to reject these",
        "moby 26.1.5, daemon/daemon_unix.go, verifyPlatformContainerResources",
        "Linux, getrlimit(2); kernel/sched/core.c, min_cfs_quota_period",
        "Linux, kernel/cgroup/pids.c",
    ),
    severity_note="warning for `mem_swappiness`, which engines on cgroup v2 ignore",
    advice="use a limit that the engine accepts: a hard limit is not below a soft one or a reservation",
    checked=Verified("""
      - $ docker run --rm --memory 4m busybox echo started
      - docker: Error response from daemon: Minimum memory limit allowed is 6MB.
      + $ docker run --rm --memory 64m busybox echo started
      + started
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                mem_limit: «4m»
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                mem_limit: «32m»
                mem_reservation: 64m
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                cpus: «0.5»
                cpu_quota: 50000
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                ulimits:
                  nofile: {soft: «4096», hard: 1024}
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                mem_swappiness: «200»
        """).at("warning", "It is a percentage."),
        Good("""
            services:
              web:
                image: nginx:1.29
                mem_limit: 64m
                mem_reservation: 32m
                memswap_limit: -1
                cpu_quota: 50000
                cpu_period: 100000
                ulimits: {nofile: {soft: 1024, hard: -1}}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                cpus: 64
        """).because("The host may have as many processors."),
    ),
)
def invalid_limit(container: Container) -> Findings:
    """Point at the limit that is rejected."""
    yield from _memory(container)
    yield from _processors(container)
    yield from _processes(container)
    yield from _ulimits(container)
    yield from _ranges(container)


def _ranges(container: Container) -> Findings:
    leaf, value = _first(container, (("mem_swappiness",),), size=True)
    if leaf is not None and not -1 <= value <= 100:
        yield Finding(
            leaf.span,
            f"`mem_swappiness` of {container.title} is `{leaf.text}`: an engine"
            " rejects it on cgroup v1, and ignores it on v2; write 0 to 100"
            f"{by_default(leaf.provenance)}",
            severity=Severity.WARNING,
        )
    for key, (is_taken, size, remedy) in _RANGES.items():
        leaf, value = _first(container, ((key,),), size=size)
        if leaf is not None and not is_taken(value):
            what = f"`{key}` has the value `{leaf.text}`; {remedy}"
            yield _rejected(container, leaf, what)


def _memory(container: Container) -> Findings:
    limit, known = _first(container, _MEMORY, size=True)
    reservation, reserved = _first(container, _RESERVATION, size=True)
    swap, swapped = _first(container, (("memswap_limit",),), size=True)
    has_least = container.settings.engine == "Docker"
    if has_least and limit is not None and known and known < _LEAST_MEMORY:
        remedy = "remove it to set no limit" if known < 0 else "write a higher one, such as `64m`"
        what = f"a memory limit of `{limit.text}` is below 6 MB; {remedy}"
        yield _rejected(container, limit, what)
    elif limit is not None and reservation is not None and 0 < known < reserved:
        yield _rejected(
            container,
            limit,
            f"the memory limit `{limit.text}` is below the reservation"
            f" `{reservation.text}`; write a limit that is not below it",
            reservation,
        )
    if has_least and reservation is not None and 0 < reserved < _LEAST_MEMORY:
        what = f"a memory reservation of `{reservation.text}` is below 6 MB"
        yield _rejected(container, reservation, f"{what}; write a higher one")
    absent = not any(container.value(*p) or container.may_have(p[0]) for p in _MEMORY)
    if swap is not None and swapped > 0 and absent:
        what = "`memswap_limit` needs a memory limit; write `mem_limit` as well"
        yield _rejected(container, swap, what)


def _processors(container: Container) -> Findings:
    cpus, share = _first(container, _CPUS)
    if cpus is None or not share:
        return
    if share < 0:
        what = f"`{cpus.text}` processors is not a limit; remove it to set no limit"
        yield _rejected(container, cpus, what)
        return
    if share < _LEAST_CPUS:
        what = f"`{cpus.text}` processors is below {_LEAST_CPUS}; write a higher limit"
        yield _rejected(container, cpus, what)
        return
    for key in ("cpu_quota", "cpu_period"):
        other, value = _first(container, ((key,),))
        if other is not None and value > 0:
            what = f"`cpus` and `{key}` exclude one another; remove one of them"
            yield _rejected(container, cpus, what, other)
            return


def _processes(container: Container) -> Findings:
    limit, most = _first(container, _PROCESSES)
    if limit is not None and most > _MOST_PROCESSES:
        what = f"a process limit of `{limit.text}` is above {_MOST_PROCESSES}"
        yield _rejected(container, limit, f"{what}; write a lower one")


def _ulimits(container: Container) -> Findings:
    table = container.value("ulimits")
    for name, entry in table.entries.items() if isinstance(table, MappingValue) else ():
        if name not in _ULIMITS:
            yield Finding(
                entry.key.span,
                f"{container.title} will not start: Linux has no ulimit"
                f" `{name}`; correct its name, or remove it",
            )
            continue
        soft, lower = _first(container, (("ulimits", name, "soft"),))
        hard, upper = _first(container, (("ulimits", name, "hard"),))
        if soft is not None and hard is not None and 0 <= upper < lower:
            what = f"the soft limit of `{name}` is above the hard one"
            remedy = f"write at most `{hard.text}`"
            yield _rejected(container, soft, f"{what}; {remedy}", hard)


def _first(
    container: Container, keys: tuple[tuple[str, ...], ...], *, size: bool = False
) -> tuple[ScalarValue | None, float]:
    """Return the first value that one of several keys has, and its number.

    There is none, and 0, where it is not decided or no number.
    """
    for path in keys:
        leaf = container.value(*path)
        if isinstance(leaf, ScalarValue):
            known = limit_number(leaf.content or "", size=size) if leaf.decided else None
            return (None, 0) if known is None else (leaf, known)
    return None, 0


def _rejected(
    container: Container, leaf: ScalarValue, what: str, other: ScalarValue | None = None
) -> Finding:
    return Finding(
        leaf.span,
        f"{container.title} will not start: {what}{by_default(leaf.provenance)}",
        because=(Related(other.span, "the other one"),) if other is not None else (),
    )
