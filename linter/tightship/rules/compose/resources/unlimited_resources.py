"""The container may use up the memory, processors or processes of the host.

A control group limits what a container takes only where the file says so: Docker's
default is no limit of memory, of processor time, or of the number of processes
(moby 26.1.5, daemon/daemon_unix.go; `0` and `-1` mean no limit as well). A memory leak
or a fork bomb, or one request that makes the service allocate without end, then stops
every other container and the host with it.

Without a memory limit it is also the kernel that chooses what to kill when memory runs
out, and it may choose a neighbour. With one, the container that took too much is
killed.

## How to fix

Set `mem_limit`, `cpus` and `pids_limit`, or `memory`, `cpus` and `pids` below
`deploy.resources.limits`, to somewhat more than the service needs at its busiest;
`docker stats` shows what it takes now. Use one of the two places: Compose refuses a
`mem_limit` beside `deploy.resources.limits` that do not hold the same limit.
"""

from __future__ import annotations

from tightship.isolation.container import Container
from tightship.rules.kit import (
    Applicability,
    Bad,
    Finding,
    Findings,
    Fix,
    Good,
    Related,
    Seen,
    Severity,
    by_default,
    rule,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.limits import Limit, Limits
    from tightship.text import Edit

_LIMITS = {"memory": "512m", "CPU": "1", "processes": "200"}


@rule(
    on=Container,
    severity=Severity.WARNING,
    fix=Applicability.UNSAFE,
    cis=("5.11", "5.12", "5.29"),
    owasp=("R7",),
    cwe=(770,),
    references=(
        "Compose Specification, services, mem_limit, cpus and pids_limit",
        "Compose Deploy Specification, resources",
        "moby 26.1.5, daemon/daemon_unix.go",
    ),
    aliases=("CL-0026", "kics:bb9ac4f7", "kics:6b610c50", "kics:221e0658"),
    checked=Seen(
        """
        $ docker run --rm busybox sh -c 'for i in $(seq 100); do sleep 1 & done; wait; echo all started'
        all started
        """,
        """
        $ docker run --rm --pids-limit 50 busybox sh -c 'for i in $(seq 100); do sleep 1 & done; wait; echo all started'
        sh: can't fork: Resource temporarily unavailable
        """,
    ),
    examples=(
        Bad(
            """
            services:
              «web»:
                image: nginx:1.29
            """,
            fixed="""
            services:
              web:
                image: nginx:1.29
                mem_limit: 512m
                cpus: 1
                pids_limit: 200
            """,
        ),
        Bad(
            """
            services:
              «web»:
                image: nginx:1.29
                deploy:
                  resources:
                    limits:
                      memory: 256M
            """,
            why="What is missing belongs beside the limit that is there.",
            fixed="""
            services:
              web:
                image: nginx:1.29
                deploy:
                  resources:
                    limits:
                      memory: 256M
                      cpus: "1"
                      pids: 200
            """,
        ),
        Bad(
            """
            services:
              web:
                image: nginx:1.29
                mem_limit: 256m
                cpus: 0.5
                pids_limit: «-1»
            """,
            why="Written out, it is still no limit; the rule points at the value.",
            fixed="""
            services:
              web:
                image: nginx:1.29
                mem_limit: 256m
                cpus: 0.5
                pids_limit: 200
            """,
        ),
        Bad(
            """
            services:
              web: {image: nginx, cpus: 1, pids_limit: 99, mem_limit: «"${MEM:-0}"»}
            """,
            fixed="""
            services:
              web: {image: nginx, cpus: 1, pids_limit: 99, mem_limit: "512m"}
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
                mem_limit: 256m
                cpus: 0.5
                pids_limit: 100
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
                cpuset: "0,1"
                deploy:
                  resources:
                    limits: {memory: 256M, pids: 100}
            """,
            why="A container that is pinned to some processors leaves the others alone.",
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
                mem_limit: ${MEMORY}
                cpus: ${CPUS}
                pids_limit: ${PIDS}
            """,
            why="Only a run can tell, so the rule says nothing.",
        ),
    ),
)
def unlimited_resources(container: Container) -> Findings:
    """Name what has no limit, all in one, for one remedy sets all."""
    limits = container.limits
    missing = [
        limit
        for limit in (limits.memory, limits.cpu, limits.processes)
        if limit.setting.surely_absent
    ]
    if not missing:
        return
    written = [limit.setting for limit in missing if limit.setting.is_set]
    *others, last = (limit.name for limit in missing)
    names = f"{', '.join(others)} and {last}" if others else last
    because = tuple(Related(setting.span, "this sets no limit") for setting in written)
    at = written[0] if len(written) == len(missing) else None
    yield Finding(
        at.span if at else container.span,
        f"nothing limits the {names} of service `{container.name}`"
        + by_default(at.provenance if at else ()),
        fix=lambda: Fix.unsafe(
            f"Limit the {names}",
            _edits(limits, missing),
            may_break="a service that needs more than that",
        ),
        because=because[1:] if at else because,
    )


def _edits(limits: Limits, missing: list[Limit]) -> tuple[Edit, ...]:
    found = dict[str, str]()
    for limit in missing:
        value = limits.at_least(limit.name, _LIMITS[limit.name])
        if value is None:
            return ()
        found[limit.name] = value
    return limits.put(found)
